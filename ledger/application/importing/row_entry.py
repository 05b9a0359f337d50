"""A row as an entry: what it says was served, with what is said of the whole file."""

from dataclasses import dataclass
from uuid import UUID

from ledger.application.importing.sessions import Session
from ledger.domain.activity import Activity
from ledger.domain.codes import Channel
from ledger.domain.evidence import Evidence
from ledger.domain.record import Service
from ledger.domain.sheets.row import Said
from ledger.domain.words import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class RowEntry:
    """An `Entry` that a row makes; what it leaves out is the activity's, or the file's."""

    said: Said
    session: Session
    volunteer: UUID
    evaluator: UUID
    channel: Channel
    evidence: Evidence
    reason_of_all: str | None

    @property
    def activity(self) -> UUID:
        """Where it was served."""
        return self.session.activity

    @property
    def recorder(self) -> None:
        """Whoever imports the file."""
        return

    @property
    def back_entry_reason(self) -> str | None:
        """Why it comes late: the row's own reason before that of the file."""
        return _text(self.said.back_entry_reason or self.reason_of_all)

    def service(self, activity: Activity) -> Service:
        """Return what was served, its texts in the form that is hashed."""
        said, held = self.said, activity.particulars
        return Service(
            start=self.session.start,
            end=self.session.end,
            break_minutes=said.break_minutes,
            place=held.place if said.place is None else canonical(said.place),
            division=held.division,
            service_objects=held.service_objects,
            post=_text(said.post),
            content=canonical(said.content.replace("\r\n", "\n")),
            evaluation_date=said.evaluated_on,
            punctuality=said.punctuality,
            attitude=said.attitude,
            skill=said.skill,
            evaluator=self.evaluator,
            evaluation_text=_text(said.evaluation_text),
        )

    def evidences(self) -> tuple[Evidence, ...]:
        """Return what it rests on: the file."""
        return (self.evidence,)


def _text(said: str | None) -> str | None:
    return None if said is None else canonical(said)

"""What a certificate rests on, gathered: credits, and the proved history of each record.

Which records there are is the account's word, and the account is a stream that is read and
proved as a whole. Views say only which open records are to be listed apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ledger.application.docket import Docket
from ledger.application.office import Office
from ledger.application.record_surroundings import last_entry
from ledger.application.states import (
    ACCOUNT,
    ACTIVITY,
    ORGANIZATION,
    RECORD,
    Read,
    fold,
)
from ledger.application.streams import account_stream
from ledger.certificates.vouching import Vouching
from ledger.domain.account import Account
from ledger.domain.account.events import AccountAbsorbed, AccountSeparated, Credit
from ledger.domain.certificate import Basis, Certificate, Line, OpenLine, Predecessor
from ledger.domain.civil_time import civil_date
from ledger.domain.codes import Channel
from ledger.domain.event import Erased
from ledger.domain.organization import Organization
from ledger.domain.record import Record, RecordResubmitted, RecordSubmitted
from ledger.domain.record.codes import Stage
from ledger.domain.refusal import Refused, refuse
from ledger.domain.volunteer.state import Volunteer
from ledger.projections.views import RECORDS
from ledger.store.view_query import Query

_OPEN = tuple(
    str(each) for each in (Stage.SUBMITTED, Stage.PUBLICIZED, Stage.RETURNED, Stage.HELD)
)
OPEN_MAX = 200
"""Open records that are listed apart; our own bound [P]."""
_READ_MAX = 1_000
_AT_ONCE = 100
"""Histories that are read at once: memory stays small, however many records there are."""


@dataclass(frozen=True, slots=True)
class Gathering:
    """Gathers what one certificate rests on, in a docket: the append depends on it."""

    office: Office
    vouching: Vouching
    docket: Docket

    def basis(
        self, state: Certificate, issuer: Organization, holder: Volunteer
    ) -> Basis | Refused:
        """Return the basis, every entry of which was found under a checkpoint.

        Raises:
            NotWitnessedYet, ProofError, MalformedError: As `Vouching.vouch`.
            StreamDamagedError: A history is not the log's.
        """
        account = self.docket.read(ACCOUNT, account_stream(holder.id))
        credited = [
            each
            for each in (() if account is None else account.credits)
            if state.covers(civil_date(each.start))
        ]
        succeeded = self._succeeded(credited, issuer)
        own = {issuer.id, *(each.organization for each in succeeded)}
        certified = [each for each in credited if each.organization in own]
        lines = self._lines([each.record for each in certified])
        if isinstance(lines, Refused):
            return lines
        used = {line.organization for line in lines}
        owners = (holder.id,) if account is None else account.owners
        open_lines = self._open_lines(state, owners, issuer) if state.with_open else ()
        if isinstance(open_lines, Refused):
            return open_lines
        return self._vouched(
            lines,
            open_lines,
            tuple(each for each in succeeded if each.organization in used),
            account,
        )

    def _vouched(
        self,
        lines: tuple[Line, ...],
        open_lines: tuple[OpenLine, ...],
        predecessors: tuple[Predecessor, ...],
        account: Account | None,
    ) -> Basis:
        seqs = [seq for line in lines for seq in line.entries]
        joined: list[int] = []
        if account is not None:
            events = self.office.states.events(ACCOUNT, account_stream(account.volunteer))
            seqs += [each.seq for each in events]
            joined = [
                each.seq
                for each in events
                if isinstance(each.event, AccountAbsorbed | AccountSeparated)
            ]
        vouched = self.vouching.vouch(seqs)
        return Basis(
            lines=lines,
            open_lines=open_lines,
            predecessors=predecessors,
            joined=tuple(joined),
            account=account,
            size=vouched.size,
            root=vouched.root.hex(),
        )

    def _succeeded(
        self, credited: Sequence[Credit], issuer: Organization
    ) -> tuple[Predecessor, ...]:
        """Return the other organizations among these that the issuer has succeeded."""
        others = dict.fromkeys(each.organization for each in credited)
        found = []
        for organization in others:
            if organization == issuer.id:
                continue
            other = self.docket.find(ORGANIZATION, organization)
            if other is not None and issuer.id in other.successors:
                found.append(Predecessor(organization=other.id, name=other.names[-1].name))
        return tuple(found)

    def _lines(self, records: Sequence[UUID]) -> tuple[Line, ...] | Refused:
        """Return the lines of records, whose histories are read again, many at once."""
        states = self.office.states
        states.prefetch((RECORD, each) for each in records)
        lines: list[Line] = []
        for start in range(0, len(records), _AT_ONCE):
            histories = states.many(RECORD, records[start : start + _AT_ONCE])
            for record, events in histories.items():
                line = self._line(record, events)
                if isinstance(line, Refused):
                    return line
                lines.append(line)
        return tuple(lines)

    def _line(self, record: UUID, events: Sequence[Read]) -> Line | Refused:
        known = self.docket.find(RECORD, record)
        read = fold(RECORD, events)
        state = read.state
        if state is None or known is None or not state.is_credited:
            return refuse("record_differs_from_account", None, record=str(record))
        if read.version != self.docket.version(RECORD, record):
            raise LookupError("a record has moved on")  # decided anew on fresh states
        content = state.service.content
        if isinstance(content, Erased):
            return refuse("volunteer_is_erased", "volunteer")
        name, place = self._activity(state)
        return Line(
            record=state.id,
            entries=tuple(each.seq for each in events),
            organization=state.organization,
            activity=state.activity,
            activity_name=name,
            start=state.service.start,
            end=state.service.end,
            minutes=state.service.minutes,
            content=content,
            place=state.service.place or place,
            channel=_channel(last_entry(events)),
            signals=state.signals,
        )

    def _activity(self, record: Record) -> tuple[str, str | None]:
        activity = self.docket.find(ACTIVITY, record.activity)
        if activity is None:
            raise LookupError("the activity of a record is there")
        return activity.particulars.name, activity.particulars.place

    def _open_lines(
        self, state: Certificate, owners: Sequence[UUID], issuer: Organization
    ) -> tuple[OpenLine, ...] | Refused:
        """Return what the issuer has of hers that is not confirmed; all of it, or a refusal."""
        query = Query(
            among={"volunteer": [str(each) for each in owners], "stage": _OPEN},
            order=("volunteer", "day", "record"),
            limit=_READ_MAX,
        )
        page = self.office.views.page(RECORDS, query).value
        rows = [row for row in page.rows if self._is_own(UUID(row["organization"]), issuer)]
        found = []
        for row in rows:
            record = self.office.states.get(RECORD, UUID(row["record"])).state
            if record is not None and state.covers(record.service.day):
                found.append(self._open_line(record))
        if page.after is not None or len(found) > OPEN_MAX:
            return refuse("certificate_has_too_many_open_lines", "from_day", max=OPEN_MAX)
        return tuple(found)

    def _open_line(self, record: Record) -> OpenLine:
        name, _ = self._activity(record)
        return OpenLine(
            record=record.id,
            activity_name=name,
            start=record.service.start,
            end=record.service.end,
            minutes=record.service.minutes,
            stage=str(record.stage),
        )

    def _is_own(self, organization: UUID, issuer: Organization) -> bool:
        """Return whether the issuer certifies what an organization recorded."""
        if organization == issuer.id:
            return True
        other = self.docket.find(ORGANIZATION, organization)
        return other is not None and issuer.id in other.successors


def _channel(entry: Read) -> Channel:
    if not isinstance(entry.event, RecordSubmitted | RecordResubmitted):
        raise TypeError("an entry of a record is wanted")
    return entry.event.channel

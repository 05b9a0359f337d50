"""Batches of rows: each decided on its own, those that are accepted appended as one act.

A row is a record whose id follows from activity, volunteer and start. Whoever brings it again,
in whichever file, meets the record that there is. The row is kept beside it, as it stood.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from operator import attrgetter
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.docket import Docket
from ledger.application.entering import Sent, enter_in
from ledger.application.importing.naming import activity_of, evaluator_of, volunteer_of
from ledger.application.importing.outcomes import Became, RowOutcome, placed
from ledger.application.importing.row_entry import RowEntry
from ledger.application.importing.rows import ReadRow
from ledger.application.importing.sessions import (
    Foreseen,
    Session,
    Sessions,
    SomeSessions,
    session_of,
)
from ledger.application.importing.tables import ROWS_MAX
from ledger.application.office import Office
from ledger.application.record_surroundings import Entered, RecordDesk
from ledger.application.states import RECORD, ROW
from ledger.application.streams import row_stream
from ledger.domain.codes import Carrier, Channel, EvidenceKind
from ledger.domain.evidence import Evidence
from ledger.domain.imports import RowKept
from ledger.domain.record import Record, Stage
from ledger.domain.refusal import Refused, refuse
from ledger.domain.sheets.row import Said

_UTTERED = attrgetter(*(each.name for each in fields(Said) if each.name != "record"))
"""Of the service itself: the id of a record says nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked for beside the file.

    ``activity`` is that of all rows; None where each names its own. ``back_entry_reason`` is
    for rows that have none of their own. ``evidence`` is what kind of evidence the file is.
    ``carrier`` is on what the rows were kept before, ``keyed_by`` who typed them into the file,
    None if it was whoever imports it.
    """

    activity: UUID | None = None
    back_entry_reason: str | None = None
    evidence: EvidenceKind = EvidenceKind.OTHER
    carrier: Carrier = Carrier.ELECTRONIC
    keyed_by: UUID | None = None
    is_dry_run: bool = False
    rows_max: int = ROWS_MAX


@dataclass(frozen=True, slots=True)
class Source:
    """Which file rows are from, by the stream of its import and its SHA-256."""

    import_id: UUID
    digest: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a row, and the session of whom that it stands for, if of anybody.

    ``is_by_sight`` says that it is refused for what stands in its cells, whatever is recorded.
    """

    outcome: RowOutcome
    volunteer: UUID | None = None
    session: Session | None = None
    is_by_sight: bool = False

    @property
    def rests_on_states(self) -> bool:
        """Whether it is refused for what was read of the ledger, which may be old."""
        return bool(self.outcome.reasons) and not self.is_by_sight


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of one file that are decided together.

    ``earlier`` are the sessions of the file so far, ``recorded`` those of the ledger.
    ``foreseen`` are those of the rows, by sheet and number, as far as they were worked out.
    """

    office: Office
    caller: Caller
    order: Order
    source: Source
    rows: Sequence[ReadRow]
    earlier: SomeSessions
    recorded: SomeSessions
    foreseen: Mapping[tuple[int, int], Foreseen]

    def decide(self, docket: Docket, entered: Entered) -> list[Decided]:
        """Return what becomes of each row; what is accepted is in the docket."""
        desk = RecordDesk(self.office, self.caller, docket, entered)
        own = Sessions()
        decided: list[Decided] = []
        for each in self.rows:
            one = self._one(desk, each, own)
            if one.volunteer is not None and one.session is not None:
                own.add(one.volunteer, one.session)
            decided.append(one)
        return decided

    def _one(self, desk: RecordDesk, read: ReadRow, own: Sessions) -> Decided:
        said = read.said
        if isinstance(said, Refused):
            return refused_row(read, said, is_by_sight=True)
        found = self._named(desk.docket, said)
        if isinstance(found, Refused):
            return refused_row(read, found)
        activity, volunteer = found
        session = self._session(read, said, activity, volunteer)
        exported = self._exported(desk.docket, said, volunteer, session)
        if isinstance(exported, Refused):
            return refused_row(read, exported)
        if exported is not None:
            # A voided one is nobody's session: what was served then may be another record.
            is_void = exported.stage is Stage.VOIDED
            outcome = RowOutcome(read.sheet, read.number, Became.DUPLICATE, exported.id)
            return Decided(outcome, volunteer, None if is_void else session)
        became = Became.DUPLICATE
        record = self._known(desk.docket, read, volunteer, session, own)
        if record is None:
            became = Became.ACCEPTED
            record = self._enter(desk, read, said, volunteer, session)
        if isinstance(record, Refused):
            return refused_row(read, record)
        outcome = RowOutcome(read.sheet, read.number, became, record)
        return Decided(outcome, volunteer, session)

    def _named(self, docket: Docket, said: Said) -> tuple[UUID, UUID] | Refused:
        """Return activity and volunteer of a row."""
        activity = activity_of(docket.find, self.office, said.activity, self.order.activity)
        if isinstance(activity, Refused):
            return activity
        volunteer = volunteer_of(docket.find, self.office, said)
        return volunteer if isinstance(volunteer, Refused) else (activity.id, volunteer)

    def _session(self, read: ReadRow, said: Said, activity: UUID, volunteer: UUID) -> Session:
        """Return the session of a row, which was worked out ahead if nothing has changed."""
        foreseen = self.foreseen.get((read.sheet, read.number))
        if foreseen is not None and foreseen.is_of(activity, volunteer):
            return foreseen.session
        return session_of(read, said, activity, volunteer)

    def _exported(
        self, docket: Docket, said: Said, volunteer: UUID, session: Session
    ) -> Record | Refused | None:
        """Return the record that a row of an export names; None where it is no such row."""
        state = None if said.record is None else docket.find(RECORD, said.record)
        own = (self.caller.organization, volunteer, session.activity)
        if state is None or (state.organization, state.volunteer, state.activity) != own:
            return None
        service = state.service
        if (service.start, service.end) == (session.start, session.end):
            return state
        return refuse("row_differs_from_record", "end", record=str(state.id))

    def _known(
        self, docket: Docket, read: ReadRow, volunteer: UUID, session: Session, own: Sessions
    ) -> UUID | Refused | None:
        """Return the record that a row is already; or why it cannot be another one."""
        state = docket.find(RECORD, session.record)
        if state is not None:
            return self._same(docket, read, state, session)
        for sessions in (own, self.earlier):
            for each in sessions.overlapping(volunteer, session):
                if each.is_same(session):
                    return each.record  # of a dry run: it would be there by now
                return refuse("row_overlaps_row", "start", sheet=each.sheet, row=each.row)
        for each in self.recorded.overlapping(volunteer, session):
            if each.is_same(session):
                return each.record
            return refuse("row_overlaps_record", "start", record=str(each.record))
        return None

    def _same(
        self, docket: Docket, read: ReadRow, state: Record, session: Session
    ) -> UUID | Refused:
        service = state.service
        if (service.start, service.end) == (session.start, session.end):
            return session.record
        kept = docket.find(ROW, row_stream(session.record))
        if kept is not None and kept.digest == self._digest(read.said):
            return session.record  # it was amended meanwhile
        return refuse("row_differs_from_record", "end", record=str(session.record))

    def _enter(
        self, desk: RecordDesk, read: ReadRow, said: Said, volunteer: UUID, session: Session
    ) -> UUID | Refused:
        evaluator = evaluator_of(desk.acting(), said.evaluator, self.caller.actor.id)
        if isinstance(evaluator, Refused):
            return evaluator
        is_of_paper = self.order.carrier is Carrier.PAPER
        entry = RowEntry(
            said=said,
            session=session,
            volunteer=volunteer,
            evaluator=evaluator,
            channel=Channel.PAPER if is_of_paper else Channel.IMPORTED,
            evidence=Evidence(kind=self.order.evidence, sha256=self.source.digest),
            reason_of_all=self.order.back_entry_reason,
        )
        entered = enter_in(desk, session.record, entry, Sent(is_row=True))
        if isinstance(entered, Refused):
            return entered
        stream = row_stream(entered)
        desk.docket.begin(ROW, stream)
        kept = RowKept(
            record=entered,
            import_id=self.source.import_id,
            file_digest=self.source.digest,
            sheet=read.sheet,
            row=read.number,
            digest=self._digest(said),
            person=volunteer,
            text=read.text,
        )
        desk.docket.add(ROW, stream, (kept,))
        return entered

    def _digest(self, said: Said | Refused) -> str:
        """Return a keyed digest of what a row says, whichever way it is written."""
        if isinstance(said, Refused):
            raise TypeError("a row that says nothing has no digest")
        text = "\n".join("" if each is None else str(each) for each in _UTTERED(said))
        return hmac.digest(self.office.index_key, f"row\n{text}".encode(), sha256).hex()


def refused_row(row: ReadRow, refused: Refused, *, is_by_sight: bool = False) -> Decided:
    """Return that a row is refused, with the cells that are to be corrected."""
    reasons = placed(refused.reasons, row.header, row.number)
    outcome = RowOutcome(row.sheet, row.number, Became.REFUSED, None, reasons)
    return Decided(outcome, is_by_sight=is_by_sight)

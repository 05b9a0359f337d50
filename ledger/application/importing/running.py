"""Importing a file: read, decided and appended batch by batch, told row by row.

    digest ─► may she? ─► a table? its headers? ─► rows ─► batch ─► append ─► … ─► finished
                                                    ▲         │
                                                    └─────────┘ 500 rows, one act

Nothing is appended until a row is accepted. Whoever is cut off begins again with the same file:
rows that are records are told as duplicates. A dry run decides the same and appends nothing.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.desk import ActRefused, Done, Intent
from ledger.application.docket import Docket
from ledger.application.importing.batches import (
    Batch,
    Decided,
    Order,
    Source,
    refused_row,
)
from ledger.application.importing.looking_ahead import look_ahead
from ledger.application.importing.outcomes import (
    Became,
    HeadCounted,
    RowOutcome,
    Summary,
    Tally,
)
from ledger.application.importing.rows import ReadFile, ReadRow
from ledger.application.importing.sessions import FileSessions
from ledger.application.office import Office
from ledger.application.record_surroundings import VELOCITY_WINDOW, Entered
from ledger.application.states import ACTIVITY, IMPORT
from ledger.application.streams import import_stream
from ledger.domain.civil_time import civil_date
from ledger.domain.imports import Import, ImportBegun, ImportFinished
from ledger.domain.refusal import Refused, refuse
from ledger.domain.refused_acts import CODES_MAX

IMPORT_ACT = "record.import"

Tell = Callable[[RowOutcome], None]
Progress = Callable[[int, int], None]


class _NothingToEnter(Exception):
    """All rows of a batch are known or refused: there is nothing to append."""

    def __init__(self, decided: list[Decided]) -> None:
        super().__init__()
        self.decided = decided


class Run:
    """One run over one file that is read."""

    def __init__(self, office: Office, caller: Caller, order: Order, read: ReadFile) -> None:
        if caller.organization is None:
            raise ValueError("a file is imported for an organization")
        self._office = office
        self._caller = caller
        self._order = order
        self._outline = outline = read.outline
        self._batches = read.batches
        self._stream = import_stream(caller.organization, outline.digest)
        self._begun = ImportBegun(
            id=self._stream,
            organization=caller.organization,
            activity=order.activity,
            digest=outline.digest,
            bytes=outline.bytes,
            format=outline.format,
            carrier=order.carrier,
            keyed_by=order.keyed_by or caller.actor.id,
        )
        self._has_begun = False
        self._tally = Tally()
        self._sessions = FileSessions()
        self._attended: dict[UUID, set[UUID]] = {}
        self._minutes_before: int | None = None

    def run(self, tell: Tell, progress: Progress) -> Summary:
        """Import all rows; return what became of them."""
        size = self._outline.rows
        progress(0, size)
        for rows in self._batches:
            for decided in self._perform(rows):
                self._take(decided)
                tell(decided.outcome)
            progress(min(rows[-1].number, size), size)
        self._finish()
        progress(size, size)
        return self._summary()

    def _take(self, decided: Decided) -> None:
        self._tally.count(decided.outcome)
        session = decided.session
        if decided.volunteer is None or session is None:
            return
        self._sessions.add(decided.volunteer, session)
        self._attended.setdefault(session.activity, set()).add(decided.volunteer)
        if decided.outcome.became is Became.ACCEPTED:
            self._tally.minutes += (session.end - session.start).seconds // 60

    def _perform(self, rows: Sequence[ReadRow]) -> list[Decided]:
        """Decide some rows, and append what is accepted of them, durably."""
        # The streams are read while the views still take in what was appended last.
        ahead = look_ahead(self._office, self._order.activity, rows)
        if self._tally.last_seq is not None:
            self._office.views.take_in(self._tally.last_seq)
        batch = Batch(
            office=self._office,
            caller=self._caller,
            order=self._order,
            source=Source(self._stream, self._outline.digest),
            rows=rows,
            earlier=self._sessions,
            recorded=ahead.recorded(self._office),
            foreseen=ahead.foreseen,
        )
        named, minutes, before = ahead.named, self._tally.minutes, self._entered_before()

        def decide(docket: Docket) -> list[Decided] | Refused:
            entered = Entered(named, minutes=minutes, minutes_before=before)
            return self._kept(docket, batch.decide(docket, entered))

        try:
            done = self._office.desk.perform(self._caller, self._intent, decide)
        except _NothingToEnter as nothing:
            return nothing.decided
        except ActRefused as error:
            return self._one_by_one(rows, error.refused)
        self._appended(done)
        return done.value

    def _kept(self, docket: Docket, decided: list[Decided]) -> list[Decided] | Refused:
        """Return what is to be appended with the docket; a refusal asks for fresh states.

        Raises:
            _NothingToEnter: Nothing is.
        """
        for each in decided:
            if each.rests_on_states and not docket.is_fresh:
                return Refused(each.outcome.reasons)
        if self._order.is_dry_run or docket.is_empty:
            raise _NothingToEnter(decided)
        if not self._has_begun:
            refused = check_carrier(docket.read(IMPORT, self._stream), self._order)
            if refused is not None:
                return refused
            docket.add(IMPORT, self._stream, (self._begun,))
        return decided

    def _one_by_one(self, rows: Sequence[ReadRow], refused: Refused) -> list[Decided]:
        """Decide rows alone, one of which spoils the others' append: she was just erased."""
        if len(rows) > 1:
            return [decided for each in rows for decided in self._perform([each])]
        return [refused_row(rows[0], refused)]

    @property
    def _intent(self) -> Intent:
        return Intent(act=IMPORT_ACT, target=self._stream, digest=self._outline.digest)

    def _entered_before(self) -> int:
        """Return what the caller had entered lately, before this run."""
        if self._minutes_before is None:
            since = self._office.desk.now() - VELOCITY_WINDOW
            actor = self._caller.actor.text()
            self._minutes_before = self._office.views.actor_minutes(actor, since)
        return self._minutes_before

    def _appended(self, done: Done[Any]) -> None:
        self._has_begun = True
        tally, first = self._tally, done.appended.first_seq
        tally.first_seq = first if tally.first_seq is None else tally.first_seq
        tally.last_seq = first + done.appended.count - 1

    def _finish(self) -> None:
        """Say how it ended; what changed nothing and was finished before is not told again."""
        tally = self._tally
        state = self._office.states.get(IMPORT, self._stream, fresh=True).state
        is_open = state is not None and state.is_open
        if self._order.is_dry_run or not (tally.accepted or tally.refused or is_open):
            return
        finished = ImportFinished(
            id=self._stream,
            digest=self._outline.digest,
            rows=tally.rows,
            accepted=tally.accepted,
            duplicates=tally.duplicates,
            refused=tally.refused,
            codes=tuple(sorted(tally.codes)[:CODES_MAX]),
        )

        def decide(docket: Docket) -> UUID | Refused:
            refused = check_carrier(docket.read(IMPORT, self._stream), self._order)
            if refused is not None:
                return refused
            events = (finished,) if self._has_begun else (self._begun, finished)
            docket.add(IMPORT, self._stream, events)
            return self._stream

        self._appended(self._office.desk.perform(self._caller, self._intent, decide))

    def _summary(self) -> Summary:
        tally, outline = self._tally, self._outline
        if tally.last_seq is not None:
            self._office.views.take_in(tally.last_seq)
        unread = dict.fromkeys(name for each in outline.headers for name in each.unread)
        return Summary(
            id=self._stream,
            digest=outline.digest,
            format=outline.format,
            is_dry_run=self._order.is_dry_run,
            carrier=self._order.carrier,
            rows=tally.rows,
            accepted=tally.accepted,
            duplicates=tally.duplicates,
            refused=tally.refused,
            first_seq=tally.first_seq,
            last_seq=tally.last_seq,
            head_counts=tuple(self._head_count(each) for each in sorted(self._attended)),
            unread_columns=tuple(unread),
            unread_sheets=outline.unread,
        )

    def _head_count(self, activity: UUID) -> HeadCounted:
        """Return how an activity's head count stands to the file and to who is recorded."""
        state = self._office.states.get(ACTIVITY, activity).state
        if state is None:
            raise LookupError("an activity in which somebody was entered is there")
        recorded = self._office.views.recorded_in(activity).volunteers
        today = civil_date(self._office.desk.now())
        return HeadCounted(
            activity=activity,
            in_file=len(self._attended[activity]),
            recorded=recorded,
            head_count=state.head_count,
            standing=state.head_count_on(today, recorded),
        )


def check_carrier(state: Import | None, order: Order) -> Refused | None:
    """Return why a file is not imported so: an earlier run named another carrier."""
    if state is None or state.carrier is order.carrier:
        return None
    return refuse("import_carrier_is_another", "carrier", carrier=state.carrier)

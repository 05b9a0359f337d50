"""Records as they are read: one in full from its proved stream, many from the views.

Whoever may see a record sees all of it: who entered it, how, how late and on what evidence
are part of it. What was erased is shown as erased.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.office import Office
from ledger.application.reading import HiddenError, readable_record
from ledger.application.record_surroundings import last_entry, rules_now
from ledger.application.states import IMPORT, RECORD, ROW, Read, fold
from ledger.application.streams import row_stream
from ledger.domain.record import (
    AmendmentProposed,
    Record,
    RecordSubmitted,
    VoidingProposed,
)
from ledger.domain.record.amending import reply_until
from ledger.domain.record.service import facts_of
from ledger.domain.rules import RuleBook
from ledger.projections.history import Item, history, spelled

_PROVENANCE = (
    "channel",
    "recorder",
    "latency_minutes",
    "late_working_days",
    "signals",
    "evidence",
    "back_entry_reason",
    "submission_digest",
    "record_digest",
    "rules",
)
"""Facts of an entry that say where it comes from, shown with the record for good."""


@dataclass(frozen=True, slots=True)
class RecordShown:
    """A record as its reader sees it, ``version`` and ``seq`` being those of its last entry."""

    id: UUID
    version: int
    seq: int
    facts: Mapping[str, Any]


def read_record(
    office: Office, caller: Caller, record: UUID, *, size: int | None = None
) -> RecordShown:
    """Return a record, now or as it was when the log had a size.

    Raises:
        HiddenError: There is none, or the caller may not see it.
        As `States.get`.
    """
    readable_record(office, caller, record, size=size)
    events = office.states.events(RECORD, record, size=size)
    known = fold(RECORD, events)
    if known.state is None:
        raise HiddenError
    shown = _shown(known.state, events, rules_now(office))
    if shown["amendment"] is not None:
        shown["amendment"] |= _told(office, known.state, events, size)
    shown["paper"] = _paper(office, known.state, last_entry(events).seq, size)
    return RecordShown(record, known.version, known.seq, shown)


def record_history(
    office: Office, caller: Caller, record: UUID, *, size: int | None = None
) -> Sequence[Item]:
    """Return every change of a record: who, when, why, before and after.

    Raises:
        As `read_record`.
    """
    state = readable_record(office, caller, record, size=size).state
    if state is None:
        raise HiddenError
    events = office.states.events(RECORD, record, size=size)
    # Who objects, and how she is reached, is for those who decide about it.
    for_staff = caller.organization is not None
    return history(
        events,
        RECORD.evolve,
        shows=lambda person: for_staff or person in (state.volunteer, caller.actor.id),
    )


def _paper(
    office: Office, state: Record, entered_seq: int, size: int | None
) -> dict[str, Any] | None:
    """Return what a record of paper rests on beside its evidence: the scans of its batch."""
    row = None
    if state.is_of_paper:
        row = office.states.at(ROW, row_stream(state.id), size=size).state
    batch = None if row is None else office.states.at(IMPORT, row.import_id, size=size).state
    if batch is None:
        return None
    check = batch.check
    return {
        "import": str(batch.id),
        "keyed_by": [str(each) for each in batch.keyers],
        "scans": [spelled(each) for each in batch.scans],
        "check": None
        if check is None
        else {
            "by": str(check.checker),
            "at": spelled(check.at),
            "is_of_this_entry": check.as_of > entered_seq,
            "difference": check.difference_of(state.id),
        },
    }


def _shown(state: Record, events: Sequence[Read], book: RuleBook) -> dict[str, Any]:
    entered, first = last_entry(events), events[0].event
    if not isinstance(first, RecordSubmitted):
        raise TypeError("a history of a record begins with its submission")
    facts: dict[str, Any] = {
        "volunteer": str(state.volunteer),
        "activity": str(state.activity),
        "organization": str(state.organization),
        "organizer": str(first.organizer),
        "person_in_charge": str(first.person_in_charge),
        "stage": str(state.stage),
        "counts": state.is_credited,
        "service": {name: spelled(value) for name, value in facts_of(state.service).items()},
        "minutes": state.service.minutes,
        "hours": book.on(state.service.day).printed_hours(state.service.minutes),
        "provenance": {
            "entered_by": entered.happened.by.text(),
            "entered_at": spelled(entered.happened.at),
            **{name: spelled(getattr(entered.event, name)) for name in _PROVENANCE},
        },
        "recorders": [str(each) for each in state.recorders],
        "reviewer": spelled(state.reviewer),
        "approver": spelled(state.approver),
        "awaits": spelled(state.awaits),
        "publicity": spelled(state.publicity),
        "objections": spelled(state.objections),
        "amendment": _amendment(state, book),
    }
    return facts


def _told(
    office: Office, state: Record, events: Sequence[Read], size: int | None
) -> dict[str, Any]:
    """Return when the volunteer was told of the proposal, and when she had seen that.

    She proposed it herself, or it stands in her inbox from the moment on that it was made.
    """
    proposed = [
        each for each in events if isinstance(each.event, AmendmentProposed | VoidingProposed)
    ][-1]
    if proposed.happened.by.id == state.volunteer:
        return {"told_at": None, "seen_at": None}
    seen = office.views.notice_seen_at(state.volunteer, proposed.seq, size)
    return {"told_at": spelled(proposed.happened.at), "seen_at": seen}


def _amendment(state: Record, book: RuleBook) -> dict[str, Any] | None:
    proposed = state.amendment
    if proposed is None:
        return None
    service = proposed.service
    return {
        "id": str(proposed.id),
        "kind": "voiding" if service is None else "amendment",
        "proposer": proposed.proposer.text(),
        "proposed_on": proposed.proposed_on.isoformat(),
        "replied": proposed.replied,
        "reply_until": spelled(reply_until(state, proposed, book)),
        "service": None
        if service is None
        else {name: spelled(value) for name, value in facts_of(service).items()},
    }

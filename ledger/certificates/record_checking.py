"""A printed line against the proved history of its record: it follows from it, or it does not.

The proofs show plain facts and withhold personal ones. So what was served, the text, is read
as erased here; times, minutes, who recorded it and how, and that it counts, are all there.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from ledger.certificates.proof_checking import CheckedProof
from ledger.domain.catalogue import EVENTS
from ledger.domain.certificate import Line
from ledger.domain.event import Actor, ActorKind, Happened
from ledger.domain.record import Record, RecordResubmitted, RecordSubmitted
from ledger.domain.record import evolve as evolve_record
from ledger.domain.stored import StoredEventError, decode_event, slots_of
from ledger.proof.facts import STANDARD_FACTS


def line_follows(line: Line, history: Sequence[CheckedProof]) -> bool:
    """Return whether a line is what the record's entries, from its first on, have come to."""
    try:
        events = [_event(each) for each in history]
        record = _folded(line.record, events)
    except (StoredEventError, ValueError, KeyError, TypeError, AttributeError):
        return False
    if record is None or not record.is_credited:
        return False
    service = record.service
    entered = [
        event for event, _ in events if isinstance(event, RecordSubmitted | RecordResubmitted)
    ]
    said = (
        line.organization,
        line.activity,
        line.start,
        line.end,
        line.minutes,
        line.channel,
        line.signals,
    )
    return said == (
        record.organization,
        record.activity,
        service.start,
        service.end,
        service.minutes,
        entered[-1].channel,
        record.signals,
    )


def _folded(stream: UUID, events: Sequence[tuple[Any, Happened]]) -> Record | None:
    record: Record | None = None
    for version, (event, happened) in enumerate(events, 1):
        if happened.version != version:
            return None
        record = evolve_record(record, event, happened)
    return record if record is not None and record.id == stream else None


def _event(checked: CheckedProof) -> tuple[Any, Happened]:
    facts: dict[str, Any] = dict(checked.facts)
    kind = EVENTS[facts["type"], facts["shape"]]
    plain = {
        name: facts[name]
        for name, slot in slots_of(kind).items()
        if slot.person is None and name not in STANDARD_FACTS
    }
    by, _, id_ = str(facts["by"]).partition(":")
    time = datetime.fromisoformat(checked.entry.time).astimezone(UTC)
    actor = Actor(ActorKind(by), UUID(id_))
    return decode_event(kind, plain, {}), Happened(actor, time, facts["version"])

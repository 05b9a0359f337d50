"""A printed line against the proved history of its record: it follows from it, or it does not.

The proofs show plain facts and withhold personal ones. So what was served, the text, is read
as erased here; times, minutes, who recorded it and how, and that it counts, are all there.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from ledger.certificates.proof_checking import CheckedProof
from ledger.domain.account.events import AccountAbsorbed, AccountSeparated
from ledger.domain.catalogue import EVENTS
from ledger.domain.certificate import Face, Line
from ledger.domain.event import Actor, ActorKind, Happened
from ledger.domain.record import Record, RecordResubmitted, RecordSubmitted
from ledger.domain.record import evolve as evolve_record
from ledger.domain.stored import StoredEventError, decode_event, slots_of
from ledger.proof.entry import NOTHING_BEFORE
from ledger.proof.facts import STANDARD_FACTS


def owners_of(face: Face, proofs: Mapping[int, CheckedProof]) -> frozenset[UUID]:
    """Return the registrations that are proved to be the holder's: hers, and those joined.

    ``proofs`` are those at hand, by position.
    """
    owners = {face.volunteer}
    for seq in face.joined:
        try:
            event, _ = _event(proofs[seq])
        except _UNFIT:
            continue
        if isinstance(event, AccountAbsorbed) and event.volunteer == face.volunteer:
            owners |= set(event.owners)
        elif isinstance(event, AccountSeparated) and event.volunteer == face.volunteer:
            owners -= set(event.owners)
    return frozenset(owners)


def line_follows(
    line: Line, proofs: Mapping[int, CheckedProof], owners: Collection[UUID]
) -> bool:
    """Return whether a line is what its record's entries, from the first on, have come to.

    The record has to be of one of these registrations.
    """
    try:
        history = [proofs[seq] for seq in line.entries]
        if not _is_one_stream(line.record, history):
            return False
        events = [_event(each) for each in history]
        record = _folded(line.record, events)
    except _UNFIT:
        return False
    if record is None or not record.is_credited or record.volunteer not in owners:
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


def _is_one_stream(stream: UUID, history: Sequence[CheckedProof]) -> bool:
    """Return whether entries are of this stream, each naming the leaf of the one before."""
    previous = NOTHING_BEFORE
    for each in history:
        if (each.facts["stream"], each.facts["previous"]) != (str(stream), previous.hex()):
            return False
        previous = each.entry.leaf()
    return True


def _folded(stream: UUID, events: Sequence[tuple[Any, Happened]]) -> Record | None:
    record: Record | None = None
    for version, (event, happened) in enumerate(events, 1):
        if happened.version != version:
            return None
        record = evolve_record(record, event, happened)
    return record if record is not None and record.id == stream else None


_UNFIT = (StoredEventError, ValueError, LookupError, TypeError, AttributeError)
"""What a history that is none of a record makes of its folding."""


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

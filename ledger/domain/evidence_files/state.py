"""An evidence file as its history left it."""

from dataclasses import dataclass, replace
from typing import assert_never
from uuid import UUID

from ledger.domain.codes import EvidenceKind, MediaType
from ledger.domain.event import Happened
from ledger.domain.evidence_files.events import (
    EvidenceDisclosed,
    EvidenceFileEvent,
    EvidenceKept,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFile:
    """A file that is kept, as `EvidenceKept` says; ``organization`` answers for it.

    ``lookers`` are who was shown it, each once.
    """

    id: UUID
    file: UUID
    sha256: str
    size: int
    media_type: MediaType
    kind: EvidenceKind
    persons: tuple[UUID, ...]
    activity: UUID
    record: UUID | None
    redacted_from: UUID | None
    organization: UUID
    lookers: tuple[UUID, ...] = ()


def evolve(state: EvidenceFile | None, event: EvidenceFileEvent, at: Happened) -> EvidenceFile:
    """Return the file after an event.

    Raises:
        ValueError: A history begins with something else than that it is kept.
    """
    match event:
        case EvidenceKept():
            return EvidenceFile(
                id=event.evidence,
                file=event.file,
                sha256=event.sha256,
                size=event.size,
                media_type=event.media_type,
                kind=event.kind,
                persons=event.persons,
                activity=event.activity,
                record=event.record,
                redacted_from=event.redacted_from,
                organization=event.on_behalf_of,
            )
        case EvidenceDisclosed():
            if state is None:
                raise ValueError("a history of an evidence file begins with its keeping")
            if at.by.id in state.lookers:
                return state
            return replace(state, lookers=(*state.lookers, at.by.id))
        case _:
            assert_never(event)

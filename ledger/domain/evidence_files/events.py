"""What happens to an evidence file: it is kept, and somebody is shown it.

The file itself lies outside the log, encrypted; the log has its SHA-256, so that nobody can put
another one in its place. Persons are named by their opaque ids.
"""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias
from uuid import UUID

from ledger.domain.codes import EvidenceKind, MediaType
from ledger.domain.disclosed import DisclosurePurpose


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceKept:
    """A file is kept: ``sha256`` and ``size`` in bytes are those of the file as it came.

    ``file`` names it in the store; ``persons`` are the volunteers whom it shows or names: it
    can be opened as long as the key of each of them is there. ``record`` is the one that it is
    about, if it is about one alone. ``redacted_from`` is an earlier file, of which this is a
    copy that shows fewer persons.
    """

    TYPE: ClassVar[str] = "evidence.kept"
    SHAPE: ClassVar[int] = 1

    evidence: UUID
    file: UUID
    sha256: str
    size: int
    media_type: MediaType
    kind: EvidenceKind
    persons: tuple[UUID, ...]
    activity: UUID
    record: UUID | None
    redacted_from: UUID | None
    on_behalf_of: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceDisclosed:
    """The actor was shown the file; ``on_behalf_of`` None is a volunteer who acts herself."""

    TYPE: ClassVar[str] = "evidence.disclosed"
    SHAPE: ClassVar[int] = 1

    evidence: UUID
    activity: UUID
    purpose: DisclosurePurpose
    on_behalf_of: UUID | None


EvidenceFileEvent: TypeAlias = EvidenceKept | EvidenceDisclosed

"""Evidence files: what was kept as a photo, a scan or a sheet, whom it shows, who looked."""

from ledger.domain.evidence_files.deciding import (
    PERSONS_MAX,
    KeepEvidence,
    Surroundings,
    check_keeper,
    decide,
)
from ledger.domain.evidence_files.events import (
    EvidenceDisclosed,
    EvidenceFileEvent,
    EvidenceKept,
)
from ledger.domain.evidence_files.media import (
    EVIDENCE_BYTES_MAX,
    PIXELS_MAX,
    SIDE_MAX,
    check_media,
)
from ledger.domain.evidence_files.state import EvidenceFile, evolve

__all__ = [
    "EVIDENCE_BYTES_MAX",
    "PERSONS_MAX",
    "PIXELS_MAX",
    "SIDE_MAX",
    "EvidenceDisclosed",
    "EvidenceFile",
    "EvidenceFileEvent",
    "EvidenceKept",
    "KeepEvidence",
    "Surroundings",
    "check_keeper",
    "check_media",
    "decide",
    "evolve",
]

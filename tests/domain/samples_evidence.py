"""One of every event of files of evidence, as golden files keep them."""

from uuid import UUID

from ledger.domain.codes import EvidenceKind, MediaType
from ledger.domain.disclosed import DisclosurePurpose
from ledger.domain.event import Event
from ledger.domain.evidence_files import EvidenceDisclosed, EvidenceKept

EVIDENCE = UUID(int=0xE00)
ACTIVITY = UUID(int=0x800)

KEPT = EvidenceKept(
    evidence=EVIDENCE,
    file=UUID(int=0xE01),
    sha256="cd" * 32,
    size=204_800,
    media_type=MediaType.JPEG,
    kind=EvidenceKind.PHOTO,
    persons=(UUID(int=0x701), UUID(int=0x702)),
    activity=ACTIVITY,
    record=UUID(int=0x900),
    redacted_from=None,
    on_behalf_of=UUID(int=0x51),
)
SAMPLES: tuple[Event, ...] = (
    KEPT,
    EvidenceDisclosed(
        evidence=EVIDENCE,
        activity=ACTIVITY,
        purpose=DisclosurePurpose.INSPECTION,
        on_behalf_of=UUID(int=0x52),
    ),
)

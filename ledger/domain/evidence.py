"""Evidence of a service: its kind and the digest of a file, which is kept elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass

from ledger.domain.codes import EvidenceKind
from ledger.domain.refusal import Refusal
from ledger.domain.words import is_sha256

EVIDENCE_MAX = 20
"""Files that one entry rests on; our own bound [P]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One file that supports an entry; ``sha256`` is 64 lower-case hex digits."""

    kind: EvidenceKind
    sha256: str


def check_evidence(evidence: tuple[Evidence, ...]) -> Iterator[Refusal]:
    """Yield why evidence is refused; that there is any is asked for elsewhere."""
    if any(not is_sha256(each.sha256) for each in evidence):
        yield Refusal("evidence_digest_is_malformed", "evidence")
    if len(evidence) > EVIDENCE_MAX:
        yield Refusal("evidence_is_too_much", "evidence", {"max": EVIDENCE_MAX})
    if len({each.sha256 for each in evidence}) < len(evidence):
        yield Refusal("evidence_repeats", "evidence")

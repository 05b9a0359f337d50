"""Where a ledger's files of evidence lie, and which of them its log names."""

from collections.abc import Iterator

from ledger.store.evidence_files import EvidenceFiles, Kept
from ledger.store.kept_evidence import kept_evidence
from ledger.wiring.parts import Wiring


def evidence_files(wiring: Wiring) -> EvidenceFiles:
    """Return the files of a ledger."""
    return EvidenceFiles(wiring.paths.evidence, wiring.vault, origin=wiring.origin)


def evidence_named(wiring: Wiring) -> Iterator[Kept]:
    """Yield every file that the log names."""
    return kept_evidence(wiring.engine, origin=wiring.origin)

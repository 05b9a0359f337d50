"""Files of evidence against the log: each is opened, and what no entry names is told."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from ledger.store.evidence_files import EvidenceDamagedError, Kept


class Store(Protocol):
    """Where files lie, as `ledger.store.evidence_files.EvidenceFiles` has them."""

    def open(self, kept: Kept) -> bytes | None:
        """Return a file as it came, None where a person whom it shows was erased."""

    def orphans(self, named: Collection[UUID]) -> Sequence[UUID]:
        """Return the files that no entry names."""

    def remove(self, file: UUID) -> None:
        """Remove one."""

    def remove_unfinished(self) -> int:
        """Remove what was left of files that were never whole."""


@dataclass(slots=True)
class Checked:
    """How the files stand: ``named`` by entries, of them ``whole``, ``erased`` and damaged."""

    named: int = 0
    whole: int = 0
    erased: int = 0
    removed: int = 0
    damaged: list[EvidenceDamagedError] = field(default_factory=list)
    orphans: Sequence[UUID] = ()


def check_evidence_files(kept: Iterable[Kept], store: Store, *, remove: bool) -> Checked:
    """Open every file that the log names; ``remove`` what it does not name.

    To be called while nobody keeps files. What is damaged is told and stays.

    Raises:
        ProofError: A stored data key was not wrapped by the vault's key.
    """
    found, names = Checked(), set()
    for each in kept:
        found.named += 1
        names.add(each.file)
        try:
            if store.open(each) is None:
                found.erased += 1
            else:
                found.whole += 1
        except EvidenceDamagedError as error:
            found.damaged.append(error)
    found.orphans = store.orphans(names)
    if remove:
        for orphan in found.orphans:
            store.remove(orphan)
        found.removed = len(found.orphans) + store.remove_unfinished()
        found.orphans = ()
    return found

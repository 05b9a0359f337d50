"""Files of evidence in a folder beside the vault: whole or absent, and never changed.

A file is durable before the entry that names it. Who dies between the two leaves a file that no
entry names: it can be told and removed (`orphans`), because names are drawn anew each time.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from ledger.proof.errors import MalformedError
from ledger.store.durable_file import replace_file, sync_folder
from ledger.store.evidence_box import OVERHEAD_BYTES_MAX, open_file, parse_sealed, seal_file
from ledger.store.vault import Vault

SUFFIX = ".evidence"
EVIDENCE_FOLDER = "evidence"
"""Of a backup of the vault."""
_PRIVATE_FOLDER = 0o700


@dataclass(eq=False)
class EvidenceDamagedError(Exception):
    """A file of evidence is not what was kept; it is shown to nobody.

    ``file`` is its name in the store, ``rule`` what it should be. Put it back from a backup.
    """

    file: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file as the log has it: its name, its size in bytes and SHA-256, whom it shows."""

    file: UUID
    size: int
    sha256: str
    persons: tuple[UUID, ...]


class EvidenceFiles:
    """The files of one ledger's evidence, from any thread and process."""

    def __init__(self, folder: Path, vault: Vault, *, origin: str) -> None:
        self._folder = folder
        self._vault = vault
        self._origin = origin

    def keep(self, file: UUID, content: bytes, persons: Collection[UUID]) -> None:
        """Put a file away under the keys of those whom it shows; durable when it returns.

        Raises:
            PersonErased: One of them was erased; nothing is written.
            ProofError: A stored data key was not wrapped by the vault's key.
            OSError: The disk refused; nothing is left.
        """
        holders = _holders(file, persons)
        keys: dict[str, bytes] = {}
        for holder, key in self._vault.keys_for_sealing(holders).items():
            if isinstance(key, Exception):
                raise key
            keys[holder] = key
        sealed = seal_file(
            content, origin=self._origin, file=str(file), holders=holders, keys=keys
        )
        path = self._path(file)
        _make_folder(path.parent)
        replace_file(path, sealed)

    def open(self, kept: Kept) -> bytes | None:
        """Return a file as it came, or None where a person whom it shows was erased.

        Raises:
            EvidenceDamagedError: It is gone, or is not what the log says.
            ProofError: A stored data key was not wrapped by the vault's key.
        """
        name = str(kept.file)
        keys = self._keys(kept)
        if keys is None:
            return None
        stored = self._read(kept)
        try:
            found = parse_sealed(stored, origin=self._origin, file=name)
        except MalformedError as error:
            raise EvidenceDamagedError(name, f"{error.what}: {error.want}") from None
        if list(found.shares) != list(keys):
            raise EvidenceDamagedError(name, "shows those whom the log names")
        content = open_file(found, origin=self._origin, file=name, keys=keys)
        if content is None:
            raise EvidenceDamagedError(name, "opens under the keys of those whom it shows")
        if len(content) != kept.size or hashlib.sha256(content).hexdigest() != kept.sha256:
            raise EvidenceDamagedError(name, f"SHA-256 {kept.sha256}")
        return content

    def can_open(self, kept: Kept) -> bool:
        """Return whether the keys of all whom a file shows are there."""
        return self._keys(kept) is not None

    def remove(self, file: UUID) -> None:
        """Remove a file that no entry names; harmless to repeat."""
        path = self._path(file)
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_folder(path.parent)

    def names(self) -> Iterator[UUID]:
        """Yield the name of each file that is there, in no order."""
        for path in self._folder.glob(f"*/*{SUFFIX}"):
            with suppress(ValueError):
                yield UUID(path.name.removesuffix(SUFFIX))

    def orphans(self, named: Collection[UUID]) -> Sequence[UUID]:
        """Return the files that no entry names, ascending; ask while nobody keeps any."""
        return sorted(set(self.names()) - set(named))

    def remove_unfinished(self) -> int:
        """Remove what was left of files that were never whole; ask while nobody keeps any."""
        count = 0
        for path in self._folder.glob("**/.*.new"):
            path.unlink(missing_ok=True)
            count += 1
        return count

    def copy_to(self, folder: Path) -> int:
        """Copy every file that a folder lacks, as it lies there; return how many it has then.

        Durable when it returns. Files never change, so a folder may be used again.

        Raises:
            OSError: The disk refused; every copy that is there is whole.
        """
        return copy_files(self._folder, folder)

    def take_from(self, folder: Path) -> int:
        """Take over every file that is not here; return how many the folder has.

        Raises:
            As `copy_to`.
        """
        return copy_files(folder, self._folder)

    def _keys(self, kept: Kept) -> dict[str, bytes] | None:
        found = self._vault.keys_for_opening(_holders(kept.file, kept.persons))
        keys = {holder: key for holder, key in found.items() if key is not None}
        return keys if len(keys) == len(found) else None

    def _read(self, kept: Kept) -> bytes:
        try:
            with self._path(kept.file).open("rb") as file:
                return file.read(kept.size + OVERHEAD_BYTES_MAX + 1)
        except FileNotFoundError:
            raise EvidenceDamagedError(str(kept.file), "is there") from None
        except OSError as error:
            rule = f"can be read ({error.strerror})"
            # Not as its cause: that a file cannot be read says nothing about what is written.
            raise EvidenceDamagedError(str(kept.file), rule) from None

    def _path(self, file: UUID) -> Path:
        name = str(file)
        return self._folder / name[:2] / f"{name}{SUFFIX}"


def copy_files(source: Path, target: Path) -> int:
    """Copy files of evidence that a folder lacks; return how many the source has.

    Raises:
        OSError: The disk refused; every copy that is there is whole.
    """
    count = 0
    for path in sorted(source.glob(f"*/*{SUFFIX}")):
        count += 1
        copy = target / path.parent.name / path.name
        if not copy.exists():
            _make_folder(copy.parent)
            replace_file(copy, path.read_bytes())
    return count


def _holders(file: UUID, persons: Collection[UUID]) -> list[str]:
    return [str(file), *map(str, persons)]


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, durably, each open to its owner alone."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(mode=_PRIVATE_FOLDER)
    sync_folder(folder.parent)

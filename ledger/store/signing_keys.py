"""Which keys sign, and the files in which they lie: current, about to come, retired.

    log.key              the key in force, one file a kind
    log.key.next         the one that is about to succeed it: while it is there, none signs
    log.key.81a312bf     one that was in force before, by its key ID: kept, but never used again

Keys are read again as soon as their files are others, and used only if the log itself names
them: a restored old key must not sign what only its successor may.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.audit.key_history import KeyHistory
from ledger.proof.note import KeyType
from ledger.proof.signers import SEED_BYTES, SigningKey
from ledger.store.chance import random_bytes
from ledger.store.durable_file import replace_file, sync_folder
from ledger.store.event import FieldsError
from ledger.store.head import Head
from ledger.store.key_rows import KeyRows
from ledger.store.keyfiles import read_signing_key

KINDS = (KeyType.ED25519, KeyType.MLDSA44)


@dataclass(eq=False)
class RotationPendingError(FieldsError):
    """A rotation was begun and not ended, so it is open which key may sign; ``path`` waits."""

    path: str


@dataclass(eq=False)
class KeyNotInForceError(FieldsError):
    """The key in ``path`` is not the one that the log has in force; nothing was signed."""

    path: str
    want: str
    got: str


class KeyFiles:
    """The files of the keys of one log."""

    def __init__(self, log_key: Path, mldsa_key: Path) -> None:
        self._paths = {KeyType.ED25519: log_key, KeyType.MLDSA44: mldsa_key}

    def current(self, kind: KeyType) -> Path:
        """Return where the key of a kind lies while it is in force."""
        return self._paths[kind]

    def next(self, kind: KeyType) -> Path:
        """Return where the key lies that is about to come into force."""
        path = self._paths[kind]
        return path.with_name(f"{path.name}.next")

    def retired(self, kind: KeyType) -> list[Path]:
        """Return the files of all keys of a kind that were in force before."""
        path = self._paths[kind]
        waiting = self.next(kind)
        found = path.parent.glob(f"{path.name}.*")
        return sorted(each for each in found if each != waiting and _is_key_id(each.suffix[1:]))

    def read(self, kind: KeyType) -> SigningKey | None:
        """Return the key in force; None where there is no ML-DSA-44 key.

        Raises:
            KeyFileError: The file cannot be used, or the Ed25519 key is absent.
        """
        path = self._paths[kind]
        if kind is KeyType.MLDSA44 and not path.exists():
            return None
        return read_signing_key(path)

    def pending(self) -> Path | None:
        """Return the file of a key that is about to come into force, if there is one."""
        return next((path for kind in KINDS if (path := self.next(kind)).exists()), None)

    def prepare(self, kind: KeyType, *, name: str) -> SigningKey:
        """Make the next key; it is durable, and whole, when this returns."""
        key = SigningKey(name, kind, random_bytes(SEED_BYTES))
        self.next(kind).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        replace_file(self.next(kind), f"{key.text()}\n".encode())
        return key

    def take_back(self, kind: KeyType) -> None:
        """Remove a next key that the log never named."""
        self.next(kind).unlink()
        sync_folder(self.next(kind).parent)

    def switch(self, kind: KeyType, old: SigningKey | None) -> None:
        """Put the next key in the place of the current one, which is kept under its key ID.

        A process that dies on the way leaves the old key in its place and the next one beside
        it, so that this can be repeated; durable when it returns.
        """
        path = self._paths[kind]
        if old is not None:
            kept = path.with_name(f"{path.name}.{old.verifier_key.id.hex()}")
            replace_file(kept, f"{old.text()}\n".encode())
        self.next(kind).replace(path)
        sync_folder(path.parent)

    def identity(self) -> tuple[object, ...]:
        """Return what is another value as soon as one of the current files is another."""
        return tuple(_identity(path) for path in self._paths.values())


class SigningKeys:
    """Returns the keys that sign a head: what the publisher asks before each signature."""

    def __init__(self, files: KeyFiles, rows: KeyRows) -> None:
        self._files = files
        self._rows = rows
        self._identity: tuple[object, ...] | None = None
        self._keys: list[tuple[SigningKey, int]] = []

    def __call__(self, head: Head) -> Sequence[SigningKey]:
        """Return the keys in force at the size of a sealed head that was committed before.

        Raises:
            RotationPendingError: A rotation was begun; it has to be ended first.
            KeyNotInForceError: The log has another key in force at this size, or the key is
                one that was retired here.
            KeysUnreadError, ProofError: What the log says of its keys is not all there, or
                does not add up under the head: the newest key may be another.
            KeyFileError: A file cannot be used.
        """
        # In this order: a head that a rotation has made is read after its next key was there.
        pending = self._files.pending()
        if pending is not None:
            raise RotationPendingError(str(pending))
        identity = self._files.identity()
        if identity != self._identity:
            history = self._rows.history_to_act_on(head)
            read = [self._checked(kind, history) for kind in KINDS]
            self._keys = [each for each in read if each is not None]
            self._identity = identity
        for key, since in self._keys:
            if head.size < since:
                path = str(self._files.current(key.type))
                raise KeyNotInForceError(path, f"a size from {since} on", str(head.size))
        return [key for key, _ in self._keys]

    def _checked(self, kind: KeyType, history: KeyHistory) -> tuple[SigningKey, int] | None:
        key = self._files.read(kind)
        if key is None:
            return None
        path, got = str(self._files.current(kind)), key.verifier_key.label
        chain = history.chains[kind]
        if chain and chain[-1].key != key.verifier_key:
            raise KeyNotInForceError(path, chain[-1].key.label, got)
        # No row tells what this folder itself knows: a key that was retired here stays so.
        if key.verifier_key.id.hex() in [file.suffix[1:] for file in self._files.retired(kind)]:
            raise KeyNotInForceError(path, "a key that was not retired", got)
        return key, chain[-1].since if chain else 0


def _is_key_id(text: str) -> bool:
    return len(text) == 8 and set(text) <= set("0123456789abcdef")


def _identity(path: Path) -> tuple[int, int, int] | None:
    try:
        status = os.stat(path)  # noqa: PTH116 - the hot path of every signature
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size

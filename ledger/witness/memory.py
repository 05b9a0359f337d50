"""What this witness has cosigned, one folder a log: forgotten, it refuses rather than guesses.

    witness.key                      its identity; witness-mldsa44.key where there is one
    enrolled                         its public key, then the origin of every log it cosigns for
    logs/<hex sha256(origin)>/latest     the checkpoint it cosigned last, cosignatures included
    logs/<hex sha256(origin)>/evidence/  signed checkpoints that contradicted it

A log is enrolled by writing first its empty memory and then its origin. From then on a
memory that is missing was lost, and a witness that starts again from nothing could be led to
cosign another history of the log: it answers no more for that log under this key.
"""

import fcntl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.proof.add_checkpoint import origin_hash
from ledger.proof.checkpoint import verify_signature
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.note import NOTE_BYTES_MAX, KeyType, SignedNote, VerifierKey, parse_note
from ledger.proof.signers import SigningKey
from ledger.store.durable_file import PUBLIC, create_file, replace_file, sync_folder
from ledger.store.event import LedgerExistsError
from ledger.store.keyfiles import create_signing_key, read_signing_key

NOTHING_YET = b"nothing cosigned yet\n"
_ENROLLED_BYTES_MAX = 1 << 20


class WitnessMissingError(Exception):
    """There is no witness in this folder, or what it knew is gone: ``path`` is missing."""


class MemoryLostError(Exception):
    """What was cosigned for an enrolled log is gone or damaged; nothing is cosigned for it.

    The log must enrol a witness under a new key.
    """


class LogMemory:
    """What was cosigned for one log; several processes may hold it, one at a time writes."""

    def __init__(self, folder: Path, *, origin: str, key: VerifierKey) -> None:
        self._folder = folder
        self._origin = origin
        self._key = key

    @property
    def evidence(self) -> Path:
        """Folder of signed checkpoints that contradicted what was cosigned."""
        return self._folder / "evidence"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep all others, threads and processes, from writing.

        Raises:
            MemoryLostError: The folder is gone.
        """
        try:
            lock = (self._folder / "latest.lock").open("ab")
        except FileNotFoundError as error:
            raise MemoryLostError(self._origin) from error
        with lock:
            # Opened anew each time, so it keeps out other threads as well as processes.
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def latest(self) -> tuple[SignedNote, int] | None:
        """Return the note cosigned last and the second when, None if there was none yet.

        Raises:
            MemoryLostError: The file is missing, or is not what this witness wrote.
        """
        try:
            content = self._latest()
            if content == NOTHING_YET:
                return None
            note = parse_note(content)
            if not note.text.startswith(f"{self._origin}\n"):
                raise ProofError("witness memory", self._origin, note.text)
            moment = verify_signature(note, self._key)
        except (OSError, MalformedError, ProofError) as error:
            raise MemoryLostError(self._origin) from error
        return note, moment or 0

    def remember(self, note: SignedNote) -> None:
        """Replace what was cosigned last; durable when it returns.

        Raises:
            OSError: The disk refused; the old memory stands.
        """
        replace_file(self._folder / "latest", note.encode())

    def begin(self) -> None:
        """Write an empty memory where there is none; durable when it returns."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / "latest"
        if not path.exists():
            create_file(path, NOTHING_YET)
        for folder in (self._folder.parent, self._folder.parent.parent):
            sync_folder(folder)

    def _latest(self) -> bytes:
        with (self._folder / "latest").open("rb") as file:
            return file.read(NOTE_BYTES_MAX + 1)


class WitnessFolder:
    """The files of one witness."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._enrolled = folder / "enrolled"

    def create(self, name: str, *, mldsa: bool) -> list[SigningKey]:
        """Make a witness that has seen nothing, under fresh keys; return them.

        Raises:
            LedgerExistsError: There is one; it is untouched.
            MalformedError: No key may be called so.
        """
        paths = [self._enrolled, self._key, self._mldsa_key]
        for path in paths:
            if path.exists():
                raise LedgerExistsError(str(path))
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        keys = [create_signing_key(self._key, name=name, kind=KeyType.COSIGNATURE)]
        if mldsa:
            keys.append(create_signing_key(self._mldsa_key, name=name, kind=KeyType.MLDSA44))
        # Last, so that its presence says that all else is there.
        create_file(self._enrolled, f"{keys[0].verifier_key.text()}\n".encode(), mode=PUBLIC)
        return keys

    def read_keys(self) -> list[SigningKey]:
        """Return the Ed25519 key, and the ML-DSA-44 key where there is one.

        Raises:
            WitnessMissingError: There is no witness here, or its memory is another key's.
            KeyFileError: A key cannot be read.
        """
        self._lines()
        keys = [read_signing_key(self._key)]
        if self._mldsa_key.exists():
            keys.append(read_signing_key(self._mldsa_key))
        if keys[0].verifier_key.text() != self._lines()[0]:
            raise WitnessMissingError(str(self._enrolled))
        return keys

    def enrol(self, origins: Iterable[str]) -> list[str]:
        """Take on logs; return those that are new. Durable when it returns."""
        lines = self._lines()
        new = [origin for origin in origins if origin not in lines[1:]]
        key = self.read_keys()[0].verifier_key
        for origin in new:
            self.memory(origin, key).begin()
        if new:
            # Only now: an origin that stands here has, or had, a memory.
            content = "".join(f"{line}\n" for line in [*lines, *new])
            replace_file(self._enrolled, content.encode())
        return new

    def memory(self, origin: str, key: VerifierKey) -> LogMemory:
        """Return the memory of one log, which ``key`` has cosigned."""
        folder = self.folder / "logs" / origin_hash(origin)
        return LogMemory(folder, origin=origin, key=key)

    @property
    def _key(self) -> Path:
        return self.folder / "witness.key"

    @property
    def _mldsa_key(self) -> Path:
        return self.folder / "witness-mldsa44.key"

    def _lines(self) -> list[str]:
        try:
            with self._enrolled.open("rb") as file:
                content = file.read(_ENROLLED_BYTES_MAX)
        except FileNotFoundError as error:
            raise WitnessMissingError(str(self._enrolled)) from error
        return content.decode("utf-8", "replace").split("\n")[:-1]

"""The keys of a log as its operator sees them: what each vouches for, and where it lies."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ledger.audit.key_history import KeyHistory
from ledger.certificates.es256 import CredentialKey
from ledger.proof.note import KeyType, VerifierKey
from ledger.store.credential_key import CredentialKeyFiles
from ledger.store.keyfiles import KeyFileError, read_signing_key
from ledger.store.signing_keys import KINDS, KeyFiles

KIND_NAMES = {KeyType.ED25519: "Ed25519", KeyType.MLDSA44: "ML-DSA-44"}

State = Literal["current", "next", "retired", "unknown"]


@dataclass(frozen=True, slots=True)
class ListedKey:
    """One key: ``since`` and ``until`` are sizes, None where the log does not tell them.

    ``file`` is None where no file holds it; ``unknown`` is a key that the log never named.
    """

    key: VerifierKey
    state: State
    since: int | None
    until: int | None
    file: Path | None

    def as_json(self) -> dict[str, object]:
        """Return the key as a machine reads it."""
        return {
            "key": self.key.text(),
            "kind": KIND_NAMES[self.key.type],
            "state": self.state,
            "since": self.since,
            "until": self.until,
            "file": None if self.file is None else str(self.file),
        }


@dataclass(frozen=True, slots=True)
class ListedCredentialKey:
    """A key of credentials, by its name in tokens; it vouches for nothing in the log."""

    id: str
    state: State
    file: Path

    def as_json(self) -> dict[str, object]:
        """Return the key as a machine reads it."""
        said = {"key": self.id, "kind": "ES256", "state": self.state, "file": str(self.file)}
        return {**said, "since": None, "until": None}


def list_credential_keys(files: CredentialKeyFiles) -> list[ListedCredentialKey]:
    """Return the key that signs credentials, then those that did; of a bad file, none."""
    found: list[ListedCredentialKey] = []
    try:
        current = CredentialKey(files.current())
        found.append(ListedCredentialKey(current.id, "current", files.path))
        retired = [(path, CredentialKey(secret)) for path, secret in files.retired()]
        found += [ListedCredentialKey(key.id, "retired", path) for path, key in retired]
    except KeyFileError:
        return found
    return found


def list_keys(history: KeyHistory, files: KeyFiles) -> list[ListedKey]:
    """Return every key that the log names or a file holds, Ed25519 first, oldest first."""
    listed: list[ListedKey] = []
    for kind in KINDS:
        held = _held(files, kind)
        for term in history.chains[kind]:
            state: State = "current" if term.until is None else "retired"
            file = held.pop(term.key, None)
            listed.append(ListedKey(term.key, state, term.since, term.until, file))
        for key, file in held.items():
            state = "next" if file == files.next(kind) else "unknown"
            if file == files.current(kind) and not history.chains[kind]:
                state = "current"
            listed.append(ListedKey(key, state, None, None, file))
    return listed


def _held(files: KeyFiles, kind: KeyType) -> dict[VerifierKey, Path]:
    """Return which key lies in which file; a file that is none holds none."""
    held: dict[VerifierKey, Path] = {}
    for path in (files.current(kind), files.next(kind), *files.retired(kind)):
        try:
            held.setdefault(read_signing_key(path).verifier_key, path)
        except KeyFileError:
            continue
    return held

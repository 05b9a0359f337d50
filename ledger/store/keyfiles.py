"""Secrets as files that only their owner reads: signing keys, the seal's key, the vault's."""

import os
import stat
from pathlib import Path

from ledger.proof.errors import MalformedError
from ledger.proof.note import KeyType
from ledger.proof.signers import SEED_BYTES, SigningKey, parse_signing_key
from ledger.store.chance import random_bytes
from ledger.store.durable_file import create_file

SECRET_BYTES = 32
_FILE_BYTES_MAX = 4_096
_CONTAINER_BYTES_MAX = 256 * 1024


class KeyFileError(Exception):
    """A key file is absent, open to others, or not a key; ``path`` and ``rule`` say which."""

    def __init__(self, path: Path, rule: str) -> None:
        super().__init__(f"{path}: {rule}")
        self.path = path
        self.rule = rule


def create_signing_key(path: Path, *, name: str, kind: KeyType) -> SigningKey:
    """Write a fresh signing key and return it; durable when it returns.

    Raises:
        FileExistsError: There is such a file; it is untouched.
    """
    key = SigningKey(name, kind, random_bytes(SEED_BYTES))
    create_file(path, f"{key.text()}\n".encode())
    return key


def create_secret(path: Path) -> None:
    """Write 32 fresh random bytes, in hex; durable when it returns.

    Raises:
        FileExistsError: There is such a file; it is untouched.
    """
    create_file(path, f"{random_bytes(SECRET_BYTES).hex()}\n".encode())


def read_signing_key(path: Path) -> SigningKey:
    """Return the signing key in a file.

    Raises:
        KeyFileError: The file is absent, open to others, or holds no signing key.
    """
    try:
        return parse_signing_key(_read(path))
    except MalformedError as error:
        raise KeyFileError(path, "holds no signing key in its one spelling") from error


def read_secret(path: Path) -> bytes:
    """Return the 32 bytes in a file.

    Raises:
        KeyFileError: The file is absent, open to others, or holds something else.
    """
    text = _read(path)
    try:
        secret = bytes.fromhex(text)
    except ValueError:
        secret = b""
    if len(secret) != SECRET_BYTES or secret.hex() != text:
        raise KeyFileError(path, f"holds no {SECRET_BYTES} bytes in lower-case hex")
    return secret


def read_password(path: Path) -> str:
    """Return the one line in a file, the password of a service that the ledger asks.

    Raises:
        KeyFileError: The file is absent, open to others, or holds no such line.
    """
    text = _read(path)
    if not text or not text.isprintable():
        raise KeyFileError(path, "holds no password in one line")
    return text


def read_container(path: Path) -> bytes:
    """Return a file that holds a key with its certificates.

    Raises:
        KeyFileError: The file is absent or open to others.
    """
    return _content(path, _CONTAINER_BYTES_MAX)


def _read(path: Path) -> str:
    return _content(path, _FILE_BYTES_MAX).decode("utf-8", "replace").removesuffix("\n")


def _content(path: Path, bytes_max: int) -> bytes:
    try:
        with path.open("rb") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise KeyFileError(path, "is open to others; run chmod 600 on it")
            return file.read(bytes_max)
    except OSError as error:
        raise KeyFileError(path, error.strerror or "cannot be read") from error

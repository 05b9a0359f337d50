"""The keys of credentials as files: the one that signs, and those that did before it.

    credential.key              signs credentials and status lists; 32 bytes, P-256
    credential.key.81a312bf     one that did before: its public half stays published

They vouch for nothing in the log: what a credential says is proved by the log as well.
"""

from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ledger.store.chance import random_bytes
from ledger.store.durable_file import create_file, replace_file
from ledger.store.keyfiles import KeyFileError, read_secret

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256 (FIPS 186-5): a private key is a number from 1 to this one less 1."""
_DRAWN = 48
_SECRET = 32


def create_credential_key(path: Path) -> None:
    """Write a fresh key, in hex; durable when it returns.

    Raises:
        FileExistsError: There is such a file; it is untouched.
    """
    create_file(path, _drawn())


class CredentialKeyFiles:
    """The files of one ledger's keys of credentials."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def current(self) -> bytes:
        """Return the key that signs: 32 bytes, big-endian.

        Raises:
            KeyFileError: The file is absent, open to others, or holds no such key.
        """
        return _read(self.path)

    def retired(self) -> list[tuple[Path, bytes]]:
        """Return the keys that signed before, each with its file.

        Raises:
            KeyFileError: A file cannot be used.
        """
        found = sorted(self.path.parent.glob(f"{self.path.name}.*"))
        return [(each, _read(each)) for each in found if _is_key_id(each.suffix[1:])]

    def rotate(self) -> None:
        """Put a new key in force, the first one where there is none; the old one is kept.

        A process that dies on the way leaves the old key in force, be it kept twice.

        Raises:
            KeyFileError: The current file cannot be used.
        """
        if not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            create_credential_key(self.path)
            return
        old = self.current()
        kept = self.path.with_name(f"{self.path.name}.{key_id(old)}")
        replace_file(kept, f"{old.hex()}\n".encode())
        replace_file(self.path, _drawn())


def key_id(secret: bytes) -> str:
    """Return by which name a retired key lies in its folder: 8 digits of its public half."""
    public = ec.derive_private_key(int.from_bytes(secret), ec.SECP256R1()).public_key()
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return sha256(point).hexdigest()[:8]


def _drawn() -> bytes:
    """Return the text of a fresh key: FIPS 186-5, A.2.1, so that none is likelier."""
    number = int.from_bytes(random_bytes(_DRAWN)) % (ORDER - 1) + 1
    return f"{number.to_bytes(_SECRET).hex()}\n".encode()


def _read(path: Path) -> bytes:
    secret = read_secret(path)
    if not 0 < int.from_bytes(secret) < ORDER:
        raise KeyFileError(path, "holds no P-256 key")
    return secret


def _is_key_id(text: str) -> bool:
    return len(text) == 8 and set(text) <= set("0123456789abcdef")

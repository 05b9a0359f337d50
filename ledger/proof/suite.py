"""The algorithms of version 1, in one place: a version 2 brings another suite and a new log."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


@dataclass(frozen=True, slots=True)
class Suite:
    """Hash, expansion, cipher and signature of one version of the log format.

    ``hash(data)`` gives 32 bytes, ``hash_all`` those of each of many. ``expand(seed, count)``
    gives ``count`` bytes.
    ``encrypt(key, nonce, text, context)`` authenticates the context with the text, and
    ``decrypt`` returns None where either was changed or the key is another one.
    ``signature`` is the C2SP type of the log's own signature.
    """

    version: int
    hash: Callable[[bytes], bytes]
    hash_all: Callable[[Iterable[bytes]], list[bytes]]
    expand: Callable[[bytes, int], bytes]
    encrypt: Callable[[bytes, bytes, bytes, bytes], bytes]
    decrypt: Callable[[bytes, bytes, bytes, bytes], bytes | None]
    signature: int


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _sha256_all(parts: Iterable[bytes]) -> list[bytes]:
    sha256 = hashlib.sha256
    return [sha256(each).digest() for each in parts]


def _shake256(seed: bytes, count: int) -> bytes:
    return hashlib.shake_256(seed).digest(count)


def _aes_gcm_encrypt(key: bytes, nonce: bytes, text: bytes, context: bytes) -> bytes:
    return AESGCM(key).encrypt(nonce, text, context)


def _aes_gcm_decrypt(key: bytes, nonce: bytes, sealed: bytes, context: bytes) -> bytes | None:
    try:
        return AESGCM(key).decrypt(nonce, sealed, context)
    except InvalidTag:
        return None


SUITE = Suite(
    version=1,
    hash=_sha256,
    hash_all=_sha256_all,
    expand=_shake256,
    encrypt=_aes_gcm_encrypt,
    decrypt=_aes_gcm_decrypt,
    signature=0x01,
)
"""SHA-256, SHAKE-256, AES-256-GCM and Ed25519 (log format, sections 3 to 5)."""

"""A file of evidence as it lies on the disk: its key is made of a share of every holder.

    ledger-evidence/1
    JCS {"file": …, "origin": …, "shares": [{"holder": …, "share": hex}]}
    nonce, and the file under AES-256-GCM with the lines above as context

Holders are the file itself and each person whom it shows. A share is 32 random bytes under the
holder's data key of the vault; the file's key is SHA-256 over all shares in their order. So the
loss of a single data key takes the file with it, from every copy at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ledger.proof.box import NONCE_BYTES, TAG_BYTES
from ledger.proof.canonical import Value, decode_object, encode
from ledger.proof.errors import MalformedError
from ledger.proof.suite import SUITE
from ledger.store.chance import random_bytes

_MAGIC = b"ledger-evidence/1\n"
_SHARE_BYTES = 32
_SEALED_SHARE_BYTES = NONCE_BYTES + _SHARE_BYTES + TAG_BYTES
_HEADER_BYTES_MAX = 64 * 1024
_WHAT = "evidence file"
OVERHEAD_BYTES_MAX = len(_MAGIC) + _HEADER_BYTES_MAX + 1 + NONCE_BYTES + TAG_BYTES
"""How much longer a file is on the disk than as it came, at most."""


@dataclass(frozen=True, slots=True)
class SealedFile:
    """What a file on the disk holds, not yet opened; ``shares`` are by holder, in order."""

    header: bytes
    shares: Mapping[str, bytes]
    sealed: bytes


def seal_file(
    content: bytes, *, origin: str, file: str, holders: Sequence[str], keys: Mapping[str, bytes]
) -> bytes:
    """Return a file as it is to lie on the disk; ``keys`` has the data key of each holder."""
    shares = {holder: random_bytes(_SHARE_BYTES) for holder in holders}
    listed: list[Value] = [
        {
            "holder": holder,
            "share": _seal(keys[holder], share, _place(origin, file, holder)).hex(),
        }
        for holder, share in shares.items()
    ]
    header = encode({"file": file, "origin": origin, "shares": listed}, what=_WHAT)
    sealed = _seal(_key_of(list(shares.values())), content, header)
    return _MAGIC + header + b"\n" + sealed


def parse_sealed(stored: bytes, *, origin: str, file: str) -> SealedFile:
    """Return what the bytes of a file on the disk hold.

    Raises:
        MalformedError: They are no file of evidence, or another one's.
    """
    end = stored.find(b"\n", len(_MAGIC), len(_MAGIC) + _HEADER_BYTES_MAX)
    if not stored.startswith(_MAGIC) or end < 0:
        raise MalformedError(_WHAT, "its first two lines", f"{len(stored)} bytes")
    header, sealed = stored[len(_MAGIC) : end], stored[end + 1 :]
    match decode_object(header, "file", "origin", "shares", what=_WHAT):
        case {"file": named, "origin": of, "shares": list(listed)}:
            if (named, of) != (file, origin):
                raise MalformedError(_WHAT, f"{file} of {origin}", f"{named} of {of}")
            return SealedFile(header, dict(map(_share, listed)), sealed)
        case _:
            raise MalformedError(_WHAT, "a list of shares", "something else")


def open_file(
    found: SealedFile, *, origin: str, file: str, keys: Mapping[str, bytes]
) -> bytes | None:
    """Return the file as it came; None where it, a share or a key is not what it was."""
    shares = []
    for holder, sealed in found.shares.items():
        share = _open(keys[holder], sealed, _place(origin, file, holder))
        if share is None:
            return None
        shares.append(share)
    return _open(_key_of(shares), found.sealed, found.header)


def _key_of(shares: Sequence[bytes]) -> bytes:
    return SUITE.hash(b"ledger evidence key\n" + b"".join(shares))


def _seal(key: bytes, text: bytes, context: bytes) -> bytes:
    nonce = random_bytes(NONCE_BYTES)
    return nonce + SUITE.encrypt(key, nonce, text, context)


def _open(key: bytes, sealed: bytes, context: bytes) -> bytes | None:
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        return None
    return SUITE.decrypt(key, sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)


def _place(origin: str, file: str, holder: str) -> bytes:
    return encode(["evidence share", origin, file, holder])


def _share(value: Value) -> tuple[str, bytes]:
    match value:
        case {"holder": str(holder), "share": str(text)} if (
            len(text) == 2 * _SEALED_SHARE_BYTES
        ):
            try:
                return holder, bytes.fromhex(text)
            except ValueError:
                pass  # said below
    raise MalformedError(_WHAT, "a holder with her share", "something else")

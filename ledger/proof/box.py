"""Personal facts under a person's own key: a box that only that key opens.

    box = 12 random bytes || AES-256-GCM(data key, nonce, JCS({"facts": …, "seed": …}),
                                         aad = JCS([origin, stream, version, person]))

The place is authenticated with the content, so a box cannot be moved to another event or
another person (log format, section 3).
"""

from dataclasses import dataclass

from ledger.proof.canonical import encode
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.facts import FactGroup, parse_group
from ledger.proof.suite import SUITE

DATA_KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box belongs: an event of a stream, and the person it is about."""

    origin: str
    stream: str
    version: int
    person: str

    def text(self) -> bytes:
        """Return JCS([origin, stream, version, person])."""
        return encode([self.origin, self.stream, self.version, self.person])


def seal_box(group: FactGroup, *, data_key: bytes, nonce: bytes, place: Place) -> bytes:
    """Return the box of a group of personal facts; ``nonce`` is 12 fresh random bytes.

    Raises:
        MalformedError: The key or the nonce has another length.
    """
    if len(nonce) != NONCE_BYTES:
        raise MalformedError("box: nonce", f"{NONCE_BYTES} bytes", f"{len(nonce)} bytes")
    _check_key(data_key)
    return nonce + SUITE.encrypt(data_key, nonce, group.text(), place.text())


def open_box(box: bytes, *, data_key: bytes, place: Place) -> FactGroup:
    """Return the group of personal facts in a box: the inverse of `seal_box`.

    Raises:
        MalformedError: The box is too short, or holds something that is no group.
        ProofError: It was not sealed with this key for this place, or was changed since.
    """
    if len(box) < NONCE_BYTES + TAG_BYTES:
        raise MalformedError("box", f"at least {NONCE_BYTES + TAG_BYTES} bytes", len(box))
    nonce, sealed = box[:NONCE_BYTES], box[NONCE_BYTES:]
    _check_key(data_key)
    text = SUITE.decrypt(data_key, nonce, sealed, place.text())
    if text is None:
        raise ProofError("box", "sealed with the person's key for this place", "not")
    return parse_group(text, what="box")


def _check_key(data_key: bytes) -> None:
    if len(data_key) != DATA_KEY_BYTES:
        raise MalformedError("data key", f"{DATA_KEY_BYTES} bytes", f"{len(data_key)} bytes")

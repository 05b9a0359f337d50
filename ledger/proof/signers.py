"""Private keys that sign notes, and the one line of text in which a key file holds one.

    PRIVATE+KEY+<name>+<key ID in hex>+<base64 of type and seed>

This is the form of golang.org/x/mod/sumdb/note, used for every type here. The seed is 32
bytes, from which both algorithms derive the rest (RFC 8032, 5.1.5; FIPS 204, 6.1). Where it
comes from is the caller's matter: nothing in this package draws a random number, except
that the library may blind an ML-DSA-44 signature, so that two over the same bytes differ.

Neither ``repr`` nor an error of this module ever shows a seed.
"""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from ledger.proof.encoding64 import decode_base64, encode_base64
from ledger.proof.errors import MalformedError
from ledger.proof.note import KeyType, VerifierKey, parse_key_type

SEED_BYTES = 32
SIGNING_KEY_CHARACTERS_MAX = 4_096

_PREFIX = "PRIVATE+KEY+"
_NOT_SHOWN = "(not shown)"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key under a name; ``verifier_key`` is what the world may know of it.

    Raises:
        MalformedError: The seed is not 32 bytes, or the name is no key name.
    """

    name: str
    type: KeyType
    seed: bytes = field(repr=False)
    verifier_key: VerifierKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.seed) != SEED_BYTES:
            raise MalformedError("signing key: seed", f"{SEED_BYTES} bytes", _NOT_SHOWN)
        public = self._private().public_key().public_bytes_raw()
        # Derived once: an ML-DSA-44 key takes longer to derive than to use.
        object.__setattr__(self, "verifier_key", VerifierKey(self.name, self.type, public))

    def sign(self, message: bytes) -> bytes:
        """Return the raw signature over a message, 64 or 2,420 bytes.

        What the message must be, `ledger.proof.checkpoint` knows.
        """
        return self._private().sign(message)

    def text(self) -> str:
        """Return the line of a key file, without a newline. It is a secret."""
        typed = encode_base64(bytes([self.type]) + self.seed)
        return f"{_PREFIX}{self.name}+{self.verifier_key.id.hex()}+{typed}"

    def _private(self) -> Ed25519PrivateKey | MLDSA44PrivateKey:
        if self.type is KeyType.MLDSA44:
            return MLDSA44PrivateKey.from_seed_bytes(self.seed)
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def parse_signing_key(text: str) -> SigningKey:
    """Return the key that has exactly this text: the inverse of `SigningKey.text`.

    Raises:
        MalformedError: It is no private key of a type of ours, or its ID is wrong; the
            error holds nothing of the text.
    """
    if len(text) > SIGNING_KEY_CHARACTERS_MAX:
        raise MalformedError(
            "signing key", f"at most {SIGNING_KEY_CHARACTERS_MAX} characters", len(text)
        )
    key = _read(text)
    # Raised here and not where it was noticed: an error that is being handled would stay
    # attached to this one, and with it the text that it quotes.
    if key is None or key.text() != text:
        raise MalformedError(
            "signing key",
            f"{_PREFIX}<name>+<key ID>+<base64>, in its one spelling",
            _NOT_SHOWN,
        )
    return key


def _read(text: str) -> SigningKey | None:
    if not text.startswith(_PREFIX):
        return None
    name, _, rest = text.removeprefix(_PREFIX).partition("+")
    try:
        typed = decode_base64(rest.partition("+")[2], "signing key")
        return SigningKey(name, parse_key_type(typed[:1]), typed[1:])
    except MalformedError:
        return None

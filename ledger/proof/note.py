"""Signed notes (C2SP signed-note): a text, an empty line, and who signs it.

    This is an example message.

    — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYN…=

The base64 is four bytes of key ID and then the signature. A name and a key ID together say
which key; lines of keys that one does not know are ignored, so a note can gather
signatures of kinds that an older reader never heard of. Parsing says nothing about who
signed: that is `ledger.proof.checkpoint` and `ledger.proof.policy`.
"""

import hashlib
import re
from dataclasses import dataclass
from enum import IntEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from ledger.proof.encoding64 import decode_base64, decode_utf8, encode_base64, encode_utf8
from ledger.proof.errors import MalformedError, ProofError

NOTE_BYTES_MAX = 1 << 20
SIGNATURES_MAX = 100
"""The specification asks for at least 16; 100 lines of ML-DSA-44 are 330 kB."""
KEY_ID_BYTES = 4
VERIFIER_KEY_CHARACTERS_MAX = 4_096

_LINE_START = "— "
_CONTROL = re.compile(r"[\x00-\x1f]")


class KeyType(IntEnum):
    """The signature types that a key of ours may have (C2SP signed-note)."""

    ED25519 = 0x01
    """Ed25519 over the text of the note."""
    COSIGNATURE = 0x04
    """Ed25519 over a time and the text (C2SP tlog-cosignature)."""
    MLDSA44 = 0x06
    """ML-DSA-44 over a time and what a checkpoint says (C2SP tlog-cosignature)."""

    @property
    def public_bytes(self) -> int:
        """The length of a public key."""
        return 1_312 if self is KeyType.MLDSA44 else 32

    @property
    def signature_bytes(self) -> int:
        """The length of a signature, without the time of a cosignature."""
        return 2_420 if self is KeyType.MLDSA44 else 64


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """What one key says of a text, unverified; ``blob`` is all that follows the key ID.

    Raises:
        MalformedError: The name is no key name, the ID not 4 bytes, or nothing follows.
    """

    name: str
    key_id: bytes
    blob: bytes

    def __post_init__(self) -> None:
        check_key_name(self.name, "signature line: name")
        if len(self.key_id) != KEY_ID_BYTES:
            raise MalformedError("signature line: key ID", f"{KEY_ID_BYTES} bytes", self.key_id)
        if not self.blob:
            raise MalformedError("signature line", "a signature", self.blob)

    def text(self) -> str:
        """Return the line, with its newline."""
        return f"{_LINE_START}{self.name} {encode_base64(self.key_id + self.blob)}\n"


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text that ends in a newline, and from 1 to 100 lines of signature, unverified.

    Raises:
        MalformedError: The text has another end or a control character, or the whole is
            longer than 1 MiB.
    """

    text: str
    signatures: tuple[SignatureLine, ...]

    def __post_init__(self) -> None:
        if not self.text.endswith("\n"):
            raise MalformedError("note: text", "a newline at the end", self.text[-1:])
        check_no_controls(self.text.replace("\n", " "), "note: text")
        if not 1 <= len(self.signatures) <= SIGNATURES_MAX:
            raise MalformedError(
                "note: signatures", f"1 to {SIGNATURES_MAX}", len(self.signatures)
            )
        size = len(self.encode())
        if size > NOTE_BYTES_MAX:
            raise MalformedError("note", f"at most {NOTE_BYTES_MAX} bytes", size)

    def encode(self) -> bytes:
        """Return the note as it is published, UTF-8."""
        lines = "".join(line.text() for line in self.signatures)
        return encode_utf8(f"{self.text}\n{lines}", "note")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under a name; ``public`` is its raw bytes, 32 or 1,312.

    Raises:
        MalformedError: The name is no key name, or the length is not that of the type.
    """

    name: str
    type: KeyType
    public: bytes

    def __post_init__(self) -> None:
        check_key_name(self.name, "verifier key: name")
        if len(self.public) != self.type.public_bytes:
            raise MalformedError(
                "verifier key: public key", f"{self.type.public_bytes} bytes", self.public
            )

    @property
    def id(self) -> bytes:
        """The 4 bytes that, beside the name, mark the lines of this key."""
        told = self.name.encode("utf-8") + b"\n" + bytes([self.type]) + self.public
        return hashlib.sha256(told).digest()[:KEY_ID_BYTES]

    @property
    def label(self) -> str:
        """Name and key ID, ``name+81a312bf``: which key a line says it is of."""
        return f"{self.name}+{self.id.hex()}"

    def text(self) -> str:
        """Return the key as people exchange it: a vkey (signed-note, verifier keys)."""
        typed = encode_base64(bytes([self.type]) + self.public)
        return f"{self.label}+{typed}"

    def verify(self, *, message: bytes, signature: bytes) -> None:
        """Check one signature, which is the raw bytes of the algorithm.

        Raises:
            ProofError: This key did not sign this message so.
        """
        try:
            if self.type is KeyType.MLDSA44:
                MLDSA44PublicKey.from_public_bytes(self.public).verify(signature, message)
            else:
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            # A length that the library refuses by itself is a wrong signature too.
            raise ProofError("signature", f"one by {self.label}", signature) from None


def parse_note(data: bytes) -> SignedNote:
    """Return the note that has exactly these bytes: the inverse of `SignedNote.encode`.

    The text ends before the *last* empty line; it may hold empty lines itself.

    Raises:
        MalformedError: The bytes are no signed note, or too long.
    """
    if len(data) > NOTE_BYTES_MAX:
        raise MalformedError("note", f"at most {NOTE_BYTES_MAX} bytes", len(data))
    text, empty_line, lines = decode_utf8(data, "note").rpartition("\n\n")
    if not empty_line:
        raise MalformedError("note", "an empty line before the signatures", data)
    note = SignedNote(text + "\n", parse_signature_lines(lines))
    if note.encode() != data:
        raise MalformedError("note", "its one spelling", data)
    return note


def parse_signature_lines(text: str) -> tuple[SignatureLine, ...]:
    """Return from 1 to 100 signature lines: the end of a note, or a witness's answer.

    Raises:
        MalformedError: There are none or too many, or one is spelled otherwise.
    """
    if len(text) > NOTE_BYTES_MAX:
        raise MalformedError("signature lines", f"at most {NOTE_BYTES_MAX} bytes", len(text))
    if not text.endswith("\n"):
        raise MalformedError("signature lines", "a newline at the end", text[-1:])
    if text.count("\n") > SIGNATURES_MAX:
        raise MalformedError("signature lines", f"at most {SIGNATURES_MAX}", text.count("\n"))
    return tuple(_parse_line(line) for line in text[:-1].split("\n"))


def _parse_line(line: str) -> SignatureLine:
    if not line.startswith(_LINE_START):
        raise MalformedError("signature line", "an em dash and a space at the start", line)
    name, _, encoded = line.removeprefix(_LINE_START).partition(" ")
    signed = decode_base64(encoded, "signature line")
    return SignatureLine(name, signed[:KEY_ID_BYTES], signed[KEY_ID_BYTES:])


def parse_vkey(text: str) -> VerifierKey:
    """Return the key that has exactly this text: the inverse of `VerifierKey.text`.

    Raises:
        MalformedError: It is no vkey, of a type that is not ours, or its ID is wrong.
    """
    if len(text) > VERIFIER_KEY_CHARACTERS_MAX:
        raise MalformedError(
            "verifier key", f"at most {VERIFIER_KEY_CHARACTERS_MAX} characters", len(text)
        )
    # The base64 may hold a plus of its own, so only the first two of them separate.
    name, _, rest = text.partition("+")
    typed = decode_base64(rest.partition("+")[2], "verifier key")
    key = VerifierKey(name, parse_key_type(typed[:1]), typed[1:])
    if key.text() != text:
        raise MalformedError("verifier key: key ID", key.id.hex(), rest.partition("+")[0])
    return key


def parse_key_type(data: bytes) -> KeyType:
    """Return the key type that one byte names.

    Raises:
        MalformedError: It is none of ours.
    """
    try:
        return KeyType(int.from_bytes(data, "big"))
    except ValueError:
        raise MalformedError("key type", [int(known) for known in KeyType], data) from None


def check_key_name(name: str, what: str = "key name") -> None:
    """Raise MalformedError unless a key may be called so (C2SP signed-note, format)."""
    check_no_controls(name, what)
    if not name or "+" in name or any(character.isspace() for character in name):
        raise MalformedError(what, "a name without space or plus", name)
    if any("\x7f" <= character <= "\x9f" for character in name):
        raise MalformedError(what, "no control character", name)


def check_no_controls(text: str, what: str) -> None:
    """Raise MalformedError where a text has no UTF-8 or a character below U+0020."""
    encode_utf8(text, what)
    if _CONTROL.search(text) is not None:
        raise MalformedError(what, "no control character", text)

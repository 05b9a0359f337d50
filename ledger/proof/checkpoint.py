"""Checkpoints (C2SP tlog-checkpoint): how large a log is, its root, and who says so.

    ledger.example.gov.cn/log/110000
    11
    KiRz9kXyyH2BUGlDul55oXYynif7zEgQxxe1d/nuxs8=

is the text of a signed note. An Ed25519 line signs this text; a cosignature signs it, or
what it says, together with a time (C2SP tlog-cosignature). That a log must never sign two
checkpoints that contradict each other is kept where signatures are released, not here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ledger.proof.encoding64 import (
    check_hash,
    check_number,
    decode_decimal,
    decode_hash,
    encode_base64,
)
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.merkle import EMPTY_ROOT
from ledger.proof.note import (
    NOTE_BYTES_MAX,
    KeyType,
    SignatureLine,
    SignedNote,
    VerifierKey,
    check_no_controls,
    parse_note,
)
from ledger.proof.signers import SigningKey

TIMESTAMP_BYTES = 8
TIMESTAMP_MAX = 2**63 - 1
NAME_BYTES_MAX = 255
"""What ML-DSA-44 cosignatures count in one byte: the origin and the cosigner's name."""

_MLDSA44_LABEL = b"subtree/v1\n\x00"


class EmptyRootError(MalformedError):
    """A checkpoint of size 0 with another root than SHA-256 of nothing.

    Apart from other malformed ones, because a witness has an answer of its own for it.
    """


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: its first ``size`` entries have this root, 32 bytes.

    An origin may hold spaces, because old logs of other people do; ours are key names.
    Extension lines are theirs too: monitors cannot audit what a log writes there.

    Raises:
        MalformedError: A size is not from 0 to 2^63-1, a root not 32 bytes or, of an empty
            tree, not SHA-256 of nothing (`EmptyRootError`); an origin or extension line is
            empty or more than a line.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for line in (self.origin, *self.extensions):
            check_no_controls(line, "checkpoint: line")
            if not line:
                raise MalformedError("checkpoint", "no empty line", line)
        check_number(self.size, "checkpoint: size")
        check_hash(self.root, "checkpoint: root")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise EmptyRootError("checkpoint: root", EMPTY_ROOT, self.root)

    def text(self) -> str:
        """Return the text of the note, each line with its newline."""
        lines = (self.origin, str(self.size), encode_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def parse_checkpoint(text: str, *, extensions_allowed: bool = False) -> Checkpoint:
    """Return the checkpoint that has exactly this text: the inverse of `Checkpoint.text`.

    Raises:
        MalformedError: It is no checkpoint, or has extension lines that were not allowed.
    """
    if len(text) > NOTE_BYTES_MAX:
        raise MalformedError("checkpoint", f"at most {NOTE_BYTES_MAX} bytes", len(text))
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1]:
        raise MalformedError("checkpoint", "three lines that end in newlines", text)
    origin, size, root, *extensions = lines[:-1]
    if extensions and not extensions_allowed:
        raise MalformedError("checkpoint", "no extension lines", extensions[0])
    return Checkpoint(
        origin,
        decode_decimal(size, "checkpoint: size"),
        decode_hash(root, "checkpoint: root"),
        tuple(extensions),
    )


def sign_checkpoint(
    checkpoint: Checkpoint, key: SigningKey, *, timestamp: int | None
) -> SignatureLine:
    """Return one signature line over a checkpoint.

    An Ed25519 key signs the text and takes None; the other types sign a time too, in
    seconds since 1970 UTC.

    Raises:
        MalformedError: There is a time where none belongs, or none where one does, or an
            ML-DSA-44 cosignature would leave extension lines unsigned or not fit a name.
            Nothing was signed.
    """
    name, identity = key.name, key.verifier_key.id
    if key.type is KeyType.ED25519:
        if timestamp is not None:
            raise MalformedError("signature: timestamp", None, timestamp)
        return SignatureLine(name, identity, key.sign(checkpoint.text().encode()))
    if timestamp is None:
        raise MalformedError("cosignature: timestamp", "seconds since 1970", timestamp)
    check_number(timestamp, "cosignature: timestamp", largest=TIMESTAMP_MAX)
    if key.type is KeyType.COSIGNATURE:
        message = _ed25519_message(checkpoint.text(), timestamp=timestamp)
    else:
        message = _mldsa44_message(checkpoint, cosigner=name, timestamp=timestamp)
    blob = timestamp.to_bytes(TIMESTAMP_BYTES, "big") + key.sign(message)
    return SignatureLine(name, identity, blob)


def add_signatures(
    signed: Checkpoint | SignedNote, lines: Iterable[SignatureLine]
) -> SignedNote:
    """Return the note with further lines after those that it has; none appears twice.

    Raises:
        MalformedError: The note would have no signature, or too many.
    """
    if isinstance(signed, Checkpoint):
        return SignedNote(signed.text(), tuple(dict.fromkeys(lines)))
    return SignedNote(signed.text, tuple(dict.fromkeys((*signed.signatures, *lines))))


def verify_signature(note: SignedNote, key: VerifierKey) -> int | None:
    """Check that a key signs a note; return its time of cosignature, None for Ed25519.

    Of several lines by this key all must hold, and the latest time counts.

    Raises:
        ProofError: This key has no line here, or one that fails: then the whole note is
            worth nothing, whatever the other lines say (C2SP signed-note, signatures).
    """
    times = verify_lines(note, key)
    if not times:
        raise ProofError("signature", f"a line by {key.name}", _names(note))
    return max((time for time in times if time is not None), default=None)


def verify_lines(note: SignedNote, key: VerifierKey) -> list[int | None]:
    """Check all lines of one key; return the time of each, so nothing where it has none.

    For readers to whom it matters which of the keys they know have signed.

    Raises:
        ProofError: A line of this key fails.
    """
    identity = (key.name, key.id)
    return [
        _verify_line(note, line, key)
        for line in note.signatures
        if (line.name, line.key_id) == identity
    ]


def open_checkpoint(data: bytes, key: VerifierKey, *, origin: str | None = None) -> Checkpoint:
    """Return the checkpoint in a note that a key signs, of the log of that name.

    Without ``origin`` the log is called as the key is, as C2SP tlog-checkpoint wants it.

    Raises:
        MalformedError: The bytes are no signed note, or its text no checkpoint, or one with
            extension lines.
        ProofError: The key does not sign it, or it is of another log.
    """
    note = parse_note(data)
    verify_signature(note, key)
    checkpoint = parse_checkpoint(note.text)
    wanted = key.name if origin is None else origin
    if checkpoint.origin != wanted:
        raise ProofError("checkpoint: origin", wanted, checkpoint.origin)
    return checkpoint


def _verify_line(note: SignedNote, line: SignatureLine, key: VerifierKey) -> int | None:
    if key.type is KeyType.ED25519:
        key.verify(message=note.text.encode(), signature=line.blob)
        return None
    length = TIMESTAMP_BYTES + key.type.signature_bytes
    if len(line.blob) != length:
        raise ProofError(f"cosignature by {key.name}", f"{length} bytes", line.blob)
    timestamp = int.from_bytes(line.blob[:TIMESTAMP_BYTES], "big")
    if timestamp > TIMESTAMP_MAX:
        raise ProofError(f"cosignature by {key.name}", f"at most {TIMESTAMP_MAX}", timestamp)
    if key.type is KeyType.COSIGNATURE:
        message = _ed25519_message(note.text, timestamp=timestamp)
    else:
        message = _message_for(note, key, timestamp=timestamp)
    key.verify(message=message, signature=line.blob[TIMESTAMP_BYTES:])
    return timestamp


def _message_for(note: SignedNote, key: VerifierKey, *, timestamp: int) -> bytes:
    try:
        # A reader would take extension lines for signed, which they would not be.
        checkpoint = parse_checkpoint(note.text)
        return _mldsa44_message(checkpoint, cosigner=key.name, timestamp=timestamp)
    except MalformedError as error:
        raise ProofError(f"cosignature by {key.name}", error.want, error.got) from error


def _ed25519_message(text: str, *, timestamp: int) -> bytes:
    """Return what type 0x04 signs (C2SP tlog-cosignature, Ed25519 signed message)."""
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()


def _mldsa44_message(checkpoint: Checkpoint, *, cosigner: str, timestamp: int) -> bytes:
    """Return what type 0x06 signs (C2SP tlog-cosignature, ML-DSA-44 signed message)."""
    if checkpoint.extensions:
        raise MalformedError("cosignature", "no extension lines", checkpoint.extensions)
    start = 0  # A checkpoint is the subtree that begins at the first leaf.
    return b"".join(
        (
            _MLDSA44_LABEL,
            _counted(cosigner, "cosigner's name"),
            timestamp.to_bytes(8, "big"),
            _counted(checkpoint.origin, "origin"),
            start.to_bytes(8, "big"),
            checkpoint.size.to_bytes(8, "big"),
            checkpoint.root,
        )
    )


def _counted(text: str, what: str) -> bytes:
    data = text.encode()
    if len(data) > NAME_BYTES_MAX:
        raise MalformedError(f"cosignature: {what}", f"at most {NAME_BYTES_MAX} bytes", text)
    return bytes([len(data)]) + data


def _names(note: SignedNote) -> list[str]:
    return [line.name for line in note.signatures]

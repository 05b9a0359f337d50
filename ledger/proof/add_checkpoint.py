"""What a log sends to a witness (C2SP tlog-witness), and to an auditor as a file.

    old 20852014
    PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
    jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=

    example.com/behind-the-sofa
    20852163
    …

The hashes should show that the tree of the checkpoint extends the one of the old size. If
they do, and if the old size fits, is not for the parser to judge: a witness has an answer
of its own for each such case.
"""

import hashlib
from dataclasses import dataclass

from ledger.proof.checkpoint import Checkpoint, parse_checkpoint
from ledger.proof.encoding64 import (
    check_hash,
    check_number,
    decode_decimal,
    decode_hash,
    decode_utf8,
    encode_base64,
)
from ledger.proof.errors import MalformedError
from ledger.proof.note import NOTE_BYTES_MAX, SignedNote, parse_note

PROOF_HASHES_MAX = 63
REQUEST_BYTES_MAX = NOTE_BYTES_MAX + (1 << 13)
"""More than the largest note and 63 hashes take together."""

SIZE_CONTENT_TYPE = "text/x.tlog.size"
"""Media type of the answer that names the size which a witness holds."""

_OLD = "old "


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A checkpoint, and the consistency proof from a size that was cosigned before.

    ``proof`` has at most 63 hashes of 32 bytes, in the order of RFC 9162, 2.1.4.

    Raises:
        MalformedError: A part is out of bounds, or the note is no checkpoint.
    """

    old_size: int
    proof: tuple[bytes, ...]
    note: SignedNote

    def __post_init__(self) -> None:
        check_number(self.old_size, "add-checkpoint: old size")
        check_number(len(self.proof), "add-checkpoint: proof", largest=PROOF_HASHES_MAX)
        for each in self.proof:
            check_hash(each, "add-checkpoint: proof")
        parse_checkpoint(self.note.text, extensions_allowed=True)

    @property
    def checkpoint(self) -> Checkpoint:
        """What the note says, not yet verified; other people's may have extension lines."""
        return parse_checkpoint(self.note.text, extensions_allowed=True)

    def encode(self) -> bytes:
        """Return the body of the request, UTF-8."""
        lines = [f"{_OLD}{self.old_size}", *map(encode_base64, self.proof)]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.note.encode()


def parse_add_checkpoint(data: bytes) -> AddCheckpoint:
    """Return the request of exactly this body: the inverse of `AddCheckpoint.encode`.

    Raises:
        MalformedError: The bytes are no such request, or too long.
    """
    if len(data) > REQUEST_BYTES_MAX:
        raise MalformedError("add-checkpoint", f"at most {REQUEST_BYTES_MAX} bytes", len(data))
    head, _, note = data.partition(b"\n\n")
    old, *lines = decode_utf8(head, "add-checkpoint").split("\n", PROOF_HASHES_MAX + 1)
    if not old.startswith(_OLD):
        raise MalformedError("add-checkpoint", f"a line that starts with {_OLD!r}", old)
    request = AddCheckpoint(
        decode_decimal(old.removeprefix(_OLD), "add-checkpoint: old size"),
        tuple(decode_hash(line, "add-checkpoint: proof") for line in lines),
        parse_note(note),
    )
    if request.encode() != data:
        raise MalformedError("add-checkpoint", "its one spelling", data)
    return request


def origin_hash(origin: str) -> str:
    """Return SHA-256 of an origin in lower-case hex: where a witness shows what it cosigned."""
    return hashlib.sha256(origin.encode()).hexdigest()


def encode_size(size: int) -> bytes:
    """Return the body by which a witness says how large the log was that it cosigned."""
    return f"{size}\n".encode()


def parse_size(data: bytes) -> int:
    """Return the size in such a body: the inverse of `encode_size`.

    Raises:
        MalformedError: It is no decimal with a newline after it, or too large.
    """
    text = decode_utf8(data, "witness: size")
    if not text.endswith("\n"):
        raise MalformedError("witness: size", "a newline at the end", text[-1:])
    return decode_decimal(text[:-1], "witness: size")

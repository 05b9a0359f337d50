"""The proof of one entry, in one file (C2SP tlog-proof): path, checkpoint, signatures.

    c2sp.org/tlog-proof@v1
    extra <base64>
    index 2
    +exmYiob8IdqtJF3Z/5YkTDM4FdiDExtHRLXvo8zQHc=
    dkro4VD3Jo6XllG2NQVNdL54/1h9eu5dUDGUX/78Q/0=

    ledger.example.gov.cn/log/110000
    11
    …

What ``extra`` holds is for the application, and nobody has signed it. Reading such a file
proves nothing: hash the entry, find the log's key and the quorum in a policy, then follow
the path to the root.
"""

from dataclasses import dataclass
from functools import lru_cache

from ledger.proof.checkpoint import Checkpoint, parse_checkpoint
from ledger.proof.encoding64 import (
    check_hash,
    check_number,
    decode_base64,
    decode_decimal,
    decode_hash,
    decode_utf8,
    encode_base64,
)
from ledger.proof.errors import MalformedError
from ledger.proof.note import NOTE_BYTES_MAX, SignedNote, parse_note

PATH_HASHES_MAX = 63
EXTRA_BYTES_MAX = 1 << 23
PROOF_BYTES_MAX = NOTE_BYTES_MAX + 2 * EXTRA_BYTES_MAX
"""More than the largest note, extra and path take together."""

_TITLE = "c2sp.org/tlog-proof@v1"
_EXTRA = "extra "
_INDEX = "index "


@dataclass(frozen=True, slots=True)
class TlogProof:
    """The claim that a log holds an entry at ``index``, from 0, and what should show it.

    ``path`` has at most 63 hashes of 32 bytes, the leaf's sibling first. ``extra`` is None
    or at least one byte.

    Raises:
        MalformedError: A part is out of bounds, the note is no checkpoint, or its tree has
            no leaf of that index.
    """

    index: int
    path: tuple[bytes, ...]
    note: SignedNote
    extra: bytes | None = None

    def __post_init__(self) -> None:
        if self.extra is not None:
            check_number(
                len(self.extra), "tlog-proof: extra", smallest=1, largest=EXTRA_BYTES_MAX
            )
        check_number(self.index, "tlog-proof: index", largest=self.checkpoint.size - 1)
        check_number(len(self.path), "tlog-proof: path", largest=PATH_HASHES_MAX)
        for each in self.path:
            check_hash(each, "tlog-proof: path")

    @property
    def checkpoint(self) -> Checkpoint:
        """What the note says, not yet verified; other people's may have extension lines."""
        return _checkpoint(self.note.text)

    def encode(self) -> bytes:
        """Return the content of the file, UTF-8."""
        lines = [_TITLE]
        if self.extra is not None:
            lines.append(_EXTRA + encode_base64(self.extra))
        lines.append(f"{_INDEX}{self.index}")
        lines += [_hash_line(each) for each in self.path]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.note.encode()


@lru_cache(maxsize=1_024)
def _hash_line(node: bytes) -> str:
    """Write once what the paths of neighbours share."""
    return encode_base64(node)


@lru_cache(maxsize=16)
def _checkpoint(text: str) -> Checkpoint:
    """Read once what the many proofs of one receipt rest on."""
    return parse_checkpoint(text, extensions_allowed=True)


def parse_tlog_proof(data: bytes) -> TlogProof:
    """Return the proof that has exactly these bytes: the inverse of `TlogProof.encode`.

    Raises:
        MalformedError: The bytes are no proof of this version, or too long.
    """
    if len(data) > PROOF_BYTES_MAX:
        raise MalformedError("tlog-proof", f"at most {PROOF_BYTES_MAX} bytes", len(data))
    # The first empty line, not the last: the note has one too.
    head, _, note = data.partition(b"\n\n")
    title, *lines = decode_utf8(head, "tlog-proof").split("\n", PATH_HASHES_MAX + 3)
    if title != _TITLE:
        raise MalformedError("tlog-proof", _TITLE, title)
    extra = None
    if lines and lines[0].startswith(_EXTRA):
        extra = decode_base64(lines.pop(0).removeprefix(_EXTRA), "tlog-proof: extra")
    if not lines or not lines[0].startswith(_INDEX):
        raise MalformedError("tlog-proof", f"a line that starts with {_INDEX!r}", lines[:1])
    index = decode_decimal(lines.pop(0).removeprefix(_INDEX), "tlog-proof: index")
    path = tuple(decode_hash(line, "tlog-proof: path") for line in lines)
    proof = TlogProof(index, path, parse_note(note), extra)
    if proof.encode() != data:
        raise MalformedError("tlog-proof", "its one spelling", data)
    return proof

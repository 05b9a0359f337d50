r"""Rows in PostgreSQL's binary COPY format, made while the server takes in those before.

PGCOPY\n\xff\r\n\0, 8 zero bytes; each row: u16be(columns), each column: u32be(length)
and its bytes, or 0xffffffff for null; 0xffff     (PostgreSQL manual, COPY, binary format)
"""

from collections.abc import Iterable, Iterator
from struct import Struct

from ledger.store.linking import BoxRow, EntryRow

_PIECE_BYTES = 65_536
_OPENING = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_END = b"\xff\xff"
_NULL = b"\xff\xff\xff\xff"
_LENGTH = Struct(">I")
_PLACE = Struct(">I32sI16sIqIqI")
_SUBMISSION = Struct(">I16s")
_BOX = Struct(">IqI16sI")


class CopyFile:
    """A file that `copy_expert` reads: the next piece is made when it is asked for."""

    def __init__(self, rows: Iterable[bytes]) -> None:
        self._pieces = _pieces(rows)

    def read(self, _size: int = -1) -> bytes:
        """Return the next piece, whatever size is asked for; empty at the end."""
        return next(self._pieces, b"")


def _pieces(rows: Iterable[bytes]) -> Iterator[bytes]:
    piece, size = [_OPENING], len(_OPENING)
    for row in rows:
        piece.append(row)
        size += len(row)
        if size >= _PIECE_BYTES:
            yield b"".join(piece)
            piece, size = [], 0
    yield b"".join(piece) + _END


def entries_in_binary(rows: Iterable[EntryRow]) -> Iterator[bytes]:
    """Yield each entry as a row of COPY, in the order of the table's columns."""
    log, opening = "", b""
    for row in rows:
        if row.log != log:
            log = row.log
            opening = b"\x00\x0b" + _column(log.encode()) + b"\x00\x00\x00\x08"
        topic = row.topic.encode()
        yield b"".join(
            (
                opening,
                row.seq.to_bytes(8, "big"),
                _column(row.entry),
                # leaf, stream, version, originator_version, and how long the topic is
                _PLACE.pack(
                    32, row.leaf, 16, _uuid(row.stream), 8, row.version, 8,
                    row.originator_version, len(topic),
                ),
                topic,
                _column(row.plain),
                _NULL if row.personal is None else _column(row.personal),
                _SUBMISSION.pack(16, row.submission.bytes),
            )
        )  # fmt: skip


def boxes_in_binary(rows: Iterable[BoxRow]) -> Iterator[bytes]:
    """Yield each box as a row of COPY, in the order of the table's columns."""
    for row in rows:
        place = _BOX.pack(8, row.seq, 16, _uuid(row.person), len(row.box))
        yield b"\x00\x04" + _column(row.log.encode()) + place + row.box


def _column(data: bytes) -> bytes:
    return _LENGTH.pack(len(data)) + data


def _uuid(identifier: str) -> bytes:
    return bytes.fromhex(identifier.replace("-", ""))

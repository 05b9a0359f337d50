"""Rows read from PostgreSQL by binary COPY: several times as fast as through a cursor.

Five columns begin each row, in this order: three of int8, a text and a bytea. They nearly
always have the same lengths, so one look reads them all; a row whose lengths differ is read
field by field. Other columns follow, each text or bytea, in any length. Whatever types the
columns have, the query asks for these, so nobody can change a table to be read wrongly.
"""

from collections.abc import Callable, Iterator, Sequence
from struct import Struct
from struct import error as struct_error
from typing import Any

from ledger.proof.errors import MalformedError

Row = tuple[Any, ...]
UUID_CHARACTERS = 36
HASH_BYTES = 32

_SIGNATURE = b"PGCOPY\n\xff\r\n\x00"
_HEADER_BYTES = len(_SIGNATURE) + 8
_NULL = -1
_COMMON = Struct(f">hiqiqiqi{UUID_CHARACTERS}si{HASH_BYTES}s")
_LENGTHS = (8, 8, 8, UUID_CHARACTERS, HASH_BYTES)
_read_count = Struct(">h").unpack_from
_read_length = Struct(">i").unpack_from
_read_integer = Struct(">q").unpack_from


class _Parts:
    """A file for the driver to write to, which keeps what is written as it comes."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.write: Callable[[bytes], None] = self.parts.append


def copy_rows(
    cursor: Any, query: str, values: Sequence[object], texts: Sequence[bool]
) -> Iterator[Row]:
    """Yield the rows of a query; ``texts`` says which of the further columns are text.

    All of them are held until the last is taken: ask for a page.

    Raises:
        MalformedError: What came is not binary COPY.
        psycopg2.Error: The database refused.
    """
    parts = _Parts()
    asked = cursor.mogrify(query, values).decode("utf-8")
    cursor.copy_expert(f"COPY ({asked}) TO STDOUT (FORMAT binary)", parts)
    return parse_copy(b"".join(parts.parts), texts)


def parse_copy(data: bytes, texts: Sequence[bool]) -> Iterator[Row]:
    """Yield the rows of what COPY sends in binary (PostgreSQL manual, COPY, Binary Format).

    Raises:
        MalformedError: It is cut off, or not what was asked for.
    """
    try:
        yield from _parsed(data, texts)
    except struct_error as error:
        raise MalformedError("COPY", "whole rows", f"{len(data)} bytes") from error


def _parsed(data: bytes, texts: Sequence[bool]) -> Iterator[Row]:
    if not data.startswith(_SIGNATURE) or any(data[len(_SIGNATURE) : _HEADER_BYTES]):
        raise MalformedError("COPY", "the signature and no flags", len(data))
    at, end = _HEADER_BYTES, len(data) - 2
    columns, further = len(_LENGTHS) + len(texts), tuple(texts)
    common, size = _COMMON.unpack_from, _COMMON.size
    while at < end:
        if at + size <= end:
            count, a, seq, b, version, c, number, d, stream, e, leaf = common(data, at)
            if count == columns and (a, b, c, d, e) == _LENGTHS:
                fields, at = _fields(data, at + size, further)
                yield (
                    seq,
                    version,
                    number,
                    stream.decode("utf-8", "surrogateescape"),
                    leaf,
                    *fields,
                )
                continue
        row, at = _row(data, at, further)
        yield row
    if at != end or data[end:] != b"\xff\xff":
        raise MalformedError("COPY", "a trailer after the last row", len(data) - at)


def _fields(data: bytes, at: int, texts: Sequence[bool]) -> tuple[list[Any], int]:
    fields: list[Any] = []
    for is_text in texts:
        (length,) = _read_length(data, at)
        at += 4
        if length < 0:
            if length != _NULL:
                raise MalformedError("COPY", "a length, or -1 for null", length)
            fields.append(None)
            continue
        stop = at + length
        field = data[at:stop]
        fields.append(field.decode("utf-8", "surrogateescape") if is_text else field)
        at = stop
    return fields, at


def _row(data: bytes, at: int, texts: Sequence[bool]) -> tuple[Row, int]:
    """Read a row field by field; the first five are of the kinds that the module names."""
    if at + 2 > len(data) or _read_count(data, at)[0] != len(_LENGTHS) + len(texts):
        raise MalformedError("COPY", f"{len(_LENGTHS) + len(texts)} columns", at)
    fields, at = _fields(data, at + 2, (False, False, False, True, False, *texts))
    integers = [None if each is None else _read_integer(each)[0] for each in fields[:3]]
    return (*integers, *fields[3:]), at

"""A file row by row as it is read: what each row says, and what is kept of it as it stood."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

import orjson

from ledger.application.importing.opening import Opened, Row, open_file
from ledger.domain.refusal import Refused
from ledger.domain.sheets.headers import Header
from ledger.domain.sheets.row import Said, kept_cells, read_row
from ledger.domain.words import canonical

BATCH_ROWS = 500
"""Rows of one act: what is lost when a process is cut off is one such batch at most."""


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row: where it stands, and what its cells say, or why they say nothing.

    ``text`` is a JSON object of the cells that are read, as text by their columns; it is empty
    where they say nothing.
    """

    sheet: int
    number: int
    header: Header
    said: Said | Refused
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What is known of a file before its rows are read; its SHA-256 in hex, its size in bytes.

    ``rows`` is how many there are at most. ``unread`` are the names of sheets without a header.
    """

    digest: str
    bytes: int
    format: str
    rows: int
    headers: tuple[Header, ...]
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file whose headers are known, and its rows, `BATCH_ROWS` at a time.

    Whoever takes the next batch is told by `UnusableFileError` that the file is damaged.
    """

    outline: Outline
    batches: Iterator[Sequence[ReadRow]]


Reading = Callable[[BinaryIO, str], AbstractContextManager[ReadFile | Refused]]
"""Reads a file with this digest, or says why none of it can be imported.

Raises:
    UnusableFileError: It is no table that is read here.
"""


@contextmanager
def reading_here(file: BinaryIO, digest: str) -> Iterator[ReadFile | Refused]:
    """Read a file in this process, each batch when it is asked for; a `Reading`."""
    opened = open_file(file, digest)
    if isinstance(opened, Refused):
        yield opened
    else:
        with closing(opened.rows()) as rows:
            yield ReadFile(outline_of(opened), batches_of(rows))


def outline_of(opened: Opened) -> Outline:
    """Return what is known of a file that is open."""
    return Outline(
        digest=opened.digest,
        bytes=opened.bytes,
        format=opened.table.format,
        rows=opened.table.rows,
        headers=tuple(each.header for each in opened.sheets),
        unread=opened.unread,
    )


def batches_of(rows: Iterator[Row]) -> Iterator[Sequence[ReadRow]]:
    """Yield rows in batches.

    Raises:
        UnusableFileError: The file is damaged.
    """
    while batch := batch_of(rows):
        yield batch


def batch_of(rows: Iterator[Row]) -> Sequence[ReadRow]:
    """Return the next rows; none at the end.

    Raises:
        UnusableFileError: The file is damaged.
    """
    return [_read(each) for each in islice(rows, BATCH_ROWS)]


def _read(row: Row) -> ReadRow:
    said = read_row(row.header, row.cells)
    text = "" if isinstance(said, Refused) else _text(row)
    return ReadRow(row.sheet, row.number, row.header, said, text)


def _text(row: Row) -> str:
    cells = kept_cells(row.header, row.cells)
    return canonical(orjson.dumps(cells, option=orjson.OPT_SORT_KEYS).decode())

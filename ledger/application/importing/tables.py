"""A file as a table: what it is, found by its content, and bounded before it is read.

What a file is called says nothing. Spreadsheets are the zip files of Excel 2007 and later;
everything else has to be text of rows with commas, semicolons or tabs. Its rows are counted
before any of them is looked at, so that a file that is too much changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from ledger.domain.sheets.cells import Cell

ROWS_MAX = 100_000
"""Rows of one file, headers and blank ones among them; our own bound [P]."""
COLUMNS_MAX = 64
"""Columns that are looked at; what stands to the right of them is nobody's."""
FILE_BYTES_MAX = 64 * 1024 * 1024


class UnusableFileError(Exception):
    """A file is no table that is read here; ``code`` says why and what to do."""

    def __init__(self, code: str, details: Mapping[str, int] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.details = dict(details or {})


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table by its number, from 1, blank ones counted."""

    number: int
    cells: Sequence[Cell]


class Sheet(Protocol):
    """One sheet of a table; it can be read several times."""

    @property
    def name(self) -> str:
        """What it is called; empty in a file that has one only."""

    def lines(self) -> Iterator[Line]:
        """Yield its rows in order.

        Raises:
            UnusableFileError: It is damaged.
        """


@dataclass(frozen=True, slots=True)
class Table:
    """A file that was found to be a table of at most ``rows`` rows."""

    format: str
    rows: int
    sheets: Sequence[Sheet] = field(default=())


def check_rows(rows: int) -> None:
    """Return if so many rows are taken.

    Raises:
        UnusableFileError: They are too many.
    """
    if rows > ROWS_MAX:
        raise UnusableFileError("file_has_too_many_rows", {"max": ROWS_MAX})


def size_of(file: BinaryIO) -> int:
    """Return the bytes of a file, and go to its beginning."""
    size = file.seek(0, 2)
    file.seek(0)
    return size

"""Opening a file to be imported: which kind of table it is, and where its headers stand."""

import itertools
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO

from ledger.application.importing.delimited import open_delimited
from ledger.application.importing.tables import (
    FILE_BYTES_MAX,
    Line,
    Sheet,
    Table,
    UnusableFileError,
    size_of,
)
from ledger.application.importing.workbooks import open_workbook
from ledger.domain.refusal import Refusal, Refused
from ledger.domain.sheets.cells import Cell, is_blank, is_blank_row
from ledger.domain.sheets.columns import Column
from ledger.domain.sheets.headers import ROWS_LOOKED_AT, Header, is_sum, read_header

_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """A row that says something: in which sheet, from 1, and at which number, from 1."""

    sheet: int
    number: int
    header: Header
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Headed:
    """A sheet with its header, which ends before the row ``first``."""

    number: int
    sheet: Sheet
    header: Header
    first: int

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header that are of somebody.

        Raises:
            UnusableFileError: It is damaged.
        """
        for line in self.sheet.lines():
            if line.number < self.first or is_blank_row(line.cells) or self._is_sum(line):
                continue
            yield Row(self.number, line.number, self.header, line.cells)

    def _is_sum(self, line: Line) -> bool:
        """Return whether a row adds up; one that names a record does not, whatever it is of."""
        place = self.header.columns.get(Column.RECORD, len(line.cells))
        names_record = place < len(line.cells) and not is_blank(line.cells[place])
        return is_sum(line.cells) and not names_record


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose headers are known: its SHA-256 in hex and its size in bytes.

    ``unread`` are the names of sheets that have no header.
    """

    table: Table
    digest: str
    bytes: int
    sheets: Sequence[Headed]
    unread: tuple[str, ...]

    def rows(self) -> Generator[Row]:
        """Yield every row of somebody, sheet by sheet; to be closed before the file is.

        Raises:
            UnusableFileError: It is damaged.
        """
        for each in self.sheets:
            yield from each.rows()


def digest_of(file: BinaryIO) -> str:
    """Return the SHA-256 of a file in lower-case hex."""
    file.seek(0)
    digest = sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def open_file(file: BinaryIO, digest: str) -> Opened | Refused:
    """Return a file as it is to be imported, or why none of it can be.

    Raises:
        UnusableFileError: It is no table that is read here.
    """
    size = size_of(file)
    if size > FILE_BYTES_MAX:
        raise UnusableFileError("file_is_too_large", {"max": FILE_BYTES_MAX >> 20})
    table = _table(file)
    headed: list[Headed] = []
    unread: list[str] = []
    for number, sheet in enumerate(table.sheets, 1):
        found = _headed(number, sheet)
        if isinstance(found, Refused):
            return found
        if found is not None:
            headed.append(found)
        elif any(not is_blank_row(line.cells) for line in _first(sheet)):
            unread.append(sheet.name)
    if not headed:
        raise UnusableFileError("header_is_not_found", {"rows": ROWS_LOOKED_AT})
    return Opened(table, digest, size, headed, tuple(unread))


def _table(file: BinaryIO) -> Table:
    head = file.read(4)
    if head == _ZIP:
        return open_workbook(file)
    if head == _OLD_EXCEL:
        raise UnusableFileError("file_is_old_excel")
    return open_delimited(file)


def _first(sheet: Sheet) -> list[Line]:
    return list(itertools.islice(sheet.lines(), ROWS_LOOKED_AT + 1))


def _headed(number: int, sheet: Sheet) -> Headed | Refused | None:
    lines = _first(sheet)
    for place, line in enumerate(lines[:ROWS_LOOKED_AT]):
        below = lines[place + 1].cells if place + 1 < len(lines) else ()
        header = read_header(line.cells, below)
        if isinstance(header, Refusal):
            return Refused((header,))
        if header is not None:
            missing = header.missing()
            first = line.number + header.rows
            return Refused(missing) if missing else Headed(number, sheet, header, first)
    return None

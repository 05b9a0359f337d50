"""Workbooks of Excel (.xlsx), read row by row: bounded before anything is unpacked.

A zip file says how large its parts become, and no more is read of them than that. Formulas are
the values that Excel had computed, or nothing; nothing is computed, loaded or followed here.
"""

import itertools
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from openpyxl import load_workbook

from ledger.application.importing.tables import (
    COLUMNS_MAX,
    Line,
    Table,
    UnusableFileError,
    check_rows,
)
from ledger.domain.sheets.cells import Cell
from ledger.domain.sheets.xml_text import unheld

UNPACKED_BYTES_MAX = 256 * 1024 * 1024
PART_BYTES_MAX = {"xl/sharedStrings.xml": 64 * 1024 * 1024, "xl/styles.xml": 8 * 1024 * 1024}
"""Parts that are held in memory whole."""
PARTS_MAX = 1_000
RATIO_MAX = 150
"""A sheet of people's rows packs to a tenth or twentieth; what packs to less is no sheet."""
_SMALL = 1024 * 1024
_AFTER_NAME = (b" ", b">", b"/", b"\t", b"\n", b"\r")
_CHUNK = 256 * 1024
_ROW = tuple(before + b"row" + after for before in (b"<", b":") for after in _AFTER_NAME)
"""How a row begins in a sheet, whatever its namespace is called."""
_ROWS_AT_ONCE = 50
_DECLARATIONS = (b"<!D", b"<!E")
"""How `<!DOCTYPE` and `<!ENTITY` begin; comments and CDATA begin otherwise."""


_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What unpacking a broken or made-up archive can come to: places before its beginning, names
that are no text, streams that end too early."""


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """One visible sheet of a workbook."""

    sheet: Any
    name: str

    def lines(self) -> Iterator[Line]:
        """Yield its rows in order.

        Raises:
            UnusableFileError: It is damaged.
        """
        # What it says of its own size is not to be trusted.
        self.sheet.reset_dimensions()
        rows = self.sheet.iter_rows(max_col=COLUMNS_MAX, values_only=True)
        number = 0
        while some := _next(rows):
            for cells in some:
                number += 1
                yield Line(number, [_told(each) for each in cells])


def _next(rows: Iterator[Sequence[Cell]]) -> list[Sequence[Cell]]:
    """Return the next rows; none at the end.

    Raises:
        UnusableFileError: They cannot be read.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return list(itertools.islice(rows, _ROWS_AT_ONCE))
    except Exception:  # noqa: BLE001 - whatever a broken file makes of the reader
        raise UnusableFileError("file_is_damaged") from None


def _told(cell: Cell) -> Cell:
    return unheld(cell) if isinstance(cell, str) else cell


def open_workbook(file: BinaryIO) -> Table:
    """Return the table of a workbook; hidden sheets are left out.

    Raises:
        UnusableFileError: It is no workbook, damaged, protected, or too much.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as packed:
            rows = _checked(packed)
    except _BROKEN:
        raise UnusableFileError("file_is_damaged") from None
    check_rows(rows)
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheets = [each for each in book.worksheets if each.sheet_state == "visible"]
    except Exception:  # noqa: BLE001 - whatever a broken file makes of the reader
        raise UnusableFileError("file_is_damaged") from None
    return Table("xlsx", rows, [WorkbookSheet(each, each.title) for each in sheets])


def _checked(packed: zipfile.ZipFile) -> int:
    """Return how many rows the sheets have.

    Raises:
        UnusableFileError: It is none of ours, or more than is unpacked.
    """
    parts = packed.infolist()
    names = {each.filename for each in parts}
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise UnusableFileError("file_is_no_table")
    if any(each.flag_bits & 1 for each in parts):
        raise UnusableFileError("file_is_protected")
    too_much = UnusableFileError("file_unpacks_to_too_much", {"max": UNPACKED_BYTES_MAX >> 20})
    if len(parts) > PARTS_MAX or sum(each.file_size for each in parts) > UNPACKED_BYTES_MAX:
        raise too_much
    for each in parts:
        is_dense = each.file_size > _SMALL and each.file_size > RATIO_MAX * each.compress_size
        if is_dense or each.file_size > PART_BYTES_MAX.get(each.filename, UNPACKED_BYTES_MAX):
            raise too_much
    xml = [each for each in parts if each.filename.endswith((".xml", ".rels"))]
    return sum(_rows(packed, each) for each in xml)


def _rows(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Return how many rows a part has if it is a sheet, without taking it for XML.

    Raises:
        UnusableFileError: It declares entities, which no workbook does: they multiply.
    """
    count, rest = 0, b""
    with packed.open(part) as content:
        while chunk := content.read(_CHUNK):
            text = rest + chunk
            if any(each in text for each in _DECLARATIONS):
                raise UnusableFileError("file_is_damaged")
            count += sum(text.count(each) for each in _ROW)
            rest = text[1 - len(_ROW[0]) :]
    return count if part.filename.startswith("xl/worksheets/") else 0

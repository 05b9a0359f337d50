"""Exported rows as a workbook (.xlsx) whose every text is a text, never a formula.

openpyxl makes the workbook with its styles, header and notes; the rows are poured into its
sheet as they come. openpyxl's own way of writing many rows lays them down in a temporary file
first, where names in clear would stay if the process were killed.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.styles import Font

from ledger.application.exporting.columns import Value
from ledger.application.exporting.packing import Part, packed
from ledger.domain.sheets.cells import cell_name
from ledger.domain.sheets.inert import is_live
from ledger.domain.sheets.xml_text import held

_SHEET = "xl/worksheets/sheet1.xml"
_WIDTH = 16
_CHUNK = 64 * 1024
_DIMENSION = re.compile(rb"<dimension [^>]*/>")
_END = b"</sheetData>"


@dataclass(frozen=True, slots=True)
class _Styles:
    """The numbers of the workbook's styles: text, text that begins like a formula, hours."""

    text: int
    quoted: int
    hours: int


def workbook_file(
    rows: Iterable[Sequence[Value]],
    *,
    notes: Sequence[tuple[str, Value]],
    header: Sequence[str],
    name: str,
) -> Iterator[bytes]:
    """Yield a workbook piece by piece: a sheet of the rows, and one of the notes."""
    content, styles = _base(notes, header, name)
    return packed(_parts(content, _sheet(content, rows, styles)))


def _parts(content: bytes, sheet: Iterator[bytes]) -> Iterator[Part]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for each in archive.namelist():
            yield each, sheet if each == _SHEET else (archive.read(each),)


def _base(
    notes: Sequence[tuple[str, Value]], header: Sequence[str], name: str
) -> tuple[bytes, _Styles]:
    """Return the workbook without its rows."""
    book = Workbook()
    sheet = book.active
    sheet.title = name
    for place, label in enumerate(header, 1):
        head = sheet.cell(row=1, column=place, value=label)
        head.font = Font(bold=True)
        sheet.column_dimensions[head.column_letter].width = _WIDTH
    sheet.freeze_panes = "A2"
    about = book.create_sheet("导出说明")
    for row, (label, value) in enumerate(notes, 1):
        for column, text in enumerate((label, "" if value is None else str(value)), 1):
            cell = about.cell(row=row, column=column)
            cell.value, cell.data_type, cell.number_format = held(text), "s", "@"
            cell.quotePrefix = column > 1
    text, quoted = about.cell(row=1, column=1).style_id, about.cell(row=1, column=2).style_id
    hours = about.cell(row=1, column=3)
    hours.number_format = "0.00"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue(), _Styles(text, quoted, hours.style_id)


def _sheet(content: bytes, rows: Iterable[Sequence[Value]], styles: _Styles) -> Iterator[bytes]:
    """Yield the sheet's XML with the rows below its header."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        before, end, after = archive.read(_SHEET).rpartition(_END)
    # How large it is, nobody knows before its end; Excel finds out by itself.
    yield _DIMENSION.sub(b"", before)
    pieces: list[str] = []
    size = 0
    for number, row in enumerate(rows, 2):
        piece = _row(number, row, styles)
        pieces.append(piece)
        size += len(piece)
        if size > _CHUNK:
            yield "".join(pieces).encode()
            pieces, size = [], 0
    yield "".join(pieces).encode()
    yield end + after


def _row(number: int, row: Sequence[Value], styles: _Styles) -> str:
    cells = (
        _cell(f"{_column(place)}{number}", value, styles)
        for place, value in enumerate(row)
        if value is not None and value != ""
    )
    return f'<row r="{number}">{"".join(cells)}</row>'


@cache
def _column(place: int) -> str:
    return cell_name(1, place)[:-1]


def _cell(name: str, value: str | int | Decimal, styles: _Styles) -> str:
    if isinstance(value, Decimal):
        return f'<c r="{name}" s="{styles.hours}"><v>{value}</v></c>'
    if isinstance(value, int):
        return f'<c r="{name}"><v>{value}</v></c>'
    style = styles.quoted if is_live(value) else styles.text
    text = escape(held(value))
    return (
        f'<c r="{name}" s="{style}" t="inlineStr">'
        f'<is><t xml:space="preserve">{text}</t></is></c>'
    )

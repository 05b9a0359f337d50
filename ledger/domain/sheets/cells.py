"""Cells 单元格 of a table: what a file can hold in one, and how it is written as text.

Full-width letters, digits and signs are the half-width ones (`２` is `2`, `：` is `:`), and
blanks around a text do not count. Nothing else of a text is changed: what it means is for the
readers of days, times, durations and numbers to say.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

Cell: TypeAlias = str | int | float | bool | datetime | date | time | timedelta | None
"""What a cell holds; a formula is the value that its program had computed, or nothing."""

TEXT_MAX = 2_000
"""Characters that are kept of one cell; our own bound [P]."""

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys(
    (12288, 160, 8194, 8195, 8199, 8239), " "
)
_COLUMNS = 26


def folded(text: str) -> str:
    """Return a text in half-width letters, digits and signs, without blanks around it."""
    return text.translate(_HALF_WIDTH).strip()


def is_blank(cell: Cell) -> bool:
    """Return whether a cell holds nothing that anybody could read."""
    return cell is None or (isinstance(cell, str) and not folded(cell))


def text_of(cell: Cell) -> str:
    """Return a cell as text: whole numbers without a point, days in ISO 8601."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.translate({0xA0: " ", 0x3000: " "}).strip()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, (int, timedelta)):
        return str(cell)
    return cell.isoformat()


def whole(cell: Cell) -> int | None:
    """Return the whole number in a cell, written as number or text; None if there is none."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, (int, float)):
        return int(cell) if abs(cell) < 1e15 and int(cell) == cell else None
    if isinstance(cell, str):
        text = folded(cell)
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None
    return None


def cell_name(row: int, column: int) -> str:
    """Return how a table program calls a cell: `C5`; row from 1, column from 0."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, _COLUMNS)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def is_blank_row(cells: Sequence[Cell]) -> bool:
    """Return whether nothing stands in a row."""
    return all(is_blank(cell) for cell in cells)

"""Days 日期 in cells: real dates, Excel's serial numbers, and what people write.

`2026-3-1`, `2026/03/01`, `2026.3.1`, `2026年3月1日`, `20260301`, `46082`, in full width and
with the weekday behind it. A day without its year, or with two digits of it, is refused:
which year is meant would be a guess.
"""

import re
from datetime import date, datetime, timedelta

from ledger.domain.refusal import Refusal
from ledger.domain.sheets.cells import Cell, folded

_SERIAL_ZERO = date(1899, 12, 30)
_SERIALS = range(36_526, 73_051)
"""2000-01-01 to 2100-01-01, counted as Excel does since 1900."""
_DIGITS = range(20_000_101, 21_000_102)

_WEEKDAY = r"\s*(?:\(?(?:周|星期|礼拜)[一二三四五六日天]\)?)?"
_CLOCK = r"(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?"
_WHOLE = re.compile(
    r"(\d{4})\s*(?:年|[-/.])\s*(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})\s*[日号]?"
    + _WEEKDAY
    + _CLOCK,
    re.ASCII,
)
_WITHOUT_YEAR = re.compile(
    r"(?:\d{2}\s*[年/.-]\s*)?\d{1,2}\s*[月/.-]\s*\d{1,2}\s*[日号]?" + _WEEKDAY, re.ASCII
)


def read_day(cell: Cell) -> date | Refusal:
    """Return the civil date that a cell says."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _numbered(cell)
    if isinstance(cell, str):
        return _written(folded(cell))
    return Refusal("cell_is_no_day")


def _numbered(number: float) -> date | Refusal:
    """Return the day of a serial number, or of eight digits that were kept as a number."""
    if not 0 < number < _DIGITS.stop:
        return Refusal("cell_is_no_day")
    day = int(number)
    if day in _SERIALS:
        return _SERIAL_ZERO + timedelta(days=day)
    if day in _DIGITS and day == number:
        return _date(day // 10_000, day // 100 % 100, day % 100)
    return Refusal("cell_is_no_day")


def _written(text: str) -> date | Refusal:
    if text.isascii() and text.isdigit() and len(text) <= 8:
        return _numbered(int(text))
    found = _WHOLE.fullmatch(text)
    if found is not None:
        year, month, day = map(int, found.groups())
        return _date(year, month, day)
    if _WITHOUT_YEAR.fullmatch(text):
        return Refusal("day_lacks_its_year")
    return Refusal("cell_is_no_day")


def _date(year: int, month: int, day: int) -> date | Refusal:
    try:
        return date(year, month, day)
    except ValueError:
        return Refusal("cell_is_no_day")

"""Durations 时长 in cells, in minutes: hours as numbers, as words, or as `2:30`.

`2.5`, `2.5小时`, `2小时30分`, `2个半小时`, `两小时`, `半小时`, `150分钟`, `2:30`. A number
alone is hours, the unit of the statutes (Order 67, Art. 7). Whether it comes to whole minutes
is for whoever needs them: the national system keeps two decimals, so `2.33` is told as 139.8.
"""

import re
from datetime import datetime, time, timedelta

from ledger.domain.refusal import Refusal
from ledger.domain.sheets.cells import Cell, folded

MINUTES_MAX = 24 * 60
"""No session is longer than a day; more is refused as a slip of the pen."""

_NUMERALS = {each: number for number, each in enumerate("零一二三四五六七八九十")} | {"两": 2}
_NUMBER = r"\d+(?:\.\d+)?"
_HOURS = re.compile(
    rf"(?:(?P<hours>{_NUMBER})\s*(?:(?P<mid>个半小时)|(?:个?小时|个?钟头|H|时)"
    rf"(?:(?P<half>半)|\s*(?P<rest>\d{{1,2}})\s*(?:分钟?|M)?)?))",
    re.ASCII,
)
_MINUTES = re.compile(rf"({_NUMBER})\s*(?:分钟?|MIN)", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::00)?", re.ASCII)


def read_minutes(cell: Cell) -> float | Refusal:
    """Return how many minutes a cell says, more than none and at most a day."""
    minutes = _said(cell)
    if minutes is None:
        return Refusal("cell_is_no_duration")
    if not 0 < minutes <= MINUTES_MAX:
        return Refusal("duration_is_out_of_bounds", None, {"max": MINUTES_MAX // 60})
    return minutes


def read_break(cell: Cell) -> int | Refusal:
    """Return the minutes of a break; a number alone is minutes here."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        minutes: float | None = cell
    elif isinstance(cell, str) and re.fullmatch(_NUMBER, folded(cell), re.ASCII):
        minutes = float(folded(cell))
    elif isinstance(cell, str) and folded(cell) in ("无", "没有", "-", "/"):
        minutes = 0
    else:
        minutes = _said(cell)
    if minutes is None or not 0 <= minutes < MINUTES_MAX or minutes != int(minutes):
        return Refusal("cell_is_no_break")
    return int(minutes)


def _said(cell: Cell) -> float | None:
    if isinstance(cell, (bool, datetime)):
        return None
    if isinstance(cell, time):
        return cell.hour * 60 + cell.minute + cell.second / 60
    if isinstance(cell, timedelta):
        return cell / timedelta(minutes=1)
    if isinstance(cell, (int, float)):
        return _tidy(cell * 60)
    return _written(folded(cell).upper()) if isinstance(cell, str) else None


def _written(text: str) -> float | None:
    if text in ("半小时", "半个小时", "半个钟头"):
        return 30
    if text[:1] in _NUMERALS:
        text = f"{_NUMERALS[text[0]]}{text[1:]}"
    if re.fullmatch(_NUMBER, text, re.ASCII):
        return _tidy(float(text) * 60)
    found = _CLOCK.fullmatch(text)
    if found is not None:
        return int(found[1]) * 60 + int(found[2])
    found = _MINUTES.fullmatch(text)
    if found is not None:
        return float(found[1])
    found = _HOURS.fullmatch(text)
    if found is None:
        return None
    rest = 30 if found["mid"] or found["half"] else int(found["rest"] or 0)
    return _tidy(float(found["hours"]) * 60 + rest)


def _tidy(minutes: float) -> float:
    """Return whole minutes where a float misses them by its rounding alone."""
    if not abs(minutes) <= MINUTES_MAX:
        return minutes  # refused as it is, be it infinite or no number
    near = round(minutes)
    return near if abs(near - minutes) < 1e-6 else minutes

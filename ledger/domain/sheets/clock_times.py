"""Times of the clock 时刻 and spans 时段 in cells, in whole minutes since midnight (0 to 1440).

`9:00`, `09：00`, `0900`, `9点`, `9点半`, `上午9点`, `下午2时30分`, `2:30 PM`, Excel's
fractions of a day; `9:00-11:30`, `上午9点-11点半`, `上午9点至下午2点`, `下午2-4点`. Where it
stays open which half of the day is meant, nothing is guessed.
"""

import re
from datetime import datetime, time, timedelta

from ledger.domain.refusal import Refusal
from ledger.domain.sheets.cells import Cell, folded

MINUTES_A_DAY = 24 * 60
_NOON = 12
_MORNING = ("凌晨", "清晨", "早上", "早晨", "上午", "AM")
_EVENING = ("下午", "傍晚", "晚上", "晚间", "晚", "PM")
_WORDS = "|".join((*_MORNING, "中午", *_EVENING))
_TIME = re.compile(
    rf"(?P<word>{_WORDS})?\s*(?:(?P<digits>\d{{4}})|(?P<hour>\d{{1,2}})"
    r"(?:\s*[:点时]\s*(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<minute>\d{1,2})分?)?"
    r"(?::(?P<second>\d{2}))?整?)?)\s*(?P<after>AM|PM)?",
    re.ASCII,
)
_UNIT = re.compile("[:点时]")
_BETWEEN = re.compile(r"\s*(?:--|[-‐-―~∼至到])\s*")
_NEAR = 1e-4
"""Minutes by which a fraction of a day may miss a whole one: how Excel's floats round."""


def read_time(cell: Cell) -> int | Refusal:
    """Return the time of the clock that a cell says, in minutes since midnight."""
    if isinstance(cell, datetime):
        cell = cell.time()
    if isinstance(cell, time):
        seconds = cell.hour * 3600 + cell.minute * 60 + cell.second
        return _whole(seconds / 60 + cell.microsecond / 6e7)
    if isinstance(cell, timedelta):
        return _within(cell / timedelta(minutes=1))
    if isinstance(cell, float) and 0 <= cell < 1:
        return _whole(cell * MINUTES_A_DAY)
    if isinstance(cell, str):
        return _written(folded(cell).upper(), needs_unit=True)
    return Refusal("cell_is_no_time")


def read_span(cell: Cell) -> tuple[int, int] | Refusal:
    """Return the begin and end that one cell says, each in minutes since midnight."""
    if not isinstance(cell, str):
        # `9-11` typed into Excel is the ninth of November by now.
        return Refusal("span_is_no_text")
    parts = _BETWEEN.split(folded(cell).upper())
    if len(parts) != 2 or not all(parts):
        return Refusal("cell_is_no_span")
    begin, end = parts
    if not any(_UNIT.search(part) or len(part) == 4 for part in parts):
        return Refusal("cell_is_no_span")
    word = _word(begin)
    from_, until = _written(begin), _written(end if _word(end) or not word else word + end)
    if isinstance(from_, Refusal) or isinstance(until, Refusal):
        return Refusal("cell_is_no_span")
    is_open = not word and _word(end) in _EVENING and from_ < _NOON * 60
    if is_open and from_ + _NOON * 60 < until:
        return Refusal("span_is_unclear")
    return from_, until


def _word(text: str) -> str:
    found = _TIME.fullmatch(text)
    return "" if found is None else found["word"] or found["after"] or ""


def _written(text: str, *, needs_unit: bool = False) -> int | Refusal:
    found = _TIME.fullmatch(text)
    if found is None or (found["word"] and found["after"]):
        return Refusal("cell_is_no_time")
    if found["second"] not in (None, "00"):
        return Refusal("time_is_no_whole_minute")
    if found["digits"]:
        hour, minute = int(found["digits"][:2]), int(found["digits"][2:])
    else:
        if needs_unit and not _UNIT.search(text) and not found["after"]:
            return Refusal("cell_is_no_time")
        hour, minute = int(found["hour"]), _minute(found)
    whole = _hour(hour, found["word"] or found["after"] or "")
    if whole is None or minute >= 60 or (whole == 24 and minute):
        return Refusal("cell_is_no_time")
    return whole * 60 + minute


def _minute(found: re.Match[str]) -> int:
    if found["half"]:
        return 30
    if found["quarter"]:
        return 15 if found["quarter"] == "一" else 45
    return int(found["minute"] or 0)


def _hour(hour: int, word: str) -> int | None:
    """Return the hour of the day; None where word and number do not go together."""
    if hour > 24:
        return None
    if not word:
        return hour
    if word in _MORNING:
        return hour if hour < _NOON else None
    if word == "中午":
        return hour + _NOON if hour <= 2 else hour if hour in (11, _NOON) else None
    if hour == _NOON:
        return _NOON if word in ("下午", "PM") else 24
    return hour + _NOON if 0 < hour < _NOON else hour or None


def _whole(minutes: float) -> int | Refusal:
    near = round(minutes)
    return near if abs(near - minutes) < _NEAR else Refusal("time_is_no_whole_minute")


def _within(minutes: float) -> int | Refusal:
    return _whole(minutes) if 0 <= minutes <= MINUTES_A_DAY else Refusal("cell_is_no_time")

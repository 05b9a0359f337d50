"""One row 行 of a table: what it says of one session of service, or what is wrong in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from ledger.domain.codes import IdType
from ledger.domain.refusal import Refusal, Refused
from ledger.domain.sheets.cells import Cell, folded, is_blank, text_of, whole
from ledger.domain.sheets.clock_times import MINUTES_A_DAY, read_span, read_time
from ledger.domain.sheets.columns import Column
from ledger.domain.sheets.days import read_day
from ledger.domain.sheets.document_numbers import read_id_number, read_id_type
from ledger.domain.sheets.durations import read_break, read_minutes
from ledger.domain.sheets.headers import Header

T = TypeVar("T")

NEAR_MINUTES = 0.6
"""By so much two decimals of an hour may miss the minutes between start and end."""
_RATINGS = {each: number for number, each in enumerate("一二三四五", 1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a row says. A person is named by her number of a document, or by her registration.

    ``start`` and ``end`` are minutes since midnight of ``day`` in Beijing. ``activity`` is the
    text of its column. ``evaluator`` None is whoever enters it. ``record`` is the id that an
    export has told: a row of it is no new record.
    """

    name: str | None
    id_type: IdType
    id_number: str | None
    volunteer: UUID | None
    activity: str | None
    day: date
    start: int
    end: int
    break_minutes: int
    content: str
    post: str | None
    place: str | None
    punctuality: int
    attitude: int
    skill: int
    evaluated_on: date
    evaluator: str | None
    evaluation_text: str | None
    back_entry_reason: str | None
    record: UUID | None = None


def kept_cells(header: Header, cells: Sequence[Cell]) -> Mapping[str, str]:
    """Return the cells of a row that are read, as text, by the names of their columns."""
    return {
        column.value: text_of(cells[place])
        for column, place in header.columns.items()
        if place < len(cells) and not is_blank(cells[place])
    }


def read_row(header: Header, cells: Sequence[Cell]) -> Said | Refused:
    """Return what a row says, or every reason against it, each with its column."""
    return _Reading(header, cells).said()


class _Reading:
    """One row as it is read: reasons are gathered, so that a clerk corrects it in one go."""

    def __init__(self, header: Header, cells: Sequence[Cell]) -> None:
        self._header = header
        self._cells = cells
        self._reasons: list[Refusal] = []

    def said(self) -> Said | Refused:
        id_type, id_number, volunteer = self._person()
        record = self._maybe(Column.RECORD, _as_id)
        name = self._text(Column.NAME)
        if volunteer is None and name is None:
            self._refuse(Column.NAME, Refusal("cell_is_blank"))
        day = self._need(Column.DAY, read_day)
        times = self._times()
        content = self._need(Column.CONTENT, _as_text)
        ratings = [self._rating(each) for each in _THREE]
        evaluated_on = self._need(Column.EVALUATED_ON, read_day)
        if self._reasons or day is None or times is None or content is None:
            return Refused(tuple(self._reasons))
        if evaluated_on is None or None in ratings:
            return Refused(tuple(self._reasons))
        punctuality, attitude, skill = (each or 0 for each in ratings)
        start, end, break_minutes = times
        return Said(
            name=name,
            id_type=id_type,
            id_number=id_number,
            volunteer=volunteer,
            activity=self._text(Column.ACTIVITY),
            day=day,
            start=start,
            end=end,
            break_minutes=break_minutes,
            content=content,
            post=self._text(Column.POST),
            place=self._text(Column.PLACE),
            punctuality=punctuality,
            attitude=attitude,
            skill=skill,
            evaluated_on=evaluated_on,
            evaluator=self._text(Column.EVALUATOR),
            evaluation_text=self._text(Column.EVALUATION_TEXT),
            back_entry_reason=self._text(Column.REASON),
            record=record,
        )

    def _person(self) -> tuple[IdType, str | None, UUID | None]:
        id_type = self._maybe(Column.ID_TYPE, read_id_type) or IdType.RESIDENT_ID
        volunteer = self._maybe(Column.VOLUNTEER, _as_id)
        number = self._maybe(Column.ID_NUMBER, lambda cell: read_id_number(cell, id_type))
        has_either = self._has(Column.VOLUNTEER) or self._has(Column.ID_NUMBER)
        if not has_either:
            column = Column.ID_NUMBER if Column.ID_NUMBER in self._header.columns else None
            self._refuse(column or Column.VOLUNTEER, Refusal("cell_is_blank"))
        return id_type, number, volunteer

    def _times(self) -> tuple[int, int, int] | None:
        """Return start, end and break, which agree with the duration if there is one."""
        before = len(self._reasons)
        span = self._maybe(Column.SPAN, read_span)
        start = self._maybe(Column.START, read_time)
        end = self._maybe(Column.END, read_time)
        duration = self._maybe(Column.DURATION, read_minutes)
        pause = self._maybe(Column.BREAK, read_break)
        if len(self._reasons) > before:
            return None
        start, end = (each if each is not None else at for each, at in _pairs(start, end, span))
        if start is None:
            column = Column.START if Column.START in self._header.columns else Column.SPAN
            self._refuse(column, Refusal("start_is_not_said"))
            return None
        if end is None and duration is not None:
            end = self._end(start, duration, pause or 0)
            return None if end is None else (start, end, pause or 0)
        if end is None:
            column = Column.END if Column.END in self._header.columns else Column.SPAN
            self._refuse(column, Refusal("cell_is_blank"))
            return None
        return self._agreeing(start, end, duration, pause)

    def _end(self, start: int, duration: float, pause: int) -> int | None:
        end = start + duration + pause
        if duration != int(duration):
            self._refuse(Column.DURATION, Refusal("duration_is_no_whole_minute"))
            return None
        if end > MINUTES_A_DAY:
            self._refuse(Column.DURATION, Refusal("service_crosses_midnight"))
            return None
        return int(end)

    def _agreeing(
        self, start: int, end: int, duration: float | None, pause: int | None
    ) -> tuple[int, int, int] | None:
        if end <= start:
            column = Column.END if self._has(Column.END) else Column.SPAN
            self._refuse(column, Refusal("service_ends_before_start"))
            return None
        if duration is None:
            return start, end, pause or 0
        if pause is None:
            # What is not served between start and end was a break.
            gap = end - start - duration
            pause = max(0, round(gap)) if gap > -NEAR_MINUTES else None
        if pause is None or abs(end - start - pause - duration) > NEAR_MINUTES:
            self._refuse(Column.DURATION, Refusal("duration_disagrees"))
            return None
        return start, end, pause

    def _rating(self, column: Column) -> int | None:
        wanted = column if self._has(column) else Column.RATING
        return self._need(wanted, _as_rating)

    def _has(self, column: Column) -> bool:
        return not is_blank(self._cell(column))

    def _cell(self, column: Column) -> Cell:
        place = self._header.columns.get(column)
        return None if place is None or place >= len(self._cells) else self._cells[place]

    def _text(self, column: Column) -> str | None:
        return text_of(self._cell(column)) if self._has(column) else None

    def _maybe(self, column: Column, read: Callable[[Cell], T | Refusal]) -> T | None:
        """Return what a cell says; None if it is blank or wrong."""
        if not self._has(column):
            return None
        found = read(self._cell(column))
        if isinstance(found, Refusal):
            self._refuse(column, found)
            return None
        return found

    def _need(self, column: Column, read: Callable[[Cell], T | Refusal]) -> T | None:
        if not self._has(column):
            self._refuse(column, Refusal("cell_is_blank"))
            return None
        return self._maybe(column, read)

    def _refuse(self, column: Column, reason: Refusal) -> None:
        placed = Refusal(reason.code, column.value, reason.details)
        if placed not in self._reasons:
            self._reasons.append(placed)


_THREE = (Column.PUNCTUALITY, Column.ATTITUDE, Column.SKILL)


def _pairs(
    start: int | None, end: int | None, span: tuple[int, int] | None
) -> tuple[tuple[int | None, int | None], tuple[int | None, int | None]]:
    from_, until = span or (None, None)
    return (start, from_), (end, until)


def _as_text(cell: Cell) -> str | Refusal:
    return text_of(cell)


def _as_rating(cell: Cell) -> int | Refusal:
    rating = whole(cell)
    if rating is None and isinstance(cell, str):
        text = folded(cell).removesuffix("分").removesuffix("星").strip()
        rating = _RATINGS.get(text, whole(text))
    if rating is None or not 1 <= rating <= len(_RATINGS):
        return Refusal("cell_is_no_rating")
    return rating


def _as_id(cell: Cell) -> UUID | Refusal:
    text = folded(text_of(cell)).lower()
    try:
        found = UUID(text)
    except ValueError:
        return Refusal("not_an_id")
    return found if str(found) == text else Refusal("not_an_id")

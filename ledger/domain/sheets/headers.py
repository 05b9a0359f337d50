"""The header 表头 of a table: found below titles, in one row or in two with merged cells.

    朝阳门社区志愿服务登记表            a title, merged over the table: names no column
    姓名 | 身份证号 | 服务时间           two rows: 服务时间 is merged over 开始 and 结束, and
         |          | 开始 | 结束        the cells above 姓名's second row hold nothing

A header is one row, or two that follow each other, which name who, when and what was served.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ledger.domain.refusal import Refusal
from ledger.domain.sheets.cells import Cell, folded, is_blank
from ledger.domain.sheets.columns import Column, column_of, plain_header

ROWS_LOOKED_AT = 20
"""Titles and notes above the header; our own bound [P]."""
_ENOUGH = 3
"""Columns that make a row a header: a title that is called like one column is none."""
_UPPER = 2
"""Columns that the upper one of two rows names at least."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where each column stands, from 0; ``rows`` is how many rows the header has, 1 or 2.

    ``unread`` are the names of columns that are not read, in their order.
    """

    columns: Mapping[Column, int]
    rows: int
    unread: tuple[str, ...] = ()

    def missing(self) -> tuple[Refusal, ...]:
        """Return which columns have to be there and are not."""
        has = self.columns.keys()
        wanted = [
            (Column.ID_NUMBER, has & {Column.ID_NUMBER, Column.VOLUNTEER}),
            (Column.NAME, has & {Column.NAME, Column.VOLUNTEER}),
            (Column.DAY, has & {Column.DAY}),
            (Column.START, has & {Column.START, Column.SPAN}),
            (Column.END, has & {Column.END, Column.SPAN, Column.DURATION}),
            (Column.CONTENT, has & {Column.CONTENT}),
            (
                Column.RATING,
                Column.RATING in has
                or has >= {Column.PUNCTUALITY, Column.ATTITUDE, Column.SKILL},
            ),
            (Column.EVALUATED_ON, has & {Column.EVALUATED_ON}),
        ]
        return tuple(
            Refusal("column_is_missing", column.value, {"column": column.label})
            for column, is_there in wanted
            if not is_there
        )


def read_header(first: Sequence[Cell], second: Sequence[Cell] = ()) -> Header | Refusal | None:
    """Return the header that a row begins, with the row below it; None if it begins none.

    A refusal says that two columns have one name, so that nobody knows which is meant.
    """
    above = [column_of(cell) for cell in first]
    alone = _header(above, first, 1)
    # A title above a header of one row is no upper half of it.
    below = _below(first, second) if _count(above) >= _UPPER else []
    together = _header(below, _names(first, second), 2) if below else None
    best = alone
    if together is not None and (alone is None or _count(below) > _count(above)):
        best = together
    return best


def is_sum(cells: Sequence[Cell]) -> bool:
    """Return whether a row is none of somebody: it adds up what stands above it."""
    said = next((cell for cell in cells if not is_blank(cell)), None)
    return isinstance(said, str) and plain_header(said) in ("合计", "总计", "小计", "共计")


def _below(first: Sequence[Cell], second: Sequence[Cell]) -> list[Column | None]:
    """Return what two rows name together: what is below with what is over it."""
    over: Cell = None
    found: list[Column | None] = []
    names_any = False
    for place in range(max(len(first), len(second))):
        upper = first[place] if place < len(first) else None
        lower = second[place] if place < len(second) else None
        over = over if is_blank(upper) else upper
        if is_blank(lower):
            found.append(column_of(upper))
            continue
        if not isinstance(lower, str):
            return []
        both = f"{folded(str(over or ''))}{folded(lower)}"
        column = column_of(both) or column_of(lower)
        names_any = names_any or column is not None
        found.append(column)
    return found if names_any else []


def _names(first: Sequence[Cell], second: Sequence[Cell]) -> list[Cell]:
    longest = max(len(first), len(second))
    upper, lower = ([*row, *[None] * (longest - len(row))] for row in (first, second))
    return [low if not is_blank(low) else up for up, low in zip(upper, lower, strict=True)]


def _header(
    found: Sequence[Column | None], names: Sequence[Cell], rows: int
) -> Header | Refusal | None:
    if _count(found) < _ENOUGH:
        return None
    columns: dict[Column, int] = {}
    for place, column in enumerate(found):
        if column is None:
            continue
        if column in columns:
            return Refusal("column_is_repeated", column.value, {"column": column.label})
        columns[column] = place
    unread = tuple(
        plain_header(name)
        for name, column in zip(names, found, strict=False)
        if column is None and plain_header(name)
    )
    return Header(columns, rows, unread)


def _count(found: Sequence[Column | None]) -> int:
    return len({column for column in found if column is not None})

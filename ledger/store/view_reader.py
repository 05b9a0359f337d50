"""Reading views: rows and counts, each answer with the size of the log that it is as of.

Where the views stand is read in the same moment as the rows, so an answer never is of two.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic, TypeAlias, TypeVar

import sqlalchemy as sa

from ledger.domain.activity.deciding import Recorded
from ledger.projections.organizations import held_on
from ledger.projections.view import Key, Kind, View
from ledger.projections.views import FAILURES, FOLDS, ORGANIZATIONS, STAFF
from ledger.store.raw_rows import RawReader
from ledger.store.view_engine import reading_views
from ledger.store.view_query import Cursor, Query, cursor, select
from ledger.store.view_writing import POSITION, Position

T = TypeVar("T")
Row: TypeAlias = Mapping[str, Any]
"""A row by column, with ``since``."""
EVER = "9999-12-31T23:59:59.999999Z"
PAGE_MAX = 1_000
_MARKS_MAX = 500

RECORDED = (
    "SELECT min(day), max(day), count(DISTINCT coalesce(volunteer, '')),"
    " count(CASE WHEN stage = 'confirmed' THEN 1 END) FROM view_records"
    " WHERE log = ? AND activity = ? AND until IS NULL AND stage <> 'voided'"
)
# Not the column by itself, or SQLite reads all volunteers in their order to tell them apart.
ALL = (
    "SELECT {number}, NULL, count(DISTINCT coalesce(volunteer, '')) FROM view_records"
    " WHERE log = ? AND activity = ? AND until IS NULL AND stage <> 'voided'"
)
RECORDED_OF = (
    "SELECT DISTINCT {number}, volunteer, 0 FROM view_records WHERE log = ?"
    " AND activity = ? AND volunteer IN ({marks}) AND until IS NULL AND stage <> 'voided'"
)
_SELECTS_MAX = 64
"""So many are one statement: each by itself finds its rows, and all are one question."""
ENTERED = (
    "SELECT coalesce(sum(minutes), 0) FROM view_records WHERE log = ? AND submitted_by = ?"
    " AND submitted_at >= ? AND submitted_at <= ? AND stage = 'submitted'"
)


@dataclass(frozen=True, slots=True)
class AsOf(Generic[T]):
    """An answer, as of the log's first ``size`` entries.

    ``is_rebuilding`` says that the views are being filled anew and have not yet come to
    where they were: what they lack may well be in the log.
    """

    value: T
    size: int
    is_rebuilding: bool


@dataclass(frozen=True, slots=True)
class Attendance:
    """How many volunteers are recorded in an activity, and who of those asked for is."""

    total: int
    recorded: frozenset[str]


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and after which the next page begins; None where there is no more."""

    rows: Sequence[Row]
    after: Cursor | None


@dataclass(frozen=True, slots=True)
class ViewState:
    """How the views stand; ``failures`` counts entries that could not be folded."""

    position: int
    goal: int | None
    failures: int
    is_outdated: bool

    @property
    def is_damaged(self) -> bool:
        """Whether something of the log is not in the views."""
        return self.failures > 0


class ViewReader:
    """Reads one ledger's views, from any thread."""

    def __init__(self, engine: sa.Engine, *, origin: str) -> None:
        self._raw = RawReader(reading_views(engine))
        self._origin = origin

    def row(self, view: View, key: Key, *, size: int | None = None) -> AsOf[Row | None]:
        """Return a row by its key, or None.

        Raises:
            KeyError, ValueError: As `rows`.
            sqlalchemy.exc.DBAPIError: The database refused.
        """
        equal = dict(zip(view.key, key, strict=True))
        found = self.rows(view, Query(equal=equal, limit=1, size=size))
        first = next(iter(found.value.rows), None)
        return AsOf(first, found.size, found.is_rebuilding)

    def rows(self, view: View, query: Query) -> AsOf[Page]:
        """Return a page of rows.

        Raises:
            KeyError, ValueError: The query names what the view does not have: a
                programmer's mistake.
            sqlalchemy.exc.DBAPIError: The database refused.
        """
        if not 1 <= query.limit <= PAGE_MAX:
            raise ValueError(f"from 1 to {PAGE_MAX} rows are wanted")
        further = replace(query, limit=query.limit + 1)
        on_sqlite = self._raw.on_sqlite
        statement, values = select(view, further, self._origin, on_sqlite=on_sqlite)

        def read(connection: sa.Connection) -> Page:
            found = self._raw.select(connection, statement, *values)
            rows = [_row(view, each) for each in found]
            more = len(rows) > query.limit
            rows = rows[: query.limit]
            return Page(rows, cursor(view, query, rows[-1]) if more else None)

        return self._as_of(read, query.size)

    def recorded_in(self, activity: str) -> AsOf[Recorded]:
        """Return what is recorded in an activity; voided records do not count."""

        def read(connection: sa.Connection) -> Recorded:
            found = self._raw.select(connection, RECORDED, self._origin, activity)
            first, last, volunteers, confirmed = found.one()
            return Recorded(
                first_day=None if first is None else date.fromisoformat(first),
                last_day=None if last is None else date.fromisoformat(last),
                volunteers=volunteers,
                confirmed=confirmed,
            )

        return self._as_of(read)

    def attendances(self, asked: Mapping[str, Sequence[str]]) -> AsOf[Mapping[str, Attendance]]:
        """Return of each activity how many are recorded in it, and which of these are."""

        def read(connection: sa.Connection) -> Mapping[str, Attendance]:
            names, selects = list(asked), _attendance_selects(asked)
            totals = dict.fromkeys(names, 0)
            found = {name: set[str]() for name in names}
            for first in range(0, len(selects), _SELECTS_MAX):
                some = selects[first : first + _SELECTS_MAX]
                query = " UNION ALL ".join(text for text, _ in some)
                values = [value for _, of in some for value in (self._origin, *of)]
                for number, volunteer, total in self._raw.select(connection, query, *values):
                    if volunteer is None:
                        totals[names[number]] = int(total)
                    else:
                        found[names[number]].add(volunteer)
            return {name: Attendance(totals[name], frozenset(found[name])) for name in asked}

        return self._as_of(read)

    def actor_minutes(self, actor: str, since: str, until: str = EVER) -> AsOf[int]:
        """Return how many minutes an actor has entered since an instant, as facts have it.

        Entries of the last instant, ``until``, count as well.
        Every entry counts, also of a record that was returned or entered anew since.
        """
        return self._count(ENTERED, actor, since, until)

    def has_organizations(self) -> AsOf[bool]:
        """Return whether the ledger has any organization."""
        found = self.rows(ORGANIZATIONS, Query(limit=1))
        return AsOf(bool(found.value.rows), found.size, found.is_rebuilding)

    def employers(self, person: str, day: str) -> AsOf[Mapping[str, Sequence[str]]]:
        """Return in which organizations a person has which roles on a day, `YYYY-MM-DD`."""
        query = Query(equal={"person": person}, order=("organization", "role"), limit=PAGE_MAX)
        found = self.rows(STAFF, query)
        roles: dict[str, list[str]] = {}
        for row in found.value.rows:
            if held_on(row["terms"], day):
                roles.setdefault(row["organization"], []).append(row["role"])
        return AsOf(roles, found.size, found.is_rebuilding)

    def frozen(self, stream: str) -> AsOf[int | None]:
        """Return the first entry of a stream that could not be folded, or None.

        From there on, what the views say of the stream is old.
        """
        query = Query(equal={"stream": stream}, order=("seq",), limit=1)
        found = self.rows(FAILURES, query)
        first = next((int(row["seq"]) for row in found.value.rows), None)
        return AsOf(first, found.size, found.is_rebuilding)

    def position(self) -> int:
        """Return of how many entries the views are."""
        return self.state().position

    def state(self) -> ViewState:
        """Return how the views stand."""
        query = "SELECT count(*) FROM view_failures WHERE log = ?"
        with self._reading() as connection:
            at = self._at(connection)
            failures = int(self._raw.select(connection, query, self._origin).scalar() or 0)
        return ViewState(at.position, at.goal, failures, at.folds != FOLDS)

    def at_once(
        self, read: Callable[[RawReader, sa.Connection, str], T], *, size: int | None = None
    ) -> AsOf[T]:
        """Return what ``read`` makes of the rows of one moment; it is given the log's name."""
        return self._as_of(lambda found: read(self._raw, found, self._origin), size)

    def _count(self, query: str, *values: str) -> AsOf[int]:
        def read(connection: sa.Connection) -> int:
            return int(self._raw.select(connection, query, self._origin, *values).scalar() or 0)

        return self._as_of(read)

    def _as_of(self, read: Callable[[sa.Connection], T], size: int | None = None) -> AsOf[T]:
        with self._reading() as connection:
            at = self._at(connection)
            value = read(connection)
        reached = at.position if size is None else min(size, at.position)
        return AsOf(value, reached, at.is_rebuilding)

    def _at(self, connection: sa.Connection) -> Position:
        row = self._raw.select(connection, f"{POSITION} ?", self._origin).one_or_none()
        return Position() if row is None else Position(*row)

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with self._raw.reading() as connection:
            yield connection


def _row(view: View, found: Sequence[Any]) -> Row:
    row: dict[str, Any] = dict(zip((*view.names, "since"), found, strict=True))
    for name, column in view.columns.items():
        if column.kind is Kind.BOOLEAN:
            row[name] = bool(row[name])
        elif column.kind is Kind.BYTES and row[name] is not None:
            row[name] = bytes(row[name])
    return row


def _attendance_selects(
    asked: Mapping[str, Sequence[str]],
) -> list[tuple[str, Sequence[str]]]:
    """Return what is selected of each activity, by its place among them, with its values."""
    selects: list[tuple[str, Sequence[str]]] = []
    for number, (activity, volunteers) in enumerate(asked.items()):
        selects.append((ALL.format(number=number), [activity]))
        for start in range(0, len(volunteers), _MARKS_MAX):
            some = volunteers[start : start + _MARKS_MAX]
            marks = ", ".join("?" for _ in some)
            query = RECORDED_OF.format(number=number, marks=marks)
            selects.append((query, [activity, *some]))
    return selects

"""Comparing views with what the log makes of them, row by row and column by column.

The log is folded into a store of its own up to where the views stand, and both are read in
the order of their keys. Who is erased while this goes on is no difference: her box cannot be
made again, nor can it be told where she lived; both will be gone from the views as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ledger.projections.view import History, Kind, View
from ledger.projections.views import PERSONS, TASKS, VIEWS, VOLUNTEER_TOKENS, VOLUNTEERS
from ledger.store.raw_rows import PAGE, RawReader, as_bytes
from ledger.store.view_engine import reading_views
from ledger.store.view_statements import quoted
from ledger.store.view_tables import table_name
from ledger.store.view_writing import POSITION, Position

MISSING = "row missing"
"""Stands for the column where the views lack a whole row."""
TOO_MANY = "row too many"
"""Stands for the column where the views have a row that the log does not make."""
INDEX = "index"
"""Stands for the view where the database says that its own files contradict each other."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which the views differ from the log; what they say is not told."""

    view: str
    key: str
    column: str


class Kept:
    """The views of one log as they lie in a store at one moment."""

    def __init__(self, connection: sa.Connection, raw: RawReader, *, origin: str) -> None:
        self._connection = connection
        self._raw = raw
        self._origin = origin

    def position(self) -> Position:
        """Return how far they follow the log."""
        row = self._raw.select(self._connection, f"{POSITION} ?", self._origin).one_or_none()
        return Position() if row is None else Position(*row)

    def rows(self, view: View) -> Iterator[tuple[Sequence[Any], Sequence[Any]]]:
        """Yield each version of each row: by what it is told apart, and what it says."""
        key, names = view.identifying, compared(view)
        kinds = [view.kind(name) for name in names]
        after: Sequence[Any] = ()
        is_last = False
        while not is_last:
            page = self._page(view, after)
            for row in page:
                after, said = row[: len(key)], row[len(key) :]
                yield after, [_said(*each) for each in zip(kinds, said, strict=True)]
            is_last = len(page) < PAGE

    def _page(self, view: View, after: Sequence[Any]) -> Sequence[Any]:
        key = ", ".join(map(quoted, view.identifying))
        names = ", ".join(map(quoted, compared(view)))
        further = f" AND ({key}) > ({', '.join('?' for _ in after)})" if after else ""
        query = (
            f"SELECT {key}, {names} FROM {quoted(table_name(view))}"  # noqa: S608 - names of ours
            f" WHERE log = ?{further} ORDER BY {key} LIMIT {PAGE}"
        )
        return list(self._raw.tuples(self._connection, query, self._origin, *after))

    def complaints(self) -> Iterator[str]:
        """Yield what the database itself finds wrong with its files."""
        if self._raw.on_sqlite:
            for row in self._raw.select(self._connection, "PRAGMA integrity_check(20)"):
                if row[0] != "ok":
                    yield str(row[0])


def reading_kept(engine: sa.Engine) -> RawReader:
    """Return what reads a store of views at one moment."""
    return RawReader(reading_views(engine))


def compared(view: View) -> tuple[str, ...]:
    """Return the columns that are compared beside those by which rows are told apart."""
    beside = ("until",) if view.history is History.KEPT else ("since", "until")
    return (*beside, *view.columns)


def differences(stored: Kept, made: Kept) -> Iterator[Difference]:
    """Yield in what stored views differ from those that the log makes, view by view."""
    for complaint in stored.complaints():
        yield Difference(INDEX, complaint, "")
    unreadable = frozenset(_unreadable(made))
    for view in VIEWS:
        for each in _in_view(view, stored, made):
            if not _is_erasure(view, each, unreadable):
                yield each.told()


@dataclass(frozen=True, slots=True)
class _Found:
    view: View
    key: Sequence[Any]
    column: str

    def told(self) -> Difference:
        return Difference(self.view.name, " ".join(map(_shown, self.key)), self.column)


def _in_view(view: View, stored: Kept, made: Kept) -> Iterator[_Found]:
    names = compared(view)
    ours, theirs = stored.rows(view), made.rows(view)
    got, want = next(ours, None), next(theirs, None)
    while got is not None or want is not None:
        if got is not None and (want is None or _order(got[0]) < _order(want[0])):
            yield _Found(view, got[0], TOO_MANY)
            got = next(ours, None)
        elif want is not None and (got is None or _order(got[0]) > _order(want[0])):
            yield _Found(view, want[0], MISSING)
            want = next(theirs, None)
        elif got is not None and want is not None:
            for name, a, b in zip(names, got[1], want[1], strict=True):
                if a != b:
                    yield _Found(view, got[0], name)
            got, want = next(ours, None), next(theirs, None)


def _order(key: Sequence[Any]) -> list[tuple[int, Any]]:
    """Return a key to compare, whatever somebody wrote there by hand: numbers before texts."""
    return [(0, each) if isinstance(each, int) else (1, _shown(each)) for each in key]


def _unreadable(made: Kept) -> Iterator[str]:
    """Yield persons whose key is gone although the log, up to there, has not said so."""
    for view in (VOLUNTEERS, PERSONS):
        names = compared(view)
        until, erased, box = (names.index(name) for name in ("until", "is_erased", "box"))
        for key, said in made.rows(view):
            if said[until] is None and said[box] is None and not said[erased]:
                yield str(key[0])


def _is_erasure(view: View, found: _Found, unreadable: frozenset[str]) -> bool:
    # Of what waits, only that somebody is to be confirmed is known by her id.
    person = found.key[1 if view is TASKS else 0]
    if str(person) not in unreadable:
        return False
    return view in (VOLUNTEER_TOKENS, TASKS) or found.column == "box"


def _said(kind: Kind, value: Any) -> Any:
    if value is None:
        return None
    if kind is Kind.BOOLEAN and value in (0, 1):
        return bool(value)
    return as_bytes(value) if kind is Kind.BYTES else value


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)

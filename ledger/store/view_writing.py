"""One transaction on the views: the lock, current rows, what a batch changed, the position.

Rows and position are one commit: a process that dies before it leaves neither, and the batch
is folded again from where the position stands.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

import sqlalchemy as sa

from ledger.projections.rows import Changed, Erasing
from ledger.projections.view import History, Key, Values, View
from ledger.projections.views import FOLDS, VIEWS
from ledger.store.engine import in_turn
from ledger.store.view_copy import copy_in
from ledger.store.view_engine import WRITING_CACHE
from ledger.store.view_statements import (
    arrays,
    ended,
    quoted,
    row_maker,
    statements,
    wanted,
)
from ledger.store.view_tables import table_name

_LOAD_MAX = 2_000
POSITION = "SELECT position, generation, folds, goal, leaf FROM view_positions WHERE log ="
"""The columns of `Position`; the log's name follows, as the driver marks a value."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far the views follow the log; ``goal`` is where a rebuilding ends.

    ``generation`` counts how often they were emptied, ``folds`` says by which folds they
    were filled, ``leaf`` which entry they took in last.
    """

    position: int = 0
    generation: int = 0
    folds: int = FOLDS
    goal: int | None = None
    leaf: str = ""

    @property
    def is_rebuilding(self) -> bool:
        """Whether the views are on their way to where they have been before."""
        return self.goal is not None


class ViewWriter:
    """A transaction that holds the lock of one log's views, on the driver's connection."""

    def __init__(self, connection: Any, origin: str, *, on_sqlite: bool) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self._origin = origin
        self._on_sqlite = on_sqlite

    def begin(self) -> Position:
        """Take the lock, and return where the views stand."""
        if self._on_sqlite:
            self._run("BEGIN IMMEDIATE")
        found = self._position()
        if found is None:
            insert = (
                "INSERT INTO view_positions (log, position, generation, folds)"
                " VALUES (?, 0, 0, ?) ON CONFLICT (log) DO NOTHING"
            )
            self._run(insert, self._origin, FOLDS)
            found = self._position()
        return found or Position()

    def _position(self) -> Position | None:
        query = f"{POSITION} ?"
        self._run(query if self._on_sqlite else f"{query} FOR UPDATE", self._origin)
        row = self._cursor.fetchone()
        return None if row is None else Position(*row)

    def load(self, view: View, keys: Sequence[Key]) -> Mapping[Key, tuple[Values, int]]:
        """Return current rows by key, each with its ``since``."""
        query = statements(view, on_sqlite=self._on_sqlite).load
        width, names = len(view.key), tuple(view.columns)
        found: dict[Key, tuple[Values, int]] = {}
        for start in range(0, len(keys), _LOAD_MAX):
            some = keys[start : start + _LOAD_MAX]
            asked = wanted(view, some, self._origin, on_sqlite=self._on_sqlite)
            self._cursor.execute(query, asked)
            for row in self._cursor:
                values = dict(zip(names, map(_cell, row[width + 1 :]), strict=True))
                found[tuple(row[:width])] = values, row[width]
        return found

    def streams_that_failed(self) -> set[str]:
        """Return the streams that stand still since an entry of theirs could not be folded."""
        self._run("SELECT DISTINCT stream FROM view_failures WHERE log = ?", self._origin)
        return {row[0] for row in self._cursor}

    def write(self, changed: Changed) -> None:
        """Write what a batch has changed."""
        for view, rows in changed.ended.items():
            self._close(view, rows)
        for view, added in changed.added.items():
            make = row_maker(view, on_sqlite=self._on_sqlite)
            self._add(view, (make(self._origin, version) for version in added))
        for erasing in changed.erased:
            self._erase(erasing)

    def move(self, position: Position) -> None:
        """Say how far the views follow the log."""
        query = (
            "UPDATE view_positions SET position = ?, generation = ?, folds = ?, goal = ?,"
            " leaf = ? WHERE log = ?"
        )
        self._run(query, *astuple(position), self._origin)

    def empty(self) -> None:
        """Delete every row of this log's views."""
        self._run("SELECT count(*) FROM view_positions WHERE log <> ?", self._origin)
        alone = self._cursor.fetchone()[0] == 0
        for view in VIEWS:
            delete = f"DELETE FROM {quoted(table_name(view))}"  # noqa: S608 - a name of ours
            if alone and self._on_sqlite:
                self._run(delete)  # without looking at each row
            else:
                self._run(f"{delete} WHERE log = ?", self._origin)

    def commit(self) -> None:
        """Let it all be so."""
        self._run("COMMIT") if self._on_sqlite else self._connection.commit()

    def rollback(self) -> None:
        """Let nothing have been."""
        if not self._on_sqlite:
            self._connection.rollback()
        elif self._connection.in_transaction:
            self._run("ROLLBACK")

    def _close(self, view: View, rows: Sequence[tuple[Key, int, int]]) -> None:
        close = statements(view, on_sqlite=self._on_sqlite).close
        if self._on_sqlite:
            values = [(until, self._origin, *key, since) for key, since, until in rows]
            self._cursor.executemany(close, values)
        elif rows:
            self._cursor.execute(close, (*ended(view, rows), self._origin))

    def _add(self, view: View, rows: Iterable[Sequence[Any]]) -> None:
        said = statements(view, on_sqlite=self._on_sqlite)
        if self._on_sqlite:
            self._cursor.executemany(said.add, rows)
        elif view.history is History.NONE:
            self._cursor.execute(said.add, arrays(list(rows), len(said.columns)))
        else:
            copy_in(self._cursor, view, rows)

    def _erase(self, erasing: Erasing) -> None:
        view = erasing.view
        names = tuple(view.key)[: len(erasing.key)]
        same = " AND ".join(f"{quoted(name)} = ?" for name in names)
        table = quoted(table_name(view))
        if erasing.column is None:
            act = f"DELETE FROM {table}"  # noqa: S608 - names of ours
        else:
            act = f"UPDATE {table} SET {quoted(erasing.column)} = NULL"  # noqa: S608
        self._run(f"{act} WHERE log = ? AND {same}", self._origin, *erasing.key)

    def _run(self, statement: str, *values: object) -> None:
        said = statement if self._on_sqlite else statement.replace("?", "%s")
        self._cursor.execute(said, values)


def peek(engine: sa.Engine, origin: str) -> Position:
    """Return where the views stand, without waiting for who writes them.

    Raises:
        sqlalchemy.exc.DBAPIError, or the driver's own error: The database refused.
    """
    pooled = engine.raw_connection()
    try:
        cursor: Any = pooled.cursor()
        mark = "?" if engine.dialect.name == "sqlite" else "%s"
        cursor.execute(f"{POSITION} {mark}", (origin,))
        row = cursor.fetchone()
        cursor.close()
        return Position() if row is None else Position(*row)
    finally:
        pooled.close()


class ViewConnection:
    """A connection that one thread at a time writes views through, kept for what it holds."""

    def __init__(self, engine: sa.Engine, origin: str) -> None:
        self._engine = engine
        self._origin = origin
        self._on_sqlite = engine.dialect.name == "sqlite"
        self._pooled: sa.PoolProxiedConnection | None = None

    @contextlib.contextmanager
    def transaction(self) -> Iterator[ViewWriter]:
        """Yield a transaction; what it has not committed when the block ends is rolled back.

        Raises:
            sqlalchemy.exc.DBAPIError, or the driver's own error: The database refused.
        """
        with in_turn(self._engine):
            try:
                writer = self._open()
                yield writer
                writer.rollback()
            except BaseException:
                # One that failed in the middle is not used again, nor given to anybody else.
                self.close()
                raise

    def close(self) -> None:
        """Let go of the connection; the next transaction opens another one."""
        pooled, self._pooled = self._pooled, None
        if pooled is not None:
            pooled.invalidate()
            pooled.close()

    def _open(self) -> ViewWriter:
        if self._pooled is None:
            self._pooled = self._engine.raw_connection()
            if self._on_sqlite:
                driver: Any = self._pooled.driver_connection
                driver.execute(WRITING_CACHE)
        connection: Any = self._pooled.driver_connection
        return ViewWriter(connection, self._origin, on_sqlite=self._on_sqlite)


@contextlib.contextmanager
def writing_views(engine: sa.Engine, origin: str) -> Iterator[ViewWriter]:
    """Yield one transaction, on a connection of its own.

    Raises:
        As `ViewConnection.transaction`.
    """
    connection = ViewConnection(engine, origin)
    try:
        with connection.transaction() as writer:
            yield writer
    finally:
        connection.close()


def _cell(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value

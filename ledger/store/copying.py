"""Rows of one log read in one snapshot and taken over by another database as they are.

Both databases speak one plain form here: bytes, integers, text, None, and UUIDs as 32 hex
digits. What was read is summed up table by table, and what was written is read again.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import sqlalchemy as sa

from ledger.store.engine import SQLITE_BEGIN
from ledger.store.raw_rows import RawReader
from ledger.store.schema import entries, heads

ROWS_MAX = 200
"""Rows held at a time: one may be several megabytes."""

Field = bytes | int | str | None
Row = tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class TableSum:
    """How many rows a table has of one log, and SHA-256 over them in order of their key."""

    name: str
    rows: int
    sha256: bytes


@dataclass(eq=False)
class CopyDiffersError(Exception):
    """A copy does not hold what was read; it was undone or is not called a copy.

    ``want`` and ``got`` are the number of rows and the hash over them, in hex.
    """

    table: str
    want: tuple[int, str]
    got: tuple[int, str]


@dataclass(slots=True)
class _Summing:
    """The sum of a table while its rows pass by."""

    table: sa.Table
    count: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def add(self, row: Row) -> None:
        self.count += 1
        for column, value in zip(self.table.columns, row, strict=True):
            # The seal says whether a head may be extended, not what the log holds.
            if self.table is not heads or column.name != "mac":
                kind, data = _spelled(value)
                self.digest.update(kind + len(data).to_bytes(8, "big") + data)

    def sum(self) -> TableSum:
        return TableSum(str(self.table.name), self.count, self.digest.digest())


class Snapshot:
    """One log's rows as they were at one moment, however long it takes to read them."""

    def __init__(self, connection: sa.Connection, origin: str) -> None:
        self._connection = connection
        self._origin = origin

    def rows(
        self, table: sa.Table, condition: str = "", *values: object, last_first: bool = False
    ) -> Iterator[Row]:
        """Yield the rows of a table in order of its key, ``log`` among their columns."""
        names = ", ".join(column.name for column in table.columns)
        order = " DESC" if last_first else ""
        key = ", ".join(f"{column.name}{order}" for column in table.primary_key.columns)
        query = f"SELECT {names} FROM {table.name} WHERE log = ? {condition} ORDER BY {key}"  # noqa: S608 - names of ours
        plain = [_plain_form(column) for column in table.columns]
        for row in self._select(query, *values):
            yield tuple(form(value) for form, value in zip(plain, row, strict=True))

    def size(self) -> int:
        """Return how many entries there are."""
        query = "SELECT count(*) FROM entries WHERE log = ?"
        return int(self._select(query).scalar_one())

    def sum(self, table: sa.Table) -> TableSum:
        """Return the sum of a table."""
        summing = _Summing(table)
        for row in self.rows(table):
            summing.add(row)
        return summing.sum()

    def _select(self, query: str, *values: object) -> Any:
        if self._connection.dialect.name != "sqlite":
            query = query.replace("?", "%s")
        # For this query alone: PostgreSQL makes it a cursor, which only a SELECT can be.
        options = {"yield_per": ROWS_MAX}
        values = (self._origin, *values)
        return self._connection.exec_driver_sql(query, values, execution_options=options)


@contextmanager
def snapshot(engine: sa.Engine, origin: str) -> Iterator[Snapshot]:
    """Yield the rows of a log as they are now, beside whoever appends to it."""
    if engine.dialect.name != "sqlite":
        # On SQLite any transaction that reads sees one moment.
        engine = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    with RawReader(engine).reading() as connection:
        yield Snapshot(connection, origin)


@contextmanager
def taking_over(engine: sa.Engine, origin: str) -> Iterator["Taker"]:
    """Yield what takes rows over in one transaction: all of them at the end, or none."""
    options = {SQLITE_BEGIN: "BEGIN IMMEDIATE"}
    with engine.execution_options(**options).begin() as connection:
        yield Taker(connection, origin)


class Taker:
    """One transaction that rows of a log are written in."""

    def __init__(self, connection: sa.Connection, origin: str) -> None:
        self.connection = connection
        self.origin = origin

    def is_empty(self, tables: Iterable[sa.Table]) -> bool:
        """Return whether none of the tables holds a row of this log."""
        queries = (
            sa.select(sa.literal(1)).where(table.c.log == self.origin).limit(1)
            for table in tables
        )
        return all(self.connection.execute(query).first() is None for query in queries)

    def sum(self, table: sa.Table) -> TableSum:
        """Return the sum of a table as this transaction sees it."""
        return Snapshot(self.connection, self.origin).sum(table)

    def insert(self, table: sa.Table, rows: Iterable[Row]) -> None:
        """Write rows, some at a time.

        Raises:
            sqlalchemy.exc.DBAPIError: The database does not take one of them.
        """
        page: list[Row] = []
        for row in rows:
            page.append(row)
            if len(page) == ROWS_MAX:
                self._insert(table, page)
                page = []
        if page:
            self._insert(table, page)

    def _insert(self, table: sa.Table, rows: Sequence[Row]) -> None:
        names = ", ".join(column.name for column in table.columns)
        if self.connection.dialect.name == "sqlite":
            places = ", ".join("?" * len(table.columns))
            insert = f"INSERT INTO {table.name} ({names}) VALUES ({places})"  # noqa: S608 - names of ours
            self.connection.exec_driver_sql(insert, list(rows))
            return
        text = StringIO("".join(_copy_line(row) for row in rows))
        cursor: Any = self.connection.connection.cursor()
        try:
            cursor.copy_expert(f"COPY {table.name} ({names}) FROM STDIN", text)
        except self.connection.dialect.loaded_dbapi.Error as error:
            raise sa.exc.DBAPIError(None, None, error, hide_parameters=True) from error
        finally:
            cursor.close()


def copy_log(
    source: Snapshot,
    taker: Taker,
    tables: Iterable[sa.Table],
    *,
    progress: Callable[[int, int], None],
) -> list[TableSum]:
    """Take over all rows of a log; return the sums of what was read.

    ``progress(done, size)`` is told after each page of entries.
    """
    sums = []
    for table in tables:
        size = source.size() if table is entries else 0
        summing = _Summing(table)
        taker.insert(table, _passing(source.rows(table), summing, size, progress))
        sums.append(summing.sum())
    return sums


def compare_sums(want: Iterable[TableSum], got: Iterable[TableSum]) -> None:
    """Return if two sets of sums are the same.

    Raises:
        CopyDiffersError: A table differs.
    """
    found = {each.name: each for each in got}
    for each in want:
        other = found.get(each.name, TableSum(each.name, 0, b""))
        if other != each:
            raise CopyDiffersError(
                each.name, (each.rows, each.sha256.hex()), (other.rows, other.sha256.hex())
            )


def _passing(
    rows: Iterable[Row], summing: _Summing, size: int, progress: Callable[[int, int], None]
) -> Iterator[Row]:
    for row in rows:
        summing.add(row)
        yield row
        if summing.table is entries and summing.count % ROWS_MAX == 0:
            progress(summing.count, size)


def _plain_form(column: sa.Column[Any]) -> Callable[[Any], Field]:
    if isinstance(column.type, sa.Uuid):
        return _plain_uuid
    if isinstance(column.type, sa.Boolean):
        return lambda value: int(value) if isinstance(value, bool) else value
    return _plain


def _plain(value: Any) -> Field:
    return bytes(value) if isinstance(value, memoryview) else value


def _plain_uuid(value: Any) -> Field:
    if isinstance(value, uuid.UUID):
        return value.hex
    return value.replace("-", "") if isinstance(value, str) else value


def _spelled(value: Any) -> tuple[bytes, bytes]:
    match value:
        case None:
            return b"0", b""
        case bytes():
            return b"b", value
        case str():
            return b"t", value.encode("utf-8", "surrogateescape")
        case _:  # SQLite keeps whatever type a row was given by hand
            return b"i", repr(value).encode()


def _copy_line(row: Row) -> str:
    return "\t".join(map(_copy_text, row)) + "\n"


_ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def _copy_text(value: Field) -> str:
    """Return a value in PostgreSQL's text form of COPY (PostgreSQL manual, COPY)."""
    match value:
        case None:
            return r"\N"
        case bytes():
            return r"\\x" + value.hex()
        case _:
            return str(value).translate(_ESCAPED)

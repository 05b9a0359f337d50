"""Raw insertion: the rows that the ledger would store, and nothing computed."""

import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

import psycopg
import psycopg2.extensions
import sqlalchemy as sa

from benchmarks.databases import Database
from benchmarks.events import EVENTS_A_STREAM, ORIGIN, Events
from benchmarks.ledgers import Ledger, new_ledger
from benchmarks.rounds import Work
from ledger.store import schema
from ledger.store.engine import connect

SAMPLE = 512
COPY_ROWS_MIN = 8
COLUMNS = [column.name for column in schema.entries.columns]
TYPES = (
    "text",
    "int8",
    "bytea",
    "bytea",
    "uuid",
    "int8",
    "int8",
    "text",
    "bytea",
    "bytea",
    "uuid",
)

Row = tuple[Any, ...]


class Rows:
    """Rows as the ledger stored them, each time with another position and stream."""

    def __init__(self, database: Database) -> None:
        with new_ledger(Database("sqlite", None)) as ledger:
            ledger.grow(SAMPLE, Events(7))
            self._sample = _read(ledger)
        self._seqs = count()
        self._on_sqlite = database.kind == "sqlite"

    def take(self, number: int) -> list[Row]:
        """Return so many rows, ready for the driver."""
        found: list[Row] = []
        stream, submission = self._uuid(), self._uuid()
        for _ in range(number):
            seq = next(self._seqs)
            version = seq % EVENTS_A_STREAM + 1
            if version == 1:
                stream = self._uuid()
            kept = self._sample[seq % SAMPLE]
            found.append(
                (
                    ORIGIN,
                    seq,
                    kept[2],
                    kept[3],
                    stream,
                    version,
                    version,
                    *kept[7:10],
                    submission,
                )
            )
        return found

    def _uuid(self) -> Any:
        made = uuid.uuid4()
        return made.hex if self._on_sqlite else made


def _read(ledger: Ledger) -> list[Row]:
    query = f"SELECT {', '.join(COLUMNS)} FROM entries ORDER BY seq"  # noqa: S608 - names of ours
    with ledger.engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


class SqliteRaw:
    """One connection with the ledger's own settings, shared by all submitters."""

    def __init__(self, engine: sa.Engine, rows: Rows) -> None:
        self._rows = rows
        self._connection: Any = engine.raw_connection().driver_connection
        self._lock = threading.Lock()
        marks = ",".join("?" * len(COLUMNS))
        self._insert = f"INSERT INTO entries VALUES ({marks})"  # noqa: S608 - marks alone

    def prepare(self, *, per_commit: int, submitters: int, commits: int) -> list[Work]:
        """Return work of which nothing but the insertion is left to do."""
        return [
            self._work([self._rows.take(per_commit) for _ in range(commits)])
            for _ in range(submitters)
        ]

    def _work(self, batches: list[list[Row]]) -> Work:
        connection, insert = self._connection, self._insert

        def work() -> None:
            for batch in batches:
                with self._lock:
                    connection.execute("BEGIN IMMEDIATE")
                    connection.executemany(insert, batch)
                    connection.execute("COMMIT")

        return work


class PostgresqlRaw:
    """A connection for each submitter; each statement is a transaction by itself."""

    def __init__(self, url: str, rows: Rows) -> None:
        self._url = url.replace("+psycopg2", "")
        self._rows = rows
        self._inserting: list[Any] = []
        self._copying: list[psycopg.Connection[Any]] = []

    def prepare(self, *, per_commit: int, submitters: int, commits: int) -> list[Work]:
        """Return work of which nothing but the insertion is left to do."""
        shares = [
            [self._rows.take(per_commit) for _ in range(commits)] for _ in range(submitters)
        ]
        if per_commit < COPY_ROWS_MIN:
            self._connect(submitters)
            return [
                _inserting(connection, [_adapted(batch) for batch in share])
                for connection, share in zip(self._inserting, shares, strict=False)
            ]
        self._connect_to_copy(submitters)
        return [
            _copying(connection, share)
            for connection, share in zip(self._copying, shares, strict=False)
        ]

    def close(self) -> None:
        """Close every connection."""
        for connection in (*self._inserting, *self._copying):
            connection.close()

    def _connect(self, number: int) -> None:
        while len(self._inserting) < number:
            connection = psycopg2.connect(self._url)
            connection.autocommit = True
            self._inserting.append(connection)

    def _connect_to_copy(self, number: int) -> None:
        while len(self._copying) < number:
            self._copying.append(psycopg.connect(self._url, autocommit=True))


def _inserting(connection: Any, batches: Sequence[tuple[int, list[Any]]]) -> Work:
    one = "(" + ",".join(["%s"] * len(COLUMNS)) + ")"

    def work() -> None:
        with connection.cursor() as cursor:
            for number, values in batches:
                insert = "INSERT INTO entries VALUES " + ",".join([one] * number)  # noqa: S608
                cursor.execute(insert, values)

    return work


def _copying(connection: psycopg.Connection[Any], batches: Sequence[Sequence[Row]]) -> Work:
    def work() -> None:
        with connection.cursor() as cursor:
            for batch in batches:
                with cursor.copy("COPY entries FROM STDIN (FORMAT binary)") as copy:
                    copy.set_types(TYPES)
                    for row in batch:
                        copy.write_row(row)

    return work


def _adapted(batch: Sequence[Row]) -> tuple[int, list[Any]]:
    values = [
        str(value) if isinstance(value, uuid.UUID) else value for row in batch for value in row
    ]
    return len(batch), values


@contextmanager
def new_raw(database: Database) -> Iterator[SqliteRaw | PostgresqlRaw]:
    """Yield raw insertion into an empty table like the ledger's, and remove it afterwards."""
    rows = Rows(database)
    with database.place() as folder, database.url(folder, "raw") as url:
        engine = connect(url)
        # The same indexes; the triggers that forbid changes are part of the ledger's work.
        schema.metadata.create_all(engine, tables=[schema.entries])
        if database.kind == "sqlite":
            yield SqliteRaw(engine, rows)
        else:
            raw = PostgresqlRaw(url, rows)
            yield raw
            raw.close()
        engine.dispose()

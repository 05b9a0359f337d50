"""Opening a transaction on a ledger, on the driver's own connection from SQLAlchemy's pool.

The driver's cursor is several times faster than SQLAlchemy's statements; here alone that
counts. A process that dies before `Writer.commit` leaves nothing; after it, everything.
"""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from ledger.store.engine import in_turn
from ledger.store.postgresql_writing import PostgresqlWriter
from ledger.store.sqlite_writing import SqliteWriter
from ledger.store.writer import Begun, Writer


@contextlib.contextmanager
def writing(engine: sa.Engine, origin: str) -> Iterator[Writer]:
    """Yield a writer; what it has not committed when the block ends is rolled back."""
    connection = WritingConnection(engine, origin)
    try:
        with connection.transaction() as writer:
            yield writer
    finally:
        connection.close()


class WritingConnection:
    """A connection that one thread at a time writes through, kept from commit to commit."""

    def __init__(self, engine: sa.Engine, origin: str) -> None:
        self._engine = engine
        self._origin = origin
        self._pooled: sa.PoolProxiedConnection | None = None
        self._writer: Writer | None = None

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Writer]:
        """Yield a writer; what it has not committed when the block ends is rolled back."""
        with in_turn(self._engine):
            try:
                yield self._writer or self._open()
                if self._writer is not None:
                    self._writer.rollback()
            except BaseException:
                # A connection that failed in the middle is not given to anybody else;
                # closing it ends its transaction.
                self._discard()
                raise

    @contextlib.contextmanager
    def begun(
        self, streams: Sequence[str], application_names: Sequence[str]
    ) -> Iterator[tuple[Writer, Begun]]:
        """Yield a writer that holds the lock, and what it found under it."""
        kept = self._writer is not None
        with self.transaction() as writer:
            try:
                found = writer.begin(streams, application_names)
            except Exception:
                if not (kept and writer.is_cut()):
                    raise
                # Cut since the last commit, as by a restart of the server: nothing was
                # begun on it. Asking before each commit would cost a round trip.
                self._discard()
                writer = self._open()
                found = writer.begin(streams, application_names)
            yield writer, found

    def close(self) -> None:
        """Give the connection back to the pool."""
        if self._pooled is not None:
            self._autocommit(on=False)
            self._pooled.close()
        self._pooled = self._writer = None

    def _open(self) -> Writer:
        self._pooled = self._engine.raw_connection()
        connection: Any = self._pooled.driver_connection
        if self._engine.dialect.name == "sqlite":
            self._writer = SqliteWriter(connection, self._origin)
        else:
            self._autocommit(on=True)  # so that BEGIN and COMMIT travel with other words
            self._writer = PostgresqlWriter(connection, self._origin)
        return self._writer

    def _discard(self) -> None:
        if self._pooled is not None:
            self._pooled.invalidate()
            self._pooled.close()
        self._pooled = self._writer = None

    def _autocommit(self, *, on: bool) -> None:
        if self._engine.dialect.name != "sqlite" and self._pooled is not None:
            connection: Any = self._pooled.driver_connection
            connection.autocommit = on

"""Opening a transaction on a ledger, on the driver's own connection from SQLAlchemy's pool.

The driver's cursor is several times faster than SQLAlchemy's statements; here alone that
counts. A process that dies before `Writer.commit` leaves nothing; after it, everything.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from ledger.store.postgresql_writing import PostgresqlWriter
from ledger.store.sqlite_writing import SqliteWriter
from ledger.store.writer import Writer


@contextlib.contextmanager
def writing(engine: sa.Engine, origin: str) -> Iterator[Writer]:
    """Yield a writer; what it has not committed when the block ends is rolled back."""
    pooled = engine.raw_connection()
    connection: Any = pooled.driver_connection
    try:
        writer: SqliteWriter | PostgresqlWriter
        if engine.dialect.name == "sqlite":
            writer = SqliteWriter(connection, origin)
        else:
            connection.autocommit = True  # so that BEGIN and COMMIT travel with other words
            writer = PostgresqlWriter(connection, origin)
        yield writer
        writer.rollback()
        if isinstance(writer, PostgresqlWriter):
            connection.autocommit = False
    except BaseException:
        # A connection that failed in the middle is not given to anybody else; closing it
        # ends its transaction.
        pooled.invalidate()
        raise
    finally:
        pooled.close()

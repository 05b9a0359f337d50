"""Rows as the driver has them, whatever somebody wrote there by hand.

SQLite keeps any type in any column, and text that is no UTF-8. Reading must not fail on such
a row: the audit names it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from ledger.store.copy_rows import copy_rows

PAGE = 2_000
COMMON = ("seq", "version", "originator_version", "stream", "leaf")
"""With what a row of entries begins when it is read by `RawReader.records`."""
_TYPES = {
    "seq": "int8",
    "version": "int8",
    "originator_version": "int8",
    "stream": "text",
    "topic": "text",
}
_BYTES = "bytea"
_UUID_DIGITS = 32


class RawReader:
    """Runs queries written with ``?`` on either database, and converts nothing."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self.on_sqlite = engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Yield a connection on which text that is no UTF-8 can be read."""
        with self._engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            if self.on_sqlite:
                driver.text_factory = _lenient
            try:
                yield connection
            finally:
                if self.on_sqlite:
                    driver.text_factory = str

    def select(self, connection: sa.Connection, query: str, *values: object) -> Any:
        """Return the result of a query."""
        return connection.exec_driver_sql(self._with_marks(query), values)

    def pages(self, connection: sa.Connection, query: str, *values: object) -> Any:
        """Return the result of a query whose rows are not held all at once."""
        return self.select(connection.execution_options(yield_per=PAGE), query, *values)

    def tuples(self, connection: sa.Connection, query: str, *values: object) -> Iterator[Any]:
        """Yield the driver's own rows: wrapping many takes longer than hashing them."""
        cursor: Any = connection.connection.cursor()
        try:
            cursor.execute(self._with_marks(query), values)
            while page := cursor.fetchmany(PAGE):
                yield from page
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise sa.exc.DBAPIError(query, None, error) from error
        finally:
            cursor.close()

    def records(
        self, connection: sa.Connection, further: Sequence[str], rest: str, *values: object
    ) -> Iterator[Any]:
        """Yield rows of entries: `COMMON` and further columns, ``rest`` being the conditions.

        On PostgreSQL all of them are held until the last is taken: ask for a page.
        """
        columns = (*COMMON, *further)
        plain = f"SELECT {', '.join(columns)} FROM entries {rest}"  # noqa: S608 - names of ours
        if self.on_sqlite:
            return self.tuples(connection, plain, *values)
        types = [_TYPES.get(name, _BYTES) for name in columns]
        asked = ", ".join(f"{name}::{of}" for name, of in zip(columns, types, strict=True))
        query = f"SELECT {asked} FROM entries {rest}"  # noqa: S608 - names of ours
        texts = [of == "text" for of in types[len(COMMON) :]]
        driver = self._engine.dialect.loaded_dbapi
        cursor: Any = connection.connection.cursor()
        try:
            with cursor:
                return copy_rows(cursor, self._with_marks(query), values, texts)
        except driver.DataError:
            # Somebody gave a column another type, and what it holds is not of ours.
            connection.connection.rollback()  # the driver's: it is not SQLAlchemy's own
            return self.tuples(connection, plain, *values)
        except driver.Error as error:
            raise sa.exc.DBAPIError(query, None, error) from error

    def uuid(self, identifier: str) -> str:
        """Return a UUID as the database compares it: SQLite keeps 32 hex digits."""
        return identifier.replace("-", "") if self.on_sqlite else identifier

    def _with_marks(self, query: str) -> str:
        return query if self.on_sqlite else query.replace("?", "%s")


def as_bytes(value: Any) -> bytes:
    """Return what should be bytes; nothing where it is neither bytes nor text."""
    if type(value) is bytes:
        return value
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape")
    return bytes(value) if isinstance(value, (bytes, memoryview)) else b""


def with_hyphens(identifier: Any) -> str:
    """Return what should be a UUID in its usual form."""
    text = identifier if type(identifier) is str else str(identifier)
    if len(text) != _UUID_DIGITS:
        return text
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _lenient(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")

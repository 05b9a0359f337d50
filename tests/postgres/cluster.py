"""A PostgreSQL server that is there, whoever runs it: where tests have their databases."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from sqlalchemy import NullPool, create_engine, make_url

from tests.postgres.reuse import EMPTY, Shelf

_numbers = count(1)


class Cluster:
    """A PostgreSQL server that is there: it makes and drops databases."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql+psycopg2")
        self._shelf = Shelf()

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database."""
        return self._url.set(database=database).render_as_string(hide_password=False)

    def create_database(self, *, template: str = EMPTY) -> str:
        """Return the name of a new database, a copy of the template."""
        name = f"ledger_test_{os.getpid()}_{next(_numbers)}"
        self._execute(f'CREATE DATABASE {name} TEMPLATE "{template}"')
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database and cut the connections that are left to it."""
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @contextmanager
    def database(self, *, template: str = EMPTY) -> Iterator[str]:
        """Give the URL of a database as new, a copy of the template; nobody else uses it."""
        name = self._shelf.take(template)
        if name is None:
            name = self.create_database(template=template)
            self._shelf.measure(self.url(name))
        try:
            yield self.url(name)
        finally:
            if not self._shelf.give_back(template, name, self.url(name)):
                self.drop_database(name)

    def close(self) -> None:
        """Drop the databases that wait for another test."""
        for name in self._shelf.clear():
            self.drop_database(name)

    def _execute(self, statement: str) -> None:
        engine = create_engine(self._url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)

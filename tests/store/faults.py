"""Databases that fail at a chosen statement: real connections that lie or die on command."""

from dataclasses import dataclass, field
from typing import Any

import psycopg2.extensions
import sqlalchemy as sa

from ledger.store.engine import sqlite_module
from tests.store.ledgers import Ledger

SqliteConnection: Any = sqlite_module().Connection


def commits(statement: str) -> bool:
    """Return whether a statement ends a transaction well."""
    return statement.endswith("COMMIT")


@dataclass
class Faults:
    """Which of the next statements fail, and how.

    ``persisted`` says that a failing statement was carried out all the same. ``kill`` cuts
    the connection instead: before the statement, or (if ``persisted``) after it.
    """

    at: int = -1
    count: int = 1
    persisted: bool = False
    kill: bool = False
    seen: int = 0
    commits: int = 0
    failed: list[str] = field(default_factory=list)

    def arm(
        self, *, at: int, count: int = 1, persisted: bool = False, kill: bool = False
    ) -> None:
        """Let the statement number ``at`` from now on fail, and those up to ``at + count``."""
        self.at, self.count, self.persisted, self.kill = at, count, persisted, kill
        self.seen, self.failed = 0, []

    def fail_commit(self, *, number: int, persisted: bool) -> None:
        """Let the COMMIT of that number from now on fail, counted from 1."""
        self.disarm()
        self.commits, self.persisted = number, persisted

    def disarm(self) -> None:
        """Let every statement pass."""
        self.at, self.commits, self.kill = -1, 0, False

    def strikes(self, statement: str) -> bool:
        """Return whether this statement fails."""
        number, self.seen = self.seen, self.seen + 1
        if self.commits and commits(statement):
            self.commits -= 1
            return self.commits == 0
        if self.at < 0 or not self.at <= number < self.at + self.count:
            return False
        self.failed.append(statement)
        return True


def faulty(ledger: Ledger) -> Faults:
    """Let a ledger's database fail on command, from its first connection on."""
    faults = Faults()

    def connect_faulty(
        _dialect: Any, _record: Any, _args: Any, options: dict[str, Any]
    ) -> None:
        if ledger.place.on_sqlite:
            options["factory"] = _faulty_sqlite(faults)
        else:
            options["cursor_factory"] = _faulty_postgresql(faults, ledger.place.database_url)

    sa.event.listen(ledger.engine, "do_connect", connect_faulty)
    return faults


def _faulty_sqlite(faults: Faults) -> type[Any]:
    error: type[Exception] = sqlite_module().OperationalError

    class Faulty(SqliteConnection):  # type: ignore[misc] # the module is chosen at run time
        """The writer speaks to the connection itself; SQLAlchemy to its cursors."""

        def execute(self, statement: str, *values: Any) -> Any:
            return self._through(super().execute, statement, *values)

        def executemany(self, statement: str, *values: Any) -> Any:
            return self._through(super().executemany, statement, *values)

        def _through(self, act: Any, statement: str, *values: Any) -> Any:
            if not faults.strikes(statement):
                return act(statement, *values)
            if faults.persisted:
                act(statement, *values)
            raise error("disk I/O error, on command")

    return Faulty


def _faulty_postgresql(faults: Faults, url: str) -> type[Any]:
    class Faulty(psycopg2.extensions.cursor):  # type: ignore[misc] # untyped driver
        """Everything passes through a cursor, the pool's question for life too."""

        def execute(self, statement: Any, values: Any = None) -> Any:
            return self._through(super().execute, statement, values)

        def copy_expert(self, statement: Any, file: Any, *more: Any) -> Any:
            return self._through(super().copy_expert, statement, file, *more)

        def _through(self, act: Any, statement: Any, *values: Any) -> Any:
            if not faults.strikes(str(statement)):
                return act(statement, *values)
            if not faults.kill:
                if faults.persisted:
                    act(statement, *values)
                raise psycopg2.OperationalError("no answer, on command")
            if faults.persisted:
                done = act(statement, *values)
                _terminate(url, self.connection.info.backend_pid)
                return done
            _terminate(url, self.connection.info.backend_pid)
            return act(statement, *values)

    return Faulty


def _terminate(url: str, pid: int) -> None:
    """Cut a connection at the server, and wait until its transaction is gone."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": pid})

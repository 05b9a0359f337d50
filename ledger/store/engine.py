"""Connections to SQLite and PostgreSQL, each set to lose nothing that was acknowledged."""

import threading
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

try:
    import pysqlite3 as sqlite
except ImportError:  # no wheel for this platform: Python's own, named below if defective
    import sqlite3 as sqlite

BUSY_TIMEOUT_S = 60.0
"""How long a writer waits for another process that writes the same SQLite file."""

_TURNS: WeakKeyDictionary[sa.Engine, threading.Lock] = WeakKeyDictionary()

SQLITE_BEGIN = "sqlite_begin"
"""Execution option: how a transaction on SQLite begins."""

_WAL_RESET_FIXED_IN = (3, 51, 3)
_WAL_RESET_BACKPORTS = ((3, 50, 7), (3, 44, 6))
"""Releases of older lines that carry the same repair (SQLite release history, 2026-03)."""


def connect(database_url: str) -> sa.Engine:
    """Return an engine for a ledger's database or vault.

    SQLite: write-ahead log, ``synchronous`` FULL, deleted content overwritten.
    PostgreSQL: psycopg2, ``synchronous_commit`` never weaker than ``on``.
    """
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        return _connect_sqlite(url)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg2")
    engine = sa.create_engine(
        url, hide_parameters=True, pool_pre_ping=True, pool_size=20, max_overflow=20
    )
    sa.event.listen(engine, "connect", _set_up_postgresql)
    return engine


def in_turn(engine: sa.Engine) -> AbstractContextManager[object]:
    """Return what a writing transaction of this process is held in.

    SQLite has one writer, and whoever finds it busy sleeps longer and longer; threads of
    one process wake each other instead. PostgreSQL keeps its own queue.
    """
    return _TURNS.get(engine, nullcontext())


def sqlite_module() -> ModuleType:
    """Return the SQLite that is used: the one among the locked dependencies where it exists."""
    module: ModuleType = sqlite
    return module


def wal_reset_defect(version: tuple[int, ...]) -> bool:
    """Return whether this SQLite can lose a committed page when its write-ahead log restarts.

    The defect stands in releases before 3.51.3 but for the named back-ports
    (https://sqlite.org/wal.html, "the WAL-reset bug").
    """
    if version >= _WAL_RESET_FIXED_IN:
        return False
    return not any(version[:2] == fix[:2] and version >= fix for fix in _WAL_RESET_BACKPORTS)


def _connect_sqlite(url: URL) -> sa.Engine:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url,
        hide_parameters=True,  # personal facts never reach a message
        module=sqlite,
        # The driver starts no transaction by itself; `_begin` does, and the writer its own.
        connect_args={"isolation_level": None, "timeout": BUSY_TIMEOUT_S},
        pool_size=20,
        max_overflow=20,
    )
    sa.event.listen(engine, "connect", _set_up_sqlite)
    sa.event.listen(engine, "begin", _begin)
    _TURNS[engine] = threading.Lock()
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(SQLITE_BEGIN, "BEGIN"))


def _set_up_postgresql(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        # A checkpoint could outlive its events if commits were acknowledged early.
        if cursor.fetchone()[0] in ("off", "local", "remote_write"):
            cursor.execute("SET synchronous_commit = on")
        # A commit that stops waiting for its standby says so by a warning, and by nothing else.
        cursor.execute("SET statement_timeout = 0; SET client_min_messages = warning")
    connection.commit()

"""A copy of rows as one SQLite file: written once, then only read, whoever keeps it."""

import os
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa

from ledger.store.engine import SQLITE_BEGIN, sqlite_module
from ledger.store.migration import Store, migrate


def create_copy(path: Path, store: Store) -> sa.Engine:
    """Return an engine on a new file with the newest tables; make it durable by `sync_copy`.

    Nothing protects what is written from a crash: it counts only once it is whole.
    """
    engine = _engine(path, "rwc")
    sa.event.listen(engine, "connect", _write_once)
    migrate(engine, store)
    return engine


def open_copy(path: Path) -> sa.Engine:
    """Return an engine that reads a file and leaves no trace beside it."""
    return _engine(path, "ro&immutable=1")


def sync_copy(path: Path) -> None:
    """Make a file that was written durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _engine(path: Path, mode: str) -> sa.Engine:
    sqlite = sqlite_module()
    uri = f"file:{quote(str(path.resolve()))}?mode={mode}"

    def connect() -> object:
        return sqlite.connect(uri, uri=True, isolation_level=None, check_same_thread=False)

    engine = sa.create_engine(
        "sqlite://", module=sqlite, creator=connect, poolclass=sa.QueuePool
    )
    sa.event.listen(engine, "begin", _begin)
    return engine


def _write_once(connection: object, _record: object) -> None:
    for pragma in ("journal_mode=OFF", "synchronous=OFF"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined] # the module is chosen at run time


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(SQLITE_BEGIN, "BEGIN"))

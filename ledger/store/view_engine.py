"""Connections to the store of the views, which may lose its last commits and nothing else.

What is lost in a crash is folded again: so nobody waits for the disk here.
"""

from typing import Any

import sqlalchemy as sa

from ledger.store.engine import connect

WRITING_CACHE = "PRAGMA cache_size=-131072"
"""Who folds goes to pages in no order; who reads, of whom there are many, to few of them."""
_SQLITE = (
    # A crash of the machine may take back commits, and leaves no half of one.
    "synchronous=NORMAL",
    "cache_size=-16384",
    "wal_autocheckpoint=16384",
)


def connect_views(database_url: str) -> sa.Engine:
    """Return an engine for the store of the views; as `connect`, but for durability."""
    engine = connect(database_url)
    set_up = _set_up_sqlite if engine.dialect.name == "sqlite" else _set_up_postgresql
    sa.event.listen(engine, "connect", set_up)
    return engine


def reading_views(engine: sa.Engine) -> sa.Engine:
    """Return the same engine, with each connection's transaction seeing one moment."""
    if engine.dialect.name == "sqlite":
        return engine  # it does
    return engine.execution_options(isolation_level="REPEATABLE READ")


def _set_up_sqlite(connection: Any, _record: object) -> None:
    for pragma in _SQLITE:
        connection.execute(f"PRAGMA {pragma}")


def _set_up_postgresql(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    connection.commit()

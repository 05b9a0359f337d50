"""One instance per ledger, wherever its data folders lie: who may write holds its lock.

On SQLite a starter and its workers hold files beside the database, as they do in the data
folder. On PostgreSQL they hold advisory locks (PostgreSQL manual, 13.3.5):

    (ledger, 0)          by the starter alone
    (ledger, instance)   shared, by every connection of every worker

A worker's lock lives and dies with the connection that writes. So there is no moment at which
a lock is lost and a connection still writes; a connection made anew is refused if another
instance has come in between. Behind a pooler that hands out connections by the transaction
this does not hold.
"""

import os
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any

import sqlalchemy as sa

from ledger.store.chance import random_bytes
from ledger.store.instance import InstanceRunningError, lock_file

_STARTER = 0
_NUMBER = 0x7FFF_FFFF
_OTHERS = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND classid::bigint = %s AND objid::bigint NOT IN (0, %s)"
)


def new_instance() -> int:
    """Return a number that tells one instance from every other: from 1 to 2^31 - 1."""
    return int.from_bytes(random_bytes(4), "big") & _NUMBER or 1


class LedgerLock:
    """Held by whoever starts an instance, for as long as it starts it and waits for it."""

    def __init__(self, engine: sa.Engine, *, origin: str, instance: int) -> None:
        self._engine = engine
        self._origin = origin
        self._instance = instance
        self._held = ExitStack()

    def __enter__(self) -> "LedgerLock":
        """Take the lock.

        Raises:
            InstanceRunningError: Another instance of this ledger runs, or its workers do.
        """
        with ExitStack() as taken:
            if self._engine.dialect.name == "sqlite":
                file = _beside(self._engine)
                taken.callback(os.close, lock_file(Path(f"{file}.instance.lock"), shared=False))
                os.close(lock_file(Path(f"{file}.workers.lock"), shared=False))
            else:
                self._take_postgresql(taken)
            self._held = taken.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._held.close()

    def _take_postgresql(self, taken: ExitStack) -> None:
        connection = taken.enter_context(self._engine.connect())
        connection.detach()  # never another's: closing it lets go of the lock
        space = _space(self._origin)
        query = sa.select(sa.func.pg_try_advisory_lock(space, _STARTER))
        if not connection.execute(query).scalar():
            raise InstanceRunningError(self._origin)
        others = connection.exec_driver_sql(_OTHERS, (space, self._instance)).scalar()
        connection.commit()
        if others:
            raise InstanceRunningError(self._origin)


def join_ledger(engine: sa.Engine, *, origin: str, instance: int) -> int | None:
    """Let every connection that this engine makes from now on hold the instance's lock.

    On SQLite the process holds it: by the descriptor that is returned.

    Raises:
        InstanceRunningError: Another instance of this ledger runs. Later connections raise
            it too, so that nothing is written beside another instance.
    """
    if engine.dialect.name == "sqlite":
        return lock_file(Path(f"{_beside(engine)}.workers.lock"), shared=True)
    space = _space(origin)

    def hold(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            # First held, then looked: of two that come at once, at most one goes on.
            cursor.execute("SELECT pg_advisory_lock_shared(%s, %s)", (space, instance))
            cursor.execute(_OTHERS, (space, instance))
            others = cursor.fetchone()[0]
        connection.commit()
        if others:
            connection.close()
            raise InstanceRunningError(origin)

    sa.event.listen(engine, "connect", hold)
    engine.connect().close()
    return None


def _space(origin: str) -> int:
    digest = sha256(b"ledger instance\n" + origin.encode()).digest()
    return int.from_bytes(digest[:4], "big") & _NUMBER


def _beside(engine: sa.Engine) -> Path:
    """Return the database's file: by whatever name it is reached, the lock is the same."""
    return Path(engine.url.database or "").resolve()

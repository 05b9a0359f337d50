"""The rows that a checkpoint is made of and becomes: the head, and the signed notes."""

import contextlib
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ledger.store.engine import in_turn
from ledger.store.event import LedgerMissingError
from ledger.store.head import HeadRow
from ledger.store.schema import checkpoints, heads

_INSERT_UNSYNCED = (
    "WITH unsynced AS (SELECT set_config('synchronous_commit', 'off', true))"
    " INSERT INTO checkpoints (log, size, note) SELECT %s, %s, %s FROM unsynced"
    " ON CONFLICT DO NOTHING"
)
"""The setting ends with the transaction; the commit waits for no disk and no standby."""


class CheckpointRows:
    """Head row and stored checkpoints of one log, one round trip each."""

    def __init__(self, engine: sa.Engine, *, origin: str) -> None:
        self._engine = engine
        self._origin = origin
        self._on_sqlite = engine.dialect.name == "sqlite"
        # Every statement here stands alone; SQLite begins by itself what is needed.
        level = {} if self._on_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self._alone = engine.execution_options(**level)

    def newest(self) -> tuple[HeadRow, bytes | None]:
        """Return the committed head row, and the note stored for its size if there is one.

        Raises:
            LedgerMissingError: There is no such ledger.
        """
        same = sa.and_(checkpoints.c.log == heads.c.log, checkpoints.c.size == heads.c.size)
        query = (
            sa.select(*heads.c, checkpoints.c.note)
            .select_from(heads.outerjoin(checkpoints, same))
            .where(heads.c.log == self._origin)
        )
        with self._alone.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise LedgerMissingError(self._origin)
        leaf, edge, mac = bytes(row.leaf), bytes(row.edge), bytes(row.mac)
        head = HeadRow(row.log, row.size, leaf, row.time, edge, mac)
        return head, None if row.note is None else bytes(row.note)

    def note(self, size: int) -> bytes | None:
        """Return the note that is stored for a size, whoever put it there."""
        query = sa.select(checkpoints.c.note).where(
            checkpoints.c.log == self._origin, checkpoints.c.size == size
        )
        with self._alone.connect() as connection:
            found = connection.execute(query).scalar()
        return None if found is None else bytes(found)

    def add(self, size: int, note: bytes) -> bool:
        """Store a note unless one is there; return whether it was. Durable on return."""
        row = {"log": self._origin, "size": size, "note": note}
        if self._on_sqlite:
            statement = sa.insert(checkpoints).prefix_with("OR IGNORE")
        else:
            statement = postgresql.insert(checkpoints).on_conflict_do_nothing()
        with in_turn(self._engine), self._alone.begin() as connection:
            return connection.execute(statement, row).rowcount == 1

    def add_soon(self, size: int, note: bytes) -> bool:
        """Store a note unless one is there; return whether it was. Durable with what follows.

        Everybody sees it at once; only a loss of power may take it, and of a checkpoint whose
        head is registered nothing is lost by that: it can be signed again.
        """
        values = (self._origin, size, note)
        with in_turn(self._engine), contextlib.closing(self._engine.raw_connection()) as pooled:
            connection: Any = pooled.driver_connection
            insert = _insert_on_sqlite if self._on_sqlite else _insert_on_postgresql
            try:
                return insert(connection, values)
            except BaseException:
                pooled.invalidate()  # its settings may be those of the moment
                raise


def _insert_on_sqlite(connection: Any, values: tuple[str, int, bytes]) -> bool:
    # In write-ahead mode NORMAL differs from FULL by the fsync at each commit alone.
    connection.execute("PRAGMA synchronous=NORMAL")
    done = connection.execute("INSERT OR IGNORE INTO checkpoints VALUES (?, ?, ?)", values)
    connection.execute("PRAGMA synchronous=FULL")
    return int(done.rowcount) == 1


def _insert_on_postgresql(connection: Any, values: tuple[str, int, bytes]) -> bool:
    connection.autocommit = True  # one statement, one round trip
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_UNSYNCED, values)
        inserted = int(cursor.rowcount) == 1
    connection.autocommit = False
    return inserted

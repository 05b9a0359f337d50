"""The rows that a checkpoint is made of and becomes: the head, and the signed notes."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ledger.store.engine import in_turn
from ledger.store.event import LedgerMissingError
from ledger.store.head import HeadRow
from ledger.store.schema import checkpoints, heads

_SAME = sa.and_(checkpoints.c.log == heads.c.log, checkpoints.c.size == heads.c.size)
_NEWEST = (
    sa.select(*heads.c, checkpoints.c.note)
    .select_from(heads.outerjoin(checkpoints, _SAME))
    .where(heads.c.log == sa.bindparam("log"))
)
_INSERT_UNSYNCED = sa.text(
    "WITH unsynced AS (SELECT set_config('synchronous_commit', 'off', true))"
    " INSERT INTO checkpoints (log, size, note) SELECT :log, :size, :note FROM unsynced"
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
        with self._alone.connect() as connection:
            row = connection.execute(_NEWEST, {"log": self._origin}).one_or_none()
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
        row = {"log": self._origin, "size": size, "note": note}
        with in_turn(self._engine), self._alone.connect() as connection:
            if not self._on_sqlite:
                return connection.execute(_INSERT_UNSYNCED, row).rowcount == 1
            # In write-ahead mode NORMAL differs from FULL by the fsync at each commit alone.
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA synchronous=NORMAL")
            try:
                statement = sa.insert(checkpoints).prefix_with("OR IGNORE")
                inserted = connection.execute(statement, row).rowcount == 1
                connection.commit()
            except BaseException:
                connection.invalidate()  # its settings are those of the moment
                raise
            driver.execute("PRAGMA synchronous=FULL")
            return inserted

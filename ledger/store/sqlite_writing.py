"""The writer on SQLite: BEGIN IMMEDIATE makes it the one writer of the file."""

import uuid
from collections.abc import Sequence
from typing import Any

import orjson

from ledger.store.engine import sqlite_module
from ledger.store.event import LedgerMissingError, PlantedRowError, Tracking
from ledger.store.head import Head, HeadRow, sealed_row
from ledger.store.linking import Chain, Tail
from ledger.store.writer import COLUMNS, Begun, Submissions, chosen

_HEAD = "SELECT log, size, leaf, time, edge, mac FROM heads WHERE log = ?"
_TAILS = (
    "SELECT wanted.value, seq, version, originator_version, leaf"
    " FROM json_each(?1) AS wanted CROSS JOIN entries"
    " ON log = ?2 AND stream = wanted.value AND originator_version ="
    " (SELECT max(originator_version) FROM entries WHERE log = ?2 AND stream = wanted.value)"
)
"""One statement for all streams: 1 µs for one that is new, where each by itself takes 8."""
_IntegrityError: type[Exception] = sqlite_module().IntegrityError


class SqliteWriter:
    """`Writer` on SQLite: BEGIN IMMEDIATE makes it the one writer of the file."""

    def __init__(self, connection: Any, origin: str) -> None:
        self._connection = connection
        self._origin = origin

    def begin(self, streams: Sequence[str], application_names: Sequence[str]) -> Begun:
        return Begun(self.lock(), self.tails(streams), self.tracked(application_names))

    def lock(self) -> HeadRow:
        self._connection.execute("BEGIN IMMEDIATE")
        row = self._connection.execute(_HEAD, (self._origin,)).fetchone()
        if row is None:
            raise LedgerMissingError(self._origin)
        return HeadRow(*row)

    def tails(self, streams: Sequence[str]) -> dict[str, Tail]:
        if not streams:
            return {}
        by_hex = {_hex(stream): stream for stream in streams}
        wanted = orjson.dumps(list(by_hex)).decode()
        rows = self._connection.execute(_TAILS, (wanted, self._origin))
        return {by_hex[row[0]]: Tail(*row[1:]) for row in rows}

    def tracked(self, application_names: Sequence[str]) -> dict[str, int]:
        query = (
            "SELECT max(notification_id) FROM trackings WHERE log = ? AND application_name = ?"
        )
        found = (
            (name, self._connection.execute(query, (self._origin, name)).fetchone()[0])
            for name in application_names
        )
        return {name: position for name, position in found if position is not None}

    def submitted(self, ids: Sequence[uuid.UUID], *, from_seq: int, below: int) -> Submissions:
        query = (
            "SELECT submission, min(seq), max(seq), count(*) FROM entries"
            " WHERE log = ? AND seq >= ? AND seq < ? GROUP BY submission"
        )
        rows = self._connection.execute(query, (self._origin, from_seq, below))
        return chosen(ids, ((uuid.UUID(hex=row[0]), row[1], row[2], row[3]) for row in rows))

    def write(self, chain: Chain, trackings: Sequence[Tracking]) -> None:
        log = self._origin
        # By position, in the order of the columns: the stream is the fifth of them.
        self._insert(
            "entries",
            [(*row[:4], _hex(row[4]), *row[5:10], row[10].hex) for row in chain.rows],
        )
        # Beyond the head nothing but a planted row can stand in the way of these two; it
        # was never part of the log and gives place.
        boxes = ((row.log, row.seq, _hex(row.person), row.box) for row in chain.boxes)
        self._insert("boxes", list(boxes), act="INSERT OR REPLACE")
        subtrees = [(log, *subtree) for subtree in chain.subtrees]
        self._insert("subtrees", subtrees, act="INSERT OR REPLACE")
        followed = [(log, item.application_name, item.notification_id) for item in trackings]
        self._insert("trackings", followed)

    def commit(self, head: Head, *, seal_key: bytes) -> None:
        row = sealed_row(head, seal_key)
        self._connection.execute(
            "UPDATE heads SET size = ?, leaf = ?, time = ?, edge = ?, mac = ? WHERE log = ?",
            (row.size, row.leaf, row.time, row.edge, row.mac, row.log),
        )
        self._connection.execute("COMMIT")

    def settle(self) -> None:
        # Nobody sees a commit that is not on the disk.
        self._connection.execute("COMMIT")

    def rollback(self) -> None:
        """End the transaction if one is open."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def is_cut(self) -> bool:
        return False

    def _insert(
        self, table: str, rows: Sequence[tuple[Any, ...]], *, act: str = "INSERT"
    ) -> None:
        if not rows:
            return
        places = ",".join("?" * len(rows[0]))
        statement = f"{act} INTO {table} ({COLUMNS[table]}) VALUES ({places})"
        try:
            self._connection.executemany(statement, rows)
        except _IntegrityError as error:
            raise PlantedRowError(table, rows[0][1]) from error


def _hex(identifier: str) -> str:
    """Return a UUID as SQLAlchemy stores it in SQLite: 32 hex digits."""
    return identifier.replace("-", "")

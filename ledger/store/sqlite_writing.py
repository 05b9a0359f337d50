"""The writer on SQLite: BEGIN IMMEDIATE makes it the one writer of the file."""

import uuid
from collections.abc import Sequence
from typing import Any

from ledger.store.event import LedgerMissingError, Tracking
from ledger.store.head import Head, HeadRow, sealed_row
from ledger.store.linking import EntryRow, Tail
from ledger.store.writer import COLUMNS, Submissions, chosen


class SqliteWriter:
    """`Writer` on SQLite: BEGIN IMMEDIATE makes it the one writer of the file."""

    def __init__(self, connection: Any, origin: str) -> None:
        self._connection = connection
        self._origin = origin

    def lock(self) -> HeadRow:
        self._connection.execute("BEGIN IMMEDIATE")
        query = "SELECT log, size, leaf, time, edge, mac FROM heads WHERE log = ?"
        row = self._connection.execute(query, (self._origin,)).fetchone()
        if row is None:
            raise LedgerMissingError(self._origin)
        return HeadRow(*row)

    def tails(self, streams: Sequence[str]) -> dict[str, Tail]:
        query = (
            "SELECT version, originator_version, leaf FROM entries"
            " WHERE log = ? AND stream = ? ORDER BY originator_version DESC LIMIT 1"
        )
        found = (
            (
                stream,
                self._connection.execute(query, (self._origin, _hex(stream))).fetchone(),
            )
            for stream in streams
        )
        return {stream: Tail(*row) for stream, row in found if row is not None}

    def tracked(self, application_names: Sequence[str]) -> dict[str, int]:
        query = (
            "SELECT max(notification_id) FROM trackings WHERE log = ? AND application_name = ?"
        )
        found = (
            (name, self._connection.execute(query, (self._origin, name)).fetchone()[0])
            for name in application_names
        )
        return {name: position for name, position in found if position is not None}

    def submitted(self, ids: Sequence[uuid.UUID], *, from_seq: int) -> Submissions:
        query = (
            "SELECT submission, min(seq), count(*) FROM entries WHERE log = ? AND seq >= ?"
            " GROUP BY submission"
        )
        rows = self._connection.execute(query, (self._origin, from_seq))
        return chosen(ids, ((uuid.UUID(hex=row[0]), row[1], row[2]) for row in rows))

    def write(
        self,
        rows: Sequence[EntryRow],
        subtrees: Sequence[tuple[int, int, bytes]],
        trackings: Sequence[Tracking],
    ) -> None:
        log = self._origin
        entries = [
            (
                log, row.seq, row.entry, row.leaf, _hex(row.stream), row.version,
                row.originator_version, row.topic, row.plain, row.personal,
                row.submission.hex,
            )
            for row in rows
        ]  # fmt: skip
        boxes = [(log, row.seq, _hex(person), box) for row in rows for person, box in row.boxes]
        self._insert("entries", entries)
        self._insert("boxes", boxes)
        self._insert("subtrees", [(log, *subtree) for subtree in subtrees])
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

    def _insert(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            places = ",".join("?" * len(rows[0]))
            self._connection.executemany(
                f"INSERT INTO {table} ({COLUMNS[table]}) VALUES ({places})",  # noqa: S608 - names of ours
                rows,
            )


def _hex(identifier: str) -> str:
    """Return a UUID as SQLAlchemy stores it in SQLite: 32 hex digits."""
    return identifier.replace("-", "")

"""The writer on PostgreSQL: the lock of a head row orders the writers of that ledger alone."""

import struct
import uuid
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from ledger.store.event import LedgerMissingError, Tracking
from ledger.store.head import Head, HeadRow, sealed_row
from ledger.store.linking import EntryRow, Tail
from ledger.store.writer import COLUMNS, Submissions, chosen

COPY_ROWS_MIN = 8
"""From so many rows on, COPY is faster than INSERT."""


class PostgresqlWriter:
    """`Writer` on PostgreSQL: the head row's lock orders the writers of one ledger."""

    def __init__(self, connection: Any, origin: str) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self._origin = origin

    def lock(self) -> HeadRow:
        # At this level what waited for the lock sees what its holder has committed.
        self._cursor.execute(
            "BEGIN ISOLATION LEVEL READ COMMITTED;"
            " SELECT log, size, leaf, time, edge, mac FROM heads WHERE log = %s FOR UPDATE",
            (self._origin,),
        )
        row = self._cursor.fetchone()
        if row is None:
            raise LedgerMissingError(self._origin)
        log, size, leaf, time, edge, mac = row
        return HeadRow(log, size, bytes(leaf), time, bytes(edge), bytes(mac))

    def tails(self, streams: Sequence[str]) -> dict[str, Tail]:
        self._cursor.execute(
            "SELECT wanted.stream::text, tail.* FROM unnest(%s::uuid[]) AS wanted(stream)"
            " CROSS JOIN LATERAL (SELECT version, originator_version, leaf FROM entries"
            " WHERE log = %s AND stream = wanted.stream"
            " ORDER BY originator_version DESC LIMIT 1) AS tail",
            (list(streams), self._origin),
        )
        return {
            stream: Tail(version, originator_version, bytes(leaf))
            for stream, version, originator_version, leaf in self._cursor.fetchall()
        }

    def tracked(self, application_names: Sequence[str]) -> dict[str, int]:
        if not application_names:
            return {}
        self._cursor.execute(
            "SELECT application_name, max(notification_id) FROM trackings"
            " WHERE log = %s AND application_name = ANY(%s) GROUP BY application_name",
            (self._origin, list(application_names)),
        )
        return dict(self._cursor.fetchall())

    def submitted(self, ids: Sequence[uuid.UUID], *, from_seq: int) -> Submissions:
        self._cursor.execute(
            "SELECT submission::text, min(seq), count(*) FROM entries"
            " WHERE log = %s AND seq >= %s GROUP BY submission",
            (self._origin, from_seq),
        )
        rows = ((uuid.UUID(row[0]), row[1], row[2]) for row in self._cursor.fetchall())
        return chosen(ids, rows)

    def write(
        self,
        rows: Sequence[EntryRow],
        subtrees: Sequence[tuple[int, int, bytes]],
        trackings: Sequence[Tracking],
    ) -> None:
        log = self._origin
        entries = [
            (
                log, row.seq, row.entry, row.leaf, uuid.UUID(row.stream), row.version,
                row.originator_version, row.topic, row.plain, row.personal, row.submission,
            )
            for row in rows
        ]  # fmt: skip
        boxes = [
            (log, row.seq, uuid.UUID(person), box) for row in rows for person, box in row.boxes
        ]
        self._insert("entries", entries)
        self._insert("boxes", boxes)
        whole = [(log, _SmallInt(level), number, root) for level, number, root in subtrees]
        self._insert("subtrees", whole)
        followed = [(log, item.application_name, item.notification_id) for item in trackings]
        self._insert("trackings", followed)

    def commit(self, head: Head, *, seal_key: bytes) -> None:
        row = sealed_row(head, seal_key)
        self._connection.notices.clear()
        self._cursor.execute(
            "UPDATE heads SET size = %s, leaf = %s, time = %s, edge = %s, mac = %s"
            " WHERE log = %s; COMMIT",
            (row.size, row.leaf, row.time, row.edge, row.mac, row.log),
        )

        self._wait_for_standby()

    def settle(self) -> None:
        # What was read may be on this machine alone: its commit may have been cut off while
        # it waited for the standby. The lock is in the write-ahead log too, and after it, so
        # this COMMIT returns when the standby has both.
        self._connection.notices.clear()
        self._cursor.execute("COMMIT")
        self._wait_for_standby()

    def _wait_for_standby(self) -> None:
        """Wait again where a COMMIT was answered with a warning.

        A wait for a synchronous standby that somebody or a timeout cancels ends the commit
        well, on this machine alone, and only a warning tells.
        """
        while self._connection.notices:
            self._connection.notices.clear()
            self._cursor.execute(
                "BEGIN; SELECT size FROM heads WHERE log = %s FOR UPDATE; COMMIT",
                (self._origin,),
            )

    def rollback(self) -> None:
        """End the transaction if one is open."""
        if self._connection.info.transaction_status:
            self._cursor.execute("ROLLBACK")

    def _insert(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if len(rows) >= COPY_ROWS_MIN:
            data = BytesIO(_copy_binary(rows))
            target = f"{table} ({COLUMNS[table]})"
            self._cursor.copy_expert(f"COPY {target} FROM STDIN (FORMAT binary)", data)
        elif rows:
            one = "(" + ",".join(["%s"] * len(rows[0])) + ")"
            values = [_adapted(value) for row in rows for value in row]
            insert = f"INSERT INTO {table} ({COLUMNS[table]}) VALUES "  # noqa: S608 - names of ours
            self._cursor.execute(insert + ",".join([one] * len(rows)), values)


class _SmallInt(int):
    """An integer of two bytes in PostgreSQL's binary form."""


def _copy_binary(rows: Iterable[tuple[Any, ...]]) -> bytes:
    """Return rows in PostgreSQL's binary COPY format (PostgreSQL manual, COPY)."""
    parts = [b"PGCOPY\n\xff\r\n\x00", bytes(8)]
    for row in rows:
        parts.append(struct.pack(">h", len(row)))
        for value in row:
            data = _binary(value)
            if data is None:
                parts.append(b"\xff\xff\xff\xff")
            else:
                parts += (struct.pack(">i", len(data)), data)
    parts.append(b"\xff\xff")
    return b"".join(parts)


def _binary(value: Any) -> bytes | None:
    match value:
        case bytes() | None:
            return value
        case str():
            return value.encode("utf-8")
        case _SmallInt():
            return struct.pack(">h", value)
        case int():
            return struct.pack(">q", value)
        case uuid.UUID():
            return value.bytes
        case _:
            raise TypeError(type(value))


def _adapted(value: Any) -> Any:
    return str(value) if isinstance(value, uuid.UUID) else value

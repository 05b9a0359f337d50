"""The writer on PostgreSQL: the lock of a head row orders the writers of that ledger alone.

A commit of few rows takes two round trips: lock and reading, then rows, head and COMMIT. From
`COPY_ROWS_MIN` rows on, COPY takes one more.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from psycopg2 import errors

from ledger.store.event import LedgerMissingError, PlantedRowError, Tracking
from ledger.store.head import Head, HeadRow, sealed_row
from ledger.store.linking import Chain, Tail
from ledger.store.postgresql_copy import CopyFile, boxes_in_binary, entries_in_binary
from ledger.store.writer import COLUMNS, Begun, Submissions, chosen

COPY_ROWS_MIN = 8
"""From so many rows on, COPY is faster than INSERT."""

# At this level what waited for the lock sees what its holder has committed: each statement
# sees what was committed when it began, and reading comes after the lock.
_LOCK = (
    "BEGIN ISOLATION LEVEL READ COMMITTED;"
    " SELECT log, size, leaf, time, edge, mac FROM heads WHERE log = %(log)s FOR UPDATE;"
)
_TAILS = (
    "SELECT wanted.stream::text, tail.seq, tail.version, tail.originator_version, tail.leaf,"
    " NULL AS time, NULL::bytea AS edge, NULL::bytea AS mac"
    " FROM unnest(%(streams)s::uuid[]) AS wanted(stream)"
    " CROSS JOIN LATERAL (SELECT seq, version, originator_version, leaf FROM entries"
    " WHERE log = %(log)s AND stream = wanted.stream"
    " ORDER BY originator_version DESC LIMIT 1) AS tail"
)
_HEAD = "SELECT NULL, size, NULL, NULL, leaf, time, edge, mac FROM heads WHERE log = %(log)s"
_TRACKED = (
    "SELECT application_name, max(notification_id) FROM trackings"
    " WHERE log = %(log)s AND application_name = ANY(%(names)s) GROUP BY application_name"
)


class PostgresqlWriter:
    """`Writer` on PostgreSQL: the head row's lock orders the writers of one ledger."""

    def __init__(self, connection: Any, origin: str) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self._origin = origin
        self._first_seq = 0
        self._statements: list[str] = []
        self._values: list[Any] = []

    def begin(self, streams: Sequence[str], application_names: Sequence[str]) -> Begun:
        self._statements, self._values = [], []
        values = {"log": self._origin, "streams": list(streams)}
        self._cursor.execute(f"{_LOCK} {_TAILS} UNION ALL {_HEAD}", values)
        head: HeadRow | None = None
        tails: dict[str, Tail] = {}
        for stream, seq, version, originator, leaf, *sealed in self._cursor.fetchall():
            if stream is None:
                time, edge, mac = sealed
                head = HeadRow(self._origin, seq, bytes(leaf), time, bytes(edge), bytes(mac))
            else:
                tails[stream] = Tail(seq, version, originator, bytes(leaf))
        if head is None:
            raise LedgerMissingError(self._origin)
        return Begun(head, tails, self.tracked(application_names))

    def lock(self) -> HeadRow:
        self._cursor.execute(_LOCK, {"log": self._origin})
        row = self._cursor.fetchone()
        if row is None:
            raise LedgerMissingError(self._origin)
        log, size, leaf, time, edge, mac = row
        return HeadRow(log, size, bytes(leaf), time, bytes(edge), bytes(mac))

    def tails(self, streams: Sequence[str]) -> dict[str, Tail]:
        self._cursor.execute(_TAILS, {"log": self._origin, "streams": list(streams)})
        return {
            stream: Tail(seq, version, originator, bytes(leaf))
            for stream, seq, version, originator, leaf, *_ in self._cursor.fetchall()
        }

    def tracked(self, application_names: Sequence[str]) -> dict[str, int]:
        if not application_names:
            return {}
        self._cursor.execute(_TRACKED, {"log": self._origin, "names": list(application_names)})
        return dict(self._cursor.fetchall())

    def submitted(self, ids: Sequence[uuid.UUID], *, from_seq: int, below: int) -> Submissions:
        self._cursor.execute(
            "SELECT submission::text, min(seq), max(seq), count(*) FROM entries"
            " WHERE log = %s AND seq >= %s AND seq < %s GROUP BY submission",
            (self._origin, from_seq, below),
        )
        rows = ((uuid.UUID(row[0]), *row[1:]) for row in self._cursor.fetchall())
        return chosen(ids, rows)

    def write(self, chain: Chain, trackings: Sequence[Tracking]) -> None:
        self._first_seq = chain.first_seq
        if len(chain.rows) >= COPY_ROWS_MIN:
            self._copy("entries", entries_in_binary(chain.rows))
        else:
            rows = [(*row[:10], str(row.submission)) for row in chain.rows]
            self._insert("entries", rows)
        if len(chain.boxes) >= COPY_ROWS_MIN:
            self._copy("boxes", boxes_in_binary(chain.boxes))
        else:
            self._insert("boxes", chain.boxes)
        # Beyond the head nothing but a planted row can stand in the way. If it says the same,
        # it is as good as ours; if not, the table's own trigger names it, where there is one.
        self._insert(
            "subtrees",
            [(self._origin, *subtree) for subtree in chain.subtrees],
            conflict=" ON CONFLICT (log, level, number) DO UPDATE SET hash = excluded.hash"
            " WHERE subtrees.hash <> excluded.hash",
        )
        followed = [
            (self._origin, item.application_name, item.notification_id) for item in trackings
        ]
        self._insert("trackings", followed)

    def commit(self, head: Head, *, seal_key: bytes) -> None:
        row = sealed_row(head, seal_key)
        self._connection.notices.clear()
        update = (
            "UPDATE heads SET size = %s, leaf = %s, time = %s, edge = %s, mac = %s"
            " WHERE log = %s; COMMIT"
        )
        values = [*self._values, row.size, row.leaf, row.time, row.edge, row.mac, row.log]
        # One string, one round trip: where a part of it fails, the rest is not carried out.
        statements = "".join([*self._statements, update])
        with self._naming_planted_rows():
            self._cursor.execute(statements, values)
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

    def is_cut(self) -> bool:
        return bool(self._connection.closed)

    def _copy(self, table: str, rows: Iterator[bytes]) -> None:
        statement = f"COPY {table} ({COLUMNS[table]}) FROM STDIN (FORMAT binary)"
        with self._naming_planted_rows():
            self._cursor.copy_expert(statement, CopyFile(rows))

    def _insert(
        self, table: str, rows: Sequence[tuple[Any, ...]], *, conflict: str = ""
    ) -> None:
        """Keep the rows for the commit's own round trip."""
        if not rows:
            return
        one = "(" + ",".join(["%s"] * len(rows[0])) + ")"
        values = ",".join([one] * len(rows))
        insert = f"INSERT INTO {table} ({COLUMNS[table]}) VALUES "  # noqa: S608 - names of ours
        self._statements.append(f"{insert}{values}{conflict}; ")
        self._values += [value for row in rows for value in row]

    @contextmanager
    def _naming_planted_rows(self) -> Iterator[None]:
        try:
            yield
        except (errors.UniqueViolation, errors.RaiseException) as error:
            # What the trigger says begins with the table's name.
            said = error.diag.message_primary or ""
            table = error.diag.table_name or said.partition(" ")[0]
            raise PlantedRowError(table, self._first_seq) from error

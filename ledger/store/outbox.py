"""What was mailed: for each person up to which notice, in a file of its own beside the ledger.

No address and no notice stands here, only opaque ids and numbers. Each try of a mail is written
down before it is made, and the mail settled after it, so a crash in between sends the same mail
again, under the same Message-ID, and no other. If the file is lost, mail begins anew at the
log's end as it is then: nothing is sent twice, and what was not mailed stands in the inboxes
still.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger.store.durable_file import PRIVATE
from ledger.store.engine import sqlite_module
from ledger.store.instance import InstanceRunningError, lock_file

BUSY_S = 5.0
_TABLES = (
    "CREATE TABLE IF NOT EXISTS numbers (name TEXT PRIMARY KEY, value INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS words (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS persons (person TEXT PRIMARY KEY,"
    " told_through INTEGER NOT NULL, is_waiting INTEGER NOT NULL,"
    " next_at REAL NOT NULL, pending_through INTEGER, due INTEGER NOT NULL DEFAULT 0,"
    " due_day TEXT NOT NULL DEFAULT '', refused INTEGER NOT NULL DEFAULT 0,"
    " deferred INTEGER NOT NULL DEFAULT 0, given_up_for INTEGER)",
    "CREATE INDEX IF NOT EXISTS persons_waiting ON persons (next_at) WHERE is_waiting = 1",
)
_COLUMNS = (
    "person, told_through, next_at, pending_through, due, due_day, refused, deferred,"
    " given_up_for"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """How far one person was told. ``pending_through`` is the mail under way, None without.

    ``due`` things are about to be late as of ``due_day``, and not told yet. ``deferred`` counts
    the tries of the mail under way, ``refused`` those that were refused; ``given_up_for`` is
    the address, by the entry that gave it, to which nothing is sent any more. Instants are
    seconds since 1970.
    """

    person: str
    told_through: int
    next_at: float
    pending_through: int | None
    due: int
    due_day: str
    refused: int
    deferred: int
    given_up_for: int | None


@dataclass(frozen=True, slots=True)
class MailCounts:
    """What was sent and given up since the file began, who waits, and is the server away."""

    sent: int
    failed: int
    waiting: int
    is_stuck: bool


class Outbox:
    """The file of one ledger's mail; one process writes, any number read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn: int | None = None

    def prepare(self) -> None:
        """Create the file where there is none, for its owner alone.

        Raises:
            OSError, sqlite3.Error: It cannot be written.
        """
        self._path.touch(mode=PRIVATE)
        with self._connected() as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            for statement in _TABLES:
                connection.execute(statement)

    def take_turn(self) -> bool:
        """Return whether this process is the one that sends; the kernel frees it at its end."""
        if self._turn is None:
            with suppress(InstanceRunningError):
                self._turn = lock_file(self._path.with_suffix(".lock"), shared=False)
        return self._turn is not None

    def leave(self) -> None:
        """Let another process send."""
        turn, self._turn = self._turn, None
        if turn is not None:
            os.close(turn)

    def number(self, name: str) -> int | None:
        """Return a number that was kept under a name."""
        with self._connected() as connection:
            return self._number(connection, name)

    def keep_number(self, name: str, value: int) -> None:
        """Keep a number under a name."""
        with self._connected() as connection:
            self._keep(connection, "numbers", name, value)

    def word(self, name: str) -> str:
        """Return a text that was kept under a name, empty where none was."""
        with self._connected() as connection:
            query = "SELECT value FROM words WHERE name = ?"
            found = connection.execute(query, (name,)).fetchone()
        return "" if found is None else str(found[0])

    def keep_word(self, name: str, value: str) -> None:
        """Keep a text under a name."""
        with self._connected() as connection:
            self._keep(connection, "words", name, value)

    def scanned(self, stop: int, persons: Sequence[tuple[str, int]]) -> None:
        """Note that notices below an entry were looked through, and for whom there are some.

        Each person comes with the entry up to which a new one counts as told.
        """
        with self._connected() as connection:
            for person, told in persons:
                connection.execute(
                    "INSERT INTO persons (person, told_through, is_waiting, next_at)"
                    " VALUES (?, ?, 1, 0) ON CONFLICT (person) DO UPDATE SET is_waiting = 1",
                    (person, told),
                )
            self._keep(connection, "numbers", "scanned", stop)

    def due(self, persons: Sequence[tuple[str, int, int]], *, day: str, after: str) -> None:
        """Note who has so much that is about to be late, and up to whom that was looked at.

        Each person comes with the entry up to which a new one counts as told, and how much.
        """
        with self._connected() as connection:
            for person, told, count in persons:
                connection.execute(
                    "INSERT INTO persons (person, told_through, is_waiting, next_at, due,"
                    " due_day) VALUES (?, ?, 1, 0, ?, ?) ON CONFLICT (person) DO UPDATE SET"
                    " is_waiting = 1, due = excluded.due, due_day = excluded.due_day",
                    (person, told, count, day),
                )
            self._keep(connection, "words", "due_day", day)
            self._keep(connection, "words", "due_after", after)

    def waiting(self, now: float, limit: int) -> Sequence[Kept]:
        """Return whose mail may be sent now, the longest waiting first."""
        query = (
            f"SELECT {_COLUMNS} FROM persons WHERE is_waiting = 1 AND next_at <= ?"  # noqa: S608 - names of ours
            " ORDER BY next_at, person LIMIT ?"
        )
        with self._connected() as connection:
            return [Kept(*row) for row in connection.execute(query, (now, limit))]

    def begin(self, person: str, through: int, *, next_at: float) -> None:
        """Count a try of a mail that is sent next, and put the one after it off; durable then.

        Raises:
            OSError, sqlite3.Error: It is not written down, and so must not be sent.
        """
        self._change(
            person,
            "pending_through = ?, deferred = deferred + 1, next_at = ?",
            through,
            next_at,
        )

    def settle(self, person: str, *, through: int, next_at: float, waits: bool) -> None:
        """Write down that she was told, by mail or because she had seen it."""
        self._change(
            person,
            "told_through = max(told_through, ?), pending_through = NULL, due = 0,"
            " refused = 0, deferred = 0, next_at = ?, is_waiting = ?",
            through,
            next_at,
            int(waits),
        )

    def sent(self, person: str, *, through: int, next_at: float, waits: bool) -> None:
        """Write down that a mail was sent, and count it."""
        self.settle(person, through=through, next_at=next_at, waits=waits)
        self._count("sent")

    def refused(self, person: str, *, next_at: float) -> None:
        """Write down that a mail was refused for good, to be tried again all the same."""
        self._change(person, "refused = refused + 1, next_at = ?", next_at)

    def put_off(self, person: str, *, next_at: float) -> None:
        """Look at somebody's mail again later, which was not tried."""
        self._change(person, "next_at = ?", next_at)

    def give_up(
        self, person: str, *, address: int | None, through: int, next_at: float
    ) -> None:
        """Send no more of this mail, nor any to an address that was given by an entry."""
        self.settle(person, through=through, next_at=next_at, waits=False)
        if address is not None:
            self._change(person, "given_up_for = ?", address)
        self._count("failed")

    def rest(self, person: str) -> None:
        """Let nothing wait for somebody who wants no mail."""
        self._change(
            person,
            "is_waiting = 0, pending_through = NULL, due = 0, refused = 0, deferred = 0",
        )

    def counts(self) -> MailCounts:
        """Return what an operator watches.

        Raises:
            sqlite3.Error: The file cannot be read.
        """
        if not self._path.exists():
            return MailCounts(0, 0, 0, is_stuck=False)
        with self._connected() as connection:
            query = "SELECT count(*) FROM persons WHERE is_waiting = 1"
            (waits,) = connection.execute(query).fetchone()
            numbers = dict(connection.execute("SELECT name, value FROM numbers"))
        return MailCounts(
            sent=numbers.get("sent", 0),
            failed=numbers.get("failed", 0),
            waiting=waits,
            is_stuck=bool(numbers.get("stuck", 0)),
        )

    def _change(self, person: str, assignment: str, *values: object) -> None:
        query = f"UPDATE persons SET {assignment} WHERE person = ?"  # noqa: S608 - names of ours
        with self._connected() as connection:
            connection.execute(query, (*values, person))

    def _count(self, name: str) -> None:
        with self._connected() as connection:
            connection.execute(
                "INSERT INTO numbers (name, value) VALUES (?, 1)"
                " ON CONFLICT (name) DO UPDATE SET value = value + 1",
                (name,),
            )

    @staticmethod
    def _number(connection: Any, name: str) -> int | None:
        query = "SELECT value FROM numbers WHERE name = ?"
        found = connection.execute(query, (name,)).fetchone()
        return None if found is None else int(found[0])

    @staticmethod
    def _keep(connection: Any, table: str, name: str, value: object) -> None:
        connection.execute(
            f"INSERT INTO {table} (name, value) VALUES (?, ?)"  # noqa: S608 - names of ours
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    @contextmanager
    def _connected(self) -> Iterator["sqlite3.Connection"]:
        """Yield a connection; what is done in the block is one transaction."""
        connection = sqlite_module().connect(self._path, timeout=BUSY_S)
        try:
            connection.execute("PRAGMA synchronous=FULL")
            with connection:
                yield connection
        finally:
            connection.close()

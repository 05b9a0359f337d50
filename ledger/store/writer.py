"""The writer's port: one transaction on a ledger, from the lock of its head to the commit."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Protocol

from ledger.store import schema
from ledger.store.event import Tracking
from ledger.store.head import Head, HeadRow
from ledger.store.linking import EntryRow, Tail

COLUMNS = {
    table.name: ", ".join(column.name for column in table.columns)
    for table in (schema.entries, schema.boxes, schema.subtrees, schema.trackings)
}
"""The columns that a writer fills, in the order in which it gives them."""

Submissions = dict[uuid.UUID, tuple[int, int]]
"""Submission id → first seq and number of entries."""


class Writer(Protocol):
    """A transaction that holds the lock of one ledger's head.

    Raises:
        LedgerMissingError: By `lock`, where there is no such ledger.
    """

    def lock(self) -> HeadRow:
        """Wait for the lock of this ledger, and only of this one; return its head row."""

    def tails(self, streams: Sequence[str]) -> dict[str, Tail]:
        """Return the last entry of each stream that has one."""

    def tracked(self, application_names: Sequence[str]) -> dict[str, int]:
        """Return the highest recorded position of each application followed."""

    def submitted(self, ids: Sequence[uuid.UUID], *, from_seq: int) -> Submissions:
        """Return which of the submissions have entries at ``from_seq`` or later."""

    def write(
        self,
        rows: Sequence[EntryRow],
        subtrees: Sequence[tuple[int, int, bytes]],
        trackings: Sequence[Tracking],
    ) -> None:
        """Insert entries, their boxes, whole subtrees and tracking positions."""

    def commit(self, head: Head, *, seal_key: bytes) -> None:
        """Store the head under its seal and commit: when it returns, all is durable."""

    def settle(self) -> None:
        """End a transaction that only read: what it saw is as durable as a commit of ours."""

    def rollback(self) -> None:
        """End the transaction if one is open; the connection can be used again."""


def chosen(ids: Sequence[uuid.UUID], rows: Iterable[tuple[uuid.UUID, int, int]]) -> Submissions:
    """Return those of the rows (id, first seq, count) that were asked for."""
    wanted = set(ids)
    return {id_: (first, count) for id_, first, count in rows if id_ in wanted}

"""The writer's port: one transaction on a ledger, from the lock of its head to the commit."""

import uuid
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from ledger.proof.errors import ProofError
from ledger.store import schema
from ledger.store.event import Tracking
from ledger.store.head import Head, HeadRow
from ledger.store.linking import Chain, Tail

COLUMNS = {
    table.name: ", ".join(column.name for column in table.columns)
    for table in (schema.entries, schema.boxes, schema.subtrees, schema.trackings)
}
"""The columns that a writer fills, in the order in which it gives them."""

Submissions = dict[uuid.UUID, tuple[int, int]]
"""Submission id → first seq and number of entries."""


class Begun(NamedTuple):
    """What a writer finds under the lock: the head row, tails by stream, positions by name."""

    head: HeadRow
    tails: dict[str, Tail]
    tracked: dict[str, int]


class Writer(Protocol):
    """A transaction that holds the lock of one ledger's head.

    Raises:
        LedgerMissingError: By `begin` and `lock`, where there is no such ledger.
        PlantedRowError: By `write` and `commit`, where a row that nobody appended stands in
            the way; nothing was appended.
    """

    def begin(self, streams: Sequence[str], application_names: Sequence[str]) -> Begun:
        """Wait for the lock as `lock` does; return all that an append asks for, at once."""

    def lock(self) -> HeadRow:
        """Wait for the lock of this ledger, and only of this one; return its head row."""

    def tails(self, streams: Sequence[str]) -> dict[str, Tail]:
        """Return the last entry of each stream that has one."""

    def tracked(self, application_names: Sequence[str]) -> dict[str, int]:
        """Return the highest recorded position of each application followed."""

    def submitted(self, ids: Sequence[uuid.UUID], *, from_seq: int, below: int) -> Submissions:
        """Return which of the submissions have entries from ``from_seq`` to before ``below``.

        ``below`` is the size of the sealed head: a row beyond it is no entry.
        """

    def write(self, chain: Chain, trackings: Sequence[Tracking]) -> None:
        """Give the transaction entries, boxes, whole subtrees and tracking positions.

        They are inserted now or with the commit, whichever is sooner done.
        """

    def commit(self, head: Head, *, seal_key: bytes) -> None:
        """Store the head under its seal and commit: when it returns, all is durable."""

    def settle(self) -> None:
        """End a transaction that only read: what it saw is as durable as a commit of ours."""

    def rollback(self) -> None:
        """End the transaction if one is open; the connection can be used again."""

    def is_cut(self) -> bool:
        """Return whether the connection is gone, so that nothing more can come of it."""


def chosen(
    ids: Sequence[uuid.UUID], rows: Iterable[tuple[uuid.UUID, int, int, int]]
) -> Submissions:
    """Return those of the rows (id, first seq, last seq, count) that were asked for.

    Raises:
        ProofError: Entries of one submission are no neighbours: somebody changed their rows.
    """
    wanted = set(ids)
    found: Submissions = {}
    for id_, first, last, count in rows:
        if id_ not in wanted:
            continue
        if last - first + 1 != count:
            raise ProofError(f"submission {id_}", last - first + 1, count)
        found[id_] = (first, count)
    return found

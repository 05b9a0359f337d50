"""A stream's last row is believed only once it is found to be the log's own entry.

Only the head row is sealed, but an event is linked to the last row of its stream, and may
rest on those of others. Whoever edits that row, lets one append happen and restores it would
leave a stream that looks broken for ever, or a decision that rests on nothing. So the row's
facts must add up to its entry, and its entry must stand in the tree under the sealed head.
What was found true once, or written here, is remembered.

A row that somebody took away is missed only where this process remembers a later one: that
a stream ends where its rows end is true as far as the audit reads them, not here.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.merkle import leaf_hash
from ledger.proof.shapes import OPAQUE
from ledger.store.event import StreamDamagedError
from ledger.store.head import Head
from ledger.store.linking import Tail
from ledger.store.log_memory import LogMemory
from ledger.store.proven_rows import BoundRow, FactsRow, bind, verify_under
from ledger.store.schema import entries
from ledger.store.tree_memory import RememberedTree

_ROWS_MAX = 500
"""Asked for at once; SQLite takes no more than 32,766 values in a statement."""


class Tails:
    """The tails that are known to be true, of the streams of one log."""

    def __init__(
        self,
        engine: sa.Engine,
        *,
        origin: str,
        memory: LogMemory | None = None,
    ) -> None:
        """``memory`` is what the process remembers of the log, if it shares it."""
        self._engine = engine
        self._origin = origin
        memory = memory or LogMemory.of(origin)
        self._known, self._tree = memory.tails, memory.tree

    def check(
        self, head: Head, streams: Iterable[str], tails: Mapping[str, Tail]
    ) -> dict[str, StreamDamagedError]:
        """Return which of the streams must not be built upon; ``tails`` is what was read.

        Call it under the head's lock, with a head whose seal is the service's own.
        """
        damaged: dict[str, StreamDamagedError] = {}
        unproven: dict[int, tuple[str, Tail]] = {}
        for stream in streams:
            tail, known = tails.get(stream), self._known.get(stream)
            if tail == known:
                continue
            if known is not None and (tail is None or tail.seq <= known.seq):
                # The log never loses an entry: a row was taken away or changed.
                damaged[stream] = StreamDamagedError(stream, known.seq)
            elif tail is not None:
                unproven[tail.seq] = (stream, tail)
        if unproven:
            self._prove(head, unproven, damaged)
        return damaged

    def remember(self, tails: Mapping[str, Tail]) -> None:
        """Keep tails that this process has committed."""
        self._known.remember(tails)

    def _prove(
        self,
        head: Head,
        unproven: Mapping[int, tuple[str, Tail]],
        damaged: dict[str, StreamDamagedError],
    ) -> None:
        proven: dict[str, Tail] = {}
        with self._engine.connect() as connection:
            tree = self._tree.over(connection)
            rows = self._rows(connection, sorted(unproven))
            for seq, (stream, tail) in unproven.items():
                try:
                    prove_place(rows[seq], stream, tail)
                    self._verify(rows[seq], head, tree)
                except (MalformedError, ProofError, IndexError, KeyError):
                    damaged[stream] = StreamDamagedError(stream, seq)
                else:
                    proven[stream] = tail
        self.remember(proven)

    def _verify(self, row: FactsRow, head: Head, tree: RememberedTree) -> None:
        try:
            verify_under(row, head, tree)
        except (MalformedError, ProofError, IndexError):
            # What is remembered may have been read while rows were damaged.
            self._tree.forget()
            verify_under(row, head, tree)

    def _rows(self, connection: sa.Connection, seqs: Sequence[int]) -> dict[int, Any]:
        query = sa.select(
            entries.c.seq, entries.c.entry, entries.c.plain, entries.c.personal
        ).where(entries.c.log == self._origin)
        rows: dict[int, Any] = {}
        for start in range(0, len(seqs), _ROWS_MAX):
            some = entries.c.seq.in_(seqs[start : start + _ROWS_MAX])
            for row in connection.execute(query.where(some)):
                rows[row.seq] = row
        return rows


def prove_place(row: FactsRow, stream: str, tail: Tail) -> BoundRow:
    """Return what a row says, found to be this place in the stream.

    Whether the entry is the log's own is not asked.

    Raises:
        ProofError: They are another place, or not what the entry commits to.
        MalformedError: The row cannot be read.
    """
    bound = bind(row)
    plain = bound.plain
    if leaf_hash(row.entry) != tail.leaf:
        raise ProofError("leaf", leaf_hash(row.entry).hex(), str(tail.leaf))
    opaque = plain.facts.get("type") == OPAQUE
    number = "originator_version" if opaque else "version"
    want = [plain.facts.get(name) for name in ("stream", "version", number)]
    if want != [stream, tail.version, tail.originator_version]:
        raise ProofError("place in the stream", want, list(tail))
    return bound

"""Entries that a certificate rests on: read again, and found under a witnessed checkpoint.

Nothing that is remembered counts here but nodes of the tree, and those are compared with the
checkpoint's root: each entry's facts must add up to its commitment, its leaf must be included
under the newest checkpoint that meets the witness policy.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.entry import Entry
from ledger.proof.errors import ProofError
from ledger.proof.merkle import leaf_hash
from ledger.proof.neighbours import prove_neighbours, runs_of
from ledger.proof.note import parse_note
from ledger.store.proven_rows import bind
from ledger.store.schema import entries
from ledger.store.tree_memory import TreeMemory

_AT_ONCE = 500


@dataclass(eq=False)
class NotWitnessedYet(Exception):
    """The newest checkpoint with a quorum does not reach the entry at ``seq``; it will."""

    seq: int
    size: int


@dataclass(frozen=True, slots=True)
class Vouched:
    """The checkpoint under which all that was asked for is included; ``note`` is signed."""

    note: bytes
    size: int
    root: bytes


class Vouching:
    """Finds entries of one log under its newest checkpoint, from any thread."""

    def __init__(
        self,
        engine: sa.Engine,
        *,
        origin: str,
        tree: TreeMemory,
        checkpoint: Callable[[], bytes | None],
    ) -> None:
        """``checkpoint`` returns the newest note that meets the policy; None if none does."""
        self._engine = engine
        self._origin = origin
        self._tree = tree
        self.checkpoint = checkpoint

    def vouch(self, seqs: Sequence[int]) -> Vouched:
        """Return the checkpoint under which entries are included as they are stored.

        Raises:
            NotWitnessedYet: The checkpoint does not reach so far.
            ProofError: An entry is missing, or is not the one that the log has there.
            MalformedError: What is stored cannot be read.
            As the checkpoint's source.
        """
        asked = sorted(set(seqs))
        note = self.checkpoint()
        if note is None:
            raise NotWitnessedYet(asked[-1] if asked else 0, 0)
        checkpoint = parse_checkpoint(parse_note(note).text)
        if asked and asked[-1] >= checkpoint.size:
            raise NotWitnessedYet(asked[-1], checkpoint.size)
        vouched = Vouched(note, checkpoint.size, checkpoint.root)
        try:
            self._find(asked, vouched)
        except ProofError:
            # What is remembered may have been read while rows were damaged.
            self._tree.forget()
            self._find(asked, vouched)
        return vouched

    def _find(self, asked: Sequence[int], under: Vouched) -> None:
        with self._engine.connect() as connection:
            leaves = dict(self._leaves(connection, asked))
            tree = self._tree.over(connection)
            subtree = tree.subtree(tree_size=under.size)
            for run in runs_of(asked):
                prove_neighbours(
                    subtree,
                    leaves=[leaves[seq] for seq in run],
                    first=run[0],
                    tree_size=under.size,
                    root=under.root,
                )

    def _leaves(
        self, connection: sa.Connection, asked: Sequence[int]
    ) -> Iterator[tuple[int, bytes]]:
        for start in range(0, len(asked), _AT_ONCE):
            some = asked[start : start + _AT_ONCE]
            query = sa.select(
                entries.c.seq, entries.c.entry, entries.c.plain, entries.c.personal
            ).where(entries.c.log == self._origin, entries.c.seq.in_(some))
            rows: dict[int, Any] = {row.seq: row for row in connection.execute(query)}
            for seq in some:
                if seq not in rows:
                    raise ProofError("entry", seq, "none")
                self._check_place(bind(rows[seq]).entry, seq)
                yield seq, leaf_hash(rows[seq].entry)

    def _check_place(self, entry: Entry, seq: int) -> None:
        if (entry.log, entry.seq) != (self._origin, seq):
            raise ProofError("entry", [self._origin, seq], [entry.log, entry.seq])

"""Hashes of the stored tree, read in pieces of at most 256: for proofs and for tiles."""

from typing import Any

import sqlalchemy as sa

from ledger.proof.errors import ProofError
from ledger.proof.merkle import Edge, Subtree, range_root, root_of
from ledger.proof.tile import TILE_WIDTH
from ledger.store.linking import SUBTREE_HEIGHT
from ledger.store.schema import entries, subtrees

_LEAVES = (
    sa.select(entries.c.leaf)
    .where(entries.c.log == sa.bindparam("log"))
    .where(entries.c.seq >= sa.bindparam("start"), entries.c.seq < sa.bindparam("stop"))
    .order_by(entries.c.seq)
)
_SUBTREES = (
    sa.select(subtrees.c.hash)
    .where(subtrees.c.log == sa.bindparam("log"), subtrees.c.level == sa.bindparam("level"))
    .where(subtrees.c.number >= sa.bindparam("start"), subtrees.c.number < sa.bindparam("stop"))
    .order_by(subtrees.c.number)
)


class StoredTree:
    """One log's tree as its rows have it; nothing here is verified, proofs are."""

    def __init__(self, connection: sa.Connection, *, origin: str) -> None:
        self._connection = connection
        self._origin = origin
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Return roots of the subtrees of 256^level leaves from ``start`` up to ``stop``.

        Raises:
            ProofError: Rows are missing there.
        """
        values = {"log": self._origin, "level": level, "start": start, "stop": stop}
        query = _LEAVES if level == 0 else _SUBTREES
        try:
            # All at once: of a whole tile, to fetch one by one takes longer than to hash them.
            rows = self._connection.execute(query, values).scalars().all()
            found = [bytes(node) for node in rows]
        except TypeError as error:  # SQLite keeps text where bytes belong
            raise ProofError(f"stored hashes of level {level}", "bytes", "not") from error
        if len(found) != stop - start:
            raise ProofError(f"stored hashes of level {level}", stop - start, len(found))
        return found

    def subtree(self, *, tree_size: int) -> Subtree:
        """Return what `prove_inclusion` and its like ask for, in a tree of a given size."""

        def root(height: int, index: int) -> bytes:
            level, rest = divmod(height, SUBTREE_HEIGHT)
            start = index << rest
            return root_of(self._in_tile(level, start, start + (1 << rest), tree_size))

        return root

    def root(self, *, tree_size: int) -> bytes:
        """Return the root of the tree as it was at a size."""
        return range_root(0, tree_size, self.subtree(tree_size=tree_size))

    def leaves_after(self, edge: Edge, *, tree_size: int) -> Edge:
        """Return the edge of the tree of ``tree_size`` that continues a known edge.

        Raises:
            ProofError: Leaves are missing.
        """
        grown = edge.copy()
        while grown.size < tree_size:
            stop = min(tree_size, grown.size + TILE_WIDTH * TILE_WIDTH)
            for leaf in self.hashes(0, grown.size, stop):
                grown.append(leaf)
        return grown

    def _in_tile(self, level: int, start: int, stop: int, tree_size: int) -> list[bytes]:
        # A subtree below height 8 lies within one tile, so one query serves its neighbours.
        number = start // TILE_WIDTH
        if (level, number) not in self._tiles:
            first = number * TILE_WIDTH
            end = min(first + TILE_WIDTH, tree_size >> (SUBTREE_HEIGHT * level))
            self._tiles[level, number] = self.hashes(level, first, end)
        tile: list[Any] = self._tiles[level, number]
        return tile[start - number * TILE_WIDTH : stop - number * TILE_WIDTH]

"""Nodes of a log's tree that were read before: what is complete never changes.

Proofs ask for the same nodes again and again, and most of them about the tree's newest end.
Nothing here is verified, as in `ledger.store.tree`: whoever finds that a proof does not hold
forgets everything and reads once more, before he says so.
"""

import sqlalchemy as sa

from ledger.proof.merkle import Subtree, node_hash
from ledger.proof.tile import TILE_WIDTH
from ledger.store.linking import SUBTREE_HEIGHT
from ledger.store.tree import StoredTree

NODES_MAX = 200_000
"""Nodes that are remembered at least, of those that were used last; twice as many at most."""


class TreeMemory:
    """Remembers nodes of one log's tree, for any thread."""

    def __init__(self, *, origin: str, nodes_max: int = NODES_MAX) -> None:
        self._origin = origin
        self._nodes_max = nodes_max
        self._young: dict[tuple[int, int], bytes] = {}
        self._old: dict[tuple[int, int], bytes] = {}

    def over(self, connection: sa.Connection) -> "RememberedTree":
        """Return the tree, what is not remembered being read on a connection."""
        return RememberedTree(self, StoredTree(connection, origin=self._origin))

    def forget(self) -> None:
        """Remember nothing."""
        self._young, self._old = {}, {}

    def get(self, height: int, index: int) -> bytes | None:
        """Return a node by the height of its subtree and its place at that height."""
        place = (height, index)
        node = self._young.get(place)
        if node is None:
            node = self._old.get(place)
            if node is not None:
                self._young[place] = node
        return node

    def put(self, height: int, index: int, node: bytes) -> None:
        """Remember a node of a complete subtree."""
        if len(self._young) >= self._nodes_max:
            self._old, self._young = self._young, {}
        self._young[height, index] = node


class RememberedTree:
    """The tree as `StoredTree` has it, each node read and hashed once."""

    def __init__(self, memory: TreeMemory, stored: StoredTree) -> None:
        self._memory = memory
        self._stored = stored

    def subtree(self, *, tree_size: int) -> Subtree:
        """Return what `prove_inclusion` and its like ask for, in a tree of a given size."""

        def root(height: int, index: int) -> bytes:
            node = self._memory.get(height, index)
            if node is None:
                if height % SUBTREE_HEIGHT == 0:
                    return self._read(height // SUBTREE_HEIGHT, index, tree_size)
                left, right = root(height - 1, 2 * index), root(height - 1, 2 * index + 1)
                node = node_hash(left, right)
                self._memory.put(height, index, node)
            return node

        return root

    def _read(self, level: int, number: int, tree_size: int) -> bytes:
        """Return a stored hash; its neighbours to the end of their tile are read with it."""
        height = SUBTREE_HEIGHT * level
        end = min(number - number % TILE_WIDTH + TILE_WIDTH, tree_size >> height)
        hashes = self._stored.hashes(level, number, end)
        for at, node in enumerate(hashes, number):
            self._memory.put(height, at, node)
        return hashes[0]

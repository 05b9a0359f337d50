"""Nodes of a log's tree that were read before: what is complete never changes.

Proofs ask for the same nodes again and again, and most of them about the tree's newest end.
A whole tile is read, hashed and remembered at once; of the newest, which is not whole, single
nodes are. Nothing here is verified, as in `ledger.store.tree`: whoever finds that a proof does
not hold forgets everything and reads once more, before he says so.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from ledger.proof.merkle import HASH_BYTES, Subtree, node_hash, parents
from ledger.proof.tile import TILE_WIDTH
from ledger.store.linking import SUBTREE_HEIGHT
from ledger.store.tree import StoredTree

NODES_MAX = 20_000
"""Single nodes that are remembered at least, of those that were used last; twice as many at
most."""
TILES_MAX = 2_000
"""Whole tiles that are remembered at least, 16 KiB each, of those that were used last; twice as
many at most: of a million entries all."""
_ROWS = tuple(2 * TILE_WIDTH - (2 * TILE_WIDTH >> row) for row in range(SUBTREE_HEIGHT))
"""How many nodes of a tile stand before those of each row: 256 of them, then 128, …, then 2."""


class TreeMemory:
    """Remembers nodes of one log's tree, for any thread."""

    def __init__(
        self, *, origin: str, nodes_max: int = NODES_MAX, tiles_max: int = TILES_MAX
    ) -> None:
        self._origin = origin
        self._nodes_max = nodes_max
        self._tiles_max = tiles_max
        self.forget()

    def over(self, connection: sa.Connection) -> "RememberedTree":
        """Return the tree, what is not remembered being read on a connection."""
        return RememberedTree(self, StoredTree(connection, origin=self._origin))

    def forget(self) -> None:
        """Remember nothing."""
        self._young: dict[tuple[int, int], bytes] = {}
        self._old: dict[tuple[int, int], bytes] = {}
        self._young_tiles: dict[tuple[int, int], bytes] = {}
        self._old_tiles: dict[tuple[int, int], bytes] = {}

    def get(self, height: int, index: int) -> bytes | None:
        """Return a node by the height of its subtree and its place at that height."""
        place = (height, index)
        node = self._young.get(place)
        if node is None:
            node = self._old.get(place)
            if node is None:
                return self._of_tile(height, index)
            self._young[place] = node
        return node

    def put(self, height: int, index: int, node: bytes) -> None:
        """Remember a node of a complete subtree."""
        if len(self._young) >= self._nodes_max:
            self._old, self._young = self._young, {}
        self._young[height, index] = node

    def put_tile(self, level: int, number: int, hashes: Sequence[bytes]) -> bytes:
        """Remember a whole tile of 256 hashes; return all nodes in it, row by row."""
        nodes, row = list(hashes), hashes
        while len(row) > 2:
            row = parents(row)
            nodes += row
        tile = b"".join(nodes)
        self._keep(level, number, tile)
        return tile

    def _keep(self, level: int, number: int, tile: bytes) -> None:
        if len(self._young_tiles) >= self._tiles_max:
            self._old_tiles, self._young_tiles = self._young_tiles, {}
        self._young_tiles[level, number] = tile

    def _of_tile(self, height: int, index: int) -> bytes | None:
        level, number = tile_of(height, index)
        tile = self._young_tiles.get((level, number))
        if tile is None:
            tile = self._old_tiles.get((level, number))
            if tile is None:
                return None
            self._keep(level, number, tile)
        return node_in(tile, height, index)


def tile_of(height: int, index: int) -> tuple[int, int]:
    """Return level and number of the tile in which a node stands, or lies above its hashes."""
    level, row = divmod(height, SUBTREE_HEIGHT)
    return level, index >> (SUBTREE_HEIGHT - row)


def node_in(tile: bytes, height: int, index: int) -> bytes:
    """Return a node out of its tile, as `TreeMemory.put_tile` returns it."""
    row = height % SUBTREE_HEIGHT
    start = HASH_BYTES * (_ROWS[row] + index % (TILE_WIDTH >> row))
    return tile[start : start + HASH_BYTES]


class RememberedTree:
    """The tree as `StoredTree` has it, each node read and hashed once."""

    def __init__(self, memory: TreeMemory, stored: StoredTree) -> None:
        self._memory = memory
        self._stored = stored

    def subtree(self, *, tree_size: int) -> Subtree:
        """Return what `prove_inclusion` and its like ask for, in a tree of a given size."""

        def root(height: int, index: int) -> bytes:
            node = self._memory.get(height, index)
            if node is not None:
                return node
            level, number = tile_of(height, index)
            if (number + 1) * TILE_WIDTH <= tree_size >> SUBTREE_HEIGHT * level:
                return node_in(self._whole(level, number), height, index)
            if height % SUBTREE_HEIGHT == 0:
                return self._read(level, index, tree_size)
            node = node_hash(root(height - 1, 2 * index), root(height - 1, 2 * index + 1))
            self._memory.put(height, index, node)
            return node

        return root

    def _whole(self, level: int, number: int) -> bytes:
        """Return a whole tile; what has just been written need not be read for it."""
        start, height = number * TILE_WIDTH, SUBTREE_HEIGHT * level
        hashes: list[bytes] = []
        for at in range(start, start + TILE_WIDTH):
            node = self._memory.get(height, at)
            if node is None:
                hashes = self._stored.hashes(level, start, start + TILE_WIDTH)
                break
            hashes.append(node)
        return self._memory.put_tile(level, number, hashes)

    def _read(self, level: int, number: int, tree_size: int) -> bytes:
        """Return a hash of a tile that is not whole; those behind it are read with it."""
        height = SUBTREE_HEIGHT * level
        hashes = self._stored.hashes(level, number, tree_size >> height)
        for at, node in enumerate(hashes, number):
            self._memory.put(height, at, node)
        return hashes[0]

"""What is remembered of a tree is the tree: in any order, at any size, while it grows."""

import random
from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.merkle import leaf_hash, root_of
from ledger.proof.tile import TILE_WIDTH
from ledger.store.tree_memory import RememberedTree, TreeMemory

LEAVES = [leaf_hash(str(at).encode()) for at in range(3 * TILE_WIDTH + 40)]
PLACES = [(height, index) for height in range(10) for index in range(len(LEAVES) >> height)]


class Stored:
    """Hashes as the database has them, and how often it was asked."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.leaves = leaves
        self.asked: list[tuple[int, int, int]] = []

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        self.asked.append((level, start, stop))
        width = TILE_WIDTH**level
        return [
            root_of(self.leaves[at * width : (at + 1) * width]) for at in range(start, stop)
        ]


def tree_of(memory: TreeMemory, stored: Stored) -> RememberedTree:
    return RememberedTree(memory, stored)  # type: ignore[arg-type]


def node_of(leaves: Sequence[bytes], height: int, index: int) -> bytes:
    return root_of(leaves[index << height : (index + 1) << height])


@given(
    order=st.randoms(use_true_random=False),
    nodes_max=st.integers(1, 600),
    tiles_max=st.integers(1, 3),
)
def test_every_node_is_the_trees_in_whichever_order_it_is_asked_for(
    order: random.Random, nodes_max: int, tiles_max: int
) -> None:
    memory = TreeMemory(origin="x", nodes_max=nodes_max, tiles_max=tiles_max)
    for size in sorted(order.sample(range(1, len(LEAVES) + 1), 3)):
        root = tree_of(memory, Stored(LEAVES[:size])).subtree(tree_size=size)
        there = [(height, index) for height, index in PLACES if (index + 1) << height <= size]
        for height, index in order.sample(there, min(40, len(there))):
            assert root(height, index) == node_of(LEAVES, height, index)


def test_a_whole_tile_is_read_once_and_nothing_of_it_again() -> None:
    memory, stored = TreeMemory(origin="x"), Stored(LEAVES)
    root = tree_of(memory, stored).subtree(tree_size=len(LEAVES))
    for height, index in PLACES:
        if height < 8 and TILE_WIDTH <= index << height < 2 * TILE_WIDTH:
            root(height, index)
    assert stored.asked == [(0, TILE_WIDTH, 2 * TILE_WIDTH)]


def test_what_was_just_written_is_not_read() -> None:
    memory, stored = TreeMemory(origin="x"), Stored(LEAVES)
    for at, leaf in enumerate(LEAVES):
        memory.put(0, at, leaf)
    root = tree_of(memory, stored).subtree(tree_size=len(LEAVES))
    assert root(7, 1) == node_of(LEAVES, 7, 1)
    assert root(5, len(LEAVES) // 32 - 1) == node_of(LEAVES, 5, len(LEAVES) // 32 - 1)
    assert stored.asked == []


@pytest.mark.parametrize("place", [(0, 5), (3, 2), (0, 3 * TILE_WIDTH + 3)])
def test_what_was_read_while_rows_were_damaged_is_forgotten(place: tuple[int, int]) -> None:
    memory, size = TreeMemory(origin="x"), len(LEAVES)
    damaged = [sha256(leaf).digest() for leaf in LEAVES]
    wrong = tree_of(memory, Stored(damaged)).subtree(tree_size=size)(*place)
    assert wrong != node_of(LEAVES, *place)
    assert tree_of(memory, Stored(LEAVES)).subtree(tree_size=size)(*place) == wrong
    memory.forget()
    right = tree_of(memory, Stored(LEAVES)).subtree(tree_size=size)(*place)
    assert right == node_of(LEAVES, *place)

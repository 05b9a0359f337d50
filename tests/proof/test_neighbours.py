"""Paths of neighbouring leaves: each the one that stands alone, none if a leaf is another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.errors import ProofError
from ledger.proof.merkle import (
    Subtree,
    leaf_hash,
    prove_inclusion,
    root_of,
    verify_inclusion,
)
from ledger.proof.neighbours import prove_neighbours


def tree_of(size: int) -> tuple[list[bytes], Subtree]:
    leaves = [leaf_hash(bytes([each % 251, each // 251])) for each in range(size)]

    def subtree(height: int, index: int) -> bytes:
        start, stop = index << height, (index + 1) << height
        assert stop <= size, "only perfect subtrees are known"
        return root_of(leaves[start:stop])

    return leaves, subtree


@given(st.data())
def test_each_path_is_the_one_of_its_leaf(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 600))
    first = data.draw(st.integers(0, size - 1))
    count = data.draw(st.integers(1, min(300, size - first)))
    leaves, subtree = tree_of(size)
    root = root_of(leaves)
    some = leaves[first : first + count]
    paths = prove_neighbours(subtree, leaves=some, first=first, tree_size=size, root=root)
    for index, (leaf, path) in enumerate(zip(some, paths, strict=True), first):
        assert path == prove_inclusion(subtree, leaf_index=index, tree_size=size)
        verify_inclusion(leaf, leaf_index=index, tree_size=size, path=path, root=root)


@given(st.data())
def test_no_path_is_told_of_a_leaf_that_does_not_stand_there(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    first = data.draw(st.integers(0, size - 1))
    count = data.draw(st.integers(1, size - first))
    wrong = data.draw(st.integers(0, count - 1))
    leaves, subtree = tree_of(size)
    some = leaves[first : first + count]
    some[wrong] = leaf_hash(b"another")
    with pytest.raises(ProofError):
        prove_neighbours(
            subtree, leaves=some, first=first, tree_size=size, root=root_of(leaves)
        )


@pytest.mark.parametrize(("first", "count", "size"), [(0, 0, 4), (3, 2, 4), (-1, 1, 4)])
def test_leaves_beyond_the_tree_have_no_path(first: int, count: int, size: int) -> None:
    leaves, subtree = tree_of(size)
    with pytest.raises(IndexError):
        prove_neighbours(
            subtree,
            leaves=leaves[:count],
            first=first,
            tree_size=size,
            root=root_of(leaves),
        )

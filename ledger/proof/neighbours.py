"""Inclusion proofs of neighbouring leaves: put together, and verified, as one.

Each path is the one of `ledger.proof.merkle.prove_inclusion`. Paths of neighbours share nearly
all of their hashes, so the tree is climbed once for all of them: level by level, from their
leaves to the root, with what stands beside them. As only the hashes that have led to the root
are in the paths, the one comparison at the top says that every path holds.
"""

from collections.abc import Iterator, Sequence

from ledger.proof.errors import ProofError
from ledger.proof.merkle import Subtree, parents, range_root


def prove_neighbours(
    subtree: Subtree, *, leaves: Sequence[bytes], first: int, tree_size: int, root: bytes
) -> list[list[bytes]]:
    """Return the path of each leaf, the leaf's sibling first (RFC 9162, 2.1.3.1).

    ``leaves`` are hashes of 32 bytes, those from the index ``first`` on.

    Raises:
        IndexError: There are no such leaves in a tree of that size.
        ProofError: These leaves do not stand there in the tree of this root.
    """
    if not leaves or not 0 <= first <= tree_size - len(leaves):
        raise IndexError(f"no leaves {first} to {first + len(leaves)} in a tree of {tree_size}")
    paths: list[list[bytes]] = [[] for _ in leaves]
    nodes, start, height = list(leaves), first, 0
    while (tree_size - 1) >> height:
        last = (tree_size - 1) >> height
        nodes, start = _with_siblings(subtree, nodes, start, (height, last, tree_size))
        for index, path in enumerate(paths, first):
            sibling = (index >> height) ^ 1
            if sibling <= last:  # without one, a node is carried up as it is
                path.append(nodes[sibling - start])
        nodes, start, height = parents(nodes), start >> 1, height + 1
    if nodes[0] != root:
        raise ProofError("inclusion", root.hex(), nodes[0].hex())
    return paths


def runs_of(indices: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield ascending indices as runs without a gap, whose paths share most of their hashes."""
    start = 0
    for at in range(1, len(indices) + 1):
        if at == len(indices) or indices[at] != indices[at - 1] + 1:
            yield indices[start:at]
            start = at


def _with_siblings(
    subtree: Subtree, nodes: list[bytes], start: int, level: tuple[int, int, int]
) -> tuple[list[bytes], int]:
    """Return the nodes from ``start`` on with the siblings of the outermost, from where on."""
    height, last, tree_size = level
    end = start + len(nodes)
    if start & 1:
        start -= 1
        nodes = [subtree(height, start), *nodes]
    if end & 1 and end <= last:
        stop = min((end + 1) << height, tree_size)
        nodes = [*nodes, range_root(end << height, stop, subtree)]
    return nodes, start

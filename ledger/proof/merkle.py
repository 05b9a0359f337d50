"""The tree over all entries (RFC 9162): right edge, root, inclusion, consistency.

A tree is never held whole. Appending keeps its *right edge*, the roots of the perfect
subtrees that make it up, largest first: one hash for each bit that is set in its size.
Proofs are put together from perfect subtrees that somebody who stores them can name.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.suite import SUITE

HASH_BYTES = 32
EMPTY_ROOT = SUITE.hash(b"")
SIZE_MAX = 2**63 - 1

Subtree = Callable[[int, int], bytes]
"""``subtree(height, index)``: root of the 2^height leaves from ``index << height`` on."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the leaf of an entry: SHA-256(0x00 || entry) (RFC 9162, 2.1.1)."""
    return SUITE.hash(b"\x00" + entry)


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the parent of two nodes: SHA-256(0x01 || left || right) (RFC 9162, 2.1.1)."""
    return SUITE.hash(b"\x01" + left + right)


def parents(nodes: Sequence[bytes]) -> list[bytes]:
    """Return the level above nodes of which the first is a left one.

    A last one without a sibling is carried up as it is (RFC 9162, 2.1.1).
    """
    pairs = zip(nodes[::2], nodes[1::2], strict=False)
    above = SUITE.hash_all([b"\x01" + left + right for left, right in pairs])
    return [*above, nodes[-1]] if len(nodes) & 1 else above


@dataclass(slots=True)
class Edge:
    """The right edge of a growing tree: enough to extend it and to know its root.

    ``peaks`` holds one hash of 32 bytes for each bit set in ``size``, largest subtree
    first, at most 64.
    """

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not 0 <= self.size <= SIZE_MAX:
            raise MalformedError("edge", "a size from 0 to 2^63-1", self.size)
        if len(self.peaks) != self.size.bit_count():
            raise MalformedError("edge", self.size.bit_count(), len(self.peaks))
        if any(len(peak) != HASH_BYTES for peak in self.peaks):
            raise MalformedError("edge", "hashes of 32 bytes", self.peaks)

    def copy(self) -> "Edge":
        """Return an edge that grows on its own."""
        return Edge(self.size, list(self.peaks))

    def append(self, leaf: bytes) -> None:
        """Add one leaf at the right."""
        self.add_subtree(leaf, height=0)

    def add_subtree(
        self,
        root: bytes,
        *,
        height: int,
        completed: Callable[[int, int, bytes], None] | None = None,
    ) -> None:
        """Add a perfect subtree of ``2^height`` leaves at the right.

        ``completed(height, index, root)`` is told of each larger perfect subtree that
        becomes whole by it.

        Raises:
            MalformedError: The size is no multiple of ``2^height``.
        """
        if self.size & ((1 << height) - 1):
            raise MalformedError("edge", f"a size divisible by 2^{height}", self.size)
        self.size += 1 << height
        while not (self.size >> height) & 1:
            root = node_hash(self.peaks.pop(), root)
            height += 1
            if completed is not None:
                completed(height, (self.size >> height) - 1, root)
        self.peaks.append(root)

    def extend(
        self,
        leaves: Sequence[bytes],
        *,
        completed: Callable[[int, int, Sequence[bytes]], None] | None = None,
    ) -> None:
        """Add leaves at the right, level by level: the same edge as one by one, sooner.

        ``completed(height, index, roots)`` is told of the larger perfect subtrees that
        become whole by them, of each height those from ``index`` on.
        """
        digest = SUITE.hash
        nodes, height, added = list(leaves), 0, list[bytes]()
        while nodes:
            index = self.size >> height
            if index & 1:
                nodes.insert(0, self.peaks.pop())
            if len(nodes) & 1:
                added.append(nodes.pop())
            pairs = zip(nodes[::2], nodes[1::2], strict=True)
            nodes = [digest(b"\x01" + left + right) for left, right in pairs]
            height += 1
            if completed is not None and nodes:
                completed(height, index >> 1, nodes)
        self.peaks += reversed(added)
        self.size += len(leaves)

    def peak_over(self, leaf_index: int) -> tuple[int, bytes]:
        """Return the height and the root of the perfect subtree that a leaf stands in.

        Raises:
            IndexError: There is no such leaf.
        """
        if not 0 <= leaf_index < self.size:
            raise IndexError(f"no leaf {leaf_index} in a tree of {self.size}")
        # They differ first where the one has gone on to a peak and the other stays below it.
        height = (leaf_index ^ self.size).bit_length() - 1
        return height, self.peaks[(self.size >> height).bit_count() - 1]

    def root(self) -> bytes:
        """Return the root: 32 bytes (RFC 9162, 2.1.1)."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over some leaves, computed level by level, fastest in Python.

    An odd node at the right end of a level is carried up as it is, which gives the tree
    of RFC 9162 for every size.
    """
    level = list(leaves)
    if not level:
        return EMPTY_ROOT
    digest = SUITE.hash
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [digest(b"\x01" + left + right) for left, right in pairs]
        if len(level) & 1:
            above.append(level[-1])
        level = above
    return level[0]


def edge_of(leaves: Sequence[bytes]) -> Edge:
    """Return the right edge of the tree over some leaves."""
    peaks = [root_of(leaves[start:stop]) for start, stop in _perfect(0, len(leaves))]
    return Edge(len(leaves), peaks)


def range_root(start: int, stop: int, subtree: Subtree) -> bytes:
    """Return MTH(D[start:stop]) where start is a split point of the tree (RFC 9162, 2.1.1)."""
    root = b""
    for left, right in reversed(list(_perfect(start, stop))):
        height = (right - left).bit_length() - 1
        peak = subtree(height, left >> height)
        root = node_hash(peak, root) if root else peak
    return root or EMPTY_ROOT


def prove_inclusion(subtree: Subtree, *, leaf_index: int, tree_size: int) -> list[bytes]:
    """Return the path from one leaf to the root, the leaf's sibling first (RFC 9162, 2.1.3.1).

    At most ⌈log2(tree_size)⌉ hashes of 32 bytes.

    Raises:
        IndexError: There is no such leaf in a tree of that size.
    """
    if not 0 <= leaf_index < tree_size:
        raise IndexError(f"no leaf {leaf_index} in a tree of {tree_size}")
    start, stop, path = 0, tree_size, []
    while stop - start > 1:
        split = start + split_of(stop - start)
        if leaf_index < split:
            path.append(range_root(split, stop, subtree))
            stop = split
        else:
            path.append(range_root(start, split, subtree))
            start = split
    return path[::-1]


def verify_inclusion(
    leaf: bytes, *, leaf_index: int, tree_size: int, path: Sequence[bytes], root: bytes
) -> None:
    """Return if the leaf stands at that place of the tree (RFC 9162, 2.1.3.2).

    Raises:
        ProofError: It does not, or the path is not one for that place and size.
    """
    if not 0 <= leaf_index < tree_size:
        raise ProofError("inclusion", f"a leaf below {tree_size}", leaf_index)
    first, last, climbed = leaf_index, tree_size - 1, leaf
    for sibling in path:
        if last == 0:
            raise ProofError("inclusion", "a shorter path", len(path))
        if first & 1 or first == last:
            climbed = node_hash(sibling, climbed)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            climbed = node_hash(climbed, sibling)
        first, last = first >> 1, last >> 1
    if last:
        raise ProofError("inclusion", "a longer path", len(path))
    if climbed != root:
        raise ProofError("inclusion", root.hex(), climbed.hex())


def split_of(size: int) -> int:
    """Return the largest power of two below ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def _perfect(start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield the perfect subtrees that make up a range, from left to right."""
    while start < stop:
        width = 1 << ((stop - start).bit_length() - 1)
        yield start, start + width
        start += width

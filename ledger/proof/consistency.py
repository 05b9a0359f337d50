"""Proofs that an older tree begins a newer one (RFC 9162), made and verified."""

from collections.abc import Sequence

from ledger.proof.errors import ProofError
from ledger.proof.merkle import EMPTY_ROOT, Subtree, node_hash, range_root, split_of


def prove_consistency(subtree: Subtree, *, old_size: int, new_size: int) -> list[bytes]:
    """Return the proof that the old tree begins the new one (RFC 9162, 2.1.4.1).

    Empty when the sizes are equal or the old size is 0, which proves nothing.

    Raises:
        IndexError: The old tree is larger than the new one.
    """
    if not 0 <= old_size <= new_size:
        raise IndexError(f"no tree of {old_size} begins a tree of {new_size}")
    if old_size in (0, new_size):
        return []
    start, stop, proof = 0, new_size, []
    while old_size < stop:
        split = start + split_of(stop - start)
        if old_size <= split:
            proof.append(range_root(split, stop, subtree))
            stop = split
        else:
            proof.append(range_root(start, split, subtree))
            start = split
    if start:
        proof.append(range_root(start, stop, subtree))
    return proof[::-1]


def verify_consistency(
    *,
    old_size: int,
    new_size: int,
    proof: Sequence[bytes],
    old_root: bytes,
    new_root: bytes,
) -> None:
    """Return if the old tree begins the new one (RFC 9162, 2.1.4.2).

    From size 0 an empty proof is accepted, and proves nothing.

    Raises:
        ProofError: It does not, or the proof is not one for those sizes.
    """
    if not 0 <= old_size <= new_size:
        raise ProofError("consistency", f"an old size up to {new_size}", old_size)
    if old_size in (0, new_size):
        _verify_trivial_consistency(old_size, new_size, proof, old_root, new_root)
        return
    path = [old_root, *proof] if old_size.bit_count() == 1 else list(proof)
    if not path:
        raise ProofError("consistency", "a longer proof", 0)
    old, new = _climb_consistency(path, old_size=old_size, new_size=new_size)
    if (old, new) != (old_root, new_root):
        raise ProofError(
            "consistency", [old_root.hex(), new_root.hex()], [old.hex(), new.hex()]
        )


def _climb_consistency(
    path: Sequence[bytes], *, old_size: int, new_size: int
) -> tuple[bytes, bytes]:
    """Return the old and the new root that the path adds up to."""
    first, last = old_size - 1, new_size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    old = new = path[0]
    for node in path[1:]:
        if last == 0:
            raise ProofError("consistency", "a shorter proof", len(path))
        if first & 1 or first == last:
            old, new = node_hash(node, old), node_hash(node, new)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            new = node_hash(new, node)
        first, last = first >> 1, last >> 1
    if last:
        raise ProofError("consistency", "a longer proof", len(path))
    return old, new


def _verify_trivial_consistency(
    old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    if proof:
        raise ProofError("consistency", "an empty proof", len(proof))
    if old_size == 0 and old_root != EMPTY_ROOT:
        raise ProofError("consistency", EMPTY_ROOT.hex(), old_root.hex())
    if old_size == new_size and old_root != new_root:
        raise ProofError("consistency", old_root.hex(), new_root.hex())

"""A second tree by another algorithm: the recursive definition of RFC 9162, section 2.1."""

import hashlib
from collections.abc import Sequence


def tree_hash(entries: Sequence[bytes]) -> bytes:
    """Return MTH(entries), straight from the definition."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    left, right = tree_hash(entries[:split]), tree_hash(entries[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()

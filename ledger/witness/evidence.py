"""Signed checkpoints that contradict each other, kept in pairs: a log's own hand against it.

Two that differ at one size prove a fork. One that came with a proof that does not hold may
be a fork or a mistake of whoever sent it, and anybody can send a published checkpoint with a
wrong proof; so the two kinds are bounded apart, and the second cannot crowd out the first.
"""

import hashlib
from pathlib import Path

from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.merkle import SIZE_MAX
from ledger.proof.note import SignedNote
from ledger.store.durable_file import replace_file

PAIRS_MAX = 64
"""Of forks and of unproven checkpoints each, for one log."""
_DIGITS = len(str(SIZE_MAX))


def keep_fork(folder: Path, *, refused: SignedNote, cosigned: SignedNote) -> None:
    """Keep two checkpoints of one size with different roots; durable when it returns.

    The first 64 forks of a log are kept.
    """
    _keep(folder, "fork", refused=refused, cosigned=cosigned)


def keep_unproven(folder: Path, *, refused: SignedNote, cosigned: SignedNote) -> None:
    """Keep a checkpoint whose proof did not hold; durable when it returns.

    Of more than 64, those of the smallest size make way.
    """
    pairs = sorted(folder.glob("unproven-*.refused"))
    for path in pairs[: max(0, len(pairs) - PAIRS_MAX + 1)]:
        path.with_suffix(".cosigned").unlink(missing_ok=True)
        path.unlink(missing_ok=True)
    _keep(folder, "unproven", refused=refused, cosigned=cosigned)


def _keep(folder: Path, kind: str, *, refused: SignedNote, cosigned: SignedNote) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    # By what it says, so that the same checkpoint under other lines is the same evidence.
    text = hashlib.sha256(refused.text.encode()).hexdigest()[:16]
    size = parse_checkpoint(refused.text, extensions_allowed=True).size
    path = folder / f"{kind}-{size:0{_DIGITS}}-{text}.refused"
    if path.exists() or len(list(folder.glob(f"{kind}-*.refused"))) >= PAIRS_MAX:
        return
    replace_file(path.with_suffix(".cosigned"), cosigned.encode())
    replace_file(path, refused.encode())

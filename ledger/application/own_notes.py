"""Whether a stored note is a checkpoint that the log's own keys signed, each in its term."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from ledger.proof.checkpoint import open_checkpoint, parse_checkpoint
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.note import VerifierKey, parse_note
from ledger.store.covering import IsSigned

REMEMBERED_MAX = 4_096
"""Notes of which it is remembered: the same ones are asked about again and again."""


def own_notes(keys_at: Callable[[int], Sequence[VerifierKey]], *, origin: str) -> IsSigned:
    """Return what tells notes that this log signed from those that somebody planted."""

    @lru_cache(maxsize=REMEMBERED_MAX)
    def is_signed(note: bytes) -> bool:
        try:
            checkpoint = parse_checkpoint(parse_note(note).text)
        except (MalformedError, ProofError):
            return False
        keys = keys_at(checkpoint.size)
        return checkpoint.origin == origin and any(_opens(note, key) for key in keys)

    return is_signed


def _opens(note: bytes, key: VerifierKey) -> bool:
    try:
        open_checkpoint(note, key)
    except (MalformedError, ProofError):
        return False
    return True

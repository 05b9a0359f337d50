"""Which keys may have signed which size of a log: each within the term that the log gave it.

A key that was retired vouches for nothing later: whoever stole it signs what he likes.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

import sqlalchemy as sa

from ledger.audit.key_history import KeyEvents, KeyHistory
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.note import VerifierKey
from ledger.store.event import HeadTamperedError, LedgerMissingError, system_actor
from ledger.store.key_rows import KeyRows, KeysUnreadError
from ledger.store.restoring import SealedHead
from ledger.store.signing_keys import KeyFiles

UNPROVEN = (
    LedgerMissingError,
    HeadTamperedError,
    KeysUnreadError,
    ProofError,
    MalformedError,
)
"""What rows raise that cannot prove which keys their log has."""


class LogKeys:
    """Returns the public keys of one log that count at a size."""

    def __init__(
        self,
        known: Callable[[], Sequence[VerifierKey]],
        files: KeyFiles,
        history: Callable[[], KeyHistory],
    ) -> None:
        """Ask ``history()`` again as soon as another key lies in ``files``."""
        self._known = known
        self._files = files
        self._history = history
        self._read: tuple[tuple[object, ...], KeyHistory] | None = None

    def __call__(self, size: int) -> list[VerifierKey]:
        """Return the known keys that may have signed a checkpoint of this size.

        Raises:
            As ``history``.
        """
        identity = self._files.identity()
        if self._read is None or self._read[0] != identity:
            self._read = identity, self._history()
        history = self._read[1]
        return [key for key in self._known() if history.may_sign(key, size)]


def proven_history(engine: sa.Engine, *, origin: str, seal_key: bytes) -> KeyHistory:
    """Return the keys that a log names in its rows, each row proved by its sealed head.

    Raises:
        LedgerMissingError: There is no such ledger.
        HeadTamperedError: The head row is not the one that the service stored.
        As `KeyRows.history`.
    """
    head = SealedHead(engine, origin, seal_key).check()
    stream = system_actor(origin).removeprefix("system:")
    return KeyRows(engine, origin=origin, stream=stream).history(under=head)


def fullest_history(
    engines: Iterable[sa.Engine], *, origin: str, seal_key: bytes
) -> KeyHistory:
    """Return the keys of a log as that of its copies tells it that names most of them.

    A copy that cannot prove what it says has no say: it may lack what it was robbed of.
    Where none can, no term is known, and every key counts at every size.
    """
    fullest = KeyHistory(KeyEvents(), origin=origin)
    for engine in engines:
        with suppress(*UNPROVEN):
            history = proven_history(engine, origin=origin, seal_key=seal_key)
            fullest = max(fullest, history, key=lambda each: len(each.terms()))
    return fullest

"""Whether this process may still write: after a lost write it may not, and it ends."""

import logging
import threading
from collections.abc import Callable

from ledger.application.texts import say
from ledger.store.event import StorageLostError
from ledger.store.storage_faults import is_storage_lost

_OPERATOR = logging.getLogger("uvicorn.error")


class Health:
    """One process's health; it only ever turns from good to bad."""

    def __init__(self, stop: Callable[[], None]) -> None:
        """Call ``stop`` once, to end all processes of the instance, when a write is lost."""
        self._stop = stop
        self._lost = threading.Event()

    def observe(self, error: BaseException) -> None:
        """Take note of an error; a lost write ends the instance."""
        if not is_storage_lost(error) or self._lost.is_set():
            return
        self._lost.set()
        _OPERATOR.critical(say("storage_lost", "en", what=type(error).__name__))
        self._stop()

    def check(self) -> None:
        """Return while this process may write.

        Raises:
            StorageLostError: A write was lost.
        """
        if self._lost.is_set():
            raise StorageLostError

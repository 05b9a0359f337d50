"""Entries that are read while the rows of those before them are on their way to the disk.

A database that is written to over a socket leaves the processor of this process idle. What is
read ahead are entries below the sealed head, which do not change any more.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from ledger.store.view_source import Batch


class ReadingAhead:
    """Reads stretches of the log in their order, one at a time, before they are asked for."""

    def __init__(self, read: Callable[[int, int], Batch]) -> None:
        """``read`` returns the entries from one position up to another."""
        self._read = read
        self._pool: ThreadPoolExecutor | None = None
        self._ahead: deque[tuple[int, int, Future[Batch]]] = deque()

    def begin(self, start: int, stop: int, step: int) -> None:
        """Begin to read what will be asked for next, ``step`` entries at a time.

        Where no thread can be started, nothing is read before it is asked for.
        """
        self.forget()
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, thread_name_prefix="view-reader")
        try:
            for first in range(start, stop, step):
                last = min(stop, first + step)
                self._ahead.append((first, last, self._pool.submit(self._read, first, last)))
        except (RuntimeError, OSError, MemoryError):
            # What was handed in stays in the pool's queue, for which there is no thread.
            pool, self._pool = self._pool, None
            self.forget()
            pool.shutdown(wait=False, cancel_futures=True)

    def read(self, start: int, stop: int) -> Batch:
        """Return the entries from ``start`` up to ``stop``.

        Raises:
            As ``read``.
        """
        if self._ahead and self._ahead[0][:2] == (start, stop):
            return self._ahead.popleft()[2].result()
        self.forget()
        return self._read(start, stop)

    def forget(self) -> None:
        """Let go of what was read for nothing."""
        while self._ahead:
            self._ahead.pop()[2].cancel()

    def close(self) -> None:
        """End its thread, once it has read what it is reading."""
        self.forget()
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown()

"""The projector: keeps the views up with the log, and tells who waits how far they are.

One thread of a process sees to it when the log has grown: a process of its own folds, and
while there is none, or it fails, the thread. What another process has folded is found where
the views stand, so it is no matter who does it.
"""

import threading
from collections.abc import Callable
from contextlib import suppress

from ledger.store.folding_apart import ApartError, FoldingApart
from ledger.store.view_folding import Folding

POLL_S = 0.1
"""How long until it looks by itself whether another process has appended."""
APART_AFTER = 200
"""So many entries this process folds itself: for a few, another is not worth its start."""
RETRY_S = 1.0
"""How long it lets a database be that has refused."""


class Projector:
    """Follows one log, from any thread."""

    def __init__(
        self,
        folding: Folding,
        wait_for_growth: Callable[..., bool],
        apart: FoldingApart | None = None,
    ) -> None:
        """``wait_for_growth`` is that of the process's `Appender`."""
        self._folding = folding
        self._wait_for_growth = wait_for_growth
        self._apart = apart
        self._turn = threading.Lock()
        self._moved = threading.Condition()
        self._position = -1
        self._began_at = -1
        self._trouble: Exception | None = None
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()

    @property
    def trouble(self) -> Exception | None:
        """Why it could not fold when it last tried, if so."""
        return self._trouble

    @property
    def is_in_trouble(self) -> bool:
        """Whether it could not fold when it last tried."""
        return self._trouble is not None

    def catch_up(self, progress: Callable[[int, int], None] | None = None) -> int:
        """Fold until everything is folded that there is; return how many entries that are.

        Raises:
            As `Folding.step`.
        """
        return self._fold(progress, lambda: False)

    def start(self) -> None:
        """Follow the log in a thread of its own."""
        if self._thread is None:
            self._closing.clear()
            self._thread = threading.Thread(target=self._run, name="projector", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Follow no more; what is being folded is finished."""
        thread, self._thread = self._thread, None
        self._closing.set()
        if thread is not None:
            thread.join()
        if self._apart is not None:
            self._apart.close()
        with self._turn:
            self._folding.close()

    def wait_until(self, seq: int, timeout_s: float) -> bool:
        """Return whether the views hold an entry, waiting for it as long as is allowed.

        Raises:
            As `catch_up`, where no thread follows the log.
        """
        if self._thread is None:
            return self.catch_up() > seq
        with self._moved:
            return self._moved.wait_for(lambda: self._position > seq, timeout=timeout_s)

    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> int:
        """Empty the views and fill them anew; return of how many entries they are.

        Raises:
            As `Folding.step`.
        """
        with self._turn:
            self._folding.empty()
        return self.catch_up(progress)

    def _run(self) -> None:
        has_grown = False
        while not self._closing.is_set():
            try:
                position = self._follow(has_grown=has_grown)
            except Exception as error:  # noqa: BLE001 - told, and tried again
                self._trouble = error
                self._closing.wait(RETRY_S)
            else:
                self._trouble = None
                has_grown = self._wait_for_growth(beyond=position, timeout_s=POLL_S)

    def _follow(self, *, has_grown: bool) -> int:
        """Fold until all is folded; a process is begun for it when there is more and more."""
        if self._began_at < 0:
            self._began_at = self._fold(None, self._closing.is_set)
            return self._began_at
        if self._apart is None or self._position < self._began_at + APART_AFTER:
            return self._fold(None, self._closing.is_set)
        if not has_grown:
            now = self._folding.standing()
            self._tell(now.position.position)
            if now.is_done:
                return now.position.position
        if self._apart.is_ready():
            with suppress(ApartError):
                return self._apart.catch_up(self._hear)
        return self._fold(None, self._closing.is_set)

    def _fold(
        self, progress: Callable[[int, int], None] | None, is_over: Callable[[], bool]
    ) -> int:
        with self._turn:
            while not is_over():
                step = self._folding.step()
                self._tell(step.position.position)
                if progress is not None:
                    progress(step.position.position, step.size)
                if step.is_done:
                    break
            return self._position

    def _hear(self, position: int) -> None:
        self._tell(position)
        if self._closing.is_set():
            raise ApartError  # nobody waits for the rest

    def _tell(self, position: int) -> None:
        with self._moved:
            self._position = position
            self._moved.notify_all()

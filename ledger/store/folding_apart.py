"""Folding in a process of its own: who decides and who folds need not take turns in one.

an empty line ─►  the process that folds
              ◄─  "17 0": 17 entries are folded, others are not … "30 1": all 30 are
                  or "!": it could not

What goes wrong there is told here by no more than that: who asked folds for itself, and meets
the same trouble. When its input ends, the process does.
"""

import select
import subprocess
import time
from collections.abc import Callable, Sequence
from typing import IO

PATIENCE_S = 30.0
"""So long a batch, or a start, may take at most; who is silent for longer is killed."""
END_S = 5.0
"""So long it may take to finish what it is at, when it is no longer needed."""
AGAIN_S, AGAIN_MAX_S = 10.0, 600.0
"""So long it is before another one is begun in place of one that failed; each time longer."""
READY = b"ready\n"
FAILED = b"!\n"
_READ_MAX = 4_096


class ApartError(Exception):
    """The process that folds has not folded: it failed, ended, or kept silent."""


class FoldingApart:
    """A process that folds when it is told to; for one thread at a time."""

    def __init__(self, command: Sequence[str], opening: Callable[[], bytes]) -> None:
        """``command`` starts the process; ``opening`` is the line that tells it which log."""
        self._command = command
        self._opening = opening
        self._process: subprocess.Popen[bytes] | None = None
        self._received = b""
        self._is_ready = False
        self._began = 0.0
        self._not_before = 0.0
        self._again_s = AGAIN_S

    def is_ready(self) -> bool:
        """Return whether it can be told to fold; where there is no process, begin one."""
        try:
            if self._process is None:
                self._begin()
            elif not self._is_ready and self._has_said(0):
                self._is_ready = self._line() == READY
                if not self._is_ready:
                    raise ApartError
            elif not self._is_ready and time.monotonic() > self._began + PATIENCE_S:
                raise ApartError
        except ApartError:
            self._end(0)
        return self._is_ready

    def catch_up(self, tell: Callable[[int], None]) -> int:
        """Have all folded that there is; ``tell`` hears after each batch how many entries are.

        Raises:
            ApartError: It did not; what it told of before is folded.
        """
        try:
            self._write(b"\n")
            while True:
                position, is_done = self._answer()
                tell(position)
                if is_done:
                    self._again_s = AGAIN_S
                    return position
        except ApartError:
            # Whatever it was at is undone by the database, if it was not committed.
            self._end(0)
            raise

    def close(self) -> None:
        """End the process; what it is folding is finished first, if that takes not too long."""
        self._not_before = float("inf")
        self._end(END_S)

    def _begin(self) -> None:
        self._began = time.monotonic()
        if self._began < self._not_before:
            return
        self._not_before = self._began + self._again_s
        self._again_s = min(2 * self._again_s, AGAIN_MAX_S)
        try:
            opening = self._opening()
            self._process = subprocess.Popen(  # noqa: S603 - this program itself
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
            )
        except Exception as error:
            raise ApartError from error
        self._write(opening + b"\n")

    def _answer(self) -> tuple[int, bool]:
        line = self._line()
        position, _, is_done = line.removesuffix(b"\n").partition(b" ")
        if not position.isdigit() or is_done not in (b"0", b"1"):
            raise ApartError
        return int(position), is_done == b"1"

    def _line(self) -> bytes:
        while b"\n" not in self._received:
            said = self._said().read(_READ_MAX) if self._has_said(PATIENCE_S) else b""
            if not said:
                raise ApartError
            self._received += said
        line, end, self._received = self._received.partition(b"\n")
        return line + end

    def _has_said(self, timeout_s: float) -> bool:
        waiting = select.poll()
        waiting.register(self._said(), select.POLLIN)
        return bool(waiting.poll(timeout_s * 1_000))

    def _said(self) -> IO[bytes]:
        process = self._process
        if process is None or process.stdout is None:
            raise ApartError
        return process.stdout

    def _write(self, line: bytes) -> None:
        process = self._process
        if process is None or process.stdin is None:
            raise ApartError
        try:
            process.stdin.write(line)
        except OSError as error:
            raise ApartError from error

    def _end(self, wait_s: float) -> None:
        process, self._process = self._process, None
        self._received, self._is_ready = b"", False
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            process.wait(wait_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

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

PATIENCE_S = 60.0
"""So long a batch may take at most; a process that is silent for longer is ended."""
AGAIN_S = 10.0
"""So long it is before another process is started in place of one that failed."""
READY = b"ready\n"
FAILED = b"!\n"
_READ_MAX = 4_096


class ApartError(Exception):
    """The process that folds has not folded: it failed, ended, or kept silent."""


class FoldingApart:
    """A process that folds when it is told to; for one thread at a time."""

    def __init__(self, command: Sequence[str], opening: bytes) -> None:
        """``command`` starts the process; ``opening`` is the line that tells it which log."""
        self._command = command
        self._opening = opening
        self._process: subprocess.Popen[bytes] | None = None
        self._received = b""
        self._is_ready = False
        self._not_before = 0.0

    def is_ready(self) -> bool:
        """Return whether it can be told to fold; where there is no process, begin one."""
        if self._process is None:
            self._begin()
        elif not self._is_ready and self._has_said(0):
            try:
                self._is_ready = self._line() == READY
            except ApartError:
                self._end()
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
                    return position
        except ApartError:
            self._end()
            raise

    def close(self) -> None:
        """End the process; what it is folding is finished first."""
        self._not_before = float("inf")
        self._end()

    def _begin(self) -> None:
        if time.monotonic() < self._not_before:
            return
        self._not_before = time.monotonic() + AGAIN_S
        try:
            self._process = subprocess.Popen(  # noqa: S603 - this program itself
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
            )
            self._write(self._opening + b"\n")
        except (OSError, ApartError):
            self._end()

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

    def _end(self) -> None:
        process, self._process = self._process, None
        self._received, self._is_ready = b"", False
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

"""The security log: what nobody known attempted, one JSON object a line, in files of its own.

    security.log            the newest lines
    security.log.1 … .20    those before, 10 MB each; what is older is gone
    security.lock           held by whoever moves files

Several processes append to one file, each line by one write, one after another. A line names
codes, ids and addresses; whatever text came from outside is cut short and escaped as JSON
escapes it, so that no line begins within another. Names, passwords and tokens never come here.

Whoever floods it is counted: beyond so many lines a second a process writes only how many it
left out. What is written is on the disk when the call returns. Where it cannot be written,
`check` says so, and nothing is done that might have to be told of.
"""

import fcntl
import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ledger.store.event import FieldsError

FILE_BYTES_MAX = 10_000_000
FILES_KEPT = 20
LINES_PER_SECOND = 50
TEXT_MAX = 200
"""Characters of one value."""
VALUES_MAX = 20
_FREE_BYTES_MIN = 65_536
_MODE = 0o600

Said = str | int | bool | tuple[str, ...] | None


@dataclass(eq=False)
class SecurityLogError(FieldsError):
    """The security log cannot be written, so nothing is done that might have to stand in it.

    Give its disk space, or correct LEDGER_SECURITY_LOG_DIR; it is tried again at each request.
    The system's own error is told, and not chained: a log that cannot be written is no lost
    write of the ledger.
    """

    folder: str
    why: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much the files hold, and how fast a process may fill them."""

    file_bytes_max: int = FILE_BYTES_MAX
    files_kept: int = FILES_KEPT
    lines_per_second: int = LINES_PER_SECOND


class SecurityLog:
    """One process's hold on the security log, from any thread."""

    def __init__(
        self,
        folder: Path,
        *,
        now: Callable[[], datetime],
        bounds: Bounds | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is touched yet; ``monotonic`` only measures how fast lines come."""
        self._folder = folder
        self._path = folder / "security.log"
        self._now = now
        self._bounds = bounds or Bounds()
        self._bucket = _Bucket(self._bounds.lines_per_second, monotonic)
        self._writing = threading.Lock()
        self._file: int | None = None
        self._is_proved = False
        """Whether the last write of this process was one."""
        self._left_out = 0

    def check(self) -> None:
        """Return while a line can be written; after a failure, and at first, it writes one.

        Raises:
            SecurityLogError: It cannot be written.
        """
        with self._writing, self._telling():
            self._look()
            if not self._is_proved:
                self._write({"event": "log.begun", "process": os.getpid()})
            elif self._left_out and self._bucket.take():
                self._tell_left_out()

    def write(self, event: str, said: Mapping[str, Said], *, always: bool = False) -> bool:
        """Write a line, durably; return False where it was only counted.

        With ``always`` it is written however many there are.

        Raises:
            SecurityLogError: It cannot be written.
        """
        with self._writing, self._telling():
            if not (always or self._bucket.take()):
                self._left_out += 1
                return False
            self._tell_left_out()
            self._write({"event": event, **said})
            return True

    def close(self) -> None:
        """Say what was left out last, and let go of the file.

        Raises:
            SecurityLogError: It cannot be written.
        """
        with self._writing, self._telling():
            try:
                self._tell_left_out()
            finally:
                self._close()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._is_proved = False
            self._close()
            why = f"{type(error).__name__} {error.errno or ''}".strip()
            raise SecurityLogError(str(self._folder), why) from None

    def _tell_left_out(self) -> None:
        if self._left_out:
            self._write({"event": "lines.left_out", "count": self._left_out})
            self._left_out = 0

    def _look(self) -> None:
        """Return if the next lines will most likely find room: it costs three calls."""
        self._opened()
        left = os.statvfs(self._folder)
        if left.f_bavail * left.f_frsize < _FREE_BYTES_MIN or left.f_flag & os.ST_RDONLY:
            raise OSError(f"no room in {self._folder}")

    def _write(self, values: Mapping[str, Said]) -> None:
        line = _line({"time": self._now().isoformat(timespec="microseconds"), **values})
        file = self._opened()
        size = os.fstat(file).st_size
        if size and size + len(line) > self._bounds.file_bytes_max:
            self._rotate()
            file = self._opened()
        # Of a line that another process is just writing, a part may be seen as if cut off.
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            size = os.fstat(file).st_size
            if size and os.pread(file, 1, size - 1) != b"\n":
                line = b"\n" + line  # somebody's line was cut off; this one stands by itself
            if os.write(file, line) != len(line):
                raise OSError(f"a line was cut off in {self._path}")
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)
        os.fdatasync(file)
        self._is_proved = True

    def _opened(self) -> int:
        """Return the newest file, opened anew where another process has moved it away."""
        if self._file is not None and self._is_newest(self._file):
            return self._file
        self._close()
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
        self._file = os.open(self._path, flags, _MODE)
        return self._file

    def _is_newest(self, file: int) -> bool:
        try:
            there = self._path.lstat()
        except FileNotFoundError:
            return False
        mine = os.fstat(file)
        return (there.st_dev, there.st_ino) == (mine.st_dev, mine.st_ino)

    def _rotate(self) -> None:
        """Move the files on by one, unless another process has just done it."""
        lock = os.open(self._folder / "security.lock", os.O_RDWR | os.O_CREAT, _MODE)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._file is None or not self._is_newest(self._file):
                return
            for number in range(self._bounds.files_kept - 1, 0, -1):
                older = self._moved(number)
                if older.exists():
                    older.replace(self._moved(number + 1))
            self._path.replace(self._moved(1))
        finally:
            os.close(lock)

    def _moved(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


class _Bucket:
    """So many a second, and as many at once after a quiet one."""

    def __init__(self, per_second: int, monotonic: Callable[[], float]) -> None:
        self._per_second = per_second
        self._monotonic = monotonic
        self._full = float(per_second)
        self._seen = monotonic()

    def take(self) -> bool:
        """Return whether one more may pass."""
        seen = self._monotonic()
        gained = (seen - self._seen) * self._per_second
        self._full = min(float(self._per_second), self._full + gained)
        self._seen = seen
        if self._full < 1:
            return False
        self._full -= 1
        return True


def _line(values: Mapping[str, Said]) -> bytes:
    """Return one line in ASCII: whatever else a text holds is escaped."""
    short = {name: _short(value) for name, value in values.items()}
    return json.dumps(short, separators=(",", ":")).encode() + b"\n"


def _short(value: Said) -> Said | list[str]:
    if isinstance(value, tuple):
        return [each[:TEXT_MAX] for each in value[:VALUES_MAX]]
    return value[:TEXT_MAX] if isinstance(value, str) else value

"""What a failed write means: a full disk passes, a disk that lost what it was given does not.

After a failed fsync the kernel may drop the very pages that were to be written and report
success the next time, so a later success says nothing about them. Whoever sees that stops
writing for good; only a new process, reading what the disk has, may go on.
"""

import errno
from collections.abc import Iterator
from pathlib import Path

_SQLITE_IOERR = 10
_SQLITE_FULL = 13
_SQLITE_READS = {266, 522}
"""SQLITE_IOERR_READ and SQLITE_IOERR_SHORT_READ: nothing was being written."""
_FULL = {errno.ENOSPC, errno.EDQUOT}
_POSTGRESQL_DISK_FULL = "53100"
_POSTGRESQL_IO_ERROR = "58030"


class DiskNearlyFull(Exception):
    """There is little room where the log is kept; the next append may be refused."""

    def __init__(self, folder: Path, *, want: int, got: int) -> None:
        super().__init__(f"{folder}: {got} of {want} bytes free")
        self.want = want
        self.got = got


def is_disk_full(error: BaseException) -> bool:
    """Return whether an error, or what caused it, says that there is no space left."""
    return any(_is_full(each) for each in _chain(error))


def is_storage_lost(error: BaseException) -> bool:
    """Return whether an error, or what caused it, says that a write did not reach the disk."""
    return not is_disk_full(error) and any(_is_lost(each) for each in _chain(error))


def _is_full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    if _sqlite_code(error) & 0xFF == _SQLITE_FULL:
        return True
    return getattr(error, "pgcode", None) == _POSTGRESQL_DISK_FULL


def _is_lost(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in {errno.EIO, errno.EROFS}:
        return True
    code = _sqlite_code(error)
    if code & 0xFF == _SQLITE_IOERR and code not in _SQLITE_READS:
        return True
    return getattr(error, "pgcode", None) == _POSTGRESQL_IO_ERROR


def _sqlite_code(error: BaseException) -> int:
    code = getattr(error, "sqlite_errorcode", None)
    return code if isinstance(code, int) else 0


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, what the driver said beneath it, and what caused it."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        orig = getattr(each, "orig", None)
        waiting += [orig if isinstance(orig, BaseException) else None, each.__cause__]

"""A file that is written piece by piece: whole when it appears, nothing of it if it never does.

Where the system can, it has no name until it is whole, so that not even a process that is
killed leaves a part of it; elsewhere it is written beside its place and renamed.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from ledger.store.durable_file import PRIVATE, sync_folder

_OWN = "/proc/self/fd/"
"""Where a process finds what it has open."""


def create_whole_file(path: Path, pieces: Iterable[bytes]) -> int:
    """Create a file that only its owner may read; durable when it returns. Return its bytes.

    Raises:
        FileExistsError: There is such a file; it is untouched.
        OSError: The disk refused; there is no file. So it is with whatever ``pieces`` raises.
    """
    if path.exists():
        raise FileExistsError(17, os.strerror(17), str(path))
    unnamed = _unnamed(path.parent)
    size = _beside(path, pieces) if unnamed is None else _linked(path, unnamed, pieces)
    sync_folder(path.parent)
    return size


def _unnamed(folder: Path) -> int | None:
    """Return a file that has no name, None where there is no such thing."""
    flag = getattr(os, "O_TMPFILE", None)
    if flag is None or not Path(_OWN).is_dir():
        return None
    try:
        return os.open(folder, os.O_WRONLY | flag, PRIVATE)
    except FileNotFoundError:
        raise
    except OSError:
        return None  # what the folder refuses for good, the other way is told as well


def _linked(path: Path, descriptor: int, pieces: Iterable[bytes]) -> int:
    with os.fdopen(descriptor, "wb") as file:
        size = _written(file.fileno(), pieces)
        # Only with a folder named is it told to follow the link, whatever Python's default.
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.link(_OWN + str(file.fileno()), path, src_dir_fd=folder, follow_symlinks=True)
        finally:
            os.close(folder)
    return size


def _beside(path: Path, pieces: Iterable[bytes]) -> int:
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            size = _written(file.fileno(), pieces)
        os.link(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    return size


def _written(descriptor: int, pieces: Iterable[bytes]) -> int:
    size = 0
    for piece in pieces:
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        size += len(piece)
    os.fsync(descriptor)
    return size

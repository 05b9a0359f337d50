"""Files that are whole or absent: temporary file, fsync, rename, fsync of the folder."""

import os
from pathlib import Path

PRIVATE = 0o600
PUBLIC = 0o644


def replace_file(path: Path, content: bytes, *, mode: int = PRIVATE) -> None:
    """Put a file's new content in its place at once; durable when it returns.

    A process that dies at any point leaves the old content or the new, never a part.

    Raises:
        OSError: The disk refused; the old content stands.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        _write(temporary, content, os.O_CREAT | os.O_TRUNC, mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def create_file(path: Path, content: bytes, *, mode: int = PRIVATE) -> None:
    """Create a file, by default one that only its owner may read; durable when it returns.

    Raises:
        FileExistsError: There is such a file; it is untouched.
    """
    _write(path, content, os.O_CREAT | os.O_EXCL, mode)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(path: Path, content: bytes, flags: int, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | flags, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())

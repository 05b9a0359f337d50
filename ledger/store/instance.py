"""One instance per data folder: a second one refuses to start, also beside orphaned workers."""

import fcntl
import os
from pathlib import Path
from types import TracebackType


class InstanceRunningError(Exception):
    """Another instance holds this data folder; stop it first, or use another folder."""


class InstanceLock:
    """Held by whoever starts an instance; the kernel frees it when that process dies."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._descriptor: int | None = None

    def __enter__(self) -> "InstanceLock":
        descriptor = _take(self._data_dir / "instance.lock", fcntl.LOCK_EX)
        try:
            # Workers outlive a starter that was killed: they hold a lock of their own.
            os.close(_take(self._data_dir / "workers.lock", fcntl.LOCK_EX))
        except InstanceRunningError:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def join_instance(data_dir: Path) -> int:
    """Mark this process as a worker for as long as it lives, or closes the descriptor.

    Raises:
        InstanceRunningError: Another instance is just starting.
    """
    return _take(data_dir / "workers.lock", fcntl.LOCK_SH)


def _take(path: Path, kind: int) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise InstanceRunningError(str(path)) from error
    return descriptor

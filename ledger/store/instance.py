"""One instance per data folder: a second one refuses to start, also beside orphaned workers."""

import fcntl
import os
from pathlib import Path
from types import TracebackType


class InstanceRunningError(Exception):
    """Another instance holds this data folder or this ledger; stop it first."""


class InstanceLock:
    """Held by whoever starts an instance; the kernel frees it when that process dies."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._descriptor: int | None = None

    def __enter__(self) -> "InstanceLock":
        descriptor = lock_file(self._data_dir / "instance.lock", shared=False)
        try:
            # Workers outlive a starter that was killed: they hold a lock of their own.
            os.close(lock_file(self._data_dir / "workers.lock", shared=False))
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
    return lock_file(data_dir / "workers.lock", shared=True)


def lock_file(path: Path, *, shared: bool) -> int:
    """Return the descriptor that holds a lock on a file until it is closed.

    Raises:
        InstanceRunningError: Another process holds it in a way that excludes this one.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise InstanceRunningError(str(path)) from error
    return descriptor

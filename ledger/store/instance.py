"""One instance per data folder: a second one refuses to start."""

import fcntl
import os
from pathlib import Path
from types import TracebackType


class InstanceRunningError(Exception):
    """Another instance holds this data folder; stop it first, or use another folder."""


class InstanceLock:
    """Held while an instance and its workers run; the kernel frees it when they die."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "instance.lock"
        self._descriptor: int | None = None

    def __enter__(self) -> "InstanceLock":
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise InstanceRunningError(str(self._path)) from error
        # Workers inherit the descriptor, so the lock lasts as long as any of them.
        os.set_inheritable(descriptor, True)  # noqa: FBT003 - not our signature
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

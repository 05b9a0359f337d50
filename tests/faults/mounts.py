"""A small disk of a test's own: tmpfs in a mount namespace that nobody else sees."""

import ctypes
import os
import subprocess
from pathlib import Path
from types import TracebackType

BEGIN = """
mount -t tmpfs -o size="$1" tmpfs "$2" && cp -a "$3/." "$2" && echo ready && exec cat
"""


class SmallDisk:
    """A folder on a file system of a given size; it is gone when its holder ends."""

    def __init__(self, folder: Path, *, size: str, content: Path) -> None:
        """Mount it over ``folder`` and copy ``content`` there.

        Raises:
            PermissionError: Only root may mount.
        """
        self._folder = folder
        self._holder = subprocess.Popen(
            ["unshare", "-m", "sh", "-c", BEGIN, "sh", size, str(folder), str(content)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self._holder.stdout is not None
        if self._holder.stdout.readline() != b"ready\n":
            raise PermissionError(self._holder.communicate()[1].decode())

    def __enter__(self) -> "SmallDisk":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._holder.communicate(timeout=60)

    @property
    def namespace(self) -> Path:
        """What a process has to enter in order to see the disk."""
        return Path(f"/proc/{self._holder.pid}/ns/mnt")

    def resize(self, size: str) -> None:
        """Give space to the disk."""
        self._run("mount", "-o", f"remount,size={size}", str(self._folder))

    def _run(self, *command: str) -> None:
        subprocess.run(["nsenter", f"--mount={self.namespace}", *command], check=True)


def enter(namespace: Path) -> None:
    """Let this process see the disks of a namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = os.open(namespace, os.O_RDONLY)
    if libc.setns(descriptor, 0):
        raise OSError(ctypes.get_errno(), "setns", str(namespace))
    os.close(descriptor)

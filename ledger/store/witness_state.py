"""How each witness fares, told by the one process that asks them to all that report it."""

import fcntl
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_BYTES_MAX = 1 << 20


class WitnessBoard:
    """A small file in the data folder; it is news, not evidence, and may be lost."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "witnessing.json"
        self._lock = data_dir / "witnessing.lock"
        self._descriptor: int | None = None

    def take_turn(self) -> bool:
        """Return whether this process is the one that asks; the kernel frees it at its end."""
        if self._descriptor is not None:
            return True
        descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def leave(self) -> None:
        """Let another process ask."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def write(self, troubles: Mapping[str, str]) -> None:
        """Tell why witnesses are away: code by key label; those that are well are left out."""
        temporary = self._path.with_suffix(".new")
        with suppress(OSError):  # a full disk must not end the asking
            temporary.write_text(json.dumps(dict(troubles)), "utf-8")
            temporary.replace(self._path)

    def read(self) -> dict[str, str]:
        """Return what was told last; nothing where nothing readable was."""
        try:
            with self._path.open("rb") as file:
                told = json.loads(file.read(_BYTES_MAX))
        except (OSError, ValueError):
            return {}
        if not isinstance(told, dict):
            return {}
        return {str(label): str(code) for label, code in told.items()}

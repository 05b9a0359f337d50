"""`ledger serve` over a town, as the client of another process meets it."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.town import Town

DEADLINE_S = 60
TICKS = os.sysconf("SC_CLK_TCK")


class Service:
    """`ledger serve` with one worker, on a free port, over a town."""

    def __init__(self, town: Town) -> None:
        self._town = town
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.port: int = server.getsockname()[1]

    def __enter__(self) -> Self:
        self._log = self._town.settings.data_dir.parent / "serve.log"
        module = [sys.executable, "-m", "benchmarks.serving"]
        asked = [*module, "serve", "--port", f"{self.port}"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - of ours
                asked,
                env={**os.environ, **self._town.environment()},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + DEADLINE_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._process.kill()
                raise RuntimeError(self._log.read_text("utf-8"))
            time.sleep(0.05)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.communicate(timeout=DEADLINE_S)

    def cpu_s(self) -> float:
        """Return the processor's time that the service's processes have taken so far."""
        return sum(map(_cpu_s, _family(str(self._process.pid))))

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


def _family(pid: str) -> list[str]:
    """Return a process and all that it and its threads have begun, and those theirs."""
    begun = [
        child
        for thread in Path(f"/proc/{pid}/task").iterdir()
        for child in (thread / "children").read_text("ascii").split()
    ]
    return [pid, *(each for child in begun for each in _family(child))]


def _cpu_s(pid: str) -> float:
    stat = Path(f"/proc/{pid}/stat").read_text("ascii")
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / TICKS

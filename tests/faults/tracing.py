"""Faults of the machine, told to a running process by strace: a signal, an error, a lie."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Fault:
    """What befalls which system calls: ``what`` in the words of strace's ``inject``.

    ``when`` counts the calls of each thread, from 1; ``N+`` means each from there on.
    ``paths`` narrows it to calls that concern one of these files, in whose names ``{pid}``
    is the process.
    """

    calls: str
    what: str
    when: int | str = 1
    paths: Sequence[Path] = ()

    def options(self, pid: int) -> list[str]:
        """Return strace's options."""
        paths = [str(path).replace("{pid}", str(pid)) for path in self.paths]
        named = [each for path in paths for each in ("-P", path)]
        inject = f"inject={self.calls}:{self.what}:when={self.when}"
        return ["-e", f"trace={self.calls}", *named, "-e", inject]


def killed_at(calls: str, when: int, *paths: Path) -> Fault:
    """Return the fault that is kill -9 at the ``when``-th of these calls."""
    return Fault(calls, "signal=SIGKILL", when, paths)


class Tracer:
    """strace on a process that is already running, until that process ends."""

    def __init__(self, pid: int, fault: Fault, output: Path) -> None:
        self.output = output
        self._process = subprocess.Popen(
            ["strace", "-f", "-o", str(output), *fault.options(pid), "-p", str(pid)],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stderr is not None
        first = self._process.stderr.readline()
        if "attached" not in first:
            self._process.communicate()
            raise RuntimeError(first)

    def wait(self) -> int:
        """Wait until the traced process is gone; return how many calls were tampered with."""
        self.close()
        lines = self.output.read_text(errors="replace").splitlines()
        return sum("(INJECTED)" in line or "killed by" in line for line in lines)

    def close(self) -> None:
        """Wait until strace has ended, as it does with the traced process."""
        if self._process.returncode is None:
            self._process.communicate(timeout=60)

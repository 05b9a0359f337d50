"""`ledger witness serve` as a process of its own, for logs that a test names."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from ledger.proof.note import VerifierKey
from ledger.proof.policy import Policy, PolicyLog
from ledger.witness.memory import WitnessFolder
from tests import forked
from tests.api.service import DEADLINE_S, free_port
from tests.shell import Shell

NAME = "witness.example.org"


@dataclass
class Served:
    """A running witness: where it answers, its process, its files."""

    url: str
    process: forked.Forked
    folder: Path

    @property
    def key(self) -> VerifierKey:
        return WitnessFolder(self.folder).read_keys()[0].verifier_key

    def post(self, body: bytes) -> httpx.Response:
        return httpx.post(f"{self.url}/add-checkpoint", content=body, timeout=DEADLINE_S)

    def memory_kib(self) -> int:
        """Return the most memory that the process ever had."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        line = next(each for each in status.splitlines() if each.startswith("VmHWM"))
        return int(line.split()[1])


def enrol(shell: Shell, keys: Sequence[VerifierKey]) -> None:
    """Name the logs that the witness of this folder shall cosign for."""
    policy = Policy(tuple(PolicyLog(key) for key in keys), (), (), "none")
    path = shell.folder / "logs.policy"
    path.write_text(policy.text(), "utf-8")
    shell.env["LEDGER_WITNESS_LOGS_FILE"] = str(path)


@contextmanager
def witnessing(shell: Shell, port: int | None = None) -> Iterator[Served]:
    """Run the witness of a folder that ``ledger witness init`` has made."""
    port = port or free_port()
    with (shell.folder / "witness.log").open("ab") as log:
        process = forked.start(
            "ledger",
            ["witness", "serve", "--port", str(port)],
            cwd=shell.folder,
            env=shell.environment(),
            out=log.fileno(),
            err=log.fileno(),
        )
    served = Served(f"http://127.0.0.1:{port}", process, shell.folder / "witness")
    try:
        _wait(served)
        yield served
    finally:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGTERM)
        process.wait(DEADLINE_S)


def _wait(served: Served) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while served.process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(f"{served.url}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the witness does not answer")

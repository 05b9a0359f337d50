"""`ledger serve` as a process of its own, on a free port, until a test is done with it."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count

import httpx

from tests import forked
from tests.shell import Shell

DEADLINE_S = 60


@dataclass
class Service:
    """A running service: where it answers, and the process that started it."""

    address: str
    port: int
    process: "subprocess.Popen[bytes] | forked.Forked"
    client: httpx.Client

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.client.get(path, headers=headers)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=DEADLINE_S)

    def metric(self, name: str) -> float:
        """Return the value of one sample, named with its labels."""
        for line in self.get("/metrics").text.splitlines():
            if line.startswith(f"{name} "):
                return float(line.rpartition(" ")[2])
        raise AssertionError(name)


def free_port() -> int:
    """Return a port on which nobody listens, of those that are this test worker's alone.

    Below the ports that the system gives to clients: between here and the service's start
    nobody else can come to one.
    """
    for _ in range(PORTS_A_WORKER):
        port = _first_port() + next(_ports) % PORTS_A_WORKER
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise OSError("no port is free")


PORTS_FROM, PORTS_A_WORKER, WORKERS = 20_000, 1_000, 12
_ports = count(os.getpid())


def _first_port() -> int:
    number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return PORTS_FROM + int(number) % WORKERS * PORTS_A_WORKER


@contextmanager
def serving(shell: Shell, *options: str, under: tuple[str, ...] = ()) -> Iterator[Service]:
    """Run the service, ``under`` another program; end it, with its workers, by its group."""
    port = free_port()
    with (shell.folder / "serve.log").open("ab") as log:
        process = _begun(shell, ["serve", "--port", str(port), *options], under, log.fileno())
    address = f"http://127.0.0.1:{port}"
    try:
        with httpx.Client(base_url=address, timeout=DEADLINE_S, verify=False) as client:
            service = Service(address, port, process, client)
            _wait(service)
            yield service
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(DEADLINE_S)


def _begun(
    shell: Shell, words: list[str], under: tuple[str, ...], log: int
) -> "subprocess.Popen[bytes] | forked.Forked":
    env, where = shell.environment(), shell.folder
    if under or not forked.suits(env):
        return subprocess.Popen(
            [*under, *shell.command(*words)],
            cwd=where,
            env=env,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return forked.start("ledger", words, cwd=where, env=env, out=log, err=log, own_session=True)


def until_closed(connection: socket.socket) -> bytes:
    """Return all that comes until the service closes, be it by a reset."""
    content = b""
    try:
        while part := connection.recv(1 << 20):
            content += part
    except ConnectionResetError:
        pass  # what came before it counts
    return content


def log_of(shell: Shell) -> str:
    """Return what the service told its operator."""
    return (shell.folder / "serve.log").read_text("utf-8")


def _wait(service: Service) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while service.process.poll() is None and time.monotonic() < deadline:
        try:
            if service.get("/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the service does not answer")


@contextmanager
def served(shell: Shell, *options: str) -> Iterator[str]:
    """Run the service; give only its address."""
    with serving(shell, *options) as service:
        yield service.address

"""`ledger serve` as an operator starts it: a process, a port, an exit code."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from ledger.proof.tile import tiles_for_size
from tests.shell import Shell

CANNOT, ROLLED_BACK = 2, 3
DEADLINE_S = 60
SIZE = 300


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Return a folder with a ledger of 300 entries."""
    made = Shell(tmp_path)
    made.init()
    made.append(SIZE - 1)
    return made


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@contextmanager
def served(shell: Shell, *options: str) -> Iterator[str]:
    """Run the service; give its address when it answers, and end it by its process."""
    port = _free_port()
    with (shell.folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            shell.command("serve", "--port", port, *options),
            cwd=shell.folder,
            env=shell.environment(),
            stdout=log,
            stderr=log,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address, process)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(DEADLINE_S)


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + DEADLINE_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the service does not answer")


@pytest.mark.parametrize("workers", [1, 2])
def test_the_service_hands_out_the_log(shell: Shell, workers: int) -> None:
    assert shell.run("audit", "export", "out").returncode == 0
    with served(shell, "--workers", str(workers)) as address:
        assert httpx.get(f"{address}/readyz").json() == {"status": "ready", "size": SIZE}
        for path in ("checkpoint", *(tile.path() for tile in tiles_for_size(SIZE))):
            response = httpx.get(f"{address}/log/110000/{path}")
            assert response.content == (shell.folder / "out" / path).read_bytes()


def test_a_second_instance_on_the_same_folder_is_refused(shell: Shell) -> None:
    with served(shell) as address:
        done = shell.run("serve", "--port", _free_port())
        assert done.returncode == CANNOT
        assert "Another instance" in done.stderr
        assert httpx.get(f"{address}/readyz").status_code == 200
        # The auditor is no second instance.
        assert shell.run("audit", "verify").returncode == 0


def test_a_port_that_is_taken_is_no_finding(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = shell.run("serve", "--port", server.getsockname()[1])
    assert done.returncode == CANNOT


def test_yesterdays_backup_is_not_served(shell: Shell) -> None:
    backup = shell.folder / "backup"
    shutil.copytree(shell.data_dir, backup)
    shell.append(10)
    for name in ("log.sqlite", "log.sqlite-wal", "log.sqlite-shm"):
        (shell.data_dir / name).unlink(missing_ok=True)
        if (backup / name).exists():
            shutil.copy(backup / name, shell.data_dir / name)
    before = (shell.data_dir / "head").read_bytes()
    done = shell.run("serve", "--port", _free_port())
    assert done.returncode == ROLLED_BACK
    assert f"\n{SIZE + 10}\n" in done.stderr  # what was registered
    assert f"\n{SIZE}\n" in done.stderr  # and what there is
    assert (shell.data_dir / "head").read_bytes() == before
    found = shell.run("audit", "verify")
    assert found.returncode == 1
    assert "rolled back: 10 entries are gone" in found.stdout
    # Nothing is signed or exported from it either.
    assert shell.run("audit", "export", "out").returncode == ROLLED_BACK


def test_a_database_ahead_of_the_register_is_healthy(shell: Shell) -> None:
    shell.append(10, publish=False)
    with served(shell) as address:
        assert httpx.get(f"{address}/readyz").json()["size"] == SIZE + 10

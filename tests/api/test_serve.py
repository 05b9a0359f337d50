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
from tests.api.service import free_port, log_of, serving
from tests.shell import Shell

CANNOT, ROLLED_BACK = 2, 3
SIZE = 300


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Return a folder with a ledger of 300 entries."""
    made = Shell(tmp_path)
    made.init()
    made.append(SIZE - 1)
    return made


@pytest.mark.parametrize("workers", [1, 2])
def test_the_service_hands_out_the_log(shell: Shell, workers: int) -> None:
    assert shell.run("audit", "export", "out").returncode == 0
    with serving(shell, "--workers", str(workers)) as service:
        ready = service.get("/readyz").json()
        assert (ready["status"], ready["size"]) == ("ready", SIZE)
        for path in ("checkpoint", *(tile.path() for tile in tiles_for_size(SIZE))):
            response = service.get(f"/log/110000/{path}")
            assert response.content == (shell.folder / "out" / path).read_bytes()


def test_a_second_instance_on_the_same_folder_is_refused(shell: Shell) -> None:
    with serving(shell) as service:
        done = shell.run("serve", "--port", free_port())
        assert done.returncode == CANNOT
        assert "Another instance" in done.stderr
        assert service.get("/readyz").status_code == 200
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
    done = shell.run("serve", "--port", free_port())
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
    with serving(shell) as service:
        assert service.get("/readyz").json()["size"] == SIZE + 10


def test_another_data_folder_of_the_same_ledger_is_no_way_around(shell: Shell) -> None:
    other = Shell(shell.folder / "other")
    shutil.copytree(shell.data_dir, other.data_dir)
    other.env = {"LEDGER_DATABASE_URL": f"sqlite:///{shell.data_dir / 'log.sqlite'}"}
    with serving(shell) as service:
        done = other.run("serve", "--port", free_port())
        assert done.returncode == CANNOT
        assert "Another instance" in done.stderr
        assert service.get("/readyz").status_code == 200
    with serving(other) as service:
        assert service.get("/readyz").status_code == 200


def test_on_postgresql_neither(tmp_path: Path, postgres_url: str) -> None:
    env = {"LEDGER_DATABASE_URL": postgres_url, "LEDGER_VAULT_URL": postgres_url}
    shell, other = Shell(tmp_path / "one", env), Shell(tmp_path / "other", env)
    shell.folder.mkdir()
    shell.init()
    shutil.copytree(shell.data_dir, other.data_dir)
    with serving(shell, "--workers", "2") as service:
        done = other.run("serve", "--port", free_port())
        assert done.returncode == CANNOT
        assert "Another instance" in done.stderr
        assert service.get("/readyz").status_code == 200


def test_several_workers_count_together(shell: Shell) -> None:
    with serving(shell, "--workers", "2") as service:
        for _ in range(40):  # each by a connection of its own, so by either worker
            answer = httpx.get(f"{service.address}/log/110000/tile/0/000", verify=False)
            assert answer.status_code == 200
        counted = {
            service.metric('ledger_tile_requests_total{kind="hashes",outcome="served"}')
            for _ in range(10)
        }
        assert counted == {40}
        assert service.metric("ledger_entries") == SIZE
    # The next run begins anew.
    with serving(shell, "--workers", "2") as service:
        assert service.metric("ledger_tiles_damaged_total") == 0
        with pytest.raises(AssertionError):
            service.metric('ledger_tile_requests_total{kind="hashes",outcome="served"}')


def test_a_signal_ends_it_cleanly(shell: Shell) -> None:
    with serving(shell) as service:
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(60) == 0


@pytest.mark.tool("strace")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_write_that_the_disk_lost_ends_all_processes(shell: Shell, workers: int) -> None:
    with serving(shell, "--workers", str(workers)) as service:
        signed = service.get("/log/110000/checkpoint").content
        shell.append(5, publish=False)
        pids = [service.process.pid, *children(service.process.pid)]
        with failing_disk(shell, pids):
            answer = service.get("/log/110000/checkpoint")
            assert (answer.status_code, answer.json()["code"]) == (503, "storage_lost")
            assert service.process.wait(60) == CANNOT
    assert "did not reach the disk" in log_of(shell)
    assert shell.run("audit", "verify").returncode == 0
    with serving(shell) as service:
        now = service.get("/log/110000/checkpoint").content
        assert now.splitlines()[1] == b"305"
        assert signed.splitlines()[1] == b"300"


def children(pid: int) -> list[int]:
    """Return all processes below a process."""
    found: list[int] = []
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, file.read_text("ascii").split()):
            found += [child, *children(child)]
    return found


@contextmanager
def failing_disk(shell: Shell, pids: list[int]) -> Iterator[None]:
    """Let every write and fsync of these processes fail with EIO, as on a failing disk."""
    calls = "pwrite64,fsync,fdatasync"
    command = ["strace", "-f", "-qq", "-e", f"trace={calls}"]
    command += ["-e", f"inject={calls}:error=EIO", "-o", str(shell.folder / "trace")]
    for pid in pids:
        command += ["-p", str(pid)]
    with subprocess.Popen(command) as tracer:
        while not all(_is_traced(pid) for pid in pids):
            assert tracer.poll() is None, "strace cannot attach"
            time.sleep(0.01)
        try:
            yield
        finally:
            tracer.terminate()


def _is_traced(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return "TracerPid:\t0\n" not in status

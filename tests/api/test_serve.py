"""`ledger serve` as an operator starts it: a process, a port, an exit code."""

import shutil
import socket
from pathlib import Path

import pytest

from ledger.proof.tile import tiles_for_size
from tests.api.service import free_port, serving
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

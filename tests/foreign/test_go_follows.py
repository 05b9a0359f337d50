"""golang.org/x/mod follows the served log over HTTP, by tiles that it authenticates itself."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.api.service import Service, serving
from tests.foreign.conftest import GoProgram
from tests.shell import Shell


@pytest.fixture(scope="session")
def program(go_program: GoProgram) -> Path:
    return go_program("follow")


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    made = Shell(tmp_path)
    made.init()
    made.append(299)
    return made


def vkey(shell: Shell) -> str:
    return (shell.data_dir / "policy").read_text("utf-8").split()[1]


def follow(program: Path, shell: Shell, service: Service, *known: object) -> dict[str, Any]:
    command = [str(program), f"{service.address}/log/110000", vkey(shell), *map(str, known)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in (0, 1), done.stderr
    read: dict[str, Any] = json.loads(done.stdout)
    assert read["ok"] == (done.returncode == 0)
    return read


def test_it_proves_records_and_that_the_log_only_grew(program: Path, shell: Shell) -> None:
    with serving(shell) as service:
        first = follow(program, shell, service)
        assert (first["findings"], first["size"]) == ([], 300)
        for more in (1, 211, 300):  # within a tile, to its border, over others
            shell.append(more)
            then = follow(program, shell, service, first["size"], first["root"])
            assert then["findings"] == []
            assert (then["size"], then["old"]) == (first["size"] + more, first["size"])
            assert then["records"] > 40
            assert then["saved"] > 0
            first = then


def test_it_refuses_another_past(program: Path, shell: Shell) -> None:
    with serving(shell) as service:
        first = follow(program, shell, service)
        shell.append(1)
        [finding] = follow(program, shell, service, 299, first["root"])["findings"]
        assert "consistency" in finding

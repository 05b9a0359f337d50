"""Programs that nobody here wrote, ready to check what was written here."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import RequireTool

GOPATH = "/usr/share/gocode"
"""Where Debian keeps the sources of Go packages."""

XmodCheck = Callable[[Path, str], subprocess.CompletedProcess[str]]


GoProgram = Callable[[str], Path]


@pytest.fixture(scope="session")
def go_program(
    require_tool: RequireTool, tmp_path_factory: pytest.TempPathFactory
) -> GoProgram:
    """Return a function that builds the Go program in a folder beside this file."""
    folder = tmp_path_factory.mktemp("go")
    return lambda name: build_go(require_tool, Path(__file__).with_name(name), into=folder)


def build_go(require_tool: RequireTool, source: Path, *, into: Path) -> Path:
    """Return the program of a folder, built with Debian's golang.org/x/mod."""
    go = require_tool("go")
    require_tool(f"{GOPATH}/src/golang.org/x/mod/sumdb/tlog")
    program = into / source.name
    built = subprocess.run(
        [go, "build", "-o", program, "main.go"],
        cwd=source,
        env={
            **os.environ,
            "CGO_ENABLED": "0",
            "GO111MODULE": "off",
            "GOCACHE": str(into / "cache"),
            "GOFLAGS": "",
            "GOPATH": GOPATH,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return program


@pytest.fixture(scope="session")
def xmod_check(go_program: GoProgram) -> XmodCheck:
    """Return a function that has golang.org/x/mod check an export or a proof by a key.

    It takes the folder of an export or a .tlog-proof file, and the log's vkey. The report
    is JSON on standard output; the exit status is 0 when there are no findings.
    """
    program = go_program("xmod")

    def check(path: Path, vkey: str) -> subprocess.CompletedProcess[str]:
        kind = "export" if path.is_dir() else "proof"
        return subprocess.run(
            [program, kind, path, vkey],
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    return check

"""Witnesses, logs and verifiers that nobody here wrote, installed and built for the tests."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.api.service import DEADLINE_S, free_port

REQUIREMENTS = Path(__file__).with_name("foreign-requirements.txt")
INSTALL_S = 300


def base_python() -> str:
    """Return the Python that has pip; the tests' own environment has none."""
    return str(Path(sys.base_prefix) / "bin" / "python3")


def install(folder: Path) -> str:
    """Install what is locked into a folder; return why it could not be done, or nothing."""
    done = subprocess.run(
        [
            *(base_python(), "-m", "pip", "install", "--quiet", "--target", folder),
            *("--require-hashes", "--no-deps", "--ignore-requires-python"),
            *("--disable-pip-version-check", "--only-binary", ":all:", "-r", REQUIREMENTS),
        ],
        env={**os.environ, "PIP_ROOT_USER_ACTION": "ignore"},
        capture_output=True,
        text=True,
        timeout=INSTALL_S,
        check=False,
    )
    return done.stderr if done.returncode else ""


class Aics:
    """The packages aics-witness and aics-tlog, by their command lines."""

    def __init__(self, packages: Path, folder: Path) -> None:
        self._packages = packages
        self.folder = folder
        self.config = folder / "witness.json"

    def run(self, module: str, *args: object) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self._command(module, *args),
            env=self._environment(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )

    def python(self, script: str, *args: object) -> "subprocess.CompletedProcess[str]":
        """Run a few lines that use the packages, as their documentation shows."""
        return subprocess.run(
            [sys.executable, "-c", script, *map(str, args)],
            env=self._environment(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )

    def init(self, name: str) -> str:
        """Make a witness; return its vkey."""
        done = self.run("aics_witness", "init", "-c", self.config, "--name", name)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def add_log(self, origin: str, vkey: str) -> None:
        args = ("add-log", "-c", self.config, "--origin", origin, "--vkey", vkey)
        done = self.run("aics_witness", *args)
        assert done.returncode == 0, done.stderr

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Run the witness; give its address."""
        port = free_port()
        args = ("serve", "-c", self.config, "--listen", f"127.0.0.1:{port}")
        with (self.folder / "aics.log").open("ab") as log:
            process = subprocess.Popen(
                self._command("aics_witness", *args),
                env=self._environment(),
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, process)
            yield url
        finally:
            process.terminate()
            process.wait(DEADLINE_S)

    def _command(self, module: str, *args: object) -> list[str]:
        return [sys.executable, "-m", module, *map(str, args)]

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self._packages), "PYTHONDONTWRITEBYTECODE": "1"}


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + DEADLINE_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the foreign witness does not answer")


def fail_or_skip(reason: str) -> None:
    """End a test for want of what could not be installed; where all must run, fail it."""
    if os.geteuid() == 0 or os.environ.get("LEDGER_TESTS_MUST_RUN_ALL"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)

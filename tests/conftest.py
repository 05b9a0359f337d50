"""What every test may use: profiles, programs outside Python, databases."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import eventsourcing.cryptography
import pytest
from hypothesis import settings

from ledger.wiring.collecting import spare_the_collector
from tests.postgres.cluster import Cluster
from tests.postgres.server import Server, programs

# The library's conformance suite asks for its old cipher module, which needs another
# cryptography package; the new one has the same names.
sys.modules.setdefault("eventsourcing.cipher", eventsourcing.cryptography)

# `pytest --hypothesis-profile deep` searches for long.
settings.register_profile("default", deadline=None, max_examples=60)
settings.register_profile("deep", deadline=None, max_examples=10_000)
settings.load_profile("default")

RequireTool = Callable[[str], str]


def _must_run_all() -> bool:
    return os.geteuid() == 0 or bool(os.environ.get("LEDGER_TESTS_MUST_RUN_ALL"))


def _require(name: str) -> str:
    """Return where a program (or an absolute path) is, or end the test that needs it."""
    given = Path(name)
    path = name if given.is_absolute() and given.exists() else shutil.which(name)
    if path:
        return path
    if _must_run_all():
        pytest.fail(f"{name} is not installed", pytrace=False)
    pytest.skip(f"{name} is not installed")


def pytest_collection_finish() -> None:
    """Let the collector not look again and again through what stays: modules and tests."""
    spare_the_collector()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test marked `tool(name)` when the program is missing; as root, fail it."""
    for mark in item.iter_markers("tool"):
        for name in mark.args:
            _require(name)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end which tests were not run, and for want of what."""
    left_out: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = str(report.longrepr[2]).removeprefix("Skipped: ")
        left_out.setdefault(reason, []).append(report.nodeid)
    if left_out:
        terminalreporter.section("could not do")
    for reason, tests in sorted(left_out.items()):
        terminalreporter.line(f"{reason}:")
        for test in sorted(tests):
            terminalreporter.line(f"    {test}")


@pytest.fixture(scope="session")
def require_tool() -> RequireTool:
    """Return a function that finds a program, or skips (as root: fails) the test."""
    return _require


@pytest.fixture(scope="session")
def postgres(require_tool: RequireTool) -> Iterator[Cluster]:
    """Return the PostgreSQL cluster that all tests share; it must not be stopped."""
    url = os.environ.get("LEDGER_TEST_PG_URL")
    if url:
        cluster = Cluster(url)
        yield cluster
        cluster.close()
        return
    require_tool(str(programs() / "postgres"))
    with Server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Cluster) -> Iterator[str]:
    """Return the URL of a new, empty database, which is dropped afterwards."""
    with postgres.database() as url:
        yield url


@pytest.fixture
def postgres_server(require_tool: RequireTool) -> Iterator[Server]:
    """Return a server of the test's own, to stop, kill and start again."""
    require_tool(str(programs() / "postgres"))
    with Server() as server:
        yield server

"""Faults injected for real, and what the run has shown."""

import shutil
import sqlite3
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ledger.store.engine import sqlite_module
from tests.api.v1.towns import town, town_base
from tests.faults.cases import REQUIRED
from tests.faults.fault_report import Line, first_line_of, machine, report_text
from tests.faults.scene import Scene, end_all, found_scene, found_shell
from tests.postgres.server import programs
from tests.shell import Shell

__all__ = ["town", "town_base"]

_lines = pytest.StashKey[dict[str, Line]]()
_told = pytest.StashKey["Shown"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fault-report", type=Path, metavar="FILE", help="write what was shown")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "case(number, title): the fault that a test injects")
    config.stash[_lines] = {}


@dataclass
class Shown:
    """What a test tells the report."""

    injected: str = ""
    seen: dict[str, object] | None = None

    def by(self, how: str) -> None:
        """Say how the fault is injected."""
        self.injected = how

    def saw(self, **figures: object) -> None:
        """Say what was seen; words of a name are joined by underscores."""
        named = {name.replace("_", " "): figure for name, figure in figures.items()}
        self.seen = {**(self.seen or {}), **named}


@pytest.fixture
def shown(request: pytest.FixtureRequest) -> Shown:
    """Return where a test says what it did and what was seen."""
    told = Shown()
    request.node.stash[_told] = told
    return told


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    mark = item.get_closest_marker("case")
    if mark is not None and (report.when == "call" or report.outcome != "passed"):
        told = item.stash.get(_told, Shown())
        number, title = mark.args
        test = item.nodeid.removeprefix("tests/faults/")
        item.config.stash[_lines][item.nodeid] = Line(
            number, title, test, report.outcome, told.injected, told.seen or {}
        )
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    # Where the whole suite runs, this file is read too late to have an option.
    path = session.config.getoption("--fault-report", None)
    if path is None:
        return
    lines = session.config.stash[_lines].values()
    missing = sorted(set(REQUIRED) - {line.number for line in lines})
    versions = {
        "Python": first_line_of("python3", "--version").removeprefix("Python "),
        "SQLite": f"{sqlite_module().sqlite_version} (the system's: {sqlite3.sqlite_version})",
        "PostgreSQL": first_line_of(str(programs() / "postgres"), "--version"),
        "": first_line_of("strace", "--version"),
    }
    path.write_text(
        report_text(lines, machine=machine(Path.cwd(), versions), missing=missing), "utf-8"
    )


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    yield
    end_all()


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Return a folder with a ledger of 20 entries on SQLite; it is only ever copied."""
    return found_shell(tmp_path_factory.mktemp("founded"))


@pytest.fixture
def sqlite_scene(founded: Shell, tmp_path: Path) -> Scene:
    """Return a ledger on SQLite."""
    shutil.copytree(founded.folder, tmp_path, dirs_exist_ok=True)
    return Scene(Shell(tmp_path))


@pytest.fixture
def postgresql_scene(postgres_url: str, tmp_path: Path) -> Scene:
    """Return a ledger on the PostgreSQL that all tests share."""
    return found_scene(tmp_path, LEDGER_DATABASE_URL=postgres_url)


@pytest.fixture(params=["sqlite", "postgresql"])
def scene(request: pytest.FixtureRequest) -> Scene:
    """Return a ledger on each database in turn."""
    made: Scene = request.getfixturevalue(f"{request.param}_scene")
    return made

"""The operator's commands for the projections, as a person runs them."""

import shutil
from pathlib import Path

import pytest

from ledger.store.chance import random_uuid
from ledger.store.engine import connect
from ledger.store.event import Submission
from ledger.wiring.parts import open_ledger
from tests.projections.histories import lives
from tests.shell import Shell

FOUND, CANNOT = 1, 2


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Return a folder with a ledger of a history, without views; it is only ever copied."""
    shell = Shell(tmp_path_factory.mktemp("told"))
    shell.init()
    projections(shell).unlink()
    ledger = open_ledger(shell.settings())
    events = [each.new() for each in lives(22, 400).history.told]
    ledger.appender.append(Submission(random_uuid(), events))
    ledger.close()
    return shell


@pytest.fixture
def shell(told: Shell, tmp_path: Path) -> Shell:
    """Return a copy of it."""
    shutil.copytree(told.folder, tmp_path, dirs_exist_ok=True)
    return Shell(tmp_path)


def projections(shell: Shell) -> Path:
    return shell.data_dir / "projections.sqlite"


def lie(shell: Shell, statement: str) -> None:
    """Change rows of the projections by hand."""
    engine = connect(f"sqlite:///{projections(shell)}")
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def test_rebuild_and_check_agree(shell: Shell) -> None:
    rebuilt = shell.run("projections", "rebuild")
    assert rebuilt.returncode == 0
    checked = shell.run("projections", "check")
    assert checked.returncode == 0
    assert checked.stderr == ""
    status = shell.run("projections", "status", LEDGER_LANGUAGE="zh")
    assert status.returncode == 0
    assert "投影已处理" in status.stdout


def test_a_changed_row_is_named_and_healed(shell: Shell) -> None:
    assert shell.run("projections", "rebuild").returncode == 0
    record = some_record(shell)
    lie(shell, f"UPDATE view_records SET minutes = minutes + 60 WHERE record = '{record}'")
    checked = shell.run("projections", "check")
    assert checked.returncode == FOUND
    assert f"view records, row {record}" in checked.stdout
    assert "minutes" in checked.stdout
    assert shell.run("projections", "rebuild").returncode == 0
    assert shell.run("projections", "check").returncode == 0


def some_record(shell: Shell) -> str:
    engine = connect(f"sqlite:///{projections(shell)}")
    with engine.connect() as connection:
        record = connection.exec_driver_sql("SELECT record FROM view_records").scalar()
    engine.dispose()
    return str(record)


def test_many_differences_are_not_all_shown(shell: Shell) -> None:
    assert shell.run("projections", "rebuild").returncode == 0
    lie(shell, "UPDATE view_changes SET division = '?'")
    checked = shell.run("projections", "check")
    assert checked.returncode == FOUND
    assert checked.stdout.count("view changes, ") == 100
    assert "more" in checked.stdout


def test_what_an_older_release_filled_is_said_so(shell: Shell) -> None:
    assert shell.run("projections", "rebuild").returncode == 0
    lie(shell, "UPDATE view_positions SET folds = 0")
    for command in ("status", "check"):
        done = shell.run("projections", command)
        assert done.returncode == FOUND
        assert "older release" in done.stdout


def test_a_filling_that_was_interrupted_is_said_so(shell: Shell) -> None:
    assert shell.run("projections", "rebuild").returncode == 0
    lie(shell, "UPDATE view_positions SET goal = 100000")
    status = shell.run("projections", "status")
    assert status.returncode == 0
    assert "filled anew, up to 100000" in status.stdout


def test_a_log_that_cannot_be_read_is_no_finding(shell: Shell) -> None:
    assert shell.run("projections", "rebuild").returncode == 0
    shell.lie("UPDATE heads SET size = size - 1")
    for command in ("check", "rebuild"):
        assert shell.run("projections", command).returncode == CANNOT


def test_a_store_that_is_no_database_is_no_finding(shell: Shell) -> None:
    projections(shell).write_bytes(b"no database" * 1_000)
    done = shell.run("projections", "check")
    assert done.returncode == CANNOT


def test_projections_may_lie_elsewhere(shell: Shell) -> None:
    url = f"sqlite:///{shell.folder / 'elsewhere.sqlite'}"
    done = shell.run("projections", "rebuild", LEDGER_PROJECTIONS_URL=url)
    assert done.returncode == 0
    assert (shell.folder / "elsewhere.sqlite").exists()
    assert not projections(shell).exists()

"""A SQLite that can lose a page when its write-ahead log restarts: the operator is told."""

import sqlite3

import pytest

from ledger.store.engine import wal_reset_defect
from tests.api.service import log_of, serving
from tests.faults.conftest import Shown
from tests.faults.scene import Scene

# The locked dependencies bring a repaired one; without it Python's own is used.
NO_WHEEL = "raise ImportError('there is no wheel for this platform')\n"


@pytest.mark.case(15, "SQLite in the WAL-reset range")
def test_a_defective_sqlite_is_named_at_the_start(sqlite_scene: Scene, shown: Shown) -> None:
    if not wal_reset_defect(sqlite3.sqlite_version_info):
        pytest.skip(f"Python's own SQLite {sqlite3.sqlite_version} is not defective")
    shown.by(f"`ledger serve` with Python's own sqlite3, SQLite {sqlite3.sqlite_version}")
    shell = sqlite_scene.shell
    with serving(shell):
        pass
    assert sqlite3.sqlite_version not in log_of(shell)
    (shell.folder / "pysqlite3.py").write_text(NO_WHEEL)
    shell.env["PYTHONPATH"] = str(shell.folder)
    with serving(shell) as service:
        assert service.get("/readyz").status_code == 200
    assert f"SQLite {sqlite3.sqlite_version}" in log_of(shell)
    shown.saw(policy="served, and the operator warned at every start")

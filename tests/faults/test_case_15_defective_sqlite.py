"""A SQLite that can lose a page when its write-ahead log restarts: the operator is told."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.store.engine import wal_reset_defect
from tests.faults.conftest import Shown
from tests.shell import Shell

WITHOUT_OURS = "raise ImportError('there is no wheel for this platform')\n"


@pytest.mark.case(15, "SQLite in the WAL-reset range")
def test_the_system_s_defective_sqlite_is_named_at_start(
    founded: Shell, tmp_path: Path, shown: Shown
) -> None:
    if not wal_reset_defect(sqlite3.sqlite_version_info):
        pytest.skip(f"the system's SQLite {sqlite3.sqlite_version} is not defective")
    shown.by(f"the command run with Python's own sqlite3, SQLite {sqlite3.sqlite_version}")
    (tmp_path / "pysqlite3.py").write_text(WITHOUT_OURS)

"""A ledger of 300 entries, a backup of it, and 50 entries more, on either database."""

import shutil
from pathlib import Path

import pytest

from tests.keeping.keeper import Keeper
from tests.shell import Shell, base

__all__ = ["base"]


@pytest.fixture(params=["sqlite", "postgresql"])
def keeper(
    request: pytest.FixtureRequest, base: Shell, tmp_path: Path, require_tool: object
) -> Keeper:
    """Return a ledger of 300 entries, every tenth with personal facts."""
    if request.param == "sqlite":
        shutil.copytree(base.folder, tmp_path, dirs_exist_ok=True)
        return Keeper(tmp_path)
    made = Keeper(tmp_path, {"LEDGER_DATABASE_URL": request.getfixturevalue("postgres_url")})
    made.init()
    made.append(299)
    return made


@pytest.fixture
def sqlite_keeper(base: Shell, tmp_path: Path) -> Keeper:
    """Return a ledger of 300 entries on SQLite."""
    shutil.copytree(base.folder, tmp_path, dirs_exist_ok=True)
    return Keeper(tmp_path)

"""One fixture, two databases: every test of the store runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.ledgers import Ledger, Place, founded

BACKENDS = ("sqlite", "postgresql")


def database_url(backend: str, folder: Path, request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty database."""
    if backend == "sqlite":
        return f"sqlite:///{folder / 'log.sqlite'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(params=BACKENDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a database that has no table yet."""
    return database_url(request.param, tmp_path, request)


@pytest.fixture
def place(empty_url: str, tmp_path: Path) -> Place:
    """Return where a ledger may be founded."""
    return Place(empty_url, tmp_path)


@pytest.fixture
def ledger(place: Place) -> Iterator[Ledger]:
    """Return a ledger without entries."""
    with founded(place) as ledger:
        yield ledger


@pytest.fixture
def sqlite_ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Return a ledger on SQLite, for what has nothing to do with the database."""
    with founded(Place(f"sqlite:///{tmp_path / 'log.sqlite'}", tmp_path)) as ledger:
        yield ledger

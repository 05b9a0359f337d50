"""One fixture, two databases: every test of the store runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres.cluster import Cluster
from tests.store.copied import Base
from tests.store.ledgers import Ledger, Place, founded
from tests.store.tables import make_tables

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


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> Base:
    """Return all databases of a ledger on SQLite, without a row; they are only ever copied."""
    base = Base(tmp_path_factory.mktemp("tables"))
    _make_tables(base.place)
    return base


@pytest.fixture(scope="session")
def postgres_tables(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Base:
    """Return the same on PostgreSQL."""
    base = Base(tmp_path_factory.mktemp("tables"), postgres, postgres.create_database())
    _make_tables(base.place)
    return base


def tables(backend: str, request: pytest.FixtureRequest) -> Base:
    """Return a ledger without a row, which is only ever copied."""
    base: Base = request.getfixturevalue(
        {"sqlite": "sqlite_tables", "postgresql": "postgres_tables"}[backend]
    )
    return base


@pytest.fixture(params=BACKENDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Return where a ledger may be founded."""
    with tables(request.param, request).copy(tmp_path) as made:
        yield made


def _make_tables(place: Place) -> None:
    make_tables(place.database_url, "log")
    make_tables(place.vault_url, "vault")
    make_tables(place.views_url, "views")


@pytest.fixture
def ledger(place: Place) -> Iterator[Ledger]:
    """Return a ledger without entries."""
    with founded(place) as ledger:
        yield ledger


@pytest.fixture
def sqlite_ledger(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Ledger]:
    """Return a ledger on SQLite, for what has nothing to do with the database."""
    with tables("sqlite", request).copy(tmp_path) as place, founded(place) as ledger:
        yield ledger

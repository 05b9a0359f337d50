"""Fixtures: a house with its town, on SQLite and on PostgreSQL, copied for every test.

A test takes `house` and `town`. What has nothing to do with the database says so:
`pytestmark = ON_SQLITE`.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ledger.application.office import Office
from tests.application.house import House, housed
from tests.application.town import FOUNDED, NOW, Town, build
from tests.postgres.cluster import Cluster
from tests.store.ledgers import Place

ON_SQLITE = pytest.mark.parametrize("home", ["sqlite"], indirect=True)


@dataclass(frozen=True)
class TownBase:
    """A town that is only ever copied: its files, its people, and its PostgreSQL database."""

    folder: Path
    town: Town
    database: str | None = None


@dataclass(frozen=True)
class Home:
    """A house of a test's own, with the town in it."""

    house: House
    town: Town


@pytest.fixture(scope="session")
def sqlite_town(tmp_path_factory: pytest.TempPathFactory) -> TownBase:
    """Return the town in SQLite."""
    folder = tmp_path_factory.mktemp("town")
    with housed(_on_sqlite(folder), now=FOUNDED, found=True) as house:
        return TownBase(folder, _built(house))


@pytest.fixture(scope="session")
def postgres_town(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> TownBase:
    """Return the town in PostgreSQL."""
    name = postgres.create_database()
    folder = tmp_path_factory.mktemp("town")
    with housed(Place(postgres.url(name), folder), now=FOUNDED, found=True) as house:
        return TownBase(folder, _built(house), name)


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    """Return a copy of the town."""
    on_sqlite = request.param == "sqlite"
    base: TownBase = request.getfixturevalue("sqlite_town" if on_sqlite else "postgres_town")
    folder = tmp_path / "town"
    shutil.copytree(base.folder, folder)
    if base.database is None:
        with _opened(replace(_on_sqlite(folder), migrated=True), base) as made:
            yield made
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    with (
        cluster.database(template=base.database) as url,
        _opened(Place(url, folder, migrated=True), base) as made,
    ):
        yield made


@pytest.fixture
def house(home: Home) -> House:
    """Return the house."""
    return home.house


@pytest.fixture
def town(home: Home) -> Town:
    """Return the people of the town."""
    return home.town


@pytest.fixture
def office(house: House) -> Office:
    """Return the office of the house."""
    return house.office


@contextmanager
def _opened(place: Place, base: TownBase) -> Iterator[Home]:
    with housed(place, now=NOW) as house:
        yield Home(house, base.town)


def _built(house: House) -> Town:
    town = build(house)
    house.views.projector.catch_up()
    return town


def _on_sqlite(folder: Path) -> Place:
    return Place(f"sqlite:///{folder / 'log.sqlite'}", folder)

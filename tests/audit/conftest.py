"""One house, two databases: every lie is told in SQLite and in PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audit.exported import Exported, export
from tests.audit.house import House, build, copied, paths_in
from tests.postgres.cluster import Cluster

BACKENDS = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def sqlite_base(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Return the house of the plan in SQLite; it is only ever copied."""
    folder = tmp_path_factory.mktemp("house")
    urls = [f"sqlite:///{folder / name}.sqlite" for name in ("log", "vault")]
    house = build(paths_in(folder, *urls))
    house.close()
    return house


@pytest.fixture(scope="session")
def postgres_base(
    postgres: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> tuple[House, str]:
    """Return the house of the plan in PostgreSQL, and the name of its database."""
    name = postgres.create_database()
    url = postgres.url(name)
    house = build(paths_in(tmp_path_factory.mktemp("house"), url, url))
    house.close()
    return house, name


@pytest.fixture
def sqlite_house(sqlite_base: House, tmp_path: Path) -> Iterator[House]:
    """Return a copy for what has nothing to do with the database."""
    folder = tmp_path / "house"
    with copied(sqlite_base, folder, f"sqlite:///{folder / 'log.sqlite'}") as house:
        yield house


@pytest.fixture
def postgres_house(
    postgres: Cluster, postgres_base: tuple[House, str], tmp_path: Path
) -> Iterator[House]:
    """Return a copy on PostgreSQL."""
    base, template = postgres_base
    with (
        postgres.database(template=template) as url,
        copied(base, tmp_path / "house", url) as house,
    ):
        yield house


@pytest.fixture(params=BACKENDS)
def house(request: pytest.FixtureRequest) -> House:
    """Return a copy of the house of the plan, to tell a lie in."""
    name = {"sqlite": "sqlite_house", "postgresql": "postgres_house"}[request.param]
    made: House = request.getfixturevalue(name)
    return made


@pytest.fixture(scope="session")
def base_exports(
    sqlite_base: House, tmp_path_factory: pytest.TempPathFactory
) -> dict[bool, Exported]:
    """Return exports of the house with facts (True) and without; they are only copied."""
    root = tmp_path_factory.mktemp("exports")
    with copied(sqlite_base, root / "house", f"sqlite:///{root / 'house/log.sqlite'}") as house:
        made = {facts: export(house, root / str(facts), facts=facts) for facts in (True, False)}
    shutil.rmtree(root / "house")
    return made


@pytest.fixture
def exported(base_exports: dict[bool, Exported], tmp_path: Path) -> Exported:
    """Return a copy of the export with facts; the database is gone."""
    return copy_of(base_exports[True], tmp_path / "elsewhere")


@pytest.fixture
def bare(base_exports: dict[bool, Exported], tmp_path: Path) -> Exported:
    """Return a copy of the export without facts."""
    return copy_of(base_exports[False], tmp_path / "bare")


def copy_of(base: Exported, folder: Path) -> Exported:
    shutil.copytree(base.folder, folder)
    return Exported(folder, base.key)

"""Tables that tests copy are those that a migration makes."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger.store.engine import connect
from ledger.store.migration import Store, check_newest, migrate
from tests.store.tables import make_tables


def schema(engine: sa.Engine) -> list[tuple[object, ...]]:
    query = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


@pytest.mark.parametrize("store", ["log", "vault", "views"])
def test_copied_tables_are_those_of_a_migration(store: Store, tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path / name}.sqlite" for name in ("copied", "migrated")]
    make_tables(urls[0], store)
    copied, migrated = (connect(url) for url in urls)
    migrate(migrated, store)
    check_newest(copied, store)
    assert schema(copied) == schema(migrated)
    copied.dispose()
    migrated.dispose()


def test_tables_that_are_there_are_left_with_their_rows(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'log.sqlite'}"
    make_tables(url, "log")
    engine = connect(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO sign_in_names VALUES ('log', '', '', '', '')")
    make_tables(url, "log")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sign_in_names").scalar() == 1
    engine.dispose()

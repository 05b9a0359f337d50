"""Connections that lose nothing that was acknowledged."""

from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger.store.engine import connect, sqlite_module, wal_reset_defect
from tests.postgres.cluster import Cluster
from tests.store.clocks import Stopped
from tests.store.ledgers import Ledger, Place, founded, noted, opened

NORMAL_IS_1_FULL_IS_2 = 2


def test_every_connection_to_sqlite_writes_through(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'new folder' / 'log.sqlite'}")
    with ExitStack() as stack:
        for _ in range(3):
            connection = stack.enter_context(engine.connect())
            pragmas = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "secure_delete")
            }
            assert pragmas == {
                "journal_mode": "wal",
                "synchronous": NORMAL_IS_1_FULL_IS_2,
                "secure_delete": 1,
            }
    engine.dispose()


def test_the_vault_writes_through_as_the_log_does(sqlite_ledger: Ledger) -> None:
    with sqlite_ledger.vault._engine.connect() as connection:
        for name in ("synchronous", "secure_delete"):
            assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() in (1, 2)
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


@pytest.mark.parametrize(
    ("version", "defect"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
        ((4, 0, 0), False),
    ],
)
def test_releases_that_can_lose_a_page_are_known(
    version: tuple[int, ...], defect: bool
) -> None:
    assert wal_reset_defect(version) is defect


def test_the_sqlite_in_use_loses_no_page() -> None:
    pytest.importorskip("pysqlite3")
    assert sqlite_module().__name__ == "pysqlite3"
    assert not wal_reset_defect(sqlite_module().sqlite_version_info)


def test_what_is_in_use_is_what_is_connected_with(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'log.sqlite'}")
    with engine.connect() as connection:
        version = connection.exec_driver_sql("SELECT sqlite_version()").scalar()
    assert version == sqlite_module().sqlite_version
    engine.dispose()


def test_a_plain_postgresql_url_goes_to_psycopg2(postgres_url: str) -> None:
    plain = sa.make_url(postgres_url).set(drivername="postgresql")
    engine = connect(plain.render_as_string(hide_password=False))
    assert engine.url.drivername == "postgresql+psycopg2"
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    engine.dispose()


@pytest.mark.parametrize(
    ("default", "want"),
    [
        ("off", "on"),
        ("local", "on"),
        ("remote_write", "on"),
        ("on", "on"),
        ("remote_apply", "remote_apply"),
    ],
)
def test_a_weaker_commit_is_raised_and_a_stronger_one_kept(
    postgres: Cluster, default: str, want: str
) -> None:
    with postgres.database() as url:
        name = sa.make_url(url).database
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql(
                f"ALTER DATABASE {name} SET synchronous_commit = {default}"
            )
        engine = connect(url)
        for _ in range(2):  # also when the connection comes back from the pool
            with engine.connect() as connection:
                assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == want
                connection.rollback()
        engine.dispose()


def test_a_stricter_default_isolation_refuses_nobody(postgres: Cluster, tmp_path: Path) -> None:
    """Two writers that wait for one lock would be told to start again."""
    with postgres.database() as url:
        name = sa.make_url(url).database
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql(
                f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'"
            )
        clock = Stopped()
        with (
            founded(Place(url, tmp_path), clock=clock) as one,
            opened(one.place) as two,
        ):
            first = one.submit(noted())
            clock.entered.wait()
            second = two.begin(noted())
            with engine.connect() as connection:
                waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
                while not connection.execute(waiting).scalar():
                    pass
            clock.go.set()
            assert (first.result().first_seq, second.result().first_seq) == (0, 1)
            assert one.codes() == []

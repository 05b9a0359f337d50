"""One instance per ledger, also from two data folders: by files or by PostgreSQL's locks."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger.store.engine import connect
from ledger.store.instance import InstanceRunningError
from ledger.store.ledger_lock import LedgerLock, join_ledger, new_instance

ORIGIN = "lock.example.gov.cn/log/110000"
A, B = 1, 2


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'log.sqlite'}"
    found: str = request.getfixturevalue("postgres_url")
    return found


class Engines:
    """Engines of several instances, as each process has its own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.made: list[sa.Engine] = []

    def new(self) -> sa.Engine:
        self.made.append(connect(self._url))
        return self.made[-1]


@pytest.fixture
def engines(url: str) -> Iterator[Engines]:
    made = Engines(url)
    yield made
    for engine in made.made:
        engine.dispose()


def lock(engines: Engines, instance: int, origin: str = ORIGIN) -> LedgerLock:
    return LedgerLock(engines.new(), origin=origin, instance=instance)


def test_a_second_instance_of_the_ledger_refuses_to_start(engines: Engines) -> None:
    with lock(engines, A), pytest.raises(InstanceRunningError), lock(engines, B):
        raise AssertionError
    with lock(engines, B):
        pass


def test_many_workers_of_one_instance_are_allowed(engines: Engines) -> None:
    with lock(engines, A), ExitStack() as workers:
        for _ in range(3):
            held = join_ledger(engines.new(), origin=ORIGIN, instance=A)
            if held is not None:
                workers.callback(os.close, held)


def test_workers_that_outlive_their_starter_keep_another_instance_out(engines: Engines) -> None:
    worker = engines.new()
    with lock(engines, A):
        held = join_ledger(worker, origin=ORIGIN, instance=A)
    with pytest.raises(InstanceRunningError), lock(engines, B):
        raise AssertionError
    worker.dispose()
    if held is not None:
        os.close(held)
    with lock(engines, B):
        pass


def test_a_file_by_another_name_is_the_same_ledger(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "link.sqlite").symlink_to(tmp_path / "log.sqlite")
    names = [f"sqlite:///{tmp_path / 'log.sqlite'}", f"sqlite:///{tmp_path}/other/link.sqlite"]
    first, second = (
        LedgerLock(connect(name), origin=ORIGIN, instance=number)
        for number, name in enumerate(names, 1)
    )
    with first, pytest.raises(InstanceRunningError), second:
        raise AssertionError


def test_two_ledgers_of_one_database_do_not_meet(postgres_url: str) -> None:
    engines = Engines(postgres_url)
    with lock(engines, A), lock(engines, B, "other.example.gov.cn/log/110000"):
        join_ledger(engines.new(), origin=ORIGIN, instance=A)
        join_ledger(engines.new(), origin="other.example.gov.cn/log/110000", instance=B)
    for engine in engines.made:
        engine.dispose()


def test_whoever_lost_every_connection_writes_no_more_beside_another(postgres_url: str) -> None:
    engines = Engines(postgres_url)
    first, second = engines.new(), engines.new()
    starter = lock(engines, A)
    with starter:
        join_ledger(first, origin=ORIGIN, instance=A)
        _cut_all(postgres_url)
        # The first instance holds nothing any more, and does not know it yet.
        with lock(engines, B):
            join_ledger(second, origin=ORIGIN, instance=B)
            with pytest.raises(InstanceRunningError), first.connect():
                raise AssertionError
            second.dispose()
        # The other one is gone: the first may go on, and holds its lock again by doing so.
        with first.connect() as connection:
            assert connection.execute(sa.text("SELECT 1")).scalar() == 1
            with pytest.raises(InstanceRunningError), lock(engines, B):
                raise AssertionError
    for engine in engines.made:
        engine.dispose()


def test_whoever_still_has_a_connection_keeps_the_other_out(postgres_url: str) -> None:
    engines = Engines(postgres_url)
    worker = engines.new()
    with lock(engines, A):
        join_ledger(worker, origin=ORIGIN, instance=A)
        with worker.connect() as held:
            pid = held.execute(sa.text("SELECT pg_backend_pid()")).scalar()
            _cut_all(postgres_url, but=pid)
            with pytest.raises(InstanceRunningError), lock(engines, B):
                raise AssertionError
    for engine in engines.made:
        engine.dispose()


def _cut_all(url: str, *, but: int | None = None) -> None:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    query = (
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> :but"
    )
    with engine.connect() as connection:
        connection.execute(sa.text(query), {"but": but or 0}).all()


def test_no_two_instances_have_one_number() -> None:
    numbers = {new_instance() for _ in range(1_000)}
    assert len(numbers) > 990
    assert all(0 < number < 2**31 for number in numbers)

"""Fixtures: a town that was founded once, and one that runs when its first reviews are due."""

import fcntl
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.v1.running import RunningTown, TownBase, running
from tests.api.v1.settling import REVIEWED, settle


@pytest.fixture(scope="session")
def town_base(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> TownBase:
    """Return a town that is only ever copied; all processes of a run share it."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "running town"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _settled(folder)


@pytest.fixture(scope="session")
def town(
    town_base: TownBase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningTown]:
    """Return a town on the Monday after its founding, for all tests that leave others alone."""
    with running(town_base, tmp_path_factory.mktemp("town"), at=REVIEWED) as made:
        yield made


def _settled(folder: Path) -> TownBase:
    known = folder / "base"
    if known.exists():
        base: TownBase = pickle.loads(known.read_bytes())
        return base
    (folder / "ledger").mkdir()
    base = settle(folder / "ledger")
    known.write_bytes(pickle.dumps(base))
    return base

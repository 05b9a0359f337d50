"""kill -9 at each write, sync, rename and open of an append: acknowledged means durable."""

import os
from collections.abc import Iterable

import pytest

from tests.faults.appending import Workload
from tests.faults.conftest import Shown
from tests.faults.scene import KILLED, Scene
from tests.faults.tracing import killed_at

FULL = bool(os.environ.get("LEDGER_FULL_SWEEP"))
"""Kill at every single call, and not only at those chosen here."""
EVERY = range(1, 500)
KILLS_MIN = 3
LOAD = Workload(submissions=3)

# Calls of one thread: those of the first submission, and some of the later ones.
SWEEPS: dict[str, Iterable[int]] = {
    "pwrite64": (1, 9, 17, *range(18, 42, 3), 47, 60),
    "fsync": range(1, 16, 2),
    "rename": range(1, 4),
    "write": range(1, 4),
    "openat": range(1, 24, 4),
}


def kill_at_each(scene: Scene, calls: str, numbers: Iterable[int], shown: Shown) -> None:
    """Kill the appending process at each of these calls, and ask each time what is left."""
    kills, seen = 0, {"lost": 0}
    for number in EVERY if FULL else numbers:
        code = scene.append(LOAD, killed_at(calls, number)).wait()
        if code == 0:
            break  # there was no such call to be killed at
        assert code == KILLED
        kills += 1
        seen = scene.check()
    assert kills >= KILLS_MIN
    shown.saw(kills=kills, **seen)
    told = scene.told()
    assert len(told.tried) > len(told.acknowledged)  # the process did die in the middle


@pytest.mark.tool("strace")
@pytest.mark.parametrize("calls", SWEEPS)
@pytest.mark.case(1, "kill −9 at each write of an append, SQLite")
def test_killed_in_an_append_on_sqlite(sqlite_scene: Scene, calls: str, shown: Shown) -> None:
    shown.by(f"strace inject={calls}:signal=SIGKILL:when=N")
    kill_at_each(sqlite_scene, calls, SWEEPS[calls], shown)


@pytest.mark.tool("strace")
@pytest.mark.case(1, "kill −9 at each message of an append to PostgreSQL")
def test_killed_in_an_append_to_postgresql(postgresql_scene: Scene, shown: Shown) -> None:
    shown.by("strace inject=sendto:signal=SIGKILL:when=N")
    kill_at_each(postgresql_scene, "sendto", range(4, 60, 4), shown)

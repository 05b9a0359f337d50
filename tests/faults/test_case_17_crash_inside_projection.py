"""A crash in the middle of folding: events are intact, and each is folded exactly once."""

from collections.abc import Iterable

import pytest

from tests.faults import projecting
from tests.faults.conftest import Shown
from tests.faults.scene import KILLED, Scene
from tests.faults.tracing import Fault, killed_at

SIZE = len(projecting.history())
KILLS_MIN = 4


def told(scene: Scene) -> Scene:
    """Return the scene with a history of which nothing is folded."""
    assert scene.start(projecting.tell, 0, SIZE).wait() == 0
    return scene


def position(scene: Scene) -> tuple[int, int]:
    """Return how far the views are, and how many entries failed."""
    words = scene.start(projecting.tell_position).answered().stdout.split()
    return int(words[0]), int(words[1])


def folded_once(scene: Scene) -> dict[str, object]:
    """Fold what is left; all is as the log makes it in one go, and the log is sound."""
    assert scene.start(projecting.project).wait() == 0
    reached, failures = position(scene)
    assert (reached, failures) == (scene.size(), 0)
    compared = scene.command("projections", "check")
    assert compared.returncode == 0, compared.stdout
    scene.sound()
    return {"entries": reached, "differences": 0}


def kill_at_each(scene: Scene, faults: Iterable[Fault], shown: Shown) -> None:
    """Kill the folding process again and again, each time where it has got to."""
    kills, reached = 0, 0
    for fault in faults:
        code = scene.start(projecting.project, fault=fault).wait()
        if code == 0:
            break
        assert code == KILLED
        kills += 1
        before, reached = reached, position(scene)[0]
        assert reached >= before
        assert reached % projecting.BATCH_MAX == 0 or reached == scene.size()
    assert kills >= KILLS_MIN
    shown.saw(kills=kills, **folded_once(scene))


@pytest.mark.tool("strace")
@pytest.mark.case(17, "kill −9 while folding, SQLite")
def test_killed_while_folding_on_sqlite(sqlite_scene: Scene, shown: Shown) -> None:
    shown.by("strace inject=pwrite64:signal=SIGKILL:when=N on projections.sqlite-wal")
    scene = told(sqlite_scene)
    assert scene.command("projections", "status").returncode == 0  # the tables are made
    wal = scene.data_dir / "projections.sqlite-wal"
    kill_at_each(scene, (killed_at("pwrite64", n, wal) for n in (1, 9, 30, 61, 90)), shown)


@pytest.mark.tool("strace")
@pytest.mark.case(17, "kill −9 while folding into PostgreSQL")
def test_killed_while_folding_into_postgresql(postgresql_scene: Scene, shown: Shown) -> None:
    shown.by("strace inject=sendto:signal=SIGKILL:when=N")
    scene = told(postgresql_scene)
    assert scene.command("projections", "status").returncode == 0
    kill_at_each(scene, (killed_at("sendto", n) for n in (40, 60, 75, 100, 130)), shown)


@pytest.mark.case(17, "a fold fails in the middle of a batch")
def test_a_fold_fails_in_the_middle(scene: Scene, shown: Shown) -> None:
    shown.by("the fold of entry k raises after it has changed rows, for several k")
    told(scene)
    for seq in (27, 44, 73):
        assert scene.start(projecting.project, seq).wait() not in (0, KILLED)
        assert position(scene) == (seq - seq % projecting.BATCH_MAX, 0)
    shown.saw(failures=3, **folded_once(scene))

"""kill -9 after the commit and before the answer: one event, and the first receipt stands."""

import pytest

from tests.faults.appending import Workload
from tests.faults.conftest import Shown
from tests.faults.scene import KILLED, Scene
from tests.faults.tracing import Fault, killed_at

READS_OF_REGISTER = 3
"""In each append the register is opened before the commit, after it, and to be replaced."""


def moments(scene: Scene) -> dict[str, Fault]:
    """Return where to be killed in the second append, by what has been done until there."""
    lock, folder = scene.data_dir / "head.lock", scene.data_dir
    # SQLite syncs the folder too, once for each write-ahead log that it creates.
    created = 2 if (scene.data_dir / "log.sqlite").exists() else 1
    return {
        "committed": killed_at("openat", READS_OF_REGISTER + 2, lock),
        "register written, not in its place": killed_at("rename", 2),
        "register in its place": killed_at("openat", created + 2, folder),
        "all done but the answer": killed_at("write", 4),
    }


@pytest.mark.tool("strace")
@pytest.mark.parametrize("moment", range(4))
@pytest.mark.case(2, "kill −9 between commit and answer")
def test_killed_between_commit_and_answer(scene: Scene, moment: int, shown: Shown) -> None:
    name, fault = list(moments(scene).items())[moment]
    shown.by(f"strace inject={fault.calls}:signal=SIGKILL, when {name}")
    assert scene.append(Workload(submissions=2), fault).wait() == KILLED
    told, rows = scene.told(), scene.rows()
    assert (len(told.tried), len(told.acknowledged)) == (2, 1)
    # The second is there though nobody was told so: the moment is the one that is meant.
    assert len(rows) == scene.before + sum(told.tried.values())
    shown.saw(**scene.check())
    assert scene.size() == len(rows), "the retry appended a second time"

"""The last bytes of the write-ahead log are gone: silently only if nobody was told of them."""

import os
from pathlib import Path

import pytest

from tests.faults.appending import HARD_END, Workload
from tests.faults.conftest import Shown
from tests.faults.scene import FOUND, KILLED, ROLLED_BACK, Scene
from tests.faults.tracing import killed_at

TORN = 37


def tear(file: Path) -> None:
    """Cut the last bytes off a file."""
    os.truncate(file, file.stat().st_size - TORN)


@pytest.mark.case(11, "torn tail of an append that was acknowledged")
def test_a_torn_tail_that_was_acknowledged_is_an_alarm(
    sqlite_scene: Scene, shown: Shown
) -> None:
    shown.by(f"the process crashes, then −{TORN} bytes of SQLite's write-ahead log")
    assert sqlite_scene.append(Workload(close=False)).wait() == HARD_END
    tear(sqlite_scene.data_dir / "log.sqlite-wal")
    report = sqlite_scene.command("audit", "verify", "--json")
    assert report.returncode == FOUND
    assert "checkpoint_inconsistent" in report.codes
    assert sqlite_scene.command("audit", "export", "out").returncode == ROLLED_BACK
    refused = sqlite_scene.append()
    assert refused.wait() != 0
    assert set(sqlite_scene.told().refused.values()) == {"RolledBackError"}
    assert sqlite_scene.command("serve", "--port", 0).returncode == ROLLED_BACK
    shown.saw(exit=ROLLED_BACK, found=", ".join(sorted(set(report.codes))))


@pytest.mark.tool("strace")
@pytest.mark.case(11, "torn tail of an append that nobody was told of")
def test_a_torn_tail_that_nobody_was_told_of_is_ignored(
    sqlite_scene: Scene, shown: Shown
) -> None:
    shown.by(f"kill −9 after the commit, then −{TORN} bytes of SQLite's write-ahead log")
    lock = sqlite_scene.data_dir / "head.lock"
    running = sqlite_scene.append(Workload(submissions=2), killed_at("openat", 5, lock))
    assert running.wait() == KILLED
    tear(sqlite_scene.data_dir / "log.sqlite-wal")
    told = sqlite_scene.told()
    assert (len(told.tried), len(told.acknowledged)) == (2, 1)
    assert sqlite_scene.size() == sqlite_scene.before + sum(
        map(len, told.acknowledged.values())
    )
    shown.saw(**sqlite_scene.check())

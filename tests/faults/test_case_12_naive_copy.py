"""A live database copied by hand lacks rows and is refused; a backup lacks nothing."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.faults.appending import FAILED, Workload, hold_open
from tests.faults.conftest import Shown
from tests.faults.outside import standing
from tests.faults.scene import CANNOT, FOUND, POLICY, ROLLED_BACK, Scene, wait_until
from tests.shell import Shell

APPENDED = 3


def rows_in(file: Path) -> int:
    """Return how many entries a database file holds by itself."""
    connection = sqlite3.connect(f"file:{file}?immutable=1", uri=True)
    [(count,)] = connection.execute("SELECT count(*) FROM entries").fetchall()
    connection.close()
    return int(count)


def copied_naively(scene: Scene) -> Path:
    """Append while the database is held open, and copy its file alone."""
    ready = scene.shell.folder / "ready"
    holder = scene.start(hold_open, ready)
    wait_until(ready.exists)
    assert scene.append(Workload(submissions=1, events=APPENDED)).wait() == 0
    naive = scene.shell.folder / "naive"
    naive.mkdir()
    shutil.copy(scene.data_dir / "log.sqlite", naive / "log.sqlite")
    holder.kill()
    return naive


@pytest.mark.case(12, "naive copy of a live database, without its write-ahead log")
def test_a_naive_copy_is_refused(sqlite_scene: Scene, shown: Shown) -> None:
    shown.by("`cp log.sqlite` beside a process that holds the database open")
    scene = sqlite_scene
    naive = copied_naively(scene)
    size, held = scene.size(), rows_in(naive / "log.sqlite")
    assert held == size - APPENDED
    scene.sound()
    # It is no backup, nor can it take the place of the file of a real one.
    assert scene.command("restore", "naive").returncode == CANNOT
    assert scene.command("backup", "b").returncode == 0
    shutil.copy(naive / "log.sqlite", scene.shell.folder / "b" / "log.sqlite")
    swapped = scene.command("restore", "b")
    assert swapped.returncode == CANNOT
    assert "log.sqlite" in swapped.stderr
    # Nor can it take the place of the database.
    for path in scene.data_dir.glob("log.sqlite*"):
        path.unlink()
    shutil.copy(naive / "log.sqlite", scene.data_dir / "log.sqlite")
    assert scene.command("serve", "--port", 0).returncode == ROLLED_BACK
    assert scene.append(Workload(submissions=1)).wait() == FAILED
    assert "RolledBackError" in scene.told().refused.values()
    shown.saw(rows_live=size, rows_in_copy=held, restore_exit=CANNOT, serve_exit=ROLLED_BACK)


@pytest.mark.case(12, "a backup beside a running appender")
def test_a_backup_holds_what_was_acknowledged_before_it(scene: Scene, shown: Shown) -> None:
    shown.by("`ledger backup` while two threads append without a pause")
    running = scene.append(Workload(submissions=10_000, threads=2))
    wait_until(lambda: len(scene.told().acknowledged) >= 10)
    before = scene.told().acknowledged
    made = scene.command("backup", "b")
    scene.end_clients()
    assert running.wait() == 0
    assert made.returncode == 0, made.stderr
    folder = scene.shell.folder / "b"
    size = json.loads((folder / "manifest.json").read_text())["size"]
    copy = sqlite3.connect(f"file:{folder / 'log.sqlite'}?immutable=1", uri=True)
    kept = {seq for (seq,) in copy.execute("SELECT seq FROM entries")}
    copy.close()
    assert kept == set(range(size))
    assert kept >= {seq for receipt in before.values() for seq in receipt}
    after = len(scene.told().acknowledged) - len(before)
    assert after > 0
    shown.saw(acknowledged_before=len(before), of_these_missing=0, acknowledged_since=after)
    scene.sound()


def drill(scene: Scene, folder: Path) -> Scene:
    """Return another machine, which has keys, backups and policy, and nothing else."""
    shutil.copytree(scene.data_dir / "keys", folder / "var" / "keys")
    for name in ("b", "v"):
        shutil.copytree(scene.shell.folder / name, folder / name)
    shutil.copy(scene.shell.folder / POLICY, folder / POLICY)
    return Scene(Shell(folder, dict(scene.shell.env)), before=0)


@pytest.mark.case(12, "restore drill: the restored head is compared with the witness")
def test_a_restore_drill_asks_the_witness(
    sqlite_scene: Scene, tmp_path_factory: pytest.TempPathFactory, shown: Shown
) -> None:
    shown.by("a backup and the keys on another machine; a witness that saw as much, then more")
    with standing(sqlite_scene, tmp_path_factory.mktemp("outside")) as outside:
        outside.cosign(sqlite_scene)
        assert sqlite_scene.command("backup", "b").returncode == 0
        assert sqlite_scene.command("backup", "--vault", "v").returncode == 0
        good = drill(sqlite_scene, tmp_path_factory.mktemp("good"))
        assert good.command("restore", "b", "--vault", "v").returncode == 0
        good.sound()
        assert sqlite_scene.append(Workload(submissions=1, events=APPENDED)).wait() == 0
        outside.cosign(sqlite_scene)
        late = drill(sqlite_scene, tmp_path_factory.mktemp("late"))
        behind = late.command("restore", "b", "--vault", "v")
        assert behind.returncode == FOUND
        first, last = sqlite_scene.before, sqlite_scene.before + APPENDED - 1
        assert f"{APPENDED} entries are missing: {first} to {last}" in behind.stderr
        assert late.command("serve", "--port", 0).returncode == ROLLED_BACK
        shown.saw(as_new_as_the_witness=0, older_than_the_witness=FOUND, missing=APPENDED)

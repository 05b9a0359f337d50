"""A backup is whole, audited and readable by either database, or it is not one."""

import json
import shutil
import sqlite3
import threading

import pytest

from tests.keeping.erasing import run_script
from tests.keeping.keeper import CANNOT, FOUND, ROLLED_BACK, SOUND, Keeper
from tests.shell import PRIVATE


def test_a_backup_holds_every_row_and_no_secret(keeper: Keeper) -> None:
    said = keeper.must("backup", "b")
    folder = keeper.folder / "b"
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert (manifest["size"], manifest["origin"]) == (300, "cli.example.gov.cn/log/110000")
    assert "300" in said
    copy = shutil.copytree(folder, keeper.folder / "copy")
    assert keeper.rows(f"sqlite:///{copy / 'log.sqlite'}") == keeper.rows()
    assert {path.name for path in folder.iterdir()} == {
        *("log.sqlite", "checkpoint", "register", "policy", "origin", "manifest.json")
    }
    secrets = [path.read_bytes().strip() for path in keeper.keys.iterdir()]
    for path in folder.iterdir():
        content = path.read_bytes()
        assert not any(secret in content for secret in secrets)
        assert PRIVATE.encode() not in content


def test_a_backup_is_made_while_others_append(keeper: Keeper) -> None:
    stop = threading.Event()

    def append() -> None:
        while not stop.is_set():
            keeper.append(20)

    thread = threading.Thread(target=append)
    thread.start()
    try:
        for number in range(3):
            keeper.must("backup", f"b{number}")
    finally:
        stop.set()
        thread.join()
    sizes = [
        json.loads((keeper.folder / f"b{n}" / "manifest.json").read_bytes())["size"]
        for n in range(3)
    ]
    assert sizes == sorted(sizes)
    keeper.must("backup", "--vault", "v")
    keeper.keep_only_keys()
    keeper.must("restore", "b2", "--vault", "v")
    assert (keeper.audit()["ok"], keeper.audit()["size"]) == (True, sizes[2])


def test_a_folder_that_holds_something_is_left_alone(sqlite_keeper: Keeper) -> None:
    folder = sqlite_keeper.folder / "b"
    folder.mkdir()
    (folder / "letter").write_text("mine")
    assert sqlite_keeper.run("backup", "b").returncode == CANNOT
    assert [path.name for path in folder.iterdir()] == ["letter"]


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        ("UPDATE entries SET leaf = submission WHERE seq = 77", "leaf_differs"),
        ("UPDATE entries SET plain = NULL WHERE seq = 77", "facts_missing"),
        ("DELETE FROM entries WHERE seq = 77", "entry_missing"),
        ("DELETE FROM boxes WHERE seq = 25", "personal_missing"),
        ("DELETE FROM subtrees", "subtree_differs"),
    ],
)
def test_a_damaged_log_gives_no_backup(sqlite_keeper: Keeper, lie: str, code: str) -> None:
    sqlite_keeper.as_dba(lie)
    done = sqlite_keeper.run("backup", "b")
    assert done.returncode == FOUND
    assert code in done.stderr
    assert not (sqlite_keeper.folder / "b" / "manifest.json").exists()
    assert sqlite_keeper.run("restore", "b").returncode == CANNOT


def test_a_rewound_log_gives_no_backup(sqlite_keeper: Keeper) -> None:
    database = sqlite_keeper.data_dir / "log.sqlite"
    yesterday = database.read_bytes()
    sqlite_keeper.append(5)
    for path in sqlite_keeper.data_dir.glob("log.sqlite-*"):
        path.unlink()
    database.write_bytes(yesterday)
    assert sqlite_keeper.run("backup", "b").returncode == ROLLED_BACK
    assert not (sqlite_keeper.folder / "b").exists()


def test_whoever_is_erased_while_it_is_audited_does_not_spoil_it(sqlite_keeper: Keeper) -> None:
    """The copy is older than the erasure, the vault is not."""
    script = sqlite_keeper.folder / "late.py"
    script.write_text(
        "import sys\n"
        "import ledger.application.keeping as keeping\n"
        "from tests.keeping.erasing import erase_here\n"
        "finish = keeping.write_log_copy\n"
        "def late(*args, **more):\n"
        "    copied = finish(*args, **more)\n"
        "    erase_here()\n"
        "    return copied\n"
        "keeping.write_log_copy = late\n"
        "from ledger import cli\n"
        "sys.argv[1:] = ['backup', 'b']\n"
        "cli.main()\n"
    )
    done = run_script(sqlite_keeper, script)
    assert done.returncode == SOUND, done.stderr
    assert sqlite_keeper.audit()["ok"]


def test_a_naive_copy_of_a_live_database_is_refused(sqlite_keeper: Keeper) -> None:
    """The newest rows of a SQLite file lie in its write-ahead log."""
    database = sqlite_keeper.data_dir / "log.sqlite"
    reader = sqlite3.connect(database)
    try:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM entries").fetchone()
        sqlite_keeper.append(20)
        naive = sqlite_keeper.folder / "naive"
        naive.mkdir()
        shutil.copy(database, naive / "log.sqlite")
    finally:
        reader.close()
    sqlite_keeper.must("backup", "b")
    sqlite_keeper.keep_only_keys()
    assert sqlite_keeper.run("restore", "naive").returncode == CANNOT
    # Nor does it pass for the file that a real manifest describes.
    shutil.copy(naive / "log.sqlite", sqlite_keeper.folder / "b" / "log.sqlite")
    done = sqlite_keeper.run("restore", "b")
    assert done.returncode == CANNOT
    assert "log.sqlite" in done.stderr
    assert (
        not (sqlite_keeper.data_dir / "log.sqlite").exists()
        or not sqlite_keeper.rows()["entries"]
    )


def test_an_interrupted_backup_is_recognised(sqlite_keeper: Keeper) -> None:
    for at in range(1, 100):
        folder = f"b{at}"
        code = sqlite_keeper.killed(at, "backup", folder)
        whole = (sqlite_keeper.folder / folder / "manifest.json").exists()
        if code == SOUND:
            assert whole
            break
        if not whole:
            assert sqlite_keeper.run("restore", folder).returncode == CANNOT
    assert at > 8  # it was killed in the middle, more than once
    assert sqlite_keeper.audit()["ok"]

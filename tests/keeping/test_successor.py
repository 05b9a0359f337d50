"""A closed log has one successor: repeating the command ends it, and never makes a second."""

import json
import shutil

import pytest

from tests.keeping.keeper import CANNOT, SOUND, Keeper

NEW_ORIGIN = "cli.example.gov.cn/log/110001"
ARGS = ("recover", "--new-origin", NEW_ORIGIN, "--into")


def successor(keeper: Keeper, folder: str) -> Keeper:
    return Keeper(keeper.folder, {"LEDGER_DATA_DIR": folder})


def test_a_successor_that_was_cut_off_anywhere_is_ended_by_repeating_it(
    sqlite_keeper: Keeper,
) -> None:
    keeper = sqlite_keeper
    saved = shutil.copytree(keeper.data_dir, keeper.folder / "saved")
    kills = 0
    for at in range(2, 200, 4):
        for path in (keeper.data_dir, keeper.folder / "new"):
            shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(saved, keeper.data_dir)
        if keeper.killed(at, *ARGS, "new") == SOUND:
            break
        kills += 1
        if not (keeper.data_dir / "closed").exists():
            continue  # nothing was decided yet
        keeper.must(*ARGS, "new")
        new = successor(keeper, "new")
        report = new.audit()
        assert (report["ok"], report["size"], report["log"]) == (True, 1, NEW_ORIGIN)
        closed = json.loads((keeper.data_dir / "closed").read_bytes())
        assert closed["key"] in (keeper.folder / "new" / "policy").read_text()
        assert keeper.append_fails() == "LedgerClosedError"
    assert kills > 4


def test_there_is_no_second_successor(sqlite_keeper: Keeper) -> None:
    keeper = sqlite_keeper
    said = keeper.must(*ARGS, "new")
    for language, word in (("en", "never a second one"), ("zh", "绝不会另建一个")):
        other = keeper.run(*ARGS, "newer", LEDGER_LANGUAGE=language)
        assert other.returncode == CANNOT
        assert word in other.stderr
        assert str(keeper.folder / "new") in other.stderr
    assert not (keeper.folder / "newer").exists()
    assert keeper.must(*ARGS, "new") == said
    # Wherever it was moved to, its key tells it.
    (keeper.folder / "new").rename(keeper.folder / "moved")
    assert keeper.run(*ARGS, "new").returncode == CANNOT
    assert not (keeper.folder / "new").exists()
    assert NEW_ORIGIN in keeper.must(*ARGS, "moved")


def test_where_a_successor_is_created_is_settled_with_the_closing(
    sqlite_keeper: Keeper,
) -> None:
    keeper = sqlite_keeper
    for at in range(1, 20):
        assert keeper.killed(at, *ARGS, "new") != SOUND
        if (keeper.data_dir / "closed").exists():
            break
    other = keeper.run(*ARGS, "newer")
    assert (other.returncode, str(keeper.folder / "new") in other.stderr) == (CANNOT, True)
    assert not (keeper.folder / "newer").exists()
    keeper.must(*ARGS, "new")


@pytest.mark.parametrize("origin", [NEW_ORIGIN, "other.example/log/1"])
def test_an_unrelated_ledger_is_not_announced_as_the_successor(
    sqlite_keeper: Keeper, origin: str
) -> None:
    """Also where it has the successor's name: its first entry names no predecessor."""
    keeper = sqlite_keeper
    for at in range(1, 20):
        assert keeper.killed(at, *ARGS, "new") != SOUND
        if (keeper.data_dir / "closed").exists():
            break
    shutil.rmtree(keeper.folder / "new", ignore_errors=True)
    successor(keeper, "new").must("init", "--origin", origin)
    key = (keeper.folder / "new" / "policy").read_text().split()[1]
    done = keeper.run(*ARGS, "new")
    assert (done.returncode, "is not in" in done.stderr) == (CANNOT, True)
    assert key not in done.stdout + done.stderr


def test_a_database_that_holds_the_name_already_closes_nothing(
    sqlite_keeper: Keeper,
) -> None:
    keeper = sqlite_keeper
    other = successor(keeper, "other")
    other.must("init", "--origin", NEW_ORIGIN)
    taken = f"sqlite:///{keeper.folder / 'other' / 'log.sqlite'}"
    assert keeper.run(*ARGS, "new", "--database-url", taken).returncode == CANNOT
    keeper.append(1)
    assert other.audit()["ok"]

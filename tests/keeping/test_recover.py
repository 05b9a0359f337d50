"""Recovery puts back the identical entries, or nothing, and the log says that it did."""

import shutil

import pytest
import sqlalchemy as sa

from ledger.store.engine import connect
from tests.keeping.erasing import erase_here
from tests.keeping.keeper import (
    CANNOT,
    FOUND,
    ROLLED_BACK,
    SOUND,
    Keeper,
    begins_with,
    types,
)


@pytest.fixture
def yesterday(keeper: Keeper) -> Keeper:
    """Return a ledger of 350 entries whose database is that of 300; `later` has them all."""
    keeper.must("backup", "b")
    keeper.append(50)
    keeper.must("backup", "later")
    keeper.empty_database()
    assert keeper.run("restore", "b").returncode == FOUND
    return keeper


def test_the_lost_entries_come_back_as_they_were(yesterday: Keeper) -> None:
    keeper = yesterday
    assert keeper.run("serve", "--port", 0).returncode == ROLLED_BACK
    said = keeper.must("recover", "--from", "later")
    assert "300-349" in said
    copy = shutil.copytree(keeper.folder / "later", keeper.folder / "copy")
    assert begins_with(keeper.rows(), keeper.rows(f"sqlite:///{copy / 'log.sqlite'}"))
    assert types(keeper, [350]) == ["entries.restored"]
    report = keeper.audit()
    assert (report["ok"], report["size"]) == (True, 351)
    keeper.append(3)
    keeper.stranger_checks(keeper.folder / "export")


def test_without_a_source_nothing_changes(yesterday: Keeper) -> None:
    before = yesterday.rows()
    for args in ([], ["--from", "b"]):
        done = yesterday.run("recover", *args)
        assert done.returncode == FOUND
        assert "300-349" in done.stderr
        assert "--new-origin" in done.stderr
        assert yesterday.rows() == before
    assert yesterday.run("serve", "--port", 0).returncode == ROLLED_BACK


def test_an_export_gives_no_rows_back(sqlite_keeper: Keeper) -> None:
    sqlite_keeper.must("audit", "export", "export", "--facts")
    sqlite_keeper.as_dba("DELETE FROM entries WHERE seq = 77")
    before = sqlite_keeper.rows()
    done = sqlite_keeper.run("recover", "--from", "export")
    assert (done.returncode, "seeds" in done.stderr) == (CANNOT, True)
    assert sqlite_keeper.rows() == before


LIES = [
    "UPDATE entries SET entry = leaf WHERE seq = 5",
    "UPDATE entries SET leaf = entry WHERE seq = 77",
    "UPDATE entries SET plain = NULL WHERE seq = 78",
    "UPDATE entries SET topic = 'other' WHERE seq = 299",
    "DELETE FROM entries WHERE seq IN (100, 101)",
    "DELETE FROM boxes WHERE seq = 25",
    "UPDATE boxes SET box = (SELECT leaf FROM entries WHERE seq = 1) WHERE seq = 35",
    "DELETE FROM subtrees",
    "DELETE FROM checkpoints",
]


def test_damaged_rows_are_replaced_and_the_others_left_alone(keeper: Keeper) -> None:
    before = keeper.rows()
    keeper.must("backup", "b")
    keeper.as_dba(*LIES)
    assert not keeper.audit()["ok"]
    said = keeper.must("recover", "--from", "b")
    for place in ("5,", "25,", "35,", "77-78", "100-101", "299"):
        assert place in said
    assert begins_with(keeper.rows(), before)
    report = keeper.audit()
    assert (report["ok"], report["size"]) == (True, 301)
    with pytest.raises(Exception, match="never changed"):
        _touch(keeper)


def _touch(keeper: Keeper) -> None:
    engine = connect(keeper.url)
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM entries"))


def test_two_damaged_copies_make_a_whole_one(keeper: Keeper) -> None:
    """Neither the database nor the standby is whole, but each has what the other lacks."""
    before = keeper.rows()
    standby = keeper.folder / "standby.sqlite"
    keeper.must("backup", "b")
    shutil.copy(keeper.folder / "b" / "log.sqlite", standby)
    url = f"sqlite:///{standby}"
    other = Keeper(keeper.folder, {"LEDGER_DATABASE_URL": url})
    other.as_dba("DELETE FROM entries WHERE seq < 100", "DELETE FROM heads")
    keeper.as_dba("DELETE FROM entries WHERE seq >= 200", "UPDATE heads SET mac = edge")
    said = keeper.must("recover", "--from", url)
    assert "200-299" in said
    assert begins_with(keeper.rows(), before)
    assert keeper.audit()["ok"]


def test_a_database_that_is_gone_comes_back_from_a_standby(keeper: Keeper) -> None:
    before = keeper.rows()
    keeper.must("backup", "b")
    standby = shutil.copy(keeper.folder / "b" / "log.sqlite", keeper.folder / "standby")
    keeper.empty_database()
    keeper.must("recover", "--from", f"sqlite:///{standby}")
    assert begins_with(keeper.rows(), before)
    assert keeper.audit()["ok"]


def test_a_forged_copy_is_no_source(sqlite_keeper: Keeper) -> None:
    """Its entries are another log's, though every hash in it fits."""
    keeper = sqlite_keeper
    keeper.must("backup", "b")
    keeper.append(20)
    keeper.empty_database()
    assert keeper.run("restore", "b").returncode == FOUND
    fork = Keeper(keeper.folder / "fork")
    shutil.copytree(keeper.data_dir, fork.data_dir)
    (fork.data_dir / "head").unlink()
    fork.must("recover", "--without-witnesses")  # as if its register had been rewound too
    fork.append(20)
    before = keeper.rows()
    done = keeper.run("recover", "--from", fork.url)
    assert done.returncode == ROLLED_BACK
    assert keeper.rows() == before


def test_entries_that_nothing_vouches_for_are_not_dropped_unasked(
    sqlite_keeper: Keeper,
) -> None:
    keeper = sqlite_keeper
    keeper.must("backup", "b")
    before = keeper.rows()
    columns = "entry, leaf, stream, version"
    keeper.as_dba(
        f"INSERT INTO entries SELECT log, seq + 1000, {columns}, 9999, topic, plain, personal,"
        " submission FROM entries WHERE seq = 7"
    )
    done = keeper.run("recover", "--from", "b")
    assert (done.returncode, "1007" in done.stderr) == (FOUND, True)
    keeper.must("recover", "--from", "b", "--discard-beyond")
    assert keeper.rows() == before
    assert keeper.audit()["ok"]


def test_a_lost_register_is_made_anew_only_with_consent(sqlite_keeper: Keeper) -> None:
    keeper = sqlite_keeper
    (keeper.data_dir / "head").unlink()
    assert keeper.run("serve", "--port", 0).returncode == ROLLED_BACK
    before = keeper.rows()
    keeper.must("recover")  # the policy names no witness: there is nobody to ask
    assert keeper.rows() == before
    keeper.append(1)


def test_an_erasure_among_the_lost_entries_is_done_again(keeper: Keeper) -> None:
    keeper.must("backup", "b")
    keeper.must("backup", "--vault", "v")
    erase_here(keeper.settings())
    keeper.must("backup", "later")
    keeper.empty_database()
    (keeper.data_dir / "vault.sqlite").unlink()
    assert keeper.run("restore", "b", "--vault", "v").returncode == FOUND
    keeper.must("recover", "--from", "later")
    report = keeper.audit()
    assert (report["ok"], report["findings"]) == (True, [])


def test_an_interrupted_recovery_is_ended_by_another_one(sqlite_keeper: Keeper) -> None:
    keeper = sqlite_keeper
    keeper.must("backup", "b")
    keeper.append(50)
    whole = keeper.rows()
    keeper.must("backup", "later")
    keeper.empty_database()
    assert keeper.run("restore", "b").returncode == FOUND
    saved = shutil.copytree(keeper.data_dir, keeper.folder / "saved")
    kills = 0
    for at in range(1, 100, 2):
        shutil.rmtree(keeper.data_dir)
        shutil.copytree(saved, keeper.data_dir)
        if keeper.killed(at, "recover", "--from", "later") == SOUND:
            break
        kills += 1
        if len(keeper.rows()["entries"]) == 300:
            assert keeper.append_fails() == "RolledBackError"
        keeper.must("recover", "--from", "later")
        assert begins_with(keeper.rows(), whole)
        # The log says once what was restored, whenever the first attempt ended.
        assert types(keeper, range(350, 360)) == ["entries.restored"]
        assert keeper.audit()["ok"]
    assert kills > 4

"""A log goes on elsewhere: nothing is lost on the way, and never do two go on at once."""

import json

from tests.keeping.keeper import CANNOT, FOUND, ROLLED_BACK, SOUND, Keeper, make_first_release

NEW_ORIGIN = "cli.example.gov.cn/log/110001"


def test_a_moved_log_goes_on_in_one_place_only(
    sqlite_keeper: Keeper, postgres_url: str
) -> None:
    """To PostgreSQL and back; what is left behind is sound, and never extended."""
    keeper = sqlite_keeper
    before, old_url = keeper.rows(), keeper.url
    assert postgres_url.split("@")[1] in keeper.must("migrate", "--to", postgres_url)
    assert (keeper.rows(), keeper.rows(postgres_url)) == (before, before)
    assert keeper.append_fails() == "LedgerMovedError"  # though the new one has not grown yet
    assert keeper.run("serve", "--port", 0).returncode == ROLLED_BACK
    assert keeper.audit()["ok"]
    keeper.env["LEDGER_DATABASE_URL"] = postgres_url
    keeper.append(20)
    assert (keeper.audit()["ok"], keeper.audit()["size"]) == (True, 320)
    grown = keeper.rows()
    back = f"sqlite:///{keeper.folder / 'back.sqlite'}"
    assert keeper.run("migrate", "--to", old_url).returncode == CANNOT  # it holds rows
    keeper.must("migrate", "--to", back)
    keeper.env["LEDGER_DATABASE_URL"] = back
    keeper.append(1)
    assert keeper.rows()["entries"][:320] == grown["entries"]
    assert keeper.audit()["ok"]


def test_a_damaged_log_is_not_moved(sqlite_keeper: Keeper) -> None:
    sqlite_keeper.as_dba("UPDATE entries SET plain = NULL WHERE seq = 7")
    other = sqlite_keeper.folder / "other.sqlite"
    done = sqlite_keeper.run("migrate", "--to", f"sqlite:///{other}")
    assert (done.returncode, "facts_missing  seq 7" in done.stderr) == (FOUND, True)
    assert sqlite_keeper.rows(f"sqlite:///{other}")["entries"] == []
    sqlite_keeper.append(1)


def test_an_interrupted_move_is_ended_by_another_one(sqlite_keeper: Keeper) -> None:
    keeper = sqlite_keeper
    before = keeper.rows()
    saved = (keeper.data_dir / "log.sqlite").read_bytes()
    for at in range(1, 100):
        for path in keeper.data_dir.glob("log.sqlite-*"):
            path.unlink()
        (keeper.data_dir / "log.sqlite").write_bytes(saved)
        there = f"sqlite:///{keeper.folder / f'there{at}.sqlite'}"
        code = keeper.killed(at, "migrate", "--to", there)
        assert keeper.rows() == before
        if code != SOUND:
            keeper.must("migrate", "--to", there)
        assert keeper.append_fails() == "LedgerMovedError"
        assert keeper.rows(there) == before
        if code == SOUND:
            break
    assert at > 3


def test_tables_are_brought_up_to_date(sqlite_keeper: Keeper) -> None:
    """From the first revision on: what is there stays as it was."""
    keeper = sqlite_keeper
    before = keeper.rows()
    make_first_release(keeper.data_dir / "log.sqlite")
    assert keeper.run("backup", "b").returncode == CANNOT  # it would not be whole
    assert "300" in keeper.must("migrate")
    assert keeper.rows() == before
    keeper.must("backup", "b2")


def test_a_closed_log_is_succeeded_by_one_that_names_it(keeper: Keeper) -> None:
    """Yesterday's rows are all there is, so the log is closed for good."""
    keeper.must("backup", "b")
    keeper.append(50)
    keeper.must("audit", "prove", 349, "--out", "349.tlog-proof")
    keeper.empty_database()
    assert keeper.run("restore", "b").returncode == FOUND
    keeper.must(
        *("recover", "--new-origin", NEW_ORIGIN, "--into", "new"),
        *("--receipts", "349.tlog-proof"),
        LEDGER_DATABASE_URL=keeper.url,
    )
    new = Keeper(keeper.folder, {"LEDGER_DATA_DIR": "new"})
    facts = json.loads(_plain(new))["facts"]
    assert facts["type"] == "ledger.opened"
    # The largest checkpoint that anybody can show, verbatim: of 350, not of 300.
    assert facts["predecessor"].startswith("cli.example.gov.cn/log/110000\n350\n")
    assert facts["predecessor"] in (keeper.folder / "349.tlog-proof").read_text()
    assert new.audit()["ok"]
    for args in (["serve", "--port", 0], ["recover", "--from", "b"], ["migrate"]):
        assert keeper.run(*args).returncode == ROLLED_BACK
    assert keeper.append_fails() == "LedgerClosedError"
    # Readable, exportable, and auditable: it says what it said.
    keeper.stranger_checks(keeper.folder / "export")
    other = keeper.run("recover", "--new-origin", "other.example/log/1", "--into", "newer")
    assert (other.returncode, NEW_ORIGIN in other.stderr) == (ROLLED_BACK, True)


def test_a_closed_log_can_be_kept_and_comes_back_closed(sqlite_keeper: Keeper) -> None:
    keeper = sqlite_keeper
    keeper.must("recover", "--new-origin", NEW_ORIGIN, "--into", "new")
    keeper.must("backup", "b")
    before = keeper.rows()
    keeper.empty_database()
    (keeper.data_dir / "closed").unlink()
    keeper.must("restore", "b")
    assert keeper.rows() == before
    assert keeper.append_fails() == "LedgerClosedError"
    served = keeper.run("serve", "--port", 0)
    assert (served.returncode, NEW_ORIGIN in served.stderr) == (ROLLED_BACK, True)


def _plain(keeper: Keeper) -> bytes:
    plain: bytes = keeper.rows(f"sqlite:///{keeper.folder / 'new' / 'log.sqlite'}")["entries"][
        0
    ][8]
    return plain


def test_a_closing_that_was_cut_off_is_ended_by_repeating_it(sqlite_keeper: Keeper) -> None:
    keeper = sqlite_keeper
    args = ("recover", "--new-origin", NEW_ORIGIN, "--into", "new")
    assert keeper.killed(2, *args) != SOUND  # the old log is marked as closed, no more
    assert keeper.run("serve", "--port", 0).returncode == ROLLED_BACK
    keeper.must(*args)
    assert keeper.append_fails() == "LedgerClosedError"
    keeper.must(*args)


def test_a_place_that_is_taken_closes_nothing(sqlite_keeper: Keeper) -> None:
    (sqlite_keeper.folder / "new").mkdir()
    (sqlite_keeper.folder / "new" / "letter").write_text("mine")
    args = ("recover", "--new-origin", NEW_ORIGIN, "--into", "new")
    assert sqlite_keeper.run(*args).returncode == CANNOT
    sqlite_keeper.append(1)
    assert sqlite_keeper.audit()["ok"]

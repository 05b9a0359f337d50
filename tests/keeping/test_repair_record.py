"""What a recovery put back is the next thing that the log says, whoever extends it next."""

import shutil
import socket

from ledger.proof.note import KeyType
from ledger.proof.signers import SigningKey
from tests.keeping.keeper import CANNOT, ROLLED_BACK, SOUND, Keeper, types

WITNESS = SigningKey("witness.example/w", KeyType.COSIGNATURE, bytes(32)).verifier_key


def test_an_entry_that_was_put_back_is_recorded_without_witnesses(
    sqlite_keeper: Keeper,
) -> None:
    """The log is as far ahead of them as it may be: nothing else is appended."""
    keeper = sqlite_keeper
    keeper.must("backup", "b")
    keeper.as_dba("DELETE FROM entries WHERE seq = 77")
    log = (keeper.data_dir / "policy").read_text().split("quorum")[0]
    text = f"{log}witness w {WITNESS.text()}\nquorum w\n"
    (keeper.folder / "trusted").write_text(text)
    keeper.env |= {"LEDGER_POLICY_FILE": "trusted", "LEDGER_UNWITNESSED_MAX": "300"}
    keeper.must("recover", "--from", "b")
    assert types(keeper, range(300, 310)) == ["entries.restored"]
    assert keeper.run("keys", "rotate").returncode == CANNOT
    assert len(keeper.rows()["entries"]) == 301


def test_whoever_extends_the_log_next_finishes_the_record(sqlite_keeper: Keeper) -> None:
    """Killed anywhere: what is back is recorded first, and nothing that is not back."""
    keeper = sqlite_keeper
    keeper.must("backup", "b")
    keeper.as_dba("UPDATE entries SET plain = NULL WHERE seq = 77")
    saved = shutil.copytree(keeper.data_dir, keeper.folder / "saved")
    ends = set()
    for at in range(1, 100):
        shutil.rmtree(keeper.data_dir)
        shutil.copytree(saved, keeper.data_dir)
        if keeper.killed(at, "recover", "--from", "b") == SOUND:
            break
        done = keeper.run("keys", "rotate")
        is_back = keeper.rows()["entries"][77][8] is not None
        said = types(keeper, range(300, 310))
        ends.add((is_back, done.returncode, *said))
        assert not list(keeper.data_dir.glob("repair*")) or done.returncode == ROLLED_BACK
    assert ends == {
        (False, SOUND, "key.rotated"),
        (True, ROLLED_BACK),
        (True, SOUND, "entries.restored", "key.rotated"),
    }


def test_the_service_finishes_the_record_before_it_listens(sqlite_keeper: Keeper) -> None:
    keeper = sqlite_keeper
    keeper.must("backup", "b")
    keeper.as_dba("DELETE FROM entries WHERE seq = 77")
    saved = shutil.copytree(keeper.data_dir, keeper.folder / "saved")
    # The first step after which the head stands open and the log has not said why.
    for at in range(1, 100):
        shutil.rmtree(keeper.data_dir)
        shutil.copytree(saved, keeper.data_dir)
        assert keeper.killed(at, "recover", "--from", "b") != SOUND
        if list(keeper.data_dir.glob("repair.*-*")) and _serve(keeper) == CANNOT:
            break
    assert types(keeper, range(300, 310)) == ["entries.restored"]
    assert not list(keeper.data_dir.glob("repair*"))


def _serve(keeper: Keeper) -> int:
    """Start the service at a port that is taken, so that it ends by itself."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        return keeper.run("serve", "--port", taken.getsockname()[1]).returncode

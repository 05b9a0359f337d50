"""A restore overwrites nothing, believes nobody alone, and says what is missing."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ledger.proof.canonical import encode
from ledger.proof.checkpoint import add_signatures, parse_checkpoint, sign_checkpoint
from ledger.proof.note import KeyType, parse_note
from ledger.proof.signers import SigningKey
from tests.keeping.erasing import erase_here
from tests.keeping.keeper import CANNOT, FOUND, ROLLED_BACK, SOUND, Keeper, make_first_release
from tests.shell import PERSON


def test_a_lost_machine_is_restored_from_backups_and_keys(keeper: Keeper) -> None:
    keeper.must("backup", "b")
    keeper.must("backup", "--vault", "v")
    before, public = keeper.rows(), (keeper.data_dir / "policy").read_text()
    keeper.keep_only_keys()
    keeper.must("restore", "b", "--vault", "v")
    assert keeper.rows() == before
    assert (keeper.data_dir / "policy").read_text() == public
    assert keeper.audit()["ok"]
    keeper.append(10)
    assert (keeper.audit()["ok"], keeper.audit()["size"]) == (True, 310)


def test_a_backup_goes_into_the_other_kind_of_database(
    sqlite_keeper: Keeper, postgres_url: str
) -> None:
    sqlite_keeper.must("backup", "b")
    before = sqlite_keeper.rows()
    sqlite_keeper.empty_database()
    sqlite_keeper.env["LEDGER_DATABASE_URL"] = postgres_url
    sqlite_keeper.must("restore", "b")
    assert sqlite_keeper.rows() == before
    sqlite_keeper.must("backup", "back")
    sqlite_keeper.env.clear()
    sqlite_keeper.must("restore", "back")
    assert sqlite_keeper.rows() == before
    assert sqlite_keeper.audit()["ok"]


def test_nothing_is_overwritten(sqlite_keeper: Keeper) -> None:
    sqlite_keeper.must("backup", "b")
    sqlite_keeper.append(5)
    before = sqlite_keeper.rows()
    assert sqlite_keeper.run("restore", "b").returncode == CANNOT
    assert sqlite_keeper.rows() == before
    assert sqlite_keeper.audit()["ok"]


def test_a_changed_backup_is_refused(sqlite_keeper: Keeper) -> None:
    """Also where whoever changed it wrote a manifest that fits."""
    keeper = sqlite_keeper
    keeper.must("backup", "b")
    folder = keeper.folder / "b"
    forged = Keeper(
        keeper.folder, {"LEDGER_DATABASE_URL": f"sqlite:///{folder / 'log.sqlite'}"}
    )
    forged.as_dba("UPDATE entries SET plain = replace(plain, 'e30=', 'e31=') WHERE seq = 77")
    for path in folder.glob("log.sqlite-*"):
        path.unlink()
    keeper.empty_database()
    done = keeper.run("restore", "b")
    assert (done.returncode, "log.sqlite" in done.stderr) == (CANNOT, True)
    rewrite_manifest(folder)
    done = keeper.run("restore", "b")
    assert done.returncode == FOUND
    assert "facts_commitment  seq 77" in done.stderr
    assert keeper.rows()["entries"] == []


def test_a_backup_of_an_older_release_is_restored(sqlite_keeper: Keeper) -> None:
    """Its tables are brought up to date in a copy; the backup itself stays as it is."""
    keeper = sqlite_keeper
    keeper.must("backup", "b")
    before, folder = keeper.rows(), keeper.folder / "b"
    make_first_release(folder / "log.sqlite")
    rewrite_manifest(folder)
    kept = {path.name: path.read_bytes() for path in folder.iterdir()}
    keeper.empty_database()
    keeper.must("restore", "b")
    assert keeper.rows() == before
    assert keeper.audit()["ok"]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == kept
    assert not list(keeper.data_dir.glob(".restore*"))


def rewrite_manifest(folder: Path) -> None:
    """Let a manifest describe the rows' file as it is now."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    content = (folder / "log.sqlite").read_bytes()
    for each in manifest["files"]:
        if each["name"] == "log.sqlite":
            each |= {"bytes": len(content), "sha256": sha256(content).hexdigest()}
    (folder / "manifest.json").write_bytes(encode(manifest))


def test_yesterdays_backup_is_named_as_such(keeper: Keeper) -> None:
    """With the head register at hand: what is missing, and what receipts tell of it."""
    keeper.must("backup", "b")
    yesterday = keeper.rows()
    keeper.append(50)
    keeper.must("audit", "prove", 320, "--out", "320.tlog-proof")
    keeper.empty_database()
    done = keeper.run("restore", "b", "--receipts", "320.tlog-proof")
    assert done.returncode == FOUND
    assert "50 entries are missing: 300 to 349" in done.stderr
    assert "entry 320: opaque.recorded, 20" in done.stderr
    assert keeper.rows() == yesterday
    served = keeper.run("serve", "--port", 0)
    assert served.returncode == ROLLED_BACK
    assert "\n350\n" in served.stderr
    assert "\n300\n" in served.stderr
    assert keeper.append_fails() == "RolledBackError"


def test_without_a_register_receipts_still_tell(sqlite_keeper: Keeper) -> None:
    """Register and database are gone; a receipt in somebody's hands is not."""
    keeper = sqlite_keeper
    keeper.must("backup", "b")
    keeper.append(50)
    keeper.must("audit", "prove", 320, "--out", "320.tlog-proof")
    keeper.keep_only_keys()
    done = keeper.run("restore", "b", "--receipts", "320.tlog-proof")
    assert done.returncode == FOUND
    assert "300 to 349" in done.stderr
    assert keeper.append_fails() == "RolledBackError"
    assert keeper.run("serve", "--port", 0).returncode == ROLLED_BACK


def test_a_receipt_of_another_log_does_not_count(
    sqlite_keeper: Keeper, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = Keeper(tmp_path_factory.mktemp("other"))
    other.init()
    other.append(400)
    other.must("audit", "prove", 320, "--out", "320.tlog-proof")
    sqlite_keeper.must("backup", "b")
    sqlite_keeper.empty_database()
    receipt = other.folder / "320.tlog-proof"
    done = sqlite_keeper.run("restore", "b", "--receipts", receipt)
    assert done.returncode == CANNOT
    assert sqlite_keeper.rows()["entries"] == []


WITNESS_KEY = SigningKey("witness.example/w", KeyType.COSIGNATURE, bytes(32))


@dataclass
class Witness:
    """A witness on loopback that shows one checkpoint, cosigned, to whoever asks."""

    url: str = ""
    note: bytes = b""

    def cosign(self, note: bytes) -> None:
        signed = parse_note(note)
        line = sign_checkpoint(parse_checkpoint(signed.text), WITNESS_KEY, timestamp=1)
        self.note = add_signatures(signed, [line]).encode()

    def trusted_by(self, keeper: Keeper) -> None:
        policy = keeper.folder / "trusted"
        text = (keeper.data_dir / "policy").read_text().replace("quorum none\n", "")
        vkey = WITNESS_KEY.verifier_key.text()
        policy.write_text(f"{text}witness w {vkey} {self.url}\nquorum w\n")
        keeper.env["LEDGER_POLICY_FILE"] = str(policy)


@pytest.fixture
def witness() -> Iterator[Witness]:
    shown = Witness()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if shown.note else 404)
            self.end_headers()
            self.wfile.write(shown.note)

        def do_POST(self) -> None:
            self.send_response(404)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        shown.url = f"http://127.0.0.1:{server.server_port}/w/"
        try:
            yield shown
        finally:
            server.shutdown()
            thread.join()


def test_without_a_register_the_witnesses_are_asked(
    sqlite_keeper: Keeper, witness: Witness
) -> None:
    """Silent, without a cosignature, then in agreement: the last alone lets rows come back."""
    keeper = sqlite_keeper
    witness.trusted_by(keeper)
    keeper.must("backup", "b")
    newest = (keeper.folder / "b" / "checkpoint").read_bytes()
    keeper.keep_only_keys()
    del keeper.env["LEDGER_POLICY_FILE"]  # the backup remembers who is to be asked
    for note in (b"", newest, b"garbage"):
        witness.note = note
        done = keeper.run("restore", "b")
        assert (done.returncode, "--without-witnesses" in done.stderr) == (CANNOT, True)
        assert keeper.rows()["entries"] == []
        assert not (keeper.data_dir / "head").exists()
    witness.cosign(newest)
    keeper.must("restore", "b")
    assert len(keeper.rows()["entries"]) == 300


def test_what_a_witness_saw_is_missed(sqlite_keeper: Keeper, witness: Witness) -> None:
    """The witness holds a checkpoint of 350 that this log signed; the backup ends at 300."""
    keeper = sqlite_keeper
    witness.trusted_by(keeper)
    keeper.must("backup", "b")
    keeper.append(50)
    keeper.must("backup", "later")
    witness.cosign((keeper.folder / "later" / "checkpoint").read_bytes())
    keeper.must("backup", "--vault", "v")
    keeper.keep_only_keys()
    done = keeper.run("restore", "b", "--vault", "v")
    assert done.returncode == FOUND
    assert "300 to 349" in done.stderr
    assert "witness w" in done.stderr
    # Also when that witness is away, and inside a service that runs already.
    witness.note = b""
    assert keeper.append_fails() == "RolledBackError"
    assert keeper.run("serve", "--port", 0).returncode == ROLLED_BACK
    keeper.must("recover", "--from", "later")
    keeper.append(1)
    assert len(keeper.rows()["entries"]) == 352


def test_the_operator_may_go_on_without_witnesses(
    sqlite_keeper: Keeper, witness: Witness
) -> None:
    keeper = sqlite_keeper
    witness.trusted_by(keeper)
    keeper.must("backup", "b")
    keeper.keep_only_keys()
    keeper.must("restore", "b", "--without-witnesses")
    assert len(keeper.rows()["entries"]) == 300


def test_whoever_was_erased_stays_erased(keeper: Keeper) -> None:
    """Her key comes back with an older backup of the vault, and is destroyed again."""
    keeper.must("backup", "--vault", "v")
    assert erase_here(keeper.settings())
    keeper.must("backup", "b")
    keeper.keep_only_keys()
    assert "applied again: 1" in keeper.must("restore", "b", "--vault", "v")
    report = keeper.audit()
    assert (report["ok"], report["findings"]) == (True, [])
    assert PERSON not in keeper.run("audit", "verify").stdout


def test_an_interrupted_restore_is_ended_by_another_one(sqlite_keeper: Keeper) -> None:
    keeper = sqlite_keeper
    keeper.must("backup", "b")
    keeper.must("backup", "--vault", "v")
    before = keeper.rows()
    kills = 0
    for at in range(1, 100, 2):
        keeper.empty_database()
        for name in ("head", "origin", "policy", "vault.sqlite"):
            (keeper.data_dir / name).unlink(missing_ok=True)
        if keeper.killed(at, "restore", "b", "--vault", "v") == SOUND:
            break
        kills += 1
        again = keeper.run("restore", "b", "--vault", "v")
        # What was complete is recognised as a ledger; what was not is completed.
        assert again.returncode in (SOUND, CANNOT), again.stderr
        assert keeper.rows() == before
        assert keeper.audit()["ok"]
    assert kills > 4

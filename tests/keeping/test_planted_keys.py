"""A backup's own files are believed no further than its rows prove them."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.proof.canonical import encode
from ledger.proof.note import KeyType
from ledger.proof.signers import SigningKey
from tests.keeping.keeper import CANNOT, ORIGIN, Keeper

PLANTED = SigningKey(ORIGIN, KeyType.ED25519, b"\x07" * 32).verifier_key


def rewrite(folder: Path, name: str, content: bytes) -> None:
    """Change a file of a backup, and its manifest with it."""
    (folder / name).write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for each in manifest["files"]:
        if each["name"] == name:
            each |= {"bytes": len(content), "sha256": sha256(content).hexdigest()}
    (folder / "manifest.json").write_bytes(encode(manifest))


@pytest.mark.parametrize("trusted", [False, True])
def test_a_key_that_the_rows_do_not_name_is_refused(
    sqlite_keeper: Keeper, *, trusted: bool
) -> None:
    """Whoever can write backups signs nothing for this log."""
    keeper = sqlite_keeper
    if trusted:
        public = (keeper.data_dir / "policy").read_text()
        (keeper.folder / "trusted").write_text(public)
        keeper.env["LEDGER_POLICY_FILE"] = "trusted"
    keeper.must("backup", "b")
    policy = (keeper.folder / "b" / "policy").read_text()
    keeper.keep_only_keys()
    planted = f"log {PLANTED.text()}\n{policy}"
    rewrite(keeper.folder / "b", "policy", planted.encode())
    done = keeper.run("restore", "b", "--without-witnesses")
    assert (done.returncode, PLANTED.label in done.stderr) == (CANNOT, True)
    assert keeper.rows()["entries"] == []
    assert not (keeper.data_dir / "policy").exists()
    rewrite(keeper.folder / "b", "policy", policy.encode())
    keeper.must("restore", "b", "--without-witnesses")
    assert (keeper.data_dir / "policy").read_text() == policy


def test_a_planted_witness_and_name_are_not_installed(sqlite_keeper: Keeper) -> None:
    keeper = sqlite_keeper
    keeper.must("backup", "b")
    policy = (keeper.folder / "b" / "policy").read_text()
    (keeper.folder / "trusted").write_text(policy)
    keeper.env["LEDGER_POLICY_FILE"] = "trusted"
    keeper.keep_only_keys()
    witness = SigningKey("w.example", KeyType.COSIGNATURE, b"\x08" * 32).verifier_key
    log = policy.split("quorum")[0]
    planted = f"{log}witness w {witness.text()}\nquorum w\n"
    rewrite(keeper.folder / "b", "policy", planted.encode())
    rewrite(keeper.folder / "b", "origin", b"other.example/log/1\n")
    keeper.must("restore", "b", "--without-witnesses")
    assert (keeper.data_dir / "policy").read_text() == policy
    assert (keeper.data_dir / "origin").read_text() == f"{ORIGIN}\n"


def test_keys_that_were_rotated_come_back(sqlite_keeper: Keeper) -> None:
    """The log names both itself; the old one's file need not have been kept."""
    keeper = sqlite_keeper
    keeper.must("keys", "rotate")
    keeper.must("backup", "b")
    policy = (keeper.data_dir / "policy").read_text()
    assert policy.count("log ") == 2
    for path in keeper.keys.glob("log.key.*"):
        path.unlink()
    keeper.keep_only_keys()
    keeper.must("restore", "b")
    assert (keeper.data_dir / "policy").read_text() == policy


def test_a_key_that_only_its_file_proves_comes_back(sqlite_keeper: Keeper) -> None:
    """Entry 0 names no ML-DSA-44 key: without its file a planted one would look the same."""
    keeper = Keeper(sqlite_keeper.folder / "second")
    keeper.folder.mkdir()
    keeper.must("init", "--origin", ORIGIN, "--mldsa")
    keeper.must("backup", "b")
    policy = (keeper.data_dir / "policy").read_text()
    keeper.keep_only_keys()
    kept = (keeper.keys / "log-mldsa44.key").rename(keeper.folder / "apart")
    assert keeper.run("restore", "b").returncode == CANNOT
    assert keeper.rows()["entries"] == []
    kept.rename(keeper.keys / "log-mldsa44.key")
    keeper.must("restore", "b")
    assert (keeper.data_dir / "policy").read_text() == policy

"""What the command line hands out: exports and proofs that strangers can check."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.application.explaining import explain
from ledger.application.texts import Language, say
from ledger.store.exporting import EntryGoneError, SubtreeGoneError
from tests.shell import PRIVATE, Shell, base, empty, shell

__all__ = ["base", "empty", "shell"]
VERIFIER = Path(__file__).parents[1] / "scripts" / "verify_log.py"
SOUND, FOUND, CANNOT = 0, 1, 2


def test_an_export_is_checked_elsewhere_and_the_database_may_be_gone(
    shell: Shell, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = Shell(tmp_path_factory.mktemp("elsewhere"))
    folder = elsewhere.folder / "export"
    done = shell.run("audit", "export", folder, "--facts")
    assert done.returncode == SOUND, done.stderr
    assert not any(PRIVATE.encode() in content for content in elsewhere.files().values())
    report = json.loads(elsewhere.run("audit", "check", folder, "--json").stdout)
    assert (report["ok"], report["scope"], report["size"]) == (True, "export", 300)
    assert "key_not_trusted" in {each["code"] for each in report["unchecked"]}
    trusted = elsewhere.run(
        *("audit", "check", folder, "--json", "--trust", folder / "policy"),
        *("--shapes", folder / "shapes.json"),
    )
    report = json.loads(trusted.stdout)
    assert "key_not_trusted" not in {each["code"] for each in report["unchecked"]}
    by_stranger = subprocess.run(
        [sys.executable, VERIFIER, folder, "--policy", folder / "policy"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert by_stranger.returncode == SOUND, by_stranger.stdout
    again = shell.run("audit", "export", folder)
    assert again.returncode == CANNOT
    bundle = folder / "tile/entries/000"
    bundle.write_bytes(bundle.read_bytes().replace(b'"seq":77', b'"seq":78'))
    done = elsewhere.run("audit", "check", folder)
    assert done.returncode == FOUND
    assert "entry_wrong_seq  seq 77" in done.stdout


def test_what_is_no_export_cannot_be_checked(empty: Shell) -> None:
    (empty.folder / "junk").mkdir()
    (empty.folder / "junk" / "checkpoint").write_text("junk")
    for name in ("absent", "junk"):
        done = empty.run("audit", "check", name, "--json")
        assert (done.returncode, done.stdout) == (CANNOT, "")


def test_a_damaged_log_is_not_exported_and_proves_nothing(shell: Shell) -> None:
    shell.lie("DELETE FROM entries WHERE seq = 77")
    assert shell.run("audit", "export", "out").returncode == CANNOT
    done = shell.run("audit", "prove", 78)
    assert (done.returncode, done.stdout) == (CANNOT, "")
    assert "ledger audit verify" in done.stderr


@pytest.mark.parametrize(("language", "said"), [("en", "is missing"), ("zh", "缺少")])
@pytest.mark.parametrize("gone", [EntryGoneError, SubtreeGoneError])
def test_a_gap_that_an_export_meets_is_said_with_its_place_and_what_to_do(
    gone: type[EntryGoneError], language: Language, said: str
) -> None:
    explained = explain(gone(77, Path("out")))
    assert explained is not None
    text = say(explained[0], language, **explained[1])
    for part in (said, "77", "out", "`ledger audit verify`", "`ledger recover --from SOURCE`"):
        assert part in text


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_text("junk")])
def test_both_verifiers_cannot_tell_without_a_checkpoint(
    shell: Shell, damage: Callable[[Path], object]
) -> None:
    assert shell.run("audit", "export", "out").returncode == SOUND
    damage(shell.folder / "out/checkpoint")
    policy = shell.folder / "out/policy"
    ours = shell.run("audit", "check", "out", "--json", "--trust", policy)
    theirs = subprocess.run(
        [sys.executable, VERIFIER, "out", "--policy", policy, "--json"],
        cwd=shell.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    for done in (ours, theirs):
        assert (done.returncode, done.stdout) == (CANNOT, ""), done.stderr


def test_one_entry_is_proved_to_a_stranger(shell: Shell) -> None:
    assert shell.run("audit", "export", "out").returncode == SOUND
    assert shell.run("audit", "prove", 15, "--out", "15.tlog-proof").returncode == SOUND
    printed = shell.run("audit", "prove", 15).stdout
    assert printed == (shell.folder / "15.tlog-proof").read_text("utf-8")
    assert PRIVATE not in printed
    by_stranger = subprocess.run(
        [sys.executable, VERIFIER, "15.tlog-proof", "--policy", "out/policy"],
        cwd=shell.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert by_stranger.returncode == SOUND, by_stranger.stdout


@pytest.mark.parametrize(
    "args", [[300], [15, "--disclose", "nothing"]], ids=["no entry", "no fact"]
)
def test_what_cannot_be_proved_is_said(shell: Shell, args: list[object]) -> None:
    done = shell.run("audit", "prove", *args)
    assert (done.returncode, done.stdout) == (CANNOT, "")
    assert done.stderr


@pytest.mark.parametrize(
    ("language", "said"), [("en_US.UTF-8", "signed before"), ("zh_CN.UTF-8", "已签名检查点")]
)
def test_damage_to_the_rows_of_the_keys_leaves_what_was_signed_before(
    shell: Shell, language: str, said: str
) -> None:
    """Given rows about keys whose facts were lost, what was signed is still handed out."""
    assert shell.run("audit", "export", "before").returncode == SOUND
    shell.lie("UPDATE entries SET plain = NULL WHERE seq = 0")
    done = shell.run("audit", "export", "after", LANG=language)
    assert done.returncode == SOUND, done.stderr
    assert said in done.stderr.replace("\n", " ")

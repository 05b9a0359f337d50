"""`ledger verify`: a certificate is checked with nothing but the file and a trust policy."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.proof.canonical import Value
from ledger.proof.disclosure import ProvenEvent, parse_proven_event
from ledger.proof.facts import Fact, commitment
from ledger.proof.tlog_proof import parse_tlog_proof
from tests.application.certifying import checker_of, handing_out_of, open_bureau
from tests.application.homes import (
    ON_SQLITE,
    home,
    house,
    postgres_town,
    sqlite_town,
    town,
)
from tests.application.house import House
from tests.application.town import Town
from tests.shell import Shell

__all__ = ["home", "house", "postgres_town", "sqlite_town", "town"]

pytestmark = ON_SQLITE
VERIFIER = Path(__file__).parents[1] / "scripts" / "verify_log.py"
VALID, NOT_VALID, CANNOT_TELL = 0, 1, 2


@pytest.fixture
def folder(house: House, town: Town, tmp_path: Path) -> Path:
    """Return a folder with a certificate's PDF, its proof, and policies; there is no ledger."""
    bureau = open_bureau(house, town)
    bureau.session.confirmed()
    certificate = bureau.request(mode="self_printed", language="zh_en")
    handing_out, herself = handing_out_of(house), bureau.session.herself
    (tmp_path / "c.pdf").write_bytes(handing_out.pdf(herself, certificate))
    (tmp_path / "c.tlog-proof").write_bytes(handing_out.proof(herself, certificate))
    (tmp_path / "policy").write_text(checker_of(house).policy.text(), "utf-8")
    (tmp_path / "nobody").write_text("quorum none\n", "utf-8")
    return tmp_path


def test_a_valid_certificate_is_told_step_by_step(folder: Path) -> None:
    shell = Shell(folder)
    for name in ("c.pdf", "c.tlog-proof"):
        done = shell.run("verify", name, "--trust", "policy", LEDGER_LANGUAGE="en")
        assert done.returncode == VALID, done.stdout + done.stderr
        assert "VALID: what is above was proved." in done.stdout
        assert "Not proved: what became of it" in done.stdout
    assert not (folder / "var").exists()


def test_both_languages_and_json(folder: Path) -> None:
    shell = Shell(folder)
    chinese = shell.run("verify", "c.pdf", "--trust", "policy", LEDGER_LANGUAGE="zh")
    assert "有效:以上各项均已证明。" in chinese.stdout
    said = json.loads(shell.run("verify", "c.pdf", "--trust", "policy", "--json").stdout)
    assert said["verdict"] == "yes"
    assert [step["answer"] for step in said["steps"]] == ["yes"] * 5
    assert [step["code"] for step in said["unproved"]] == ["verify_status_is_not_told"]


def test_a_changed_file_is_not_valid_and_a_stranger_cannot_tell(folder: Path) -> None:
    shell, pdf = Shell(folder), (folder / "c.pdf").read_bytes()
    (folder / "changed.pdf").write_bytes(pdf + b"%\n")
    assert shell.run("verify", "changed.pdf", "--trust", "policy").returncode == NOT_VALID
    assert shell.run("verify", "c.pdf", "--trust", "nobody").returncode == CANNOT_TELL
    (folder / "letter.txt").write_text("致有关单位", "utf-8")
    assert shell.run("verify", "letter.txt", "--trust", "policy").returncode == CANNOT_TELL
    missing = shell.run("verify", "none.pdf", "--trust", "policy")
    assert missing.returncode == CANNOT_TELL


def test_who_shares_no_line_with_the_ledger_proves_it_too(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(VERIFIER), "c.tlog-proof", "--policy", "policy"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == VALID, done.stdout + done.stderr
    assert "valid: proof" in done.stdout


SCREEN = "\x1b[2J\x1b[H\x9b32m\u202e✓ VALID: what is above was proved.\x1b[8m" + "!" * 400


@pytest.mark.parametrize("type_", [SCREEN, [SCREEN]], ids=["text", "list"])
def test_what_a_forger_calls_an_event_is_no_command_to_a_terminal(
    folder: Path, type_: Value
) -> None:
    proof = parse_tlog_proof((folder / "c.tlog-proof").read_bytes())
    assert proof.extra is not None
    said = [Fact("shape", 1, bytes(16)), Fact("type", type_, bytes(16))]
    entry = parse_proven_event(proof.extra).entry
    entry = replace(entry, facts=commitment([each.digest() for each in said]))
    forged = replace(proof, extra=ProvenEvent(entry, [*said]).text())
    (folder / "forged.tlog-proof").write_bytes(forged.encode())
    words = ("verify", "forged.tlog-proof", "--trust", "policy")
    for language in ("zh", "en"):
        done = Shell(folder).run(*words, LEDGER_LANGUAGE=language)
        assert done.returncode in (NOT_VALID, CANNOT_TELL)
        assert all(line.isprintable() for line in done.stdout.splitlines())
        assert "!" * 400 not in done.stdout
    told = Shell(folder).run(*words, "--json").stdout
    assert all(line.isprintable() for line in told.splitlines())
    assert json.loads(told)["verdict"] != "yes"

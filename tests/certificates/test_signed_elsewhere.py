"""Signed certificates as others see them: a process without a network, OpenSSL, Poppler."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from asn1crypto import cms

from tests.application.certifying import checker_of
from tests.application.homes import TownBase, postgres_town, sqlite_town
from tests.certificates.signed import Scene, signed_scene
from tests.conftest import RequireTool
from tests.shell import Shell

__all__ = ["postgres_town", "sqlite_town"]

VALID, NOT_VALID, CANNOT_TELL = 0, 1, 2
OFFLINE = """
import runpy, socket, sys

def refuse(*_args, **_said):
    sys.exit("the network was asked for")

socket.socket.connect = socket.getaddrinfo = refuse
sys.argv = ["ledger", *sys.argv[1:]]
runpy.run_module("ledger", run_name="__main__")
"""
"""A process that ends where anything is asked for over a network."""


@pytest.fixture(scope="module")
def folder(
    sqlite_town: TownBase,
    tmp_path_factory: pytest.TempPathFactory,
    require_tool: RequireTool,
) -> Path:
    """Return a folder with signed files and what they are checked against; nothing runs."""
    made, out = tmp_path_factory.mktemp("made"), tmp_path_factory.mktemp("files")
    with signed_scene(sqlite_town, made, require_tool("openssl")) as scene:
        _write(scene, out)
    return out


def _write(scene: Scene, out: Path) -> None:
    (out / "signed.pdf").write_bytes(scene.signed)
    (out / "plain.pdf").write_bytes(scene.typeset)
    (out / "changed.pdf").write_bytes(scene.signed + b"%\n")
    (out / "roots.pem").write_bytes(scene.roots)
    (out / "policy").write_text(checker_of(scene.bureau.house).policy.text(), "utf-8")
    start, end = _hole(scene.signed)
    digits = scene.signed[start + 1 : end - 1].decode("ascii")
    signature = cms.ContentInfo.load(bytes.fromhex(digits))  # zeros follow it
    (out / "signature.der").write_bytes(signature.dump())
    (out / "signed.bin").write_bytes(scene.signed[:start] + scene.signed[end:])
    (signer,) = signature["content"]["signer_infos"]
    (out / "value.bin").write_bytes(signer["signature"].native)
    (token,) = [
        each["values"][0]
        for each in signer["unsigned_attrs"]
        if each["type"].native == "signature_time_stamp_token"
    ]
    (out / "token.der").write_bytes(token.dump())


def _hole(signed: bytes) -> tuple[int, int]:
    (found,) = re.findall(rb"/ByteRange \[ ?0 ([0-9]+) ([0-9]+) ([0-9]+)", signed)
    start, end, rest = (int(each) for each in found)
    assert end + rest == len(signed)
    return start, end


def offline(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in a process of its own, that has no network and no ledger."""
    return subprocess.run(
        [sys.executable, "-c", OFFLINE, *words],
        cwd=folder,
        env=Shell(folder).environment(LEDGER_LANGUAGE="en"),
        capture_output=True,
        text=True,
        check=False,
    )


def output_of(folder: Path, command: Sequence[str]) -> str:
    """Return what another program says; it has to be content."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_a_clean_process_without_a_network_tells_who_signed_and_when(folder: Path) -> None:
    words = ("--trust", "policy", "--roots", "roots.pem")
    done = offline(folder, "verify", "signed.pdf", *words)
    assert done.returncode == VALID, done.stdout + done.stderr
    assert "VALID: what is above was proved." in done.stdout
    assert re.search(r"✓ Signed by .*多福巷社区志愿者服务站.*, at 20\d\d-", done.stdout)
    assert not (folder / "var").exists()


def test_verdicts_of_the_command(folder: Path) -> None:
    shell = Shell(folder, {"LEDGER_LANGUAGE": "en"})
    trust, roots = ("--trust", "policy"), ("--roots", "roots.pem")
    changed = shell.run("verify", "changed.pdf", *trust, *roots)
    assert changed.returncode == NOT_VALID
    assert "Something was added to the PDF" in changed.stdout
    said = json.loads(shell.run("verify", "signed.pdf", *trust, "--json").stdout)
    assert said["verdict"] == "yes"
    assert said["unproved"][-1]["code"] == "verify_signature_is_not_checked"
    (folder / "broken.pem").write_text("-----BEGIN CERTIFICATE-----\nx\n", "utf-8")
    no_roots = shell.run("verify", "signed.pdf", *trust, "--roots", "broken.pem")
    assert no_roots.returncode == CANNOT_TELL


def test_openssl_finds_signature_and_time_stamp_good(
    folder: Path, require_tool: RequireTool
) -> None:
    openssl = require_tool("openssl")
    signature = ["-inform", "DER", "-in", "signature.der", "-content", "signed.bin"]
    trust, rest = ["-CAfile", "roots.pem"], ["-purpose", "any", "-out", "out.bin"]
    said = output_of(
        folder,
        [openssl, "cms", "-verify", "-binary", "-cades", *signature, *trust, *rest],
    )
    assert "Verification successful" in said
    token = ["-token_in", "-in", "token.der", "-data", "value.bin"]
    assert "Verification: OK" in output_of(folder, [openssl, "ts", "-verify", *token, *trust])


def test_poppler_finds_one_signature_of_the_whole_file(
    folder: Path, require_tool: RequireTool
) -> None:
    said = output_of(folder, [require_tool("pdfsig"), "-nocert", "signed.pdf"])
    assert said.count("Signature #") == 1
    assert "Signature Validation: Signature is Valid." in said
    assert "Total document signed" in said
    assert "Not total" not in said
    assert "ETSI.CAdES.detached" in said


def test_poppler_shows_the_same_pages_with_and_without_it(
    folder: Path, require_tool: RequireTool
) -> None:
    show = require_tool("pdftoppm")
    for name in ("signed", "plain"):
        output_of(folder, [show, "-r", "60", "-png", f"{name}.pdf", name])
    pages = sorted(folder.glob("signed-*.png"))
    assert pages
    for page in pages:
        plain = page.with_name(page.name.replace("signed", "plain"))
        assert page.read_bytes() == plain.read_bytes()

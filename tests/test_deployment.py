"""The example files of docs/deployment: parsed by those who read them, and free of secrets."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ledger.cli import app
from ledger.settings import Settings
from tests.conftest import RequireTool
from tests.docs.front import chosen, is_passed_on

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "docs" / "deployment"
COMMAND = "/opt/ledger/.venv/bin/ledger"


def _texts() -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted(EXAMPLES.iterdir())}


def test_systemd_understands_every_unit(tmp_path: Path, require_tool: RequireTool) -> None:
    analyze = require_tool("systemd-analyze")
    units = [path for path in EXAMPLES.iterdir() if path.suffix in (".service", ".timer")]
    assert len(units) == 7
    for path in units:
        text = path.read_text("utf-8").replace(COMMAND, shutil.which("true") or "")
        (tmp_path / path.name).write_text(text)
    copies = sorted(str(path) for path in tmp_path.iterdir())
    done = subprocess.run([analyze, "verify", *copies], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_units_run_commands_that_there_are() -> None:
    command = rf"{re.escape(COMMAND)} ([a-z]+(?: [a-z]+)?)"
    found = {words for text in _texts().values() for words in re.findall(command, text)}
    assert found == {"audit verify", "backup", "serve", "witness serve"}
    for words in found:
        done = CliRunner().invoke(app, [*words.split(), "--help"])
        assert done.exit_code == 0, words


def test_no_example_names_a_setting_that_there_is_not() -> None:
    known = {f"LEDGER_{name.upper()}" for name in Settings.model_fields}
    for name, text in _texts().items():
        assert set(re.findall(r"LEDGER_[A-Z_]+", text)) <= known, name


@pytest.mark.parametrize("name", sorted(_texts()))
def test_every_example_is_named_by_the_guide_and_holds_no_secret(name: str) -> None:
    guide = (ROOT / "docs" / "operations.md").read_text("utf-8")
    timed = name.replace(".service", ".timer")  # a timer's row speaks for its service
    assert f"deployment/{name}" in guide or f"deployment/{timed}" in guide
    assert not re.search(r"(?i)(password|secret|token)\s*[:=]\s*\S", _texts()[name])


PASSED_ON = (
    "/log/510107000000/checkpoint",
    "/log/510107000000/tile/0/000",
    "/log/510107000000/tile/entries/x001/234.p/5",
    "/verify",
    "/verify/policy",
    "/verify/vendor/pdf.mjs",
    "/.well-known/jwt-vc-issuer/log/510107000000",
    "/api/v1/certificates",
    "/api/v1/credential-types/certificate-1",
    "/api/v1/openapi.json",
    "/api/v1/status-lists/0",
    "/api/v1/verifications",
)
INSIDE = ("/healthz", "/readyz", "/metrics", "/", "/verifying", "/.well-known/other", "/log/x")
"""Addresses of the service that nobody outside may ask for, and such as there are none."""


@pytest.mark.parametrize("path", PASSED_ON)
def test_what_is_public_is_passed_on_and_only_the_api_is_written_to(path: str) -> None:
    done = chosen(path)
    assert is_passed_on(path)
    assert "limit_req zone=log" in done
    assert ("limit_except GET { deny all; }" in done) is not path.startswith("/api/")


@pytest.mark.parametrize("path", INSIDE)
def test_nothing_else_is(path: str) -> None:
    assert chosen(path).strip() == "return 404;"

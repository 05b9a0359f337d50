"""docs/api.md is true: its commands are run, and it names every address that there is.

Every one can be asked for through the front of docs/deployment, but for those of machines.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, run
from tests.docs.front import is_passed_on

PREFIX = "/api/v1/"


@pytest.mark.tool("curl")
def test_its_commands_are_run_and_it_names_every_address(tmp_path: Path) -> None:
    run("api.md", tmp_path)
    served = json.loads((tmp_path / "openapi.json").read_text("utf-8"))["paths"]
    want = {path.removeprefix(PREFIX) for path in served if path.startswith(PREFIX)}
    assert set(_addresses()) == want
    asked = {re.sub(r"\{[a-z_]+\}", "0", path) for path in served}
    for_machines = {path for path in asked if not is_passed_on(path)}
    assert for_machines == {"/healthz", "/readyz", "/metrics"}


def _addresses() -> Iterator[str]:
    """Yield the addresses of the last table; `…` is the thing that its row begins with."""
    text = (ROOT / "docs" / "api.md").read_text("utf-8").rpartition("## Every address")[2]
    for row in re.findall(r"^\| (`.+?) \|", text, re.MULTILINE):
        thing = ""
        for address in re.findall(r"`([^`]+)`", row):
            named = re.match(r"[a-z]+/\{[a-z]+\}", address)
            thing = named[0] if named else thing
            yield address.replace("…", thing)

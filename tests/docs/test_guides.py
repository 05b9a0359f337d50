"""The guides are true: their commands are run, and both languages say the same ones."""

import shutil
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, blocks, run, run_commands

GUIDES = ("clerk", "integrator", "auditor", "operator")


DEMONSTRATED = ("clerk", "auditor")
BUILDING = ".venv/bin/ledger demo --small > demo.txt\n"
"""With this begin the guides through the demonstration."""


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder where this was run, as it is written; it is only ever copied."""
    folder = tmp_path_factory.mktemp("demonstration")
    run_commands(BUILDING, folder)
    return folder


@pytest.mark.tool("curl")
@pytest.mark.parametrize("guide", [each for each in GUIDES if each not in DEMONSTRATED])
def test_its_commands_are_run(guide: str, tmp_path: Path) -> None:
    run(f"guides/{guide}.md", tmp_path)


@pytest.mark.tool("curl")
@pytest.mark.parametrize("guide", DEMONSTRATED)
def test_its_commands_are_run_in_the_demonstration(
    guide: str, demonstration: Path, tmp_path: Path
) -> None:
    shutil.copytree(demonstration / "var", tmp_path / "var")
    shutil.copy(demonstration / "demo.txt", tmp_path)
    run(f"guides/{guide}.md", tmp_path, done=BUILDING)


@pytest.mark.parametrize("guide", GUIDES)
def test_it_has_the_same_commands_in_chinese(guide: str) -> None:
    english = [block for _, block in blocks(f"guides/{guide}.md")]
    chinese = [block for _, block in blocks(f"guides/{guide}.zh-CN.md")]
    assert english == chinese


def test_the_readme_names_each_of_them() -> None:
    for readme, suffix in (("README.md", ".md"), ("README.zh-CN.md", ".zh-CN.md")):
        text = (ROOT / readme).read_text("utf-8")
        assert all(f"docs/guides/{guide}{suffix}" in text for guide in GUIDES)

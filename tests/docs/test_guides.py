"""The guides are true: their commands are run, and both languages say the same ones."""

from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, blocks, run

GUIDES = ("clerk", "integrator", "auditor", "operator")


@pytest.mark.tool("curl")
@pytest.mark.parametrize("guide", GUIDES)
def test_its_commands_are_run(guide: str, tmp_path: Path) -> None:
    run(f"guides/{guide}.md", tmp_path)


@pytest.mark.parametrize("guide", GUIDES)
def test_it_has_the_same_commands_in_chinese(guide: str) -> None:
    english = [block for _, block in blocks(f"guides/{guide}.md")]
    chinese = [block for _, block in blocks(f"guides/{guide}.zh-CN.md")]
    assert english == chinese


def test_the_readme_names_each_of_them() -> None:
    for readme, suffix in (("README.md", ".md"), ("README.zh-CN.md", ".zh-CN.md")):
        text = (ROOT / readme).read_text("utf-8")
        assert all(f"docs/guides/{guide}{suffix}" in text for guide in GUIDES)

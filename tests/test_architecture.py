"""The house as the documents draw it: sizes, names, map, settings, commands and codes."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

from ledger.application.texts import TEXTS
from ledger.audit.finding import Code, Unchecked
from ledger.settings import Settings

ROOT = Path(__file__).parent.parent
MODULES = sorted(
    path
    for path in (ROOT / "ledger").rglob("*.py")
    if path.name != "__init__.py" and "versions" not in path.parts
)
LINES_MAX = 320
FUNCTION_LINES_MAX = 60
BANNED_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}


def module_id(path: Path) -> str:
    return str(path.relative_to(ROOT))


def first_line(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return docstring.partition("\n")[0]


def described() -> dict[str, str]:
    """Return the module map of ARCHITECTURE.md: path → what it claims."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    rows = re.findall(r"^\| `(ledger/[^`]+\.py)` \| (.+) \|$", text, re.MULTILINE)
    return dict(rows)


@pytest.mark.parametrize("path", MODULES, ids=module_id)
def test_every_module_opens_with_a_claim(path: Path) -> None:
    assert first_line(path).endswith((".", "`."))


def test_the_map_is_the_first_lines_of_the_modules() -> None:
    want = {module_id(path): first_line(path) for path in MODULES}
    assert described() == want


@pytest.mark.parametrize("path", MODULES, ids=module_id)
def test_no_file_outgrows_its_one_reason_to_change(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LINES_MAX
    assert not BANNED_NAMES & set(path.stem.split("_"))


@pytest.mark.parametrize("path", MODULES, ids=module_id)
def test_no_function_outgrows_a_page(path: Path) -> None:
    long = [
        node.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno > FUNCTION_LINES_MAX
    ]
    assert long == []


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    names = [f"LEDGER_{name.upper()}" for name in Settings.model_fields]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_every_finding_and_every_unchecked_thing_is_documented() -> None:
    text = (ROOT / "docs" / "audit.md").read_text("utf-8")
    codes = [code.value for code in (*Code, *Unchecked)]
    assert [code for code in codes if f"| `{code}` |" not in text] == []
    documented = re.findall(r"^\| `([a-z_]+)` \|", text, re.MULTILINE)
    assert sorted(documented) == sorted(codes)


def test_every_text_that_is_said_exists_and_every_text_is_said() -> None:
    said = set(_codes_in_code())
    assert said - TEXTS.keys() == set()
    assert TEXTS.keys() - said == set()


def _codes_in_code() -> Iterator[str]:
    for path in MODULES:
        if path.parent.name == "texts":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and node.value in TEXTS:
                yield str(node.value)
            if _is_say(node) and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)


def _is_say(node: ast.AST) -> TypeGuard[ast.Call]:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("say", "stop")
        and bool(node.args)
    )


def test_both_readmes_have_the_same_blocks() -> None:
    english, chinese = (
        re.findall(r"^```.*?^```", (ROOT / name).read_text("utf-8"), re.MULTILINE | re.DOTALL)
        for name in ("README.md", "README.zh-CN.md")
    )
    assert english == chinese
    assert english


@pytest.mark.parametrize(
    "path", [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")], ids=module_id
)
def test_every_link_between_documents_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []

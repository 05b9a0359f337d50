"""Every reason to refuse has a text that says what to do next, in both languages."""

import ast
import importlib
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.application.texts import TEXTS

LEDGER = Path(__file__).parent.parent.parent / "ledger"
DOMAIN = LEDGER / "domain"
SUBJECTS = sorted(
    path.stem
    for path in (LEDGER / "application" / "texts").glob("*.py")
    if path.stem not in ("__init__", "saying")
)
MODULES = sorted(DOMAIN.rglob("*.py"))


def module_id(path: Path) -> str:
    return str(path.relative_to(DOMAIN))


def refusals(path: Path) -> Iterator[ast.Call]:
    """Yield the calls `Refusal(…)` and `refuse(…)` of a module."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in ("Refusal", "refuse") and node.args:
            yield node


def literal_codes(path: Path) -> Iterator[str]:
    """Yield the codes that stand in a module as literals, also as parts of a choice."""
    for call in refusals(path):
        for node in ast.walk(call.args[0]):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("path", MODULES, ids=module_id)
def test_every_code_of_a_refusal_has_a_text(path: Path) -> None:
    assert sorted(set(literal_codes(path)) - TEXTS.keys()) == []


@pytest.mark.parametrize("path", MODULES, ids=module_id)
def test_a_text_asks_for_no_detail_that_its_refusal_lacks(path: Path) -> None:
    for call in refusals(path):
        code = call.args[0]
        if not isinstance(code, ast.Constant) or code.value not in TEXTS:
            continue
        named = {each.arg for each in call.keywords if each.arg}
        details = call.args[2] if len(call.args) > 2 else None
        if isinstance(details, ast.Dict):
            named |= {str(key.value) for key in details.keys if isinstance(key, ast.Constant)}
        elif details is not None or any(each.arg is None for each in call.keywords):
            continue  # put together elsewhere
        english, chinese = TEXTS[str(code.value)]
        assert placeholders(english) | placeholders(chinese) <= named, code.value


def test_no_code_has_texts_in_two_subjects() -> None:
    subjects = [
        importlib.import_module(f"ledger.application.texts.{each}") for each in SUBJECTS
    ]
    codes = [code for subject in subjects for code in subject.TEXTS]
    assert sorted(code for code in set(codes) if codes.count(code) > 1) == []
    assert set(codes) == TEXTS.keys()


def test_both_languages_tell_the_same_details() -> None:
    for english, chinese in TEXTS.values():
        assert placeholders(english) == placeholders(chinese), english


def test_the_reading_of_codes_finds_them() -> None:
    assert "credit_code_is_mistyped" in set(literal_codes(DOMAIN / "credit_code.py"))
    assert len({code for path in MODULES for code in literal_codes(path)}) > 20

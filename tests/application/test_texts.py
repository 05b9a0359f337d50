"""What the product says: both languages alike, every error explained, every code documented."""

import string
from pathlib import Path

import pytest

from ledger.application.explaining import _EXPLANATIONS, explain, explained_errors
from ledger.application.texts import TEXTS, say
from ledger.audit.finding import Code, Unchecked
from ledger.proof.errors import MalformedError, ProofError
from ledger.store.event import RolledBackError

AUDIT = Path(__file__).parents[2] / "docs" / "audit.md"


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", TEXTS)
def test_both_languages_say_the_same_facts(code: str) -> None:
    english, chinese = TEXTS[code]
    assert placeholders(english) == placeholders(chinese)
    assert english.replace("…", "").isascii()
    assert not chinese.isascii()
    assert english != chinese


def test_every_explained_error_has_a_text() -> None:
    assert {code for code, _ in _EXPLANATIONS.values()} <= TEXTS.keys()


def test_every_name_of_an_explained_error_is_that_of_one() -> None:
    kinds = explained_errors()
    assert all(issubclass(kind, Exception) for kind in kinds)
    assert [f"{each.__module__}.{each.__qualname__}" for each in kinds] == [*_EXPLANATIONS]


def test_a_subclass_is_explained_as_the_nearest_known_error() -> None:
    assert explain(FileNotFoundError(2, "No such file", "x")) is not None
    assert explain(ValueError("nobody explains this")) is None


def test_an_explanation_fills_its_text() -> None:
    for error in (
        RolledBackError(want="a\n7\nb\n", got="a\n6\nb\n"),
        MalformedError("thing", "a rule", b"\x1b[31m"),
        ProofError("step", b"want", b"got"),
    ):
        explained = explain(error)
        assert explained is not None
        code, facts = explained
        for language in ("en", "zh"):
            text = say(code, language, **facts)
            assert "{" not in text
            assert "\x1b" not in text
        assert placeholders(TEXTS[code][0]) == facts.keys()


def test_a_fact_that_is_absent_stays_blank() -> None:
    assert say("rolled_back", "en").endswith("in the database:\n")


@pytest.mark.parametrize("code", [*Code, *Unchecked])
def test_every_code_is_documented(code: Code | Unchecked) -> None:
    assert f"`{code.value}`" in AUDIT.read_text("utf-8")

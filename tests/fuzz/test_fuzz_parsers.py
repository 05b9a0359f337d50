"""A short, seeded run of the fuzz target."""

import importlib

import pytest

# By name at run time: to a type checker the directories of tests are no packages.
fuzz_parsers = importlib.import_module("tests.fuzz.fuzz_parsers")

ITERATIONS = 60_000


def test_every_parser_accepts_something_of_the_corpus() -> None:
    accepted = {name for data in fuzz_parsers.CORPUS for name in fuzz_parsers.one_input(data)}
    assert accepted == {name for name, _, _ in fuzz_parsers.PARSERS}


def test_all_of_the_corpus_is_accepted_by_a_parser() -> None:
    assert [data for data in fuzz_parsers.CORPUS if not fuzz_parsers.one_input(data)] == []


def test_no_mutation_is_accepted_in_a_second_spelling() -> None:
    # Some mutations are valid: a run in which none is would test refusals alone.
    assert fuzz_parsers.run(ITERATIONS, seed=1) > 0


def test_a_generous_parser_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    generous = ("number", int, lambda number: str(number).encode())
    monkeypatch.setattr(fuzz_parsers, "PARSERS", [generous])
    with pytest.raises(AssertionError):
        fuzz_parsers.one_input(b" 1")
    with pytest.raises(ValueError, match="invalid literal"):
        fuzz_parsers.one_input(b"x")


def test_bytes_that_nobody_accepts_are_no_finding() -> None:
    assert fuzz_parsers.one_input(b"\xff") == []

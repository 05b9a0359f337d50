"""Every refusal has one status (RFC 9110), and no status is for a refusal that is not."""

import ast
from collections.abc import Iterator
from http import HTTPStatus
from itertools import combinations
from pathlib import Path

import pytest

from ledger.api.v1.statuses import STATUSES, status_of
from ledger.application.texts import TEXTS
from ledger.domain.record.parties import _STANDING
from ledger.domain.refusal import refuse
from tests.domain.test_refusal_texts import literal_codes

LEDGER = Path(__file__).parents[3] / "ledger"
DECIDING = sorted(
    path for room in ("domain", "application") for path in (LEDGER / room).rglob("*.py")
)


def refused_codes() -> Iterator[str]:
    for path in DECIDING:
        if path.parent.name != "texts":
            yield from literal_codes(path)
    yield from _STANDING.values()


def test_every_refusal_has_a_status() -> None:
    codes = {code for code in refused_codes() if code in TEXTS}
    assert len(codes) > 200
    assert sorted(codes - frozenset().union(*STATUSES.values())) == []


def test_no_status_is_for_a_refusal_that_is_not() -> None:
    known = frozenset().union(*STATUSES.values())
    texts = {
        node.value
        for path in DECIDING
        if path.parent.name != "texts"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sorted(known - texts) == []
    assert sorted(known - TEXTS.keys()) == []


def test_no_refusal_has_two_statuses() -> None:
    for one, other in combinations(STATUSES.values(), 2):
        assert not one & other


def test_the_gravest_reason_counts() -> None:
    both = refuse("text_is_missing")
    assert status_of(both) is HTTPStatus.UNPROCESSABLE_ENTITY
    graver = type(both)((*both.reasons, *refuse("reviewer_is_recorder").reasons))
    assert status_of(graver) is HTTPStatus.FORBIDDEN


def test_a_code_without_a_status_is_a_mistake() -> None:
    with pytest.raises(LookupError):
        status_of(refuse("no_such_code"))

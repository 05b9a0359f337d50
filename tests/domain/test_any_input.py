"""Whatever is typed in, a check answers: it neither fails nor repeats what was typed."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.codes import IdType, forbidden_fields
from ledger.domain.credit_code import check_credit_code
from ledger.domain.divisions import check_area, check_division, is_within
from ledger.domain.refusal import Refusal, Refused, gathered
from ledger.domain.resident_id import check_id_number, check_resident_id, is_place_known
from ledger.domain.words import check_code, check_name, check_phone, check_text

Answer: TypeAlias = Refused | Refusal | Iterable[Refusal] | None

CHECKS: list[Callable[[str], Answer]] = [
    check_credit_code,
    check_resident_id,
    check_division,
    check_area,
    lambda text: check_text(text, "field", max=10),
    lambda text: check_text(text, "field", max=10, min=0, lines=True),
    lambda text: check_name(text, "field"),
    lambda text: check_code(text, "field", max=10),
    lambda text: check_phone(text, "field"),
    lambda text: gathered(*(check_id_number(each, text) for each in IdType)),
]
ANYTHING = st.text(st.characters(exclude_categories=[]), min_size=5, max_size=40)
DIGITS = st.text("0123456789X\uff10\u0661", min_size=16, max_size=19)


@pytest.mark.parametrize("check", CHECKS)
@given(ANYTHING | DIGITS)
def test_a_check_answers_and_repeats_nothing(check: Callable[[str], Answer], text: str) -> None:
    """What is told of any other text as well is ours, also where somebody typed just that."""
    assert text not in told(check(text)) - told(check("\x00" * 5))


def told(answer: Answer) -> set[object]:
    """Return everything that reasons say."""
    refused = gathered(answer)
    reasons = () if refused is None else refused.reasons
    return {
        said for each in reasons for said in (each.code, each.about, *each.details.values())
    }


@given(ANYTHING | DIGITS, ANYTHING)
def test_a_question_is_answered_about_anything(text: str, other: str) -> None:
    assert is_place_known(text) in {True, False}
    assert is_within(text, other) in {True, False}
    assert forbidden_fields([text]) == () or len(text) < 20

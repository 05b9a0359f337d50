"""Refusals: all reasons of several checks at once, whichever way each check tells them."""

import pytest

from ledger.domain.refusal import Refusal, Refused, gathered, refuse

MISSING = Refusal("text_is_missing", "name")
LONG = Refusal("text_is_too_long", "reason", {"max": 500})


def test_the_reasons_of_all_checks_stand_in_one_refusal_in_their_order() -> None:
    unknown = refuse("division_is_unknown", "division")
    refused = gathered(MISSING, None, unknown, (), iter([LONG]))
    assert refused == Refused((MISSING, *unknown.reasons, LONG))
    assert refused.codes == ("text_is_missing", "division_is_unknown", "text_is_too_long")


def test_nothing_wrong_is_no_refusal() -> None:
    assert gathered(None, (), []) is None


def test_a_refusal_without_a_reason_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="reason"):
        Refused(())

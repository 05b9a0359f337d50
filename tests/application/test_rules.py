"""The rules through their use cases: made by the city bureau alone, never backwards."""

from dataclasses import fields
from typing import Any

import pytest

from ledger.application.callers import Caller, as_staff
from ledger.application.desk import ActRefused
from ledger.application.forms.rules import CalendarForm, RuleSetForm
from ledger.application.reading import HiddenError
from ledger.application.rule_keeping import book, enact, enacted, enacted_as, publish
from ledger.domain.rules import INITIAL_RULES, RuleSet
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.ruling import rule_set
from tests.application.town import Town

CALENDAR = CalendarForm.model_validate(
    {
        "year": 2027,
        "off": ["2027-01-01"],
        "work": [],
        "notice": "https://www.gov.cn/zhengce/zhengceku/202611/content_0.htm",
    }
)


def refused(act: str, office_of: House, by: Caller) -> set[str]:
    with pytest.raises(ActRefused) as told:
        _acts()[act](office_of, by)
    return set(told.value.refused.codes)


def _acts() -> dict[str, Any]:
    return {
        "rules.enact": lambda house, by: enact(house.office, by, rule_set()),
        "calendar.publish": lambda house, by: publish(house.office, by, CALENDAR),
    }


def test_a_form_has_every_rule() -> None:
    names = {each.name for each in fields(RuleSet)}
    assert RuleSetForm.model_fields.keys() == names | {"reason", "basis"}
    assert rule_set(number=1, effective_from="2021-02-01").command().rules == INITIAL_RULES


@ON_SQLITE
def test_the_city_bureau_enacts_the_next_rules(house: House, town: Town) -> None:
    enact(house.office, town.city_head, rule_set(publicity_working_days=5))
    first, second = enacted(house.office)
    assert first.rules == INITIAL_RULES
    assert second.rules.publicity_working_days == 5
    assert (second.reason, second.basis) == ("试行。", "通知。")
    assert second.by == town.city_head.actor
    assert enacted_as(house.office, 2) == second


@ON_SQLITE
def test_the_city_bureau_publishes_calendars(house: House, town: Town) -> None:
    publish(house.office, town.city_head, CALENDAR)
    state = book(house.office).state
    assert state is not None
    assert [each.year for each in state.calendar.years] == [2025, 2026, 2027]


@ON_SQLITE
@pytest.mark.parametrize("act", ["rules.enact", "calendar.publish"])
def test_nobody_else_makes_rules(house: House, town: Town, act: str) -> None:
    assert refused(act, house, town.district_head) == {"rules_are_for_the_city_bureau"}
    assert refused(act, house, town.recorder) == {
        "actor_has_no_such_role",
        "rules_are_for_the_city_bureau",
    }
    assert refused(act, house, as_staff(town.district_head.actor.id, town.city)) == {
        "actor_has_no_such_role"
    }
    assert "actor_is_not_staff" in refused(act, house, town.key)
    assert {attempt.act for attempt in house.attempts()} == {act}


@ON_SQLITE
def test_rules_that_were_in_force_stay_as_they_were(house: House, town: Town) -> None:
    before = book(house.office)
    enact(house.office, town.city_head, rule_set(publicity_working_days=5))
    then = enacted(house.office, size=before.seq + 1)
    assert [each.rules.number for each in then] == [1]
    with pytest.raises(HiddenError):
        enacted_as(house.office, 2, size=before.seq + 1)
    with pytest.raises(HiddenError):
        book(house.office, size=0)


@ON_SQLITE
def test_what_the_domain_refuses_is_refused(house: House, town: Town) -> None:
    with pytest.raises(ActRefused) as told:
        enact(house.office, town.city_head, rule_set(number=3, late_working_days=11))
    assert set(told.value.refused.codes) == {"rules_are_out_of_order", "rule_is_out_of_bounds"}

"""The rules: enacted for days to come, each day judged by its own, and never taken back."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from ledger.domain.codes import Authority
from ledger.domain.rules import (
    INITIAL_BOOK,
    INITIAL_CALENDAR,
    INITIAL_RULES,
    CalendarPublished,
    EnactRules,
    PublishCalendar,
    Rounding,
    RuleBook,
    RulesEnacted,
    RuleSet,
    decide,
    evolve,
)
from ledger.domain.rules.deciding import _BOUNDS
from ledger.domain.rules.initial import YEAR_2025, YEAR_2026
from ledger.domain.working_days import Calendar, WorkingYear
from tests.domain.specification import NOW, Specification

TODAY = date(2026, 11, 24)
TOMORROW = TODAY + timedelta(days=1)
ENACTED = RulesEnacted(rules=INITIAL_RULES, reason="账本启用", basis="民政部令第67号")
PUBLISHED = CalendarPublished(calendar=YEAR_2026)
SECOND = RuleSet(number=2, effective_from=TOMORROW, publicity_working_days=5)


def given(*events: RulesEnacted | CalendarPublished) -> Specification:
    return Specification(decide, evolve).given(*events)


def enact(rules: RuleSet, **changes: Any) -> EnactRules:
    return EnactRules(rules=rules, **{"reason": "试点经验", "basis": "京民发1号", **changes})


def notice(**changes: Any) -> WorkingYear:
    return replace(YEAR_2026, **changes)


def test_a_ledger_begins_with_rules_that_reach_back() -> None:
    book = (
        given()
        .when(enact(INITIAL_RULES))
        .then(RulesEnacted(rules=INITIAL_RULES, reason="试点经验", basis="京民发1号"))
    )
    assert book.on(TODAY) == INITIAL_RULES
    assert book.on(date(2019, 5, 1)) == INITIAL_RULES


def test_the_events_of_a_new_ledger_make_the_initial_book() -> None:
    calendars = (CalendarPublished(calendar=each) for each in (YEAR_2026, YEAR_2025))
    assert given(ENACTED, *calendars).state == INITIAL_BOOK


def test_a_record_is_judged_by_the_rules_of_its_day() -> None:
    book: RuleBook = (
        given(ENACTED)
        .when(enact(SECOND))
        .then(RulesEnacted(rules=SECOND, reason="试点经验", basis="京民发1号"))
    )
    assert book.on(TODAY).publicity_working_days == 3
    assert book.on(TOMORROW).publicity_working_days == 5


def test_the_first_set_judges_the_days_before_it() -> None:
    book: RuleBook = given(ENACTED, replace(ENACTED, rules=SECOND)).state
    assert book.on(date(2019, 5, 1)).number == 1


def test_a_set_enacted_later_takes_the_place_of_one_that_waits() -> None:
    waiting = replace(ENACTED, rules=replace(SECOND, effective_from=date(2027, 7, 1)))
    sooner = RuleSet(number=3, effective_from=date(2027, 1, 1))
    book: RuleBook = given(ENACTED, waiting, replace(ENACTED, rules=sooner)).state
    assert [book.on(day).number for day in (TODAY, date(2027, 1, 1), date(2027, 8, 1))] == [
        1,
        3,
        3,
    ]


@pytest.mark.parametrize("day", [TODAY, date(2020, 1, 1)])
def test_rules_are_not_retroactive(day: date) -> None:
    rules = replace(SECOND, effective_from=day)
    given(ENACTED).when(enact(rules)).then_refused(
        "rules_are_retroactive", about="effective_from"
    )


def test_today_is_the_day_in_beijing() -> None:
    late = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)  # the 25th has begun
    given(ENACTED).when(enact(SECOND), now=late).then_refused("rules_are_retroactive")


@pytest.mark.parametrize("number", [0, 1, 3])
def test_two_people_who_enact_at_once_do_not_both_succeed(number: int) -> None:
    rules = replace(SECOND, number=number)
    given(ENACTED).when(enact(rules)).then_refused("rules_are_out_of_order", about="number")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"late_working_days": 11}, "rule_is_out_of_bounds"),  # Order 67, Art. 11
        ({"guardian_law_below": 13}, "rule_is_out_of_bounds"),  # PIPL, Art. 31
        ({"retention_years_min": 9}, "rule_is_out_of_bounds"),
        ({"publicity_working_days": -1}, "rule_is_out_of_bounds"),
        ({"back_entry_after_working_days": 9}, "rule_is_out_of_bounds"),
        ({"daily_minutes_max": 1_441}, "rule_is_out_of_bounds"),
        (
            {"guardian_consent_below": 14, "guardian_law_below": 16},
            "guardian_consent_is_below_law",
        ),
        ({"star_hours": (100, 100)}, "star_hours_do_not_ascend"),
        ({"star_hours": (300, 100)}, "star_hours_do_not_ascend"),
        ({"star_hours": (0, 100)}, "star_hours_do_not_ascend"),
        ({"star_hours": ()}, "star_hours_do_not_ascend"),
        ({"supervisors": ()}, "supervisors_are_not_distinct"),
        ({"supervisors": (Authority.SOCIAL_WORK,) * 2}, "supervisors_are_not_distinct"),
    ],
)
def test_rules_that_no_law_allows_or_nobody_could_mean_are_refused(
    change: dict[str, Any], code: str
) -> None:
    given(ENACTED).when(enact(replace(SECOND, **change))).then_refused(code)


def test_a_back_entry_is_always_late() -> None:
    for days in (0, 10, 11, 30, 31, 500):
        assert INITIAL_RULES.is_late(days) or not INITIAL_RULES.is_back_entry(days)
    assert not INITIAL_RULES.is_late(10)
    assert INITIAL_RULES.is_late(11)
    assert not INITIAL_RULES.is_back_entry(30)
    assert INITIAL_RULES.is_back_entry(31)


def test_all_that_is_wrong_with_rules_is_said_at_once() -> None:
    rules = RuleSet(number=7, effective_from=TODAY, late_working_days=0, star_hours=())
    given(ENACTED).when(enact(rules, reason="", basis=" x")).then_refused(
        "rules_are_out_of_order",
        "rules_are_retroactive",
        "rule_is_out_of_bounds",
        "star_hours_do_not_ascend",
        "text_is_missing",
        "text_has_outer_space",
    )


def test_every_number_of_a_rule_set_has_bounds() -> None:
    numbers = {each.name for each in fields(RuleSet) if each.type is int}
    assert numbers == _BOUNDS.keys() | {"number"}
    for name, (least, most) in _BOUNDS.items():
        assert least <= getattr(INITIAL_RULES, name) <= most


def test_a_notice_is_published_and_deadlines_are_final() -> None:
    book: RuleBook = given(ENACTED).when(PublishCalendar(calendar=YEAR_2026)).then(PUBLISHED)
    assert not book.calendar.add(date(2026, 9, 28), 3).provisional


def test_a_notice_may_come_when_its_year_has_begun() -> None:
    given(ENACTED).when(PublishCalendar(calendar=YEAR_2025)).then_some(CalendarPublished)


def test_a_notice_that_changes_is_taken_over_for_days_to_come() -> None:
    changed = notice(off=(*YEAR_2026.off, date(2026, 12, 31)))
    book: RuleBook = (
        given(PUBLISHED)
        .when(PublishCalendar(calendar=changed))
        .then(CalendarPublished(calendar=changed))
    )
    assert not book.calendar.is_working(date(2026, 12, 31))
    assert len(book.calendar.years) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"work": YEAR_2026.work[1:]},
        {"off": YEAR_2026.off[:-1]},
        {"off": (*YEAR_2026.off, TODAY)},
    ],
)
def test_a_day_that_has_passed_keeps_what_it_was(change: dict[str, Any]) -> None:
    given(PUBLISHED).when(PublishCalendar(calendar=notice(**change))).then_refused(
        "calendar_is_retroactive"
    )


def test_a_weekend_day_more_or_less_among_the_holidays_changes_nothing() -> None:
    without = notice(off=tuple(day for day in YEAR_2026.off if day != date(2026, 10, 4)))
    given(PUBLISHED).when(PublishCalendar(calendar=without)).then_some(CalendarPublished)


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"off": (date(2027, 10, 2), date(2027, 10, 1))}, ["calendar_does_not_ascend"]),
        ({"off": (date(2027, 10, 1),) * 2}, ["calendar_does_not_ascend"]),
        ({"work": (date(2026, 10, 9),)}, ["calendar_has_other_year"]),
        ({"work": (date(2027, 10, 1),)}, ["calendar_contradicts_itself"]),
        ({"notice": ""}, ["text_is_missing"]),
        ({"notice": "", "year": 2028}, ["text_is_missing", "calendar_has_other_year"]),
    ],
)
def test_a_notice_that_cannot_be_right_is_refused(
    change: dict[str, Any], codes: list[str]
) -> None:
    year = WorkingYear(year=2027, off=(date(2027, 10, 1),), work=(), notice="通知")
    given(ENACTED).when(PublishCalendar(calendar=replace(year, **change))).then_refused(*codes)


def test_without_rules_nothing_is_judged() -> None:
    with pytest.raises(LookupError):
        RuleBook((), Calendar()).on(TODAY)


@pytest.mark.parametrize(
    ("minutes", "half_up", "down"),
    [
        (0, "0.00", "0.00"),
        (1, "0.02", "0.01"),
        (50, "0.83", "0.83"),
        (90, "1.50", "1.50"),
        (100, "1.67", "1.66"),
        (6_000, "100.00", "100.00"),
    ],
)
def test_hours_are_printed_with_two_places(minutes: int, half_up: str, down: str) -> None:
    assert INITIAL_RULES.printed_hours(minutes) == down
    nearest = replace(INITIAL_RULES, rounding=Rounding.HALF_UP)
    assert nearest.printed_hours(minutes) == half_up


@pytest.mark.parametrize(("minutes", "want"), [(29, "0"), (30, "1"), (89, "1"), (90, "2")])
def test_hours_without_places_are_rounded_at_the_half_hour(minutes: int, want: str) -> None:
    nearest = replace(INITIAL_RULES, printed_places=0, rounding=Rounding.HALF_UP)
    assert nearest.printed_hours(minutes) == want


@forall(st.integers(0, 10_000_000), st.integers(0, 4), st.sampled_from(Rounding))
def test_printed_hours_are_exact_arithmetic(
    minutes: int, places: int, rounding: Rounding
) -> None:
    rules = replace(INITIAL_RULES, printed_places=places, rounding=rounding)
    way = ROUND_DOWN if rounding is Rounding.DOWN else ROUND_HALF_UP
    exact = (Decimal(minutes) / 60).quantize(Decimal(1).scaleb(-places), rounding=way)
    assert rules.printed_hours(minutes) == f"{exact:f}"


def test_negative_minutes_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="0 minutes or more"):
        INITIAL_RULES.printed_hours(-1)


def test_the_initial_calendar_is_the_one_of_the_notices() -> None:
    assert INITIAL_BOOK.calendar is INITIAL_CALENDAR
    assert NOW.year in {each.year for each in INITIAL_CALENDAR.years}

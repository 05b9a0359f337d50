"""Working days: the notices of 2025 and 2026, deadlines and what is provisional."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.rules import INITIAL_CALENDAR
from ledger.domain.rules.initial import YEAR_2025, YEAR_2026
from ledger.domain.working_days import Calendar, Deadline

DAYS = st.dates(min_value=date(2024, 6, 1), max_value=date(2027, 12, 31))


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=each) for each in range(365)]


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_published_year_agrees_with_an_independent_calendar(year: int) -> None:
    odd = [
        day
        for day in days_of(year)
        if INITIAL_CALENDAR.is_working(day) != chinese_calendar.is_workday(day)
    ]
    assert odd == []


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 9, 28), 3, date(2026, 10, 8)),
        (date(2026, 9, 28), 10, date(2026, 10, 16)),  # Saturday, October 10th is worked
        (date(2026, 2, 10), 3, date(2026, 2, 13)),
        (date(2026, 2, 10), 10, date(2026, 3, 2)),
        (date(2026, 4, 30), 3, date(2026, 5, 8)),
        (date(2026, 4, 30), 10, date(2026, 5, 18)),
        (date(2025, 12, 29), 3, date(2026, 1, 4)),  # a Sunday that is made up
        (date(2025, 12, 29), 10, date(2026, 1, 13)),
        (date(2026, 11, 20), 10, date(2026, 12, 4)),
    ],
)
def test_a_deadline_over_holidays_falls_where_it_was_computed_by_hand(
    start: date, days: int, end: date
) -> None:
    assert INITIAL_CALENDAR.add(start, days) == Deadline(end, provisional=False)
    assert INITIAL_CALENDAR.count(start, end) == days


def test_day_zero_is_the_start_even_if_it_is_a_holiday() -> None:
    holiday = date(2026, 10, 1)
    assert INITIAL_CALENDAR.add(holiday, 0) == Deadline(holiday, provisional=False)


def test_a_deadline_that_reaches_a_year_without_notice_is_provisional() -> None:
    calendar = INITIAL_CALENDAR
    assert not calendar.add(date(2026, 12, 30), 1).provisional
    assert calendar.add(date(2026, 12, 30), 2) == Deadline(date(2027, 1, 1), provisional=True)


def test_a_deadline_is_provisional_if_a_year_on_its_way_has_no_notice() -> None:
    known = Calendar((YEAR_2026,))
    assert known.add(date(2025, 12, 26), 5).provisional


def test_a_year_without_notice_is_reckoned_monday_to_friday() -> None:
    assert Calendar().add(date(2026, 9, 28), 3) == Deadline(date(2026, 10, 1), provisional=True)


@given(DAYS, st.integers(min_value=1, max_value=60))
def test_counting_to_a_deadline_gives_its_days(start: date, days: int) -> None:
    end = INITIAL_CALENDAR.add(start, days).day
    assert INITIAL_CALENDAR.is_working(end)
    assert INITIAL_CALENDAR.count(start, end) == days


@given(DAYS, DAYS)
def test_counting_is_looking_at_each_day(after: date, until: date) -> None:
    each = (after + timedelta(days=1 + n) for n in range((until - after).days))
    want = sum(INITIAL_CALENDAR.is_working(day) for day in each)
    assert INITIAL_CALENDAR.count(after, until) == want


def test_nothing_lies_between_a_day_and_itself() -> None:
    assert INITIAL_CALENDAR.count(date(2026, 3, 4), date(2026, 3, 4)) == 0
    assert INITIAL_CALENDAR.count(date(2026, 3, 4), date(2026, 3, 3)) == 0


def test_a_limit_ends_with_the_days_that_can_be_written() -> None:
    assert INITIAL_CALENDAR.add(date.max, 10).day == date.max
    assert INITIAL_CALENDAR.count(date.min, date.max) > 2_000_000


def test_a_negative_limit_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="0 working days or more"):
        INITIAL_CALENDAR.add(date(2026, 1, 1), -1)


def test_a_later_notice_of_a_year_replaces_the_earlier() -> None:
    again = Calendar((YEAR_2025, YEAR_2026, YEAR_2025))
    assert again.year(2025) is YEAR_2025
    assert again.count(date(2025, 1, 1), date(2025, 12, 31)) == INITIAL_CALENDAR.count(
        date(2025, 1, 1), date(2025, 12, 31)
    )

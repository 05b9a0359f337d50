"""Intervals are half open: who leaves at ten may begin elsewhere at ten."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.interval import Interval

NOON = datetime(2026, 10, 10, 4, 0, tzinfo=UTC)


def after(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def between(start: int, end: int) -> Interval:
    return Interval(after(start), after(end))


@pytest.mark.parametrize(
    ("other", "overlaps"),
    [
        (between(-10, 0), False),
        (between(60, 70), False),
        (between(-10, 1), True),
        (between(59, 70), True),
        (between(10, 20), True),
        (between(-10, 70), True),
        (between(0, 60), True),
    ],
)
def test_touching_is_no_overlap(other: Interval, overlaps: bool) -> None:
    hour = between(0, 60)
    assert hour.overlaps(other) is overlaps
    assert other.overlaps(hour) is overlaps


ENDS = st.tuples(st.integers(0, 30), st.integers(0, 30)).filter(lambda ends: ends[0] < ends[1])


@given(ENDS, ENDS)
def test_to_overlap_is_to_share_a_minute(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    shared = set(range(*first)) & set(range(*second))
    assert between(*first).overlaps(between(*second)) is bool(shared)


def test_minutes_are_whole_and_the_day_is_that_of_beijing() -> None:
    interval = Interval(NOON, NOON + timedelta(minutes=90, seconds=59))
    assert interval.minutes == 90
    late = Interval(datetime(2026, 10, 9, 16, 0, tzinfo=UTC), NOON)
    assert late.day == date(2026, 10, 10)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (NOON, NOON),
        (after(1), NOON),
        (NOON.replace(tzinfo=None), after(1)),
        (NOON, after(60).astimezone(timezone(timedelta(hours=8)))),
    ],
)
def test_an_interval_is_never_empty_and_never_of_another_zone(
    start: datetime, end: datetime
) -> None:
    with pytest.raises(ValueError, match="wanted"):
        Interval(start, end)

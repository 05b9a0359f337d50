"""Civil time: one offset, whatever the machine believes about zones."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.civil_time import civil_date, civil_time, instant


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        (datetime(2026, 11, 23, 15, 59, 59, 999_999, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2025, 12, 31, 16, 0, tzinfo=UTC), date(2026, 1, 1)),
    ],
)
def test_a_civil_day_begins_at_sixteen_hours_utc(utc: datetime, day: date) -> None:
    assert civil_date(utc) == day


def test_an_instant_of_another_zone_has_the_date_of_beijing() -> None:
    tokyo = datetime(2026, 11, 24, 0, 30, tzinfo=timezone(timedelta(hours=9)))
    assert civil_date(tokyo) == date(2026, 11, 23)


def test_there_is_no_summer_time() -> None:
    assert instant(date(2026, 7, 1), time(8)).hour == instant(date(2026, 1, 1), time(8)).hour


@given(st.dates(min_value=date(2, 1, 1), max_value=date(9998, 1, 1)), st.times())
def test_a_clock_reading_and_its_instant_are_inverses(day: date, at: time) -> None:
    found = instant(day, at)
    assert found.tzinfo is UTC
    assert (civil_date(found), civil_time(found).time()) == (day, at)


def test_every_instant_that_can_be_written_has_a_civil_date() -> None:
    assert civil_date(datetime.max.replace(tzinfo=UTC)) == date.max
    assert civil_date(datetime.min.replace(tzinfo=UTC)) == date.min
    assert instant(date.min, time.min) == datetime.min.replace(tzinfo=UTC)
    assert instant(date.max, time.max).date() == date.max


def test_an_instant_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zone"):
        civil_date(datetime(2026, 1, 1, tzinfo=None))  # noqa: DTZ001 - the mistake
    with pytest.raises(ValueError, match="zone"):
        instant(date(2026, 1, 1), time(8, tzinfo=UTC))

"""How far an activity is on a day, and how its head count stands: both follow, none is kept."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.activity import Dates, Status, head_count_on, phase_on
from ledger.domain.codes import HeadCount, Phase
from tests.domain.town import ACTIVITY

ENDED = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("today", "phase"),
    [
        (date(2026, 10, 9), Phase.PLANNED),
        (date(2026, 10, 10), Phase.RECRUITING),
        (date(2026, 10, 31), Phase.RECRUITING),
        (date(2026, 11, 1), Phase.UNDER_WAY),
        (ENDED, Phase.UNDER_WAY),
        (date(2026, 11, 21), Phase.OVER),
    ],
)
def test_an_activity_goes_through_its_dates(today: date, phase: Phase) -> None:
    assert ACTIVITY.phase_on(today) is phase


def test_between_recruiting_and_its_first_day_it_waits() -> None:
    said = replace(ACTIVITY.particulars, recruits_until=date(2026, 10, 20))
    assert replace(ACTIVITY, particulars=said).phase_on(date(2026, 10, 21)) is Phase.RECRUITED


def test_recruiting_is_told_while_both_run() -> None:
    said = replace(ACTIVITY.particulars, recruits_until=ENDED)
    assert replace(ACTIVITY, particulars=said).phase_on(ENDED) is Phase.RECRUITING


def test_without_recruiting_it_is_planned_until_it_begins() -> None:
    said = replace(ACTIVITY.particulars, recruits_from=None, recruits_until=None)
    quiet = replace(ACTIVITY, particulars=said)
    assert quiet.phase_on(date(2026, 10, 15)) is Phase.PLANNED
    assert quiet.phase_on(date(2026, 11, 1)) is Phase.UNDER_WAY


def test_what_was_cancelled_or_entered_after_its_end_stays_so() -> None:
    for today in (date(2026, 1, 1), date(2027, 1, 1)):
        cancelled = replace(ACTIVITY, status=Status.CANCELLED, back_entry=True)
        assert cancelled.phase_on(today) is Phase.CANCELLED
        assert replace(ACTIVITY, back_entry=True).phase_on(today) is Phase.BACK_ENTRY


@pytest.mark.parametrize(
    ("recorded", "before", "after"),
    [
        (0, HeadCount.OPEN, HeadCount.SHORT),
        (11, HeadCount.OPEN, HeadCount.SHORT),
        (12, HeadCount.AGREES, HeadCount.AGREES),
        (13, HeadCount.EXCEEDED, HeadCount.EXCEEDED),
    ],
)
def test_fewer_are_a_discrepancy_once_it_is_over_and_more_at_any_time(
    recorded: int, before: HeadCount, after: HeadCount
) -> None:
    assert ACTIVITY.head_count_on(ENDED, recorded) is before
    assert ACTIVITY.head_count_on(date(2026, 11, 21), recorded) is after


DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 1))


@given(st.lists(DAYS, min_size=5, max_size=5), st.booleans(), st.booleans())
def test_on_every_day_it_is_in_one_phase_and_never_goes_back(
    days: list[date], recruits: bool, is_back_entry: bool
) -> None:
    first, second, third, *rest = sorted(days)
    dates = Dates(
        starts_on=second,
        ends_on=rest[1],
        recruits_from=first if recruits else None,
        recruits_until=third if recruits else None,
    )
    order = list(Phase)
    phases = [
        phase_on(day, dates, is_cancelled=False, is_back_entry=is_back_entry)
        for day in sorted(days)
    ]
    assert phases == sorted(phases, key=order.index)


@given(st.integers(1, 30), st.integers(0, 30), DAYS, DAYS)
def test_a_head_count_agrees_exactly_with_as_many_volunteers(
    declared: int, recorded: int, today: date, ends_on: date
) -> None:
    standing = head_count_on(today, ends_on=ends_on, declared=declared, recorded=recorded)
    assert (standing is HeadCount.AGREES) == (declared == recorded)
    assert (standing is HeadCount.EXCEEDED) == (declared < recorded)

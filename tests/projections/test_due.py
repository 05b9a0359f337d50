"""Until when something is to be done: one limit is derived from a statute, the others ours."""

from dataclasses import replace
from datetime import date

import pytest

from ledger.domain.rules import INITIAL_CALENDAR, INITIAL_RULES
from ledger.domain.working_days import Calendar
from ledger.projections.due import due
from ledger.projections.tasks import TaskKind


def test_publicity_opens_while_its_days_still_fit_in_the_ten() -> None:
    """2026-11-20 + 10 working days is 12-04; three of them are the publicity's."""
    found = due(TaskKind.PUBLICIZE, date(2026, 11, 20), INITIAL_RULES, INITIAL_CALENDAR)
    assert found.day == date(2026, 12, 1)
    assert (found.is_derived, found.provisional) == (True, False)


def test_longer_publicity_opens_earlier_and_never_before_the_end() -> None:
    longer = replace(INITIAL_RULES, publicity_working_days=9)
    day = date(2026, 11, 20)
    assert due(TaskKind.PUBLICIZE, day, longer, INITIAL_CALENDAR).day == date(2026, 11, 23)
    longest = replace(INITIAL_RULES, publicity_working_days=60)
    assert due(TaskKind.PUBLICIZE, day, longest, INITIAL_CALENDAR).day == day


WANT = {
    TaskKind.REVIEW: 3,
    TaskKind.APPROVE: 3,
    TaskKind.RESUBMIT: 5,
    TaskKind.DECIDE_OBJECTION: 5,
    TaskKind.DECIDE_AMENDMENT: 10,
    TaskKind.DECIDE_ACTIVITY_AMENDMENT: 5,
    TaskKind.ATTACH_SCAN: 5,
    TaskKind.CHECK_IMPORT: 3,
    TaskKind.CONFIRM_IDENTITY: 5,
    TaskKind.ANSWER_CORRECTION: 5,
    TaskKind.ACCEPT_CERTIFICATE: 3,
    TaskKind.ISSUE_CERTIFICATE: 3,
}


@pytest.mark.parametrize("kind", WANT)
def test_every_other_limit_is_internal(kind: TaskKind) -> None:
    found = due(kind, date(2026, 9, 28), INITIAL_RULES, INITIAL_CALENDAR)
    assert not found.is_derived
    assert found.day == INITIAL_CALENDAR.add(date(2026, 9, 28), WANT[kind]).day


def test_every_kind_of_task_has_a_limit() -> None:
    assert {*WANT, TaskKind.PUBLICIZE} == set(TaskKind)


def test_without_a_published_calendar_a_limit_is_provisional() -> None:
    found = due(TaskKind.REVIEW, date(2026, 9, 28), INITIAL_RULES, Calendar())
    assert found.provisional
    assert found.day == date(2026, 10, 1)  # a Thursday; that it is a holiday is not known

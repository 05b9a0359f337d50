"""A minor is registered with her guardian and the guardian's consent."""

from dataclasses import replace
from datetime import date

import pytest

from ledger.domain.volunteer import (
    Consenter,
    age_on,
)
from ledger.domain.volunteer.events import (
    ConsentGiven,
    GuardianNamed,
    VolunteerRegistered,
)
from tests.domain.volunteers import (
    A_CHILD,
    A_YOUTH,
    BY_GUARDIAN,
    ENTRY_BY_GUARDIAN,
    GUARDIAN,
    PARTICULARS,
    SHE,
    TO_ENTRY,
    alone,
    at_station,
    born,
    reasons,
    registration,
)


def test_a_minor_is_registered_with_guardian_and_consent() -> None:
    form = registration(born(A_CHILD), ENTRY_BY_GUARDIAN, BY_GUARDIAN, guardian=GUARDIAN)
    given = at_station().when(form)
    given.then_some(VolunteerRegistered, GuardianNamed, ConsentGiven, ConsentGiven)
    assert given.state.guardian == GUARDIAN.guardian
    assert given.state.guardian_consented


@pytest.mark.parametrize(
    ("birth", "below"), [(A_CHILD, 14), (date(2012, 11, 24), 18), (A_YOUTH, 18)]
)
def test_a_minor_is_not_registered_without_her_guardians_consent(
    birth: date, below: int
) -> None:
    given = alone().when(registration(born(birth)), by=SHE)
    given.then_refused("guardian_consent_is_missing")
    assert [each.details for each in reasons(given)] == [{"below": below}]


def test_a_guardians_consent_to_something_else_is_not_enough() -> None:
    form = registration(born(A_CHILD), ENTRY_BY_GUARDIAN, guardian=GUARDIAN)
    at_station().when(form).then_refused("guardian_consent_is_missing")


def test_a_guardians_consent_needs_a_guardian() -> None:
    form = registration(born(A_YOUTH), TO_ENTRY, BY_GUARDIAN)
    at_station().when(form).then_refused("guardian_is_missing")


def test_who_is_too_young_is_not_registered_at_all() -> None:
    form = registration(
        born(date(2023, 11, 25)), ENTRY_BY_GUARDIAN, BY_GUARDIAN, guardian=GUARDIAN
    )
    at_station().when(form).then_refused("volunteer_is_too_young")
    old_enough = replace(form, particulars=born(date(2023, 11, 24)))
    at_station().when(old_enough).then_some(
        VolunteerRegistered, GuardianNamed, ConsentGiven, ConsentGiven
    )


def test_a_birth_of_today_is_not_in_the_future() -> None:
    form = registration(
        born(date(2026, 11, 24)), ENTRY_BY_GUARDIAN, BY_GUARDIAN, guardian=GUARDIAN
    )
    at_station().when(form).then_refused("volunteer_is_too_young")


def test_nobody_of_age_has_a_guardian() -> None:
    at_station().when(registration(PARTICULARS, TO_ENTRY, guardian=GUARDIAN)).then_refused(
        "guardian_is_not_needed"
    )


def test_an_adult_is_one_from_her_birthday_on() -> None:
    form = registration(born(date(2008, 11, 24)))
    alone().when(form, by=SHE).then_some(VolunteerRegistered)
    alone().when(registration(born(date(2008, 11, 25))), by=SHE).then_refused(
        "guardian_consent_is_missing"
    )


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2026, 11, 24), date(2026, 11, 23), -1),
    ],
)
def test_age_is_completed_years(birth: date, day: date, age: int) -> None:
    assert age_on(birth, day) == age


def test_a_child_consents_to_nothing_herself() -> None:
    own = replace(TO_ENTRY, given_by=Consenter.VOLUNTEER)
    form = registration(born(A_CHILD), own, BY_GUARDIAN, guardian=GUARDIAN)
    at_station().when(form).then_refused("guardian_must_consent")

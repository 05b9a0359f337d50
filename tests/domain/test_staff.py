"""Named persons: appointed by somebody else, for days to come, two for what needs two."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from ledger.domain.event import ERASED, Actor, ActorKind
from ledger.domain.organization import Organization, Role
from ledger.domain.organization.commands import AmendStaff, AppointStaff, ReleaseStaff
from ledger.domain.organization.events import StaffAmended, StaffAppointed, StaffReleased
from tests.domain.organizations import (
    A_KEY,
    A_VOLUNTEER,
    ANOTHER_DISTRICT,
    LEDGER,
    THE_ASSOCIATION,
    THE_CITY,
    THE_DISTRICT,
    THE_ENTRUSTED,
    THE_STATION,
    in_name_of,
    organization,
)
from tests.domain.samples_organization import (
    APPOINTED,
    ASSOCIATION_REGISTERED,
    AUTHORIZED,
    CITY_BUREAU_AUTHORIZED,
    CITY_BUREAU_REGISTERED,
    DISTRICT_BUREAU_REGISTERED,
    ENTRUSTED_REGISTERED,
    PERSON,
    RELEASED,
    REVOKED,
    STAFF_AMENDED,
    STATION_REGISTERED,
    SUCCEEDED,
    SUSPENDED,
)

TODAY = date(2026, 11, 24)
TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = TODAY - timedelta(days=1)
COLLEAGUE = UUID(int=0xAB2)
KNOWN = (STATION_REGISTERED, AUTHORIZED)

APPOINT = AppointStaff(
    person=PERSON,
    roles=(Role.RECORDER, Role.CONTACT),
    from_day=TODAY,
    name="张𠮷",
    telephone="13800000000",
)
AMEND = AmendStaff(person=PERSON, name="张𠮷祥", telephone=None)
RELEASE = ReleaseStaff(
    person=PERSON, roles=(Role.RECORDER,), from_day=TODAY, reason="调任其他岗位。"
)


def appointed(person: UUID, *roles: Role) -> StaffAppointed:
    return replace(APPOINTED, person=person, roles=roles)


def test_a_person_has_her_roles_from_the_day_on() -> None:
    state: Organization = (
        in_name_of(THE_STATION)
        .given(*KNOWN)
        .when(replace(APPOINT, from_day=TOMORROW))
        .then(replace(APPOINTED, from_day=TOMORROW, on_behalf_of=THE_STATION.id))
    )
    assert not state.has_role(PERSON, Role.RECORDER, TODAY)
    assert state.has_role(PERSON, Role.RECORDER, TOMORROW)
    assert state.has_role(PERSON, Role.CONTACT, TOMORROW)
    assert not state.has_role(PERSON, Role.REVIEWER, TOMORROW)
    assert not state.has_role(COLLEAGUE, Role.RECORDER, TOMORROW)


def test_a_released_person_has_the_role_no_more_and_keeps_the_others() -> None:
    state: Organization = (
        in_name_of(THE_STATION)
        .given(*KNOWN, APPOINTED)
        .when(RELEASE)
        .then(replace(RELEASED, from_day=TODAY, on_behalf_of=THE_STATION.id))
    )
    assert state.has_role(PERSON, Role.RECORDER, YESTERDAY)
    assert not state.has_role(PERSON, Role.RECORDER, TODAY)
    assert state.has_role(PERSON, Role.CONTACT, TODAY)


def test_a_person_comes_back() -> None:
    released = replace(RELEASED, from_day=TODAY)
    state: Organization = (
        in_name_of(THE_STATION)
        .given(*KNOWN, APPOINTED, released)
        .when(replace(APPOINT, roles=(Role.RECORDER,), from_day=TOMORROW))
        .state
    )
    assert not state.has_role(PERSON, Role.RECORDER, TODAY)
    assert state.has_role(PERSON, Role.RECORDER, TOMORROW)


def test_who_is_released_before_her_first_day_never_has_the_role() -> None:
    state: Organization = (
        in_name_of(THE_STATION)
        .given(*KNOWN, replace(APPOINTED, from_day=TOMORROW))
        .when(RELEASE)
        .state
    )
    assert not state.persons(Role.RECORDER, TOMORROW)


def test_a_release_that_was_planned_is_brought_forward_and_not_put_off() -> None:
    history = (*KNOWN, APPOINTED, replace(RELEASED, from_day=TOMORROW))
    sooner = in_name_of(THE_STATION).given(*history).when(RELEASE).state
    assert not sooner.has_role(PERSON, Role.RECORDER, TODAY)
    in_name_of(THE_STATION).given(*history).when(
        replace(RELEASE, from_day=TOMORROW)
    ).then_refused("role_not_held")
    later = organization(*history, replace(RELEASED, from_day=date(2027, 1, 1)))
    assert not later.has_role(PERSON, Role.RECORDER, TOMORROW)


def test_what_needs_two_persons_has_a_recorder_and_another_who_reviews() -> None:
    def has_two(*events: StaffAppointed) -> bool:
        return organization(*KNOWN, *events).has_two_persons(TODAY)

    recorder, reviewer = Role.RECORDER, Role.REVIEWER
    assert not has_two()
    assert not has_two(appointed(PERSON, recorder, reviewer))
    assert not has_two(appointed(PERSON, recorder), appointed(COLLEAGUE, recorder))
    assert not has_two(appointed(PERSON, recorder), appointed(COLLEAGUE, Role.RESPONSIBLE))
    assert has_two(appointed(PERSON, recorder), appointed(COLLEAGUE, reviewer))
    assert has_two(appointed(PERSON, recorder, reviewer), appointed(COLLEAGUE, reviewer))
    assert has_two(appointed(PERSON, recorder, reviewer), appointed(COLLEAGUE, recorder))


def test_persons_of_a_role_are_told_once_and_in_order() -> None:
    again = replace(RELEASED, from_day=date(2026, 11, 10))
    state = organization(
        *KNOWN, appointed(COLLEAGUE, Role.RECORDER), APPOINTED, again, APPOINTED
    )
    assert state.persons(Role.RECORDER, date(2026, 11, 5)) == (COLLEAGUE, PERSON)


@pytest.mark.parametrize("acting", [THE_STATION, THE_ASSOCIATION, THE_DISTRICT, THE_CITY])
def test_an_organization_and_who_stands_over_it_appoint_and_release(
    acting: Organization,
) -> None:
    in_name_of(acting).given(*KNOWN).when(APPOINT).then_some(StaffAppointed)
    in_name_of(acting).given(*KNOWN, APPOINTED).when(RELEASE).then_some(StaffReleased)
    in_name_of(acting).given(*KNOWN, APPOINTED).when(AMEND).then_some(StaffAmended)


@pytest.mark.parametrize("acting", [ANOTHER_DISTRICT, THE_ENTRUSTED])
@pytest.mark.parametrize("command", [APPOINT, RELEASE, AMEND])
def test_nobody_else_appoints_or_releases(acting: Organization, command: Any) -> None:
    given = (*KNOWN, replace(APPOINTED, roles=(Role.RECORDER,)))
    later = replace(command, roles=(Role.REVIEWER,)) if command is APPOINT else command
    in_name_of(acting).given(*given).when(later).then_refused("organization_not_above")


@pytest.mark.parametrize("by", [A_KEY, A_VOLUNTEER, LEDGER])
def test_a_person_appoints(by: Actor) -> None:
    in_name_of(THE_STATION).given(*KNOWN).when(APPOINT, by=by).then_refused(
        "actor_is_not_staff"
    )


def test_nobody_appoints_herself() -> None:
    in_name_of(THE_STATION).given(*KNOWN).when(
        APPOINT, by=Actor(ActorKind.STAFF, PERSON)
    ).then_refused("appointee_appoints_herself")


def test_a_person_may_release_herself() -> None:
    in_name_of(THE_STATION).given(*KNOWN, APPOINTED).when(
        RELEASE, by=Actor(ActorKind.STAFF, PERSON)
    ).then_some(StaffReleased)


@pytest.mark.parametrize(
    ("event", "role"),
    [
        (DISTRICT_BUREAU_REGISTERED, Role.RECORDER),
        (CITY_BUREAU_REGISTERED, Role.RECORDER),
        (STATION_REGISTERED, Role.SUPERVISOR),
        (ENTRUSTED_REGISTERED, Role.SUPERVISOR),
    ],
)
def test_a_bureau_has_no_recorder_and_who_has_nobody_below_no_supervisor(
    event: Any, role: Role
) -> None:
    in_name_of(THE_CITY).given(event, AUTHORIZED).when(
        replace(APPOINT, roles=(role,))
    ).then_refused("role_not_of_kind", about="roles")


def test_an_association_supervises_its_stations() -> None:
    in_name_of(THE_DISTRICT).given(ASSOCIATION_REGISTERED, AUTHORIZED).when(
        replace(APPOINT, roles=tuple(Role))
    ).then_some(StaffAppointed)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"roles": ()}, ["role_is_missing"]),
        ({"roles": (Role.REVIEWER, Role.REVIEWER)}, ["role_named_twice"]),
        ({"from_day": YESTERDAY}, ["appointment_is_backdated"]),
        ({"name": "张三1"}, ["name_has_other_character"]),
        ({"telephone": "1380000000"}, ["phone_is_malformed"]),
    ],
)
def test_an_appointment_is_checked(changes: Any, codes: list[str]) -> None:
    in_name_of(THE_STATION).given(*KNOWN).when(replace(APPOINT, **changes)).then_refused(*codes)


def test_a_role_is_given_once() -> None:
    in_name_of(THE_STATION).given(*KNOWN, APPOINTED).when(APPOINT).then_refused(
        "role_is_held", "role_is_held"
    )


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"roles": ()}, ["role_is_missing"]),
        ({"roles": (Role.RECORDER, Role.RECORDER)}, ["role_named_twice"]),
        ({"roles": (Role.RECORDER, Role.REVIEWER)}, ["role_not_held"]),
        ({"person": COLLEAGUE}, ["role_not_held"]),
        ({"from_day": YESTERDAY}, ["release_is_backdated"]),
        ({"reason": ""}, ["text_is_missing"]),
    ],
)
def test_a_release_is_checked(changes: Any, codes: list[str]) -> None:
    in_name_of(THE_STATION).given(*KNOWN, APPOINTED).when(
        replace(RELEASE, **changes)
    ).then_refused(*codes)


def test_a_suspended_organization_releases_and_appoints_nobody_unless_from_above() -> None:
    history = (*KNOWN, APPOINTED, SUSPENDED)
    itself = organization(*history)
    review = replace(APPOINT, roles=(Role.REVIEWER,))
    in_name_of(itself).given(*history).when(RELEASE).then_some(StaffReleased)
    in_name_of(itself).given(*history).when(review).then_refused(
        "acting_organization_not_in_force"
    )
    in_name_of(THE_DISTRICT).given(*history).when(review).then_some(StaffAppointed)


@pytest.mark.parametrize(
    ("event", "code"),
    [(REVOKED, "organization_is_revoked"), (SUCCEEDED, "organization_is_succeeded")],
)
def test_what_came_to_its_end_appoints_nobody(event: Any, code: str) -> None:
    in_name_of(THE_DISTRICT).given(*KNOWN, event).when(APPOINT).then_refused(code)


def test_a_person_is_called_otherwise() -> None:
    state: Organization = (
        in_name_of(THE_ASSOCIATION).given(*KNOWN, APPOINTED).when(AMEND).then(STAFF_AMENDED)
    )
    member = state.member(PERSON)
    assert member is not None
    assert (member.name, member.telephone) == ("张𠮷祥", None)
    assert len(state.staff) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"person": COLLEAGUE}, "person_is_not_of_the_staff"),
        ({"name": "张𠮷", "telephone": "13800000000"}, "nothing_is_amended"),
        ({"name": ""}, "text_is_missing"),
    ],
)
def test_what_a_person_is_called_is_checked(changes: Any, code: str) -> None:
    in_name_of(THE_STATION).given(*KNOWN, APPOINTED).when(
        replace(AMEND, **changes)
    ).then_refused(code)


def test_an_erased_person_keeps_her_roles_and_loses_her_name() -> None:
    erased = replace(APPOINTED, name=ERASED, telephone=ERASED)
    state = organization(*KNOWN, erased, replace(RELEASED, reason=ERASED, from_day=TODAY))
    member = state.member(PERSON)
    assert member is not None
    assert member.name is ERASED
    assert state.has_role(PERSON, Role.CONTACT, TODAY)
    assert not state.has_role(PERSON, Role.RECORDER, TODAY)


def test_the_ledger_appoints_the_first_person_of_the_city_bureau_and_nobody_after() -> None:
    first = replace(APPOINT, roles=(Role.SUPERVISOR, Role.RESPONSIBLE), from_day=TOMORROW)
    beginning = (CITY_BUREAU_REGISTERED, CITY_BUREAU_AUTHORIZED)
    (event,) = (
        in_name_of(None).given(*beginning).when(first, by=LEDGER).then_some(StaffAppointed)
    )
    assert event.on_behalf_of is None
    in_name_of(None).given(*beginning, event).when(
        replace(first, person=COLLEAGUE), by=LEDGER
    ).then_refused("ledger_appoints_the_first_person_only")
    released = replace(RELEASED, roles=event.roles, from_day=TODAY)
    in_name_of(None).given(*beginning, event, released).when(
        replace(first, person=COLLEAGUE), by=LEDGER
    ).then_some(StaffAppointed)


def test_the_ledger_appoints_nobody_elsewhere() -> None:
    in_name_of(None).given(*KNOWN).when(APPOINT, by=LEDGER).then_refused(
        "ledger_appoints_the_first_person_only"
    )

"""Organizations, their people and volunteers, event by event."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ledger.domain.event import Event, Happened
from ledger.domain.organization.events import OrganizationEvent
from ledger.domain.organization.evolving import evolve as evolve_organization
from ledger.domain.organization.kinds import Role
from ledger.domain.volunteer.evolving import evolve as evolve_volunteer
from ledger.domain.volunteer.particulars import Fact
from ledger.projections.organizations import held_on
from ledger.projections.tasks import TaskKind
from ledger.projections.views import (
    ORGANIZATION_KEYS,
    ORGANIZATIONS,
    PERSONS,
    STAFF,
    TALLIES,
    TASKS,
    VOLUNTEER_TOKENS,
    VOLUNTEERS,
)
from tests.domain import samples_organization as organizations
from tests.domain import samples_volunteer as volunteers
from tests.domain.specification import NOW
from tests.domain.town import HERSELF, NEIGHBOUR, RECORDER, STATION
from tests.projections.histories import prelude
from tests.projections.made import Made, made_of

ORGANIZATION = organizations.ENTRUSTED
PERSON = str(organizations.PERSON)
HAPPENED = Happened(RECORDER, NOW, 1)
STATION_ID, SHE = str(STATION.id), str(HERSELF.id)


def of_organization(*events: Event) -> Made:
    """Return the views of the entrusted organization after these events."""
    history = prelude()
    history.tell(ORGANIZATION, organizations.ENTRUSTED_REGISTERED)
    for event in events:
        history.tell(ORGANIZATION, event, at=NOW)
    return made_of(history)


def of_volunteer(*events: Event) -> Made:
    """Return the views of a registered volunteer after these events."""
    history = prelude()
    for event in events:
        named: Any = replace(event, volunteer=HERSELF.id)  # type: ignore[type-var]
        history.tell(HERSELF.id, named, RECORDER, at=NOW)
    return made_of(history)


STANDINGS: list[list[OrganizationEvent]] = [
    [],
    [organizations.AUTHORIZED],
    [organizations.AUTHORIZED, organizations.SUSPENDED],
    [organizations.AUTHORIZED, organizations.SUSPENDED, organizations.REINSTATED],
    [organizations.REVOKED],
    [organizations.SUCCEEDED],
    [organizations.AMENDED],
]


@pytest.mark.parametrize("events", STANDINGS, ids=len)
def test_an_organization_stands_as_the_domain_says(events: list[OrganizationEvent]) -> None:
    row = of_organization(*events).row(ORGANIZATIONS, str(ORGANIZATION))
    state = evolve_organization(None, organizations.ENTRUSTED_REGISTERED, HAPPENED)
    for event in events:
        state = evolve_organization(state, event, HAPPENED)
    assert row == {
        "kind": state.kind.value,
        "division": state.division,
        "parent": str(state.parent),
        "name": state.particulars.name,
        "status": state.status.value,
        "credit_code": state.particulars.credit_code,
        "form": state.particulars.form.value,
    }


def test_a_key_is_its_organizations_until_it_is_revoked() -> None:
    key = str(organizations.KEY)
    row = of_organization(organizations.KEY_ADDED).row(ORGANIZATION_KEYS, key)
    assert (row["organization"], row["is_revoked"]) == (str(ORGANIZATION), False)
    assert row["valid_to"] == "2027-11-30"
    gone = of_organization(organizations.KEY_ADDED, organizations.KEY_REVOKED)
    assert gone.row(ORGANIZATION_KEYS, key)["is_revoked"] is True


TERMS: list[list[OrganizationEvent]] = [
    [organizations.APPOINTED],
    [organizations.APPOINTED, organizations.RELEASED],
    [
        organizations.APPOINTED,
        organizations.RELEASED,
        replace(organizations.APPOINTED, from_day=date(2027, 1, 1)),
    ],
    [
        organizations.APPOINTED,
        organizations.RELEASED,
        replace(organizations.APPOINTED, from_day=date(2027, 1, 1)),
        replace(organizations.RELEASED, from_day=date(2026, 12, 15)),
    ],
]


@pytest.mark.parametrize("events", TERMS, ids=len)
def test_a_role_is_held_when_the_domain_says_so(events: list[OrganizationEvent]) -> None:
    state = evolve_organization(None, organizations.ENTRUSTED_REGISTERED, HAPPENED)
    for event in events:
        state = evolve_organization(state, event, HAPPENED)
    made = of_organization(*events)
    for role in (Role.RECORDER, Role.CONTACT):
        terms = str(made.row(STAFF, str(ORGANIZATION), PERSON, role)["terms"])
        for month in range(10, 16):
            for day in (1, 14, 15, 28):
                on = date(2026 + (month - 1) // 12, (month - 1) % 12 + 1, day)
                got = held_on(terms, on.isoformat())
                assert got is state.has_role(organizations.PERSON, role, on), on


def test_a_person_is_called_as_was_said_last() -> None:
    made = of_organization(organizations.APPOINTED)
    assert "'张𠮷'" in text_of(made.row(PERSONS, PERSON)["box"])
    made = of_organization(organizations.APPOINTED, organizations.STAFF_AMENDED)
    assert "'张𠮷祥'" in text_of(made.row(PERSONS, PERSON)["box"])


def text_of(box: object) -> str:
    assert isinstance(box, bytes)
    return box.decode()


CONFIRM = (TaskKind.CONFIRM_IDENTITY.value, SHE)
CORRECT = (TaskKind.ANSWER_CORRECTION.value, str(volunteers.CORRECTION))

LIVES: list[tuple[list[Any], dict[str, Any], set[tuple[str, str]]]] = [
    ([], {"status": "active", "is_confirmed": False}, {CONFIRM}),
    ([volunteers.CONFIRMED], {"is_confirmed": True}, set()),
    (
        [volunteers.CONFIRMED, volunteers.AMENDED],
        {"is_confirmed": False, "identified_by": RECORDER.text()},
        {CONFIRM},
    ),
    (
        [volunteers.CONFIRMED, replace(volunteers.AMENDED, changed=(Fact.CONTACT,))],
        {"is_confirmed": True},
        set(),
    ),
    (
        [volunteers.CORRECTION_REQUESTED],
        {"corrections": str(volunteers.CORRECTION)},
        {CONFIRM, CORRECT},
    ),
    (
        [volunteers.CORRECTION_REQUESTED, volunteers.CORRECTION_WITHDRAWN],
        {"corrections": ""},
        {CONFIRM},
    ),
    (
        [volunteers.CORRECTION_REQUESTED, volunteers.AMENDED],
        {"corrections": ""},
        {CONFIRM},
    ),
    (
        [volunteers.MERGED],
        {"status": "merged", "into": str(volunteers.OTHER)},
        set(),
    ),
    (
        [volunteers.MERGED, volunteers.SEPARATED],
        {"status": "active", "into": None},
        {CONFIRM},
    ),
    ([volunteers.CONFIRMED, volunteers.MERGED, volunteers.SEPARATED], {}, set()),
    ([volunteers.GUARDIAN_NAMED, volunteers.CONSENT_GIVEN], {"status": "active"}, {CONFIRM}),
]


@pytest.mark.parametrize(("events", "row", "tasks"), LIVES, ids=range(len(LIVES)))
def test_a_volunteer_stands_as_her_events_left_her(
    events: list[Any], row: dict[str, Any], tasks: set[tuple[str, str]]
) -> None:
    made = of_volunteer(*events)
    got = made.row(VOLUNTEERS, SHE)
    assert {name: got[name] for name in row} == row
    hers = {key for key, each in made.current[TASKS].items() if each["volunteer"] == SHE}
    assert hers == tasks
    state: Any = None
    told = prelude().told
    registered = next(each.event for each in told if each.stream == HERSELF.id)
    for event in [registered, *events]:
        state = evolve_volunteer(state, event, HAPPENED)
    assert got["is_confirmed"] is state.is_confirmed
    assert got["status"] == state.status.value
    assert got["corrections"] == " ".join(str(each.id) for each in state.corrections)


NEIGHBOURS = (TaskKind.CONFIRM_IDENTITY.value, str(NEIGHBOUR.id))


def test_who_came_by_herself_waits_where_she_lives() -> None:
    made = of_volunteer()
    assert made.row(TASKS, *CONFIRM)["division"] == STATION.division
    assert made.row(TASKS, *NEIGHBOURS)["division"] == "110101"
    assert made.row(TASKS, *NEIGHBOURS)["organization"] is None


@pytest.mark.parametrize(
    ("area", "want"),
    [("110116", "110116"), ("110105001", "110105"), ("110000", ""), ("310101", "")],
)
def test_who_moves_waits_where_she_lives_now_and_no_shorter(area: str, want: str) -> None:
    history = prelude()
    since = made_of(history).row(TASKS, *NEIGHBOURS)["since_day"]
    moved = replace(
        volunteers.AMENDED, volunteer=NEIGHBOUR.id, residence_area=area, answers=None
    )
    history.tell(NEIGHBOUR.id, moved, at=NOW)
    row = made_of(history).row(TASKS, *NEIGHBOURS)
    assert (row["division"], row["since_day"]) == (want, since)


def test_what_she_is_found_by_follows_what_she_is_called() -> None:
    made = of_volunteer(replace(volunteers.AMENDED, name="王示例"))
    assert made.row(VOLUNTEER_TOKENS, SHE, "name")["token"] == "name=王示例"
    assert made.row(VOLUNTEER_TOKENS, SHE, "telephone")["token"] == "telephone=13800000001"


def test_a_merged_registration_is_counted_once() -> None:
    here = (STATION_ID, "2026-11", "volunteers")
    assert of_volunteer().row(TALLIES, *here)["value"] == 1
    assert of_volunteer(volunteers.MERGED).row(TALLIES, *here)["value"] == 0

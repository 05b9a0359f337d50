"""A volunteer is registered by herself, or by an organization with her consent."""

from dataclasses import fields, replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from ledger.domain.codes import Ethnicity, IdType, ServiceCategory, Skill
from ledger.domain.event import Actor, ActorKind
from ledger.domain.organization.kinds import Role
from ledger.domain.rules import INITIAL_RULES
from ledger.domain.volunteer import (
    Availability,
    Fact,
    Particulars,
    Purpose,
)
from ledger.domain.volunteer.events import (
    ConsentGiven,
    VolunteerRegistered,
)
from ledger.domain.volunteer.particulars import OPTIONAL
from tests.domain.organizations import A_KEY, THE_CITY, THE_ENTRUSTED, organization
from tests.domain.samples_organization import (
    AUTHORIZED,
    ENTRUSTED_REGISTERED,
    GRANTED,
    KEY_ADDED,
    KEY_REVOKED,
    STATION_REGISTERED,
    SUSPENDED,
)
from tests.domain.samples_volunteer import POLICY, REGISTERED
from tests.domain.specification import CLERK
from tests.domain.volunteers import (
    PARTICULARS,
    REVIEWER,
    SHE,
    TO_ENTRY,
    alone,
    appointed,
    at_station,
    born,
    consent,
    reasons,
    registration,
)


def test_an_organization_registers_with_her_consent() -> None:
    given = at_station().when(registration(PARTICULARS, TO_ENTRY))
    registered, consented = given.then_some(VolunteerRegistered, ConsentGiven)
    assert registered == REGISTERED
    assert consented.purpose is Purpose.ENTRY_BY_ORGANIZATION
    assert consented.given_on == date(2026, 11, 24)
    assert given.state.particulars == PARTICULARS


def test_an_organization_does_not_register_without_her_consent() -> None:
    at_station().when(registration()).then_refused("consent_is_missing")


def test_a_person_registers_herself_and_needs_no_form() -> None:
    given = alone().when(registration(), by=SHE)
    (registered,) = given.then_some(VolunteerRegistered)
    assert registered.on_behalf_of is None
    assert registered.policy == POLICY


def test_nobody_registers_another_person_as_a_volunteer() -> None:
    stranger = Actor(ActorKind.VOLUNTEER, UUID(int=0x999))
    alone().when(registration(), by=stranger).then_refused("actor_is_another_volunteer")


def test_a_volunteer_does_not_act_for_an_organization() -> None:
    at_station().when(registration(PARTICULARS, TO_ENTRY), by=SHE).then_refused(
        "volunteer_acts_for_organization"
    )


def test_staff_does_not_register_without_an_organization() -> None:
    alone().when(registration()).then_refused("acting_organization_is_missing")


def test_a_registration_is_recorded_once() -> None:
    at_station().given(REGISTERED).when(registration(PARTICULARS, TO_ENTRY)).then_refused(
        "volunteer_is_registered"
    )


def test_only_a_recorder_registers() -> None:
    at_station().when(registration(PARTICULARS, TO_ENTRY), by=REVIEWER).then_refused(
        "actor_has_no_such_role"
    )


def test_an_organization_out_of_force_registers_nobody() -> None:
    station = organization(
        STATION_REGISTERED, AUTHORIZED, appointed(CLERK, Role.RECORDER), SUSPENDED
    )
    at_station(station).when(registration(PARTICULARS, TO_ENTRY)).then_refused(
        "acting_organization_not_in_force"
    )


def test_a_bureau_registers_nobody() -> None:
    at_station(THE_CITY).when(registration(PARTICULARS, TO_ENTRY)).then_refused(
        "actor_has_no_such_role", "bureau_does_not_record"
    )


def test_an_entrusted_organization_registers_with_its_key_while_it_is_entrusted() -> None:
    entrusted = organization(ENTRUSTED_REGISTERED, AUTHORIZED, GRANTED, KEY_ADDED)
    at_station(entrusted).when(registration(PARTICULARS, TO_ENTRY), by=A_KEY).then_some(
        VolunteerRegistered, ConsentGiven
    )
    at_station(THE_ENTRUSTED).when(registration(PARTICULARS, TO_ENTRY), by=A_KEY).then_refused(
        "key_is_not_in_force", "entrustment_not_in_force"
    )


def test_a_revoked_key_registers_nobody() -> None:
    revoked = organization(ENTRUSTED_REGISTERED, AUTHORIZED, GRANTED, KEY_ADDED, KEY_REVOKED)
    at_station(revoked).when(registration(PARTICULARS, TO_ENTRY), by=A_KEY).then_refused(
        "key_is_not_in_force"
    )


@pytest.mark.parametrize(
    ("wrong", "code", "about"),
    [
        ({"name": "王8"}, "name_has_other_character", "name"),
        ({"id_number": "110105180001010028"}, "resident_id_is_mistyped", "id_number"),
        ({"id_number": "11010518000101002９"}, "resident_id_is_malformed", "id_number"),
        ({"birth_date": date(1800, 1, 2)}, "birth_date_differs_from_id", "birth_date"),
        ({"residence_area": "110101999"}, "division_is_unknown", "residence_area"),
        ({"contact": "1380000000"}, "phone_is_malformed", "contact"),
        ({"skills": ()}, "code_is_missing", "skills"),
        ({"skills": (Skill.LAW, Skill.LAW)}, "code_is_repeated", "skills"),
        ({"service_categories": ()}, "code_is_missing", "service_categories"),
        ({"volunteer_number": "１２"}, "code_has_other_characters", "volunteer_number"),
    ],
)
def test_a_wrong_fact_is_refused(wrong: dict[str, Any], code: str, about: str) -> None:
    form = registration(replace(PARTICULARS, **wrong), TO_ENTRY)
    at_station().when(form).then_refused(code, about=about)


def test_all_that_is_wrong_is_told_at_once() -> None:
    wrong = replace(
        born(date(2027, 1, 1)),
        name="",
        service_categories=tuple(ServiceCategory)[: INITIAL_RULES.service_categories_max + 1],
        availability=(Availability.MONDAY_EVENING, Availability.MONDAY_EVENING),
    )
    at_station().when(registration(wrong, policy="AB" * 32)).then_refused(
        "text_is_missing",
        "birth_date_is_in_future",
        "categories_are_too_many",
        "code_is_repeated",
        "fact_needs_consent",
        "digest_is_malformed",
        "consent_is_missing",
    )


def test_as_many_categories_as_the_rules_allow_are_accepted() -> None:
    most = tuple(ServiceCategory)[: INITIAL_RULES.service_categories_max]
    form = registration(replace(PARTICULARS, service_categories=most))
    alone().when(form, by=SHE).then_some(VolunteerRegistered)


def test_a_document_that_tells_no_birth_date_may_have_any() -> None:
    passport = replace(PARTICULARS, id_type=IdType.PASSPORT, id_number="E00000000")
    alone().when(registration(passport), by=SHE).then_some(VolunteerRegistered)


@pytest.mark.parametrize("name", ["blood_type", "bloodType", "血型", "religion"])
def test_what_may_not_be_collected_is_refused_by_name(name: str) -> None:
    form = registration(extras={name: "O"})
    alone().when(form, by=SHE).then_refused("field_is_forbidden", about=name)


def test_an_unknown_field_is_refused() -> None:
    form = registration(extras={"is_confirmed": True, "status": "active"})
    alone().when(form, by=SHE).then_refused("field_is_unknown", "field_is_unknown")


def test_what_is_no_name_of_a_field_is_not_repeated() -> None:
    form = registration(extras={"王𠮷祥 110105180001010029": 1})
    given = alone().when(form, by=SHE)
    given.then_refused("field_is_unknown")
    assert [each.about for each in reasons(given)] == [None]


OPTIONAL_VALUES: dict[Fact, Any] = {
    Fact.ETHNICITY: Ethnicity.HUI,
    Fact.WORK_UNIT: "首都𫍯大学",
    Fact.AVAILABILITY: (Availability.SUNDAY_MORNING,),
}


@pytest.mark.parametrize("fact", OPTIONAL_VALUES, ids=str)
def test_an_optional_fact_needs_a_consent_that_names_it(fact: Fact) -> None:
    said = replace(PARTICULARS, **{fact.value: OPTIONAL_VALUES[fact]})
    to_another = consent(Purpose.OPTIONAL_FACTS, 2, facts=(Fact.EDUCATION,))
    to_this = consent(Purpose.OPTIONAL_FACTS, 2, facts=(fact,))
    alone().when(registration(said), by=SHE).then_refused(
        "fact_needs_consent", about=fact.value
    )
    alone().when(registration(said, to_another), by=SHE).then_refused("fact_needs_consent")
    given = alone().when(registration(said, TO_ENTRY, to_this), by=SHE)
    given.then_some(VolunteerRegistered, ConsentGiven, ConsentGiven)
    assert given.state.particulars == said


def test_consents_given_with_a_registration_are_each_for_another_purpose() -> None:
    form = registration(PARTICULARS, TO_ENTRY, TO_ENTRY)
    at_station().when(form).then_refused("consent_is_repeated", "consent_is_known")


def test_every_particular_has_a_name_and_every_event_has_it() -> None:
    names = {each.name for each in fields(Particulars)}
    assert names == {fact.value for fact in Fact}
    assert names < {each.name for each in fields(VolunteerRegistered)}
    assert {
        Fact(each.name)
        for each in fields(Particulars)
        if each.default in (None, ()) and each.name != "volunteer_number"
    } == OPTIONAL


def test_consents_recorded_by_others_need_a_signed_form() -> None:
    unsigned = replace(TO_ENTRY, evidence=None)
    at_station().when(registration(PARTICULARS, unsigned)).then_refused(
        "consent_is_not_evidenced"
    )
    alone().when(registration(PARTICULARS, unsigned), by=SHE).then_some(
        VolunteerRegistered, ConsentGiven
    )

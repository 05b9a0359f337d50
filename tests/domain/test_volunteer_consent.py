"""Consent is given for one purpose, by who may give it, and its withdrawal ends the future."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from ledger.domain.codes import Education
from ledger.domain.event import ERASED, Actor, ActorKind
from ledger.domain.organization.kinds import Role
from ledger.domain.volunteer import (
    Consenter,
    Fact,
    GiveConsent,
    Purpose,
    WithdrawConsent,
)
from ledger.domain.volunteer.events import (
    ConsentGiven,
    ConsentWithdrawn,
    GuardianNamed,
)
from tests.domain.organizations import organization
from tests.domain.samples_organization import AUTHORIZED, STATION_REGISTERED
from tests.domain.samples_volunteer import (
    CONSENT_GIVEN,
    GUARDIAN_NAMED,
    MERGED,
    REGISTERED,
)
from tests.domain.specification import NOW
from tests.domain.volunteers import (
    A_CHILD,
    A_YOUTH,
    BY_GUARDIAN,
    GUARDIAN,
    SHE,
    TODAY,
    alone,
    appointed,
    at_station,
    born,
    consent,
    erased,
    registered,
)

CHILD = registered(born(A_CHILD))
YOUTH = registered(born(A_YOUTH))
PUBLICATION = consent(Purpose.PUBLICATION)
PUBLICATION_TOO = consent(Purpose.PUBLICATION, 8)
STUDENT = replace(REGISTERED, education=Education.UNDERGRADUATE, work_unit="首都𫍯大学")
TO_BOTH = consent(Purpose.OPTIONAL_FACTS, 7, facts=(Fact.EDUCATION, Fact.WORK_UNIT))


def withdrawal(purpose: Purpose, by: Consenter = Consenter.VOLUNTEER) -> WithdrawConsent:
    return WithdrawConsent(purpose=purpose, withdrawn_by=by)


def test_a_consent_is_given_and_withdrawn() -> None:
    given = alone().given(REGISTERED).when(PUBLICATION, by=SHE)
    (consented,) = given.then_some(ConsentGiven)
    assert consented.given_on == TODAY
    assert given.state.has_consent(Purpose.PUBLICATION)
    given.when(withdrawal(Purpose.PUBLICATION), by=SHE)
    (withdrawn,) = given.then_some(ConsentWithdrawn)
    assert withdrawn.consent == consented.consent
    assert not given.state.has_consent(Purpose.PUBLICATION)
    given.when(withdrawal(Purpose.PUBLICATION), by=SHE).then_refused("consent_is_not_in_force")


def test_a_withdrawal_leaves_other_consents_and_what_had_ended_before() -> None:
    given = alone().given(REGISTERED, CONSENT_GIVEN).when(PUBLICATION_TOO, by=SHE)
    earlier = NOW - timedelta(days=3)
    given.when(withdrawal(Purpose.PUBLICATION), by=SHE, now=earlier)
    given.when(replace(PUBLICATION_TOO, consent=UUID(int=9)), by=SHE)
    given.when(withdrawal(Purpose.PUBLICATION), by=SHE)
    assert [each.ended_on for each in given.state.consents] == [
        None,
        TODAY - timedelta(days=3),
        TODAY,
    ]


def test_a_consent_takes_the_place_of_the_one_before() -> None:
    given = alone().given(REGISTERED).when(PUBLICATION, by=SHE)
    given.when(replace(PUBLICATION, consent=UUID(int=9), policy="ef" * 32), by=SHE)
    assert given.state.consent(Purpose.PUBLICATION).id == UUID(int=9)
    assert len(given.state.consents) == 2
    given.when(withdrawal(Purpose.PUBLICATION), by=SHE)
    assert not given.state.has_consent(Purpose.PUBLICATION)


def test_what_is_withdrawn_is_used_no_more_and_stays_in_the_history() -> None:
    given = alone().given(STUDENT).when(TO_BOTH, by=SHE)
    before = given.state.particulars
    assert (before.education, before.work_unit) == (STUDENT.education, STUDENT.work_unit)
    given.when(withdrawal(Purpose.OPTIONAL_FACTS), by=SHE)
    assert given.state.particulars == replace(before, education=None, work_unit=None)


def test_a_narrower_consent_leaves_what_it_covers() -> None:
    given = alone().given(STUDENT).when(TO_BOTH, by=SHE)
    given.when(consent(Purpose.OPTIONAL_FACTS, 8, facts=(Fact.EDUCATION,)), by=SHE)
    assert given.state.particulars.education is Education.UNDERGRADUATE
    assert given.state.particulars.work_unit is None


def test_another_purpose_touches_no_optional_fact() -> None:
    given = alone().given(STUDENT).when(PUBLICATION, by=SHE)
    assert given.state.particulars.work_unit == "首都𫍯大学"


@pytest.mark.parametrize(
    ("form", "codes"),
    [
        (consent(Purpose.OPTIONAL_FACTS), ["consent_has_wrong_facts"]),
        (consent(Purpose.PUBLICATION, facts=(Fact.EDUCATION,)), ["consent_has_wrong_facts"]),
        (consent(Purpose.OPTIONAL_FACTS, facts=(Fact.NAME,)), ["fact_needs_no_consent"]),
        (
            consent(Purpose.OPTIONAL_FACTS, facts=(Fact.EDUCATION, Fact.EDUCATION)),
            ["code_is_repeated"],
        ),
        (consent(Purpose.DISCLOSURE), ["consent_has_wrong_recipients"]),
        (
            consent(Purpose.DISCLOSURE, recipients=("a\u202eb",)),
            ["text_has_forbidden_character"],
        ),
        (consent(Purpose.PUBLICATION, recipients=("学校",)), ["consent_has_wrong_recipients"]),
        (consent(Purpose.PUBLICATION, policy="ab"), ["digest_is_malformed"]),
        (
            consent(Purpose.PUBLICATION, given_on=TODAY + timedelta(days=1)),
            ["consent_is_in_future"],
        ),
        (consent(Purpose.SERVICE_OF_MINOR), ["guardian_must_consent"]),
        (
            consent(Purpose.PUBLICATION, given_by=Consenter.GUARDIAN),
            ["volunteer_is_of_age"],
        ),
    ],
)
def test_what_is_no_consent_is_refused(form: GiveConsent, codes: list[str]) -> None:
    alone().given(REGISTERED).when(form, by=SHE).then_refused(*codes)


def test_a_consent_is_recorded_once() -> None:
    again = consent(Purpose.PUBLICATION, CONSENT_GIVEN.consent.int)
    alone().given(REGISTERED, CONSENT_GIVEN).when(again, by=SHE).then_refused(
        "consent_is_known"
    )


def test_a_form_signed_earlier_counts_from_its_own_day() -> None:
    signed = consent(Purpose.PUBLICATION, given_on=date(2026, 11, 1))
    given = at_station().given(REGISTERED).when(signed)
    (consented,) = given.then_some(ConsentGiven)
    assert consented.given_on == date(2026, 11, 1)


def test_a_staff_member_records_a_consent_on_a_signed_form_alone() -> None:
    unsigned = replace(PUBLICATION, evidence=None)
    at_station().given(REGISTERED).when(unsigned).then_refused("consent_is_not_evidenced")


def test_a_staff_member_is_not_the_volunteer_whatever_her_id() -> None:
    clerk = Actor(ActorKind.STAFF, SHE.id)
    station = organization(STATION_REGISTERED, AUTHORIZED, appointed(clerk, Role.RECORDER))
    unsigned = replace(PUBLICATION, evidence=None)
    at_station(station).given(REGISTERED).when(unsigned, by=clerk).then_refused(
        "consent_is_not_evidenced"
    )


def test_nobody_gives_or_withdraws_the_consent_of_another_volunteer() -> None:
    stranger = Actor(ActorKind.VOLUNTEER, UUID(int=0x999))
    given = alone().given(REGISTERED, CONSENT_GIVEN)
    given.when(withdrawal(CONSENT_GIVEN.purpose), by=stranger).then_refused(
        "actor_is_another_volunteer"
    )
    other = alone().given(REGISTERED).when(PUBLICATION, by=stranger)
    other.then_refused("actor_is_another_volunteer")
    alone().given(YOUTH).when(GUARDIAN, by=stranger).then_refused("actor_is_another_volunteer")


def test_a_minor_does_not_speak_for_her_guardian() -> None:
    as_guardian = replace(BY_GUARDIAN, evidence=None)
    alone().given(YOUTH, GUARDIAN_NAMED).when(as_guardian, by=SHE).then_refused(
        "consent_is_not_evidenced"
    )


def test_a_child_consents_through_her_guardian_and_a_youth_herself() -> None:
    alone().given(CHILD, GUARDIAN_NAMED).when(PUBLICATION, by=SHE).then_refused(
        "guardian_must_consent"
    )
    alone().given(YOUTH).when(PUBLICATION, by=SHE).then_some(ConsentGiven)
    through = replace(PUBLICATION, given_by=Consenter.GUARDIAN)
    at_station().given(CHILD, GUARDIAN_NAMED).when(through).then_some(ConsentGiven)
    at_station().given(CHILD).when(through).then_refused("guardian_is_missing")


def test_a_guardian_is_named_for_a_minor_and_another_takes_the_place() -> None:
    given = at_station().given(CHILD, GUARDIAN_NAMED).when(GUARDIAN)
    given.then_some(GuardianNamed)
    assert given.state.guardian == GUARDIAN.guardian
    at_station().given(REGISTERED).when(GUARDIAN).then_refused("guardian_is_not_needed")


def test_birthdays_decide_who_speaks() -> None:
    fourteen = registered(born(date(2012, 11, 24)))
    alone().given(fourteen).when(PUBLICATION, by=SHE).then_some(ConsentGiven)
    thirteen = registered(born(date(2012, 11, 25)))
    alone().given(thirteen).when(PUBLICATION, by=SHE).then_refused("guardian_must_consent")
    eighteen = registered(born(date(2008, 11, 24)))
    at_station().given(eighteen).when(GUARDIAN).then_refused("guardian_is_not_needed")
    at_station().given(eighteen, GUARDIAN_NAMED).when(BY_GUARDIAN).then_refused(
        "volunteer_is_of_age"
    )
    seventeen = registered(born(date(2008, 11, 25)))
    at_station().given(seventeen).when(GUARDIAN).then_some(GuardianNamed)


def test_a_guardian_has_a_name_and_a_telephone_number() -> None:
    wrong = replace(
        GUARDIAN, guardian=replace(GUARDIAN.guardian, name="", contact="1"), evidence="?"
    )
    given = at_station().given(CHILD).when(wrong)
    given.then_refused("text_is_missing", "phone_is_malformed", "digest_is_malformed")


def test_a_guardian_withdraws_until_she_is_of_age() -> None:
    by_guardian = withdrawal(Purpose.SERVICE_OF_MINOR, Consenter.GUARDIAN)
    given = at_station().given(YOUTH, GUARDIAN_NAMED).when(BY_GUARDIAN)
    assert given.state.guardian_consented
    grown = datetime(2028, 3, 1, 2, 0, tzinfo=UTC)
    given.when(by_guardian, now=grown).then_refused("volunteer_is_of_age")
    given.when(by_guardian).then_some(ConsentWithdrawn)
    assert not given.state.guardian_consented


def test_who_was_merged_or_erased_gives_and_withdraws_nothing() -> None:
    gone = erased(REGISTERED, *[fact.value for fact in Fact])
    for form in (PUBLICATION, withdrawal(Purpose.PUBLICATION), GUARDIAN):
        alone().given(REGISTERED, MERGED).when(form, by=SHE).then_refused("volunteer_is_merged")
        alone().given(gone).when(form, by=SHE).then_refused("volunteer_is_erased")


def test_an_erased_guardian_is_still_somebody() -> None:
    for gone in (["name"], ["relation"], ["contact"], ["name", "relation", "contact"]):
        named = erased(GUARDIAN_NAMED, *gone)
        assert alone().given(CHILD, named).state.guardian is ERASED

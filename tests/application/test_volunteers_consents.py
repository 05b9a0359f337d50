"""Consents and guardians through their use cases: given by who may, withdrawn as easily."""

from uuid import UUID

import pytest

from ledger.application.callers import as_volunteer
from ledger.application.forms.volunteer import (
    ConsentForm,
    ConsentWithdrawalForm,
    GuardianForm,
)
from ledger.application.office import Office
from ledger.application.reading import HiddenError
from ledger.application.registering import register
from ledger.application.volunteer_consents import (
    give_consent,
    name_guardian,
    withdraw_consent,
)
from ledger.application.volunteers import amend
from ledger.domain.volunteer import Purpose
from tests.application.homes import ON_SQLITE
from tests.application.town import Town
from tests.application.volunteering import (
    FILE,
    NOTICE,
    amendment,
    born,
    codes,
    registered,
    registration,
    said_of,
    state_of,
)


def consent(purpose: str, **terms: object) -> ConsentForm:
    return ConsentForm.model_validate({"purpose": purpose, "policy": NOTICE} | terms)


def withdrawal(purpose: str) -> ConsentWithdrawalForm:
    return ConsentWithdrawalForm.model_validate({"purpose": purpose})


@pytest.fixture
def volunteer(office: Office, town: Town) -> UUID:
    return registered(office, town.recorder)


def test_she_agrees_and_takes_it_back(office: Office, volunteer: UUID) -> None:
    she = as_volunteer(volunteer)
    given = give_consent(office, she, volunteer, consent("publication")).value
    in_force = state_of(office, volunteer).consent(Purpose.PUBLICATION)
    assert in_force is not None
    assert in_force.id == given
    withdraw_consent(office, she, volunteer, withdrawal("publication"))
    state = state_of(office, volunteer)
    assert state.consent(Purpose.PUBLICATION) is None
    (ended,) = (each for each in state.consents if each.id == given)
    assert ended.ended_on is not None  # history, not gone


@ON_SQLITE
def test_a_consent_that_somebody_else_records_is_on_paper(
    office: Office, town: Town, volunteer: UUID
) -> None:
    form = consent("disclosure", recipients=["首都𫍯大学"])
    found = codes(give_consent, office, town.recorder, volunteer, form)
    assert found == {"consent_is_not_evidenced"}
    signed = consent("disclosure", recipients=["首都𫍯大学"], evidence=FILE)
    give_consent(office, town.recorder, volunteer, signed)
    assert state_of(office, volunteer).has_consent(Purpose.DISCLOSURE)


@ON_SQLITE
def test_recorders_write_consents_down_and_anybody_their_end(
    office: Office, town: Town, volunteer: UUID
) -> None:
    form = consent("publication", evidence=FILE)
    found = codes(give_consent, office, town.reviewer, volunteer, form)
    assert found == {"actor_has_no_such_role"}
    give_consent(office, town.recorder, volunteer, form)
    withdraw_consent(office, town.reviewer, volunteer, withdrawal("publication"))
    found = codes(withdraw_consent, office, town.reviewer, volunteer, withdrawal("publication"))
    assert found == {"consent_is_not_in_force"}


@ON_SQLITE
def test_optional_facts_go_with_the_consent_that_covers_them(
    office: Office, volunteer: UUID
) -> None:
    she = as_volunteer(volunteer)
    form = amendment(work_unit="首都𫍯大学", evidence=None)
    assert codes(amend, office, she, volunteer, form) == {"fact_needs_consent"}
    give_consent(office, she, volunteer, consent("optional_facts", facts=["work_unit"]))
    amend(office, she, volunteer, form)
    assert said_of(office, volunteer).work_unit == "首都𫍯大学"
    withdraw_consent(office, she, volunteer, withdrawal("optional_facts"))
    assert said_of(office, volunteer).work_unit is None


@ON_SQLITE
def test_without_her_consent_an_organization_enters_nothing_more(
    office: Office, town: Town, volunteer: UUID
) -> None:
    she = as_volunteer(volunteer)
    withdraw_consent(office, she, volunteer, withdrawal("entry_by_organization"))
    form = amendment(contact="13900000001")
    assert codes(amend, office, town.recorder, volunteer, form) == {"consent_is_missing"}


@ON_SQLITE
def test_nobody_agrees_for_somebody_else(office: Office, town: Town, volunteer: UUID) -> None:
    with pytest.raises(HiddenError):
        give_consent(office, as_volunteer(UUID(int=9)), volunteer, consent("publication"))
    with pytest.raises(HiddenError):
        give_consent(
            office, town.other_recorder, volunteer, consent("publication", evidence=FILE)
        )


@ON_SQLITE
def test_a_guardian_is_named_anew(office: Office, town: Town) -> None:
    consents = [
        {"purpose": purpose, "given_by": "guardian", "evidence": FILE}
        for purpose in ("entry_by_organization", "service_of_minor")
    ]
    mother = {"name": "王㐂", "relation": "mother", "contact": "13800000003"}
    child = registration(born("2014-03-01"), *consents, guardian=mother)
    volunteer = register(office, town.recorder, child).value
    father = GuardianForm.model_validate(mother | {"name": "王祥", "relation": "father"})
    assert codes(name_guardian, office, town.reviewer, volunteer, father) == {
        "actor_has_no_such_role"
    }
    name_guardian(office, town.recorder, volunteer, father)
    assert state_of(office, volunteer).guardian == father.command().guardian


@ON_SQLITE
def test_nobody_of_age_has_a_guardian(office: Office, town: Town, volunteer: UUID) -> None:
    form = GuardianForm.model_validate(
        {"name": "王㐂", "relation": "mother", "contact": "13800000003"}
    )
    found = codes(name_guardian, office, town.recorder, volunteer, form)
    assert found == {"guardian_is_not_needed"}

"""Particulars change with a reason; who she is changes on evidence, and is confirmed anew."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from ledger.domain.event import ERASED, Actor, ActorKind
from ledger.domain.volunteer import (
    AmendVolunteer,
    ConfirmationMethod,
    ConfirmVolunteer,
    Fact,
    Particulars,
    Purpose,
    RequestCorrection,
    WithdrawConsent,
    WithdrawCorrection,
)
from ledger.domain.volunteer.events import (
    CorrectionRequested,
    CorrectionWithdrawn,
    VolunteerAmended,
    VolunteerConfirmed,
)
from tests.domain.samples_volunteer import (
    AMENDED,
    CONFIRMED,
    CONSENT_GIVEN,
    CORRECTION,
    CORRECTION_REQUESTED,
    CORRECTION_WITHDRAWN,
    EVIDENCE,
    IDENTITY,
    MERGED,
    OTHER_IDENTITY,
    REGISTERED,
    STATION,
    VOLUNTEER,
)
from tests.domain.specification import CLERK
from tests.domain.volunteers import PARTICULARS, REVIEWER, SHE, alone, at_station, erased

LEDGER = Actor(ActorKind.SYSTEM, UUID(int=0))
SEEN = ConfirmVolunteer(method=ConfirmationMethod.DOCUMENT_SEEN)
ASK = RequestCorrection(
    correction=CORRECTION, facts=(Fact.ID_NUMBER,), explanation="证件号码与证件不一致。"
)
RIGHT = replace(PARTICULARS, birth_date=date(1800, 6, 30), id_number="110116180006300059")
NAMES = [fact.value for fact in Fact]
REGISTERED_AND_ERASED = erased(REGISTERED, *NAMES)


def amendment(particulars: Particulars, **other: Any) -> AmendVolunteer:
    values: dict[str, Any] = {"identity": IDENTITY, "reason": "换了号码。"}
    return AmendVolunteer(particulars=particulars, **values | other)


CALLED = replace(PARTICULARS, contact="13800000009")


def test_she_amends_her_own_particulars() -> None:
    given = alone().given(REGISTERED).when(amendment(CALLED), by=SHE)
    (amended,) = given.then_some(VolunteerAmended)
    assert amended.changed == (Fact.CONTACT,)
    assert amended.contact == "13800000009"
    assert amended.name == PARTICULARS.name
    assert given.state.particulars == CALLED


def test_nobody_amends_the_particulars_of_another_volunteer() -> None:
    stranger = Actor(ActorKind.VOLUNTEER, UUID(int=0x999))
    alone().given(REGISTERED, CONSENT_GIVEN).when(amendment(CALLED), by=stranger).then_refused(
        "actor_is_another_volunteer"
    )


def test_an_organization_amends_only_with_her_consent() -> None:
    given = at_station().given(REGISTERED).when(amendment(CALLED))
    given.then_refused("consent_is_missing")
    consented = at_station().given(REGISTERED, CONSENT_GIVEN).when(amendment(CALLED))
    consented.then_some(VolunteerAmended)


def test_after_a_withdrawal_an_organization_amends_no_more() -> None:
    given = at_station().given(REGISTERED, CONSENT_GIVEN)
    given.when(WithdrawConsent(purpose=Purpose.ENTRY_BY_ORGANIZATION))
    given.when(amendment(CALLED)).then_refused("consent_is_missing")


def test_an_amendment_changes_something_for_a_reason() -> None:
    form = amendment(PARTICULARS, reason=" ")
    alone().given(REGISTERED).when(form, by=SHE).then_refused(
        "nothing_is_changed", "text_has_outer_space"
    )


def test_an_amendment_is_checked_like_a_registration() -> None:
    wrong = replace(CALLED, contact="1", work_unit="首都大学")
    form = amendment(wrong, extras={"blood_type": "O"}, evidence="x")
    alone().given(REGISTERED).when(form, by=SHE).then_refused(
        "phone_is_malformed", "fact_needs_consent", "field_is_forbidden", "digest_is_malformed"
    )


def test_who_she_is_changes_on_evidence_alone() -> None:
    form = amendment(replace(PARTICULARS, name="王吉祥"))
    alone().given(REGISTERED).when(form, by=SHE).then_refused("change_is_not_evidenced")


def test_who_she_is_has_to_be_confirmed_anew() -> None:
    form = amendment(RIGHT, identity=OTHER_IDENTITY, evidence=EVIDENCE)
    given = alone().given(REGISTERED, CONFIRMED).when(form, by=SHE)
    (amended,) = given.then_some(VolunteerAmended)
    assert amended.changed == (Fact.BIRTH_DATE, Fact.ID_NUMBER)
    assert given.state.identity == OTHER_IDENTITY
    assert not given.state.is_confirmed
    assert given.state.identified_by == SHE


def test_a_telephone_number_leaves_her_confirmed() -> None:
    given = alone().given(REGISTERED, CONFIRMED).when(amendment(CALLED), by=SHE)
    given.then_some(VolunteerAmended)
    assert given.state.is_confirmed
    assert given.state.identified_by == CLERK


@pytest.mark.parametrize(
    ("particulars", "identity"), [(RIGHT, IDENTITY), (CALLED, OTHER_IDENTITY)]
)
def test_a_number_and_its_stream_go_together(particulars: Particulars, identity: UUID) -> None:
    form = amendment(particulars, identity=identity, evidence=EVIDENCE)
    with pytest.raises(ValueError, match="amended ID number"):
        alone().given(REGISTERED).when(form, by=SHE)


def test_an_organization_asks_for_a_correction_and_she_answers() -> None:
    given = at_station().given(REGISTERED).when(ASK)
    given.then(CORRECTION_REQUESTED)
    assert given.state.particulars == PARTICULARS
    answer = amendment(RIGHT, identity=OTHER_IDENTITY, evidence=EVIDENCE, answers=CORRECTION)
    answered = alone().given(REGISTERED, CORRECTION_REQUESTED).when(answer, by=SHE)
    answered.then_some(VolunteerAmended)
    assert answered.state.corrections == ()


def test_a_request_for_correction_names_facts_and_says_what_is_wrong() -> None:
    empty = RequestCorrection(correction=CORRECTION, facts=(), explanation="")
    at_station().given(REGISTERED).when(empty).then_refused(
        "code_is_missing", "text_is_missing"
    )
    again = replace(ASK, facts=(Fact.NAME, Fact.NAME))
    at_station().given(REGISTERED, CORRECTION_REQUESTED).when(again).then_refused(
        "code_is_repeated", "correction_is_known"
    )


def test_only_an_organization_asks_for_a_correction() -> None:
    alone().given(REGISTERED).when(ASK, by=SHE).then_refused("actor_is_not_staff")


def test_a_request_made_in_error_is_taken_back() -> None:
    back = WithdrawCorrection(correction=CORRECTION, reason="核对后无误。")
    given = at_station().given(REGISTERED, CORRECTION_REQUESTED).when(back)
    given.then(CORRECTION_WITHDRAWN)
    assert given.state.corrections == ()
    given.when(back).then_refused("correction_is_unknown")


def test_a_request_is_taken_back_by_an_organization_for_a_reason() -> None:
    back = WithdrawCorrection(correction=CORRECTION, reason="")
    at_station().given(REGISTERED, CORRECTION_REQUESTED).when(back).then_refused(
        "text_is_missing"
    )
    hers = replace(back, reason="核对后无误。")
    alone().given(REGISTERED, CORRECTION_REQUESTED).when(hers, by=SHE).then_refused(
        "actor_is_not_staff"
    )


def test_an_unknown_correction_is_not_answered() -> None:
    form = amendment(CALLED, answers=UUID(int=9))
    alone().given(REGISTERED, CORRECTION_REQUESTED).when(form, by=SHE).then_refused(
        "correction_is_unknown"
    )


def test_a_second_person_confirms_her_real_name() -> None:
    given = at_station().given(REGISTERED).when(SEEN, by=REVIEWER)
    given.then(CONFIRMED)
    assert given.state.is_confirmed
    given.when(SEEN, by=REVIEWER).then_refused("volunteer_is_confirmed")


def test_who_registered_her_does_not_confirm_her() -> None:
    at_station().given(REGISTERED).when(SEEN).then_refused("confirmer_is_registrant")


def test_who_changed_her_name_does_not_confirm_her() -> None:
    given = at_station().given(REGISTERED, CONFIRMED, CONSENT_GIVEN)
    form = amendment(replace(PARTICULARS, name="王吉祥"), evidence=EVIDENCE)
    given.when(form, by=REVIEWER).then_some(VolunteerAmended)
    given.when(SEEN, by=REVIEWER).then_refused("confirmer_is_registrant")
    given.when(SEEN, by=CLERK).then(CONFIRMED)


def test_nobody_confirms_herself() -> None:
    alone().given(REGISTERED).when(SEEN, by=SHE).then_refused("confirmer_is_volunteer")


def test_the_ledger_itself_confirms_what_the_authority_answered() -> None:
    answered = ConfirmVolunteer(method=ConfirmationMethod.AUTHORITY_ASKED, evidence=EVIDENCE)
    alone().given(REGISTERED).when(answered, by=LEDGER).then_some(VolunteerConfirmed)
    bare = replace(answered, evidence=None)
    alone().given(REGISTERED).when(bare, by=LEDGER).then_refused(
        "confirmation_is_not_evidenced"
    )
    wrong = replace(answered, evidence="cd")
    alone().given(REGISTERED).when(wrong, by=LEDGER).then_refused("digest_is_malformed")


def test_an_open_question_about_her_identity_stops_the_confirmation() -> None:
    at_station().given(REGISTERED, CORRECTION_REQUESTED).when(SEEN, by=REVIEWER).then_refused(
        "correction_is_open"
    )
    asked = CorrectionRequested(
        volunteer=VOLUNTEER,
        correction=CORRECTION,
        facts=(Fact.CONTACT,),
        explanation="号码已停机。",
        on_behalf_of=STATION,
    )
    at_station().given(REGISTERED, asked).when(SEEN, by=REVIEWER).then(CONFIRMED)


def test_nothing_happens_to_an_unknown_volunteer() -> None:
    at_station().when(SEEN).then_refused("volunteer_is_unknown")


def test_nothing_new_is_recorded_of_who_was_merged_or_erased() -> None:
    forms = (amendment(CALLED), SEEN, ASK)
    for form in forms:
        at_station().given(REGISTERED, MERGED).when(form).then_refused("volunteer_is_merged")
        at_station().given(REGISTERED_AND_ERASED).when(form).then_refused("volunteer_is_erased")


def test_an_erased_history_is_still_read() -> None:
    state = (
        alone()
        .given(
            REGISTERED_AND_ERASED,
            CONFIRMED,
            erased(AMENDED, *NAMES, "reason"),
            erased(CORRECTION_REQUESTED, "explanation"),
            CorrectionWithdrawn(
                volunteer=VOLUNTEER, correction=CORRECTION, reason=ERASED, on_behalf_of=None
            ),
        )
        .state
    )
    assert state.is_erased
    assert state.birth_date is ERASED
    assert state.identity == OTHER_IDENTITY
    assert state.corrections == ()


def test_one_fact_that_cannot_be_read_leaves_none() -> None:
    assert alone().given(erased(REGISTERED, "contact")).state.is_erased

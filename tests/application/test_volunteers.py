"""Volunteers through their use cases: once ever, by who may, with the claim of their number."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from ledger.application.callers import as_volunteer
from ledger.application.desk import ActRefused, Expected, Intent, VersionMismatch
from ledger.application.docket import Docket
from ledger.application.forms.volunteer import ConfirmationForm, CorrectionForm
from ledger.application.office import Office
from ledger.application.reading import HiddenError
from ledger.application.registering import register, register_herself, register_in
from ledger.application.states import IDENTITY, VOLUNTEER
from ledger.application.streams import identity_stream
from ledger.application.volunteers import (
    amend,
    confirm,
    forget_person,
    request_correction,
    withdraw_correction,
)
from ledger.domain.codes import Education, IdType
from ledger.domain.refusal import Refused, refuse
from ledger.domain.volunteer import Fact, WithdrawCorrection
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.town import Town
from tests.application.volunteering import (
    FILE,
    OUYANG,
    WANG,
    alone,
    amendment,
    born,
    codes,
    erase,
    registered,
    registration,
    said_of,
    state_of,
)

SEEN = ConfirmationForm.model_validate({"method": "document_seen"})
WRONG_NUMBER = CorrectionForm.model_validate(
    {"facts": ["id_number"], "explanation": "证件号码与证件不一致。"}
)


def holder(office: Office, id_type: IdType, number: str) -> UUID | None:
    stream = identity_stream(office.index_key, id_type, number)
    known = office.states.get(IDENTITY, stream, fresh=True)
    return known.state.holder if known.state else None


def by_herself(office: Office, form: Any = None, **options: Any) -> UUID:
    """Register somebody by herself; return her id."""
    joining = options.get("joining", lambda _docket, _volunteer: None)
    noted: list[Refused] = options.get("noted", [])
    return register_herself(office, form or alone(), joining, note=noted.append).value


def test_who_is_registered_has_her_number(office: Office, town: Town) -> None:
    done = register(office, town.recorder, registration())
    assert said_of(office, done.value).name == "王𠮷祥"
    assert holder(office, IdType.RESIDENT_ID, WANG["id_number"]) == done.value
    assert done.appended.count == 3  # registered, consent given, identity claimed


@ON_SQLITE
def test_a_person_is_registered_once_whoever_registers_her(office: Office, town: Town) -> None:
    registered(office, town.recorder)
    again = registration(WANG | {"name": "王祥", "contact": "13800000009"})
    assert codes(register, office, town.other_recorder, again) == {"person_is_registered"}
    assert codes(by_herself, office) == {"person_is_registered"}


def test_of_two_processes_that_register_one_person_one_is_refused(
    house: House, town: Town
) -> None:
    one, other = house.another_office(), house.another_office()
    # The other has seen the number free, and has not heard of what the first one does.
    stream = identity_stream(one.index_key, IdType.RESIDENT_ID, WANG["id_number"])
    assert other.states.get(IDENTITY, stream).version == 0
    registered(one, town.recorder)
    found = codes(register, other, town.other_recorder, registration())
    assert found == {"person_is_registered"}


def test_of_many_who_register_one_person_at_once_one_does(house: House, town: Town) -> None:
    offices = [house.another_office() for _ in range(4)]

    def attempt(office: Office) -> UUID | tuple[str, ...]:
        try:
            return registered(office, town.recorder)
        except ActRefused as error:
            return error.refused.codes

    with ThreadPoolExecutor(len(offices)) as pool:
        outcomes = list(pool.map(attempt, offices))
    done = [each for each in outcomes if isinstance(each, UUID)]
    assert len(done) == 1
    assert outcomes.count(("person_is_registered",)) == len(offices) - 1
    assert holder(house.office, IdType.RESIDENT_ID, WANG["id_number"]) == done[0]
    registrations = [row for row in house.ledger.rows() if row.topic == "volunteer.registered"]
    assert [row.stream for row in registrations] == done


@ON_SQLITE
def test_two_items_of_one_submission_cannot_claim_one_number(
    office: Office, town: Town
) -> None:
    first, second = UUID(int=0x7A1), UUID(int=0x7A2)

    def both(docket: Docket) -> UUID | Refused:
        done = register_in(docket, office, town.key, registration(), first)
        assert done == first
        return register_in(docket, office, town.key, registration(), second)

    intent = Intent(act="submission.submit")
    assert codes(office.desk.perform, town.key, intent, both) == {"person_is_registered"}
    assert office.states.get(VOLUNTEER, first).state is None


@ON_SQLITE
@pytest.mark.parametrize(
    ("form", "code", "about"),
    [
        (registration(WANG | {"blood_type": "A"}), "field_is_forbidden", "blood_type"),
        (registration(WANG | {"宗教信仰": "x"}), "field_is_forbidden", "宗教信仰"),
        (registration(WANG | {"shoe_size": 42}), "field_is_unknown", "shoe_size"),
        (registration(religion="x"), "field_is_forbidden", "religion"),
        (registration(WANG | {"education": "20"}), "fact_needs_consent", "education"),
        (
            registration(WANG | {"id_number": "110105180001010028"}),
            "resident_id_is_mistyped",
            "id_number",
        ),
        (
            registration(WANG | {"birth_date": "1800-01-02"}),
            "birth_date_differs_from_id",
            "birth_date",
        ),
        (alone(), "consent_is_missing", "consents"),
        (registration(born("2014-03-01")), "guardian_must_consent", "given_by"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_may_not_be_recorded_is_refused_by_its_name(
    office: Office, town: Town, form: Any, code: str, about: str
) -> None:
    with pytest.raises(ActRefused) as error:
        register(office, town.recorder, form)
    assert (code, about) in {(each.code, each.about) for each in error.value.refused.reasons}


@ON_SQLITE
def test_what_she_agrees_to_may_be_kept(office: Office, town: Town) -> None:
    consent = {"purpose": "optional_facts", "facts": ["education"], "evidence": FILE}
    entry = {"purpose": "entry_by_organization", "evidence": FILE}
    form = registration(WANG | {"education": "20"}, entry, consent)
    volunteer = register(office, town.recorder, form).value
    assert said_of(office, volunteer).education is Education.UNDERGRADUATE


@ON_SQLITE
def test_a_minor_is_registered_with_her_guardian(office: Office, town: Town) -> None:
    consents = [
        {"purpose": purpose, "given_by": "guardian", "evidence": FILE}
        for purpose in ("entry_by_organization", "service_of_minor")
    ]
    guardian = {"name": "王㐂", "relation": "mother", "contact": "13800000003"}
    form = registration(born("2014-03-01"), *consents, guardian=guardian)
    state = state_of(office, register(office, town.recorder, form).value)
    assert state.guardian_consented
    assert state.guardian is not None


@ON_SQLITE
def test_consents_of_a_registration_that_is_sent_twice_have_one_id(
    office: Office, town: Town
) -> None:
    volunteer = registered(office, town.recorder)
    (consent,) = state_of(office, volunteer).consents
    again = registration().command(volunteer, UUID(int=1))
    assert [each.consent for each in again.consents] == [consent.id]


@ON_SQLITE
def test_only_a_recorder_registers(office: Office, town: Town) -> None:
    assert "actor_has_no_such_role" in codes(register, office, town.reviewer, registration())
    found = codes(register, office, town.district_head, registration())
    assert "bureau_does_not_record" in found


@ON_SQLITE
def test_somebody_registers_by_herself_with_what_is_saved_beside_it(office: Office) -> None:
    seen: list[UUID] = []

    def joining(docket: Docket, volunteer: UUID) -> Refused | None:
        assert docket.version(VOLUNTEER, volunteer) == 1
        seen.append(volunteer)
        return None

    volunteer = by_herself(office, joining=joining)
    assert seen == [volunteer]
    state = state_of(office, volunteer)
    assert state.identified_by == as_volunteer(volunteer).actor


@ON_SQLITE
def test_a_stranger_who_is_refused_is_no_entry(house: House, office: Office) -> None:
    size = house.ledger.seqs()[-1]
    noted: list[Refused] = []
    form = alone(WANG | {"birth_date": "1801-01-01"})
    assert "birth_date_differs_from_id" in codes(by_herself, office, form, noted=noted)
    assert [each.codes for each in noted] == [("birth_date_differs_from_id",)]
    assert house.ledger.seqs()[-1] == size


@ON_SQLITE
def test_who_cannot_sign_in_is_not_registered(office: Office) -> None:
    noted: list[Refused] = []

    def joining(_docket: Docket, _volunteer: UUID) -> Refused:
        return refuse("password_is_too_short", "password")

    assert codes(by_herself, office, joining=joining, noted=noted) == {"password_is_too_short"}
    assert len(noted) == 1
    assert holder(office, IdType.RESIDENT_ID, WANG["id_number"]) is None


@ON_SQLITE
def test_an_amended_number_moves_the_claim(office: Office, town: Town) -> None:
    volunteer = registered(office, town.recorder)
    form = amendment(id_number=OUYANG["id_number"], name="王祥")
    amend(office, town.recorder, volunteer, form)
    assert holder(office, IdType.RESIDENT_ID, WANG["id_number"]) is None
    assert holder(office, IdType.RESIDENT_ID, OUYANG["id_number"]) == volunteer
    said = said_of(office, volunteer)
    assert (said.name, said.contact) == ("王祥", WANG["contact"])
    # Whoever was confused with her can come now.
    registered(office, town.recorder, WANG)


@ON_SQLITE
def test_a_number_of_somebody_else_is_not_claimed(office: Office, town: Town) -> None:
    volunteer = registered(office, town.recorder)
    registered(office, town.recorder, OUYANG)
    form = amendment(id_number=OUYANG["id_number"])
    assert codes(amend, office, town.recorder, volunteer, form) == {"person_is_registered"}


@ON_SQLITE
def test_what_an_amendment_leaves_out_stays(office: Office, town: Town) -> None:
    volunteer = registered(office, town.recorder, WANG | {"volunteer_number": "11010100000001"})
    before = said_of(office, volunteer)
    amend(office, town.recorder, volunteer, amendment(contact="13900000001"))
    amend(office, town.recorder, volunteer, amendment(volunteer_number=None))
    after = said_of(office, volunteer)
    assert (after.contact, after.volunteer_number) == ("13900000001", None)
    assert (after.name, after.skills) == (before.name, before.skills)


@ON_SQLITE
@pytest.mark.parametrize(
    ("form", "code"),
    [
        (amendment(), "nothing_is_changed"),
        (amendment(name="王祥", evidence=None), "change_is_not_evidenced"),
        (amendment(blood_type="A"), "field_is_forbidden"),
        (amendment(answers_not=1), "field_is_unknown"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_an_amendment_that_is_none_is_refused(
    office: Office, town: Town, form: Any, code: str
) -> None:
    volunteer = registered(office, town.recorder)
    assert code in codes(amend, office, town.recorder, volunteer, form)


@ON_SQLITE
def test_she_amends_her_own_registration_and_nobody_elses(office: Office, town: Town) -> None:
    volunteer, other = registered(office, town.recorder), by_herself(office, alone(OUYANG))
    she = as_volunteer(volunteer)
    amend(office, she, volunteer, amendment(contact="13900000001", evidence=None))
    assert said_of(office, volunteer).contact == "13900000001"
    with pytest.raises(HiddenError):
        amend(office, she, other, amendment(contact="13900000001"))


@ON_SQLITE
def test_who_has_nothing_to_do_with_her_does_not_find_her(
    house: House, office: Office, town: Town
) -> None:
    volunteer = registered(office, town.recorder)
    for stranger in (town.other_recorder, town.entrusted_recorder):
        with pytest.raises(HiddenError):
            amend(office, stranger, volunteer, amendment(contact="13900000001"))
        last = house.attempts()[-1]
        assert (last.by, last.target) == (stranger.actor.text(), volunteer)
        assert (last.act, last.codes) == ("volunteer.amend", ("not_in_scope",))
    attempts = house.attempts()
    with pytest.raises(HiddenError):
        amend(office, town.recorder, UUID(int=1), amendment(contact="13900000001"))
    assert house.attempts() == attempts  # of nobody there is nothing to tell


@ON_SQLITE
def test_who_stands_above_has_to_do_with_her(office: Office, town: Town) -> None:
    volunteer = registered(office, town.recorder)
    for above in (town.association_head, town.district_head, town.city_head):
        request_correction(office, above, volunteer, WRONG_NUMBER)
    assert len(state_of(office, volunteer).corrections) == 3


@ON_SQLITE
def test_who_came_by_herself_is_looked_after_where_she_lives(
    office: Office, town: Town
) -> None:
    volunteer = by_herself(office)
    for stranger in (town.other_reviewer, town.entrusted_reviewer):
        with pytest.raises(HiddenError):
            confirm(office, stranger, volunteer, SEEN)
    confirm(office, town.reviewer, volunteer, SEEN)
    assert state_of(office, volunteer).is_confirmed


@ON_SQLITE
def test_who_lives_elsewhere_is_looked_after_by_the_city(office: Office, town: Town) -> None:
    volunteer = by_herself(office, alone(WANG | {"residence_area": "310101"}))
    with pytest.raises(HiddenError):
        request_correction(office, town.district_head, volunteer, WRONG_NUMBER)
    request_correction(office, town.city_head, volunteer, WRONG_NUMBER)


@ON_SQLITE
def test_who_entered_a_name_does_not_confirm_it(office: Office, town: Town) -> None:
    volunteer = registered(office, town.recorder)
    found = codes(confirm, office, town.recorder, volunteer, SEEN)
    assert found == {"actor_has_no_such_role", "confirmer_is_registrant"}
    assert codes(confirm, office, as_volunteer(volunteer), volunteer, SEEN) == {
        "confirmer_is_volunteer"
    }
    confirm(office, town.reviewer, volunteer, SEEN)
    amend(office, town.recorder, volunteer, amendment(name="王祥"))
    assert not state_of(office, volunteer).is_confirmed


@ON_SQLITE
def test_nobody_confirms_herself_in_her_other_capacity(
    house: House, office: Office, town: Town
) -> None:
    volunteer = registered(office, town.recorder)
    staff = town.reviewer.staff
    assert staff is not None
    as_both = replace(town.reviewer, volunteer=volunteer)
    found = codes(confirm, office, as_both, volunteer, SEEN)
    assert found == {"confirmer_is_volunteer"}
    house.colleagues.pairs[volunteer] = staff
    found = codes(confirm, office, town.reviewer, volunteer, SEEN)
    assert found == {"confirmer_is_volunteer"}
    confirm(office, town.second_reviewer, volunteer, SEEN)


@ON_SQLITE
def test_a_correction_is_asked_for_and_answered(office: Office, town: Town) -> None:
    volunteer = registered(office, town.recorder)
    correction = request_correction(office, town.reviewer, volunteer, WRONG_NUMBER).value
    assert codes(confirm, office, town.reviewer, volunteer, SEEN) == {"correction_is_open"}
    form = amendment(id_number=OUYANG["id_number"]).model_copy(update={"answers": correction})
    amend(office, as_volunteer(volunteer), volunteer, form)
    state = state_of(office, volunteer)
    assert state.corrections == ()
    assert said_of(office, volunteer).id_number == OUYANG["id_number"]


@ON_SQLITE
def test_a_correction_is_taken_back(office: Office, town: Town) -> None:
    volunteer = registered(office, town.recorder)
    correction = request_correction(office, town.reviewer, volunteer, WRONG_NUMBER).value
    (asked,) = state_of(office, volunteer).corrections
    assert (asked.id, asked.facts) == (correction, (Fact.ID_NUMBER,))
    command = WithdrawCorrection(correction=correction, reason="核对后无误。")
    withdraw_correction(office, town.reviewer, volunteer, command)
    assert state_of(office, volunteer).corrections == ()
    found = codes(withdraw_correction, office, town.reviewer, volunteer, command)
    assert found == {"correction_is_unknown"}


@ON_SQLITE
def test_an_act_on_what_has_changed_meanwhile_is_not_done(office: Office, town: Town) -> None:
    volunteer = registered(office, town.recorder)
    seen = Expected(VOLUNTEER, volunteer, office.states.get(VOLUNTEER, volunteer).version)
    confirm(office, town.reviewer, volunteer, SEEN, expected=seen)
    with pytest.raises(VersionMismatch) as error:
        amend(office, town.recorder, volunteer, amendment(name="王祥"), expected=seen)
    assert (error.value.want, error.value.got) == (seen.version, seen.version + 1)


@ON_SQLITE
def test_of_an_erased_person_nothing_is_remembered_and_nothing_recorded(
    house: House, office: Office, town: Town
) -> None:
    volunteer = registered(office, town.recorder)
    assert office.states.get(VOLUNTEER, volunteer).state is not None
    erase(house, volunteer)
    # Another process erased her: this one's memory still says who she was.
    for doing, form in ((amend, amendment(contact="13900000001")), (confirm, SEEN)):
        found = codes(doing, office, town.reviewer, volunteer, form)
        assert "volunteer_is_erased" in found
    assert state_of(office, volunteer).is_erased


def test_what_is_forgotten_is_read_anew(house: House, office: Office, town: Town) -> None:
    volunteer = registered(office, town.recorder)
    said_of(office, volunteer)
    erase(house, volunteer)
    forget_person(office)
    state = office.states.get(VOLUNTEER, volunteer).state
    assert state is not None
    assert state.is_erased

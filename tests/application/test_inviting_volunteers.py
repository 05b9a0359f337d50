"""Volunteers who sign in: invited by who knows them, by themselves, or as staff as well."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from ledger.application.callers import Caller
from ledger.application.docket import Docket
from ledger.application.forms.volunteer import ConfirmationForm, MergeForm
from ledger.application.inviting import Invitee
from ledger.application.merging import merge
from ledger.application.registering import register_herself
from ledger.application.signing_in import Signed
from ledger.application.streams import sign_in_stream
from ledger.application.volunteers import confirm
from ledger.domain.access import Ground
from ledger.domain.refusal import Refused
from tests.application.gatehouse import (
    ADDRESS,
    OTHER_PASSWORD,
    PASSWORD,
    Gate,
    gate,
    refused_for,
)
from tests.application.homes import ON_SQLITE
from tests.application.town import Town
from tests.application.volunteering import GROUND, OUYANG, alone, erase, registered

__all__ = ["gate"]  # a fixture

NAME = "wang.jixiang"


@pytest.fixture
def volunteer(gate: Gate, town: Town) -> UUID:
    """Return the id of somebody whom the station registered."""
    return registered(gate.house.office, town.recorder)


def invite(gate: Gate, by: Caller, volunteer: UUID, staff: UUID | None = None) -> str:
    """Return the token of an invitation."""
    invitee = Invitee(volunteer=volunteer, staff=staff)
    return gate.invitations.invite(by, invitee).value.token


def not_invited(gate: Gate, by: Caller, volunteer: UUID, staff: UUID | None = None) -> set[str]:
    """Return for which reasons somebody is not invited."""
    return set(refused_for(lambda: invite(gate, by, volunteer, staff)))


def by_herself(gate: Gate, name: str = NAME, password: str = PASSWORD, **form: Any) -> UUID:
    """Register somebody by herself, with her sign-in."""
    noted: list[Refused] = []
    with gate.acceptances.for_herself(name, password) as joining:
        return register_herself(
            gate.house.office, alone(**form), joining, note=noted.append
        ).value


def test_who_registered_her_invites_her(gate: Gate, town: Town, volunteer: UUID) -> None:
    signed = gate.accept(invite(gate, town.recorder, volunteer), NAME)
    assert signed == Signed(sign_in_stream(volunteer), None, volunteer)
    assert gate.sign_in(NAME).signed == signed
    gate.invitations.close(town.association_head, signed.sign_in, Ground.MISUSED)


@ON_SQLITE
def test_nobody_else_invites_her(gate: Gate, town: Town, volunteer: UUID) -> None:
    for by in (town.other_recorder, town.entrusted_recorder):
        assert not_invited(gate, by, volunteer) == {"volunteer_is_anothers_to_invite"}
    assert "actor_is_not_staff" in not_invited(gate, town.key, volunteer)


@ON_SQLITE
def test_who_is_nobody_is_not_invited(gate: Gate, town: Town) -> None:
    for thing in (uuid4(), town.station):
        assert not_invited(gate, town.recorder, thing) == {"volunteer_is_unknown"}


def test_a_volunteer_who_registers_herself_signs_in_at_once(gate: Gate, town: Town) -> None:
    volunteer = by_herself(gate)
    session = gate.sign_in(NAME)
    assert session.signed == Signed(sign_in_stream(volunteer), None, volunteer)
    submissions = {
        row.submission
        for row in gate.house.ledger.rows()
        if row.topic in ("volunteer.registered", "sign_in.invited", "sign_in.opened")
    }
    assert len(submissions) == 1
    assert gate.house.ledger.codes() == []


@ON_SQLITE
def test_a_registration_that_is_refused_leaves_the_name_free(gate: Gate, town: Town) -> None:
    by_herself(gate)
    # The same person again, under another name, which stays free.
    assert refused_for(lambda: by_herself(gate, "other.name")) == ("person_is_registered",)
    assert refused_for(lambda: by_herself(gate, NAME, particulars=OUYANG)) == (
        "sign_in_name_is_taken",
    )
    assert refused_for(lambda: by_herself(gate, "x.y.z", "short", particulars=OUYANG)) == (
        "password_is_too_short",
    )
    by_herself(gate, "other.name", particulars=OUYANG)
    assert gate.sign_in(NAME).signed.volunteer != gate.sign_in("other.name").signed.volunteer


@ON_SQLITE
def test_who_confirmed_a_volunteer_invites_her_again(gate: Gate, town: Town) -> None:
    volunteer = by_herself(gate)
    assert not_invited(gate, town.recorder, volunteer) == {"volunteer_is_anothers_to_invite"}
    seen = ConfirmationForm.model_validate({"method": "document_seen"})
    confirm(gate.house.office, town.station_head, volunteer, seen)
    gate.accept(invite(gate, town.recorder, volunteer), NAME, OTHER_PASSWORD)
    assert gate.sign_in(NAME, OTHER_PASSWORD).signed.volunteer == volunteer


@ON_SQLITE
def test_an_erased_volunteer_is_not_invited(gate: Gate, town: Town, volunteer: UUID) -> None:
    erase(gate.house, volunteer)
    assert not_invited(gate, town.recorder, volunteer) == {"volunteer_is_erased"}


@ON_SQLITE
def test_nothing_of_an_erased_volunteers_sign_in_is_left(gate: Gate, town: Town) -> None:
    volunteer = by_herself(gate)
    session = gate.sign_in(NAME)
    gate.sign_ins.forget(volunteer)
    assert gate.sign_ins.find(session.token) is None
    assert gate.turned_away(NAME) == ("sign_in_is_refused",)
    assert gate.parts.rows.name(session.signed.sign_in) is None


@ON_SQLITE
def test_one_human_is_known_as_both_by_her_own_proof(gate: Gate, town: Town) -> None:
    """She knows her volunteer's password and was handed the token of her appointment."""
    volunteer = by_herself(gate)
    reviewer = town.reviewer.actor.id
    assert gate.sign_ins.staff_of(volunteer) is None
    token = gate.invite(town.station_head, reviewer).token
    session = gate.sign_in(NAME)
    joined = gate.acceptances.join(token, session.signed, ADDRESS).value
    assert joined == Signed(sign_in_stream(volunteer), reviewer, volunteer)
    assert gate.another().sign_ins.staff_of(volunteer) == reviewer
    assert gate.sign_in(NAME).signed == joined
    assert gate.sign_ins.find(session.token) == joined
    assert gate.house.ledger.codes() == []


@ON_SQLITE
def test_the_sign_in_that_she_had_as_staff_is_over(gate: Gate, town: Town) -> None:
    reviewer = town.reviewer
    gate.let_in(town.station_head, reviewer, "wang.staff")
    before = gate.sign_in("wang.staff")
    by_herself(gate)
    token = gate.invite(town.station_head, reviewer.actor.id).token
    joined = gate.acceptances.join(token, gate.sign_in(NAME).signed, ADDRESS).value
    assert gate.sign_ins.find(before.token) is None
    assert gate.turned_away("wang.staff") == ("sign_in_is_refused",)
    # Whoever invites her as staff from now on gives her the one sign-in that she has.
    again = gate.invite(town.station_head, reviewer.actor.id)
    assert again.sign_in == joined.sign_in
    assert gate.accept(again.token, NAME, OTHER_PASSWORD) == joined


@ON_SQLITE
def test_joining_takes_a_token_and_a_volunteer(gate: Gate, town: Town) -> None:
    by_herself(gate)
    signed = gate.sign_in(NAME).signed
    join = gate.acceptances.join
    assert refused_for(lambda: join("no token", signed, ADDRESS)) == (
        "invitation_is_not_valid",
    )
    staff = gate.let_in(town.station_head, town.recorder, "zheng.shili")
    token = gate.invite(town.station_head, town.reviewer.actor.id).token
    assert refused_for(lambda: join(token, staff, ADDRESS)) == ("invitation_is_not_to_join",)
    join(token, signed, ADDRESS)
    assert refused_for(lambda: join(token, signed, ADDRESS)) == ("invitation_is_not_valid",)
    second = gate.invite(town.station_head, town.second_reviewer.actor.id).token
    assert refused_for(lambda: join(second, signed, ADDRESS)) == ("sign_in_has_another_person",)


@ON_SQLITE
def test_an_organization_that_answers_for_both_invites_her_as_both(
    gate: Gate, town: Town, volunteer: UUID
) -> None:
    recorder = town.recorder.actor.id
    gate.let_in(town.station_head, town.recorder, "zheng.shili")
    token = invite(gate, town.station_head, volunteer, recorder)
    assert gate.sign_ins.staff_of(volunteer) is None  # until she takes it, it is only said
    signed = gate.accept(token, NAME)
    assert signed == Signed(sign_in_stream(volunteer), recorder, volunteer)
    assert gate.sign_ins.staff_of(volunteer) == recorder
    assert gate.turned_away("zheng.shili") == ("sign_in_is_refused",)


@ON_SQLITE
def test_her_organization_does_not_take_a_volunteers_own_sign_in(
    gate: Gate, town: Town
) -> None:
    volunteer = by_herself(gate)
    reviewer = town.reviewer.actor.id
    assert not_invited(gate, town.station_head, volunteer, reviewer) == {
        "sign_in_is_anothers_to_give",
        "volunteer_is_anothers_to_invite",
    }


@ON_SQLITE
def test_a_person_joined_to_one_volunteer_is_not_joined_to_another(
    gate: Gate, town: Town, volunteer: UUID
) -> None:
    recorder = town.recorder.actor.id
    gate.accept(invite(gate, town.station_head, volunteer, recorder), NAME)
    other = registered(gate.house.office, town.recorder, OUYANG)
    assert not_invited(gate, town.station_head, other, recorder) == {"sign_in_is_joined"}


@ON_SQLITE
def test_the_rows_say_nothing_of_who_is_whom(gate: Gate, town: Town) -> None:
    """Who could write to them could hide that a reviewer is the volunteer."""
    volunteer = by_herself(gate)
    token = gate.invite(town.station_head, town.reviewer.actor.id).token
    gate.acceptances.join(token, gate.sign_in(NAME).signed, ADDRESS)
    for table in ("sign_in_names", "credentials", "sessions"):
        gate.as_dba(f"DELETE FROM {table}")
    assert gate.another().sign_ins.staff_of(volunteer) == town.reviewer.actor.id


@ON_SQLITE
def test_who_was_merged_is_the_same_human(gate: Gate, town: Town, volunteer: UUID) -> None:
    office, recorder = gate.house.office, town.recorder.actor.id
    other = registered(office, town.recorder, OUYANG)
    gate.accept(invite(gate, town.station_head, volunteer, recorder), NAME)
    assert gate.sign_ins.staff_of(other) is None
    merge(
        office,
        town.station_head,
        other,
        MergeForm.model_validate(GROUND | {"into": str(volunteer)}),
    )
    assert gate.another().sign_ins.staff_of(other) == recorder
    merged = gate.another().sign_ins
    assert merged.staff_of(volunteer) == recorder


@ON_SQLITE
def test_whoever_absorbed_her_is_the_same_human(
    gate: Gate, town: Town, volunteer: UUID
) -> None:
    office, recorder = gate.house.office, town.recorder.actor.id
    other = registered(office, town.recorder, OUYANG)
    gate.accept(invite(gate, town.station_head, volunteer, recorder), NAME)
    merge(
        office,
        town.station_head,
        volunteer,
        MergeForm.model_validate(GROUND | {"into": str(other)}),
    )
    assert gate.another().sign_ins.staff_of(other) == recorder


class Cut(Exception):
    """Something breaks in the middle."""


@ON_SQLITE
def test_an_error_while_she_registers_leaves_the_name_free(gate: Gate, town: Town) -> None:
    def cut_off() -> None:
        with gate.acceptances.for_herself(NAME, PASSWORD) as joining:

            def cut(docket: Docket, volunteer: UUID) -> Refused | None:
                joining(docket, volunteer)
                raise Cut

            register_herself(gate.house.office, alone(), cut, note=lambda _: None)

    with pytest.raises(Cut):
        cut_off()
    by_herself(gate, password=OTHER_PASSWORD)
    assert gate.sign_in(NAME, OTHER_PASSWORD).signed.volunteer is not None
    assert gate.turned_away(NAME, PASSWORD) == ("sign_in_is_refused",)

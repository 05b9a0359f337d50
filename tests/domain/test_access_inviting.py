"""Who may invite whom: whoever brings the token acts as she does, as by her password."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from ledger.domain.access import CloseSignIn, Ground, SignInClosed
from ledger.domain.event import Actor, ActorKind
from ledger.domain.organization import Organization
from ledger.domain.organization.kinds import Role, Status
from tests.domain.gate import (
    ASSOCIATION,
    CITY,
    CITY_CLERK,
    CITY_HEAD,
    CLERK,
    CLOSED,
    DISTRICT,
    HEAD,
    HEAD_ABOVE,
    INVITE_STAFF,
    INVITE_VOLUNTEER,
    JOINED,
    LATER,
    LEDGER,
    OTHER,
    OTHER_HEAD,
    RECORDER,
    STAFF_INVITED,
    STAFF_OPENED,
    STATION,
    SUPERVISOR,
    VOLUNTEER,
    VOLUNTEER_INVITED,
    VOLUNTEER_OPENED,
    appointing,
    at_the_gate,
)
from tests.domain.specification import NOW

INVITE_BOTH = replace(INVITE_VOLUNTEER, staff=RECORDER.id)


@pytest.mark.parametrize(
    ("acting", "by"),
    [(STATION, HEAD), (ASSOCIATION, HEAD_ABOVE), (DISTRICT, SUPERVISOR), (CITY, CITY_HEAD)],
    ids=["its own", "the association", "the district", "the city"],
)
def test_a_person_is_invited_by_her_organization_or_one_above(
    acting: Organization, by: Actor
) -> None:
    (
        at_the_gate(acting, appointing=STATION)
        .when(INVITE_STAFF, by=by)
        .then(replace(STAFF_INVITED, on_behalf_of=acting.id))
    )


def test_nobody_beside_invites_her() -> None:
    at_the_gate(OTHER, appointing=STATION).when(INVITE_STAFF, by=OTHER_HEAD).then_refused(
        "organization_not_above"
    )


def test_who_is_not_of_the_staff_is_not_invited_as_such() -> None:
    elsewhere = appointing(STATION, (HEAD, Role.RESPONSIBLE))
    at_the_gate(elsewhere, appointing=elsewhere).when(INVITE_STAFF, by=HEAD).then_refused(
        "person_is_not_of_the_staff", about="staff"
    )


def test_the_organization_that_appoints_her_is_to_be_named() -> None:
    at_the_gate(STATION).when(INVITE_STAFF, by=HEAD).then_refused("organization_is_missing")


def test_a_clerk_invites_no_colleague() -> None:
    """A recorder who could would review her own records as somebody else."""
    at_the_gate(STATION, appointing=STATION).when(INVITE_STAFF, by=CLERK).then_refused(
        "actor_has_no_such_role"
    )


def test_nobody_invites_herself() -> None:
    both = replace(INVITE_STAFF, staff=HEAD.id)
    at_the_gate(STATION, appointing=STATION).when(both, by=HEAD).then_refused(
        "invitee_invites_herself"
    )


def test_a_halted_organization_invites_nobody() -> None:
    halted = replace(STATION, status=Status.SUSPENDED)
    at_the_gate(halted, appointing=halted).when(INVITE_STAFF, by=HEAD).then_refused(
        "acting_organization_not_in_force"
    )


@pytest.mark.parametrize("kind", [ActorKind.KEY, ActorKind.VOLUNTEER, ActorKind.SYSTEM])
def test_a_key_administers_nothing(kind: ActorKind) -> None:
    actor = Actor(kind, HEAD.id)
    at_the_gate(STATION, appointing=STATION).when(INVITE_STAFF, by=actor).then_refused(
        "actor_is_not_staff"
    )


def test_appointing_somebody_elses_person_gives_no_hold_on_her() -> None:
    """Its head could otherwise set her password, and act with her rights everywhere."""
    (
        at_the_gate(OTHER, appointing=OTHER, home=STATION)
        .given(STAFF_INVITED, STAFF_OPENED)
        .when(INVITE_STAFF, by=OTHER_HEAD)
        .then_refused("sign_in_is_anothers_to_give")
    )


def test_an_invitation_that_nobody_took_yet_is_no_others_either() -> None:
    (
        at_the_gate(OTHER, appointing=OTHER, home=STATION)
        .given(STAFF_INVITED)
        .when(INVITE_STAFF, by=OTHER_HEAD)
        .then_refused("sign_in_is_anothers_to_give")
    )


def test_who_moved_is_invited_again_by_one_above_both() -> None:
    (
        at_the_gate(ASSOCIATION, appointing=OTHER, home=STATION)
        .given(STAFF_INVITED, STAFF_OPENED)
        .when(INVITE_STAFF, by=HEAD_ABOVE)
        .then(replace(STAFF_INVITED, on_behalf_of=ASSOCIATION.id))
    )


def test_a_successor_answers_for_the_sign_ins_that_were_given_before() -> None:
    ended = replace(STATION, status=Status.SUCCEEDED, successors=(OTHER.id,))
    (
        at_the_gate(OTHER, appointing=OTHER, home=ended)
        .given(STAFF_INVITED, STAFF_OPENED)
        .when(INVITE_STAFF, by=OTHER_HEAD)
        .then(replace(STAFF_INVITED, on_behalf_of=OTHER.id))
    )


def test_who_was_closed_out_may_be_invited_again() -> None:
    (
        at_the_gate(STATION, appointing=STATION, home=STATION)
        .given(STAFF_INVITED, STAFF_OPENED, CLOSED)
        .when(INVITE_STAFF, by=HEAD)
        .then(STAFF_INVITED)
    )


def test_a_volunteer_is_invited_by_who_registered_her() -> None:
    (
        at_the_gate(STATION, registrars=(OTHER, STATION))
        .when(INVITE_VOLUNTEER, by=CLERK)
        .then(VOLUNTEER_INVITED)
    )


@pytest.mark.parametrize("registrars", [(), (OTHER,)])
def test_a_volunteer_is_invited_by_nobody_else(registrars: tuple[Organization, ...]) -> None:
    at_the_gate(STATION, registrars=registrars).when(INVITE_VOLUNTEER, by=CLERK).then_refused(
        "volunteer_is_anothers_to_invite", about="volunteer"
    )


def test_somebody_who_is_both_takes_the_authority_over_both() -> None:
    (
        at_the_gate(STATION, appointing=STATION)
        .when(INVITE_BOTH, by=HEAD)
        .then_refused("volunteer_is_anothers_to_invite")
    )
    (
        at_the_gate(STATION, appointing=STATION, registrars=(STATION,))
        .when(INVITE_BOTH, by=HEAD)
        .then(replace(VOLUNTEER_INVITED, staff=RECORDER.id))
    )


def test_a_volunteers_own_sign_in_is_not_taken_by_who_appoints_her() -> None:
    """Whoever got the token would act as the volunteer."""
    by_herself = replace(VOLUNTEER_INVITED, on_behalf_of=None)
    (
        at_the_gate(STATION, appointing=STATION)
        .given(by_herself, VOLUNTEER_OPENED)
        .when(INVITE_BOTH, by=HEAD)
        .then_refused("sign_in_is_anothers_to_give", "volunteer_is_anothers_to_invite")
    )


def test_who_joined_both_is_invited_by_those_who_answer_for_her_as_staff() -> None:
    joined = replace(VOLUNTEER_INVITED, staff=RECORDER.id)
    (
        at_the_gate(STATION, appointing=STATION, home=STATION)
        .given(joined, VOLUNTEER_OPENED)
        .when(INVITE_BOTH, by=HEAD)
        .then(joined)
    )


def test_a_registrar_has_no_hold_on_a_volunteer_who_is_staff_elsewhere() -> None:
    """A station that registered a supervisor as a volunteer would become the supervisor."""
    joined = replace(VOLUNTEER_INVITED, staff=RECORDER.id, on_behalf_of=STATION.id)
    (
        at_the_gate(OTHER, appointing=STATION, home=STATION, registrars=(OTHER,))
        .given(joined, VOLUNTEER_OPENED)
        .when(INVITE_BOTH, by=OTHER_HEAD)
        .then_refused("organization_not_above", "sign_in_is_anothers_to_give")
    )
    (
        at_the_gate(OTHER, registrars=(OTHER,))
        .given(joined, VOLUNTEER_OPENED)
        .when(INVITE_VOLUNTEER, by=OTHER_HEAD)
        .then_refused("sign_in_has_another_person")
    )


def test_a_sign_in_is_never_given_to_another_person() -> None:
    staffed = appointing(STATION, (HEAD, Role.RESPONSIBLE), (CLERK, Role.RECORDER))
    another = replace(INVITE_STAFF, staff=CLERK.id)
    (
        at_the_gate(staffed, appointing=staffed, home=STATION)
        .given(STAFF_INVITED, STAFF_OPENED)
        .when(another, by=HEAD)
        .then_refused("sign_in_has_another_person", about="staff")
    )


def test_a_sign_in_that_was_joined_to_another_stays_so() -> None:
    (
        at_the_gate(STATION, appointing=STATION, home=STATION)
        .given(STAFF_INVITED, STAFF_OPENED, JOINED)
        .when(INVITE_STAFF, by=HEAD)
        .then_refused("sign_in_is_joined")
    )


def test_the_ledger_invites_the_first_person_before_there_is_a_bureau() -> None:
    at_the_gate().when(INVITE_STAFF, by=LEDGER).then(replace(STAFF_INVITED, on_behalf_of=None))


def test_the_ledger_invites_her_again_as_long_as_she_is_alone() -> None:
    alone = appointing(CITY, (RECORDER, Role.RESPONSIBLE))
    (
        at_the_gate(appointing=alone)
        .given(replace(STAFF_INVITED, on_behalf_of=None), STAFF_OPENED)
        .when(INVITE_STAFF, by=LEDGER)
        .then(replace(STAFF_INVITED, on_behalf_of=None))
    )


def test_the_ledger_invites_nobody_once_there_are_colleagues() -> None:
    two = appointing(CITY, (RECORDER, Role.RESPONSIBLE), (CITY_CLERK, Role.REVIEWER))
    at_the_gate(appointing=two).when(INVITE_STAFF, by=LEDGER).then_refused(
        "ledger_invites_the_first_person_only"
    )


def test_the_ledger_invites_nobody_of_another_organization() -> None:
    at_the_gate(appointing=STATION).when(INVITE_STAFF, by=LEDGER).then_refused(
        "ledger_invites_the_first_person_only"
    )
    at_the_gate().when(INVITE_VOLUNTEER, by=LEDGER).then_refused(
        "ledger_invites_the_first_person_only"
    )


def test_whom_the_ledger_invited_the_city_bureau_invites_again() -> None:
    staffed = appointing(CITY, (CITY_CLERK, Role.RESPONSIBLE), (RECORDER, Role.RESPONSIBLE))
    by_ledger = replace(STAFF_INVITED, on_behalf_of=None)
    (
        at_the_gate(staffed, appointing=staffed)
        .given(by_ledger, STAFF_OPENED)
        .when(INVITE_STAFF, by=CITY_CLERK)
        .then(replace(STAFF_INVITED, on_behalf_of=CITY.id))
    )
    (
        at_the_gate(STATION, appointing=STATION)
        .given(by_ledger, STAFF_OPENED)
        .when(INVITE_STAFF, by=HEAD)
        .then_refused("sign_in_is_anothers_to_give")
    )


@pytest.mark.parametrize("expires_at", [NOW, LATER + timedelta(seconds=1)])
def test_an_invitation_lasts_no_longer_than_it_may(expires_at: datetime) -> None:
    command = replace(INVITE_STAFF, expires_at=expires_at)
    with pytest.raises(ValueError, match="ends within its time"):
        at_the_gate(STATION, appointing=STATION).when(command, by=HEAD)


def test_nobody_at_all_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="a person is wanted"):
        at_the_gate(STATION).when(replace(INVITE_STAFF, staff=None), by=HEAD)


CLOSE = CloseSignIn(ground=Ground.LEFT)


@pytest.mark.parametrize(("acting", "by"), [(STATION, HEAD), (ASSOCIATION, HEAD_ABOVE)])
def test_a_sign_in_is_closed_by_who_gave_it_or_one_above(
    acting: Organization, by: Actor
) -> None:
    state = (
        at_the_gate(acting, home=STATION)
        .given(STAFF_INVITED, STAFF_OPENED)
        .when(CLOSE, by=by)
        .then(replace(CLOSED, on_behalf_of=acting.id))
    )
    assert not state.is_open


def test_an_invitation_is_taken_back_the_same_way() -> None:
    state = (
        at_the_gate(STATION, home=STATION)
        .given(STAFF_INVITED)
        .when(CLOSE, by=HEAD)
        .then(CLOSED)
    )
    assert state.invitation is None


@pytest.mark.parametrize(
    ("by", "acting"),
    [(RECORDER, None), (RECORDER, STATION), (VOLUNTEER, None)],
    ids=["as staff", "at work", "as a volunteer"],
)
def test_she_closes_her_own(by: Actor, acting: Organization | None) -> None:
    joined = replace(VOLUNTEER_INVITED, staff=RECORDER.id)
    ended = CloseSignIn(ground=Ground.OWN_REQUEST)
    of = acting.id if acting else None
    (
        at_the_gate(acting)
        .given(joined, VOLUNTEER_OPENED)
        .when(ended, by=by)
        .then(SignInClosed(sign_in=joined.sign_in, reason=Ground.OWN_REQUEST, on_behalf_of=of))
    )


def test_a_registrar_closes_a_volunteers() -> None:
    (
        at_the_gate(STATION, registrars=(STATION,))
        .given(VOLUNTEER_INVITED, VOLUNTEER_OPENED)
        .when(CLOSE, by=CLERK)
        .then(replace(CLOSED, sign_in=VOLUNTEER_INVITED.sign_in))
    )


def test_nobody_else_closes_it() -> None:
    opened = at_the_gate(OTHER, home=STATION).given(STAFF_INVITED, STAFF_OPENED)
    opened.when(CLOSE, by=OTHER_HEAD).then_refused("sign_in_is_anothers_to_give")
    clerk = at_the_gate(STATION, home=STATION).given(STAFF_INVITED, STAFF_OPENED)
    clerk.when(CLOSE, by=CLERK).then_refused("actor_has_no_such_role")
    stranger = at_the_gate().given(STAFF_INVITED, STAFF_OPENED)
    stranger.when(CLOSE, by=VOLUNTEER).then_refused("actor_is_not_staff")
    registrar = at_the_gate(OTHER).given(VOLUNTEER_INVITED, VOLUNTEER_OPENED)
    registrar.when(CLOSE, by=OTHER_HEAD).then_refused("volunteer_is_anothers_to_invite")


def test_what_is_closed_is_not_closed_again() -> None:
    for history in ((), (STAFF_INVITED, CLOSED), (STAFF_INVITED, STAFF_OPENED, JOINED)):
        gate = at_the_gate(STATION, home=STATION).given(*history)
        gate.when(CLOSE, by=HEAD).then_refused("sign_in_is_not_open")

"""An invitation is taken once and in time, by its token; a password is changed by its owner."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.access import (
    ChangePassword,
    CloseSignIn,
    Ground,
    Joined,
    OpenForHerself,
    OpenSignIn,
    SignIn,
    SignInInvited,
    SignInJoined,
    SignInOpened,
    join,
    leave_for,
)
from ledger.domain.event import Act, Actor, ActorKind
from ledger.domain.refusal import Refused
from tests.domain.gate import (
    BOTH_INVITED,
    CLOSED,
    HEAD,
    HERS,
    JOINED,
    LATER,
    OPEN,
    PASSWORD,
    RECORDER,
    STAFF_INVITED,
    STAFF_OPENED,
    STAFFS,
    STATION,
    TOKEN,
    VOLUNTEER,
    VOLUNTEER_INVITED,
    VOLUNTEER_OPENED,
    at_the_gate,
)
from tests.domain.specification import NOW

OTHER_TOKEN, OTHER_PASSWORD = "cc" * 32, "dd" * 32
CHANGE = ChangePassword(before=PASSWORD, credential=OTHER_PASSWORD)
CHANGED = SignInOpened(sign_in=STAFFS, credential=OTHER_PASSWORD, invitation=None)


def test_a_token_opens_the_sign_in_for_whom_it_names() -> None:
    state = at_the_gate().given(STAFF_INVITED).when(OPEN, by=RECORDER).then(STAFF_OPENED)
    assert state.is_open
    assert state.credential == PASSWORD
    assert (state.staff, state.volunteer) == (RECORDER.id, None)
    assert state.home == STATION.id


def test_until_it_is_taken_nobody_is_anybody() -> None:
    state = at_the_gate().given(STAFF_INVITED).state
    assert not state.is_open
    assert not state.is_person(RECORDER.id)


def test_a_token_opens_once() -> None:
    gate = at_the_gate().given(STAFF_INVITED, STAFF_OPENED)
    gate.when(OPEN, by=RECORDER).then_refused("invitation_is_not_valid")


def test_another_token_opens_nothing() -> None:
    other = OpenSignIn(invitation=OTHER_TOKEN, credential=PASSWORD)
    at_the_gate().given(STAFF_INVITED).when(other).then_refused("invitation_is_not_valid")
    at_the_gate().when(OPEN).then_refused("invitation_is_not_valid")


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=1)])
def test_a_token_opens_nothing_once_it_has_expired(late: timedelta) -> None:
    gate = at_the_gate().given(STAFF_INVITED)
    gate.when(OPEN, by=RECORDER, now=LATER + late).then_refused("invitation_has_expired")


def test_a_token_opens_up_to_its_end() -> None:
    gate = at_the_gate().given(STAFF_INVITED)
    gate.when(OPEN, by=RECORDER, now=LATER - timedelta(seconds=1)).then(STAFF_OPENED)


def test_a_later_invitation_takes_the_place_of_the_one_before() -> None:
    later = replace(STAFF_INVITED, invitation=OTHER_TOKEN)
    gate = at_the_gate().given(STAFF_INVITED, later)
    gate.when(OPEN, by=RECORDER).then_refused("invitation_is_not_valid")


@pytest.mark.parametrize("ending", [CLOSED, JOINED], ids=["closed", "joined"])
def test_a_token_of_before_opens_nothing_that_is_over(ending: object) -> None:
    gate = at_the_gate().given(STAFF_INVITED, ending)  # type: ignore[arg-type] # either event
    gate.when(OPEN, by=RECORDER).then_refused("invitation_is_not_valid")


def test_an_invitation_leaves_the_password_as_it_is_until_it_is_taken() -> None:
    again = replace(STAFF_INVITED, invitation=OTHER_TOKEN)
    state = at_the_gate().given(STAFF_INVITED, STAFF_OPENED, again).state
    assert state.credential == PASSWORD
    other = OpenSignIn(invitation=OTHER_TOKEN, credential=OTHER_PASSWORD)
    opened = at_the_gate().given(STAFF_INVITED, STAFF_OPENED, again).when(other).state
    assert opened.credential == OTHER_PASSWORD


def test_a_closed_sign_in_has_no_password_and_an_invitation_gives_another() -> None:
    gate = at_the_gate().given(STAFF_INVITED, STAFF_OPENED, CLOSED)
    assert not gate.state.is_open
    assert gate.state.ground is Ground.LEFT
    again = replace(STAFF_INVITED, invitation=OTHER_TOKEN)
    reopened = gate.given(again, replace(STAFF_OPENED, invitation=OTHER_TOKEN)).state
    assert reopened.is_open
    assert reopened.ground is None


def test_a_password_is_changed_by_who_gives_the_old_one() -> None:
    gate = at_the_gate().given(STAFF_INVITED, STAFF_OPENED)
    state = gate.when(CHANGE, by=RECORDER).then(CHANGED)
    assert state.credential == OTHER_PASSWORD


def test_a_changed_password_voids_an_invitation_that_lies_open() -> None:
    """She knows her password, so whoever asked for the other one was not she."""
    again = replace(STAFF_INVITED, invitation=OTHER_TOKEN)
    gate = at_the_gate().given(STAFF_INVITED, STAFF_OPENED, again, CHANGED)
    other = OpenSignIn(invitation=OTHER_TOKEN, credential=PASSWORD)
    gate.when(other, by=RECORDER).then_refused("invitation_is_not_valid")


def test_changing_a_password_makes_nobody_somebody_else() -> None:
    """An invitation as both lies open: only its token makes her both."""
    gate = at_the_gate().given(VOLUNTEER_INVITED, VOLUNTEER_OPENED, BOTH_INVITED)
    state = gate.when(CHANGE, by=VOLUNTEER).then(replace(CHANGED, sign_in=HERS))
    assert (state.staff, state.volunteer) == (None, VOLUNTEER.id)


def test_nobody_changes_anothers_password() -> None:
    gate = at_the_gate().given(STAFF_INVITED, STAFF_OPENED)
    gate.when(CHANGE, by=HEAD).then_refused("sign_in_is_anothers")


def test_a_password_that_was_changed_meanwhile_is_not_the_old_one() -> None:
    gate = at_the_gate().given(STAFF_INVITED, STAFF_OPENED, CHANGED)
    gate.when(CHANGE, by=RECORDER).then_refused("password_was_changed")


def test_there_is_no_password_to_change_where_nobody_signs_in() -> None:
    for history in ((), (STAFF_INVITED,), (STAFF_INVITED, STAFF_OPENED, CLOSED)):
        gate = at_the_gate().given(*history)
        gate.when(CHANGE, by=RECORDER).then_refused("sign_in_is_not_open")


HERSELF = OpenForHerself(
    sign_in=HERS, volunteer=VOLUNTEER.id, invitation=TOKEN, credential=PASSWORD
)


def test_a_volunteer_opens_her_sign_in_as_she_registers() -> None:
    invited = replace(VOLUNTEER_INVITED, expires_at=NOW, on_behalf_of=None)
    state = at_the_gate().when(HERSELF, by=VOLUNTEER).then(invited, VOLUNTEER_OPENED)
    assert state.is_open
    assert state.is_person(VOLUNTEER.id)


def test_a_volunteer_opens_nobody_elses() -> None:
    for by in (RECORDER, Actor(ActorKind.VOLUNTEER, UUID(int=1))):
        at_the_gate().when(HERSELF, by=by).then_refused("actor_is_another_volunteer")


def test_a_volunteer_does_not_open_twice() -> None:
    gate = at_the_gate().given(VOLUNTEER_INVITED)
    gate.when(HERSELF, by=VOLUNTEER).then_refused("sign_in_is_known")


AS_HERSELF = Act(VOLUNTEER, NOW)


def state_of(*history: SignInInvited | SignInOpened | SignInJoined) -> SignIn:
    state = at_the_gate().given(*history).state
    assert isinstance(state, SignIn)
    return state


VOLUNTEERS = state_of(VOLUNTEER_INVITED, VOLUNTEER_OPENED)


@pytest.mark.parametrize("was_open", [False, True])
def test_who_is_both_uses_one_sign_in_with_the_password_that_she_has(was_open: bool) -> None:
    before = (STAFF_INVITED, STAFF_OPENED) if was_open else ()
    staffs = state_of(*before, replace(STAFF_INVITED, invitation=OTHER_TOKEN))
    joined = join(VOLUNTEERS, staffs, OTHER_TOKEN, AS_HERSELF)
    assert isinstance(joined, Joined)
    assert joined.joined == (JOINED,)
    state = at_the_gate().given(VOLUNTEER_INVITED, VOLUNTEER_OPENED, *joined.kept).state
    assert (state.staff, state.volunteer) == (RECORDER.id, VOLUNTEER.id)
    assert state.credential == PASSWORD
    assert state.home == STATION.id
    left = at_the_gate().given(*before, STAFF_INVITED, *joined.joined).state
    assert (left.is_open, left.into) == (False, HERS)


def refused_codes(answer: object) -> tuple[str, ...]:
    assert isinstance(answer, Refused), answer
    return answer.codes


def test_joining_takes_a_token_that_is_good() -> None:
    staffs = state_of(STAFF_INVITED)
    late = Act(VOLUNTEER, LATER)
    for answer, code in (
        (join(VOLUNTEERS, staffs, OTHER_TOKEN, AS_HERSELF), "invitation_is_not_valid"),
        (join(VOLUNTEERS, None, TOKEN, AS_HERSELF), "invitation_is_not_valid"),
        (join(VOLUNTEERS, staffs, TOKEN, late), "invitation_has_expired"),
    ):
        assert refused_codes(answer) == (code,)


def test_a_volunteers_invitation_is_not_joined() -> None:
    answer = join(VOLUNTEERS, state_of(VOLUNTEER_INVITED), TOKEN, AS_HERSELF)
    assert refused_codes(answer) == ("invitation_is_not_to_join",)


def test_nobody_is_two_persons_of_the_staff() -> None:
    both = state_of(BOTH_INVITED, VOLUNTEER_OPENED)
    other = state_of(replace(STAFF_INVITED, staff=HEAD.id))
    answer = join(both, other, TOKEN, AS_HERSELF)
    assert refused_codes(answer) == ("sign_in_has_another_person",)


def test_only_she_joins_and_only_signed_in() -> None:
    for state, act in (
        (VOLUNTEERS, Act(RECORDER, NOW)),
        (state_of(VOLUNTEER_INVITED), AS_HERSELF),
    ):
        with pytest.raises(ValueError, match="own open sign-in"):
            join(state, state_of(STAFF_INVITED), TOKEN, act)


def test_an_own_sign_in_gives_way_to_the_one_for_both() -> None:
    both = state_of(BOTH_INVITED, VOLUNTEER_OPENED)
    assert leave_for(both, None, STAFFS) == (JOINED,)
    assert leave_for(both, state_of(STAFF_INVITED, STAFF_OPENED), STAFFS) == (JOINED,)
    assert leave_for(both, state_of(STAFF_INVITED, JOINED), STAFFS) == ()
    elsewhere = state_of(replace(JOINED, into=UUID(int=7)))
    assert refused_codes(leave_for(both, elsewhere, STAFFS)) == ("sign_in_is_joined",)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("invite"), st.sampled_from("abc")),
        st.tuples(st.just("open"), st.sampled_from("abc")),
        st.tuples(st.just("change"), st.sampled_from("xyz")),
        st.tuples(st.just("close"), st.just("")),
    ),
    max_size=25,
)


@given(steps=STEPS)
def test_a_token_is_good_for_one_password_whatever_happens(
    steps: list[tuple[str, str]],
) -> None:
    """Each opening by a token follows an invitation with it that nothing has followed."""
    gate = at_the_gate(STATION, home=STATION)
    waiting = password = ""
    for number, (step, name) in enumerate(steps):
        fresh = f"{number:064x}"
        state = gate.state
        if step == "invite":
            gate.given(replace(STAFF_INVITED, invitation=name * 64))
            waiting = name
        elif step == "open":
            gate.when(OpenSignIn(invitation=name * 64, credential=fresh), by=RECORDER)
            if name == waiting:
                gate.then(SignInOpened(sign_in=STAFFS, credential=fresh, invitation=name * 64))
                waiting, password = "", fresh
            else:
                gate.then_refused("invitation_is_not_valid")
        elif step == "change" and state is not None:
            before = state.credential or fresh
            gate.when(ChangePassword(before=before, credential=fresh), by=RECORDER)
            if password:
                waiting, password = "", fresh
            else:
                gate.then_refused("sign_in_is_not_open")
        elif step == "close" and (waiting or password):
            gate.when(CloseSignIn(ground=Ground.LEFT), by=HEAD).then(CLOSED)
            waiting = password = ""
        assert (gate.state.credential if gate.state else None) == (password or None)

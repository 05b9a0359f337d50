"""Whatever happened to a volunteer and whatever is asked next, there is an answer."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args
from uuid import UUID

from hypothesis import given as for_all
from hypothesis import strategies as st

from ledger.domain.event import ERASED, Act, Event, Happened
from ledger.domain.refusal import Refused
from ledger.domain.rules import INITIAL_RULES
from ledger.domain.stored import slots_of
from ledger.domain.volunteer import (
    AmendVolunteer,
    Command,
    ConfirmationMethod,
    ConfirmVolunteer,
    Consenter,
    Fact,
    Particulars,
    Purpose,
    RequestCorrection,
    Surroundings,
    Volunteer,
    VolunteerEvent,
    WithdrawConsent,
    WithdrawCorrection,
    decide,
    evolve,
)
from tests.domain.samples_volunteer import CORRECTION, IDENTITY, SAMPLES
from tests.domain.specification import CLERK, NOW
from tests.domain.volunteers import (
    A_CHILD,
    GUARDIAN,
    PARTICULARS,
    REVIEWER,
    SHE,
    THE_STATION,
    TODAY,
    born,
    consent,
    registered,
    registration,
)

EVENTS: list[Any] = [each for each in SAMPLES if isinstance(each, get_args(VolunteerEvent))]
BEGINNINGS: list[VolunteerEvent] = [registered(PARTICULARS), registered(born(A_CHILD))]
COMMANDS: list[Command] = [
    registration(),
    AmendVolunteer(
        identity=IDENTITY,
        particulars=replace(PARTICULARS, contact="13800000009"),
        reason="换号",
    ),
    ConfirmVolunteer(method=ConfirmationMethod.DOCUMENT_SEEN),
    RequestCorrection(correction=CORRECTION, facts=(Fact.NAME,), explanation="有误"),
    WithdrawCorrection(correction=CORRECTION, reason="无误"),
    GUARDIAN,
    *(
        consent(
            purpose,
            number,
            given_by=giver,
            facts=(Fact.EDUCATION,) if purpose is Purpose.OPTIONAL_FACTS else (),
            recipients=("学校",) if purpose is Purpose.DISCLOSURE else (),
        )
        for number, purpose in enumerate(Purpose)
        for giver in Consenter
    ),
    *(
        WithdrawConsent(purpose=purpose, withdrawn_by=by)
        for purpose in Purpose
        for by in Consenter
    ),
]
AROUND = [
    Surroundings(rules=INITIAL_RULES),
    Surroundings(rules=INITIAL_RULES, acting=THE_STATION),
]


def erased(event: Any) -> Any:
    """Return an event as it is read when her data key is gone."""
    kind: type[Event] = type(event)
    personal = [name for name, slot in slots_of(kind).items() if slot.person]
    return replace(event, **dict.fromkeys(personal, ERASED))


EVENT = st.sampled_from(EVENTS + [erased(each) for each in EVENTS])


@for_all(st.sampled_from(BEGINNINGS), st.lists(EVENT, max_size=8))
def test_every_history_is_read(first: VolunteerEvent, rest: list[VolunteerEvent]) -> None:
    state = evolve(None, first, Happened(CLERK, NOW, 1))
    for number, event in enumerate(rest):
        state = evolve(state, event, Happened(CLERK, NOW, number + 2))
    assert state.is_erased == (state.birth_date is ERASED)
    if state.is_erased or state.into is not None:
        assert state.may_serve_on(TODAY, INITIAL_RULES) is not None


@for_all(
    st.sampled_from(BEGINNINGS),
    st.lists(
        st.tuples(
            st.sampled_from(COMMANDS),
            st.sampled_from([SHE, CLERK, REVIEWER]),
            st.sampled_from(AROUND),
        ),
        max_size=20,
    ),
)
def test_what_is_accepted_keeps_the_rules(
    first: VolunteerEvent, asked: list[tuple[Command, Any, Surroundings]]
) -> None:
    state = evolve(None, first, Happened(CLERK, NOW, 1))
    version = 1
    for form, by, around in asked:
        command, before = form, state
        if isinstance(command, AmendVolunteer) and isinstance(state.particulars, Particulars):
            said = replace(state.particulars, contact="13800000009")
            command = replace(command, particulars=said)
        answer = decide(state, command, Act(by, NOW), around)
        if isinstance(answer, Refused):
            continue
        for event in answer:
            version += 1
            state = evolve(state, event, Happened(by, NOW, version))
        keeps_the_rules(before, state, by.id)


def keeps_the_rules(before: Volunteer, state: Volunteer, actor: UUID) -> None:
    in_force = [each.purpose for each in state.consents if each.ended_on is None]
    assert len(in_force) == len(set(in_force))
    if state.is_confirmed and not before.is_confirmed:
        assert actor not in (state.identified_by.id, state.id)
    child = state.birth_date == A_CHILD
    for each in state.consents:
        assert not child or each.given_by is Consenter.GUARDIAN
        assert child or each.given_by is Consenter.VOLUNTEER
    covered = state.may_serve_on(TODAY + timedelta(days=1), INITIAL_RULES) is None
    assert covered == (not child or state.guardian_consented)


def test_every_kind_of_event_is_sampled() -> None:
    assert {type(each) for each in EVENTS} == set(get_args(VolunteerEvent))

"""Whatever is asked of an organization, by whomever: what is true of every history."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given as forall
from hypothesis import strategies as st

from ledger.domain.civil_time import civil_date
from ledger.domain.event import Act, Actor, ActorKind, Event, Happened
from ledger.domain.organization import (
    Organization,
    Role,
    Status,
    Surroundings,
    decide,
    evolve,
)
from ledger.domain.organization.commands import (
    AddOrganizationKey,
    AmendOrganization,
    AppointStaff,
    AuthorizeOrganization,
    Command,
    GrantEntrustment,
    ReinstateOrganization,
    ReleaseStaff,
    RevokeEntrustment,
    RevokeOrganization,
    RevokeOrganizationKey,
    SucceedOrganization,
    SuspendOrganization,
)
from ledger.domain.organization.kinds import Ground, SuccessionKind
from ledger.domain.organization.particulars import Document
from ledger.domain.refusal import Refused
from ledger.domain.stored import decode_event, encode_event
from tests.domain.organizations import (
    A_KEY,
    ANOTHER_DISTRICT,
    LEDGER,
    THE_ASSOCIATION,
    THE_CITY,
    THE_DISTRICT,
    said_of,
)
from tests.domain.samples_organization import (
    AUTHORIZED,
    ENTRUSTED_REGISTERED,
    LICENCE,
    PUBLIC_KEY,
)
from tests.domain.specification import CLERK, NOW
from tests.domain.test_organization_keys import SECOND_PUBLIC_KEY

IDS = st.sampled_from([UUID(int=each) for each in range(1, 4)])
DAYS = st.sampled_from([3, 10, 20, 30, 60, 90, -3]).map(
    lambda days: civil_date(NOW) + timedelta(days=days)
)
PAST_DAYS = st.sampled_from([0, -1, -3, 3]).map(
    lambda days: civil_date(NOW) + timedelta(days=days)
)
TEXT = st.sampled_from(["理由", "由理", "缘由", "事由", "因由", "", " \ud800"])
ROLES = st.sampled_from(
    [(Role.RECORDER,), (Role.REVIEWER,), (Role.RECORDER, Role.REVIEWER), (Role.SUPERVISOR,), ()]
)
DOCUMENTS = st.sampled_from([(LICENCE,), (LICENCE,), (), (Document(title="\x00", sha256=""),)])
COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(
        AmendOrganization,
        particulars=st.builds(
            replace, st.just(said_of(ENTRUSTED_REGISTERED)), name=TEXT, telephone=st.none()
        ),
        effective_on=PAST_DAYS,
        reason=TEXT,
    ),
    st.builds(AuthorizeOrganization, reason=TEXT),
    st.builds(
        SuspendOrganization, ground=st.sampled_from(Ground), reason=TEXT, rectify_by=DAYS
    ),
    st.builds(ReinstateOrganization, reason=TEXT),
    st.builds(RevokeOrganization, ground=st.sampled_from(Ground), reason=TEXT),
    st.builds(
        SucceedOrganization,
        succession=st.sampled_from(SuccessionKind),
        successors=st.sampled_from([(THE_ASSOCIATION.id,), (), (), ()]),
        effective_on=DAYS,
        evidence=DOCUMENTS,
        reason=TEXT,
    ),
    st.builds(
        GrantEntrustment,
        entrustment=IDS,
        divisions=st.sampled_from([("110101",), ("110101001",), ("110105001",), (), ("1",)]),
        categories=st.sampled_from([None, None, ()]),
        valid_from=PAST_DAYS,
        valid_to=DAYS,
        qualification=DOCUMENTS,
    ),
    st.builds(RevokeEntrustment, entrustment=IDS, reason=TEXT),
    st.builds(
        AddOrganizationKey,
        key=IDS,
        public_key=st.sampled_from([PUBLIC_KEY, SECOND_PUBLIC_KEY, "", "00" * 32]),
        label=TEXT,
        valid_to=st.one_of(st.none(), DAYS),
    ),
    st.builds(RevokeOrganizationKey, key=IDS, exposed_since=PAST_DAYS, reason=TEXT),
    st.builds(
        AppointStaff,
        person=IDS,
        roles=ROLES,
        from_day=DAYS,
        name=TEXT,
        telephone=st.sampled_from([None, "1", "13800000000"]),
    ),
    st.builds(ReleaseStaff, person=IDS, roles=ROLES, from_day=DAYS, reason=TEXT),
)
ACTORS = st.one_of(
    st.sampled_from([CLERK, CLERK, CLERK, CLERK, A_KEY, LEDGER]),
    IDS.map(lambda person: Actor(ActorKind.STAFF, person)),
)
NAMES = st.sampled_from(
    ["itself", THE_DISTRICT, THE_DISTRICT, THE_CITY, ANOTHER_DISTRICT, THE_ASSOCIATION, None]
)
STEPS = st.lists(
    st.tuples(COMMANDS, ACTORS, NAMES, st.integers(0, 1)), min_size=20, max_size=40
)


def stored_and_read(event: Event) -> Any:
    facts = encode_event(event)
    opened = {name: value for hers in facts.personal.values() for name, value in hers.items()}
    return decode_event(type(event), facts.plain, opened)


def check_history(state: Organization, today: date) -> None:
    assert len({key.public_key for key in state.keys}) == len(state.keys)
    assert len({each.id for each in state.entrustments}) == len(state.entrustments)
    assert (state.status is Status.SUCCEEDED) == bool(state.successors)
    assert (state.halted_by is not None) == (state.status in (Status.SUSPENDED, Status.REVOKED))
    assert [named.since for named in state.names] == sorted(
        named.since for named in state.names
    )
    assert state.names[-1].name == state.particulars.name
    for role in Role:
        for person in state.persons(role, today):
            held = [
                each
                for each in state.appointments
                if (each.person, each.role) == (person, role) and each.is_held(today)
            ]
            assert len(held) == 1
    if not state.is_in_force:
        assert state.may_record(today, "110101001", []) is not None
        assert not any(state.key_in_force(key.id, today) for key in state.keys)


@forall(STEPS)
def test_no_command_breaks_a_history(steps: list[tuple[Any, Actor, Any, int]]) -> None:
    state = live = evolve(None, ENTRUSTED_REGISTERED, Happened(CLERK, NOW, 1))
    live = state = evolve(live, AUTHORIZED, Happened(CLERK, NOW, 2))
    now, version = NOW, 2
    for command, actor, name, days in steps:
        now += timedelta(days=days)
        acting = live if name == "itself" else name
        around = Surroundings(acting=acting, named=(THE_ASSOCIATION, THE_DISTRICT))
        answer = decide(live, command, Act(actor, now), around)
        if isinstance(answer, Refused):
            continue
        assert actor.kind is ActorKind.STAFF
        for event in answer:
            version += 1
            happened = Happened(actor, now, version)
            live = evolve(live, event, happened)
            state = evolve(state, stored_and_read(event), happened)
        check_history(live, civil_date(now))
    assert state == live

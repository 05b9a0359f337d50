"""Two registrations of one person become one, without losing a row, and are parted again."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from ledger.domain import account, identity, volunteer
from ledger.domain.account import Account, Credit
from ledger.domain.event import Act, Event, Happened
from ledger.domain.identity import Ground, Identity, Moved, Registration, merge, separate
from ledger.domain.refusal import Refused
from ledger.domain.rules import INITIAL_RULES
from ledger.domain.volunteer import Fact, Surroundings, Volunteer
from ledger.domain.volunteer.events import VolunteerEvent
from tests.domain.samples_volunteer import (
    ABSORBED,
    EVIDENCE,
    IDENTITY,
    MERGED,
    OTHER,
    OTHER_IDENTITY,
    REGISTERED,
    REGISTERED_BY_HERSELF,
    RELINQUISHED,
    SEPARATED,
    VOLUNTEER,
)
from tests.domain.specification import CLERK, NOW
from tests.domain.volunteers import SHE, THE_STATION, alone, erased

AROUND = Surroundings(rules=INITIAL_RULES, acting=THE_STATION)
ACT = Act(CLERK, NOW)
GROUND = Ground(reason=str(MERGED.reason), evidence=EVIDENCE)
PARTING = Ground(reason=str(SEPARATED.reason), evidence=EVIDENCE)
MORNING = datetime(2026, 10, 10, 1, 0, tzinfo=NOW.tzinfo)
NAMES = [fact.value for fact in Fact]
State = TypeVar("State")


def credit(record: int, hour: int, of: UUID) -> Credit:
    start = MORNING + timedelta(hours=hour)
    return Credit(
        record=UUID(int=record),
        recorded_for=of,
        organization=THE_STATION.id,
        start=start.replace(tzinfo=NOW.tzinfo),
        end=(start + timedelta(hours=1)).replace(tzinfo=NOW.tzinfo),
        minutes=60,
    )


def registration_of(
    registered: VolunteerEvent, hours: Iterable[int] = (), *more: VolunteerEvent
) -> Registration:
    """Return a registration to which an hour is credited at each of these hours."""
    state: Volunteer = alone().given(registered, *more).state
    credited = tuple(credit(0xE0 + hour, hour, state.id) for hour in sorted(hours))
    return Registration(
        volunteer=state,
        identity=Identity(id=state.identity, holder=state.id),
        account=replace(Account.of(state.id), credits=credited),
    )


SOURCE = registration_of(REGISTERED, [0, 2])
TARGET = registration_of(REGISTERED_BY_HERSELF, [1, 5])


def after(evolve: Any, state: State, events: Iterable[Event]) -> State:
    for event in events:
        state = evolve(state, event, Happened(CLERK, NOW, 1))
    return state


def moved(
    moved: Moved, source: Registration, target: Registration
) -> tuple[Registration, Registration]:
    """Return both registrations as they are afterwards."""
    return (
        Registration(
            volunteer=after(volunteer.evolve, source.volunteer, moved.source),
            identity=after(identity.evolve, source.identity, moved.identity),
            account=after(account.evolve, source.account, moved.accounts.merged),
        ),
        Registration(
            volunteer=after(volunteer.evolve, target.volunteer, moved.target),
            identity=target.identity,
            account=after(account.evolve, target.account, moved.accounts.kept),
        ),
    )


def merged(source: Registration, target: Registration) -> tuple[Registration, Registration]:
    answer = merge(source, target, GROUND, ACT, AROUND)
    assert isinstance(answer, Moved), answer
    return moved(answer, source, target)


def parted(source: Registration, target: Registration) -> tuple[Registration, Registration]:
    answer = separate(source, target, PARTING, ACT, AROUND)
    assert isinstance(answer, Moved), answer
    return moved(answer, source, target)


def codes(answer: Moved | Refused) -> list[str]:
    assert isinstance(answer, Refused), answer
    return sorted(answer.codes)


def test_a_merge_tells_both_histories_and_moves_claim_and_credits() -> None:
    answer = merge(SOURCE, TARGET, GROUND, ACT, AROUND)
    assert isinstance(answer, Moved)
    assert answer.source == (MERGED,)
    assert answer.target == (ABSORBED,)
    source, target = moved(answer, SOURCE, TARGET)
    assert (source.volunteer.status, source.volunteer.into) == ("merged", OTHER)
    assert target.volunteer.absorbed == (VOLUNTEER,)
    assert source.identity.holder == OTHER
    assert target.identity.holder == OTHER
    assert target.account.total_minutes == 240
    assert source.account.total_minutes == 0


def test_a_merge_leaves_the_particulars_of_both_as_they_are() -> None:
    source, target = merged(SOURCE, TARGET)
    assert source.volunteer.particulars == SOURCE.volunteer.particulars
    assert target.volunteer.particulars == TARGET.volunteer.particulars


def test_a_parting_gives_back_everything() -> None:
    source, target = parted(*merged(SOURCE, TARGET))
    assert (source.volunteer, target.volunteer) == (SOURCE.volunteer, TARGET.volunteer)
    assert (source.identity, target.identity) == (SOURCE.identity, TARGET.identity)
    assert (source.account, target.account) == (SOURCE.account, TARGET.account)


def test_a_parting_tells_both_histories() -> None:
    answer = separate(*merged(SOURCE, TARGET), PARTING, ACT, AROUND)
    assert isinstance(answer, Moved)
    assert answer.source == (SEPARATED,)
    assert answer.target == (RELINQUISHED,)


@for_all(st.sets(st.integers(0, 40)), st.sets(st.integers(0, 40)))
def test_no_row_is_lost_whatever_was_credited(ours: set[int], theirs: set[int]) -> None:
    source = registration_of(REGISTERED, ours)
    target = registration_of(REGISTERED_BY_HERSELF, theirs - ours)
    _, one = joined = merged(source, target)
    assert one.account.total_minutes == 60 * len(ours | theirs)
    assert parted(*joined) == (source, target)


def test_overlapping_credits_are_named_until_one_is_voided() -> None:
    target = registration_of(REGISTERED_BY_HERSELF, [0, 2, 9])
    answer = merge(SOURCE, target, GROUND, ACT, AROUND)
    assert codes(answer) == ["accounts_overlap", "accounts_overlap"]
    assert isinstance(answer, Refused)
    assert {reason.details["record"] for reason in answer.reasons} == {
        str(each.record) for each in SOURCE.account.credits
    }
    voided = replace(target, account=replace(target.account, credits=()))
    assert merged(SOURCE, voided)[1].account.credits == SOURCE.account.credits


def test_a_registration_is_not_merged_into_itself() -> None:
    assert codes(merge(SOURCE, SOURCE, GROUND, ACT, AROUND)) == ["volunteers_are_the_same"]


def test_there_are_no_circles_and_no_chains() -> None:
    source, target = merged(SOURCE, TARGET)
    third = registration_of(replace(REGISTERED, volunteer=UUID(int=3), identity=UUID(int=4)))
    assert codes(merge(target, source, GROUND, ACT, AROUND)) == ["volunteer_is_merged"]
    assert codes(merge(source, third, GROUND, ACT, AROUND)) == ["volunteer_is_merged"]
    assert codes(merge(third, source, GROUND, ACT, AROUND)) == ["volunteer_is_merged"]
    assert codes(merge(target, third, GROUND, ACT, AROUND)) == ["volunteer_has_absorbed"]
    assert merged(third, target)[1].volunteer.absorbed == (VOLUNTEER, UUID(int=3))


def test_two_that_were_merged_are_parted_in_any_order() -> None:
    third = registration_of(
        replace(REGISTERED, volunteer=UUID(int=3), identity=UUID(int=4)), [20]
    )
    first, target = merged(SOURCE, TARGET)
    second, target = merged(third, target)
    first, target = parted(first, target)
    second, target = parted(second, target)
    assert (first, second, target) == (SOURCE, third, TARGET)


def test_what_was_not_merged_is_not_parted() -> None:
    answer = separate(SOURCE, TARGET, PARTING, ACT, AROUND)
    assert codes(answer) == ["volunteer_is_not_merged"]


def test_a_person_of_an_organization_decides_and_says_why() -> None:
    empty = Ground(reason="", evidence="")
    alone_around = Surroundings(rules=INITIAL_RULES)
    want = ["actor_is_not_staff", "digest_is_malformed", "text_is_missing"]
    by_herself = Act(SHE, NOW)
    assert codes(merge(SOURCE, TARGET, empty, by_herself, alone_around)) == want
    joined = merged(SOURCE, TARGET)
    assert codes(separate(*joined, empty, by_herself, alone_around)) == want


def test_all_that_stands_in_the_way_of_a_merge_is_told_at_once() -> None:
    target = registration_of(REGISTERED_BY_HERSELF, [2])
    empty = Ground(reason="", evidence=EVIDENCE)
    assert codes(merge(SOURCE, target, empty, ACT, AROUND)) == [
        "accounts_overlap",
        "text_is_missing",
    ]


@pytest.mark.parametrize("which", ["source", "target"])
def test_an_erased_person_is_not_merged(which: str) -> None:
    source, target = SOURCE, TARGET
    if which == "source":
        source = registration_of(erased(REGISTERED, *NAMES))
    else:
        target = registration_of(erased(REGISTERED_BY_HERSELF, *NAMES))
    answer = merge(source, target, GROUND, ACT, AROUND)
    assert codes(answer) == ["volunteer_is_erased"]


def test_another_person_is_parted_from_an_erased_one() -> None:
    source, _ = merged(SOURCE, TARGET)
    target = registration_of(erased(REGISTERED_BY_HERSELF, *NAMES), [1, 5], ABSORBED)
    target = replace(target, account=replace(target.account, owners=(OTHER, VOLUNTEER)))
    source, target = parted(source, target)
    assert source.volunteer == SOURCE.volunteer
    assert target.volunteer.is_erased


def test_who_was_erased_herself_is_not_parted() -> None:
    source, target = merged(SOURCE, TARGET)
    gone: Volunteer = alone().given(erased(REGISTERED, *NAMES), MERGED).state
    answer = separate(replace(source, volunteer=gone), target, PARTING, ACT, AROUND)
    assert codes(answer) == ["volunteer_is_erased"]


def test_a_number_that_somebody_else_has_by_now_is_not_given_back() -> None:
    source, target = merged(SOURCE, TARGET)
    taken = replace(source, identity=replace(source.identity, holder=UUID(int=9)))
    answer = separate(taken, target, PARTING, ACT, AROUND)
    assert codes(answer) == ["person_is_registered"]
    given_up = replace(source, identity=replace(source.identity, holder=None))
    assert parted(given_up, target)[0] == SOURCE


def test_a_registration_without_its_number_is_not_merged() -> None:
    freed = replace(SOURCE, identity=replace(SOURCE.identity, holder=None))
    assert codes(merge(freed, TARGET, GROUND, ACT, AROUND)) == ["identity_is_not_held"]


def test_the_parts_of_a_registration_belong_together() -> None:
    with pytest.raises(ValueError, match="identity of this volunteer"):
        replace(SOURCE, identity=TARGET.identity)
    with pytest.raises(ValueError, match="account of this volunteer"):
        replace(SOURCE, account=TARGET.account)
    assert (SOURCE.identity.id, TARGET.identity.id) == (IDENTITY, OTHER_IDENTITY)

"""An account: no instant counts twice, a merge loses nothing and can be undone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from ledger.domain.account import (
    Account,
    AccountAbsorbed,
    AccountEvent,
    AccountRestored,
    AccountSeparated,
    AccountTransferred,
    Cause,
    Credit,
    CreditEntered,
    CreditWithdrawn,
    Joined,
    absorb,
    enter,
    evolve,
    exchange,
    separate,
    withdraw,
)
from ledger.domain.event import Act, Happened
from ledger.domain.interval import Interval
from ledger.domain.refusal import Refused
from tests.domain.specification import CLERK, NOW, Specification

HERSELF, TWIN, STRANGER = UUID(int=1), UUID(int=2), UUID(int=3)
HERE = UUID(int=0xB0)
MORNING = datetime.fromisoformat("2026-10-10T01:00:00+00:00")
HAPPENED = Happened(CLERK, NOW, 1)

Change = Callable[[Account], tuple[AccountEvent, ...] | Refused]


def at(minutes: int) -> datetime:
    return (MORNING + timedelta(minutes=minutes)).replace(tzinfo=NOW.tzinfo)


def credit(
    record: int,
    start: int = 0,
    end: int = 60,
    *,
    minutes: int | None = None,
    of: UUID = HERSELF,
) -> Credit:
    return Credit(
        record=UUID(int=0xC00 + record),
        recorded_for=of,
        organization=HERE,
        start=at(start),
        end=at(end),
        minutes=end - start if minutes is None else minutes,
    )


def entered(held: Credit, volunteer: UUID = HERSELF) -> CreditEntered:
    return CreditEntered(
        volunteer=volunteer,
        record=held.record,
        recorded_for=held.recorded_for,
        organization=held.organization,
        start=held.start,
        end=held.end,
        minutes=held.minutes,
    )


def account(*held: Credit, of: UUID = HERSELF) -> Account:
    state = Account.of(of)
    for each in held:
        state = evolve(state, entered(each, of), HAPPENED)
    return state


def given(*history: AccountEvent) -> Specification:
    def decide(state: Account | None, change: Change, _: Act) -> Any:
        return change(state or Account.of(HERSELF))

    return Specification(decide, evolve).given(*history)


def after(state: Account, events: tuple[AccountEvent, ...]) -> Account:
    for event in events:
        state = evolve(state, event, HAPPENED)
    return state


def joined(answer: Joined | Refused) -> Joined:
    assert isinstance(answer, Joined), answer
    return answer


def test_what_is_credited_counts() -> None:
    state = given().when(lambda a: enter(a, credit(1))).then(entered(credit(1)))
    assert state.total_minutes == 60
    assert state.minutes_on(date(2026, 10, 10)) == 60
    assert state.minutes_on(date(2026, 10, 9)) == 0


def test_breaks_do_not_count_but_take_up_their_time() -> None:
    held = credit(1, 0, 60, minutes=40)
    state = given().when(lambda a: enter(a, held)).then(entered(held))
    assert state.total_minutes == 40
    assert state.overlapping(Interval(at(59), at(61))) == held


def test_touching_credits_stand_side_by_side() -> None:
    given(entered(credit(1, 0, 60)), entered(credit(2, 120, 180))).when(
        lambda a: enter(a, credit(3, 60, 120))
    ).then(entered(credit(3, 60, 120)))


@pytest.mark.parametrize(("start", "end"), [(-30, 1), (59, 90), (10, 20), (-10, 200)])
def test_a_credit_that_overlaps_another_is_refused_and_names_it(start: int, end: int) -> None:
    given(entered(credit(1, 0, 60)), entered(credit(2, 120, 180))).when(
        lambda a: enter(a, credit(3, start, end))
    ).then_refused("credit_overlaps")
    answer = enter(account(credit(1)), credit(3, start, end))
    assert isinstance(answer, Refused)
    assert answer.reasons[0].details == {
        "record": str(credit(1).record),
        "start": "2026-10-10 09:00",
        "end": "10:00",
    }


def test_what_is_withdrawn_counts_no_more_and_leaves_its_time_free() -> None:
    record = credit(1).record
    state = (
        given(entered(credit(1)), entered(credit(2, 60, 90)))
        .when(lambda a: withdraw(a, record, Cause.VOIDED))
        .then(CreditWithdrawn(volunteer=HERSELF, record=record, cause=Cause.VOIDED))
    )
    assert state.total_minutes == 30
    assert not isinstance(enter(state, credit(3)), Refused)


def test_an_amended_credit_may_overlap_the_one_that_it_replaces_but_no_other() -> None:
    held = account(credit(1), credit(2, 60, 120))
    changed = credit(1, -30, 59)
    given(entered(credit(1)), entered(credit(2, 60, 120))).when(
        lambda a: exchange(a, changed)
    ).then(
        CreditWithdrawn(volunteer=HERSELF, record=changed.record, cause=Cause.AMENDED),
        entered(changed),
    )
    refused = exchange(held, credit(1, 0, 61))
    assert isinstance(refused, Refused)
    assert refused.reasons[0].details["record"] == str(credit(2).record)


def test_a_merged_account_counts_where_the_other_one_is() -> None:
    kept, gone = account(credit(1)), account(credit(2, 60, 90, of=TWIN), of=TWIN)
    answer = joined(absorb(kept, gone))
    assert answer.kept == (
        AccountAbsorbed(
            volunteer=HERSELF,
            source=TWIN,
            owners=(TWIN,),
            credits=(credit(2, 60, 90, of=TWIN),),
        ),
    )
    assert answer.merged == (AccountTransferred(volunteer=TWIN, into=HERSELF),)
    assert after(kept, answer.kept).total_minutes == 90
    emptied = after(gone, answer.merged)
    assert emptied.total_minutes == 0
    for refused in (
        enter(emptied, credit(3, of=TWIN)),
        withdraw(emptied, credit(2).record, Cause.VOIDED),
        exchange(emptied, credit(2, of=TWIN)),
        absorb(emptied, account(of=STRANGER)),
        absorb(account(of=STRANGER), emptied),
    ):
        assert isinstance(refused, Refused)
        assert refused.codes == ("account_is_merged",)


def test_after_a_merge_the_records_of_both_are_credited_and_judged_together() -> None:
    kept = account(credit(1))
    kept = after(kept, joined(absorb(kept, account(of=TWIN))).kept)
    assert not isinstance(enter(kept, credit(2, 60, 70, of=TWIN)), Refused)
    assert isinstance(enter(kept, credit(2, 59, 70, of=TWIN)), Refused)


def test_accounts_whose_credits_overlap_are_not_merged_and_all_pairs_are_named() -> None:
    kept = account(credit(1), credit(2, 100, 200))
    gone = account(
        credit(3, 30, 90, of=TWIN),
        credit(4, 150, 160, of=TWIN),
        credit(5, 300, 310, of=TWIN),
        of=TWIN,
    )
    refused = absorb(kept, gone)
    assert isinstance(refused, Refused)
    assert refused.codes == ("accounts_overlap", "accounts_overlap")
    assert [(each.details["first"], each.details["record"]) for each in refused.reasons] == [
        (str(credit(1).record), str(credit(3).record)),
        (str(credit(2).record), str(credit(4).record)),
    ]


def test_a_separation_gives_back_what_is_recorded_for_each_as_it_stands_now() -> None:
    first, second = credit(2, 60, 90, of=TWIN), credit(3, 200, 230, of=TWIN)
    kept, gone = account(credit(1)), account(first, of=TWIN)
    merge = joined(absorb(kept, gone))
    kept, gone = after(kept, merge.kept), after(gone, merge.merged)
    changes: tuple[Change, ...] = (
        lambda a: enter(a, second),
        lambda a: exchange(a, replace(first, minutes=10)),
    )
    for change in changes:
        events = change(kept)
        assert not isinstance(events, Refused)
        kept = after(kept, events)
    parted = joined(separate(kept, gone))
    assert parted.kept == (AccountSeparated(volunteer=HERSELF, source=TWIN, owners=(TWIN,)),)
    assert parted.merged == (
        AccountRestored(
            volunteer=TWIN, out_of=HERSELF, credits=(replace(first, minutes=10), second)
        ),
    )
    kept, gone = after(kept, parted.kept), after(gone, parted.merged)
    assert (kept.total_minutes, gone.total_minutes) == (60, 40)
    assert (kept.owners, gone.owners) == ((HERSELF,), (TWIN,))
    assert gone.into is None


def test_merges_in_a_row_are_undone_in_a_row() -> None:
    third = account(credit(3, 300, 330, of=STRANGER), of=STRANGER)
    second = account(credit(2, 60, 90, of=TWIN), of=TWIN)
    first = account(credit(1))
    one = joined(absorb(second, third))
    second, third = after(second, one.kept), after(third, one.merged)
    two = joined(absorb(first, second))
    first, second = after(first, two.kept), after(second, two.merged)
    assert first.owners == (HERSELF, TWIN, STRANGER)
    assert first.total_minutes == 120
    stuck = separate(second, third)
    assert isinstance(stuck, Refused)
    assert stuck.codes == ("account_is_merged",)
    undone = joined(separate(first, second))
    first, second = after(first, undone.kept), after(second, undone.merged)
    assert (first.total_minutes, second.total_minutes) == (60, 60)
    again = joined(separate(second, third))
    assert after(third, again.merged).total_minutes == 30


def test_what_only_a_mistake_in_the_program_can_ask_is_an_error() -> None:
    held = account(credit(1))
    mistakes: tuple[Callable[[], object], ...] = (
        lambda: enter(held, credit(2, 60, 90, of=STRANGER)),
        lambda: enter(held, credit(1, 60, 90)),
        lambda: withdraw(held, credit(2).record, Cause.VOIDED),
        lambda: absorb(held, held),
        lambda: separate(held, account(of=TWIN)),
    )
    for mistake in mistakes:
        with pytest.raises(ValueError, match=r"wanted|once"):
            mistake()


STRETCHES = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 12)), max_size=12)


@for_all(STRETCHES)
def test_bisection_finds_what_comparing_with_each_finds(
    stretches: list[tuple[int, int]],
) -> None:
    state = Account.of(HERSELF)
    kept: list[Credit] = []
    for number, (start, length) in enumerate(stretches):
        wanted = credit(number, start, start + length)
        answer = enter(state, wanted)
        clashes = any(each.interval.overlaps(wanted.interval) for each in kept)
        assert isinstance(answer, Refused) is clashes
        if not isinstance(answer, Refused):
            state = after(state, answer)
            kept.append(wanted)
    assert state.credits == tuple(sorted(kept, key=lambda each: each.start))
    assert state.total_minutes == sum(each.minutes for each in kept)

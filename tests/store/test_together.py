"""One act for all who wait: never the outcome of one that began before the question."""

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from ledger.store.together import Together


def test_nobody_gets_the_outcome_of_a_turn_that_began_before() -> None:
    turns, begun = count(1), [0]

    def act() -> int:
        begun[0] = next(turns)
        return begun[0]

    together = Together(act)

    def ask(_: int) -> bool:
        before = begun[0]
        return together() > before

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(2_000)))


def test_those_who_ask_meanwhile_share_the_next_turn() -> None:
    entered, go, turns = threading.Event(), threading.Event(), list[int]()

    def act() -> int:
        turns.append(1)
        entered.set()
        go.wait()
        return len(turns)

    together = Together(act)
    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(together)
        entered.wait()
        waiting = [pool.submit(together) for _ in range(8)]
        gathering = together._gathering
        while gathering is None:  # until the first of them has asked
            gathering = together._gathering
        go.set()
        assert first.result() == 1
        assert gathering.result() == 2
        outcomes = [each.result() for each in waiting]
    assert 2 in outcomes
    assert min(outcomes) == 2


def test_a_failure_is_told_to_all_of_a_turn_and_to_none_of_the_next() -> None:
    failures = [OSError("once")]

    def act() -> str:
        if failures:
            raise failures.pop()
        return "signed"

    together = Together(act)
    with pytest.raises(OSError, match="once"):
        together()
    assert together() == "signed"

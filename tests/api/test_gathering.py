"""Gathering: several are answered in one go, each for itself; who waits holds up nobody."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from ledger.api.v1 import gathering
from ledger.api.v1.gathering import Gathering

PATIENCE_S = 60.0


@dataclass
class Window:
    """Answers with the double; the gate holds a turn back, another one its finishing."""

    gate: threading.Event = field(default_factory=threading.Event)
    finishing: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)
    turns: list[list[int]] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)

    def answer(self, questions: Sequence[int]) -> Sequence[int | Exception]:
        self.turns.append(list(questions))
        self.begun.set()
        assert self.gate.wait(PATIENCE_S)
        if 13 in questions:
            raise LookupError("all of this turn")
        return [ValueError(each) if each < 0 else 2 * each for each in questions]

    def has_to_wait(self, answer: int) -> bool:
        return answer != 1_000

    def wait(self, answers: Sequence[int], timeout_s: float) -> None:
        self.waited.append(timeout_s)
        self.finishing.wait(timeout_s)
        if 198 in answers:
            raise TimeoutError

    def gathering(self, at_most: int = 4, wait_s: float = PATIENCE_S) -> Gathering[int, int]:
        return Gathering(self, at_most=at_most, wait_s=wait_s)


@pytest.fixture
def window() -> Window:
    """Return one that lets everybody through."""
    window = Window()
    window.gate.set()
    window.finishing.set()
    return window


async def all_of(gathering: Gathering[int, int], *asked: int) -> list[int | BaseException]:
    return await asyncio.gather(*map(gathering.ask, asked), return_exceptions=True)


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not reached():
            await asyncio.sleep(0.001)


def test_each_gets_its_own_answer_or_error(window: Window) -> None:
    answers = asyncio.run(all_of(window.gathering(), 1, -2, 3))
    assert answers[0] == 2
    assert isinstance(answers[1], ValueError)
    assert answers[2] == 6


def test_who_comes_meanwhile_is_answered_together_and_not_too_many_at_once(
    window: Window,
) -> None:
    window.gate.clear()

    async def scene() -> list[int | BaseException]:
        gathering = window.gathering(at_most=4)
        first = asyncio.create_task(gathering.ask(0))
        await until(window.begun.is_set)
        others = asyncio.create_task(all_of(gathering, *range(1, 10)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        window.gate.set()
        return [await first, *await others]

    assert asyncio.run(scene()) == [2 * each for each in range(10)]
    assert window.turns == [[0], [1, 2, 3, 4], [5, 6, 7, 8], [9]]


def test_an_error_of_a_turn_is_told_to_all_of_it_and_to_nobody_else(window: Window) -> None:
    window.gate.clear()

    async def scene() -> list[int | BaseException]:
        gathering = window.gathering(at_most=2)
        asked = asyncio.create_task(all_of(gathering, 1, 13, 5, 6, 7))
        await until(window.begun.is_set)
        window.gate.set()
        return await asked

    answers = asyncio.run(scene())
    failed = next(turn for turn in window.turns if 13 in turn)
    for asked, answer in zip((1, 13, 5, 6, 7), answers, strict=True):
        if asked in failed:
            assert isinstance(answer, LookupError)
        else:
            assert answer == 2 * asked


def test_the_next_are_answered_while_some_wait_to_be_told(window: Window) -> None:
    window.finishing.clear()

    async def scene() -> list[int | BaseException]:
        gathering = window.gathering(at_most=1)
        asked = [asyncio.create_task(gathering.ask(each)) for each in range(3)]
        await until(lambda: len(window.turns) == 3)
        assert not any(each.done() for each in asked)
        window.finishing.set()
        return [await each for each in asked]

    assert asyncio.run(scene()) == [0, 2, 4]


def test_what_goes_wrong_at_the_end_is_told(window: Window) -> None:
    (answer,) = asyncio.run(all_of(window.gathering(), 99))
    assert isinstance(answer, TimeoutError)
    assert asyncio.run(all_of(window.gathering(), 4)) == [8]


def test_what_need_not_wait_is_told_beside_what_does(window: Window) -> None:
    window.finishing.clear()

    async def scene() -> list[int]:
        gathering = window.gathering()
        waits = asyncio.create_task(gathering.ask(1))
        told = await gathering.ask(500)
        assert not waits.done()
        window.finishing.set()
        return [told, await waits]

    assert asyncio.run(scene()) == [1_000, 2]


@dataclass
class Slow(Window):
    """Waits as long as it may, by a clock that only waiting moves on."""

    now: float = 0.0
    turning: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, answers: Sequence[int], timeout_s: float) -> None:
        assert self.finishing.wait(PATIENCE_S)
        with self.turning:
            self.waited.append(timeout_s)
            self.now += timeout_s

    def monotonic(self) -> float:
        return self.now


def test_many_that_wait_wait_no_longer_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    window = Slow()
    window.gate.set()
    monkeypatch.setattr(gathering, "time", window)

    async def scene() -> list[int | BaseException]:
        asked = asyncio.create_task(all_of(window.gathering(1, 5.0), *range(200, 240)))
        await until(lambda: len(window.turns) == 40)
        window.finishing.set()
        return await asked

    assert asyncio.run(scene()) == [2 * each for each in range(200, 240)]
    # Eight wait at a time; whose time is over meanwhile is told at once.
    assert sorted(window.waited) == [*[0.0] * 32, *[5.0] * 8]


class NoThreads:
    """A pool of which no thread can be started, as where a limit of the system is met."""

    def __init__(self, pool: Any, *, takes: bool) -> None:
        self.pool = pool
        self.takes = takes
        self.has_failed = False

    def submit(self, *work: Any) -> Any:
        if self.has_failed:
            return self.pool.submit(*work)
        self.has_failed = True
        if self.takes:
            self.pool.submit(*work)
        raise RuntimeError("can't start new thread")


@pytest.mark.parametrize("takes", [False, True], ids=["lost", "done all the same"])
@pytest.mark.parametrize("name", ["_answering", "_waiting"])
def test_where_no_thread_is_to_be_had_nobody_waits_for_ever(
    window: Window, name: str, takes: bool
) -> None:
    async def scene() -> list[int | BaseException]:
        gathering = window.gathering()
        setattr(gathering, name, NoThreads(getattr(gathering, name), takes=takes))
        first = await all_of(gathering, 1)
        return [*first, *await all_of(gathering, 2, 3)]

    first, *others = asyncio.run(scene())
    assert first == 2 if name == "_waiting" or takes else isinstance(first, RuntimeError)
    assert others == [4, 6]


def test_an_error_that_no_future_takes_is_told(window: Window) -> None:
    window.answer = lambda questions: [StopIteration()] * len(questions)  # type: ignore[method-assign]
    first, second = asyncio.run(all_of(window.gathering(), 1, 2))
    assert isinstance(first, RuntimeError)
    assert isinstance(second, RuntimeError)


def test_who_has_gone_is_in_nobodys_way(window: Window) -> None:
    window.gate.clear()

    async def scene() -> int:
        gathering = window.gathering()
        gone = asyncio.create_task(gathering.ask(1))
        await until(window.begun.is_set)
        stays = asyncio.create_task(gathering.ask(2))
        await asyncio.sleep(0)
        gone.cancel()
        window.gate.set()
        return await stays

    assert asyncio.run(scene()) == 4


def test_after_a_pause_it_goes_on(window: Window) -> None:
    async def scene() -> list[int]:
        gathering = window.gathering()
        found = []
        for each in range(12):
            found.append(await gathering.ask(each))
            await asyncio.sleep(0.001)
        return found

    assert asyncio.run(scene()) == [2 * each for each in range(12)]

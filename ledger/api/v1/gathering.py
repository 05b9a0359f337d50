"""Gathering: requests that come at once are answered by one thread, several in one go.

A thread for each would have them take turns at every lock and every wait of the others; what
threads compute in one process they compute one after the other anyway.

asked ─► answer, by one thread ─► told
                 └─► those that wait: by other threads, while the next are answered ─► told
"""

import asyncio
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

Q = TypeVar("Q")
QIn = TypeVar("QIn", contravariant=True)
T = TypeVar("T")

WAITING = 8
"""So many turns may be waiting while the next are answered."""


class Window(Protocol[QIn, T]):
    """What answers, and knows which answers have to wait before they are told."""

    def answer(self, questions: Sequence[QIn], /) -> Sequence[T | Exception]:
        """Return for each question its answer, or the error to be raised."""

    def has_to_wait(self, answer: T, /) -> bool:
        """Return whether `wait` is for this answer."""

    def wait(self, answers: Sequence[T], timeout_s: float, /) -> None:
        """Return when these may be told; at the timeout they are told as they are then."""


@dataclass(frozen=True, slots=True)
class _Asked(Generic[Q, T]):
    question: Q
    future: "asyncio.Future[T]"

    def tell(self, answer: T | Exception) -> None:
        """Answer, from any thread; who has been answered, or has gone, is left alone."""
        self.future.get_loop().call_soon_threadsafe(_deliver, self.future, answer)


class Gathering(Generic[Q, T]):
    """Answers questions of event loops, a few at a time."""

    def __init__(self, window: Window[Q, T], *, at_most: int, wait_s: float) -> None:
        """``wait_s`` is how long an answer waits at most, from when it is there."""
        self._window = window
        self._at_most = at_most
        self._wait_s = wait_s
        self._answering = ThreadPoolExecutor(1, thread_name_prefix="gathering")
        self._waiting = ThreadPoolExecutor(WAITING, thread_name_prefix="waiting")
        self._queue: list[_Asked[Q, T]] = []
        self._is_working = False
        self._entering = threading.Lock()

    async def ask(self, question: Q) -> T:
        """Return the answer, or raise what it is instead."""
        asked: _Asked[Q, T] = _Asked(question, asyncio.get_running_loop().create_future())
        with self._entering:
            self._queue.append(asked)
            begins, self._is_working = not self._is_working, True
        if begins:
            try:
                self._answering.submit(self._work)
            except RuntimeError as error:  # there is no thread to be had
                self._give_up(error)
        return await asked.future

    def _work(self) -> None:
        try:
            while turn := self._next():
                self._answer(turn)
        except BaseException as error:
            self._give_up(RuntimeError(type(error).__name__))
            raise

    def _next(self) -> "Sequence[_Asked[Q, T]]":
        """Return who is next; where nobody is, the work has ended."""
        with self._entering:
            turn = self._queue[: self._at_most]
            del self._queue[: len(turn)]
            self._is_working = bool(turn)
            return turn

    def _answer(self, turn: "Sequence[_Asked[Q, T]]") -> None:
        try:
            answers = self._window.answer([each.question for each in turn])
        except Exception as error:  # noqa: BLE001 - told to everybody who asked
            answers = [error] * len(turn)
        waiting: list[tuple[_Asked[Q, T], T]] = []
        for asked, answer in zip(turn, answers, strict=True):
            if isinstance(answer, Exception) or not self._window.has_to_wait(answer):
                asked.tell(answer)
            else:
                waiting.append((asked, answer))
        if not waiting:
            return
        until = time.monotonic() + self._wait_s
        try:
            self._waiting.submit(self._wait, waiting, until)
        except RuntimeError:  # no thread to be had: what was done is told at once
            self._wait(waiting, 0)

    def _wait(self, waiting: "Sequence[tuple[_Asked[Q, T], T]]", until: float) -> None:
        told: list[T | Exception] = [answer for _, answer in waiting]
        try:
            timeout_s = max(0.0, until - time.monotonic())
            self._window.wait([answer for _, answer in waiting], timeout_s)
        except Exception as error:  # noqa: BLE001 - told to everybody who asked
            told = [error] * len(waiting)
        for (asked, _), answer in zip(waiting, told, strict=True):
            asked.tell(answer)

    def _give_up(self, error: Exception) -> None:
        """Let nobody wait for a thread that is not there; the next begins another one."""
        with self._entering:
            left, self._queue, self._is_working = self._queue, [], False
        for asked in left:
            asked.tell(error)


def _deliver(future: "asyncio.Future[T]", answer: T | Exception) -> None:
    if future.done():
        return
    if isinstance(answer, StopIteration):
        future.set_exception(RuntimeError(type(answer).__name__))  # a future takes no such
    elif isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)

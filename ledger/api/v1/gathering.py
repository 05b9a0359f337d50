"""Gathering: requests that come at once are answered by one thread, several in one go.

A thread for each would have them take turns at every lock and every wait of the others; what
threads compute in one process they compute one after the other anyway.

asked ─► answer, by one thread ─► finish, by others: waits, while the next are answered ─► told
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

Q = TypeVar("Q")
T = TypeVar("T")

FINISHING = 8
"""So many turns may be waiting while the next are answered."""


class Gathering(Generic[Q, T]):
    """Answers questions of one event loop, a few at a time."""

    def __init__(
        self,
        answer: Callable[[Sequence[Q]], Sequence[T | Exception]],
        finish: Callable[[Sequence[T | Exception]], None],
        *,
        at_most: int,
    ) -> None:
        """``answer`` returns for each question its answer, or the error to be raised.

        ``finish`` returns when these may be told; it is for what waits and does not compute.
        """
        self._answer = answer
        self._finish = finish
        self._at_most = at_most
        self._answering = ThreadPoolExecutor(1, thread_name_prefix="gathering")
        self._finishing = ThreadPoolExecutor(FINISHING, thread_name_prefix="finishing")
        self._waiting: list[tuple[Q, asyncio.Future[T]]] = []
        self._is_working = False
        self._entering = threading.Lock()

    async def ask(self, question: Q) -> T:
        """Return the answer, or raise what it is instead."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        with self._entering:
            self._waiting.append((question, answer))
            begins, self._is_working = not self._is_working, True
        if begins:
            self._answering.submit(self._work, loop)
        return await answer

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        while True:
            with self._entering:
                turn = self._waiting[: self._at_most]
                del self._waiting[: len(turn)]
                if not turn:
                    self._is_working = False
                    return
            asked = [future for _, future in turn]
            try:
                answers = self._answer([question for question, _ in turn])
            except Exception as error:  # noqa: BLE001 - told to everybody who asked
                answers = [error] * len(turn)
            self._finishing.submit(self._tell, loop, asked, answers)

    def _tell(
        self,
        loop: asyncio.AbstractEventLoop,
        asked: Sequence["asyncio.Future[T]"],
        answers: Sequence[T | Exception],
    ) -> None:
        try:
            self._finish(answers)
        except Exception as error:  # noqa: BLE001 - told to everybody who asked
            answers = [error] * len(asked)
        loop.call_soon_threadsafe(_deliver, asked, answers)


def _deliver(asked: Sequence["asyncio.Future[T]"], answers: Sequence[T | Exception]) -> None:
    for future, answer in zip(asked, answers, strict=True):
        if future.done():
            continue  # nobody waits for it any more
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)

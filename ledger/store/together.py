"""One act for all who ask for it at once: nobody gets the outcome of one that began before."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class Together(Generic[T]):
    """An act that threads share: while it is under way, the next turn gathers by itself."""

    def __init__(self, act: Callable[[], T]) -> None:
        self._act = act
        self._gathering: Future[T] | None = None
        self._entering = threading.Lock()
        self._acting = threading.Lock()

    def __call__(self) -> T:
        """Return what the act returns, or raise what it raises; it began after the call."""
        with self._entering:
            turn = self._gathering
            if turn is not None:
                leads = False
            else:
                leads, turn = True, Future()
                self._gathering = turn
        if leads:
            self._lead(turn)
        return turn.result()

    def _lead(self, turn: "Future[T]") -> None:
        with self._acting:
            with self._entering:
                # Whoever comes from here on may want more than this turn will see.
                self._gathering = None
            try:
                turn.set_result(self._act())
            except BaseException as error:  # noqa: BLE001 - handed to everybody who waits
                turn.set_exception(error)


Q = TypeVar("Q")


class TogetherFor(Generic[Q, T]):
    """An act that answers the questions of all threads that ask while one is under way."""

    def __init__(self, act: Callable[[Sequence[Q]], Sequence[T]]) -> None:
        """``act`` returns an answer for each question, in their order."""
        self._act = act
        self._gathering: list[tuple[Q, Future[T]]] = []
        self._entering = threading.Lock()
        self._acting = threading.Lock()

    def __call__(self, question: Q) -> T:
        """Return the answer, or raise what the act raises; it began after the call."""
        answer: Future[T] = Future()
        with self._entering:
            leads = not self._gathering
            self._gathering.append((question, answer))
        if leads:
            self._lead()
        return answer.result()

    def _lead(self) -> None:
        with self._acting:
            with self._entering:
                turn, self._gathering = self._gathering, []
            try:
                answers = self._act([question for question, _ in turn])
                for (_, future), answer in zip(turn, answers, strict=True):
                    future.set_result(answer)
            except BaseException as error:  # noqa: BLE001 - handed to everybody who waits
                for _, future in turn:
                    if not future.done():
                        future.set_exception(error)

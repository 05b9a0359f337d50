"""given(…).when(…).then(…): an aggregate's rules, written as sentences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from ledger.domain.event import Act, Actor, ActorKind, Event, Happened
from ledger.domain.refusal import Refused

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
CLERK = Actor(ActorKind.STAFF, UUID(int=0xC1E4))


@dataclass(frozen=True, slots=True)
class Done:
    """One event that happened before, by whom and when."""

    event: Event
    by: Actor = CLERK
    at: datetime = NOW - timedelta(days=30)


class Specification:
    """One aggregate: its state out of what happened, and what it answers to a command.

    ``decide(state, command, act, *surroundings)`` and ``evolve(state, event, happened)`` are
    the two functions under test.
    """

    def __init__(
        self, decide: Callable[..., Any], evolve: Callable[..., Any], *surroundings: Any
    ) -> None:
        self._decide = decide
        self._evolve = evolve
        self._surroundings = surroundings
        self._state: Any = None
        self._version = 0
        self._answer: tuple[Event, ...] | Refused | None = None

    def given(self, *history: Event | Done) -> Self:
        """Let these have happened, in their order."""
        for each in history:
            done = each if isinstance(each, Done) else Done(each)
            self._happen(done)
        return self

    def when(self, command: Any, *, by: Actor = CLERK, now: datetime = NOW) -> Self:
        """Give a command."""
        act = Act(by, now)
        self._answer = self._decide(self._state, command, act, *self._surroundings)
        if not isinstance(self._answer, Refused):
            for event in self._answer:
                self._happen(Done(event, by, now))
        return self

    def then(self, *events: Event) -> Any:
        """Expect exactly these events; return the state after them."""
        assert self._answer == events
        return self._state

    def then_some(self, *kinds: type[Event]) -> Sequence[Any]:
        """Expect events of exactly these kinds; return them."""
        assert not isinstance(self._answer, Refused), self._answer
        assert self._answer is not None
        assert tuple(type(each) for each in self._answer) == kinds
        return self._answer

    def then_refused(self, *codes: str, about: str | None = None) -> None:
        """Expect a refusal for exactly these reasons, in any order."""
        assert isinstance(self._answer, Refused), self._answer
        assert sorted(self._answer.codes) == sorted(codes)
        if about is not None:
            assert about in [reason.about for reason in self._answer.reasons]

    @property
    def state(self) -> Any:
        """The state as it is now."""
        return self._state

    def _happen(self, done: Done) -> None:
        self._version += 1
        happened = Happened(done.by, done.at, self._version)
        self._state = self._evolve(self._state, done.event, happened)

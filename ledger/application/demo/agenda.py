"""The time of a demonstration: acts at their moments, in their order, until now."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from ledger.domain.civil_time import instant

Act = Callable[[], None]


@dataclass(slots=True)
class DemoClock:
    """A clock that somebody sets; each look at it takes a millisecond."""

    moment: datetime

    def __call__(self) -> datetime:
        """Return the present instant in UTC."""
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def set(self, moment: datetime) -> None:
        """Go on to a moment; the clock is never put back."""
        self.moment = max(self.moment, moment)


@dataclass(slots=True)
class Chance:
    """What looks like chance and is the same each time."""

    seed: int
    of: Random = field(init=False)

    def __post_init__(self) -> None:
        self.of = Random(self.seed)  # noqa: S311 - nothing secret comes of it

    def uuid(self) -> UUID:
        """Return a UUID of version 4."""
        return UUID(int=self.of.getrandbits(128), version=4)


class Agenda:
    """What is to be done, and when; an act may put further ones on the agenda."""

    def __init__(self, clock: DemoClock, until: datetime) -> None:
        self._clock = clock
        self._until = until
        self._acts: list[tuple[datetime, int, Act]] = []
        self._number = 0
        self.ahead = 0
        """Acts that would come after the end: what is left open."""

    def at(self, day: date, hour: str, act: Act) -> None:
        """Do something on a day, at an hour ``HH:MM`` of Beijing."""
        moment = instant(day, time.fromisoformat(hour))
        self._number += 1
        heapq.heappush(self._acts, (moment, self._number, act))

    def run(self, told: Callable[[int, int], None] | None = None) -> None:
        """Do everything up to the end; ``told`` hears how many acts are done, and known of."""
        done = 0
        while self._acts:
            moment, _, act = heapq.heappop(self._acts)
            if moment > self._until:
                self.ahead = len(self._acts) + 1
                return
            self._clock.set(moment)
            act()
            done += 1
            if told is not None:
                told(done, done + len(self._acts))

"""Turns: whoever is compared runs one after the other, again and again, in changing order."""

import gc
import statistics
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

Work = Callable[[], None]


class Contender(Protocol):
    """Somebody who appends events."""

    def prepare(self, *, per_commit: int, submitters: int, commits: int) -> list[Work]:
        """Return the work of each submitter: so many commits, of so many events each."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A median with the smallest and the largest of what was measured."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Return the spread of at least one value."""
        return cls(statistics.median(values), min(values), max(values))


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates a second by name, one for each turn; turns of the same number belong together."""

    by_name: Mapping[str, Sequence[float]]

    def __contains__(self, name: str) -> bool:
        return name in self.by_name

    def rate(self, name: str) -> Spread:
        """Return how many a second."""
        return Spread.of(self.by_name[name])

    def ratio(self, name: str, other: str) -> Spread:
        """Return how many times as fast one is as the other."""
        pairs = zip(self.by_name[name], self.by_name[other], strict=True)
        return Spread.of([one / two for one, two in pairs])


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure: seconds of each turn, and how many turns.

    Loads of more than ``events_max`` events at once are left out.
    """

    seconds: float
    turns: int
    events_max: int


def in_turns(runs: Mapping[str, Callable[[], float]], turns: int) -> Rates:
    """Run everything so many times in changing order; each run returns its rate."""
    names = list(runs)
    found: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(turns):
        shift = turn % len(names)
        for name in names[shift:] + names[:shift]:
            gc.collect()
            found[name].append(runs[name]())
    return Rates(found)


def compare(
    contenders: Mapping[str, Contender], effort: Effort, *, per_commit: int, submitters: int
) -> Rates:
    """Return how many events a second each of them appends under one load."""
    runs: dict[str, Callable[[], float]] = {}
    for name, contender in contenders.items():
        commits = _calibrated(contender, effort.seconds, per_commit, submitters)
        runs[name] = _run_of(contender, per_commit, submitters, commits)
    return in_turns(runs, effort.turns)


def together(works: Sequence[Work]) -> float:
    """Return how many seconds it takes until all have done their work, begun at once."""
    if len(works) == 1:
        began = time.perf_counter()
        works[0]()
        return time.perf_counter() - began
    barrier = threading.Barrier(len(works) + 1)
    failures: list[BaseException] = []

    def run(work: Work) -> None:
        barrier.wait()
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
            failures.append(error)

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    barrier.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if failures:
        raise failures[0]
    return seconds


def _calibrated(contender: Contender, seconds: float, per_commit: int, submitters: int) -> int:
    """Return how many commits of each submitter take about so long; warms up by that."""
    commits = 1
    while True:
        run = _run_of(contender, per_commit, submitters, commits)
        taken = commits * per_commit * submitters / run()
        wanted = round(commits * seconds / taken)
        if taken > seconds / 4 or wanted <= commits:
            return max(1, wanted)
        commits = min(wanted, commits * 20)


def _run_of(
    contender: Contender, per_commit: int, submitters: int, commits: int
) -> Callable[[], float]:
    def run() -> float:
        works = contender.prepare(per_commit=per_commit, submitters=submitters, commits=commits)
        return commits * per_commit * submitters / together(works)

    return run

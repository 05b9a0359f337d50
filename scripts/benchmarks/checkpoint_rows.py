"""From submission to a signed checkpoint that covers it, beside a raw one-row commit.

Everything is on the way: preparing, the commit, the head register's two fsyncs, the
signature and the commit that stores the checkpoint. One thread signs whatever has been
committed since it last looked, as the service does; there is no timer.
"""

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks.databases import Database
from benchmarks.events import Events
from benchmarks.ledgers import Ledger, new_ledger, submission
from benchmarks.raw import PostgresqlRaw, SqliteRaw, new_raw
from benchmarks.rounds import Effort, Spread, Work, together
from benchmarks.tables import Goal, Table, milliseconds, ratio
from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.note import parse_note
from ledger.store.appender import Appender

SUBMITTERS = 64
COMMITS_MIN = 3
LOOK_AGAIN_S = 0.5
GOAL = Goal(at_most=5)

Times = list[float]


class Covering:
    """Signs what is committed, and tells whoever waits how far the checkpoints reach."""

    def __init__(self, ledger: Ledger, appender: Appender) -> None:
        self._publisher = ledger.publisher
        self._appender = appender
        self._signed = threading.Condition()
        self._size = 0
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="signing")
        self._thread.start()

    def wait(self, size: int) -> None:
        """Return when a signed checkpoint covers so many entries."""
        with self._signed:
            self._signed.wait_for(lambda: self._size >= size)

    def stop(self) -> None:
        """Sign no more."""
        self._stopped = True
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped:
            self._appender.wait_for_growth(beyond=self._size, timeout_s=LOOK_AGAIN_S)
            size = parse_checkpoint(parse_note(self._publisher.publish()).text).size
            with self._signed:
                self._size = size
                self._signed.notify_all()


def measure(database: Database, effort: Effort, say: Callable[[str], None]) -> Iterator[Table]:
    """Yield the table of one database."""
    say(f"checkpoint, {database.name}: {SUBMITTERS} submitters")
    covered, alone, crowd = list[Times](), list[Times](), list[Times]()
    with _covered(database) as run, new_raw(database) as raw:
        commits = _commits(run, effort.seconds)
        for turn in range(effort.turns):
            jobs: list[tuple[list[Times], Callable[[], Times]]] = [
                (covered, lambda: run(commits)),
                (alone, lambda: _raw_times(raw, 1, commits * 8)),
                (crowd, lambda: _raw_times(raw, SUBMITTERS, commits)),
            ]
            shift = turn % len(jobs)
            for found, job in jobs[shift:] + jobs[:shift]:
                found.append(job())
    yield _table(database, covered, {"1": alone, f"{SUBMITTERS}": crowd})


def _table(database: Database, covered: list[Times], raw: dict[str, list[Times]]) -> Table:
    table = Table(
        f"Submit to covered by a signed checkpoint, {database.name}",
        (
            "submitters of a raw commit",
            "covered p50, ms",
            "covered p99, ms",
            "raw p50, ms",
            "raw p99, ms",
            "covered p99 ÷ raw p99",
            "goal",
        ),
        notes=[
            f"The ledger has {SUBMITTERS} submitters of one event each in every row, with head "
            "register and signature. The goal is measured against a raw commit that has the "
            "database to itself, and then again against one under the same load."
        ],
    )
    for submitters, times in raw.items():
        ratios = [p99(ours) / p99(theirs) for ours, theirs in zip(covered, times, strict=True)]
        found = Spread.of(ratios)
        cells = [_milliseconds(covered, statistics.median), _milliseconds(covered, p99)]
        cells += [_milliseconds(times, statistics.median), _milliseconds(times, p99)]
        table.add(submitters, *cells, ratio(found), GOAL.verdict(found.median))
    return table


def _milliseconds(turns: list[Times], of: Callable[[Times], float]) -> str:
    return milliseconds(Spread.of([of(times) for times in turns]))


def p99(times: Times) -> float:
    """Return the time that one in a hundred takes longer than."""
    return sorted(times)[min(len(times) - 1, len(times) * 99 // 100)]


def _commits(run: Callable[[int], Times], seconds: float) -> int:
    """Return how many commits of each submitter take about so long; warms up by that."""
    began = time.perf_counter()
    run(COMMITS_MIN)
    taken = time.perf_counter() - began
    return max(COMMITS_MIN, round(COMMITS_MIN * 2 * seconds / taken))


@contextmanager
def _covered(database: Database) -> Iterator[Callable[[int], Times]]:
    """Yield what lets every submitter commit so often, and returns the times of all."""
    with new_ledger(database) as ledger:
        appender, events = ledger.appender(registered=True), Events(3)
        covering = Covering(ledger, appender)

        def run(commits: int) -> Times:
            shares = events.shared_out(SUBMITTERS, commits, 1)
            submissions = [[submission(taken) for taken in share] for share in shares]

            def one(index: int, commit: int) -> None:
                appended = appender.append(submissions[index][commit])
                covering.wait(appended.first_seq + appended.count)

            return _timed(one, SUBMITTERS, commits)

        try:
            yield run
        finally:
            covering.stop()
            appender.close()


def _raw_times(raw: SqliteRaw | PostgresqlRaw, submitters: int, commits: int) -> Times:
    rounds = [
        raw.prepare(per_commit=1, submitters=submitters, commits=1) for _ in range(commits)
    ]
    return _timed(lambda index, commit: rounds[commit][index](), submitters, commits)


def _timed(one: Callable[[int, int], None], submitters: int, commits: int) -> Times:
    """Return how long each commit of each submitter took, all submitters at once."""
    times: list[Times] = [[] for _ in range(submitters)]

    def work_of(index: int) -> Work:
        def work() -> None:
            for commit in range(commits):
                began = time.perf_counter()
                one(index, commit)
                times[index].append(time.perf_counter() - began)

        return work

    together([work_of(index) for index in range(submitters)])
    return [each for found in times for each in found]

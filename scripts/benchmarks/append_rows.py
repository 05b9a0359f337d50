"""Append: the ledger, the eventsourcing library and raw insertion under the same loads."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

from benchmarks.databases import Database
from benchmarks.events import Events
from benchmarks.ledgers import LedgerContender, new_ledger
from benchmarks.library import LibraryContender, new_recorder
from benchmarks.raw import new_raw
from benchmarks.rounds import Contender, Effort, Rates, compare
from benchmarks.tables import Goal, Table, rate, ratio

PER_COMMIT = (1, 10, 100, 1_000)
SUBMITTERS = (1, 8, 64)
OURS, LIBRARY, RAW, PERSONAL = "ledger", "library", "raw", "personal"

GOALS: Mapping[tuple[str, int, int], Mapping[str, Goal]] = {
    ("postgresql", 1, 64): {LIBRARY: Goal(at_least=15)},
    ("postgresql", 1, 1): {LIBRARY: Goal(at_least=1.2), RAW: Goal(at_least=0.5)},
    ("postgresql", 1_000, 1): {RAW: Goal(at_least=0.3)},
    ("sqlite", 1, 1): {RAW: Goal(at_least=0.4)},
    ("sqlite", 1_000, 1): {RAW: Goal(at_least=0.25)},
}
"""By database, events a commit and submitters: how many times as fast as whom."""

LIBRARY_HANGS_FROM = {"postgresql": 1_000}
"""Events a commit that the library's recorder never gets through.

It writes in psycopg's pipeline mode, which waits for an answer without sending what the
socket's buffer did not take at once (psycopg 3.2 and 3.3, `_pipeline_communicate`).
"""


def measure(database: Database, effort: Effort, say: Callable[[str], None]) -> Iterator[Table]:
    """Yield the tables of one database."""
    yield _loads(database, effort, say)
    yield _personal(database, effort, say)


def _loads(database: Database, effort: Effort, say: Callable[[str], None]) -> Table:
    table = Table(
        f"Append, {database.name}",
        (
            "events a commit",
            "submitters",
            "ledger, events/s",
            "library, events/s",
            "raw, events/s",
            "ledger ÷ library",
            "goal",
            "ledger ÷ raw",
            "goal",
        ),
        notes=[
            "Without head register and signature. Each event has twelve facts, none of them "
            "personal. Ratios are medians of the turns (smallest–largest)."
        ],
    )
    if database.kind in LIBRARY_HANGS_FROM:
        table.notes.append(
            f"The library's recorder is not measured at {LIBRARY_HANGS_FROM[database.kind]:,} "
            "events a commit: psycopg's pipeline mode, in which it writes, does not send what "
            "the socket did not take at once, and waits for ever."
        )
    with _contenders(database) as contenders:
        for per_commit in PER_COMMIT:
            for submitters in SUBMITTERS:
                if per_commit * submitters > effort.events_max:
                    continue
                say(f"append, {database.name}: {per_commit} a commit, {submitters} submitters")
                able = dict(contenders)
                if per_commit >= LIBRARY_HANGS_FROM.get(database.kind, per_commit + 1):
                    del able[LIBRARY]
                rates = compare(able, effort, per_commit=per_commit, submitters=submitters)
                _add(table, rates, (database.kind, per_commit, submitters))
    return table


def _add(table: Table, rates: Rates, load: tuple[str, int, int]) -> None:
    goals = GOALS.get(load, {})
    cells = [f"{load[1]:,}", f"{load[2]}"]
    cells += [rate(rates.rate(name)) if name in rates else "–" for name in (OURS, LIBRARY, RAW)]
    for other in (LIBRARY, RAW):
        if other in rates:
            found = rates.ratio(OURS, other)
            goal = goals[other].verdict(found.median) if other in goals else ""
            cells += [ratio(found), goal]
        else:
            cells += ["–", ""]
    table.add(*cells)


def _personal(database: Database, effort: Effort, say: Callable[[str], None]) -> Table:
    table = Table(
        f"Append with personal facts, {database.name}",
        (
            "events a commit",
            "submitters",
            "plain, events/s",
            "personal, events/s",
            "personal ÷ plain",
        ),
        notes=[
            "Both are the ledger. The personal events have three facts more, about one of 50 "
            "persons, sealed under that person's key."
        ],
    )
    with ExitStack() as stack:
        contenders: dict[str, Contender] = {}
        for name in (OURS, PERSONAL):
            ledger = stack.enter_context(new_ledger(database))
            events = Events(1, personal=name == PERSONAL)
            contender = LedgerContender(ledger, events)
            stack.callback(contender.close)
            contenders[name] = contender
        for per_commit, submitters in ((1, 64), (100, 1)):
            say(f"append with personal facts, {database.name}: {per_commit} a commit")
            rates = compare(contenders, effort, per_commit=per_commit, submitters=submitters)
            table.add(
                f"{per_commit:,}",
                f"{submitters}",
                rate(rates.rate(OURS)),
                rate(rates.rate(PERSONAL)),
                ratio(rates.ratio(PERSONAL, OURS)),
            )
    return table


@contextmanager
def _contenders(database: Database) -> Iterator[dict[str, Contender]]:
    with ExitStack() as stack:
        ours = LedgerContender(stack.enter_context(new_ledger(database)), Events(1))
        stack.callback(ours.close)
        recorder = stack.enter_context(new_recorder(database))
        raw = stack.enter_context(new_raw(database))
        yield {OURS: ours, LIBRARY: LibraryContender(recorder, Events(2)), RAW: raw}

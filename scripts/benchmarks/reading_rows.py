"""Reads of a small and of a large ledger: how long one in twenty takes longer than."""

import multiprocessing
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from multiprocessing.synchronize import Event
from typing import TypeVar

import sqlalchemy as sa

from benchmarks.databases import Database
from benchmarks.growth_rows import LARGE, SMALL, Sizes
from benchmarks.lives import Lived, Lives
from benchmarks.rounds import Effort, Spread
from benchmarks.tables import Goal, Table, milliseconds, ratio
from benchmarks.town import Recording, Town, new_town
from ledger.application.office import Office
from ledger.application.record_lists import (
    Paging,
    RecordFilter,
    TaskFilter,
    list_publicity,
    list_records,
    list_tasks,
    masked_names,
)
from ledger.application.record_reading import record_history
from ledger.application.volunteer_reading import read_profile
from ledger.store.view_reader import AsOf, Page

READS_MIN, READS_A_SECOND = 20, 400
WARM_UP = 10
LOOK_AGAIN_S = 0.1
GOAL = Goal(at_most=1.3)
Read = Callable[[], object]
Supplies = Mapping[str, Iterator[Read]]
ListPage = Callable[[Office, Recording, Paging], AsOf[Page]]
T = TypeVar("T")


def _tasks(office: Office, station: Recording, paging: Paging) -> AsOf[Page]:
    return list_tasks(office, station.reviewer, TaskFilter(), paging)


def _records(office: Office, station: Recording, paging: Paging) -> AsOf[Page]:
    return list_records(office, station.reviewer, RecordFilter(), paging)


def _publicity(office: Office, station: Recording, paging: Paging) -> AsOf[Page]:
    found = list_publicity(
        office,
        station.reviewer,
        organization=station.organization,
        division=None,
        paging=paging,
    )
    masked_names(office, found.value.rows)
    return found


LISTS: Mapping[str, ListPage] = {
    "queue, a page": _tasks,
    "records, a page": _records,
    "publicity, a page with names": _publicity,
}


@dataclass(frozen=True, slots=True)
class Filled:
    """A town with a log, and what is in it."""

    town: Town
    lived: Lived

    @contextmanager
    def reads(self) -> Iterator[Supplies]:
        """Yield, by what is read, an endless supply; nothing is remembered at first."""
        with self.town.open() as (_, opened):
            office = opened.office
            yield {
                "profile": self._profiles(office),
                "history of a record": self._histories(office),
                **{name: self._pages(office, page) for name, page in LISTS.items()},
            }

    def _profiles(self, office: Office) -> Iterator[Read]:
        for station, volunteer in _shuffled(self.lived.volunteers):
            yield partial(read_profile, office, station.reviewer, volunteer)

    def _histories(self, office: Office) -> Iterator[Read]:
        for station, record in _shuffled(self.lived.records):
            yield partial(record_history, office, station.reviewer, record)

    def _pages(self, office: Office, list_page: ListPage) -> Iterator[Read]:
        """Yield one page after the other, of one station and then the next."""
        for station in cycle(self.town.stations):
            paging: Paging | None = Paging()
            while paging is not None:
                page = _Page(office, station, paging, list_page)
                yield page
                paging = page.following


class _Page:
    """One page of a list, which knows the next once it is read."""

    def __init__(
        self, office: Office, station: Recording, paging: Paging, list_page: ListPage
    ) -> None:
        self._read = partial(list_page, office, station, paging)
        self.following: Paging | None = None

    def __call__(self) -> None:
        after = self._read().value.after
        self.following = None if after is None else Paging(after=after)


def measure(
    database: Database, effort: Effort, sizes: Sizes, say: Callable[[str], None]
) -> Iterator[Table]:
    """Yield the table of one database."""
    reads = max(READS_MIN, round(READS_A_SECOND * effort.seconds))
    with ExitStack() as stack:
        both: dict[str, Filled] = {}
        for name, size in ((SMALL, sizes.small), (LARGE, sizes.large)):
            say(f"reads, {database.name}: a ledger with {size:,} events")
            both[name] = stack.enter_context(_filled(database, size))
        found: dict[str, dict[str, list[float]]] = {}
        for turn in range(effort.turns):
            say(f"reads, {database.name}: turn {turn + 1}")
            for what, p95s in _turn(both, reads).items():
                for name, p95 in p95s.items():
                    found.setdefault(what, {}).setdefault(name, []).append(p95)
    table = _table(database, sizes, reads)
    for what, turns in found.items():
        _add(table, what, turns)
    yield table


def _table(database: Database, sizes: Sizes, reads: int) -> Table:
    few, many = f"{sizes.small:,}", f"{sizes.large:,}"
    return Table(
        f"Reads of {few} and of {many} events, {database.name}",
        ("what", f"p95 at {few}, ms", f"p95 at {many}, ms", "large ÷ small", "goal"),
        notes=[
            f"Through the use cases, in one process, {reads} reads of each kind in a turn, by "
            "turns of the small and of the large ledger: of volunteers with six records each "
            "and of records that the process has not seen yet, and of lists in pages of 50 as "
            "they follow each other. The reader is a reviewer of the station that recorded."
        ],
    )


def _add(table: Table, what: str, p95s: Mapping[str, Sequence[float]]) -> None:
    pairs = zip(p95s[LARGE], p95s[SMALL], strict=True)
    slower = Spread.of([large / small for large, small in pairs])
    table.add(
        what,
        milliseconds(Spread.of(p95s[SMALL])),
        milliseconds(Spread.of(p95s[LARGE])),
        ratio(slower),
        GOAL.verdict(slower.median),
    )


def _turn(both: Mapping[str, Filled], reads: int) -> dict[str, dict[str, float]]:
    """Return the p95 of each kind of read, by a process that remembers nothing."""
    with ExitStack() as stack:
        supplies = {name: stack.enter_context(each.reads()) for name, each in both.items()}
        kinds = list(supplies[SMALL])
        return {
            what: _p95s({name: each[what] for name, each in supplies.items()}, reads)
            for what in kinds
        }


def _p95s(supplies: Mapping[str, Iterator[Read]], reads: int) -> dict[str, float]:
    """Return the p95 of each supply; what else the machine does meets all of them alike."""
    times: dict[str, list[float]] = {name: [] for name in supplies}
    for number in range(WARM_UP + reads):
        for name, supply in supplies.items():
            read = next(supply)
            began = time.perf_counter()
            read()
            if number >= WARM_UP:
                times[name].append(time.perf_counter() - began)
    return {name: sorted(found)[reads * 95 // 100] for name, found in times.items()}


@contextmanager
def _filled(database: Database, events: int) -> Iterator[Filled]:
    """Yield a town with a log of so many events at least, and views of all of them."""
    with new_town(database) as town:
        lives = Lives(town)
        with _followed(town), town.open() as (ledger, _):
            lives.grow(ledger.appender, events)
            ledger.publisher.publish()
        with town.open() as (ledger, opened):
            opened.views.projector.catch_up()
            _analyze(ledger.engine, opened.views.engine)
        yield Filled(town, lives.lived)


@contextmanager
def _followed(town: Town) -> Iterator[None]:
    """Let another process fold what is appended meanwhile."""
    context = multiprocessing.get_context("spawn")
    done = context.Event()
    process = context.Process(target=_follow, args=(town, done))
    process.start()
    try:
        yield
    finally:
        done.set()
        process.join()


def _follow(town: Town, done: Event) -> None:
    with town.open() as (_, opened):
        while not done.wait(LOOK_AGAIN_S):
            opened.views.projector.catch_up()


def _analyze(*engines: sa.Engine) -> None:
    """Let PostgreSQL know what is in its tables, as its own vacuum does after a while."""
    for engine in engines:
        if engine.dialect.name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")


def _shuffled(things: Sequence[T]) -> Iterator[T]:
    """Yield all in some order, again and again."""
    chance = random.Random(len(things))  # noqa: S311 - not for secrets
    while True:
        yield from chance.sample(things, len(things))

"""Projections catching up: a whole log into empty views, beside the library's own runner."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from benchmarks.databases import Database
from benchmarks.lives import Lives
from benchmarks.rounds import Effort, in_turns
from benchmarks.runner import LibraryRunner, new_runner
from benchmarks.tables import Goal, Table, rate, ratio
from benchmarks.town import Town, new_town
from ledger.store.migration import migrate
from ledger.store.view_engine import connect_views
from ledger.store.view_folding import Folding
from ledger.store.view_projector import Projector

OURS, LIBRARY = "ledger", "library"
GOAL = Goal(at_least=8)
EVENTS_A_SECOND, LIBRARY_A_SECOND = 20_000, 2_000
"""A turn has about so many events for each second that it is to take."""


def measure(database: Database, effort: Effort, say: Callable[[str], None]) -> Iterator[Table]:
    """Yield the table of one database."""
    with ExitStack() as stack:
        town = stack.enter_context(new_town(database))
        say(f"views, {database.name}: filling a log")
        filled = _Filled(database, town, max(1, round(effort.seconds * EVENTS_A_SECOND)))
        runs = {OURS: filled.run}
        if database.cluster is not None:
            # It follows PostgreSQL alone: on SQLite the library has no subscriptions.
            url = stack.enter_context(database.cluster.database())
            library = stack.enter_context(new_runner(url))
            runs[LIBRARY] = _library(library, round(effort.seconds * LIBRARY_A_SECOND))
        say(f"views, {database.name}: catching up with {filled.size:,} entries")
        rates = in_turns(runs, effort.turns)
    table = Table(
        f"Projections catching up, {database.name}",
        ("ledger, events/s", "library, events/s", "ledger ÷ library", "goal"),
        notes=[
            f"The ledger folds a log of {filled.size:,} entries into every view, from empty "
            "ones. The library's runner has a transaction for each event, with its position; "
            "it counts events in one row. It does not run on SQLite."
        ],
    )
    cells = ["–", "–", ""]
    if LIBRARY in rates:
        found = rates.ratio(OURS, LIBRARY)
        cells = [rate(rates.rate(LIBRARY)), ratio(found), GOAL.verdict(found.median)]
    table.add(rate(rates.rate(OURS)), *cells)
    yield table


class _Filled:
    """A log, whose views are filled anew in a store of their own each time."""

    def __init__(self, database: Database, town: Town, events: int) -> None:
        self._database = database
        self._town = town
        with town.open() as (ledger, opened):
            Lives(town).grow(ledger.appender, events)
            self.size = opened.views.source.size()

    def run(self) -> float:
        """Fold everything; return how many entries a second."""
        with (
            self._town.open() as (ledger, opened),
            self._database.place() as folder,
            self._database.url(folder, "views") as url,
        ):
            engine = connect_views(url)
            migrate(engine, "views")
            folding = Folding(
                engine, opened.views.source, origin=ledger.origin, index_key=ledger.index_key
            )
            projector = Projector(folding, ledger.appender.wait_for_growth)
            began = time.perf_counter()
            size = projector.catch_up()
            seconds = time.perf_counter() - began
            engine.dispose()
        if size != self.size:
            raise RuntimeError(f"{size} entries of {self.size} are folded")
        return size / seconds


def _library(runner: LibraryRunner, events: int) -> Callable[[], float]:
    return lambda: runner.run(max(2, events))

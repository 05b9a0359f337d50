"""A ledger with its views on a real database, for tests and for the processes they start."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from ledger.application.published_shapes import SHAPES
from ledger.domain.record import RecordSubmitted
from ledger.projections.view import Key, View
from ledger.projections.views import VIEWS
from ledger.store.view_engine import connect_views
from ledger.store.view_folding import Folding
from ledger.store.view_projector import Projector
from ledger.store.view_query import Query
from ledger.store.view_reader import ViewReader
from ledger.store.view_secrets import BoxReader
from ledger.store.view_source import EntrySource
from ledger.store.view_tables import TABLES
from tests.domain.samples_record import SAMPLES
from tests.domain.town import SYSTEM
from tests.projections.histories import BEGAN, Told
from tests.store.ledgers import Ledger, Place, secret, submission
from tests.store.tables import make_tables

SUBMITTED = next(each for each in SAMPLES if isinstance(each, RecordSubmitted))
FOLDINGS_MAX = 5
"""So many are left open at once; one that was closed opens again when it is asked."""
Dump = Mapping[str, Sequence[tuple[Any, ...]]]


@dataclass
class SetClock:
    """A clock that shows what it is set to."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


class Viewed:
    """A ledger that is open in this process, and the store of its views."""

    def __init__(self, ledger: Ledger, views_url: str | None = None) -> None:
        self.ledger = ledger
        self._foldings: list[Folding] = []
        self.views_url = views_url or ledger.place.views_url

    @cached_property
    def engine(self) -> sa.Engine:
        place = self.ledger.place
        if not (place.migrated and self.views_url == place.views_url):
            make_tables(self.views_url, "views")
        return connect_views(self.views_url)

    @cached_property
    def source(self) -> EntrySource:
        ledger = self.ledger
        return EntrySource(
            ledger.engine, ledger.vault, origin=ledger.origin, seal_key=secret("seal")
        )

    @cached_property
    def reader(self) -> ViewReader:
        return ViewReader(self.engine, origin=self.ledger.origin)

    @cached_property
    def boxes(self) -> BoxReader:
        return BoxReader(self.ledger.vault, origin=self.ledger.origin)

    def folding(self, batch_max: int = 1_000) -> Folding:
        """Return what folds, without any memory, as another process has it."""
        folding = Folding(
            self.engine,
            self.source,
            origin=self.ledger.origin,
            index_key=secret("index"),
            batch_max=batch_max,
        )
        self._foldings.append(folding)
        if len(self._foldings) > FOLDINGS_MAX:
            self._foldings.pop(0).close()
        return folding

    def projector(self, batch_max: int = 1_000) -> Projector:
        return Projector(self.folding(batch_max), self.ledger.appender.wait_for_growth)

    def append(self, told: Iterable[Told]) -> None:
        """Append what happened when it happened; what happened at once, in one commit."""
        clock = self.ledger.clock
        assert isinstance(clock, SetClock)
        for at, together in groupby(told, key=lambda each: each.at):
            clock.now = max(clock.now, at)
            self.ledger.appender.append(submission(*(each.new() for each in together)))

    def append_poison(self) -> int:
        """Append a record of an activity of which nobody has told; return where it is."""
        record = uuid4()
        event = replace(SUBMITTED, record=record, activity=uuid4())
        told = Told(record, event, SYSTEM, BEGAN, 1)
        return self.ledger.appender.append(submission(told.new())).first_seq

    def dump(self) -> Dump:
        """Return every version of every row, as it lies there."""
        with self.engine.connect() as connection:
            return {
                view.name: [
                    tuple(row)
                    for row in connection.execute(
                        sa.select(TABLES[view]).order_by(*TABLES[view].primary_key.columns)
                    )
                ]
                for view in VIEWS
            }

    def rows(self, view: View, size: int | None = None) -> dict[Key, dict[str, Any]]:
        """Return all rows of a view, by key and without their ``since``."""
        found: dict[Key, dict[str, Any]] = {}
        query = Query(limit=7, size=size)
        while True:
            page = self.reader.rows(view, query).value
            for row in page.rows:
                key = tuple(row[name] for name in view.key)
                found[key] = {name: row[name] for name in view.columns}
            if page.after is None:
                return found
            query = Query(limit=7, size=size, after=page.after)

    def run(self, statement: str, *values: object) -> None:
        """Change rows of the views by hand."""
        on_sqlite = self.engine.dialect.name == "sqlite"
        with self.engine.begin() as connection:
            said = statement if on_sqlite else statement.replace("?", "%s")
            connection.exec_driver_sql(said, values)

    def close(self) -> None:
        for folding in self._foldings:
            folding.close()
        if "engine" in self.__dict__:
            self.engine.dispose()


@contextmanager
def viewed(place: Place, *, found: bool = True) -> Iterator[Viewed]:
    """Open a ledger that takes the domain's events, founded now or before."""
    ledger = Ledger(place, shapes=SHAPES, clock=SetClock(BEGAN))
    opened = Viewed(ledger)
    try:
        if found:
            ledger.found()
        yield opened
    finally:
        opened.close()
        ledger.close()

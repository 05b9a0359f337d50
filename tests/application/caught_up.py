"""The real views of a small house, which are never behind: caught up before each answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

import sqlalchemy as sa

from ledger.application.view_answers import ViewAnswers
from ledger.store.view_engine import connect_views
from ledger.store.view_folding import Folding
from ledger.store.view_projector import Projector
from ledger.store.view_reader import ViewReader
from ledger.store.view_secrets import BoxReader
from ledger.store.view_source import EntrySource
from tests.application.clock import Clock
from tests.store.ledgers import Ledger, secret
from tests.store.tables import make_tables


class _CaughtUpReader(ViewReader):
    """Folds what there is before each answer."""

    def __init__(self, engine: sa.Engine, projector: Projector, *, origin: str) -> None:
        super().__init__(engine, origin=origin)
        self._projector = projector

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        self._projector.catch_up()
        with super()._reading() as connection:
            yield connection


class CaughtUpViews:
    """The views of a ledger, beside its log as `ledger serve` has them."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    @cached_property
    def engine(self) -> sa.Engine:
        place = self._ledger.place
        if not place.migrated:
            make_tables(place.views_url, "views")
        return connect_views(place.views_url)

    @cached_property
    def projector(self) -> Projector:
        ledger = self._ledger
        source = EntrySource(
            ledger.engine, ledger.vault, origin=ledger.origin, seal_key=secret("seal")
        )
        folding = Folding(self.engine, source, origin=ledger.origin, index_key=secret("index"))
        return Projector(folding, ledger.appender.wait_for_growth)

    @cached_property
    def answers(self) -> ViewAnswers:
        ledger = self._ledger
        return ViewAnswers(
            _CaughtUpReader(self.engine, self.projector, origin=ledger.origin),
            self.projector,
            BoxReader(ledger.vault, origin=ledger.origin),
            now=self._clock,
        )

    def close(self) -> None:
        if "projector" in self.__dict__:
            self.projector.close()
        if "engine" in self.__dict__:
            self.engine.dispose()

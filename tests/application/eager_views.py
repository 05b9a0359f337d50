"""The real views of a small house, caught up with the log whenever somebody asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import sqlalchemy as sa

from ledger.application.office import Office
from ledger.application.view_answers import ViewAnswers
from ledger.store.migration import migrate
from ledger.store.view_engine import connect_views
from ledger.store.view_folding import Folding
from ledger.store.view_projector import Projector
from ledger.store.view_reader import ViewReader
from ledger.store.view_secrets import BoxReader
from ledger.store.view_source import EntrySource
from tests.application.house import House
from tests.store.ledgers import secret


class EagerReader(ViewReader):
    """Folds what there is before each answer."""

    def __init__(self, engine: sa.Engine, projector: Projector, *, origin: str) -> None:
        super().__init__(engine, origin=origin)
        self._projector = projector

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        self._projector.catch_up()
        with super()._reading() as connection:
            yield connection


@contextmanager
def with_views(house: House) -> Iterator[Office]:
    """Yield the house's office with real views: beside the log, as `ledger serve` has them."""
    ledger = house.ledger
    url = ledger.place.database_url
    if ledger.place.on_sqlite:
        url = f"sqlite:///{ledger.place.folder / 'projections.sqlite'}"
    engine = connect_views(url)
    migrate(engine, "views")
    source = EntrySource(
        ledger.engine, ledger.vault, origin=ledger.origin, seal_key=secret("seal")
    )
    folding = Folding(engine, source, origin=ledger.origin, index_key=secret("index"))
    projector = Projector(folding, ledger.appender.wait_for_growth)
    answers = ViewAnswers(
        EagerReader(engine, projector, origin=ledger.origin),
        projector,
        BoxReader(ledger.vault, origin=ledger.origin),
        now=house.clock,
    )
    try:
        yield replace(house.office, views=answers)
    finally:
        projector.close()
        engine.dispose()

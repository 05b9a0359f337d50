"""A ledger's views put together: their store, what fills them, what reads them."""

from dataclasses import dataclass

import sqlalchemy as sa

from ledger.store.migration import migrate
from ledger.store.view_engine import connect_views
from ledger.store.view_folding import Folding
from ledger.store.view_projector import Projector
from ledger.store.view_reader import ViewReader
from ledger.store.view_secrets import BoxReader
from ledger.store.view_source import EntrySource
from ledger.wiring.parts import Wiring


@dataclass(frozen=True, slots=True)
class Views:
    """The views of one ledger: ``projector`` is to be started by who serves."""

    engine: sa.Engine
    reader: ViewReader
    projector: Projector
    boxes: BoxReader

    def close(self) -> None:
        """Follow the log no more, and let go of every connection."""
        self.projector.close()
        self.engine.dispose()


def open_views(wiring: Wiring) -> Views:
    """Return a ledger's views, their tables up to date.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: The store cannot be reached.
    """
    engine = connect_views(wiring.paths.projections_url)
    migrate(engine, "views")
    source = EntrySource(
        wiring.engine, wiring.vault, origin=wiring.origin, seal_key=wiring.seal_key
    )
    folding = Folding(engine, source, origin=wiring.origin, index_key=wiring.index_key)
    return Views(
        engine=engine,
        reader=ViewReader(engine, origin=wiring.origin),
        projector=Projector(folding, wiring.appender.wait_for_growth),
        boxes=BoxReader(wiring.vault, origin=wiring.origin),
    )

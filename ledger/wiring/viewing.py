"""A ledger's views put together: their store, what fills them, what reads and compares them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from ledger.store.migration import migrate
from ledger.store.view_comparing import Difference, Kept, differences, reading_kept
from ledger.store.view_engine import connect_views
from ledger.store.view_projector import Projector
from ledger.store.view_reader import ViewReader
from ledger.store.view_secrets import BoxReader
from ledger.store.view_source import EntrySource
from ledger.wiring.folding import folding_apart_of, folding_of, source_of
from ledger.wiring.parts import Wiring


@dataclass(frozen=True, slots=True)
class Views:
    """The views of one ledger: ``projector`` is to be started by who serves."""

    engine: sa.Engine
    reader: ViewReader
    projector: Projector
    boxes: BoxReader
    source: EntrySource

    def close(self) -> None:
        """Follow the log no more, and let go of every connection."""
        self.projector.close()
        self.engine.dispose()


@dataclass(frozen=True, slots=True)
class Comparison:
    """In what views differ from what the log's first ``size`` entries make."""

    size: int
    differences: Iterator[Difference]


def open_views(wiring: Wiring) -> Views:
    """Return a ledger's views, their tables up to date.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: The store cannot be reached.
    """
    engine = connect_views(wiring.paths.projections_url)
    migrate(engine, "views")
    source = source_of(wiring)
    return Views(
        engine=engine,
        reader=ViewReader(engine, origin=wiring.origin),
        projector=Projector(
            folding_of(wiring, engine, source),
            wiring.appender.wait_for_growth,
            folding_apart_of(wiring),
        ),
        boxes=BoxReader(wiring.vault, origin=wiring.origin),
        source=source,
    )


@contextmanager
def compared_views(
    wiring: Wiring, views: Views, *, progress: Callable[[int, int], None]
) -> Iterator[Comparison]:
    """Yield in what the views differ from what the log makes of them, up to where they stand.

    Raises:
        As `Folding.step`.
    """
    raw = reading_kept(views.engine)
    with (
        raw.reading() as connection,
        TemporaryDirectory(dir=wiring.paths.data_dir, prefix="views-") as folder,
    ):
        stored = Kept(connection, raw, origin=wiring.origin)
        size = stored.position().position  # from here on, this moment is what is read
        made = connect_views(f"sqlite:///{Path(folder) / 'views.sqlite'}")
        folding, reached = folding_of(wiring, made, views.source), 0
        try:
            migrate(made, "views")
            while reached < size:
                reached = folding.step(until=size).position.position
                progress(reached, size)
            anew = reading_kept(made)
            with anew.reading() as beside:
                again = Kept(beside, anew, origin=wiring.origin)
                yield Comparison(size, differences(stored, again))
        finally:
            folding.close()
            made.dispose()

"""What folds a ledger's log into its views: in this process, and in one of its own."""

import sys
from dataclasses import dataclass

import sqlalchemy as sa
from pydantic import TypeAdapter

from ledger.settings import Paths
from ledger.store.folding_apart import FoldingApart
from ledger.store.view_folding import Folding
from ledger.store.view_source import EntrySource
from ledger.wiring.parts import Wiring

_MODULE = "ledger.wiring.folding_apart"


@dataclass(frozen=True, slots=True)
class Opening:
    """Which log is folded, and where everything of it lies; as text, one line of JSON."""

    origin: str
    paths: Paths

    def text(self) -> bytes:
        """Return it as a line, without its end."""
        return _OPENING.dump_json(self)

    @classmethod
    def parse(cls, line: bytes) -> "Opening":
        """Return what a line says.

        Raises:
            pydantic.ValidationError: It is no such line.
        """
        return _OPENING.validate_json(line)


_OPENING = TypeAdapter(Opening)


def source_of(wiring: Wiring) -> EntrySource:
    """Return where a ledger's entries are read from to be folded."""
    return EntrySource(
        wiring.engine, wiring.vault, origin=wiring.origin, seal_key=wiring.seal_key
    )


def folding_of(wiring: Wiring, engine: sa.Engine, source: EntrySource) -> Folding:
    """Return what folds a ledger's entries into the views of a store."""
    return Folding(engine, source, origin=wiring.origin, index_key=wiring.index_key)


def folding_apart_of(wiring: Wiring) -> FoldingApart | None:
    """Return what folds a ledger's entries in a process of its own, which is not begun yet.

    None where the views are in this process's memory.
    """
    url = sa.make_url(wiring.paths.projections_url)
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        return None
    command = [sys.executable, "-P", "-m", _MODULE]
    return FoldingApart(command, Opening(wiring.origin, wiring.paths).text)

"""The log as the world reads it: the newest checkpoint, hash tiles and entry bundles."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from ledger.application.verified_tiles import VerifiedTiles
from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.merkle import Edge
from ledger.proof.note import parse_note
from ledger.proof.tile import TILE_WIDTH, HashTile, Tile
from ledger.store.publishing import Publisher
from ledger.store.reading import DatabaseSource
from ledger.store.storage_faults import is_disk_full


class BeyondCheckpoint(Exception):
    """The tile reaches further than the newest checkpoint, so it is not published."""


@dataclass(frozen=True, slots=True)
class _Published:
    """The newest checkpoint that was signed, and the edge of a head that covers it."""

    note: bytes
    size: int
    edge: Edge


class LogFiles:
    """The files of one log (C2SP tlog-tiles), made from its rows when they are asked for.

    Tiles reach up to the newest checkpoint that is *signed*: a witness shows a checkpoint
    that it has cosigned to everybody, also before a quorum has.
    """

    def __init__(
        self,
        engine: sa.Engine,
        source: DatabaseSource,
        publisher: Publisher,
        *,
        witnessed: Callable[[], bytes | None],
    ) -> None:
        """Serve what ``witnessed`` returns: the newest checkpoint that a quorum has cosigned.

        Where it returns None, no quorum is asked for or none has cosigned yet.
        """
        self._publisher = publisher
        self._witnessed = witnessed
        self._tiles = VerifiedTiles(engine, source)
        self._published = _Published(b"", 0, Edge())
        self._replacing = threading.Lock()

    def checkpoint(self) -> bytes:
        """Return the newest checkpoint with a quorum, else the newest signed one.

        Without a quorum to wait for, it covers all that is committed.

        Raises:
            As `Publisher.publish`.
        """
        try:
            newest = self._newest()
        except Exception as error:
            # Reading goes on without room for another signature: what was signed stays true.
            if not is_disk_full(error) or not self._published.note:
                raise
            newest = self._published
        return self._witnessed() or newest.note

    def tile(self, tile: Tile) -> bytes:
        """Return a hash tile or an entry bundle, whole or of any published width, verified.

        Raises:
            BeyondCheckpoint: The tile is not, or not yet, part of a published tree.
            ProofError: Its rows are missing or do not add up to the head; audit the log.
            As `Publisher.publish`.
        """
        published = self._published
        if not _reaches(published.size, tile):
            published = self._newest()
            if not _reaches(published.size, tile):
                raise BeyondCheckpoint(tile.path())
        return self._tiles.read(tile, edge=published.edge)

    def _newest(self) -> _Published:
        """Return what is published now: signed in this moment if the log has grown."""
        published = self._published
        if self._publisher.check().size == published.size and published.note:
            return published
        note = self._publisher.publish()
        size = parse_checkpoint(parse_note(note).text).size
        # Read after signing, so that it covers what was signed; it may reach further.
        newest = _Published(note, size, self._publisher.check().edge)
        with self._replacing:
            if newest.size > self._published.size:
                self._published = newest
        return newest


def _reaches(size: int, tile: Tile) -> bool:
    level = tile.level if isinstance(tile, HashTile) else 0
    return tile.index * TILE_WIDTH + tile.width <= size >> (8 * level)

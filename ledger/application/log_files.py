"""The log as the world reads it: the newest checkpoint, hash tiles and entry bundles."""

import sqlalchemy as sa

from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.note import parse_note
from ledger.proof.tile import (
    TILE_WIDTH,
    HashTile,
    Tile,
    encode_bundle,
    encode_hash_tile,
)
from ledger.store.publishing import Publisher
from ledger.store.reading import DatabaseSource
from ledger.store.tree import StoredTree


class BeyondCheckpoint(Exception):
    """The tile reaches further than the newest checkpoint, so it is not published."""


class LogFiles:
    """The files of one log (C2SP tlog-tiles), made from its rows when they are asked for."""

    def __init__(self, engine: sa.Engine, source: DatabaseSource, publisher: Publisher) -> None:
        self._engine = engine
        self._source = source
        self._publisher = publisher
        self._published_size = 0

    def checkpoint(self) -> bytes:
        """Return a signed checkpoint of all that is committed.

        Raises:
            As `Publisher.publish`.
        """
        note = self._publisher.publish()
        self._published_size = parse_checkpoint(parse_note(note).text).size
        return note

    def tile(self, tile: Tile) -> bytes:
        """Return a hash tile or an entry bundle, whole or of any published width.

        Raises:
            BeyondCheckpoint: The tile is not, or not yet, part of a published tree.
            ProofError: Its rows are missing; audit the log.
            As `Publisher.publish`.
        """
        if not self._is_published(tile):
            self.checkpoint()
            if not self._is_published(tile):
                raise BeyondCheckpoint(tile.path())
        start = tile.index * TILE_WIDTH
        if isinstance(tile, HashTile):
            with self._engine.connect() as connection:
                tree = StoredTree(connection, origin=self._source.origin)
                return encode_hash_tile(tree.hashes(tile.level, start, start + tile.width))
        return encode_bundle(self._source.entry_texts(start, start + tile.width))

    def _is_published(self, tile: Tile) -> bool:
        level = tile.level if isinstance(tile, HashTile) else 0
        return tile.index * TILE_WIDTH + tile.width <= self._published_size >> (8 * level)

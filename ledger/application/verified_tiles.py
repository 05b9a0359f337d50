"""Tiles that add up: nothing leaves for a cache before it is hashed up to the sealed head.

A full tile must add up to its hash in the tile above it, which must itself add up, and so on
to the tiles at the right border, which must add up to the right edge of the head. An entry
bundle must hash to the leaves of its tile. What was verified once can never change, so it is
kept; what does not add up is refused, and its neighbours go on being served.
"""

from functools import lru_cache

import sqlalchemy as sa

from ledger.proof.errors import ProofError
from ledger.proof.merkle import HASH_BYTES, Edge, edge_of, leaf_hash
from ledger.proof.tile import (
    TILE_WIDTH,
    EntryBundle,
    HashTile,
    Tile,
    encode_bundle,
    encode_hash_tile,
)
from ledger.store.linking import SUBTREE_HEIGHT
from ledger.store.reading import DatabaseSource
from ledger.store.tree import StoredTree

HASH_TILES_KEPT = 1_024
"""At most 8 MiB."""
BUNDLES_KEPT = 128
"""At most 20 MiB, for an entry has a fixed form."""


class VerifiedTiles:
    """Reads one log's tiles from its rows, each verified under an edge that is believed."""

    def __init__(self, engine: sa.Engine, source: DatabaseSource) -> None:
        self._engine = engine
        self._source = source
        # Keyed by what the tile must add up to: what was verified for it stays true.
        self._hashes = lru_cache(HASH_TILES_KEPT)(self._read_hashes)
        self._bundles = lru_cache(BUNDLES_KEPT)(self._read_bundle)

    def read(self, tile: Tile, *, edge: Edge) -> bytes:
        """Return a tile that lies within the tree of an edge: its first hashes or entries.

        Raises:
            ProofError: What is stored does not add up to the edge, or rows are missing.
            sqlalchemy.exc.SQLAlchemyError: The database cannot be asked.
        """
        level = tile.level if isinstance(tile, HashTile) else 0
        whole = self._verified(level, tile.index, edge)
        hashes = whole[: tile.width * HASH_BYTES]
        return hashes if isinstance(tile, HashTile) else self._bundles(tile, hashes)

    def _verified(self, level: int, index: int, edge: Edge) -> bytes:
        """Return the tile at a place, as wide as the tree of the edge has it."""
        above = SUBTREE_HEIGHT * (level + 1)
        border = edge.size >> above
        if index < border:
            parents = self._verified(level + 1, index // TILE_WIDTH, edge)
            at = index % TILE_WIDTH * HASH_BYTES
            return self._hashes(HashTile(level, index), (parents[at : at + HASH_BYTES],))
        # The peaks of the edge between the height of this level and that of the next one.
        width = (edge.size >> SUBTREE_HEIGHT * level) % TILE_WIDTH
        first = border.bit_count()
        peaks = edge.peaks[first : first + width.bit_count()]
        return self._hashes(HashTile(level, index, width), tuple(peaks))

    def _read_hashes(self, tile: HashTile, peaks: tuple[bytes, ...]) -> bytes:
        start = tile.index * TILE_WIDTH
        with self._engine.connect() as connection:
            tree = StoredTree(connection, origin=self._source.origin)
            hashes = tree.hashes(tile.level, start, start + tile.width)
        # Of another length, two hashes could add up to the same node at another cut.
        if any(len(each) != HASH_BYTES for each in hashes):
            raise ProofError(tile.path(), f"hashes of {HASH_BYTES} bytes", "another length")
        got = tuple(edge_of(hashes).peaks)
        if got != peaks:
            raise ProofError(tile.path(), _hex(peaks), _hex(got))
        return encode_hash_tile(hashes)

    def _read_bundle(self, bundle: EntryBundle, leaves: bytes) -> bytes:
        start = bundle.index * TILE_WIDTH
        entries = self._source.entry_texts(start, start + bundle.width)
        for at, entry in enumerate(entries):
            want, got = leaves[at * HASH_BYTES : (at + 1) * HASH_BYTES], leaf_hash(entry)
            if want != got:
                raise ProofError(f"leaf of entry {start + at}", want.hex(), got.hex())
        return encode_bundle(entries)


def _hex(peaks: tuple[bytes, ...]) -> str:
    return " ".join(peak.hex() for peak in peaks)

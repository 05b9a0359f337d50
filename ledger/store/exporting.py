"""An export: a log as a folder of files that anyone can check, with nothing of ours at hand.

    checkpoint            newest signed checkpoint
    checkpoints/<size>    every checkpoint ever signed
    tile/…                hash tiles and entry bundles (C2SP tlog-tiles)
    log.vkey, policy      the log's own word for whom to trust
    shapes.json           the published shapes
    facts/<N>.jsonl       only if asked for: a disclosure a line, 256 lines a file

Personal facts are never among the disclosed ones: they stay bound, and withheld.
"""

import os
from collections.abc import Callable
from pathlib import Path

from ledger.audit.source import KeptEntry, LogSource
from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.disclosure import disclose, disclosure_text
from ledger.proof.facts import merge_digests, parse_group
from ledger.proof.note import parse_note
from ledger.proof.personal import parse_personal
from ledger.proof.shapes import Shapes
from ledger.proof.tile import (
    TILE_WIDTH,
    EntryBundle,
    HashTile,
    encode_bundle,
    encode_hash_tile,
    tiles_for_size,
)

LOST = b"null"
"""Stands in the place of a disclosure whose facts are gone."""
FACTS = "facts"


class ExportExistsError(Exception):
    """The folder holds something already; name another one."""


class EntryGoneError(Exception):
    """Entry ``seq`` is not in the database; what ``folder`` got so far is of no use."""

    def __init__(self, seq: int, folder: Path) -> None:
        super().__init__(f"entry {seq}")
        self.seq = seq
        self.folder = folder


class SubtreeGoneError(EntryGoneError):
    """The entries are there, but not the hash that is kept for those from ``seq`` on."""


def facts_path(number: int) -> str:
    """Return where the disclosures of the entries from ``number`` · 256 on are written."""
    bundle = EntryBundle(number, TILE_WIDTH).path().removeprefix("tile/entries/")
    return f"{FACTS}/{bundle}.jsonl"


class Export:
    """Writes one export."""

    def __init__(
        self, source: LogSource, folder: Path, *, progress: Callable[[int], None]
    ) -> None:
        """Write to a folder that does not exist or is empty.

        ``progress`` is told after each step how many entries were written.

        Raises:
            ExportExistsError: Something is there; it is untouched.
        """
        if folder.exists() and any(folder.iterdir()):
            raise ExportExistsError(str(folder))
        self._source = source
        self._folder = folder
        self._progress = progress

    def write(
        self, note: bytes, *, verifier_key: str, policy: str, shapes: Shapes, facts: bool
    ) -> int:
        """Write the log up to a signed checkpoint; return its size. Durable when it returns.

        The checkpoint is written last: an export that was cut off has none.

        Raises:
            OSError: The disk refused; what was written so far is of no use.
            EntryGoneError: The log has a gap, the first of which is named.
            MalformedError: Facts in the database cannot be read; audit it first.
        """
        size = parse_checkpoint(parse_note(note).text).size
        self._put("log.vkey", f"{verifier_key}\n".encode())
        self._put("policy", policy.encode())
        self._put("shapes.json", shapes.text())
        for tile in tiles_for_size(size):
            if isinstance(tile, HashTile):
                self._put_hashes(tile)
            else:
                self._put_bundle(tile, facts=facts)
        self._put_checkpoints(size)
        self._put("checkpoint", note)
        os.sync()
        return size

    def _put_bundle(self, tile: EntryBundle, *, facts: bool) -> None:
        start = tile.index * TILE_WIDTH
        kept = list(self._source.entries(start, start + tile.width))
        seqs = {each.seq for each in kept}
        for seq in range(start, start + tile.width):
            if seq not in seqs:
                raise EntryGoneError(seq, self._folder)
        self._put(tile.path(), encode_bundle([each.entry for each in kept]))
        if facts:
            lines = b"".join(disclosed_line(each) + b"\n" for each in kept)
            self._put(facts_path(tile.index), lines)
        self._progress(start + tile.width)

    def _put_hashes(self, tile: HashTile) -> None:
        start = tile.index * TILE_WIDTH
        found = self._source.kept_hashes(tile.level, start, start + tile.width)
        hashes = [each for each in found if each is not None]
        if len(hashes) != len(found):
            # The bundles come first, so a gap at level 0 opened while they were written.
            gone = SubtreeGoneError if tile.level else EntryGoneError
            raise gone((start + found.index(None)) << (8 * tile.level), self._folder)
        self._put(tile.path(), encode_hash_tile(hashes))

    def _put_checkpoints(self, size: int) -> None:
        for mark in self._source.marks(0, size):
            if isinstance(mark.head, bytes):
                self._put(f"checkpoints/{mark.size}", mark.head)

    def _put(self, name: str, content: bytes) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def disclosed_line(kept: KeptEntry) -> bytes:
    """Return the disclosure of an event's plain facts, or null where they are gone.

    Raises:
        MalformedError: What is kept is no group of facts.
    """
    if kept.disclosure is not None:
        return kept.disclosure
    if kept.plain is None:
        return LOST
    plain = parse_group(kept.plain)
    digests = merge_digests([plain.digests(), *parse_personal(kept.personal).values()])
    return disclosure_text(disclose(digests, [plain], None))

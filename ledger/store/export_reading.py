"""The auditor's reader over an export: a folder from anywhere, believed by nobody yet.

Every file is bounded before it is read. A file that is absent or malformed is remembered
and named; the entries that it should have held are then missing.
"""

import errno
import os
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TypeVar

from ledger.audit.finding import Code, Finding, Unchecked
from ledger.audit.links import link_of
from ledger.audit.source import KeptEntry, KeptHead, Link, Mark
from ledger.proof.checkpoint import Checkpoint, parse_checkpoint
from ledger.proof.entry import ENTRY_BYTES_MAX
from ledger.proof.errors import MalformedError
from ledger.proof.merkle import HASH_BYTES, leaf_hash
from ledger.proof.note import NOTE_BYTES_MAX, parse_note
from ledger.proof.tile import (
    TILE_WIDTH,
    entries_path,
    parse_bundle,
    parse_hash_tile,
    parse_tile_path,
    tile_path,
)
from ledger.store.export_lines import aligned, count_lines
from ledger.store.exporting import FACTS, LOST, facts_path

Parsed = TypeVar("Parsed")
BUNDLE_BYTES_MAX = TILE_WIDTH * (2 + ENTRY_BYTES_MAX)
POLICY_BYTES_MAX = 1024 * 1024
BUNDLES = "tile/entries"
_BEYOND_MAX = 100
_SPARSE_BUNDLES = 256


@dataclass(frozen=True, slots=True)
class ExportOpener:
    """Opens an export, in whatever process it is called."""

    folder: Path

    def __call__(self) -> "ExportSource":
        """Return a reader of this process's own."""
        return ExportSource(self.folder)


class ExportSource:
    """`LogSource` over the files of an export."""

    rehash_links = True

    def __init__(self, folder: Path) -> None:
        """Open an export by its newest checkpoint.

        Raises:
            MalformedError: There is no checkpoint, or it is none.
        """
        self._folder = folder
        self._faults: dict[str, Finding] = {}
        self.newest = self._read("checkpoint", NOTE_BYTES_MAX)
        checkpoint = parse_checkpoint(parse_note(self.newest).text)
        self.origin = checkpoint.origin
        self._size = checkpoint.size
        self.keeps_facts = (folder / FACTS).is_dir()

    def size(self) -> int:
        """Return the size that the newest checkpoint claims."""
        return self._size

    def held(self, size: int) -> int:
        """Return the claimed size; where bundles are few, what they can hold at most."""
        bundles = sum(1 for path in (self._folder / BUNDLES).rglob("*") if path.is_file())
        dense = size <= (2 * bundles + _SPARSE_BUNDLES) * TILE_WIDTH
        return size if dense else min(size, bundles * TILE_WIDTH)

    def unavailable(self) -> Sequence[Unchecked]:
        """Return nothing: an export has no register of its own to miss."""
        return ()

    def head(self) -> KeptHead | None:
        """Return None: a head row is the database's own matter."""
        return None

    def entries(self, start: int, stop: int) -> Iterator[KeptEntry]:
        """Yield the entries of the bundles; what cannot be read is left out."""
        for number in range(start // TILE_WIDTH, -(-stop // TILE_WIDTH)):
            first = number * TILE_WIDTH
            width = min(TILE_WIDTH, self._size - first)
            bundle = self._try(
                entries_path(number, width=width),
                first,
                BUNDLE_BYTES_MAX,
                partial(parse_bundle, count=width),
            )
            leaves = self.kept_hashes(0, first, first + width)
            disclosures = self._disclosures(number, bundle or [])
            for offset, (entry, disclosure) in enumerate(
                zip(bundle or [], disclosures, strict=True)
            ):
                seq = first + offset
                if start <= seq < stop:
                    yield KeptEntry(seq, entry, leaves[offset], disclosure=disclosure)

    def beyond(self, size: int) -> Sequence[int]:
        """Return the first entry of each bundle that reaches further than the checkpoint."""
        found = set()
        for path in (self._folder / BUNDLES).rglob("*"):
            try:
                tile = parse_tile_path(path.relative_to(self._folder).as_posix())
            except MalformedError:
                continue  # a folder, or nothing of ours
            start = tile.index * TILE_WIDTH
            if start + tile.width > size and path.is_file():
                found.add(max(size, start))
        return sorted(found)[:_BEYOND_MAX]

    def strays(self, _size: int) -> Sequence[tuple[int | None, str]]:
        """Return nothing: an export keeps nothing beside its bundles and tiles."""
        return ()

    def stray_cosignatures(self) -> Sequence[str]:
        """Return nothing: in an export they are lines of their checkpoint's file."""
        return ()

    def registered(self) -> Checkpoint | None:
        """Return None: a head register never leaves its machine."""
        return None

    def links(self, first: str, last: str, *, size: int) -> Iterator[Link]:
        """Yield links stream by stream, sorted on disk in a temporary file."""
        with tempfile.TemporaryDirectory() as folder:
            sorter = sqlite3.connect(Path(folder) / "links", isolation_level=None)
            try:
                sorter.execute("PRAGMA journal_mode=OFF")
                sorter.execute("CREATE TABLE links (stream, version, seq, leaf, previous)")
                sorter.execute("BEGIN")
                sorter.executemany(
                    "INSERT INTO links VALUES (?,?,?,?,?)", self._link_rows(first, last, size)
                )
                query = "SELECT * FROM links ORDER BY stream, version, seq"
                for row in sorter.execute(query):
                    yield Link(*row)
            finally:
                sorter.close()

    def kept_hashes(self, level: int, start: int, stop: int) -> Sequence[bytes | None]:
        """Return hashes from the tiles of a level."""
        found: list[bytes | None] = []
        for number in range(start // TILE_WIDTH, -(-stop // TILE_WIDTH)):
            first = number * TILE_WIDTH
            width = min(TILE_WIDTH, (self._size >> (8 * level)) - first)
            hashes = self._try(
                tile_path(level=level, index=number, width=width),
                first << (8 * level),
                TILE_WIDTH * HASH_BYTES,
                partial(parse_hash_tile, width=width),
            )
            found += hashes if hashes is not None else [None] * width
        return found[start % TILE_WIDTH :][: stop - start]

    def marks(self, start: int, stop: int) -> Iterator[Mark]:
        """Yield the checkpoints of the export, ascending by size."""
        for size in self._mark_sizes():
            if start <= size <= stop:
                name = f"checkpoints/{size}"
                note = self._try(name, None, NOTE_BYTES_MAX, lambda data: data)
                if note is not None:
                    yield Mark(f"exported {name}", size, note)
        if start <= self._size <= stop:
            yield Mark("exported checkpoint", self._size, self.newest, newest=True)

    def largest_mark(self) -> int:
        """Return the size of the largest checkpoint in the export."""
        return max([self._size, *self._mark_sizes()])

    def take_faults(self) -> Sequence[Finding]:
        """Return which files could not be read as what they should be."""
        faults, self._faults = list(self._faults.values()), {}
        return faults

    def data_keys(self, _persons: Collection[str]) -> Mapping[str, bytes | None] | None:
        """Return None: data keys never leave the vault."""
        return None

    def checkpoint(self) -> Checkpoint:
        """Return what the newest checkpoint claims."""
        return parse_checkpoint(parse_note(self.newest).text)

    def text(self, name: str) -> bytes:
        """Return the content of a small file of the export.

        Raises:
            MalformedError: It is absent or too large.
        """
        return self._read(name, POLICY_BYTES_MAX)

    def _mark_sizes(self) -> list[int]:
        names = (path.name for path in (self._folder / "checkpoints").glob("*"))
        return sorted(int(name) for name in names if name.isascii() and name.isdigit())

    def _link_rows(self, first: str, last: str, size: int) -> Iterator[tuple[object, ...]]:
        for kept in self.entries(0, size):
            link = link_of(kept, leaf_hash(kept.entry))
            if link is not None and first <= link.stream <= last:
                yield link.stream, link.version, link.seq, link.leaf, link.previous

    def _disclosures(self, number: int, entries: Sequence[bytes]) -> Iterator[bytes | None]:
        """Yield the line of each entry, one at a time: a single event's facts may be large."""
        if not self.keeps_facts or not entries:
            yield from [None] * len(entries)
            return
        name, width, taken = facts_path(number), len(entries), 0
        try:
            with _open(self._folder / name) as file:
                lines, whole = count_lines(file, most=width)
                file.seek(0)
                if lines != width or not whole:
                    fault = MalformedError(name, f"{width} whole lines", lines)
                    self._remember(name, number * TILE_WIDTH, fault)
                found = islice(file, lines)
                for line in found if lines == width else aligned(found, entries):
                    taken += 1
                    yield line.removesuffix(b"\n")
        except OSError as error:
            self._remember(name, number * TILE_WIDTH, _as_malformed(name, error))
        # A disclosure that is not there cannot be told from one that was lost.
        yield from [LOST] * (width - taken)

    def _try(
        self, name: str, seq: int | None, bytes_max: int, parse: Callable[[bytes], Parsed]
    ) -> Parsed | None:
        try:
            return parse(self._read(name, bytes_max))
        except MalformedError as error:
            self._remember(name, seq, error)
            return None

    def _remember(self, name: str, seq: int | None, error: MalformedError) -> None:
        # A file may be read more than once; it is named once.
        self._faults.setdefault(
            name, Finding(Code.FILE_MALFORMED, seq, name, error.want, error.got)
        )

    def _read(self, name: str, bytes_max: int) -> bytes:
        try:
            with _open(self._folder / name) as file:
                data = file.read(bytes_max + 1)
        except OSError as error:
            raise _as_malformed(name, error) from error
        if len(data) > bytes_max:
            raise MalformedError(name, f"at most {bytes_max} bytes", "more")
        return data


def _open(path: Path) -> BinaryIO:
    """Open a regular file; a pipe, a device or a link is none and would never end.

    Raises:
        OSError: It is not there, or not a regular file.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file")
    return os.fdopen(descriptor, "rb")


def _as_malformed(name: str, error: OSError | MalformedError) -> MalformedError:
    if isinstance(error, MalformedError):
        return error
    return MalformedError(name, "a file that can be read", error.strerror)

"""Tiles (C2SP tlog-tiles): the tree and its entries as files that never change.

    tile/0/x001/x234/067         256 hashes of level 0, the leaves: 8,192 bytes
    tile/1/000.p/17              the first 17 hashes of level 1, roots of 256 leaves each
    tile/entries/x001/x234/067   the entries of those leaves, each after its length

A hash of level l+1 is the root of a full tile of level l. At the right border stands one
partial tile a level, and none where nothing is over.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ledger.proof.encoding64 import check_hash, check_number
from ledger.proof.errors import MalformedError
from ledger.proof.merkle import HASH_BYTES, SIZE_MAX

TILE_WIDTH = 256
LEVEL_MAX = 63
INDEX_MAX = SIZE_MAX // TILE_WIDTH
ENTRY_BYTES_MAX = 65_535
PATH_CHARACTERS_MAX = 64

_LENGTH_BYTES = 2
_PATH = re.compile(
    r"tile/(?P<kind>entries|[0-9]{1,2})/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})"
    r"(?:\.p/(?P<width>[0-9]{1,3}))?"
)


@dataclass(frozen=True, slots=True)
class HashTile:
    """The place of ``width`` hashes: from ``index * 256`` of a level on.

    Raises:
        MalformedError: Level, index or width is out of bounds.
    """

    level: int
    index: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        check_number(self.level, "tile: level", largest=LEVEL_MAX)
        _check_place(self.index, self.width)

    def path(self) -> str:
        """Return the path below the log's prefix, without a slash at the start."""
        return f"tile/{self.level}/{_place(self.index, self.width)}"


@dataclass(frozen=True, slots=True)
class EntryBundle:
    """The place of ``width`` entries: from ``index * 256`` on.

    Raises:
        MalformedError: Index or width is out of bounds.
    """

    index: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        _check_place(self.index, self.width)

    def path(self) -> str:
        """Return the path below the log's prefix, without a slash at the start."""
        return f"tile/entries/{_place(self.index, self.width)}"


Tile = HashTile | EntryBundle


def tile_path(*, level: int, index: int, width: int = TILE_WIDTH) -> str:
    """Return where a tile of hashes is served (C2SP tlog-tiles, Merkle tree).

    Raises:
        MalformedError: Level, index or width is out of bounds.
    """
    return HashTile(level, index, width).path()


def entries_path(index: int, *, width: int = TILE_WIDTH) -> str:
    """Return where a bundle of entries is served (C2SP tlog-tiles, log entries).

    Raises:
        MalformedError: Index or width is out of bounds.
    """
    return EntryBundle(index, width).path()


def parse_tile_path(text: str) -> Tile:
    """Return the tile that has exactly this path: the inverse of ``path`` of both kinds.

    Raises:
        MalformedError: It is no path of a tile, or another spelling of one.
    """
    if len(text) > PATH_CHARACTERS_MAX:
        raise MalformedError(
            "tile path", f"at most {PATH_CHARACTERS_MAX} characters", len(text)
        )
    match = _PATH.fullmatch(text)
    if match is None:
        raise MalformedError("tile path", "tile/<level or entries>/<index>[.p/<width>]", text)
    index = int(match["index"].replace("x", "").replace("/", ""))
    width = TILE_WIDTH if match["width"] is None else int(match["width"])
    tile: Tile
    if match["kind"] == "entries":
        tile = EntryBundle(index, width)
    else:
        tile = HashTile(int(match["kind"]), index, width)
    if tile.path() != text:
        raise MalformedError("tile path", tile.path(), text)
    return tile


def tiles_for_size(size: int) -> Iterator[Tile]:
    """Return all tiles that must exist for a tree of this size, one after the other.

    First the bundles of entries, then the levels of hashes from the leaves upwards; of
    each, the full ones in order and then the partial one. No list of them is ever held.

    Raises:
        MalformedError: The size is not from 0 to 2^63-1.
    """
    check_number(size, "tree size")
    return _tiles(size)


def _tiles(size: int) -> Iterator[Tile]:
    for index, width in _places(size):
        yield EntryBundle(index, width)
    level, hashes = 0, size
    while hashes:
        for index, width in _places(hashes):
            yield HashTile(level, index, width)
        level, hashes = level + 1, hashes // TILE_WIDTH


def _places(count: int) -> Iterator[tuple[int, int]]:
    full, rest = divmod(count, TILE_WIDTH)
    for index in range(full):
        yield index, TILE_WIDTH
    if rest:
        yield full, rest


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Return the content of a bundle of 1 to 256 entries: each after its length (u16be).

    Raises:
        MalformedError: There are none or too many, or one is longer than 65,535 bytes.
    """
    check_number(len(entries), "entry bundle: entries", smallest=1, largest=TILE_WIDTH)
    parts = []
    for entry in entries:
        check_number(len(entry), "entry bundle: entry bytes", largest=ENTRY_BYTES_MAX)
        parts += [len(entry).to_bytes(_LENGTH_BYTES, "big"), entry]
    return b"".join(parts)


def parse_bundle(data: bytes, *, count: int) -> list[bytes]:
    """Return the entries of a bundle of this width: the inverse of `encode_bundle`.

    Raises:
        MalformedError: There are not exactly so many, or something follows.
    """
    check_number(count, "entry bundle: entries", smallest=1, largest=TILE_WIDTH)
    bytes_max = count * (_LENGTH_BYTES + ENTRY_BYTES_MAX)
    if len(data) > bytes_max:
        raise MalformedError("entry bundle", f"at most {bytes_max} bytes", len(data))
    entries: list[bytes] = []
    at = 0
    for _ in range(count):
        start = at + _LENGTH_BYTES
        end = start + int.from_bytes(data[at:start], "big")
        if end > len(data):
            raise MalformedError(
                "entry bundle", f"{count} entries", f"{len(entries)} and a part"
            )
        entries.append(data[start:end])
        at = end
    if at != len(data):
        raise MalformedError("entry bundle", f"{at} bytes", len(data))
    return entries


def encode_hash_tile(hashes: Sequence[bytes]) -> bytes:
    """Return the content of a tile: from 1 to 256 hashes of 32 bytes.

    Raises:
        MalformedError: There are none or too many, or one has another length.
    """
    check_number(len(hashes), "hash tile: hashes", smallest=1, largest=TILE_WIDTH)
    for each in hashes:
        check_hash(each, "hash tile: hash")
    return b"".join(hashes)


def parse_hash_tile(data: bytes, *, width: int) -> list[bytes]:
    """Return the hashes of a tile of this width: the inverse of `encode_hash_tile`.

    Raises:
        MalformedError: It has another length.
    """
    check_number(width, "hash tile: hashes", smallest=1, largest=TILE_WIDTH)
    if len(data) != width * HASH_BYTES:
        raise MalformedError("hash tile", f"{width * HASH_BYTES} bytes", len(data))
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def _check_place(index: int, width: int) -> None:
    check_number(index, "tile: index", largest=INDEX_MAX)
    check_number(width, "tile: width", smallest=1, largest=TILE_WIDTH)


def _place(index: int, width: int) -> str:
    elements = [f"{index % 1000:03}"]
    while index := index // 1000:
        elements.append(f"x{index % 1000:03}")
    partial = "" if width == TILE_WIDTH else f".p/{width}"
    return "/".join(reversed(elements)) + partial

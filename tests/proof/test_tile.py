"""Tiles: their paths, which of them a tree needs, and their content."""

import contextlib
import itertools
import json
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.errors import MalformedError
from ledger.proof.merkle import Edge
from ledger.proof.tile import (
    INDEX_MAX,
    TILE_WIDTH,
    EntryBundle,
    HashTile,
    Tile,
    encode_bundle,
    encode_hash_tile,
    entries_path,
    parse_bundle,
    parse_hash_tile,
    parse_tile_path,
    tile_path,
    tiles_for_size,
)

VECTORS = json.loads(
    (Path(__file__).parent.parent / "vectors" / "log-format-v1.json").read_text("utf-8")
)
INDICES = st.integers(0, 3_000_000) | st.integers(0, INDEX_MAX)
WIDTHS = st.integers(1, TILE_WIDTH)
TILES = st.builds(HashTile, st.integers(0, 63), INDICES, WIDTHS) | st.builds(
    EntryBundle, INDICES, WIDTHS
)
BUNDLES = st.lists(st.binary(max_size=30), min_size=1, max_size=6)


def test_the_bundle_vector_holds_the_entries_and_is_written_alike() -> None:
    data = bytes.fromhex(VECTORS["entry_bundle_tile_entries_000_p_11"])
    entries = parse_bundle(data, count=11)
    assert entries == [row["entry"].encode() for row in VECTORS["rows"]]
    assert encode_bundle(entries) == data
    assert entries_path(0, width=11) == "tile/entries/000.p/11"


def test_the_tile_vector_holds_the_leaves_and_is_written_alike() -> None:
    data = bytes.fromhex(VECTORS["hash_tile_0_000_p_11"])
    hashes = parse_hash_tile(data, width=11)
    assert [each.hex() for each in hashes] == [row["leaf"] for row in VECTORS["rows"]]
    assert encode_hash_tile(hashes) == data
    assert tile_path(level=0, index=0, width=11) == "tile/0/000.p/11"
    edge = Edge()
    for each in hashes:
        edge.append(each)
    assert edge.root().hex() == VECTORS["rows"][-1]["root"]


@pytest.mark.parametrize(
    ("index", "width", "path"),
    [
        (0, 256, "tile/0/000"),
        (999, 256, "tile/0/999"),
        (1_000, 1, "tile/0/x001/000.p/1"),
        (1_234_067, 256, "tile/0/x001/x234/067"),
        (1_234_067, 8, "tile/0/x001/x234/067.p/8"),
        (INDEX_MAX, 255, "tile/0/x036/x028/x797/x018/x963/967.p/255"),
    ],
)
def test_an_index_is_written_in_elements_of_three_digits(
    index: int, width: int, path: str
) -> None:
    assert tile_path(level=0, index=index, width=width) == path
    assert parse_tile_path(path) == HashTile(0, index, width)


@given(TILES)
def test_what_is_written_is_read_as_the_same_tile(tile: Tile) -> None:
    assert parse_tile_path(tile.path()) == tile


@given(TILES, st.data())
def test_one_character_changed_is_refused_or_another_tile(
    tile: Tile, data: st.DataObject
) -> None:
    path = tile.path()
    at = data.draw(st.integers(0, len(path) - 1))
    other = path[:at] + data.draw(st.characters()) + path[at + 1 :]
    with contextlib.suppress(MalformedError):
        assert parse_tile_path(other).path() == other


@given(st.text(max_size=80))
def test_random_text_is_refused_in_one_way(text: str) -> None:
    for lie in (text, "tile/" + text, "tile/0/" + text):
        with contextlib.suppress(MalformedError):
            assert parse_tile_path(lie).path() == lie


@pytest.mark.parametrize(
    "lie",
    [
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/000\n",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/x/000",
        "tile/0/0",
        "tile/0/x000/000",
        "tile/0/x001",
        "tile/0/001/000",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/257",
        "tile/0/000.p/",
        "tile/0/٠٠٠",
        "tile/entry/000",
        "tile/0/x036/x028/x797/x018/x963/968",
        "tile/0/" + "x001/" * 20_000 + "000",
    ],
)
def test_another_spelling_is_refused(lie: str) -> None:
    with pytest.raises(MalformedError):
        parse_tile_path(lie)


def test_a_tile_out_of_bounds_has_no_path() -> None:
    for level, index, width in [(64, 0, 1), (-1, 0, 1), (0, -1, 1), (0, INDEX_MAX + 1, 1)]:
        with pytest.raises(MalformedError):
            tile_path(level=level, index=index, width=width)
    for index, width in [(0, 0), (0, 257), (-1, 1)]:
        with pytest.raises(MalformedError):
            entries_path(index, width=width)


def test_the_example_of_the_specification_has_its_tiles() -> None:
    tiles = list(tiles_for_size(70_000))
    hashes = [tile for tile in tiles if isinstance(tile, HashTile)]
    full = Counter(tile.level for tile in hashes if tile.width == TILE_WIDTH)
    partial = [tile.path() for tile in hashes if tile.width < TILE_WIDTH]
    assert full == {0: 273, 1: 1}
    assert partial == ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]
    bundles = [tile for tile in tiles if isinstance(tile, EntryBundle)]
    assert [tile.index for tile in bundles] == list(range(274))
    assert bundles[-1].path() == "tile/entries/273.p/112"


def test_a_full_tile_stands_below_a_partial_one() -> None:
    paths = [tile.path() for tile in tiles_for_size(256)]
    assert paths == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]
    assert list(tiles_for_size(0)) == []


@given(st.integers(0, 200_000))
def test_the_widths_of_each_level_add_up(size: int) -> None:
    widths: Counter[int | None] = Counter()
    seen = set()
    for tile in tiles_for_size(size):
        widths[tile.level if isinstance(tile, HashTile) else None] += tile.width
        seen.add(tile.path())
    wanted = {level: size >> 8 * level for level in range(3)} | {None: size}
    assert widths == Counter({level: count for level, count in wanted.items() if count})
    assert len(seen) == len(list(tiles_for_size(size)))


def test_the_largest_tree_is_listed_in_flat_memory() -> None:
    tracemalloc.start()
    try:
        for _ in itertools.islice(tiles_for_size(2**63 - 1), 50_000):
            pass
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("size", [-1, 2**63])
def test_a_size_out_of_bounds_is_refused_at_once(size: int) -> None:
    with pytest.raises(MalformedError):
        tiles_for_size(size)


@given(BUNDLES)
def test_what_is_written_is_read_as_the_same_entries(entries: list[bytes]) -> None:
    assert parse_bundle(encode_bundle(entries), count=len(entries)) == entries


@given(BUNDLES, st.data())
def test_one_byte_changed_is_refused_or_another_bundle(
    entries: list[bytes], data: st.DataObject
) -> None:
    encoded = bytearray(encode_bundle(entries))
    encoded[data.draw(st.integers(0, len(encoded) - 1))] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(MalformedError):
        assert encode_bundle(parse_bundle(bytes(encoded), count=len(entries))) == encoded


@given(BUNDLES, st.data())
def test_a_bundle_cut_or_longer_or_miscounted_is_refused(
    entries: list[bytes], data: st.DataObject
) -> None:
    encoded = encode_bundle(entries)
    for lie in (encoded[: data.draw(st.integers(0, len(encoded) - 1))], encoded + b"\x00"):
        with pytest.raises(MalformedError):
            parse_bundle(lie, count=len(entries))
    for count in (len(entries) - 1, len(entries) + 1):
        with pytest.raises(MalformedError):
            parse_bundle(encoded, count=count)


def test_entries_are_bounded() -> None:
    largest = [bytes(65_535)]
    assert parse_bundle(encode_bundle(largest), count=1) == largest
    for entries in ([], [b""] * 257, [bytes(65_536)]):
        with pytest.raises(MalformedError):
            encode_bundle(entries)
    for count in (0, 257, -1):
        with pytest.raises(MalformedError):
            parse_bundle(b"", count=count)
    with pytest.raises(MalformedError) as refused:
        parse_bundle(bytes(65_538), count=1)
    assert refused.value.got == 65_538


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=4))
def test_what_is_written_is_read_as_the_same_hashes(hashes: list[bytes]) -> None:
    data = encode_hash_tile(hashes)
    assert parse_hash_tile(data, width=len(hashes)) == hashes
    for lie in (data[:-1], data + b"\x00", b""):
        with pytest.raises(MalformedError) as refused:
            parse_hash_tile(lie, width=len(hashes))
        assert refused.value.want == f"{len(data)} bytes"
        assert refused.value.got == len(lie)


def test_hashes_are_bounded() -> None:
    assert len(encode_hash_tile([bytes(32)] * 256)) == 8_192
    for hashes in ([], [bytes(32)] * 257, [bytes(31)], [bytes(33)]):
        with pytest.raises(MalformedError):
            encode_hash_tile(hashes)
    for width in (0, 257):
        with pytest.raises(MalformedError):
            parse_hash_tile(bytes(32 * width), width=width)

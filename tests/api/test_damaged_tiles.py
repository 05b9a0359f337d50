"""Nothing that does not add up to the sealed head leaves for a cache; its neighbours do."""

from collections.abc import Callable

import pytest

from ledger.proof.merkle import leaf_hash, node_hash
from ledger.proof.tile import tiles_for_size
from tests.api.conftest import Client
from tests.audit.house import House
from tests.audit.plan import SIZE

PREFIX = "/log/110000"
ALL = {tile.path() for tile in tiles_for_size(SIZE)}
FORGED = b'{"forged":true}'


def _edit_entry(house: House) -> None:
    house.edit(333, entry=FORGED)


def _edit_leaf(house: House) -> None:
    house.edit(333, leaf=bytes(32))


def _edit_last_leaf(house: House) -> None:
    house.edit(SIZE - 1, leaf=bytes(32))


def _forge_entry_and_leaf(house: House) -> None:
    house.edit(600, entry=FORGED, leaf=leaf_hash(FORGED))


def _edit_subtree(house: House) -> None:
    house.lie(
        "UPDATE subtrees SET hash = ? WHERE {log} AND level = 1 AND number = 1", bytes(32)
    )


def _swap_entries(house: House) -> None:
    first, second = house.kept(10).entry, house.kept(11).entry
    house.edit(10, entry=second)
    house.edit(11, entry=first)


def _move_a_cut(house: House) -> None:
    """Let two leaves add up to their parent, but be cut elsewhere."""
    left, right = bytes(house.kept(0).leaf or b""), bytes(house.kept(1).leaf or b"")
    house.edit(0, leaf=left + right[:1])
    house.edit(1, leaf=right[1:])
    assert node_hash(left, right) == node_hash(left + right[:1], right[1:])


def _drop_row(house: House) -> None:
    house.lie("DELETE FROM entries WHERE {log} AND seq = 40")


DAMAGE: dict[str, tuple[Callable[[House], None], set[str]]] = {
    "entry": (_edit_entry, {"tile/entries/001"}),
    "leaf": (_edit_leaf, {"tile/entries/001", "tile/0/001"}),
    "last leaf": (_edit_last_leaf, {"tile/entries/002.p/108", "tile/0/002.p/108"}),
    "entry and leaf": (_forge_entry_and_leaf, {"tile/entries/002.p/108", "tile/0/002.p/108"}),
    "entries swapped": (_swap_entries, {"tile/entries/000"}),
    "cut moved": (_move_a_cut, {"tile/entries/000", "tile/0/000"}),
    "row gone": (_drop_row, {"tile/entries/000", "tile/0/000"}),
    # What hangs below a hash that does not hold cannot be told from a forgery.
    "subtree": (
        _edit_subtree,
        {"tile/1/000.p/2", "tile/0/000", "tile/0/001", "tile/entries/000", "tile/entries/001"},
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_only_what_is_damaged_is_refused(house: House, client: Client, damage: str) -> None:
    lie, want = DAMAGE[damage]
    client.get(f"{PREFIX}/checkpoint")
    lie(house)
    refused = set()
    for path in sorted(ALL):
        response = client.get(f"{PREFIX}/{path}")
        if response.status_code == 200:
            assert "immutable" in response.headers["cache-control"]
            continue
        refused.add(path)
        assert (response.status_code, response.json()["code"]) == (503, "tile_damaged")
        assert response.headers["cache-control"] == "no-store"
        assert "etag" not in response.headers
    assert refused == want
    assert client.sample("ledger_tiles_damaged_total") == len(want)


def test_the_operator_is_told_which_tile_it_is(
    house: House, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.get(f"{PREFIX}/checkpoint")
    _edit_leaf(house)
    client.get(f"{PREFIX}/tile/0/001")
    [record] = [each for each in caplog.records if each.levelname == "ERROR"]
    assert "tile/0/001" in record.getMessage()


def test_a_part_of_a_damaged_tile_is_refused_too(house: House, client: Client) -> None:
    client.get(f"{PREFIX}/checkpoint")
    _edit_leaf(house)
    assert client.get(f"{PREFIX}/tile/0/001.p/5").status_code == 503
    assert client.get(f"{PREFIX}/tile/entries/000.p/5").status_code == 200


def test_what_was_verified_before_is_still_handed_out(house: House, client: Client) -> None:
    before = {path: client.get(f"{PREFIX}/{path}").content for path in ALL}
    house.lie("DELETE FROM entries WHERE {log} AND seq < 500")
    for path in ("tile/0/000", "tile/0/001", "tile/entries/000", "tile/1/000.p/2"):
        assert client.get(f"{PREFIX}/{path}").content == before[path]


def test_a_healed_tile_is_handed_out_again(house: House, client: Client) -> None:
    leaf = house.kept(333).leaf
    client.get(f"{PREFIX}/checkpoint")
    _edit_leaf(house)
    assert client.get(f"{PREFIX}/tile/0/001").status_code == 503
    house.edit(333, leaf=leaf)
    assert client.get(f"{PREFIX}/tile/0/001").status_code == 200

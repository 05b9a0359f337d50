"""The tree: root, right edge, inclusion, consistency; every proof against every small lie."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.consistency import prove_consistency, verify_consistency
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.merkle import (
    EMPTY_ROOT,
    Edge,
    Subtree,
    edge_of,
    leaf_hash,
    prove_inclusion,
    root_of,
    verify_inclusion,
)
from tests.proof.reference_merkle import tree_hash
from tests.proof.vectors import ROWS, VECTORS

ENTRIES = [str(number).encode() for number in range(300)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
# RFC 6962's own eight entries and the roots of the trees of 1 to 8 of them, from the
# certificate-transparency project's reference tests.
RFC_ENTRIES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                 "606162636465666768696a6b6c6d6e6f")
]  # fmt: skip
RFC_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def subtree_of(leaves: Sequence[bytes]) -> Subtree:
    return lambda height, index: root_of(leaves[index << height : (index + 1) << height])


SUBTREE = subtree_of(LEAVES)


def test_the_roots_of_rfc_6962_come_out() -> None:
    leaves = [leaf_hash(entry) for entry in RFC_ENTRIES]
    assert [root_of(leaves[:size]).hex() for size in range(1, 9)] == RFC_ROOTS


def test_every_root_is_that_of_the_definition() -> None:
    edge = Edge()
    assert edge.root() == root_of([]) == EMPTY_ROOT == tree_hash([])
    for size, leaf in enumerate(LEAVES[:140], 1):
        edge.append(leaf)
        want = tree_hash(ENTRIES[:size])
        assert edge.root() == root_of(LEAVES[:size]) == want
        assert edge_of(LEAVES[:size]) == edge


def test_the_roots_and_proofs_of_the_vectors_come_out() -> None:
    leaves = [bytes.fromhex(row["leaf"]) for row in ROWS]
    assert [root_of(leaves[: size + 1]).hex() for size in range(11)] == [
        row["root"] for row in ROWS
    ]
    subtree = subtree_of(leaves)
    for case in VECTORS["inclusion"]:
        path = prove_inclusion(subtree, leaf_index=case["index"], tree_size=case["size"])
        assert [node.hex() for node in path] == case["proof"]
    for case in VECTORS["consistency"]:
        proof = prove_consistency(subtree, old_size=case["old"], new_size=case["new"])
        assert [node.hex() for node in proof] == case["proof"]


@given(st.integers(1, 300), st.data())
def test_every_leaf_is_provable_and_no_other_in_its_place(
    tree_size: int, data: st.DataObject
) -> None:
    leaf_index = data.draw(st.integers(0, tree_size - 1))
    path = prove_inclusion(SUBTREE, leaf_index=leaf_index, tree_size=tree_size)
    root = root_of(LEAVES[:tree_size])
    held: dict[str, Any] = {"leaf_index": leaf_index, "tree_size": tree_size, "path": path}
    verify_inclusion(LEAVES[leaf_index], root=root, **held)
    for lie in _inclusion_lies(held, data):
        with pytest.raises(ProofError):
            verify_inclusion(LEAVES[leaf_index], root=root, **lie)
    with pytest.raises(ProofError):
        verify_inclusion(LEAVES[leaf_index], root=_flipped(root, data), **held)
    with pytest.raises(ProofError):
        verify_inclusion(_flipped(LEAVES[leaf_index], data), root=root, **held)


def _inclusion_lies(held: dict[str, Any], data: st.DataObject) -> list[dict[str, Any]]:
    path, size = held["path"], held["tree_size"]
    lies = [
        held | {"path": [*path, path[0] if path else bytes(32)]},
        held | {"leaf_index": size},
    ]
    lies += [held | {"leaf_index": -1}]
    if size > 1:
        other = data.draw(st.integers(0, size - 1).filter(lambda at: at != held["leaf_index"]))
        at = data.draw(st.integers(0, len(path) - 1))
        bent = [*path[:at], _flipped(path[at], data), *path[at + 1 :]]
        lies += [
            held | {"path": path[:-1]},
            held | {"path": bent},
            held | {"leaf_index": other},
        ]
    return lies


@given(st.integers(0, 300), st.data())
def test_every_older_tree_is_provably_the_beginning(new_size: int, data: st.DataObject) -> None:
    old_size = data.draw(st.integers(0, new_size))
    proof = prove_consistency(SUBTREE, old_size=old_size, new_size=new_size)
    held: dict[str, Any] = {
        "old_size": old_size,
        "new_size": new_size,
        "proof": proof,
        "old_root": root_of(LEAVES[:old_size]),
        "new_root": root_of(LEAVES[:new_size]),
    }
    verify_consistency(**held)
    lies = [held | {"proof": [*proof, bytes(32)]}, held | {"old_size": new_size + 1}]
    lies += [held | {"old_root": _flipped(held["old_root"], data)}]
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        bent = [*proof[:at], _flipped(proof[at], data), *proof[at + 1 :]]
        lies += [held | {"proof": proof[:-1]}, held | {"proof": bent}]
        lies += [held | {"new_root": _flipped(held["new_root"], data)}]
    for lie in lies:
        with pytest.raises(ProofError):
            verify_consistency(**lie)


def test_equal_trees_need_no_proof_and_bear_no_difference() -> None:
    root = root_of(LEAVES)
    verify_consistency(old_size=300, new_size=300, proof=[], old_root=root, new_root=root)
    with pytest.raises(ProofError) as refused:
        verify_consistency(
            old_size=300, new_size=300, proof=[], old_root=root, new_root=bytes(32)
        )
    assert (refused.value.want, refused.value.got) == (root.hex(), bytes(32).hex())


def test_what_is_not_in_the_tree_cannot_be_proved() -> None:
    for leaf_index, tree_size in ((0, 0), (5, 5), (-1, 5)):
        with pytest.raises(IndexError):
            prove_inclusion(SUBTREE, leaf_index=leaf_index, tree_size=tree_size)
    with pytest.raises(IndexError):
        prove_consistency(SUBTREE, old_size=6, new_size=5)


@given(st.integers(0, 9), st.integers(0, 6))
def test_whole_subtrees_grow_the_edge_as_their_leaves_would(before: int, height: int) -> None:
    start = before << height
    whole = LEAVES[start : start + (1 << height)]
    if len(whole) < 1 << height:
        return
    completed: list[tuple[int, int]] = []
    edge = edge_of(LEAVES[:start])
    edge.add_subtree(
        root_of(whole), height=height, completed=lambda h, at, _: completed.append((h, at))
    )
    assert edge == edge_of(LEAVES[: start + len(whole)])
    for done, at in completed:
        assert (at + 1) << done == start + len(whole)


def test_an_edge_that_cannot_be_one_is_refused() -> None:
    for size, peaks in ((1, []), (3, [bytes(32)]), (1, [bytes(31)]), (-1, []), (2**63, [])):
        with pytest.raises(MalformedError):
            Edge(size, peaks)
    with pytest.raises(MalformedError):
        edge_of(LEAVES[:3]).add_subtree(bytes(32), height=1)


def _flipped(node: bytes, data: st.DataObject) -> bytes:
    bit = data.draw(st.integers(0, 255))
    return (int.from_bytes(node, "big") ^ (1 << bit)).to_bytes(32, "big")


@given(st.integers(0, 300), st.lists(st.integers(0, 40), max_size=8))
def test_leaves_added_together_make_the_same_edge_and_the_same_subtrees(
    before: int, counts: list[int]
) -> None:
    one_by_one, together = edge_of(LEAVES[:before]), edge_of(LEAVES[:before])
    want: list[tuple[int, int, bytes]] = []
    got: list[tuple[int, int, bytes]] = []

    def keep(height: int, index: int, roots: Sequence[bytes]) -> None:
        got.extend((height, index + at, root) for at, root in enumerate(roots))

    for number in counts:
        some = LEAVES[:number]
        for leaf in some:
            one_by_one.add_subtree(leaf, height=0, completed=lambda *each: want.append(each))
        together.extend(some, completed=keep)
        assert together == one_by_one
    assert sorted(got) == sorted(want)

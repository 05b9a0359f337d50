"""Boxes: the vectors open, and no box opens anywhere else or after any change."""

import dataclasses
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.box import Place, open_box, seal_box
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.facts import FactGroup, parse_group
from tests.proof.test_facts import GROUPS
from tests.proof.vectors import LOG, ROWS, VECTORS, groups_of

PLACE = Place(LOG, "0b7a1f52-98a4-4b6e-8f6c-6a3c9d0e2a11", 1, VECTORS["boxes"][0]["person"])
KEY, NONCE = bytes(range(32)), bytes(12)
by_box = pytest.mark.parametrize("case", VECTORS["boxes"], ids=lambda case: case["person"])


def place_of(case: dict[str, Any]) -> Place:
    values = {name: value for name, value, _ in ROWS[case["seq"]]["facts"]}
    return Place(LOG, values["stream"], values["version"], case["person"])


@by_box
def test_every_box_of_the_vectors_opens(case: dict[str, Any]) -> None:
    key, box = bytes.fromhex(case["data_key"]), bytes.fromhex(case["box"])
    group = open_box(box, data_key=key, place=place_of(case))
    assert group == parse_group(case["plaintext"].encode())
    assert group == groups_of(ROWS[case["seq"]])[1][case["person"]]


@by_box
def test_sealing_gives_the_box_of_the_vectors(case: dict[str, Any]) -> None:
    key, box = bytes.fromhex(case["data_key"]), bytes.fromhex(case["box"])
    place = place_of(case)
    assert place.text().decode() == case["aad"]
    group = groups_of(ROWS[case["seq"]])[1][case["person"]]
    assert group.text().decode() == case["plaintext"]
    assert seal_box(group, data_key=key, nonce=box[:12], place=place) == box


@given(GROUPS, st.data())
def test_a_changed_box_does_not_open(group: FactGroup, data: st.DataObject) -> None:
    box = bytearray(seal_box(group, data_key=KEY, nonce=NONCE, place=PLACE))
    assert open_box(bytes(box), data_key=KEY, place=PLACE) == group
    box[data.draw(st.integers(0, len(box) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ProofError):
        open_box(bytes(box), data_key=KEY, place=PLACE)


@pytest.mark.parametrize(
    "moved",
    [{"origin": "other"}, {"stream": "x"}, {"version": 2}, {"person": "somebody else"}],
)
def test_a_box_does_not_open_in_another_place(moved: dict[str, Any]) -> None:
    box = seal_box(
        FactGroup(bytes(32), {"name": "张示例"}), data_key=KEY, nonce=NONCE, place=PLACE
    )
    with pytest.raises(ProofError):
        open_box(box, data_key=KEY, place=dataclasses.replace(PLACE, **moved))


def test_a_box_does_not_open_with_another_key() -> None:
    box = seal_box(FactGroup(bytes(32), {}), data_key=KEY, nonce=NONCE, place=PLACE)
    with pytest.raises(ProofError):
        open_box(box, data_key=bytes(32), place=PLACE)


def test_lengths_that_cannot_be_right_are_refused() -> None:
    group = FactGroup(bytes(32), {})
    with pytest.raises(MalformedError):
        seal_box(group, data_key=KEY, nonce=bytes(11), place=PLACE)
    with pytest.raises(MalformedError):
        seal_box(group, data_key=bytes(16), nonce=NONCE, place=PLACE)
    with pytest.raises(MalformedError):
        open_box(bytes(27), data_key=KEY, place=PLACE)


def test_a_box_that_holds_no_group_is_refused() -> None:
    text = json.dumps({"facts": {}}).encode()
    box = NONCE + AESGCM(KEY).encrypt(NONCE, text, PLACE.text())
    with pytest.raises(MalformedError):
        open_box(box, data_key=KEY, place=PLACE)

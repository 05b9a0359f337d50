"""Canonical JSON: one spelling for each value, and everything else refused."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.canonical import (
    DEPTH_MAX,
    INTEGER_MAX,
    TEXT_BYTES_MAX,
    Value,
    decode,
    decode_object,
    encode,
)
from ledger.proof.errors import MalformedError
from tests.proof.vectors import VECTORS

NONCHARACTERS = [chr((plane << 16) + last) for plane in range(17) for last in (0xFFFE, 0xFFFF)]
STRINGS = st.text(
    st.characters(
        exclude_categories=["Cs"],
        exclude_characters="\x00"
        + "".join(NONCHARACTERS)
        + "".join(map(chr, range(0xFDD0, 0xFDF0))),
    )
)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | st.integers(-INTEGER_MAX, INTEGER_MAX) | STRINGS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_encoded_is_read_back(value: Value) -> None:
    assert decode(encode(value)) == value


@given(VALUES)
def test_the_encoding_is_that_of_rfc_8785(value: Value) -> None:
    # The standard library sorts ASCII names and escapes as RFC 8785 does; only U+007F and
    # what lies beyond ASCII it writes as they are, as RFC 8785 does too.
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert encode(value) == text.encode()


@given(st.binary(max_size=60) | STRINGS.map(str.encode))
def test_any_bytes_are_refused_or_the_one_spelling(data: bytes) -> None:
    try:
        value = decode(data)
    except MalformedError:
        return
    assert encode(value) == data


@pytest.mark.parametrize("case", VECTORS["refuse"]["values"], ids=lambda case: case["what"])
def test_the_values_that_the_vectors_refuse_are_refused(case: dict[str, str]) -> None:
    with pytest.raises(MalformedError):
        decode(case["json"].encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    "text",
    [b' {"a":1}', b'{"a":1}\n', b'{"b":1,"a":1}', b'{"a": 1}', b'"\\u0041"', b'"\\/"', b"-0"],
)
def test_another_spelling_of_a_good_value_is_refused(text: bytes) -> None:
    assert encode(orjson.loads(text)) != text
    with pytest.raises(MalformedError) as refused:
        decode(text)
    assert refused.value.want == "the one canonical spelling (RFC 8785)"


@pytest.mark.parametrize("character", ["\x00", "\ud800", "\ufdd0", "\U0010ffff"])
def test_a_forbidden_character_is_named_by_its_code_and_place(character: str) -> None:
    with pytest.raises(MalformedError) as refused:
        encode(f"ab{character}", what="reason")
    assert refused.value.what == "reason"
    assert refused.value.got == f"U+{ord(character):04X} at 2"


@pytest.mark.parametrize("value", [1.0, float("nan"), (1,), b"x", {1: 2}, {"a": {1}}])
def test_a_value_of_another_kind_is_refused(value: object) -> None:
    with pytest.raises(MalformedError):
        encode(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("number", [INTEGER_MAX + 1, -INTEGER_MAX - 1, 10**400])
def test_an_integer_that_a_double_cannot_hold_is_refused(number: int) -> None:
    with pytest.raises(MalformedError) as refused:
        encode({"minutes": number})
    assert refused.value.want == "an integer with |n| < 2^53"
    assert str(number) not in str(refused.value)


@pytest.mark.parametrize("name", ["Minutes", "1a", "", "a-b", "é", "a b", "_a", "a\n"])
def test_a_name_that_is_not_snake_case_ascii_is_refused(name: str) -> None:
    with pytest.raises(MalformedError) as refused:
        encode({"a": {name: 1}})
    assert refused.value.got == name


def test_a_subclass_may_not_pose_as_a_value() -> None:
    class Minutes(int):
        pass

    class Text(str):
        pass

    for value in (Minutes(5), Text("x")):
        with pytest.raises(MalformedError):
            encode([value])


def test_nesting_and_size_are_bounded() -> None:
    deepest = b"[" * DEPTH_MAX + b"]" * DEPTH_MAX
    assert encode(decode(deepest)) == deepest
    for text in (b"[" + deepest + b"]", b"[" * 100_000, b'"' + b"x" * TEXT_BYTES_MAX + b'"'):
        with pytest.raises(MalformedError):
            decode(text)


def test_an_object_has_exactly_the_members_asked_for() -> None:
    assert decode_object(b'{"a":1,"b":2}', "a", "b", what="pair") == {"a": 1, "b": 2}
    for text in (b'{"a":1}', b'{"a":1,"b":2,"c":3}', b"[]"):
        with pytest.raises(MalformedError) as refused:
            decode_object(text, "a", "b", what="pair")
        assert refused.value.want == "exactly the members ['a', 'b']"

"""JSON is read in one way only (fault case 46), whatever other parsers make of it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.application.strict_json import DEPTH_MAX, UnreadableJsonError, read_json

# Brackets in texts count for the depth too.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00[]{}"))
INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | INTEGERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


REPEATED_AT_LAST = b"{%b}" % b",".join(b'"%d":1' % n for n in [*range(30_000), 29_999])


def written(value: Any, *, escaped: bool) -> bytes:
    return json.dumps(value, ensure_ascii=escaped).encode("utf-8")


@given(VALUES, st.booleans())
def test_what_was_written_is_read(value: Any, escaped: bool) -> None:
    assert read_json(written(value, escaped=escaped)) == value


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"a":1,"a":1}', "json_member_is_repeated"),
        (b'{"x":{"a":1,"b":2,"a":3}}', "json_member_is_repeated"),
        (b"1.0", "json_number_is_no_integer"),
        (b"1e3", "json_number_is_no_integer"),
        (b"1e400", "json_number_is_no_integer"),
        (b"NaN", "json_number_is_no_integer"),
        (b"-Infinity", "json_number_is_no_integer"),
        (b"9007199254740992", "json_number_is_too_large"),
        (b"-9007199254740992", "json_number_is_too_large"),
        (b"1" * 5_000, "json_number_is_too_large"),
        (b'"\\ud800"', "json_text_is_unusable"),
        (b'{"\\udfff":1}', "json_text_is_unusable"),
        (b'["\\u0000"]', "json_text_is_unusable"),
        (b'"\xed\xa0\x80"', "json_is_not_utf8"),
        (b"\xff", "json_is_not_utf8"),
        (b"\xef\xbb\xbf{}", "json_is_malformed"),
        (b'"a\nb"', "json_is_malformed"),
        (b"", "json_is_malformed"),
        (b"{}{}", "json_is_malformed"),
        (b"{'a':1}", "json_is_malformed"),
        (b"[1,]", "json_is_malformed"),
        ("１２".encode(), "json_is_malformed"),
        (b"[" * (DEPTH_MAX + 1) + b"]" * (DEPTH_MAX + 1), "json_is_too_deep"),
        (b'{"a":' * 100_000, "json_is_too_deep"),
        (b"[" + b"[]," * 20_000 + b"1]", "json_has_too_many_parts"),
        (REPEATED_AT_LAST, "json_member_is_repeated"),
    ],
)
def test_what_has_several_readings_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableJsonError) as refused:
        read_json(content)
    assert refused.value.code == code


def test_a_truth_value_is_no_integer() -> None:
    assert read_json(b"[true,1]") == [True, 1]
    assert type(read_json(b"true")) is bool


def test_a_repeated_member_is_named() -> None:
    with pytest.raises(UnreadableJsonError) as refused:
        read_json('{"minutes":1,"minutes":2}')
    assert refused.value.name == "minutes"


def test_what_is_nested_as_deeply_as_allowed_is_read() -> None:
    content = b"[" * DEPTH_MAX + b"]" * DEPTH_MAX
    assert read_json(content) is not None

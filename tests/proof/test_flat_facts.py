"""A pattern recognises the canonical text of flat facts, and nothing but that."""

import re
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.canonical import Value
from ledger.proof.errors import MalformedError
from ledger.proof.facts import STANDARD_FACTS, FactGroup, parse_group
from ledger.proof.flat_facts import FlatPattern
from ledger.proof.shapes import Shape

SEED = bytes(range(32))
OWN = ("minutes", "note", "place", "unknown")
SHAPE = Shape("record.entered", 3, tuple(sorted((*STANDARD_FACTS, *OWN))))
PATTERN = FlatPattern(SHAPE, SHAPE.names)
STREAM = str(uuid.uuid5(uuid.NAMESPACE_URL, "stream"))
STANDARD: dict[str, Value] = {
    "by": f"staff:{STREAM}",
    "previous": "ab" * 32,
    "shape": 3,
    "stream": STREAM,
    "type": "record.entered",
    "version": 7,
}
FLAT: dict[str, Value] = {
    "minutes": 150,
    "note": "整理图书；ÿ\x7f",
    "place": None,
    "unknown": False,
}

texts = st.text(st.characters(codec="utf-8"), max_size=12)
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**54), 2**54),
    texts,
    st.lists(texts, max_size=2),
    st.dictionaries(st.sampled_from(["stream", "previous", "note"]), texts, max_size=2),
)


def text_of(**facts: Value) -> bytes:
    return FactGroup(SEED, {**STANDARD, **FLAT, **facts}).text()


def check(text: bytes) -> bool:
    """Return whether the pattern fits, having held it against the parser where it does."""
    found = PATTERN.read(text)
    if found is None:
        return False
    group = parse_group(text)
    assert list(group.facts) == list(SHAPE.names)
    assert found.digests == b"".join(group.digests().values())
    assert found.stream.decode() == group.facts["stream"]
    assert found.version == group.facts["version"]
    assert found.previous.decode() == group.facts["previous"]
    assert (group.facts["type"], group.facts["shape"]) == (SHAPE.type, SHAPE.number)
    return True


def test_flat_facts_are_known() -> None:
    assert check(text_of())


@given(st.fixed_dictionaries(dict.fromkeys(OWN, values)))
def test_whatever_is_known_is_what_the_parser_reads(facts: dict[str, Value]) -> None:
    try:
        text = text_of(**facts)
    except MalformedError:
        return  # the log would never hold it
    check(text)


@given(st.data())
def test_another_spelling_is_never_known(data: st.DataObject) -> None:
    text = text_of()
    at = data.draw(st.integers(0, len(text) - 1))
    cut = data.draw(st.integers(0, 3))
    inserted = data.draw(st.binary(max_size=3))
    check(text[:at] + inserted + text[at + cut :])


@pytest.mark.parametrize(
    "facts",
    [
        {"note": 'a quote "'},
        {"note": "a line\n"},
        {"note": "\ufdcf\ufdf0"},
        {"note": "\U00020000"},
        {"minutes": 2**53 - 1},
        {"place": ["a", "b"]},
        {"place": {"previous": "c"}},
        {"by": "staff:somebody"},
        {"previous": "AB" * 32},
        {"stream": STREAM.upper()},
        {"type": "record.voided"},
        {"shape": 4},
        {"version": 0},
        {"version": "7"},
    ],
)
def test_what_is_rare_or_wrong_is_left_to_the_parser(facts: dict[str, Any]) -> None:
    assert not check(text_of(**facts))


@pytest.mark.parametrize(
    ("canonical", "spelled"),
    [
        (b'"minutes":150', b'"minutes": 150'),
        (b'"minutes":150', b'"minutes":0150'),
        (b'"minutes":150', b'"minutes":-0'),
        (b'"minutes":150', b'"minutes":150.0'),
        (b'"minutes":150', b'"minutes":9007199254740993'),
        (b'"note":"', b'"note":"\\u0061'),
        (b'"note":"', b'"note":"\xff'),
        (b'"note":"', b'"note":"\xed\xa0\x80'),
        (b'"note":"', b'"note":"\xef\xbf\xbf'),
        (b'"note":"', b'"note":"\xef\xb7\x90'),
        (b'"note":"', b'"note":"\xf0\x9f\xbf\xbe'),
        (b'"note":"', b'"note":"\x00'),
        (b'"unknown":false', b'"unknown":false,"unknown":false'),
        (b'"unknown":false', b'"unknown":FALSE'),
        (b'"seed":"0', b'"seed":"A'),
    ],
)
def test_what_is_not_canonical_is_not_known(canonical: bytes, spelled: bytes) -> None:
    text = text_of()
    assert text.count(canonical) == 1
    changed = text.replace(canonical, spelled)
    assert PATTERN.read(changed) is None
    with pytest.raises(MalformedError):
        parse_group(changed)


def test_a_type_is_known_by_each_of_its_bytes() -> None:
    text = text_of()
    assert text.count(b"record.entered") == 1
    for at in range(len(SHAPE.type)):
        for byte in range(256):
            told = bytearray(SHAPE.type.encode())
            told[at] = byte
            found = PATTERN.read(text.replace(b"record.entered", bytes(told)))
            assert (found is None) == (told != b"record.entered")


def test_personal_names_are_left_out_of_the_pattern() -> None:
    names = [name for name in SHAPE.names if name != "place"]
    facts = {name: value for name, value in {**STANDARD, **FLAT}.items() if name != "place"}
    group = FactGroup(SEED, facts)
    found = FlatPattern(SHAPE, names).read(group.text())
    assert found is not None
    assert found.digests == b"".join(group.digests().values())
    assert PATTERN.read(group.text()) is None


def test_the_example_has_no_escape() -> None:
    assert not re.search(rb"\\", text_of())

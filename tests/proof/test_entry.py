"""The entry: six members, one spelling, and the leaf that hangs on every byte of it."""

import dataclasses
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.entry import (
    ENTRY_BYTES_MAX,
    Entry,
    check_origin,
    format_time,
    parse_entry,
    parse_time,
)
from ledger.proof.errors import MalformedError
from tests.proof.vectors import LOG, ROWS, VECTORS

ENTRY = Entry(LOG, 7, "2026-03-01T08:00:00.000000Z", bytes(32), bytes(32))
HASHES = st.binary(min_size=32, max_size=32)
MOMENTS = st.datetimes(timezones=st.just(UTC)).map(format_time)
ENTRIES = st.builds(Entry, st.just(LOG), st.integers(0, 2**53 - 1), MOMENTS, HASHES, HASHES)


@pytest.mark.parametrize("row", ROWS, ids=range(len(ROWS)))
def test_every_entry_of_the_vectors_is_read_and_written_alike(row: dict[str, Any]) -> None:
    entry = parse_entry(row["entry"].encode())
    assert entry.text().decode() == row["entry"]
    assert entry.leaf().hex() == row["leaf"]


def test_the_vectors_are_one_chain() -> None:
    prev = bytes(32)
    for seq, row in enumerate(ROWS):
        entry = parse_entry(row["entry"].encode())
        assert (entry.seq, entry.prev, entry.log) == (seq, prev, LOG)
        prev = entry.leaf()


@pytest.mark.parametrize("case", VECTORS["refuse"]["entries"], ids=lambda case: case["what"])
def test_the_entries_that_the_vectors_refuse_are_refused(case: dict[str, str]) -> None:
    with pytest.raises(MalformedError) as refused:
        parse_entry(case["entry"].encode())
    assert refused.value.what.startswith("entry")


@given(ENTRIES)
def test_an_entry_is_read_back(entry: Entry) -> None:
    assert parse_entry(entry.text()) == entry


@given(ENTRIES, st.data())
def test_a_changed_byte_is_refused_or_another_entry(entry: Entry, data: st.DataObject) -> None:
    text = bytearray(entry.text())
    at = data.draw(st.integers(0, len(text) - 1))
    text[at] ^= data.draw(st.integers(1, 255))
    try:
        changed = parse_entry(bytes(text))
    except MalformedError:
        return
    assert changed.text() == bytes(text)
    assert changed.leaf() != entry.leaf()


@pytest.mark.parametrize(
    "members",
    [
        {"seq": -1},
        {"seq": True},
        {"seq": 2**53},
        {"time": "2026-02-30T08:00:00.000000Z"},
        {"time": "2026-03-01T24:00:00.000000Z"},
        {"time": "２０２６-03-01T08:00:00.000000Z"},
        {"prev": bytes(31)},
        {"facts": bytes(33)},
        {"log": ""},
        {"log": "a b"},
        {"log": "a+b"},
        {"log": 'a"b'},
        {"log": "a\\b"},
        {"log": "x" * 256},
    ],
)
def test_an_entry_with_a_wrong_member_cannot_be_made(members: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        dataclasses.replace(ENTRY, **members)


def test_an_entry_too_long_for_a_bundle_is_refused_unread() -> None:
    with pytest.raises(MalformedError) as refused:
        parse_entry(b"{" * (ENTRY_BYTES_MAX + 1))
    assert refused.value.got == f"{ENTRY_BYTES_MAX + 1} bytes"


def test_an_origin_may_be_chinese_but_not_escaped() -> None:
    check_origin("账本.example.cn/log/110000")
    entry = dataclasses.replace(ENTRY, log="账本.example.cn/log/110000")
    assert parse_entry(entry.text()) == entry
    with pytest.raises(MalformedError):
        parse_entry(entry.text().replace("账".encode(), b"\\u8d26"))


def test_an_instant_is_written_in_utc_with_microseconds() -> None:
    beijing = datetime(2026, 3, 1, 16, 0, 0, 5, tzinfo=timezone(timedelta(hours=8)))
    assert format_time(beijing) == "2026-03-01T08:00:00.000005Z"
    assert parse_time("2026-03-01T08:00:00.000005Z") == beijing
    with pytest.raises(MalformedError):
        format_time(datetime(2026, 3, 1))  # noqa: DTZ001 - the fault that is refused


def test_years_before_1000_keep_their_four_digits() -> None:
    early = datetime(1, 1, 1, tzinfo=UTC)
    assert parse_time(format_time(early)) == early

"""What an event commits to: the same bytes however it was put together, and only its own."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.canonical import Value, encode
from ledger.proof.entry import parse_entry
from ledger.proof.errors import MalformedError
from ledger.proof.facts import (
    STANDARD_FACTS,
    FactGroup,
    commitment,
    merge_digests,
    parse_group,
)
from ledger.proof.personal import parse_personal
from ledger.proof.shapes import Shape, Shapes
from ledger.store.event import NewEvent
from ledger.store.head import empty_head
from ledger.store.linking import Chain
from ledger.store.preparing import FACTS_BYTES_MAX, prepare_all
from tests.proof.test_canonical import NAMES, VALUES
from tests.store.ledgers import ORIGIN, SHAPES, STAFF, noted, registered, some_uuid

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
OWN = NAMES.filter(lambda name: name not in STANDARD_FACTS)
FACTS = st.dictionaries(OWN, VALUES, max_size=8)


def drawn(size: int) -> bytes:
    """Return bytes of which no 32 are the next 32."""
    return bytes((at // 32 + at % 32 * 7) % 256 for at in range(size))


@given(FACTS, st.sets(st.integers(0, 7)), st.integers(1, 2))
def test_the_commitment_is_that_of_the_groups_that_are_stored(
    facts: dict[str, Value], personal_at: set[int], persons: int
) -> None:
    names = sorted(facts)
    about: dict[str, dict[str, Value]] = {}
    for number, name in enumerate(names):
        if number in personal_at:
            person = f"00000000-0000-4000-8000-00000000000{number % persons}"
            about.setdefault(person, {})[name] = facts[name]
    plain = {
        name: facts[name] for name in names if not any(name in it for it in about.values())
    }
    shape = Shape("record.tried", 1, tuple(sorted((*STANDARD_FACTS, *names))))
    event = NewEvent(some_uuid(), "record.tried", 1, STAFF, plain, about)
    [prepared] = prepare_all([event], shapes=Shapes([shape]), random_bytes=drawn)
    chain = Chain(empty_head(ORIGIN), {}, drawn, NOON)
    keys = {person: bytes(32) for person in about}
    chain.link(prepared, data_keys=keys, submission=uuid.UUID(int=1))
    [row] = chain.rows
    stored, personal = parse_group(row.plain), parse_personal(row.personal)
    digests = merge_digests([stored.digests(), *personal.values()])
    assert list(digests) == list(shape.names)
    assert parse_entry(row.entry).facts == commitment(list(digests.values()))
    assert {name: stored.facts[name] for name in plain} == plain
    groups = zip(about, count(32, 32), strict=False)
    seeds = {person: drawn(at + 32)[at:] for person, at in groups}
    want = {person: FactGroup(seeds[person], about[person]).digests() for person in about}
    assert personal == want


def test_every_group_has_a_seed_of_its_own() -> None:
    one, two = some_uuid(), some_uuid()
    events = [noted(), registered(one), registered(two), noted()]
    prepared = prepare_all(events, shapes=SHAPES, random_bytes=drawn)
    seeds = [each.seed for each in prepared]
    seeds += [group.seed for each in prepared for group in each.personal.values()]
    assert len(set(seeds)) == 6
    assert all(len(seed) == 32 for seed in seeds)


@pytest.mark.parametrize(
    "names",
    [
        {"facts": {}},
        {"facts": {"note": "a", "another": "b"}},
        {"facts": {"another": "b"}},
        {"facts": {}, "personal": {"00000000-0000-4000-8000-000000000001": {"other": 1}}},
    ],
)
def test_facts_of_another_shape_are_refused(names: dict[str, object]) -> None:
    event = replace(noted(), **names)  # type: ignore[arg-type] # any of its fields
    with pytest.raises(MalformedError) as refused:
        prepare_all([event], shapes=SHAPES, random_bytes=drawn)
    assert refused.value.what == "shape 1 of record.noted"
    assert refused.value.want == [
        "by", "note", "previous", "shape", "stream", "type", "version",
    ]  # fmt: skip
    assert refused.value.got != refused.value.want


def test_a_fact_may_be_personal_in_one_event_and_plain_in_another() -> None:
    person = some_uuid()
    plain = noted("plain")
    personal = replace(noted(), facts={}, personal={person: {"note": "personal"}})
    for event in (plain, personal, plain):
        [prepared] = prepare_all([event], shapes=SHAPES, random_bytes=drawn)
        assert prepared.count == 7
        assert ("note" in prepared.plain) == (event is plain)


@pytest.mark.parametrize("excess", [0, 1])
def test_an_event_may_be_so_large_and_no_larger(excess: int) -> None:
    million = "x" * 1_000_000
    names = ["a", "b", "c", "d", "e"]
    shape = Shape("record.tried", 1, tuple(sorted((*STANDARD_FACTS, *names))))
    person = some_uuid()

    def event(length: int) -> NewEvent:
        facts: dict[str, Value] = dict.fromkeys("abc", million)
        personal: dict[str, Value] = {"d": million, "e": "x" * length}
        return NewEvent(some_uuid(), "record.tried", 1, STAFF, facts, {person: personal})

    # {"a":"…","b":"…","c":"…",…} and {"d":"…","e":"…"}: what is left is for e.
    standard: dict[str, Value] = {
        "by": STAFF,
        "shape": 1,
        "stream": some_uuid(),
        "type": "record.tried",
    }
    standard |= dict.fromkeys("abc", million)
    plain = len(encode(standard))
    rest = FACTS_BYTES_MAX - plain - len(encode({"d": million, "e": ""}))
    tried = event(rest + excess)
    if excess:
        with pytest.raises(MalformedError) as refused:
            prepare_all([tried], shapes=Shapes([shape]), random_bytes=drawn)
        assert refused.value.want == f"at most {FACTS_BYTES_MAX} bytes"
        assert refused.value.got == f"{FACTS_BYTES_MAX + 1} bytes"
    else:
        prepare_all([tried], shapes=Shapes([shape]), random_bytes=drawn)


@pytest.mark.parametrize(
    "value", [1.5, "\x00", "\ud800", "\ufffe", 2**53, ("a",), {"A": 1}, b"b"]
)
def test_a_value_outside_the_logs_world_is_refused(value: object) -> None:
    person = some_uuid()
    for event in (
        replace(noted(), facts={"note": value}),  # type: ignore[dict-item] # the point
        replace(noted(), facts={}, personal={person: {"note": value}}),  # type: ignore[dict-item]
    ):
        with pytest.raises(MalformedError) as refused:
            prepare_all([event], shapes=SHAPES, random_bytes=drawn)
        assert refused.value.what == "facts"

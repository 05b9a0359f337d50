"""Golden files: every event that was ever published is still stored and read, byte for byte."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ledger.application.published_shapes import DOMAIN_SHAPES, SHAPES
from ledger.domain.catalogue import EVENTS, fact_names
from ledger.domain.event import ERASED, Event
from ledger.domain.stored import StoredFacts, decode_event, encode_event, slots_of
from ledger.proof.facts import STANDARD_FACTS
from tests.domain import (
    samples_access,
    samples_account,
    samples_activity,
    samples_certificate,
    samples_evidence,
    samples_imports,
    samples_notices,
    samples_organization,
    samples_presence,
    samples_record,
    samples_rules,
    samples_submissions,
    samples_volunteer,
)

GOLDEN = Path(__file__).parent / "golden"
SAMPLES: tuple[Event, ...] = (
    *samples_access.SAMPLES,
    *samples_account.SAMPLES,
    *samples_activity.FIRST_SAMPLES,
    *samples_activity.SAMPLES,
    samples_activity.CLAIMED,
    *samples_certificate.SAMPLES,
    *samples_imports.SAMPLES,
    *samples_evidence.SAMPLES,
    *samples_notices.SAMPLES,
    *samples_organization.SAMPLES,
    *samples_presence.SAMPLES,
    *samples_record.SAMPLES,
    *samples_rules.SAMPLES,
    *samples_submissions.SAMPLES,
    *samples_volunteer.SAMPLES,
)
BY_KIND: Mapping[type[Event], Event] = {type(each): each for each in reversed(SAMPLES)}
"""The first sample of each class is the one in its golden file."""


def name_of(kind: type[Event]) -> str:
    return f"{kind.TYPE}.{kind.SHAPE}"


def text_of(stored: StoredFacts) -> str:
    facts = {"personal": stored.personal, "plain": stored.plain}
    return json.dumps(facts, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def test_every_published_event_has_a_golden_file_and_no_other_has() -> None:
    files = {path.stem for path in GOLDEN.glob("*.json")}
    assert files == {name_of(kind) for kind in EVENTS.values()}


@pytest.mark.parametrize("kind", EVENTS.values(), ids=name_of)
def test_an_event_is_stored_as_it_was_when_it_was_published(kind: type[Event]) -> None:
    stored = text_of(encode_event(BY_KIND[kind]))
    assert stored == (GOLDEN / f"{name_of(kind)}.json").read_text("utf-8")


@pytest.mark.parametrize("kind", EVENTS.values(), ids=name_of)
def test_a_golden_event_is_still_read(kind: type[Event]) -> None:
    facts: Any = json.loads((GOLDEN / f"{name_of(kind)}.json").read_text("utf-8"))
    opened = {
        name: value for group in facts["personal"].values() for name, value in group.items()
    }
    assert decode_event(kind, facts["plain"], opened) == BY_KIND[kind]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: name_of(type(sample)))
def test_an_event_whose_persons_are_erased_is_still_read(sample: Event) -> None:
    stored = encode_event(sample)
    read = decode_event(type(sample), stored.plain, {})
    for name, slot in slots_of(type(sample)).items():
        want = getattr(sample, name) if slot.person is None else ERASED
        assert getattr(read, name) == want


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: name_of(type(sample)))
def test_no_personal_fact_is_stored_among_the_plain_ones(sample: Event) -> None:
    stored = encode_event(sample)
    slots = slots_of(type(sample))
    assert stored.plain.keys() == {name for name in slots if slots[name].person is None}
    for person, group in stored.personal.items():
        for name in group:
            field = slots[name].person
            assert field is not None
            assert str(getattr(sample, field)) == person


@pytest.mark.parametrize("kind", EVENTS.values(), ids=name_of)
def test_the_published_shape_is_what_is_stored(kind: type[Event]) -> None:
    shape = DOMAIN_SHAPES.find(kind.TYPE, kind.SHAPE)
    assert shape is not None
    assert not set(STANDARD_FACTS) & set(fact_names(kind))
    assert shape.names == tuple(sorted((*STANDARD_FACTS, *fact_names(kind))))
    assert SHAPES.find(kind.TYPE, kind.SHAPE) == shape


def test_no_event_of_the_domain_takes_a_type_of_the_logs_own() -> None:
    assert len(EVENTS) > 50
    log_types = {
        "ledger.opened",
        "key.rotated",
        "facts.erased",
        "facts.lost",
        "opaque.recorded",
    }
    assert not log_types & {event_type for event_type, _ in EVENTS}

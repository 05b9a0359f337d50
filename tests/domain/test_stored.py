"""Events as facts and back: one spelling, personal facts apart, nothing else is read."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.event import ERASED, About, Act, Actor, ActorKind, Erased
from ledger.domain.refusal import Refusal, Refused, gathered, refuse
from ledger.domain.stored import StoredEventError, decode_event, encode_event, slots_of

PERSON = UUID(int=7)


class Colour(StrEnum):
    """A code."""

    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A value of several parts."""

    start: datetime
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingNoted:
    """An event with a fact of every kind."""

    TYPE: ClassVar[str] = "thing.noted"
    SHAPE: ClassVar[int] = 1

    person: UUID
    colour: Colour | None
    day: date
    flag: bool
    name: Annotated[str | Erased, About("person")]
    spans: tuple[Span, ...]
    words: tuple[str, ...] | None


AT = datetime(2026, 2, 3, 4, 5, 6, 7, UTC)
NOTED = ThingNoted(
    person=PERSON,
    colour=Colour.RED,
    day=date(2026, 2, 28),
    flag=False,
    name="张𠮷",
    spans=(Span(start=AT, minutes=90),),
    words=None,
)
PLAIN: dict[str, Any] = {
    "person": "00000000-0000-0000-0000-000000000007",
    "colour": "red",
    "day": "2026-02-28",
    "flag": False,
    "spans": [{"start": "2026-02-03T04:05:06.000007Z", "minutes": 90}],
    "words": None,
}


def test_each_kind_of_value_has_one_spelling() -> None:
    stored = encode_event(NOTED)
    assert (stored.type, stored.shape) == ("thing.noted", 1)
    assert stored.plain == PLAIN
    assert stored.personal == {str(PERSON): {"name": "张𠮷"}}


def test_facts_are_read_back_as_the_event_they_were() -> None:
    assert decode_event(ThingNoted, PLAIN, {"name": "张𠮷"}) == NOTED


def test_a_personal_fact_that_cannot_be_opened_is_read_as_erased() -> None:
    read: Any = decode_event(ThingNoted, PLAIN, {})
    assert read.name is ERASED


def test_an_erased_fact_is_not_stored_again() -> None:
    with pytest.raises(TypeError):
        encode_event(decode_event(ThingNoted, PLAIN, {}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("colour", "green"),
        ("colour", 1),
        ("day", "2026-2-28"),
        ("day", "20260228"),
        ("day", "2026-02-30"),
        ("flag", 0),
        ("flag", "false"),
        ("person", "00000000-0000-0000-0000-00000000000A"),
        ("person", "{00000000-0000-0000-0000-000000000007}"),
        ("spans", {}),
        ("spans", [{"start": "2026-02-03T04:05:06Z", "minutes": 90}]),
        ("spans", [{"start": "2026-02-03T04:05:06.000007Z", "minutes": True}]),
        ("spans", [{"start": "2026-02-03T04:05:06.000007Z"}]),
        ("words", [1]),
        ("words", "a"),
    ],
)
def test_another_spelling_is_not_read(name: str, value: Any) -> None:
    with pytest.raises(StoredEventError) as error:
        decode_event(ThingNoted, PLAIN | {name: value}, {"name": "张"})
    assert error.value.field == name


def test_a_fact_that_is_missing_or_unknown_is_named() -> None:
    for facts, name in (
        ({each: PLAIN[each] for each in PLAIN if each != "flag"}, "flag"),
        (PLAIN | {"surprise": 1}, "surprise"),
    ):
        with pytest.raises(StoredEventError) as error:
            decode_event(ThingNoted, facts, {"name": "张"})
        assert error.value.field == name


@pytest.mark.parametrize(
    ("plain", "opened", "name"),
    [
        (PLAIN | {"name": "张"}, {}, "name"),
        ({each: PLAIN[each] for each in PLAIN if each != "flag"}, {"flag": True}, "flag"),
    ],
)
def test_a_fact_in_the_wrong_group_is_not_read(
    plain: dict[str, Any], opened: dict[str, Any], name: str
) -> None:
    with pytest.raises(StoredEventError) as error:
        decode_event(ThingNoted, plain, opened)
    assert error.value.field == name


def test_an_instant_of_another_zone_has_no_spelling() -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=8)))
    with pytest.raises(TypeError):
        encode_event(replace(NOTED, spans=(Span(start=elsewhere, minutes=1),)))
    with pytest.raises(ValueError, match="UTC"):
        Act(Actor(ActorKind.KEY, PERSON), elsewhere)


def test_a_type_without_a_spelling_is_told_when_the_class_is_first_used() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Loose:
        TYPE: ClassVar[str] = "loose.noted"
        SHAPE: ClassVar[int] = 1
        hours: float

    with pytest.raises(TypeError):
        slots_of(Loose)


@given(st.datetimes(timezones=st.just(UTC)), st.integers(), st.text())
def test_what_was_encoded_is_decoded_to_the_same(at: datetime, minutes: int, name: str) -> None:
    event = replace(NOTED, spans=(Span(start=at, minutes=minutes),), name=name)
    stored = encode_event(event)
    opened = stored.personal[str(PERSON)]
    assert decode_event(ThingNoted, stored.plain, opened) == event


def test_all_reasons_are_given_at_once() -> None:
    both = gathered(refuse("a_is_short", "a", least=2), None, [Refusal("b_is_missing", "b")])
    assert isinstance(both, Refused)
    assert both.codes == ("a_is_short", "b_is_missing")
    assert gathered(None, []) is None

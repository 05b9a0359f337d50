"""Events as facts and back: one spelling for each value, the same for ever.

| in the domain | as a fact |
|---|---|
| `str`, `int`, `bool`, None | itself |
| `UUID` | lower case with hyphens |
| `datetime` (UTC) | `YYYY-MM-DDTHH:MM:SS.ffffffZ` |
| `date` | `YYYY-MM-DD` |
| `StrEnum` | its value |
| `tuple[X, ...]` | array |
| a frozen dataclass | object, its fields in snake_case |
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import (
    Annotated,
    Any,
    NamedTuple,
    TypeAlias,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)
from uuid import UUID

from ledger.domain.event import ERASED, About, Erased, Event

Value: TypeAlias = "bool | int | str | list[Value] | dict[str, Value] | None"


@dataclass(eq=False)
class StoredEventError(Exception):
    """Stored facts are none of the published shape: nothing may be concluded from them."""

    type: str
    shape: int
    field: str
    want: str


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """The facts of one event beside the standard ones; ``personal`` by person and name."""

    type: str
    shape: int
    plain: Mapping[str, Value]
    personal: Mapping[str, Mapping[str, Value]]


def encode_event(event: Event) -> StoredFacts:
    """Return an event as facts.

    Raises:
        TypeError: A field is erased or of another type than declared.
    """
    plain: dict[str, Value] = {}
    personal: dict[str, dict[str, Value]] = {}
    groups: dict[str, dict[str, Value]] = {}
    for name, slot in slots_of(type(event)).items():
        value = getattr(event, name)
        kind = type(value)
        if kind not in _PLAIN:
            spell = _ALONE.get(kind)
            value = _encode(value, name) if spell is None else spell(value)
        if slot.person is None:
            plain[name] = value
        elif slot.person in groups:
            groups[slot.person][name] = value
        else:
            group = personal.setdefault(str(getattr(event, slot.person)), {})
            groups[slot.person] = group
            group[name] = value
    return StoredFacts(event.TYPE, event.SHAPE, plain, personal)


def decode_event(
    event_class: type[Event], plain: Mapping[str, Value], opened: Mapping[str, Value]
) -> Event:
    """Return the event of which these are the facts.

    ``opened`` holds those personal facts that can be read, by name; the others are `ERASED`.

    Raises:
        StoredEventError: A plain fact is missing, a fact is unknown or in the other group,
            or one is of another type than the class declares.
    """
    values: dict[str, object] = {}
    slots, groups = slots_of(event_class), _groups_of(event_class)
    if not (plain.keys() <= groups.plain and opened.keys() <= groups.personal):
        misplaced = (plain.keys() - groups.plain) | (opened.keys() - groups.personal)
        raise _unreadable(event_class, min(misplaced), "no such fact there")
    for name, slot in slots.items():
        source = plain if slot.person is None else opened
        if name in source:
            try:
                values[name] = slot.read(source[name])
            except (TypeError, ValueError) as error:
                raise _unreadable(event_class, name, str(error)) from error
        elif slot.person is None:
            raise _unreadable(event_class, name, "a fact")
        else:
            values[name] = ERASED
    return event_class(**values)


@dataclass(frozen=True, slots=True)
class Slot:
    """One fact of an event class: who it is about, and how it is read."""

    person: str | None
    read: Callable[[Value], object]


@cache
def slots_of(event_class: type[Event]) -> Mapping[str, Slot]:
    """Return the facts of an event class, ascending by name.

    Raises:
        TypeError: A field has a type that has no spelling as a fact.
    """
    hints = get_type_hints(event_class, include_extras=True)
    names = sorted(each.name for each in fields(event_class))  # type: ignore[arg-type]
    return {name: _slot(hints[name]) for name in names}


class _Groups(NamedTuple):
    """The names of the facts of an event class, by which group they are in."""

    plain: frozenset[str]
    personal: frozenset[str]


@cache
def _groups_of(event_class: type[Event]) -> _Groups:
    slots = slots_of(event_class)
    personal = frozenset(name for name, slot in slots.items() if slot.person is not None)
    return _Groups(frozenset(slots) - personal, personal)


def _slot(hint: Any) -> Slot:
    if get_origin(hint) is Annotated:
        inner, *notes = get_args(hint)
        persons = [note.person for note in notes if isinstance(note, About)]
        return Slot(persons[0] if persons else None, _reader(inner))
    return Slot(None, _reader(hint))


def _reader(hint: Any) -> Callable[[Value], object]:
    if get_origin(hint) in (Union, types.UnionType):
        return _any_of([each for each in get_args(hint) if each is not Erased])
    if get_origin(hint) is tuple:
        item, dots = get_args(hint)
        if dots is not Ellipsis:
            raise TypeError(f"{hint} has no spelling as a fact")
        return _all_of(_reader(item))
    if hint in _PLAIN:
        return _exactly(hint)
    if hint in _SPELLED:
        return _spelled(_SPELLED[hint])
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _spelled(hint)
    if is_dataclass(hint):
        return _object(hint)
    raise TypeError(f"{hint} has no spelling as a fact")


def _any_of(hints: list[Any]) -> Callable[[Value], object]:
    if type(None) in hints and len(hints) > 1:
        (rest,) = [each for each in hints if each is not type(None)]
        read = _reader(rest)
        return lambda value: None if value is None else read(value)
    (alone,) = hints
    return _reader(alone)


def _exactly(kind: type) -> Callable[[Value], object]:
    def read(value: Value) -> object:
        if type(value) is not kind:  # not isinstance: True is no integer here
            raise TypeError(kind.__name__)
        return value

    return read


def _spelled(parse: Callable[[str], object]) -> Callable[[Value], object]:
    def read(value: Value) -> object:
        if type(value) is not str:
            raise TypeError("a string")
        parsed = parse(value)
        if _encode(parsed, "") != value:
            raise ValueError("the one spelling of its kind")
        return parsed

    return read


def _all_of(read_item: Callable[[Value], object]) -> Callable[[Value], object]:
    def read(value: Value) -> object:
        if type(value) is not list:
            raise TypeError("an array")
        return tuple(read_item(each) for each in value)

    return read


def _object(kind: Any) -> Callable[[Value], object]:
    hints = get_type_hints(kind, include_extras=True)
    readers = {each.name: _reader(hints[each.name]) for each in fields(kind)}

    def read(value: Value) -> object:
        if type(value) is not dict or value.keys() != readers.keys():
            raise TypeError(f"an object of {', '.join(sorted(readers))}")
        return kind(**{name: reader(value[name]) for name, reader in readers.items()})

    return read


_PLAIN: frozenset[type] = frozenset((str, int, bool, type(None)))
_SPELLED: Mapping[Any, Callable[[str], object]] = {
    UUID: UUID,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
}


def _encode(value: object, name: str) -> Value:
    try:
        return _spelled_out(value)
    except _NoSpellingError as error:
        raise TypeError(f"{name}: {error.args[0]} has no spelling as a fact") from None


class _NoSpellingError(TypeError):
    pass


def _spelled_out(value: object) -> Value:
    kind = type(value)
    spell = _SPELLERS.get(kind)
    if spell is None:
        spell = _SPELLERS[kind] = _speller(kind)
    return spell(value)


_ALONE: Mapping[type, Callable[[Any], Value]] = {UUID: str, date: date.isoformat}
"""Classes of most values, whose spelling always succeeds and looks into nothing else."""
_SPELLERS: dict[type, Callable[[Any], Value]] = {}
"""How values of exactly a class are spelled, found once for each class."""


def _speller(kind: Any) -> Callable[[Any], Value]:
    if kind in _PLAIN:
        return lambda value: value
    if issubclass(kind, tuple):
        return lambda value: [_spelled_out(each) for each in value]
    if is_dataclass(kind):
        names = [each.name for each in fields(kind)]
        return lambda value: {name: _spelled_out(getattr(value, name)) for name in names}
    for known, spell in _SPELLING:
        if issubclass(kind, known):
            return spell
    raise _NoSpellingError(kind.__name__)


def instant_text(value: datetime) -> str:
    """Return an instant in UTC as facts spell it.

    Raises:
        TypeError: It is of another zone.
    """
    if value.tzinfo is not UTC:
        raise TypeError("an instant in UTC is wanted")
    return value.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


_SPELLING: tuple[tuple[type, Callable[[Any], Value]], ...] = (
    (StrEnum, lambda value: str(value.value)),
    (UUID, str),
    (datetime, instant_text),
    (date, date.isoformat),
    *((kind, lambda value: value) for kind in _PLAIN),
)
"""The first that fits: a `StrEnum` is a `str`, a `datetime` a `date`."""


def _unreadable(event_class: type[Event], name: str, want: str) -> StoredEventError:
    return StoredEventError(event_class.TYPE, event_class.SHAPE, name, want)

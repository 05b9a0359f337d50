"""One thing's history: who changed what, when and why, and how it stood before and after.

Folded from its decoded events with the domain's own `evolve`, so that what is shown as before
and after is what decisions rested on. Values are spelled as facts are (`ledger.domain.stored`);
where a fact was erased stands `ERASED_FACT`, where it is not for this reader `HIDDEN_FACT`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID

from ledger.domain.event import Actor, Erased, Event, Happened
from ledger.domain.stored import Value, slots_of

S = TypeVar("S")

ERASED_FACT: Final[dict[str, Value]] = {"erased": True}
HIDDEN_FACT: Final[dict[str, Value]] = {"hidden": True}

_REASONS = ("reason", "back_entry_reason")
"""The facts that say why; the first that an event has."""


class Told(Protocol):
    """One decoded event of a stream, with its place in the log."""

    @property
    def event(self) -> Event:
        """What happened."""

    @property
    def happened(self) -> Happened:
        """Who did it, when, and its place in its stream."""

    @property
    def seq(self) -> int:
        """Its place in the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One part of a thing as it was and as it is; None where there was, or is, nothing.

    ``field`` names the part, with dots from the whole to its parts. Of a list of parts, each
    one that came, went or changed is a change of its own.
    """

    field: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a history; ``facts`` are the event's own, beside those shown as fields."""

    seq: int
    version: int
    time: datetime
    by: Actor
    on_behalf_of: UUID | None
    type: str
    reason: Value
    facts: Mapping[str, Value]
    changes: tuple[Change, ...]


def _everybody(_: UUID) -> bool:
    return True


def history(
    events: Iterable[Told],
    evolve: Callable[[S | None, Any, Happened], S],
    *,
    shows: Callable[[UUID], bool] = _everybody,
) -> tuple[Item, ...]:
    """Return what a stream's events changed, in their order.

    ``shows`` says whose personal facts are for the reader; those of others are hidden. The
    states hold the personal facts of whom the thing is about, and are shown as they are.

    Raises:
        As ``evolve``: the events are no history of such a thing.
    """
    items: list[Item] = []
    before: S | None = None
    for told in events:
        after = evolve(before, told.event, told.happened)
        items.append(_item(told, tuple(differences(before, after)), shows))
        before = after
    return tuple(items)


def spelled(value: object) -> Value:
    """Return a value of the domain as a fact spells it, an erased one as `ERASED_FACT`.

    Raises:
        TypeError: It has no spelling: a programmer's mistake.
    """
    if isinstance(value, Erased):
        return dict(ERASED_FACT)
    if isinstance(value, tuple):
        return [spelled(each) for each in value]
    if isinstance(value, Actor):
        return value.text()
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: spelled(getattr(value, each.name)) for each in fields(value)}
    return _spelled_plain(value)


def differences(before: object, after: object, field: str = "") -> Iterator[Change]:
    """Yield how one state differs from another, part by part, in the order of the parts."""
    # An empty list is nothing, so that what begins empty does not come as a change.
    before, after = (None if each == () else each for each in (before, after))
    if before == after:
        return
    whole = after if before is None else before
    if is_dataclass(whole) and not isinstance(whole, type) and _are_alike(before, after):
        for each in fields(whole):
            name = f"{field}.{each.name}" if field else each.name
            yield from differences(
                getattr(before, each.name, None), getattr(after, each.name, None), name
            )
    elif _is_list_of_parts(before) or _is_list_of_parts(after):
        yield from _list_differences(_parts(before), _parts(after), field)
    else:
        yield Change(field=field, before=spelled(before), after=spelled(after))


def _item(told: Told, changes: tuple[Change, ...], shows: Callable[[UUID], bool]) -> Item:
    event = told.event
    facts = {name: _fact(event, name, person, shows) for name, person in _facts_of(event)}
    reasons = [facts.pop(name) for name in _REASONS if name in facts]
    on_behalf_of = getattr(event, "on_behalf_of", None)
    facts.pop("on_behalf_of", None)
    return Item(
        seq=told.seq,
        version=told.happened.version,
        time=told.happened.at,
        by=told.happened.by,
        on_behalf_of=on_behalf_of,
        type=event.TYPE,
        reason=reasons[0] if reasons else None,
        facts=facts,
        changes=changes,
    )


def _facts_of(event: Event) -> Iterator[tuple[str, str | None]]:
    """Yield the names of an event's facts, each with the field that names its person."""
    for name, slot in slots_of(type(event)).items():
        yield name, slot.person


def _fact(event: Event, name: str, person: str | None, shows: Callable[[UUID], bool]) -> Value:
    if person is not None and not shows(getattr(event, person)):
        return dict(HIDDEN_FACT)
    return spelled(getattr(event, name))


def _are_alike(before: object, after: object) -> bool:
    """Return whether two can be told by their parts: one kind of thing, or one thing alone."""
    return before is None or after is None or type(before) is type(after)


def _is_list_of_parts(value: object) -> bool:
    return isinstance(value, tuple) and any(is_dataclass(each) for each in value)


def _parts(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def _list_differences(
    before: tuple[object, ...], after: tuple[object, ...], field: str
) -> Iterator[Change]:
    """Yield what came, went or changed; a part is the same one if its first field is."""
    gone = [each for each in before if each not in after]
    for each in after:
        if each in before:
            continue
        was = next((old for old in gone if _first(old) == _first(each)), None)
        if was is not None:
            gone.remove(was)
        yield Change(field=field, before=spelled(was), after=spelled(each))
    for each in gone:
        yield Change(field=field, before=spelled(each), after=None)


def _first(part: object) -> object:
    return getattr(part, fields(part)[0].name) if is_dataclass(part) else part


def _spelled_plain(value: object) -> Value:
    if isinstance(value, StrEnum):
        return str(value.value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} has no spelling as a fact")

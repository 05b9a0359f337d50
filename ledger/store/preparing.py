"""What an event commits to, as far as it does not depend on the event's place in the log.

Salts and nearly all digests are made before a submission waits for the lock. Two facts are
left for later: `previous` and `version`. The digests lie ready in three pieces, cut where
those two belong.
"""

from bisect import bisect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ledger.proof.canonical import Value, own_values
from ledger.proof.errors import MalformedError
from ledger.proof.facts import (
    SEED_BYTES,
    FactGroup,
    ToldFacts,
    digests_of,
    merge_digests,
    salts,
    texts_of,
)
from ledger.proof.personal import PersonalDigests
from ledger.proof.shapes import OPAQUE, Shapes
from ledger.store.event import NewEvent

RandomBytes = Callable[[int], bytes]
FACTS_BYTES_MAX = 4 * 1024 * 1024
"""All facts of an event, encoded: whatever is appended fits a proof that shows all of it."""
_PLACED = ("previous", "version")
"""Facts that only an event's place in the log can tell."""
_NONE: frozenset[str] = frozenset()


@dataclass(slots=True)
class PreparedEvent:
    """An event with its fresh seeds and every digest that does not depend on its place.

    ``digests`` are three pieces, before, between and after the digests of `previous` and
    `version`, whose salts are ``salts``; ``count`` is how many facts there are in all.
    ``without_place`` are the plain facts but for those two, which come into ``plain`` later.
    """

    event: NewEvent
    topic: str
    originator_version: int | None
    seed: bytes = field(repr=False)
    plain: dict[str, Value] = field(repr=False)
    salts: tuple[bytes, bytes] = field(repr=False)
    digests: tuple[bytes, bytes, bytes]
    count: int
    personal: Mapping[str, FactGroup]
    personal_digests: PersonalDigests
    without_place: ToldFacts = field(repr=False)

    def told(self) -> ToldFacts:
        """Return the plain facts as they were hashed, once the event has its place."""
        before = self.without_place
        names, texts, salted = list(before.names), list(before.texts), list(before.salts)
        for name, salt in zip(_PLACED, self.salts, strict=True):
            at = bisect(names, name)
            names.insert(at, name)
            texts.insert(at, texts_of([name], self.plain)[0])
            salted.insert(at, salt)
        return ToldFacts(names, texts, salted)


def prepare_all(
    events: Sequence[NewEvent], *, shapes: Shapes, random_bytes: RandomBytes
) -> list[PreparedEvent]:
    """Return the events with fresh seeds; call it anew for every attempt to append.

    Raises:
        MalformedError: As `prepare`, for any of them.
    """
    # One draw for all: the system is asked once, and no two seeds share a byte.
    count = sum(1 + len(event.personal) for event in events)
    drawn = random_bytes(SEED_BYTES * count)
    seeds = (drawn[at : at + SEED_BYTES] for at in range(0, len(drawn), SEED_BYTES))
    return [prepare(event, shapes=shapes, seeds=seeds) for event in events]


def prepare(event: NewEvent, *, shapes: Shapes, seeds: Iterator[bytes]) -> PreparedEvent:
    """Return the event under the next seeds of 32 fresh random bytes: one, and one a person.

    Its values are the event's as they are now, out of reach of whoever holds parts of them.

    Raises:
        MalformedError: A fact is outside the log's world, or the facts are not those of
            the published shape. Nothing has been stored.
    """
    # The four that the event itself has were checked with it.
    plain = own_values(event.facts, what="facts")
    plain |= {"by": event.by, "shape": event.shape, "stream": event.stream, "type": event.type}
    layout = _layout_of(event, plain, shapes)
    texts = texts_of(layout.plain, plain)
    seed = next(seeds)
    salted = salts(seed, len(layout.plain) + 2)
    version_salt, previous_salt = salted.pop(layout.version), salted.pop(layout.previous)
    digests = digests_of(texts, salted)
    personal, groups, size = {}, {}, _object_bytes(texts)
    if event.personal:
        for person, facts in event.personal.items():
            group = FactGroup(next(seeds), own_values(facts, what="facts"), checked=True)
            told = group.told()
            personal[person], groups[person] = group, told.digests()
            size += _object_bytes(told.texts)
        merged = merge_digests(
            [dict(zip(layout.plain, digests, strict=True)), *groups.values()]
        )
        digests = list(merged.values())
    if size > FACTS_BYTES_MAX:
        raise MalformedError("facts", f"at most {FACTS_BYTES_MAX} bytes", f"{size} bytes")
    before, between = layout.cuts
    opaque = event.type == OPAQUE
    number = plain["originator_version"] if opaque else event.version
    return PreparedEvent(
        event=event,
        # Another application's events are asked for by its own topic, numbered as it likes.
        topic=str(plain["topic"]) if opaque else event.type,
        originator_version=number if isinstance(number, int) else None,
        seed=seed,
        plain=plain,
        salts=(previous_salt, version_salt),
        digests=(
            b"".join(digests[:before]),
            b"".join(digests[before:between]),
            b"".join(digests[between:]),
        ),
        count=len(digests) + 2,
        personal=personal,
        personal_digests=groups,
        without_place=ToldFacts(layout.plain, texts, salted),
    )


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the facts of a shape stand, some of them being personal.

    ``plain`` are the plain names, ascending, without `previous` and `version`; among them
    these two stand at ``previous`` and ``version``. All digests but those two are cut at
    ``cuts``, where the two belong.
    """

    plain: tuple[str, ...]
    keys: frozenset[str]
    personal: frozenset[str]
    previous: int
    version: int
    cuts: tuple[int, int]


def _layout_of(event: NewEvent, plain: Mapping[str, Value], shapes: Shapes) -> _Layout:
    """Return the layout that the event's facts fill, each one of them.

    Raises:
        MalformedError: The facts are not those of the published shape.
    """
    shape = shapes.find(event.type, event.shape)
    if shape is None:
        what = f"shape {event.shape} of {event.type}"
        raise MalformedError(what, "a published shape", "none")
    personal = frozenset().union(*event.personal.values()) if event.personal else _NONE
    layout = _layout(shape.names, personal)
    if plain.keys() != layout.keys or not personal <= layout.personal:
        what = f"shape {event.shape} of {event.type}"
        got = sorted({*plain, *personal, "previous", "version"})
        raise MalformedError(what, list(shape.names), got)
    return layout


@lru_cache(maxsize=1_024)
def _layout(names: tuple[str, ...], personal: frozenset[str]) -> _Layout:
    salted = [name for name in names if name not in personal]
    plain = tuple(name for name in salted if name not in _PLACED)
    return _Layout(
        plain=plain,
        keys=frozenset(plain),
        personal=personal.intersection(names),
        previous=salted.index("previous"),
        version=salted.index("version"),
        cuts=(names.index("previous"), names.index("version") - 1),
    )


def _object_bytes(texts: Sequence[bytes]) -> int:
    """Return how long the facts of which these are the texts are as one object."""
    return sum(map(len, texts)) - len(texts) + 1

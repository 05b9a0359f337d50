"""Events become entries: position, link, commitment and tree, in memory and in order.

What needs no place in the log (salts and nearly all digests) is prepared before the
submission waits for the lock; what does (``version``, ``previous``, ``prev``, ``seq``) is
added under it.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import orjson

from ledger.proof.box import NONCE_BYTES, Place, seal_box
from ledger.proof.canonical import Value, encode
from ledger.proof.entry import Entry, format_time
from ledger.proof.errors import MalformedError
from ledger.proof.facts import (
    SEED_BYTES,
    FactGroup,
    PersonalDigests,
    commitment,
    digest_checked,
    merge_digests,
    personal_text,
    salts,
)
from ledger.proof.merkle import leaf_hash
from ledger.proof.shapes import OPAQUE, Shapes
from ledger.store.event import NewEvent, StreamMovedOn
from ledger.store.head import Head

RandomBytes = Callable[[int], bytes]
FACTS_BYTES_MAX = 4 * 1024 * 1024
"""All facts of an event, encoded: whatever is appended fits a proof that shows all of it."""
SUBTREE_HEIGHT = 8
"""Roots of perfect subtrees are kept at every eighth height: those that hash tiles hold."""


@dataclass(frozen=True, slots=True)
class PreparedEvent:
    """An event with its fresh seeds and every digest that does not depend on its place."""

    event: NewEvent
    topic: str
    originator_version: int | None
    seed: bytes = field(repr=False)
    plain: dict[str, Value] = field(repr=False)
    salts: Mapping[str, bytes] = field(repr=False)
    digests: dict[str, bytes]
    personal: Mapping[str, FactGroup]
    personal_digests: PersonalDigests


@dataclass(frozen=True, slots=True)
class Tail:
    """The last entry of a stream: its place there, its writer's own number, its leaf."""

    version: int
    originator_version: int
    leaf: bytes


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry as it is stored, with the boxes that belong to it."""

    seq: int
    entry: bytes
    leaf: bytes
    stream: str
    version: int
    originator_version: int
    topic: str
    plain: bytes
    personal: bytes | None
    submission: uuid.UUID
    boxes: tuple[tuple[str, bytes], ...] = ()


def prepare(event: NewEvent, *, shapes: Shapes, random_bytes: RandomBytes) -> PreparedEvent:
    """Return the event with fresh seeds; call it anew for every attempt to append.

    Raises:
        MalformedError: A fact is outside the log's world, or the facts are not those of
            the published shape. Nothing has been stored.
    """
    _check_shape(event, shapes)
    standard: dict[str, Value] = {
        "by": event.by,
        "shape": event.shape,
        "stream": event.stream,
        "type": event.type,
    }
    plain, *about = _own_copies([{**event.facts, **standard}, *event.personal.values()])
    names = sorted({*plain, "previous", "version"})
    seed = random_bytes(SEED_BYTES)
    salted = dict(zip(names, salts(seed, len(names)), strict=True))
    digests = {name: digest_checked(name, plain[name], salted[name]) for name in plain}
    personal = {
        person: FactGroup(random_bytes(SEED_BYTES), facts)
        for person, facts in zip(event.personal, about, strict=True)
    }
    groups = {person: group.digests() for person, group in personal.items()}
    opaque = event.type == OPAQUE
    number = plain["originator_version"] if opaque else event.version
    return PreparedEvent(
        event=event,
        # Another application's events are asked for by its own topic, numbered as it likes.
        topic=str(plain["topic"]) if opaque else event.type,
        originator_version=number if isinstance(number, int) else None,
        seed=seed,
        plain=plain,
        salts=salted,
        digests=digests,
        personal=personal,
        personal_digests=groups,
    )


def _own_copies(groups: Sequence[Mapping[str, Value]]) -> list[dict[str, Value]]:
    """Return the facts as they are now, out of reach of whoever holds parts of them."""
    texts = [encode(dict(facts), what="facts") for facts in groups]
    size = sum(map(len, texts))
    if size > FACTS_BYTES_MAX:
        raise MalformedError("facts", f"at most {FACTS_BYTES_MAX} bytes", f"{size} bytes")
    return [orjson.loads(text) for text in texts]


def _check_shape(event: NewEvent, shapes: Shapes) -> None:
    what = f"shape {event.shape} of {event.type}"
    shape = shapes.find(event.type, event.shape)
    if shape is None:
        raise MalformedError(what, "a published shape", "none")
    names = {"by", "previous", "shape", "stream", "type", "version", *event.facts}
    for facts in event.personal.values():
        names |= facts.keys()
    if names != set(shape.names):
        raise MalformedError(what, list(shape.names), sorted(names))


@dataclass(slots=True)
class Chain:
    """A head being extended in memory; nothing is stored by it."""

    head: Head
    tails: dict[str, Tail]
    random_bytes: RandomBytes
    now: datetime
    rows: list[EntryRow] = field(default_factory=list)
    subtrees: list[tuple[int, int, bytes]] = field(default_factory=list)

    def check_versions(self, events: Sequence[PreparedEvent]) -> None:
        """Return if each event fits its stream as the events before it leave it.

        Call it before `link`, so that one submission's refusal leaves no trace.

        Raises:
            StreamMovedOn: A stream is at another version than the writer decided upon.
        """
        versions: dict[str, tuple[int, int]] = {}
        for prepared in events:
            event = prepared.event
            tail = self.tails.get(event.stream)
            known = (tail.version, tail.originator_version) if tail else (0, -1)
            version, originator = versions.get(event.stream, known)
            wanted = _or(prepared.originator_version, version + 1)
            # Another application numbers as it likes, but never backwards; nor does an
            # event of ours stand behind a larger number: the stream is read by them.
            in_place = event.type == OPAQUE or wanted == version + 1
            if not in_place or wanted <= originator:
                raise StreamMovedOn(event.stream, want=version + 1, got=wanted)
            versions[event.stream] = (version + 1, wanted)

    def link(
        self,
        prepared: PreparedEvent,
        *,
        data_keys: Mapping[str, bytes],
        submission: uuid.UUID,
    ) -> None:
        """Give the event the next position and extend the tree by it."""
        event, head = prepared.event, self.head
        tail = self.tails.get(event.stream)
        version = tail.version + 1 if tail else 1
        previous = tail.leaf.hex() if tail else "0" * 64
        placed = {**prepared.plain, "previous": previous, "version": version}
        digests = dict(prepared.digests)
        for name in ("previous", "version"):
            digests[name] = digest_checked(name, placed[name], prepared.salts[name])
        merged = merge_digests([digests, *prepared.personal_digests.values()])
        # Two clocks may disagree; the log's time never goes back (log format, section 4).
        time = max(format_time(self.now), head.time)
        facts = commitment(list(merged.values()))
        entry = Entry(log=head.origin, seq=head.size, time=time, prev=head.leaf, facts=facts)
        text = entry.text()
        leaf = leaf_hash(text)
        originator = _or(prepared.originator_version, version)
        self.rows.append(
            EntryRow(
                seq=head.size,
                entry=text,
                leaf=leaf,
                stream=event.stream,
                version=version,
                originator_version=originator,
                topic=prepared.topic,
                plain=FactGroup(prepared.seed, placed).text(),
                personal=personal_text(prepared.personal_digests),
                submission=submission,
                boxes=self._boxes(prepared, version, data_keys),
            )
        )
        self.tails[event.stream] = Tail(version, originator, leaf)
        head.edge.add_subtree(leaf, height=0, completed=self._keep)
        self.head = Head(head.origin, head.edge, leaf, time)

    def _boxes(
        self, prepared: PreparedEvent, version: int, data_keys: Mapping[str, bytes]
    ) -> tuple[tuple[str, bytes], ...]:
        origin, stream = self.head.origin, prepared.event.stream
        return tuple(
            (
                person,
                seal_box(
                    group,
                    data_key=data_keys[person],
                    nonce=self.random_bytes(NONCE_BYTES),
                    place=Place(origin, stream, version, person),
                ),
            )
            for person, group in prepared.personal.items()
        )

    def _keep(self, height: int, index: int, root: bytes) -> None:
        if height % SUBTREE_HEIGHT == 0:
            self.subtrees.append((height // SUBTREE_HEIGHT, index, root))


def _or(number: int | None, otherwise: int) -> int:
    return otherwise if number is None else number

"""Events become entries: position, link, commitment and tree, in memory and in order.

What needs no place in the log was prepared before the submission waited for the lock; what
does (``version``, ``previous``, ``prev``, ``seq``) is added under it.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from ledger.proof.box import NONCE_BYTES, Place, seal_box
from ledger.proof.entry import Entry, entry_text, format_time
from ledger.proof.facts import commitment_of, digest_checked, group_text
from ledger.proof.merkle import leaf_hash
from ledger.proof.personal import personal_text
from ledger.proof.shapes import OPAQUE
from ledger.store.event import StreamMovedOn
from ledger.store.head import Head
from ledger.store.preparing import PreparedEvent, RandomBytes

SUBTREE_HEIGHT = 8
"""Roots of perfect subtrees are kept at every eighth height: those that hash tiles hold."""
_NO_LEAF = "0" * 64


class Tail(NamedTuple):
    """The last entry of a stream: where it is, its writer's own number, its leaf."""

    seq: int
    version: int
    originator_version: int
    leaf: bytes


class EntryRow(NamedTuple):
    """One entry as it is stored, in the order of the table's columns."""

    log: str
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


class BoxRow(NamedTuple):
    """One person's facts of one entry, sealed, in the order of the table's columns."""

    log: str
    seq: int
    person: str
    box: bytes


@dataclass(slots=True)
class Chain:
    """A head being extended in memory; nothing is stored by it.

    ``tails`` are those of the streams that are written to or must stand still, as the log
    has them now.
    """

    head: Head
    tails: dict[str, Tail]
    random_bytes: RandomBytes
    now: datetime
    rows: list[EntryRow] = field(default_factory=list)
    boxes: list[BoxRow] = field(default_factory=list)
    subtrees: list[tuple[int, int, bytes]] = field(default_factory=list)
    first_seq: int = field(init=False)
    size: int = field(init=False)
    leaf: bytes = field(init=False)
    time: str = field(init=False)

    def __post_init__(self) -> None:
        self.first_seq = self.size = self.head.size
        self.leaf = self.head.leaf
        # Two clocks may disagree; the log's time never goes back (log format, section 4).
        self.time = max(format_time(self.now), self.head.time)
        # What no entry of this commit has another value of is checked once.
        Entry(self.head.origin, self.size, self.time, self.leaf, self.leaf)

    def check_versions(self, events: Sequence[PreparedEvent]) -> None:
        """Return if each event fits its stream as the events before it leave it.

        Call it before `link`, so that one submission's refusal leaves no trace.

        Raises:
            StreamMovedOn: A stream is at another version than the writer decided upon.
        """
        versions: dict[str, tuple[int, int]] = {}
        for prepared in events:
            event = prepared.event
            stream = event.stream
            known = versions.get(stream)
            if known is None:
                tail = self.tails.get(stream)
                known = (tail.version, tail.originator_version) if tail else (0, -1)
            version, originator = known
            wanted = _or(prepared.originator_version, version + 1)
            # Another application numbers as it likes, but never backwards; nor does an
            # event of ours stand behind a larger number: the stream is read by them.
            in_place = event.type == OPAQUE or wanted == version + 1
            if not in_place or wanted <= originator:
                raise StreamMovedOn(stream, want=version + 1, got=wanted)
            versions[stream] = (version + 1, wanted)

    def check_unchanged(self, unchanged: Mapping[str, int]) -> None:
        """Return if each stream stands at its version, as what was linked so far leaves it.

        Raises:
            StreamMovedOn: One does not.
        """
        for stream, version in unchanged.items():
            tail = self.tails.get(stream)
            stands = tail.version if tail else 0
            if stands != version:
                raise StreamMovedOn(stream, want=stands, got=version)

    def link(
        self,
        prepared: PreparedEvent,
        *,
        data_keys: Mapping[str, bytes],
        submission: uuid.UUID,
    ) -> None:
        """Give the event the next position; call `finish` after the last one."""
        stream, origin, seq = prepared.event.stream, self.head.origin, self.size
        tail = self.tails.get(stream)
        version = tail.version + 1 if tail else 1
        previous = tail.leaf.hex() if tail else _NO_LEAF
        text = entry_text(
            origin, seq, self.time, self.leaf, _commit(prepared, previous, version)
        )
        leaf = leaf_hash(text)
        originator = _or(prepared.originator_version, version)
        plain = prepared.plain
        plain["previous"], plain["version"] = previous, version
        personal = prepared.personal_digests
        self.rows.append(
            EntryRow(
                origin,
                seq,
                text,
                leaf,
                stream,
                version,
                originator,
                prepared.topic,
                group_text(prepared.seed, plain),
                personal_text(personal) if personal else None,
                submission,
            )
        )
        if personal:
            self._seal(prepared, version, data_keys)
        self.tails[stream] = Tail(seq, version, originator, leaf)
        self.size, self.leaf = seq + 1, leaf

    def finish(self) -> Head:
        """Extend the tree by what was linked, and return the head to store."""
        edge = self.head.edge.copy()
        edge.extend([row.leaf for row in self.rows], completed=self._keep)
        self.head = Head(self.head.origin, edge, self.leaf, self._last_time())
        return self.head

    def linked_tails(self) -> dict[str, Tail]:
        """Return the tails of the streams that were written to."""
        return {row.stream: self.tails[row.stream] for row in self.rows}

    def _last_time(self) -> str:
        return self.time if self.rows else self.head.time

    def _seal(
        self, prepared: PreparedEvent, version: int, data_keys: Mapping[str, bytes]
    ) -> None:
        origin, stream = self.head.origin, prepared.event.stream
        for person, group in prepared.personal.items():
            box = seal_box(
                group,
                data_key=data_keys[person],
                nonce=self.random_bytes(NONCE_BYTES),
                place=Place(origin, stream, version, person),
            )
            self.boxes.append(BoxRow(origin, self.size, person, box))

    def _keep(self, height: int, index: int, roots: Sequence[bytes]) -> None:
        if height % SUBTREE_HEIGHT == 0:
            level = height // SUBTREE_HEIGHT
            self.subtrees += [(level, index + each, root) for each, root in enumerate(roots)]


def _commit(prepared: PreparedEvent, previous: str, version: int) -> bytes:
    """Return the commitment, now that the two facts are known that tell the place."""
    before, between, after = prepared.digests
    previous_salt, version_salt = prepared.salts
    return commitment_of(
        prepared.count,
        before
        + digest_checked("previous", previous, previous_salt)
        + between
        + digest_checked("version", version, version_salt)
        + after,
    )


def _or(number: int | None, otherwise: int) -> int:
    return otherwise if number is None else number

"""The plan of the house: which event lies where, and what follows from a lie about it."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from ledger.proof.canonical import Value
from ledger.proof.facts import STANDARD_FACTS
from ledger.proof.note import KeyType
from ledger.proof.shapes import LEDGER_OPENED, LOG_SHAPES, OPAQUE, Shape, Shapes
from ledger.proof.signers import SigningKey
from ledger.store.event import NewEvent, system_actor

ORIGIN = "audit.example.gov.cn/log/110000"
KEY = SigningKey(ORIGIN, KeyType.ED25519, bytes(range(32)))
STAFF = "staff:00000000-0000-4000-8000-000000000002"
START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
TICK_S = 60
"""Between one published checkpoint and the next."""
CHECKPOINTS = (1, 100, 256, 300, 512, 600)
SIZE = 620
WIDTH = 256
PEOPLE = tuple(str(uuid.uuid5(uuid.NAMESPACE_URL, f"person {n}")) for n in range(5))
RECORD_STREAMS = 37
PRIVATE = ("张示例", "110101180001")

Found = set[tuple[str, object]]


def _shape(event_type: str, *names: str) -> Shape:
    return Shape(event_type, 1, tuple(sorted((*STANDARD_FACTS, *names))))


SHAPES = LOG_SHAPES | Shapes(
    [
        _shape("record.entered", "minutes", "place"),
        _shape("volunteer.registered", "district", "id_number", "name"),
    ]
)


def stream_of(seq: int) -> str:
    """Return the stream of the event at a position of the plan."""
    if seq == 0:
        return system_actor(ORIGIN).removeprefix("system:")
    if seq % 10 == 5:
        name = f"volunteer {person_number(seq)}"
    elif seq % 50 == 7:
        name = "opaque"
    else:
        name = f"record {seq % RECORD_STREAMS}"
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def person_number(seq: int) -> int:
    return seq // 10 % len(PEOPLE)


def event_at(seq: int) -> NewEvent:
    """Return the event that the plan has at a position."""
    stream = stream_of(seq)
    if seq == 0:
        opened = {"key": KEY.verifier_key.text(), "origin": ORIGIN, "predecessor": None}
        return NewEvent(stream, LEDGER_OPENED, 1, STAFF, opened)
    if seq % 10 == 5:
        number = person_number(seq)
        names = {"name": f"张示例{number}", "id_number": f"11010118000101{number:04}"}
        return NewEvent(
            stream,
            "volunteer.registered",
            1,
            STAFF,
            {"district": "110101"},
            {PEOPLE[number]: names},
        )
    if seq % 50 == 7:
        other: dict[str, Value] = {
            "originator_version": 3 * seq,
            "state": "e30=",
            "topic": "other:Event",
        }
        return NewEvent(stream, OPAQUE, 1, STAFF, other)
    entered: dict[str, Value] = {"minutes": 30 + seq % 90, "place": "图书馆"}
    return NewEvent(stream, "record.entered", 1, STAFF, entered)


def next_in_stream(seq: int, *, after: int | None = None) -> int | None:
    """Return where the stream of an event goes on, beyond ``after`` where it is given."""
    first = (seq if after is None else after) + 1
    return next((n for n in range(first, SIZE) if stream_of(n) == stream_of(seq)), None)


def seqs_about(number: int) -> list[int]:
    """Return the positions with personal facts of a person."""
    return [n for n in range(1, SIZE) if n % 10 == 5 and person_number(n) == number]


def agreed_before(seq: int) -> int:
    """Return the size of the last checkpoint that does not cover a position."""
    return max((size for size in CHECKPOINTS if size <= seq), default=0)


def root_ripple(seq: int) -> Found:
    """Return what a changed leaf does to the tree."""
    found: Found = {("head_differs", None)}
    if seq < CHECKPOINTS[-1]:
        found.add(("checkpoint_inconsistent", agreed_before(seq)))
    if seq // WIDTH < SIZE // WIDTH:
        found.add(("subtree_differs", seq // WIDTH * WIDTH))
    return found


def ripple(seq: int) -> Found:
    """Return what follows from changed bytes of an entry, whatever was changed in it."""
    found = root_ripple(seq) | {("leaf_differs", seq)}
    if seq + 1 < SIZE:
        found.add(("entry_wrong_prev", seq + 1))
    follower = next_in_stream(seq)
    if follower is not None:
        found.add(("stream_previous", follower))
    return found


def gone(seqs: Sequence[int]) -> Found:
    """Return what follows from missing rows that lie in a row."""
    first, last = seqs[0], seqs[-1]
    found = root_ripple(first) - {("subtree_differs", first // WIDTH * WIDTH)}
    found.add(("entry_missing", first))
    for seq in seqs:
        follower = next_in_stream(seq, after=last)
        if follower is not None:
            found.add(("stream_version", follower))
    return found

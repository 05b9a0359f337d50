"""What is submitted to the log and what comes back; everything is checked before it waits."""

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ledger.proof.canonical import Value, check_value
from ledger.proof.errors import MalformedError
from ledger.proof.facts import (
    STANDARD_FACTS,
    check_actor,
    check_type,
    check_uuid,
)
from ledger.proof.shapes import OPAQUE
from ledger.store.written import Written

EVENTS_MAX = 10_000
"""Events of one submission: they are one transaction, all or none."""
UNCHANGED_MAX = 5_000
"""Streams that one submission may name beside those that it writes to."""


def system_actor(origin: str) -> str:
    """Return who acts when the ledger itself does: one name for each origin."""
    return f"system:{uuid.uuid5(uuid.NAMESPACE_URL, f'https://{origin}')}"


@dataclass(frozen=True, slots=True)
class NewEvent:
    """One event to append to a stream, without what only its place in the log can tell.

    ``facts`` are the plain facts, ``personal`` those about natural persons, by person.
    ``version`` is the place in the stream that the writer decided upon; None takes the
    next one, for events that no decision about the stream's state stands behind.

    Raises:
        MalformedError: A name, type, stream, actor or version is malformed, or a fact
            is named twice or assigned by the log itself.
    """

    stream: str
    type: str
    shape: int
    by: str
    facts: Mapping[str, Value] = field(repr=False)
    personal: Mapping[str, Mapping[str, Value]] = field(default_factory=dict, repr=False)
    version: int | None = None

    def __post_init__(self) -> None:
        check_uuid(self.stream, what="stream")
        check_type(self.type)
        check_actor(self.by)
        if self.version is not None and (type(self.version) is not int or self.version < 1):
            raise MalformedError("version", "an integer from 1", self.version)
        _check_once([STANDARD_FACTS, self.facts, *self.personal.values()])
        for person in self.personal:
            check_uuid(person, what="person")
        if self.type == OPAQUE:
            _check_opaque(self.facts)


def _check_once(groups: Sequence[Collection[str]]) -> None:
    taken = set[str]().union(*groups)
    if len(taken) < sum(map(len, groups)):
        names = Counter(name for group in groups for name in group)
        twice = sorted(name for name, count in names.items() if count > 1)
        raise MalformedError("facts", "each name once in an event", twice)


def _check_opaque(facts: Mapping[str, Value]) -> None:
    if not isinstance(facts.get("topic"), str):
        raise MalformedError("topic", "a string", facts.get("topic"))
    number = facts.get("originator_version")
    if type(number) is not int or number < 0:
        raise MalformedError("originator_version", "an integer from 0", number)


@dataclass(frozen=True, slots=True)
class Tracking:
    """How far the submission's writer has followed another application's events.

    Raises:
        MalformedError: The name or the position is nothing that every database can hold.
    """

    application_name: str
    notification_id: int

    def __post_init__(self) -> None:
        if type(self.application_name) is not str or type(self.notification_id) is not int:
            raise MalformedError("tracking", "a string and an integer", self)
        check_value(self.application_name, what="tracking: application_name")
        check_value(self.notification_id, what="tracking: notification_id")


@dataclass(frozen=True, slots=True)
class Submission:
    """Events that are appended together or not at all; ``id`` tells the append from others.

    ``unchanged`` has the streams that the decision rests on, by the version that was read;
    0 says that there is no such stream. They must stand there where the submission's first
    entry comes into the log; only the log's own `clock.doubted` may come between.

    Raises:
        MalformedError: There are too many events or streams, or a stream or a version is
            malformed.
    """

    id: uuid.UUID
    events: Sequence[NewEvent]
    tracking: Tracking | None = None
    unchanged: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.events) > EVENTS_MAX:
            raise MalformedError("submission", f"at most {EVENTS_MAX} events", len(self.events))
        if self.unchanged:
            # A copy: what was checked is what is asked, whoever holds the caller's.
            object.__setattr__(self, "unchanged", _checked_versions(self.unchanged))


def _checked_versions(unchanged: Mapping[str, int]) -> dict[str, int]:
    if len(unchanged) > UNCHANGED_MAX:
        want = f"at most {UNCHANGED_MAX} unchanged streams"
        raise MalformedError("submission", want, len(unchanged))
    own = dict(unchanged)
    for stream, version in own.items():
        check_uuid(stream, what="unchanged stream")
        if type(version) is not int or version < 0:
            raise MalformedError("unchanged stream", "an integer from 0", version)
    return own


@dataclass(frozen=True, slots=True)
class Appended:
    """The entries ``first_seq`` to ``first_seq + count - 1`` are durable.

    ``written`` holds all of them, or none where they have to be read.
    """

    first_seq: int
    count: int
    written: Sequence[Written] = field(default=(), repr=False, compare=False)

    def __reduce__(self) -> tuple[type["Appended"], tuple[int, int]]:
        """Another process reads them."""
        return Appended, (self.first_seq, self.count)


class FieldsError(Exception):
    """An error whose fields travel with it to another process."""

    def __reduce__(self) -> tuple[type["FieldsError"], tuple[object, ...]]:
        values = (getattr(self, name) for name in getattr(self, "__dataclass_fields__", {}))
        return type(self), tuple(values)


@dataclass(eq=False)
class StreamMovedOn(FieldsError):
    """Somebody else wrote to the stream first; nothing of the submission was appended.

    Of a stream that is written to, ``want`` is the version that comes next and ``got`` the
    one that was decided upon; of one that must be unchanged, ``want`` is the version at
    which it stands and ``got`` the one that was named. Load it again and decide anew.
    """

    stream: str
    want: int
    got: int


@dataclass(eq=False)
class TrackingMovedOn(FieldsError):
    """The position was recorded before, or a later one was; nothing was appended."""

    application_name: str
    want: int
    got: int


@dataclass(eq=False)
class PersonErased(FieldsError):
    """The person's data key is closed for good; nothing of the submission was appended."""

    person: str


@dataclass(eq=False)
class OutcomeUnknownError(FieldsError):
    """The connection broke during the commit and the database cannot be asked.

    Before trying again, read back by the submission's id: it may have been appended.
    """

    submission: uuid.UUID


@dataclass(eq=False)
class LedgerMissingError(FieldsError):
    """The database holds no ledger of this origin; ``ledger init`` creates one."""

    origin: str


@dataclass(eq=False)
class LedgerExistsError(FieldsError):
    """The database holds a ledger of this origin already; it is untouched."""

    origin: str


class StorageLostError(FieldsError):
    """A write was lost in this process, so it writes no more; nothing was appended.

    A later success would say nothing about what the disk dropped: start a new process.
    """


class HeadTamperedError(FieldsError):
    """The head row does not carry the service's own seal; nothing is appended or signed.

    Run ``ledger audit verify`` to learn what was changed.
    """


@dataclass(eq=False)
class RolledBackError(FieldsError):
    """The database does not continue what the head register has seen.

    ``want`` is the registered head, ``got`` what the database holds, both as text of a
    checkpoint. Nothing is appended or signed until the missing entries are restored.
    """

    want: str
    got: str


@dataclass(eq=False)
class StreamDamagedError(FieldsError):
    """A row of a stream is not the entry of the log that it pretends to be.

    ``seq`` is the row's own claim; where one is missing, that of the row beside it. Nothing
    of the submission was appended, nothing is decided by the stream; others go on. Restore
    the row as it was; ``ledger audit verify`` names what was changed.
    """

    stream: str
    seq: int


@dataclass(eq=False)
class UnwitnessedError(FieldsError):
    """The log would run too far ahead of its witnesses; nothing was appended.

    ``size`` is how large the log is, ``witnessed`` the last size with a quorum, 0 where
    there is none yet, ``allowed`` how many entries may lie beyond it.
    """

    size: int
    witnessed: int
    allowed: int


@dataclass(eq=False)
class ClockInDoubtError(FieldsError):
    """The clock stands further after every known instant than it may; nothing was appended.

    ``reference`` is the newest of them. Put the clock right, or say that it is.
    """

    now: datetime
    reference: datetime


@dataclass(eq=False)
class PlantedRowError(FieldsError):
    """A row that nobody appended stands in the way of an entry; nothing was appended.

    It stands in ``table``, for an entry ``seq`` or one soon after it. Remove it by hand;
    it was never part of the log.
    """

    table: str
    seq: int

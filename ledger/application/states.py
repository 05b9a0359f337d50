"""What is known of the ledger's things: states folded from proved streams, with their version.

A state may be remembered, and so be older than the log: an append says which versions its
decision rests on, so that an old one is noticed at the commit, and nothing is refused but on
a state that was read afresh (`ledger.application.desk`).
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import UnionType
from typing import Any, Generic, Protocol, TypeVar, cast, get_args
from uuid import UUID

from ledger.domain import (
    access,
    account,
    activity,
    certificate,
    evidence_files,
    identity,
    organization,
    presence,
    record,
    rules,
    volunteer,
)
from ledger.domain.access import SignIn, SignInEvent
from ledger.domain.account import Account, AccountEvent
from ledger.domain.activity import Activity, ActivityEvent, ProjectNo, ProjectNoClaimed
from ledger.domain.catalogue import EVENTS
from ledger.domain.certificate import Certificate, CertificateEvent
from ledger.domain.event import Actor, ActorKind, Event, Happened
from ledger.domain.evidence_files import EvidenceFile, EvidenceFileEvent
from ledger.domain.identity import Identity, IdentityEvent
from ledger.domain.imports import Import, ImportEvent, RowKept, evolve_row
from ledger.domain.imports import evolve as evolve_import
from ledger.domain.notices import Inbox, InboxEvent
from ledger.domain.notices import evolve as evolve_inbox
from ledger.domain.organization import CreditCode, Organization, evolve_code
from ledger.domain.organization.credit_code_claims import CreditCodeEvent
from ledger.domain.organization.events import OrganizationEvent
from ledger.domain.presence import Presence, PresenceEvent
from ledger.domain.record import Record, RecordEvent
from ledger.domain.rules import RuleBook
from ledger.domain.rules.events import Event as RulesEvent
from ledger.domain.stored import StoredEventError, decode_event
from ledger.domain.submissions import Received, SubmissionEvent
from ledger.domain.submissions import evolve as evolve_submission
from ledger.domain.volunteer import VolunteerEvent
from ledger.domain.volunteer.state import Volunteer
from ledger.store.stream_opening import StoredEvent

S = TypeVar("S")
T = TypeVar("T")

REMEMBERED_MAX = 20_000
"""States that one process remembers, of those that were used last."""


class Kind(Generic[S]):
    """A kind of thing: which events its stream holds, and how they are folded."""

    def __init__(
        self, name: str, events: Any, evolve: Callable[[S | None, Any, Happened], S]
    ) -> None:
        kinds = get_args(events) if isinstance(events, UnionType) else (events,)
        self.name = name
        self.types = frozenset(kind.TYPE for kind in kinds)
        self.evolve = evolve


ORGANIZATION: Kind[Organization] = Kind("organization", OrganizationEvent, organization.evolve)
CREDIT_CODE: Kind[CreditCode] = Kind("credit code", CreditCodeEvent, evolve_code)
VOLUNTEER: Kind[Volunteer] = Kind("volunteer", VolunteerEvent, volunteer.evolve)
IDENTITY: Kind[Identity] = Kind("identity", IdentityEvent, identity.evolve)
ACCOUNT: Kind[Account] = Kind("account", AccountEvent, account.evolve)
ACTIVITY: Kind[Activity] = Kind("activity", ActivityEvent, activity.evolve)
PROJECT_NO: Kind[ProjectNo] = Kind(
    "project number", ProjectNoClaimed, activity.evolve_project_no
)
PRESENCE: Kind[Presence] = Kind("presence", PresenceEvent, presence.evolve)
RECORD: Kind[Record] = Kind("record", RecordEvent, record.evolve)
CERTIFICATE: Kind[Certificate] = Kind("certificate", CertificateEvent, certificate.evolve)
EVIDENCE: Kind[EvidenceFile] = Kind("evidence file", EvidenceFileEvent, evidence_files.evolve)
SUBMISSION: Kind[Received] = Kind("submission", SubmissionEvent, evolve_submission)
IMPORT: Kind[Import] = Kind("import", ImportEvent, evolve_import)
ROW: Kind[RowKept] = Kind("row", RowKept, evolve_row)
INBOX: Kind[Inbox] = Kind("inbox", InboxEvent, evolve_inbox)
SIGN_IN: Kind[SignIn] = Kind("sign-in", SignInEvent, access.evolve)
RULES: Kind[RuleBook] = Kind("rules", RulesEvent, rules.evolve)


@dataclass(frozen=True, slots=True)
class Known(Generic[S]):
    """A state with the version of its stream, and the last seq that it rests on.

    ``state`` None, version 0 and seq -1 say that there is no such thing.
    """

    state: S | None
    version: int
    seq: int


@dataclass(frozen=True, slots=True)
class Read:
    """One event of a stream as it was decoded, with where it stands in the log."""

    event: Event
    happened: Happened
    seq: int


@dataclass(eq=False)
class ForeignStreamError(Exception):
    """The stream of this id is another kind of thing's; nothing is to be concluded from it."""

    stream: UUID
    kind: str


class Streams(Protocol):
    """Reads streams whose every row is proved under the sealed head."""

    def read(self, stream: str) -> Sequence[StoredEvent]:
        """Return the events of a stream in order; none where there is none."""

    def read_many(
        self, streams: Collection[str]
    ) -> Mapping[str, Sequence[StoredEvent] | Exception]:
        """Return the events of several streams, or for each the error that `read` raises."""


class States:
    """The states of one ledger, from any thread."""

    def __init__(self, streams: Streams, *, remembered_max: int = REMEMBERED_MAX) -> None:
        self._streams = streams
        self._remembered_max = remembered_max
        # Which kind of thing a stream is of stands beside it: of one, if it is there at all.
        self._remembered: OrderedDict[UUID, tuple[str, Known[Any]]] = OrderedDict()
        self._entering = threading.Lock()

    def get(
        self, kind: Kind[S], stream: UUID, *, fresh: bool = False, absent: bool = False
    ) -> Known[S]:
        """Return a state, read again where ``fresh`` is asked for.

        With ``absent`` it may be remembered that there was none: for whoever appends on
        condition that there still is none.

        Raises:
            ForeignStreamError: The stream is another kind of thing's.
            As `StreamReader.read`.
        """
        known = None if fresh else self._recall(kind, stream)
        if known is not None and (known.version or absent):
            return known
        known = fold(kind, self.events(kind, stream))
        if known.version or absent:
            self._remember(kind, stream, known)
        return known

    def prefetch(self, wanted: Iterable[tuple[Kind[Any], UUID]]) -> None:
        """Read at once what is not remembered, for whoever appends on condition of it.

        What cannot be read is left to `get`, which says why.
        """
        missing = {
            str(stream): (kind, stream)
            for kind, stream in wanted
            if not self._recall(kind, stream)
        }
        found = self._streams.read_many(missing) if missing else {}
        for name, stored in found.items():
            kind, stream = missing[name]
            if isinstance(stored, Exception) or not self._is_of(kind, stored):
                continue
            # What one stream has come to concerns nobody whose streams are read beside it.
            with suppress(StoredEventError, LookupError, ValueError, TypeError):
                self._remember(kind, stream, fold(kind, [decode(each) for each in stored]))

    def at(self, kind: Kind[S], stream: UUID, *, size: int | None) -> Known[S]:
        """Return a state as it was when the log had a size; None is now, read afresh.

        Raises:
            As `get`.
        """
        return fold(kind, self.events(kind, stream, size=size))

    def events(
        self, kind: Kind[Any], stream: UUID, *, size: int | None = None
    ) -> Sequence[Read]:
        """Return the events of a stream, of the log's first ``size`` entries.

        Raises:
            As `get`.
        """
        stored = self._streams.read(str(stream))
        if not self._is_of(kind, stored):
            raise ForeignStreamError(stream, kind.name)
        return [decode(each) for each in stored if size is None or each.seq < size]

    def many(
        self, kind: Kind[Any], streams: Collection[UUID], *, size: int | None = None
    ) -> Mapping[UUID, Sequence[Read]]:
        """Return the events of several streams, as `events` does, read at once.

        Raises:
            As `events`, for the first of them.
        """
        found: dict[UUID, Sequence[Read]] = {}
        for name, stored in self._streams.read_many([str(each) for each in streams]).items():
            if isinstance(stored, Exception):
                raise stored
            if not self._is_of(kind, stored):
                raise ForeignStreamError(UUID(name), kind.name)
            found[UUID(name)] = [
                decode(each) for each in stored if size is None or each.seq < size
            ]
        return found

    def forget(self, streams: Iterable[UUID]) -> None:
        """Read these anew when they are asked for next."""
        with self._entering:
            for stream in streams:
                self._remembered.pop(stream, None)

    def forget_all(self) -> None:
        """Read everything anew: a person was erased, and states hold what was known of her."""
        with self._entering:
            self._remembered.clear()

    @staticmethod
    def _is_of(kind: Kind[Any], stored: Sequence[StoredEvent]) -> bool:
        return not stored or stored[0].type in kind.types

    def _recall(self, kind: Kind[S], stream: UUID) -> Known[S] | None:
        with self._entering:
            name, known = self._remembered.get(stream, (kind.name, None))
            if known is None or (name != kind.name and known.version):
                return None
            self._remembered.move_to_end(stream)
            return known

    def _remember(self, kind: Kind[Any], stream: UUID, known: Known[Any]) -> None:
        with self._entering:
            _, before = self._remembered.get(stream, ("", None))
            if before is None or before.version <= known.version:
                self._remembered[stream] = kind.name, known
                self._remembered.move_to_end(stream)
            while len(self._remembered) > self._remembered_max:
                self._remembered.popitem(last=False)


def fold(kind: Kind[S], events: Iterable[Read]) -> Known[S]:
    """Return the state to which events lead."""
    state: S | None = None
    version, seq = 0, -1
    for each in events:
        state = kind.evolve(state, each.event, each.happened)
        version, seq = each.happened.version, each.seq
    return Known(state, version, seq)


def decode(stored: StoredEvent) -> Read:
    """Return an event of the domain as it was stored.

    Raises:
        KeyError: No such event was ever published.
        StoredEventError: Its facts are none of the published shape.
    """
    opened = {
        name: value for group in stored.personal.values() for name, value in group.items()
    }
    kind = EVENTS[stored.type, stored.shape]
    event = decode_event(kind, cast("Any", stored.facts), cast("Any", opened))
    happened = Happened(actor_of(stored.by), stored.time, stored.version)
    return Read(event, happened, stored.seq)


def actor_of(by: str) -> Actor:
    """Return the actor of which this is the fact ``by``."""
    kind, _, actor = by.partition(":")
    return Actor(ActorKind(kind), UUID(actor))

"""Where commands are decided and appended: remembered states first, fresh ones before a no.

read states ─► decide ─► append, if nothing that was read has moved on
     ▲           │ refused on a remembered state, or moved on: once more, read afresh
     └───────────┘
refused on a fresh state: the refusal is an entry too, then the caller is told
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.docket import Docket
from ledger.application.states import ForeignStreamError, Kind, States
from ledger.domain.event import Act
from ledger.domain.refusal import Refused, refuse
from ledger.store.event import (
    Appended,
    FieldsError,
    OutcomeUnknownError,
    PersonErased,
    StreamMovedOn,
    Submission,
)

T = TypeVar("T")

ATTEMPTS_MAX = 12
"""A decision is taken anew so often when others write to the same streams; then it is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What is attempted: ``act`` as the documents name it, on the thing ``target``.

    ``digest`` is that of the signed submission that asks for it, in lower-case hex.
    """

    act: str
    target: UUID | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """The version of a stream upon which somebody decided to act (RFC 9110, If-Match)."""

    kind: Kind[Any]
    stream: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What was appended, and what the decision has to say of it."""

    value: T
    appended: Appended
    submission: UUID


@dataclass(eq=False)
class ActRefused(FieldsError):
    """The act is refused, for every reason that could be seen; the attempt is recorded."""

    refused: Refused


@dataclass(eq=False)
class VersionMismatch(FieldsError):
    """The thing is at another version than the caller has seen; nothing was appended."""

    want: int
    got: int


@dataclass(frozen=True, slots=True)
class Wanted(Generic[T]):
    """An act as `Desk.perform` takes it, which may be tried together with others."""

    caller: Caller
    decide: Callable[[Docket], T | Refused]
    id: UUID


class ContendedError(FieldsError):
    """Others kept writing to the same things meanwhile; nothing was appended. Try again."""


class _Torn(Exception):
    """What was decided rests on states that may never have been at once."""


class Appends(Protocol):
    """The door to the log."""

    def append(self, submission: Submission) -> Appended:
        """Append all or nothing; durable when it returns."""

    def submit(self, submission: Submission) -> "Future[Appended]":
        """Queue a submission; the future answers as `append` does."""

    def find(self, submission_id: UUID) -> Appended | None:
        """Return where a submission's entries are, if it was appended."""


class Refusals(Protocol):
    """Keeps what was attempted and refused."""

    def check(self) -> None:
        """Return while a refusal can be written down; without that, nothing is done."""

    def record(self, caller: Caller, intent: Intent, refused: Refused) -> None:
        """Write down a refusal, durably, or raise."""


class Desk:
    """Decides and appends for one ledger, from any thread."""

    def __init__(
        self,
        states: States,
        appends: Appends,
        refusals: Refusals,
        *,
        now: Callable[[], datetime],
        random_uuid: Callable[[], UUID],
    ) -> None:
        self.states = states
        self._appends = appends
        self._refusals = refusals
        self.now = now
        self.random_uuid = random_uuid

    def perform(
        self,
        caller: Caller,
        intent: Intent,
        decide: Callable[[Docket], T | Refused],
        *,
        expected: Expected | None = None,
        id_: UUID | None = None,
    ) -> Done[T]:
        """Return what was appended as ``decide`` had it, with its value.

        ``decide`` reads states from the docket, adds events to it, and may be called again
        with another one. A refusal adds nothing. ``id_`` is the submission's, if it has one.

        Raises:
            ActRefused: The act is refused; the refusal is in the log.
            VersionMismatch: The caller has seen another version.
            ContendedError: Others were faster each time.
            As `Appender.append`.
        """
        self._refusals.check()
        fresh = False
        for _ in range(ATTEMPTS_MAX):
            docket = Docket(self.states, Act(caller.actor, self.now()), fresh)
            done = self._attempt(docket, decide, expected, id_ or self.random_uuid())
            if isinstance(done, Done):
                return done
            if isinstance(done, Refused) and fresh:
                self.refuse(caller, intent, done)
            fresh = True
        raise ContendedError

    def try_together(self, wanted: Sequence[Wanted[T]]) -> Sequence[Done[T] | Exception | None]:
        """Decide several acts on remembered states, and append them in one go.

        Returns:
            For each what was appended; or the error that `perform` would raise; or None, where
            nothing was appended and it has to be performed by itself: it may be refused,
            somebody else was faster, or its states must be read afresh.
        """
        self._refusals.check()
        begun = [self._begun(each) for each in wanted]
        return [None if each is None else self._ended(each) for each in begun]

    def _begun(self, wanted: Wanted[T]) -> "_Begun[T] | None":
        docket = Docket(self.states, Act(wanted.caller.actor, self.now()))
        try:
            value = self._decided(docket, wanted.decide, None)
            if isinstance(value, Refused) or docket.is_empty:
                return None
            submission = docket.submission(wanted.id)
            return _Begun(value, docket, submission, self._appends.submit(submission))
        except Exception:  # noqa: BLE001 - nothing was queued; by itself, it raises this again
            return None

    def _ended(self, begun: "_Begun[T]") -> Done[T] | Exception | None:
        submission = begun.submission
        try:
            appended = self._found(submission, begun.answer.result)
        except (StreamMovedOn, PersonErased):
            self.states.forget(begun.docket.streams())
            return None
        except Exception as error:  # noqa: BLE001 - told to whoever asked for this one
            return error
        self.states.forget(UUID(event.stream) for event in submission.events)
        return Done(begun.value, appended, submission.id)

    def refuse(self, caller: Caller, intent: Intent, refused: Refused) -> None:
        """Write a refusal down and tell it.

        Raises:
            ActRefused: Always, once it is written down.
        """
        self._refusals.record(caller, intent, refused)
        raise ActRefused(refused)

    def _attempt(
        self,
        docket: Docket,
        decide: Callable[[Docket], T | Refused],
        expected: Expected | None,
        id_: UUID,
    ) -> Done[T] | Refused | None:
        """Return what was appended, or the refusal; None where somebody else was faster."""
        try:
            value = self._decided(docket, decide, expected)
        except _Torn:
            return None
        except ForeignStreamError:
            value = refuse("thing_is_another")
        if isinstance(value, Refused):
            return value
        if docket.is_empty:
            raise ValueError("a decision that is no refusal adds events")
        submission = docket.submission(id_)
        try:
            appended = self._found(submission, lambda: self._appends.append(submission))
        except StreamMovedOn:
            self.states.forget(docket.streams())
            return None
        except PersonErased:
            self.states.forget(docket.streams())
            # Who was erased stays erased: to decide anew on fresh states is no use.
            return refuse("person_is_erased") if docket.is_fresh else None
        # What was written is read back: when it was sequenced, only the log knows.
        self.states.forget(UUID(event.stream) for event in submission.events)
        return Done(value, appended, submission.id)

    def _decided(
        self, docket: Docket, decide: Callable[[Docket], T | Refused], expected: Expected | None
    ) -> T | Refused:
        """Return what was decided on states of one moment.

        Raises:
            _Torn: They may be of several, or the caller may have seen a newer one.
        """
        if expected is not None:
            got = docket.version(expected.kind, expected.stream)
            if got != expected.version:
                raise VersionMismatch(expected.version, got) if docket.is_fresh else _Torn
        try:
            value = decide(docket)
        except (ValueError, LookupError):
            # States of different moments may contradict each other: then nobody is mistaken.
            if docket.is_fresh and not docket.has_moved_on():
                raise
            raise _Torn from None
        if isinstance(value, Refused) and docket.is_fresh and docket.has_moved_on():
            raise _Torn
        return value

    def _found(self, submission: Submission, append: Callable[[], Appended]) -> Appended:
        """Return what was appended; where nobody knows, the log is asked."""
        try:
            return append()
        except OutcomeUnknownError as unknown:
            try:
                found = self._appends.find(submission.id)
            except Exception:  # noqa: BLE001 - whatever it is, the append is as unknown as before
                # Who is told of another error might take back what the log already names.
                raise unknown  # noqa: B904 - its cause is what broke the append
            if found is None:
                raise
            return found


@dataclass(frozen=True, slots=True)
class _Begun(Generic[T]):
    """An act whose append is under way."""

    value: T
    docket: Docket
    submission: Submission
    answer: "Future[Appended]"

"""Signed submissions: received once, decided as one act or item by item, kept with their proof.

    parse ─► whose key? ─► verify ─► for us, and of today? ─► decide ─► append ─► receipt

Until the signature is verified, nobody known has asked for anything. What follows is the key's
doing: its refusals are entries, its success is one submission whose stream's id follows from
organization and `jti`, so that the same bytes lead to the same receipt, whoever sends them.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from pydantic import ValidationError

from ledger.application.callers import Caller
from ledger.application.desk import ActRefused, Done, Intent, Wanted
from ledger.application.forms.reasons import form_reasons
from ledger.application.key_holders import KeyHolders
from ledger.application.office import Office
from ledger.application.reading import HiddenError, deny, may_read_of
from ledger.application.receipts import Receipt
from ledger.application.refusals import Refusals
from ledger.application.signed_body import (
    UnusableSubmissionError,
    parse_body,
    read_manifest,
)
from ledger.application.states import SUBMISSION
from ledger.application.submission_attempt import (
    SUBMIT,
    Attempt,
    ItemOutcome,
    KnownBefore,
    Turn,
    prefetch,
)
from ledger.domain.refusal import Refusal, Refused, refuse
from ledger.domain.refused_acts import ActRefused as ActRefusedEvent
from ledger.domain.submissions import Received
from ledger.store.event import Appended

TOGETHER_MAX = 20
"""A submission of more items goes its own way: others need not wait until it is decided."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a submission; ``is_known`` says that it had been received before."""

    submission: UUID
    items: tuple[ItemOutcome, ...]
    appended: Appended
    receipt: Receipt
    is_known: bool


@dataclass(frozen=True, slots=True)
class Apart:
    """A submission whose signature is proved, and that is decided by itself."""

    attempt: Attempt
    intent: Intent

    @property
    def is_small(self) -> bool:
        """Whether it may be decided with others: none has to wait for it long."""
        return self.attempt.size <= TOGETHER_MAX


Settled: TypeAlias = tuple[Done[list[ItemOutcome]], Receipt]


class Submissions:
    """Receives what organizations' systems sign."""

    def __init__(self, office: Office, refusals: Refusals) -> None:
        self._office = office
        self._refusals = refusals
        self.holders = KeyHolders(office, refusals)
        # Side by side, threads that compute only keep each other waiting.
        self._deciding = threading.Lock()
        self._large = threading.Lock()

    def receive(self, content: bytes, address: str) -> Outcome:
        """Return what became of a submission; ``address`` is whence it came.

        Raises:
            UnusableSubmissionError: It has not the form of one.
            UnprovenSignatureError: Nobody known has signed it; the attempt is written down.
            As `Desk.perform`.
        """
        (answer,) = self.receive_all([(content, address)])
        if isinstance(answer, Apart):
            return self.perform(answer)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def receive_all(
        self, asked: Sequence[tuple[bytes, str]]
    ) -> Sequence[Outcome | Exception | Apart]:
        """Return what became of several submissions, each with the address whence it came.

        Returns:
            For each what `receive` returns, or the error that it raises; or what is left for
            `perform`, because it would keep the others waiting.

        Raises:
            SecurityLogError: No refusal could be written down: nothing is done.
        """
        self._refusals.check()
        read = [self._read(content, address) for content, address in asked]
        small = [each for each in read if isinstance(each, Apart) and each.is_small]
        attempts = [each.attempt for each in small]
        with self._deciding:
            settled = self._settled(attempts) if attempts else ()
        found = dict(zip(map(id, small), settled, strict=True))
        return [
            each if isinstance(each, Exception) else _answer(each, found.get(id(each)))
            for each in read
        ]

    def perform(self, apart: Apart) -> Outcome:
        """Return what became of a submission that goes its own way.

        Raises:
            As `Desk.perform`.
        """
        if apart.is_small:
            return self._performed(apart)
        with self._large:
            return self._performed(apart)

    def _read(self, content: bytes, address: str) -> Apart | Exception:
        """Return a submission that somebody known has signed, or the error to be raised."""
        try:
            return self._attempted(content, address)
        except Exception as error:  # noqa: BLE001 - raised where it was asked for
            return error

    def _attempted(self, content: bytes, address: str) -> Apart:
        try:
            body = parse_body(content)
        except UnusableSubmissionError as error:
            self._refusals.note_anonymous(SUBMIT, error.code, address)
            raise
        caller = self.holders.caller(body, SUBMIT, address)
        intent = Intent(act=SUBMIT, digest=body.digest)
        try:
            manifest = read_manifest(body)
        except UnusableSubmissionError as error:
            self._office.desk.refuse(caller, intent, refuse(error.code, error.name))
            raise
        except ValidationError as error:
            reasons = form_reasons(error.errors(), "manifest")
            self._office.desk.refuse(caller, intent, Refused(reasons))
            raise
        return Apart(Attempt(self._office, caller, body, manifest), intent)

    def find(self, caller: Caller, submission: UUID) -> Outcome:
        """Return what became of a submission that the caller's organization answers for.

        Raises:
            HiddenError: There is none, or it is another organization's.
            As `States.get` and `Receipts.of`.
        """
        known = self._office.states.at(SUBMISSION, submission, size=None).state
        if known is None:
            raise HiddenError
        if not may_read_of(self._office, caller, known.organization):
            deny(self._office, caller, "submission.read", submission)
        return self._known(known)

    def _settled(self, attempts: Sequence[Attempt]) -> Sequence[Settled | Exception | None]:
        """Decide, append and prove what came in at once; None is left to be done by itself."""
        turn = Turn()
        for each in attempts:
            each.join(turn)
        prefetch(self._office, turn)
        wanted = [Wanted(each.caller, each.decide, each.stream) for each in attempts]
        found = self._office.desk.try_together(wanted)
        done = [each for each in found if isinstance(each, Done)]
        receipts = iter(
            self._office.receipts.of_all([(each.appended, each.submission) for each in done])
        )
        return [(each, next(receipts)) if isinstance(each, Done) else each for each in found]

    def _performed(self, apart: Apart) -> Outcome:
        attempt, intent = apart.attempt, apart.intent
        desk = self._office.desk
        try:
            done = desk.perform(attempt.caller, intent, attempt.decide, id_=attempt.stream)
        except KnownBefore as known:
            return self._known(known.received)
        except ActRefused as error:
            # An item may be refused because of what this very submission did before.
            known_state = self._office.states.at(SUBMISSION, attempt.stream, size=None).state
            if known_state is not None and known_state.digest == attempt.body.digest:
                return self._known(known_state)
            raise error from None
        receipt = self._office.receipts.of(done.appended, attempt.stream)
        return _taken_in(attempt, done, receipt)

    def _known(self, received: Received) -> Outcome:
        """Return the same answer as before: what was received is in the log."""
        events = self._office.states.events(SUBMISSION, received.id)
        last = events[-1].seq
        appended = Appended(last + 1 - received.entries, received.entries)
        receipt = self._office.receipts.of(appended, received.id)
        items = _outcomes(received, receipt)
        return Outcome(received.id, items, appended, receipt, is_known=True)


def _answer(asked: Apart, settled: Settled | Exception | None) -> Outcome | Exception | Apart:
    if settled is None:
        return asked
    return settled if isinstance(settled, Exception) else _taken_in(asked.attempt, *settled)


def _taken_in(attempt: Attempt, done: Done[list[ItemOutcome]], receipt: Receipt) -> Outcome:
    return Outcome(attempt.stream, tuple(done.value), done.appended, receipt, is_known=False)


def _outcomes(received: Received, receipt: Receipt) -> tuple[ItemOutcome, ...]:
    """Return what became of each item: those that were refused have an entry each, in order."""
    things = dict(received.things)
    refused = iter(
        each.facts["codes"]
        for each in receipt.entries
        if each.type == ActRefusedEvent.TYPE and isinstance(each.facts["codes"], list)
    )
    return tuple(
        ItemOutcome(index, things[index])
        if index in things
        else ItemOutcome(index, None, _reasons(index, next(refused, [])))
        for index in range(received.items)
    )


def _reasons(index: int, codes: object) -> tuple[Refusal, ...]:
    named = codes if isinstance(codes, list) else []
    return tuple(Refusal(str(code), f"records.{index}") for code in named)

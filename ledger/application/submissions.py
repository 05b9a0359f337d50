"""Signed submissions: received once, decided as one act or item by item, kept with their proof.

    parse ─► whose key? ─► verify ─► for us, and of today? ─► decide ─► append ─► receipt

Until the signature is verified, nobody known has asked for anything. What follows is the key's
doing: its refusals are entries, its success is one submission whose stream's id follows from
organization and `jti`, so that the same bytes lead to the same receipt, whoever sends them.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import NoReturn, TypeAlias
from uuid import UUID

from pydantic import ValidationError

from ledger.application.callers import Caller
from ledger.application.desk import ActRefused, Done, Intent, Wanted
from ledger.application.forms.reasons import form_reasons
from ledger.application.key_holders import KeyHolders, Unproven
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
    """What goes its own way, because it would keep the others of its turn waiting.

    ``perform`` returns what became of a submission, or raises as `Submissions.receive` does.
    """

    perform: Callable[[], Outcome]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A submission that somebody known has signed."""

    attempt: Attempt
    intent: Intent


Answer: TypeAlias = Outcome | Exception | Apart
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
            return answer.perform()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def receive_all(self, asked: Sequence[tuple[bytes, str]]) -> Sequence[Answer]:
        """Return what became of several submissions, each with the address whence it came.

        Returns:
            For each what `receive` returns, or the error that it raises; or what is left to
            be done by itself: it is large, or has to be refused, which is written down.

        Raises:
            SecurityLogError: No refusal could be written down: nothing is done.
        """
        self._refusals.check()
        read = [self._read(content, address) for content, address in asked]
        small = [
            each
            for each in read
            if isinstance(each, _Asked) and each.attempt.size <= TOGETHER_MAX
        ]
        settled = dict(zip(map(id, small), self._settled(small), strict=True))
        return [
            self._answer(each, settled.get(id(each))) if isinstance(each, _Asked) else each
            for each in read
        ]

    def _read(self, content: bytes, address: str) -> _Asked | Apart | Exception:
        """Return what somebody known has signed; nothing is written down here yet."""
        try:
            return self._asked(content, address)
        except Exception as error:  # noqa: BLE001 - raised where it was asked for
            return error

    def _asked(self, content: bytes, address: str) -> _Asked | Apart:
        try:
            body = parse_body(content)
        except UnusableSubmissionError as error:
            return Apart(partial(self._refuse_anonymous, error, address))
        caller = self.holders.find(body)
        if isinstance(caller, Unproven):
            return Apart(partial(self.holders.refuse, body, caller, SUBMIT, address))
        intent = Intent(act=SUBMIT, digest=body.digest)
        try:
            manifest = read_manifest(body)
        except UnusableSubmissionError as error:
            refused = refuse(error.code, error.name)
            return Apart(partial(self._refuse, caller, intent, refused, error))
        except ValidationError as error:
            refused = Refused(form_reasons(error.errors(), "manifest"))
            return Apart(partial(self._refuse, caller, intent, refused, error))
        return _Asked(Attempt(self._office, caller, body, manifest), intent)

    def _refuse_anonymous(self, error: UnusableSubmissionError, address: str) -> NoReturn:
        self._refusals.note_anonymous(SUBMIT, error.code, address)
        raise error

    def _refuse(
        self, caller: Caller, intent: Intent, refused: Refused, error: Exception
    ) -> NoReturn:
        self._office.desk.refuse(caller, intent, refused)
        raise error

    def _answer(self, asked: _Asked, settled: Settled | Exception | None) -> Answer:
        if isinstance(settled, Exception):
            return settled
        if settled is not None:
            return _taken_in(asked.attempt, *settled)
        return Apart(partial(self._performed, asked))

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

    def _settled(self, asked: Sequence[_Asked]) -> Sequence[Settled | Exception | None]:
        """Decide, append and prove what came in at once; None is left to be done by itself."""
        if not asked:
            return []
        try:
            with self._deciding:
                return self._decided([each.attempt for each in asked])
        except Exception as error:  # noqa: BLE001 - told to these, and not to the refused
            return [error] * len(asked)

    def _decided(self, attempts: Sequence[Attempt]) -> Sequence[Settled | Exception | None]:
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

    def _performed(self, asked: _Asked) -> Outcome:
        """Decide one by itself; the large take turns."""
        is_large = asked.attempt.size > TOGETHER_MAX
        with self._large if is_large else nullcontext():
            return self._alone(asked.attempt, asked.intent)

    def _alone(self, attempt: Attempt, intent: Intent) -> Outcome:
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

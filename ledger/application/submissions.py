"""Signed submissions: received once, decided as one act or item by item, kept with their proof.

    parse ─► whose key? ─► verify ─► for us, and of today? ─► decide ─► append ─► receipt

Until the signature is verified, nobody known has asked for anything. What follows is the key's
doing: its refusals are entries, its success is one submission whose stream's id follows from
organization and `jti`, so that the same bytes lead to the same receipt, whoever sends them.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
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
from ledger.store.together import TogetherFor

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


class Submissions:
    """Receives what organizations' systems sign."""

    def __init__(self, office: Office, refusals: Refusals) -> None:
        self._office = office
        self._refusals = refusals
        self.holders = KeyHolders(office, refusals)
        self._settle = TogetherFor(self._settled)
        # Side by side, threads that compute only keep each other waiting.
        self._large = threading.Lock()

    def receive(self, content: bytes, address: str) -> Outcome:
        """Return what became of a submission; ``address`` is whence it came.

        Raises:
            UnusableSubmissionError: It has not the form of one.
            UnprovenSignatureError: Nobody known has signed it; the attempt is written down.
            As `Desk.perform`.
        """
        self._refusals.check()
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
        return self._decided(Attempt(self._office, caller, body, manifest), intent)

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

    def _settled(
        self, attempts: Sequence[Attempt]
    ) -> Sequence[tuple[Done[list[ItemOutcome]], Receipt] | Exception | None]:
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

    def _decided(self, attempt: Attempt, intent: Intent) -> Outcome:
        if attempt.size <= TOGETHER_MAX:
            settled = self._settle(attempt)
            if isinstance(settled, Exception):
                raise settled
            if settled is not None:
                done, receipt = settled
                return _taken_in(attempt, done, receipt)
            return self._performed(attempt, intent)
        with self._large:
            return self._performed(attempt, intent)

    def _performed(self, attempt: Attempt, intent: Intent) -> Outcome:
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

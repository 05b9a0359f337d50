"""Signed submissions: received once, decided as one act or item by item, kept with their proof.

    parse ─► whose key? ─► verify ─► for us, and of today? ─► decide ─► append ─► receipt

Until the signature is verified, nobody known has asked for anything. What follows is the key's
doing: its refusals are entries, its success is one submission whose stream's id follows from
organization and `jti`, so that the same bytes lead to the same receipt, whoever sends them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from pydantic import ValidationError

from ledger.application.callers import Caller, as_key
from ledger.application.desk import ActRefused, Desk, Intent
from ledger.application.docket import Docket
from ledger.application.entering import Sent
from ledger.application.forms.reasons import form_reasons
from ledger.application.office import Office
from ledger.application.receipts import Receipt
from ledger.application.record_surroundings import RecordDesk
from ledger.application.refusals import Claim, Refusals
from ledger.application.signed_body import (
    Manifest,
    SignedBody,
    UnusableSubmissionError,
    digest_of,
    parse_body,
    read_manifest,
    verify,
)
from ledger.application.states import ORGANIZATION, SUBMISSION
from ledger.application.streams import refusals_stream, submission_stream
from ledger.application.submitted_items import Item, read_item
from ledger.domain.civil_time import civil_date
from ledger.domain.codes import Channel
from ledger.domain.refusal import Refusal, Refused, refuse
from ledger.domain.refused_acts import ActRefused as ActRefusedEvent
from ledger.domain.refused_acts import codes_of
from ledger.domain.submissions import Received, StatementKept, SubmissionReceived
from ledger.store.event import Appended

SUBMIT = "submission.submit"
AGE_MAX = timedelta(hours=24)
"""How old a signature may be when its submission first comes in; our own bound [P]."""
AHEAD_MAX = timedelta(minutes=5)
"""How far the sender's clock may be ahead; our own bound [P]."""


class UnprovenSignatureError(Exception):
    """Nobody known has signed this: no such key, or a signature that is not its own."""


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """What became of one item: the thing it led to, or why it was refused."""

    index: int
    thing: UUID | None = None
    reasons: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a submission; ``is_known`` says that it had been received before."""

    submission: UUID
    items: tuple[ItemOutcome, ...]
    appended: Appended
    receipt: Receipt
    is_known: bool


class _KnownBefore(Exception):
    """The same bytes were received before."""

    def __init__(self, received: Received) -> None:
        super().__init__()
        self.received = received


class Submissions:
    """Receives what organizations' systems sign."""

    def __init__(self, office: Office, refusals: Refusals) -> None:
        self._office = office
        self._refusals = refusals
        # A key never moves to another organization; only those that have signed are kept.
        self._owners: dict[UUID, UUID] = {}

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
        caller = self._caller(body, address)
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
        return self._decided(_Attempt(self._office, caller, body, manifest), intent)

    def find(self, caller: Caller, submission: UUID) -> Outcome | None:
        """Return what became of a submission of the caller's organization, if there is one.

        Raises:
            As `States.get` and `Receipts.of`.
        """
        known = self._office.states.at(SUBMISSION, submission, size=None).state
        if known is None or known.organization != caller.organization:
            return None
        return self._known(known)

    def _caller(self, body: SignedBody, address: str) -> Caller:
        organization = self._owners.get(body.key)
        if organization is None:
            organization = self._office.views.organization_of_key(body.key)
        if organization is None:
            self._refusals.note_anonymous(SUBMIT, "key_is_unknown", address)
            raise UnprovenSignatureError
        state = self._office.states.get(ORGANIZATION, organization).state
        key = None if state is None else state.key(body.key)
        if key is None:
            self._refusals.note_anonymous(SUBMIT, "key_is_unknown", address)
            raise UnprovenSignatureError
        if not verify(body, key.public_key):
            claim = Claim(key=body.key, organization=organization, address=address)
            self._refusals.record_claim(claim, Intent(act=SUBMIT, digest=body.digest))
            raise UnprovenSignatureError
        self._owners[body.key] = organization
        return as_key(body.key, organization)

    def _decided(self, attempt: "_Attempt", intent: Intent) -> Outcome:
        desk: Desk = self._office.desk
        try:
            done = desk.perform(attempt.caller, intent, attempt.decide, id_=attempt.stream)
        except _KnownBefore as known:
            return self._known(known.received)
        except ActRefused as error:
            # An item may be refused because of what this very submission did before.
            known_state = self._office.states.at(SUBMISSION, attempt.stream, size=None).state
            if known_state is not None and known_state.digest == attempt.body.digest:
                return self._known(known_state)
            raise error from None
        receipt = self._office.receipts.of(done.appended, attempt.stream)
        return Outcome(
            attempt.stream, tuple(done.value), done.appended, receipt, is_known=False
        )

    def _known(self, received: Received) -> Outcome:
        """Return the same answer as before: what was received is in the log."""
        events = self._office.states.events(SUBMISSION, received.id)
        last = events[-1].seq
        appended = Appended(last + 1 - received.entries, received.entries)
        things = dict(received.things)
        items = tuple(
            ItemOutcome(index, things.get(index), _refused_before(index, things))
            for index in range(received.items)
        )
        receipt = self._office.receipts.of(appended, received.id)
        return Outcome(received.id, items, appended, receipt, is_known=True)


def _refused_before(index: int, things: dict[int, UUID]) -> tuple[Refusal, ...]:
    return () if index in things else (Refusal("item_was_refused", f"records.{index}"),)


class _Attempt:
    """One submission on its way into the log."""

    def __init__(
        self, office: Office, caller: Caller, body: SignedBody, manifest: Manifest
    ) -> None:
        if caller.organization is None:
            raise ValueError("a key acts for an organization")
        self._office = office
        self.caller = caller
        self.body = body
        self._manifest = manifest
        self._organization = caller.organization
        self.stream = submission_stream(caller.organization, manifest.jti)
        self._items = [read_item(each) for each in body.records]
        self._ids = [office.desk.random_uuid() for _ in body.records]

    def decide(self, docket: Docket) -> list[ItemOutcome] | Refused:
        """Decide all items in a docket, and put the submission beside them.

        Raises:
            _KnownBefore: The same bytes were received before.
        """
        received = docket.begin(SUBMISSION, self.stream)
        if received is not None:
            if received.digest != self.body.digest:
                return refuse("jti_is_used", "jti")
            raise _KnownBefore(received)
        refused = self._check(docket)
        if refused is not None:
            return refused
        return self._decide_items(docket)

    def _check(self, docket: Docket) -> Refused | None:
        """Return why this submission is not taken in, whatever its items are."""
        now, manifest = docket.act.now, self._manifest
        organization = docket.read(ORGANIZATION, self._organization)
        today = civil_date(now)
        if organization is None or not organization.key_in_force(self.body.key, today):
            return refuse("key_is_not_in_force")
        if manifest.aud != self._office.origin:
            return refuse("submission_is_for_another_ledger", "aud", want=self._office.origin)
        age = now.timestamp() - manifest.iat
        if age > AGE_MAX.total_seconds():
            hours = int(AGE_MAX.total_seconds() // 3600)
            return refuse("submission_is_stale", "iat", hours=hours)
        if -age > AHEAD_MAX.total_seconds():
            return refuse("submission_is_from_the_future", "iat")
        return None

    def _decide_items(self, docket: Docket) -> list[ItemOutcome] | Refused:
        desk = RecordDesk(self._office, self.caller, docket)
        outcomes: list[ItemOutcome] = []
        statements: list[StatementKept] = []
        for index, item in enumerate(self._items):
            decided = self._decide_item(desk, index, item)
            if isinstance(decided, Refused):
                outcomes.append(ItemOutcome(index, None, _placed(decided, index)))
                continue
            statement = self._statement(docket, index, item, decided)
            outcomes.append(ItemOutcome(index, statement.thing))
            statements.append(statement)
        reasons = tuple(reason for each in outcomes for reason in each.reasons)
        if reasons and self._manifest.mode == "atomic":
            return Refused(reasons)
        self._keep(docket, outcomes, statements)
        return outcomes

    def _decide_item(
        self, desk: RecordDesk, index: int, item: Item | Refused
    ) -> UUID | Refused:
        if isinstance(item, Refused):
            return item
        sent = Sent(
            channel=Channel.API,
            submission_digest=self.body.digest,
            record_digest=self._manifest.records[index],
        )
        return item.decide(desk, item.form.id or self._ids[index], sent)

    def _statement(
        self, docket: Docket, index: int, item: Item | Refused, thing: UUID
    ) -> StatementKept:
        if isinstance(item, Refused):
            raise TypeError("an item that was decided is none that was refused")
        text = self.body.records[index]
        return StatementKept(
            submission=self.stream,
            index=index,
            act=item.form.act,
            thing=thing,
            digest=digest_of(text),
            person=item.person(docket, thing),
            text=text,
        )

    def _keep(
        self,
        docket: Docket,
        outcomes: Sequence[ItemOutcome],
        statements: Sequence[StatementKept],
    ) -> None:
        refused = [each for each in outcomes if each.reasons]
        for each in refused:
            docket.note(refusals_stream(self.body.key), self._refusal(each))
        received = SubmissionReceived(
            submission=self.stream,
            organization=self._organization,
            key=self.body.key,
            jti=self._manifest.jti,
            digest=self.body.digest,
            jws=self.body.jws,
            items=len(outcomes),
            refused=len(refused),
            entries=docket.count + 1 + len(statements),
        )
        docket.add(SUBMISSION, self.stream, (received, *statements))

    def _refusal(self, outcome: ItemOutcome) -> ActRefusedEvent:
        return ActRefusedEvent(
            act=SUBMIT,
            target=None,
            codes=codes_of(Refused(outcome.reasons)),
            digest=self.body.digest,
            claimed=None,
            on_behalf_of=self._organization,
        )


def _placed(refused: Refused, index: int) -> tuple[Refusal, ...]:
    """Return reasons that say which item they are about."""
    return tuple(
        Refusal(
            reason.code,
            f"records.{index}.{reason.about}" if reason.about else f"records.{index}",
            reason.details,
        )
        for reason in refused.reasons
    )

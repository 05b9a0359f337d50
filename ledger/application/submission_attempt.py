"""One signed submission on its way into the log: all items in one docket, with their proof."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.docket import Docket
from ledger.application.entering import Sent
from ledger.application.forms.record import RecordForm
from ledger.application.office import Office
from ledger.application.record_surroundings import Entered, RecordDesk
from ledger.application.signed_body import Manifest, SignedBody, digest_of
from ledger.application.states import (
    ORGANIZATION,
    SIGN_IN,
    SUBMISSION,
    VOLUNTEER,
    ForeignStreamError,
)
from ledger.application.streams import refusals_stream, sign_in_stream, submission_stream
from ledger.application.submitted_items import Item, read_item
from ledger.domain.civil_time import civil_date
from ledger.domain.codes import Channel
from ledger.domain.refusal import Refusal, Refused, refuse
from ledger.domain.refused_acts import ActRefused, codes_of
from ledger.domain.submissions import Received, StatementKept, SubmissionReceived
from ledger.store.view_reader import Attendance

SUBMIT = "submission.submit"
AGE_MAX = timedelta(hours=24)
"""How old a signature may be when its submission first comes in; our own bound [P]."""
AHEAD_MAX = timedelta(minutes=5)
"""How far the sender's clock may be ahead; our own bound [P]."""


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """What became of one item: the thing it led to, or why it was refused."""

    index: int
    thing: UUID | None = None
    reasons: tuple[Refusal, ...] = ()


class KnownBefore(Exception):
    """The same bytes were received before."""

    def __init__(self, received: Received) -> None:
        super().__init__()
        self.received = received


@dataclass(slots=True)
class Turn:
    """Submissions that are decided one after the other, and what is read once for them all.

    ``named`` are the volunteers of whom they enter something, by activity; ``attendance`` is
    what the views said of activities. ``minutes`` of actors and new ``volunteers`` of
    activities are with what the submissions before have entered: no view knows it yet.
    """

    named: dict[UUID, set[UUID]] = field(default_factory=dict)
    attendance: dict[UUID, Attendance] = field(default_factory=dict)
    minutes: dict[str, int] = field(default_factory=dict)
    volunteers: dict[UUID, set[UUID]] = field(default_factory=dict)


class Attempt:
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
        self._turn: Turn | None = None

    @property
    def size(self) -> int:
        """How many items it has."""
        return len(self._items)

    def join(self, turn: Turn) -> None:
        """Be decided together with others, on remembered states."""
        self._turn = turn
        for item in self._items:
            form = None if isinstance(item, Refused) else item.form
            if isinstance(form, RecordForm):
                turn.named.setdefault(form.activity, set()).add(form.volunteer)

    def decide(self, docket: Docket) -> list[ItemOutcome] | Refused:
        """Decide all items in a docket, and put the submission beside them.

        Raises:
            KnownBefore: The same bytes were received before.
        """
        received = docket.begin(SUBMISSION, self.stream)
        if received is not None:
            if received.digest != self.body.digest:
                return refuse("jti_is_used", "jti")
            raise KnownBefore(received)
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
        turn, actor = self._begin_turn(docket), self.caller.actor.text()
        entered = Entered(
            turn.named,
            attendance=turn.attendance,
            minutes_before=turn.minutes.get(actor),
            volunteers={activity: set(each) for activity, each in turn.volunteers.items()},
        )
        desk = RecordDesk(self._office, self.caller, docket, entered)
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
        if entered.minutes_before is not None:
            turn.minutes[actor] = entered.minutes_before + entered.minutes
        turn.volunteers = entered.volunteers
        return outcomes

    def _begin_turn(self, docket: Docket) -> Turn:
        """Return the turn, with others or alone; what all its items need is read at once."""
        turn, self._turn = self._turn, None
        if turn is None:
            turn = Turn()
            self.join(turn)
            self._turn = None
            if not docket.is_fresh:
                prefetch(self._office, turn)
        return turn

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
        try:
            return item.decide(desk, item.form.id or self._ids[index], sent)
        except ForeignStreamError:  # it is read before anything of the item is added
            return refuse("thing_is_another", "id")

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

    def _refusal(self, outcome: ItemOutcome) -> ActRefused:
        return ActRefused(
            act=SUBMIT,
            target=None,
            codes=codes_of(Refused(outcome.reasons)),
            digest=self.body.digest,
            claimed=None,
            on_behalf_of=self._organization,
        )


def prefetch(office: Office, turn: Turn) -> None:
    """Read at once what the items of a turn would read one by one."""
    volunteers = set().union(*turn.named.values())
    persons = [(VOLUNTEER, each) for each in volunteers]
    sign_ins = [(SIGN_IN, sign_in_stream(each)) for each in volunteers]
    office.states.prefetch([*persons, *sign_ins])
    turn.attendance |= office.views.attendances(turn.named) if turn.named else {}


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

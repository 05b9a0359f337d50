"""What a decision about a record looks at: streams through the docket, counts from the views.

Streams are conditions of the append. Counts raise signals that a person looks at, and are
taken again when the record is confirmed; nothing is credited because of them alone.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.docket import Docket
from ledger.application.office import Office
from ledger.application.same_human import staff_of
from ledger.application.states import (
    ACCOUNT,
    ACTIVITY,
    EVIDENCE,
    IMPORT,
    ORGANIZATION,
    PRESENCE,
    RECORD,
    ROW,
    RULES,
    SIGN_IN,
    VOLUNTEER,
    Read,
)
from ledger.application.streams import (
    account_stream,
    evidence_stream,
    presence_stream,
    row_stream,
    rules_stream,
)
from ledger.domain.account import Account
from ledger.domain.codes import SCAN_KINDS
from ledger.domain.evidence import Evidence
from ledger.domain.imports import Import
from ledger.domain.organization import Organization
from ledger.domain.presence import Presence
from ledger.domain.record import (
    ApproveRecord,
    Command,
    ConfirmRecord,
    CreditingCommand,
    DecideObjection,
    Objection,
    Record,
    RecordResubmitted,
    RecordSubmitted,
    Surroundings,
)
from ledger.domain.refusal import Refused, refuse
from ledger.domain.rules import INITIAL_BOOK, RuleBook
from ledger.domain.volunteer.state import Volunteer
from ledger.store.view_reader import Attendance

VELOCITY_WINDOW = timedelta(minutes=60)
"""The rule set bounds what one actor enters in such a time (`minutes_per_actor_hour_max`)."""


@dataclass(slots=True)
class Entered:
    """What a batch has entered so far, which the views cannot know, and what they were asked.

    ``named`` are the volunteers whom the batch names, by activity, so that the views are asked
    for all at once. ``minutes_before`` is what they said of the actor's minutes. ``volunteers``
    are those of whom nothing had been recorded in an activity before.
    """

    named: Mapping[UUID, Collection[UUID]] = field(default_factory=dict)
    minutes: int = 0
    minutes_before: int | None = None
    attendance: dict[UUID, Attendance] = field(default_factory=dict)
    volunteers: dict[UUID, set[UUID]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordDesk:
    """Reads for one decision about records: the office, the caller, and the batch so far."""

    office: Office
    caller: Caller
    docket: Docket
    entered: Entered = field(default_factory=Entered)

    def book(self) -> RuleBook:
        """Return the rules."""
        return book_of(self.docket, self.office)

    def acting(self) -> Organization | None:
        """Return in whose name the caller acts, if there is such an organization."""
        return acting_of(self.docket, self.caller)

    def around(
        self, activity: UUID, volunteer: UUID, *, entering: bool = False
    ) -> Surroundings | Refused:
        """Return the surroundings of a record, or what is missing.

        What the actor entered lately is counted only for an entry.
        """
        docket = self.docket
        held = docket.find(ACTIVITY, activity)
        if held is None:
            return refuse("activity_is_missing", "activity")
        organization = docket.read(ORGANIZATION, held.recording_organization)
        person = docket.find(VOLUNTEER, volunteer)
        if person is None:
            return refuse("volunteer_is_unknown", "volunteer")
        if organization is None:
            return refuse("organization_is_missing")
        return Surroundings(
            book=self.book(),
            activity=held,
            organization=organization,
            acting=self.acting(),
            volunteer=person,
            volunteer_as_staff=self._as_staff(person.id, person),
            actor_minutes=self._actor_minutes() if entering else 0,
            other_volunteers=self._others(activity, volunteer),
            presence=self._presence(activity, volunteer) if entering else None,
        )

    def of(
        self, record: UUID, command: Command | CreditingCommand | None = None
    ) -> tuple[Record, Surroundings] | Refused:
        """Return a record with its surroundings, or what is missing.

        What was entered together with it is counted only for its confirmation, how its paper
        was checked is read for that and for its approval; who objects is looked up only for a
        decision about that.
        """
        state = self.docket.find(RECORD, record)
        if state is None:
            return refuse("record_is_missing")
        around = self.around(state.activity, state.volunteer)
        if isinstance(around, Refused):
            return around
        if isinstance(command, ConfirmRecord):
            minutes = self.office.views.minutes_entered_with(record, VELOCITY_WINDOW)
            around = replace(around, entered_minutes=minutes)
        if isinstance(command, ConfirmRecord | ApproveRecord) and state.is_of_paper:
            seq = self._entered_seq(record)
            around = replace(around, batch=self._batch(record), entered_seq=seq)
        if isinstance(command, DecideObjection):
            staff = self._objector_as_staff(state.objection(command.objection))
            around = replace(around, objector_as_staff=staff)
        return state, around

    def account(self, around: Surroundings) -> tuple[UUID, Account]:
        """Return the stream and account on which a record's volunteer is credited."""
        holder = around.volunteer.into or around.volunteer.id
        stream = account_stream(holder)
        return stream, self.docket.read(ACCOUNT, stream) or Account.of(holder)

    def kept_scans(self, around: Surroundings, evidence: Sequence[Evidence]) -> frozenset[str]:
        """Return which of these the organization keeps, as scans of this activity's paper."""
        return frozenset(
            each.sha256
            for each in evidence
            if self._keeps_scan(around, evidence_stream(around.organization.id, each.sha256))
        )

    def _keeps_scan(self, around: Surroundings, stream: UUID) -> bool:
        file = self.docket.read(EVIDENCE, stream)
        return (
            file is not None and file.kind in SCAN_KINDS and file.activity == around.activity.id
        )

    def _entered_seq(self, record: UUID) -> int:
        """Return where a record's last entry stands in the log."""
        return last_entry(self.office.states.events(RECORD, record)).seq

    def _batch(self, record: UUID) -> Import | None:
        """Return the file from which a record was made; the append rests on how it stands."""
        row = self.docket.read(ROW, row_stream(record))
        return None if row is None else self.docket.read(IMPORT, row.import_id)

    def _as_staff(self, volunteer: UUID, known: Volunteer | None) -> UUID | None:
        """Return her as a staff person; the append rests on it."""
        return staff_of(volunteer, known, lambda stream: self.docket.read(SIGN_IN, stream))

    def _objector_as_staff(self, objection: Objection | None) -> UUID | None:
        """Return who objects as a staff person; the append rests on it."""
        if objection is None:
            return None
        # Whoever wrote it down may have named anything.
        known = self.docket.find(VOLUNTEER, objection.objector)
        return self._as_staff(objection.objector, known)

    def _presence(self, activity: UUID, volunteer: UUID) -> Presence | None:
        """Return when she signed in and out; what systems send is not compared with it."""
        if self.caller.is_key:
            return None
        return self.docket.read(PRESENCE, presence_stream(activity, volunteer))

    def _actor_minutes(self) -> int:
        entered = self.entered
        if entered.minutes_before is None:
            since = self.docket.act.now - VELOCITY_WINDOW
            text = self.caller.actor.text()
            entered.minutes_before = self.office.views.actor_minutes(text, since)
        return entered.minutes_before + entered.minutes

    def _others(self, activity: UUID, volunteer: UUID) -> int:
        """Return how many others are recorded in an activity, in this batch among them."""
        entered = self.entered
        named = entered.named.get(activity, ())
        known = entered.attendance.get(activity)
        if known is None or volunteer not in named:
            asked = {activity: {volunteer, *named}}
            known = self.office.views.attendances(asked)[activity]
            entered.attendance[activity] = known
        new = entered.volunteers.get(activity, set())
        is_recorded = str(volunteer) in known.recorded or volunteer in new
        return known.total + len(new) - is_recorded


def last_entry(events: Sequence[Read]) -> Read:
    """Return how a record was entered last, out of its whole history.

    Raises:
        LookupError: A history of a record begins with its submission.
    """
    for each in reversed(events):
        if isinstance(each.event, RecordSubmitted | RecordResubmitted):
            return each
    raise LookupError("a history of a record begins with its submission")


def book_of(docket: Docket, office: Office) -> RuleBook:
    """Return the rules of a ledger; before any are enacted, those that it begins with."""
    book = docket.read(RULES, rules_stream(office.origin))
    return book if book is not None and book.sets else INITIAL_BOOK


def rules_now(office: Office) -> RuleBook:
    """Return the rules of a ledger for a reader."""
    book = office.states.get(RULES, rules_stream(office.origin)).state
    return book if book is not None and book.sets else INITIAL_BOOK


def acting_of(docket: Docket, caller: Caller) -> Organization | None:
    """Return in whose name a caller acts; the append rests on its standing."""
    if caller.organization is None:
        return None
    return docket.read(ORGANIZATION, caller.organization)

"""What happens to a record after its entry: objections, reviews, amendments, voidings.

Commands that credit minutes are decided over the record and the account at once, and what
happens to both is one submission: neither is ever without the other.
"""

from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.desk import Done, Expected, Intent
from ledger.application.docket import Docket
from ledger.application.forms.record import (
    AmendmentForm,
    ObjectionDecisionForm,
    ObjectionForm,
    VoidingForm,
)
from ledger.application.office import Office
from ledger.application.record_surroundings import RecordDesk
from ledger.application.states import ACCOUNT, RECORD
from ledger.domain import crediting
from ledger.domain.event import ActorKind
from ledger.domain.record import (
    AcceptAmendment,
    ApproveRecord,
    Command,
    ConfirmRecord,
    CreditingCommand,
    DecideObjection,
    ProposeAmendment,
    ProposeVoiding,
    RaiseObjection,
    RejectAmendment,
    ReplyToAmendment,
    ReturnRecord,
    VoidRecord,
    decide,
)
from ledger.domain.refusal import Refused


class Reviewing:
    """The acts on records that are entered already; each returns the id that it concerns."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def return_record(
        self, caller: Caller, record: UUID, reason: str, *, expected: Expected | None = None
    ) -> Done[UUID]:
        """Send a record back to its recorder.

        Raises:
            As `Desk.perform`.
        """
        command = ReturnRecord(reason=reason)
        return self._act(caller, "record.return", record, command, expected)

    def object_to(
        self,
        caller: Caller,
        record: UUID,
        form: ObjectionForm,
        *,
        expected: Expected | None = None,
    ) -> Done[UUID]:
        """Object to a record; the value is the objection's id.

        Raises:
            As `Desk.perform`.
        """
        objection = self._office.desk.random_uuid()
        command = RaiseObjection(
            objection=objection,
            objector=self._objector(caller, form),
            kind=form.kind,
            text=form.text,
            contact=form.contact,
        )
        act = "record.object"
        return self._act(caller, act, record, command, expected, value=objection)

    def decide_objection(
        self,
        caller: Caller,
        record: UUID,
        objection: UUID,
        form: ObjectionDecisionForm,
        *,
        expected: Expected | None = None,
    ) -> Done[UUID]:
        """Say whether an objection is right.

        Raises:
            As `Desk.perform`.
        """
        command = DecideObjection(objection=objection, upheld=form.upheld, reason=form.reason)
        return self._act(caller, "objection.decide", record, command, expected)

    def confirm(
        self, caller: Caller, record: UUID, *, expected: Expected | None = None
    ) -> Done[UUID]:
        """Confirm a record and credit its minutes, or hold it for a body above.

        Raises:
            As `Desk.perform`.
        """
        return self._credit(caller, "record.confirm", record, ConfirmRecord(), expected)

    def approve(
        self, caller: Caller, record: UUID, reason: str, *, expected: Expected | None = None
    ) -> Done[UUID]:
        """Approve a record that is held, and credit its minutes.

        Raises:
            As `Desk.perform`.
        """
        command = ApproveRecord(reason=reason)
        return self._credit(caller, "record.approve", record, command, expected)

    def propose_amendment(
        self,
        caller: Caller,
        record: UUID,
        form: AmendmentForm,
        *,
        expected: Expected | None = None,
    ) -> Done[UUID]:
        """Propose what a record should be instead; the value is the amendment's id.

        Raises:
            As `Desk.perform`.
        """
        amendment = self._office.desk.random_uuid()

        def decided(docket: Docket) -> UUID | Refused:
            found = RecordDesk(self._office, caller, docket).of(record)
            if isinstance(found, Refused):
                return found
            state, around = found
            command = ProposeAmendment(
                amendment=amendment,
                service=form.service(around.activity),
                reason=form.reason,
                evidence=form.evidences(),
            )
            events = decide(state, command, docket.act, around)
            if isinstance(events, Refused):
                return events
            docket.add(RECORD, record, events)
            return amendment

        intent = Intent(act="amendment.propose", target=record)
        return self._office.desk.perform(caller, intent, decided, expected=expected)

    def propose_voiding(
        self,
        caller: Caller,
        record: UUID,
        form: VoidingForm,
        *,
        expected: Expected | None = None,
    ) -> Done[UUID]:
        """Propose that a record counts no more; the value is the amendment's id.

        Raises:
            As `Desk.perform`.
        """
        amendment = self._office.desk.random_uuid()
        command = ProposeVoiding(
            amendment=amendment, reason=form.reason, evidence=form.evidences()
        )
        act = "voiding.propose"
        return self._act(caller, act, record, command, expected, value=amendment)

    def reply(
        self,
        caller: Caller,
        record: UUID,
        amendment: UUID,
        text: str,
        *,
        expected: Expected | None = None,
    ) -> Done[UUID]:
        """Say, as the volunteer, what there is to say of a proposal.

        Raises:
            As `Desk.perform`.
        """
        command = ReplyToAmendment(amendment=amendment, text=text)
        return self._act(caller, "amendment.reply", record, command, expected)

    def reject(
        self,
        caller: Caller,
        record: UUID,
        amendment: UUID,
        reason: str,
        *,
        expected: Expected | None = None,
    ) -> Done[UUID]:
        """Leave a record as it is.

        Raises:
            As `Desk.perform`.
        """
        command = RejectAmendment(amendment=amendment, reason=reason)
        return self._act(caller, "amendment.reject", record, command, expected)

    def accept(
        self,
        caller: Caller,
        record: UUID,
        amendment: UUID,
        *,
        expected: Expected | None = None,
    ) -> Done[UUID]:
        """Let a record be as proposed, and its credit too.

        Raises:
            As `Desk.perform`.
        """
        command = AcceptAmendment(amendment=amendment)
        return self._credit(caller, "amendment.accept", record, command, expected)

    def void(
        self,
        caller: Caller,
        record: UUID,
        amendment: UUID,
        reason: str,
        *,
        expected: Expected | None = None,
    ) -> Done[UUID]:
        """Accept a voiding: the record counts no more.

        Raises:
            As `Desk.perform`.
        """
        command = VoidRecord(amendment=amendment, reason=reason)
        return self._credit(caller, "record.void", record, command, expected)

    def _objector(self, caller: Caller, form: ObjectionForm) -> UUID:
        if form.objector is not None:
            return form.objector
        if caller.actor.kind is ActorKind.VOLUNTEER:
            return caller.actor.id
        # Somebody who is not known by name, and shall not become so.
        return self._office.desk.random_uuid()

    def _act(
        self,
        caller: Caller,
        act: str,
        record: UUID,
        command: Command,
        expected: Expected | None,
        *,
        value: UUID | None = None,
    ) -> Done[UUID]:
        def decided(docket: Docket) -> UUID | Refused:
            found = RecordDesk(self._office, caller, docket).of(record, command)
            if isinstance(found, Refused):
                return found
            state, around = found
            events = decide(state, command, docket.act, around)
            if isinstance(events, Refused):
                return events
            docket.add(RECORD, record, events)
            return value or record

        intent = Intent(act=act, target=record)
        return self._office.desk.perform(caller, intent, decided, expected=expected)

    def _credit(
        self,
        caller: Caller,
        act: str,
        record: UUID,
        command: CreditingCommand,
        expected: Expected | None,
    ) -> Done[UUID]:
        def decided(docket: Docket) -> UUID | Refused:
            return credit_in(RecordDesk(self._office, caller, docket), record, command)

        intent = Intent(act=act, target=record)
        return self._office.desk.perform(caller, intent, decided, expected=expected)


def credit_in(desk: RecordDesk, record: UUID, command: CreditingCommand) -> UUID | Refused:
    """Decide over a record and its volunteer's account in a docket; return the record's id."""
    found = desk.of(record, command)
    if isinstance(found, Refused):
        return found
    state, around = found
    stream, account = desk.account(around)
    together = crediting.decide(state, account, command, desk.docket.act, around)
    if isinstance(together, Refused):
        return together
    desk.docket.add(RECORD, record, together.record)
    if together.account:
        desk.docket.add(ACCOUNT, stream, together.account)
    return record

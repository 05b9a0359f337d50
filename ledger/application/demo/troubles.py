"""What else becomes of records in a demonstration: returned, objected to, amended, voided."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from ledger.application.callers import as_volunteer
from ledger.application.demo.agenda import Agenda
from ledger.application.demo.bodies import Body
from ledger.application.forms.record import (
    AmendmentForm,
    ObjectionDecisionForm,
    ObjectionForm,
    ReplyForm,
    VoidingForm,
)
from ledger.application.office import Office
from ledger.application.reviewing import Reviewing
from ledger.domain.rules import INITIAL_CALENDAR

BEFORE_REVIEW = ("returned", "objected", "objection_rejected")
AFTER_REVIEW = ("amended", "voided", "amendment_waiting")
WAYS = (*BEFORE_REVIEW, *AFTER_REVIEW)
_SERVICE = ("start", "end", "content", "evaluation")


class Troubles:
    """Puts on the agenda what goes another way than most, one record at a time."""

    def __init__(self, office: Office, agenda: Agenda) -> None:
        self._reviewing = Reviewing(office)
        self._agenda = agenda

    def before_review(self, body: Body, record: UUID, volunteer: UUID, way: str) -> None:
        """Return a record that is shown, or object to it."""
        if body.reviewer is None:
            return
        if way == "returned":
            self._reviewing.return_record(
                body.reviewer, record, "签到表与录入的结束时间不一致,请核对后重新提交。"
            )
            return
        said = {"kind": "wrong_time", "text": "当天我提前离开,时间多记了半小时。"}
        form = ObjectionForm.model_validate(said)
        done = self._reviewing.object_to(as_volunteer(volunteer), record, form)
        if way == "objection_rejected":
            reason = "经与签到表和现场负责人核对,记录属实。"
            decision = ObjectionDecisionForm.model_validate({"upheld": False, "reason": reason})
            reviewer = body.reviewer
            self._reviewing.decide_objection(reviewer, record, done.value, decision)

    def after_review(
        self, body: Body, record: UUID, said: Mapping[str, Any], day: date, way: str
    ) -> None:
        """Propose an amendment or a voiding, and let it be decided after the reply.

        ``said`` is the record as it was sent, ``day`` that of the proposal.
        """
        recorder, above = body.recorder, body.above
        if recorder is None or above is None:
            return
        if way == "voided":
            voiding = VoidingForm.model_validate({"reason": "同一服务重复录入,本条作废。"})
            amendment = self._reviewing.propose_voiding(recorder, record, voiding).value
        else:
            service = {name: said[name] for name in _SERVICE}
            change = {"break_minutes": 30, "reason": "核对签到表后更正休息时间。"}
            form = AmendmentForm.model_validate({**service, **change})
            amendment = self._reviewing.propose_amendment(recorder, record, form).value
            volunteer = as_volunteer(UUID(said["volunteer"]))
            reply = ReplyForm.model_validate({"text": "情况属实,同意更正。"})
            self._reviewing.reply(volunteer, record, amendment, reply.text)
        if way == "amendment_waiting":
            return
        decided = INITIAL_CALENDAR.add(day, 6).day

        def decide() -> None:
            if way == "voided":
                self._reviewing.void(above, record, amendment, "重复录入属实。")
            else:
                self._reviewing.accept(above, record, amendment)

        self._agenda.at(decided, "15:20", decide)

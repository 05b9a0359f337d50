"""Objections, reviews, amendments and voidings of records over HTTP."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from ledger.api.v1.answers import IfMatch, Written, expected, written
from ledger.api.v1.bodies import StrictRoute
from ledger.api.v1.documented import REFUSALS
from ledger.api.v1.hiding import hiding_record
from ledger.api.v1.signed_in import Sessions, calling
from ledger.application.callers import Caller
from ledger.application.desk import Done
from ledger.application.forms.record import (
    AmendmentForm,
    ObjectionDecisionForm,
    ObjectionForm,
    ReasonForm,
    ReplyForm,
    VoidingForm,
)
from ledger.application.office import Office
from ledger.application.reviewing import Reviewing
from ledger.application.states import RECORD


class Opened(Written):
    """What an act has opened beside the record: an objection, an amendment."""

    opened: UUID = Field(description="Its id 新建事项的编号")


def record_acts(office: Office, sessions: Sessions) -> APIRouter:
    """Return the routes of what follows the entry of a record."""
    who = calling(office, sessions)
    router = APIRouter(
        prefix="/api/v1/records/{record}",
        tags=["records 服务记录"],
        route_class=StrictRoute,
        responses=REFUSALS,
        dependencies=[Depends(hiding_record(office, who))],
    )
    _objection_routes(router, office, who)
    _review_routes(router, office, who)
    _proposal_routes(router, office, who)
    _decision_routes(router, office, who)
    return router


def _objection_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    reviewing = Reviewing(office)

    @router.post("/objections", status_code=201)
    def object_to(
        record: UUID,
        form: ObjectionForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Opened:
        """Object to a record that is shown 提出异议."""
        on = expected(if_match, RECORD, record)
        done = reviewing.object_to(caller, record, form, expected=on)
        return _opened(office, response, done, record)

    @router.post("/objections/{objection}/decision")
    def decide_objection(
        record: UUID,
        objection: UUID,
        form: ObjectionDecisionForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Say whether an objection is right, and why 处理异议."""
        on = expected(if_match, RECORD, record)
        done = reviewing.decide_objection(caller, record, objection, form, expected=on)
        return written(office, response, done, RECORD, record)


def _review_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    reviewing = Reviewing(office)

    @router.post("/return")
    def return_record(
        record: UUID,
        form: ReasonForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Send it back to its recorder 退回."""
        on = expected(if_match, RECORD, record)
        done = reviewing.return_record(caller, record, form.reason, expected=on)
        return written(office, response, done, RECORD, record)

    @router.post("/confirmation")
    def confirm(
        record: UUID,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Confirm it as a second person, and credit its minutes 审核确认并计入."""
        on = expected(if_match, RECORD, record)
        done = reviewing.confirm(caller, record, expected=on)
        return written(office, response, done, RECORD, record)

    @router.post("/approval")
    def approve(
        record: UUID,
        form: ReasonForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Approve, from above, a record that is held 复核."""
        on = expected(if_match, RECORD, record)
        done = reviewing.approve(caller, record, form.reason, expected=on)
        return written(office, response, done, RECORD, record)


def _proposal_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    reviewing = Reviewing(office)

    @router.post("/amendments", status_code=201)
    def propose(
        record: UUID,
        form: AmendmentForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Opened:
        """Propose what a confirmed record should be instead 提出更正."""
        on = expected(if_match, RECORD, record)
        done = reviewing.propose_amendment(caller, record, form, expected=on)
        return _opened(office, response, done, record)

    @router.post("/voidings", status_code=201)
    def propose_voiding(
        record: UUID,
        form: VoidingForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Opened:
        """Propose that it counts no more 提出作废."""
        on = expected(if_match, RECORD, record)
        done = reviewing.propose_voiding(caller, record, form, expected=on)
        return _opened(office, response, done, record)

    @router.post("/amendments/{amendment}/reply")
    def reply(
        record: UUID,
        amendment: UUID,
        form: ReplyForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Say, as the volunteer, what there is to say of it 志愿者答复."""
        on = expected(if_match, RECORD, record)
        done = reviewing.reply(caller, record, amendment, form.text, expected=on)
        return written(office, response, done, RECORD, record)


def _decision_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    reviewing = Reviewing(office)

    @router.post("/amendments/{amendment}/acceptance")
    def accept(
        record: UUID,
        amendment: UUID,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Let the record be as proposed 通过更正."""
        on = expected(if_match, RECORD, record)
        done = reviewing.accept(caller, record, amendment, expected=on)
        return written(office, response, done, RECORD, record)

    @router.post("/amendments/{amendment}/rejection")
    def reject(
        record: UUID,
        amendment: UUID,
        form: ReasonForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Leave the record as it is 驳回更正."""
        on = expected(if_match, RECORD, record)
        done = reviewing.reject(caller, record, amendment, form.reason, expected=on)
        return written(office, response, done, RECORD, record)

    @router.post("/voidings/{amendment}/acceptance")
    def void(
        record: UUID,
        amendment: UUID,
        form: ReasonForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Let the record count no more 作废."""
        on = expected(if_match, RECORD, record)
        done = reviewing.void(caller, record, amendment, form.reason, expected=on)
        return written(office, response, done, RECORD, record)


def _opened(office: Office, response: Response, done: Done[UUID], record: UUID) -> Opened:
    answer = written(office, response, done, RECORD, record)
    return Opened(**answer.model_dump(), opened=done.value)

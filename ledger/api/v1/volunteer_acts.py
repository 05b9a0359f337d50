"""What is done to a registration over HTTP: amended, confirmed, corrections asked for."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from ledger.api.v1.answers import IfMatch, Written, expected, written
from ledger.api.v1.bodies import StrictRoute
from ledger.api.v1.documented import REFUSALS
from ledger.api.v1.record_acts import Opened
from ledger.api.v1.signed_in import Sessions, calling
from ledger.api.v1.volunteer_routes import PREFIX, TAGS
from ledger.application.callers import Caller
from ledger.application.desk import Done
from ledger.application.forms.volunteer import (
    AmendmentForm,
    ConfirmationForm,
    CorrectionForm,
    CorrectionWithdrawalForm,
)
from ledger.application.office import Office
from ledger.application.states import VOLUNTEER
from ledger.application.volunteers import (
    amend,
    confirm,
    request_correction,
    withdraw_correction,
)


def volunteer_acts(office: Office, sessions: Sessions) -> APIRouter:
    """Return the routes of what follows a registration."""
    router = APIRouter(
        prefix=f"{PREFIX}/{{volunteer}}",
        tags=TAGS,
        route_class=StrictRoute,
        responses=REFUSALS,
    )
    who = calling(office, sessions)
    _particulars_routes(router, office, who)
    _correction_routes(router, office, who)
    return router


def _particulars_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    Calling = Annotated[Caller, Depends(who)]  # noqa: N806 - a type

    @router.post("/amendments")
    def amend_particulars(
        volunteer: UUID,
        form: AmendmentForm,
        caller: Calling,
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Set particulars right; what is left out stays as it is 更正基本信息."""
        on = expected(if_match, VOLUNTEER, volunteer)
        done = amend(office, caller, volunteer, form, expected=on)
        return written(office, response, done, VOLUNTEER, volunteer)

    @router.post("/confirmation")
    def confirm_identity(
        volunteer: UUID,
        form: ConfirmationForm,
        caller: Calling,
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Say that her real name was checked, as somebody else than who entered it 实名确认."""
        on = expected(if_match, VOLUNTEER, volunteer)
        done = confirm(office, caller, volunteer, form, expected=on)
        return written(office, response, done, VOLUNTEER, volunteer)


def _correction_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    Calling = Annotated[Caller, Depends(who)]  # noqa: N806 - a type

    @router.post("/corrections", status_code=201)
    def ask_for_correction(
        volunteer: UUID,
        form: CorrectionForm,
        caller: Calling,
        response: Response,
        if_match: IfMatch = None,
    ) -> Opened:
        """Ask her to set facts right 要求更正."""
        on = expected(if_match, VOLUNTEER, volunteer)
        done = request_correction(office, caller, volunteer, form, expected=on)
        return opened(office, response, done, volunteer)

    @router.post("/corrections/{correction}/withdrawal")
    def take_back_correction(
        volunteer: UUID,
        correction: UUID,
        form: CorrectionWithdrawalForm,
        caller: Calling,
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Take back what was asked for in error 撤回更正要求."""
        on = expected(if_match, VOLUNTEER, volunteer)
        command = form.command(correction)
        done = withdraw_correction(office, caller, volunteer, command, expected=on)
        return written(office, response, done, VOLUNTEER, volunteer)


def opened(office: Office, response: Response, done: Done[UUID], volunteer: UUID) -> Opened:
    """Return the answer to an act that has opened something beside the registration."""
    answer = written(office, response, done, VOLUNTEER, volunteer)
    return Opened(**answer.model_dump(), opened=done.value)

"""Consents over HTTP: given, withdrawn as easily, and who speaks for a minor."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from ledger.api.v1.answers import IfMatch, Written, expected, written
from ledger.api.v1.bodies import StrictRoute
from ledger.api.v1.documented import REFUSALS
from ledger.api.v1.record_acts import Opened
from ledger.api.v1.signed_in import Sessions, calling
from ledger.api.v1.volunteer_acts import opened
from ledger.api.v1.volunteer_routes import PREFIX
from ledger.application.callers import Caller
from ledger.application.forms.volunteer import (
    ConsentForm,
    ConsentWithdrawalForm,
    GuardianForm,
)
from ledger.application.office import Office
from ledger.application.states import VOLUNTEER
from ledger.application.volunteer_consents import (
    give_consent,
    name_guardian,
    withdraw_consent,
)


def consent_routes(office: Office, sessions: Sessions) -> APIRouter:
    """Return the routes of consents and guardians; they are read with the volunteer."""
    router = APIRouter(
        prefix=f"{PREFIX}/{{volunteer}}",
        tags=["consents 同意"],
        route_class=StrictRoute,
        responses=REFUSALS,
    )
    Calling = Annotated[Caller, Depends(calling(office, sessions))]  # noqa: N806 - a type

    @router.post("/consents", status_code=201)
    def consent(
        volunteer: UUID,
        form: ConsentForm,
        caller: Calling,
        response: Response,
        if_match: IfMatch = None,
    ) -> Opened:
        """Record a consent; it takes the place of one for the same purpose 记录同意."""
        on = expected(if_match, VOLUNTEER, volunteer)
        done = give_consent(office, caller, volunteer, form, expected=on)
        return opened(office, response, done, volunteer)

    @router.post("/consents/withdrawal")
    def withdraw(
        volunteer: UUID,
        form: ConsentWithdrawalForm,
        caller: Calling,
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """End a consent; what was done while it was in force stays done 撤回同意."""
        on = expected(if_match, VOLUNTEER, volunteer)
        done = withdraw_consent(office, caller, volunteer, form, expected=on)
        return written(office, response, done, VOLUNTEER, volunteer)

    @router.put("/guardian")
    def guardian(
        volunteer: UUID,
        form: GuardianForm,
        caller: Calling,
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Name who speaks for a minor, in the place of who did before 登记监护人."""
        on = expected(if_match, VOLUNTEER, volunteer)
        done = name_guardian(office, caller, volunteer, form, expected=on)
        return written(office, response, done, VOLUNTEER, volunteer)

    return router

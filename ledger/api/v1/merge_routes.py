"""Merging and separating over HTTP, and giving up the number of somebody who was erased."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from ledger.api.v1.answers import IfMatch, Written, expected, written
from ledger.api.v1.bodies import StrictRoute
from ledger.api.v1.documented import REFUSALS
from ledger.api.v1.signed_in import Sessions, calling
from ledger.api.v1.volunteer_routes import PREFIX
from ledger.application.callers import Caller
from ledger.application.forms.volunteer import MergeForm, SeparationForm
from ledger.application.merging import free_number, merge, separate
from ledger.application.office import Office
from ledger.application.states import VOLUNTEER


def merge_routes(office: Office, sessions: Sessions) -> APIRouter:
    """Return the routes by which registrations are joined and parted."""
    router = APIRouter(
        prefix=f"{PREFIX}/{{volunteer}}",
        tags=["identity 身份"],
        route_class=StrictRoute,
        responses=REFUSALS,
    )
    Calling = Annotated[Caller, Depends(calling(office, sessions))]  # noqa: N806 - a type

    @router.post("/merge")
    def merge_into(
        volunteer: UUID,
        form: MergeForm,
        caller: Calling,
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Let it count at another registration of the same person 合并重复登记."""
        on = expected(if_match, VOLUNTEER, volunteer)
        done = merge(office, caller, volunteer, form, expected=on)
        return written(office, response, done, VOLUNTEER, volunteer)

    @router.post("/separation")
    def separate_from(
        volunteer: UUID,
        form: SeparationForm,
        caller: Calling,
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Undo a merge; each has again what was recorded for it 拆分误合并的登记."""
        on = expected(if_match, VOLUNTEER, volunteer)
        done = separate(office, caller, volunteer, form, expected=on)
        return written(office, response, done, VOLUNTEER, volunteer)

    @router.post("/number-release")
    def release_number(
        volunteer: UUID, caller: Calling, response: Response, if_match: IfMatch = None
    ) -> Written:
        """Give up an erased person's ID number, so that she may come again 释放证件号码."""
        on = expected(if_match, VOLUNTEER, volunteer)
        done = free_number(office, caller, volunteer, expected=on)
        return written(office, response, done, VOLUNTEER, volunteer)

    return router

"""Acts on organizations over HTTP: particulars, standing, entrustments, keys and people."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from ledger.api.v1.answers import IfMatch, Written, expected, written
from ledger.api.v1.bodies import StrictRoute
from ledger.api.v1.documented import REFUSALS
from ledger.api.v1.signed_in import Sessions, calling
from ledger.application.callers import Caller
from ledger.application.desk import Done
from ledger.application.forms.organization import (
    AuthorizationForm,
    EntrustmentForm,
    EntrustmentRevocationForm,
    OrganizationAmendmentForm,
    ReinstatementForm,
    RevocationForm,
    SuccessionForm,
    SuspensionForm,
)
from ledger.application.forms.staff import (
    AppointmentForm,
    ContactForm,
    KeyForm,
    KeyRevocationForm,
    ReleaseForm,
)
from ledger.application.office import Office
from ledger.application.organizations import (
    StandingForm,
    amend,
    change_standing,
    entrust,
    revoke_entrustment,
)
from ledger.application.staffing import add_key, amend_staff, appoint, release, revoke_key
from ledger.application.states import ORGANIZATION


class Added(Written):
    """What an act has added to an organization: an entrustment, a key, a person's roles."""

    added: UUID = Field(description="Its, or her, id 新增事项或人员的编号")


def organization_acts(office: Office, sessions: Sessions) -> APIRouter:
    """Return the routes of what is decided on organizations."""
    router = APIRouter(
        prefix="/api/v1/organizations/{organization}",
        tags=["organizations 组织"],
        route_class=StrictRoute,
        responses=REFUSALS,
    )
    who = calling(office, sessions)
    _particulars_route(router, office, who)
    _halting_routes(router, office, who)
    _lifting_routes(router, office, who)
    _entrustment_routes(router, office, who)
    _key_routes(router, office, who)
    _staff_routes(router, office, who)
    return router


def _added(office: Office, response: Response, done: Done[UUID], organization: UUID) -> Added:
    answer = written(office, response, done, ORGANIZATION, organization)
    return Added(**dict(answer), added=done.value)


def _particulars_route(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.put("/particulars")
    def amend_organization(
        organization: UUID,
        form: OrganizationAmendmentForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Say all particulars as they are from a day on 更正组织信息."""
        on = expected(if_match, ORGANIZATION, organization)
        done = amend(office, caller, organization, form, expected=on)
        return written(office, response, done, ORGANIZATION, organization)


def _stood(
    office: Office,
    caller: Caller,
    organization: UUID,
    form: StandingForm,
    response: Response,
    if_match: str | None,
) -> Written:
    on = expected(if_match, ORGANIZATION, organization)
    done = change_standing(office, caller, organization, form, expected=on)
    return written(office, response, done, ORGANIZATION, organization)


def _lifting_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.post("/authorization")
    def authorize(
        organization: UUID,
        form: AuthorizationForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Put it in force, by a bureau above it 授权."""
        return _stood(office, caller, organization, form, response, if_match)

    @router.post("/reinstatement")
    def reinstate(
        organization: UUID,
        form: ReinstatementForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """End its suspension 恢复."""
        return _stood(office, caller, organization, form, response, if_match)


def _halting_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.post("/suspension")
    def suspend(
        organization: UUID,
        form: SuspensionForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Stop it until further notice, by a bureau above it 暂停."""
        return _stood(office, caller, organization, form, response, if_match)

    @router.post("/revocation")
    def revoke(
        organization: UUID,
        form: RevocationForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Take its authority away; what it recorded stays 撤销授权."""
        return _stood(office, caller, organization, form, response, if_match)

    @router.post("/succession")
    def succeed(
        organization: UUID,
        form: SuccessionForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Let others answer for what it recorded: it has come to its end 承接."""
        return _stood(office, caller, organization, form, response, if_match)


def _entrustment_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.post("/entrustments", status_code=201)
    def grant(
        organization: UUID,
        form: EntrustmentForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Added:
        """Let it record in an area for a time 委托."""
        on = expected(if_match, ORGANIZATION, organization)
        done = entrust(office, caller, organization, form, expected=on)
        return _added(office, response, done, organization)

    @router.post("/entrustments/{entrustment}/revocation")
    def revoke(
        organization: UUID,
        entrustment: UUID,
        form: EntrustmentRevocationForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """End an entrustment today 撤销委托."""
        on = expected(if_match, ORGANIZATION, organization)
        done = revoke_entrustment(office, caller, organization, entrustment, form, expected=on)
        return written(office, response, done, ORGANIZATION, organization)


def _key_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.post("/keys", status_code=201)
    def add(
        organization: UUID,
        form: KeyForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Added:
        """Let a public key sign for it 登记密钥."""
        on = expected(if_match, ORGANIZATION, organization)
        done = add_key(office, caller, organization, form, expected=on)
        return _added(office, response, done, organization)

    @router.post("/keys/{key}/revocation")
    def revoke(
        organization: UUID,
        key: UUID,
        form: KeyRevocationForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Let a key sign no more; what it signed stays valid 撤销密钥."""
        on = expected(if_match, ORGANIZATION, organization)
        done = revoke_key(office, caller, organization, key, form, expected=on)
        return written(office, response, done, ORGANIZATION, organization)


def _staff_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.post("/staff", status_code=201)
    def appoint_person(
        organization: UUID,
        form: AppointmentForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Added:
        """Give a person roles from a day on; nobody appoints herself 任命."""
        on = expected(if_match, ORGANIZATION, organization)
        done = appoint(office, caller, organization, form, expected=on)
        return _added(office, response, done, organization)

    @router.put("/staff/{person}")
    def amend_person(
        organization: UUID,
        person: UUID,
        form: ContactForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Say otherwise how a person is called and reached 更正人员信息."""
        on = expected(if_match, ORGANIZATION, organization)
        done = amend_staff(office, caller, organization, person, form, expected=on)
        return written(office, response, done, ORGANIZATION, organization)

    @router.post("/staff/{person}/release")
    def release_person(
        organization: UUID,
        person: UUID,
        form: ReleaseForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Take roles from a person from a day on 免去."""
        on = expected(if_match, ORGANIZATION, organization)
        done = release(office, caller, organization, person, form, expected=on)
        return written(office, response, done, ORGANIZATION, organization)

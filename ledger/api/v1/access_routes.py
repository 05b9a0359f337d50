"""Signing in over HTTP: sessions, invitations, passwords, and how a ledger begins."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials
from pydantic import BaseModel, Field

from ledger.api.v1.answers import Written, written
from ledger.api.v1.bodies import StrictRoute
from ledger.api.v1.documented import REFUSALS
from ledger.api.v1.signed_in import BEARER, NotSignedInError, calling
from ledger.application.accepting import Acceptances
from ledger.application.callers import Caller
from ledger.application.forms.access import (
    AcceptanceForm,
    ClosingForm,
    FirstSignInForm,
    InvitationForm,
    JoiningForm,
    PasswordForm,
    SignInForm,
)
from ledger.application.founding import FirstSignIn, found_by_token
from ledger.application.inviting import Invitations, Invitee
from ledger.application.office import Office
from ledger.application.opening import AccessParts
from ledger.application.signing_in import Signed, SignIns
from ledger.application.states import ORGANIZATION
from ledger.domain.civil_time import civil_date
from ledger.domain.organization import Role

Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]


class SessionOut(BaseModel):
    """A session 会话; its token is told this once."""

    token: str
    expires_at: datetime
    staff: UUID | None
    volunteer: UUID | None


class EmployerOut(BaseModel):
    """An organization for which one acts 任职组织."""

    organization: UUID
    name: str
    kind: str
    division: str
    roles: list[str]


class MeOut(BaseModel):
    """Who one is to the ledger 当前登录者."""

    sign_in: UUID
    staff: UUID | None
    volunteer: UUID | None
    organizations: list[EmployerOut]


class InvitedOut(BaseModel):
    """An invitation 邀请; hand the token over, it is told this once."""

    sign_in: UUID
    token: str
    expires_at: datetime


class FoundedOut(Written):
    """What a ledger has begun with 已启用: its city bureau, and its first person."""

    person: UUID = Field(description="首任人员")


def access_routes(office: Office, sign_ins: SignIns, parts: AccessParts) -> APIRouter:
    """Return the routes by which people come in."""
    router = APIRouter(
        prefix="/api/v1", tags=["access 登录"], route_class=StrictRoute, responses=REFUSALS
    )
    _session_routes(router, office, sign_ins)
    _invitation_routes(router, office, sign_ins, parts)
    _founding_route(router, office, parts)
    return router


def _session_routes(router: APIRouter, office: Office, sign_ins: SignIns) -> None:
    @router.post("/sessions", status_code=201)
    def sign_in(form: SignInForm, request: Request, response: Response) -> SessionOut:
        """Sign in 登录."""
        password = form.password.get_secret_value()
        session = sign_ins.sign_in(form.name, password, address_of(request))
        response.headers["cache-control"] = "no-store"
        return SessionOut(
            token=session.token,
            expires_at=session.expires_at,
            staff=session.signed.staff,
            volunteer=session.signed.volunteer,
        )

    @router.delete("/sessions/current", status_code=204)
    def sign_out(bearer: Bearer) -> None:
        """Sign out 退出登录."""
        if bearer is None:
            raise NotSignedInError
        sign_ins.sign_out(bearer.credentials)

    @router.get("/me")
    def me(bearer: Bearer) -> MeOut:
        """Return who one is, and for whom one acts 查看当前登录者."""
        signed = _signed(sign_ins, bearer)
        employers = [] if signed.staff is None else office.views.employers(signed.staff)
        return MeOut(
            sign_in=signed.sign_in,
            staff=signed.staff,
            volunteer=signed.volunteer,
            organizations=[_employer(office, signed.staff, each) for each in employers],
        )

    @router.put("/me/password", status_code=204)
    def change_password(form: PasswordForm, bearer: Bearer) -> None:
        """Set another password; every session ends 更改密码."""
        old, new = form.old_password.get_secret_value(), form.new_password.get_secret_value()
        sign_ins.change_password(_signed(sign_ins, bearer), old, new)


def _invitation_routes(
    router: APIRouter, office: Office, sign_ins: SignIns, parts: AccessParts
) -> None:
    acceptances = Acceptances(parts)
    invitations = Invitations(parts, origin=office.origin)
    who = calling(office, sign_ins)

    @router.post("/invitations", status_code=201)
    def invite(
        form: InvitationForm, caller: Annotated[Caller, Depends(who)], response: Response
    ) -> InvitedOut:
        """Invite somebody to sign in; also who lost her password 邀请登录."""
        invitee = Invitee(
            staff=form.staff, volunteer=form.volunteer, appointed_by=form.appointed_by
        )
        invited = invitations.invite(caller, invitee).value
        response.headers["cache-control"] = "no-store"
        return InvitedOut(
            sign_in=invited.sign_in, token=invited.token, expires_at=invited.expires_at
        )

    @router.post("/invitations/acceptance", status_code=204)
    def accept(form: AcceptanceForm, request: Request) -> None:
        """Take an invitation: choose a name and a password 接受邀请."""
        token, password = form.token.get_secret_value(), form.password.get_secret_value()
        acceptances.accept(token, form.name, password, address_of(request))

    @router.post("/me/joining", status_code=204)
    def join(form: JoiningForm, request: Request, bearer: Bearer) -> None:
        """Take an invitation as staff into a volunteer's own sign-in 合并登录."""
        token = form.token.get_secret_value()
        acceptances.join(token, _signed(sign_ins, bearer), address_of(request))

    @router.post("/sign-ins/{sign_in}/closing", status_code=204)
    def close(
        sign_in: UUID, form: ClosingForm, caller: Annotated[Caller, Depends(who)]
    ) -> None:
        """Let nobody sign in there any more 关闭登录."""
        invitations.close(caller, sign_in, form.reason)


def _founding_route(router: APIRouter, office: Office, parts: AccessParts) -> None:
    @router.post("/founding", status_code=201)
    def found(form: FirstSignInForm, request: Request, response: Response) -> FoundedOut:
        """Begin the ledger, by the token that its creation told 启用账本."""
        first = FirstSignIn(
            form.token.get_secret_value(),
            form.name,
            form.password.get_secret_value(),
            address_of(request),
        )
        done = found_by_token(office, parts, form.bureau, first)
        bureau = done.value.city_bureau
        answer = written(office, response, done, ORGANIZATION, bureau)
        return FoundedOut(**answer.model_dump(), person=done.value.person)


def address_of(request: Request) -> str:
    """Return whence a request came, as far as the service can tell."""
    return request.client.host if request.client else "unknown"


def _signed(sign_ins: SignIns, bearer: HTTPAuthorizationCredentials | None) -> Signed:
    signed = None if bearer is None else sign_ins.find(bearer.credentials)
    if signed is None:
        raise NotSignedInError
    return signed


def _employer(office: Office, person: UUID | None, organization: UUID) -> EmployerOut:
    state = office.states.get(ORGANIZATION, organization).state
    if state is None or person is None:
        raise LookupError("an employer of a staff person is wanted")
    today = civil_date(office.desk.now())
    return EmployerOut(
        organization=organization,
        name=state.particulars.name,
        kind=state.kind,
        division=state.division,
        roles=[str(role) for role in Role if state.has_role(person, role, today)],
    )

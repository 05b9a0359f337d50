"""Credentials over HTTP: one's own, and what their readers look up without signing in."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from ledger.api.problems import FOR_EVERYBODY, problem
from ledger.api.v1.bodies import StrictRoute
from ledger.api.v1.documented import GONE, REFUSALS
from ledger.api.v1.signed_in import Sessions, calling
from ledger.application.callers import Caller
from ledger.application.certifying.credentials import Credentials, KeyMissingError
from ledger.application.certifying.status_lists import ListBehindError, NoSuchListError

CREDENTIAL = "application/dc+sd-jwt"
STATUS_LIST = "application/statuslist+jwt"
_FRESH = {"cache-control": "public, max-age=60", **FOR_EVERYBODY}
_LASTING = {"cache-control": "public, max-age=3600", **FOR_EVERYBODY}
_EXAMPLE = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImRjK3NkLWp3dCJ9.e30.AA~"


def credential_routes(sessions: Sessions, credentials: Credentials) -> APIRouter:
    """Return the routes of credentials."""
    office = credentials.office
    router = APIRouter(tags=["credentials 电子凭证"])
    who = calling(office, sessions)
    own = APIRouter(prefix="/api/v1/certificates", route_class=StrictRoute, responses=REFUSALS)
    _own_route(own, who, credentials)
    router.include_router(own)
    _public_routes(router, credentials, division=office.origin.partition("/")[2])
    return router


def _own_route(router: APIRouter, who: Callable[..., Caller], credentials: Credentials) -> None:
    @router.get(
        "/{certificate}/credential",
        response_class=Response,
        responses={**_documented(CREDENTIAL, "An SD-JWT VC that shows everything"), **GONE},
    )
    def credential(
        certificate: UUID, request: Request, caller: Annotated[Caller, Depends(who)]
    ) -> Response:
        """Return the certificate as a credential for wallets (SD-JWT VC) 电子凭证."""
        try:
            content = credentials.credential(caller, certificate)
        except KeyMissingError:
            return problem(request, 503, "credential_key_is_missing")
        headers = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
        return Response(content, media_type=CREDENTIAL, headers=headers)


def _public_routes(router: APIRouter, credentials: Credentials, *, division: str) -> None:
    @router.get(
        f"/.well-known/jwt-vc-issuer/{division}",
        responses=_documented("application/json", "The issuer and its keys"),
    )
    def metadata(request: Request) -> Response:
        """Return who issues credentials here, with the public keys 凭证签发者元数据."""
        try:
            return _json(credentials.metadata())
        except KeyMissingError:
            return problem(request, 503, "credential_key_is_missing")

    @router.get(
        "/api/v1/credential-types/certificate-1",
        responses=_documented("application/json", "The type of the credentials"),
    )
    def credential_type() -> Response:
        """Return what a credential is called, and each of its claims 凭证类型元数据."""
        return _json(credentials.type())

    @router.get(
        "/api/v1/status-lists/{number}",
        response_class=Response,
        responses=_documented(STATUS_LIST, "A signed Token Status List"),
    )
    def status_list(number: int, request: Request) -> Response:
        """Return the status list of that number, as it stands now 状态列表."""
        try:
            content = credentials.status_list(number)
        except NoSuchListError:
            return problem(request, 404, "not_found")
        except KeyMissingError:
            return problem(request, 503, "credential_key_is_missing")
        except ListBehindError:
            return problem(request, 503, "status_list_is_behind")
        return Response(content, media_type=STATUS_LIST, headers=_FRESH)


def _json(said: Mapping[str, Any]) -> Response:
    return JSONResponse(dict(said), headers=_LASTING)


def _documented(media: str, description: str) -> dict[int | str, dict[str, Any]]:
    content: dict[str, Any] = {media: {"schema": {"type": "string"}, "example": _EXAMPLE}}
    if media == "application/json":
        content = {media: {"schema": {"type": "object"}}}
    return {
        200: {"description": description, "content": content},
        **{status: REFUSALS[status] for status in (404, 422, 503)},
    }

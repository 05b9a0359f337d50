"""Certificates over HTTP: asked for, accepted, issued, printed, declined, taken back."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from ledger.api.v1.answers import IfMatch, Written, etag, expected, written
from ledger.api.v1.bodies import StrictRoute
from ledger.api.v1.documented import GONE, REFUSALS
from ledger.api.v1.hiding import hiding_certificate
from ledger.api.v1.signed_in import Sessions, calling
from ledger.api.v1.volunteer_routes import uncached
from ledger.application.callers import Caller
from ledger.application.certifying.acting import Certifying
from ledger.application.certifying.handing_out import HandingOut
from ledger.application.certifying.reading import CertificateShown, read_certificate
from ledger.application.certifying.status import Status
from ledger.application.forms.certificate import (
    CertificateRequestForm,
    DeclineForm,
    RevocationForm,
)
from ledger.application.states import CERTIFICATE
from ledger.domain.certificate import RevocationGround
from ledger.projections.history import spelled

_PREFIX = "/api/v1/certificates"
_PDF, _PROOF = "application/pdf", "text/plain; charset=utf-8"


def _binary(media: str, description: str) -> dict[int | str, dict[str, Any]]:
    schema = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": description, "content": {media: schema}}}


class RecordChangeOut(BaseModel):
    """What became of one record since 记录变更."""

    record: UUID
    voided: bool
    facts: list[str]
    minutes: int
    minutes_now: int


class StatusOut(BaseModel):
    """How the certificate stands now 当前状态."""

    status: Status
    changes: list[RecordChangeOut]
    minutes_now: int | None
    superseded_by: UUID | None
    revoked: RevocationGround | None


class CertificateOut(BaseModel):
    """A certificate 证明; ``face`` is what is printed, None before it is issued."""

    id: UUID
    version: int
    number: str = Field(description="证明编号")
    stage: str
    volunteer: UUID
    issuer: UUID
    mode: str
    language: str
    from_day: str | None
    to_day: str | None
    with_open: bool
    replaces: UUID | None
    requested_by: str
    handler: UUID | None
    declined: str | None
    face: dict[str, Any] | None = Field(
        description="What is printed; who need not know reads the holder masked 印载事项"
    )
    status: StatusOut


def certificate_routes(
    sessions: Sessions, certifying: Certifying, handing_out: HandingOut
) -> APIRouter:
    """Return the routes of certificates."""
    office = certifying.office
    who = calling(office, sessions)
    routes = APIRouter(
        prefix="/api/v1",
        tags=["certificates 证明"],
        responses=REFUSALS,
        dependencies=[Depends(uncached)],
    )
    plain = APIRouter(prefix="/certificates", route_class=StrictRoute)
    hidden = [Depends(hiding_certificate(office, who))]
    acting = APIRouter(prefix="/certificates", route_class=StrictRoute, dependencies=hidden)
    _reading_routes(plain, who, certifying, handing_out)
    _acting_routes(acting, who, certifying)
    for router in (plain, acting):
        routes.include_router(router)
    return routes


def _reading_routes(
    router: APIRouter, who: Callable[..., Caller], certifying: Certifying, out: HandingOut
) -> None:
    office = certifying.office

    @router.post("", status_code=201)
    def request_certificate(
        form: CertificateRequestForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
    ) -> Written:
        """Ask for a certificate; one that is printed by oneself is issued at once 申请证明."""
        done = certifying.request(caller, form)
        response.headers["location"] = f"{_PREFIX}/{done.value}"
        return written(office, response, done, CERTIFICATE, done.value)

    @router.get("/{certificate}")
    def read(
        certificate: UUID, caller: Annotated[Caller, Depends(who)], response: Response
    ) -> CertificateOut:
        """Return a certificate and how it stands now 查看证明."""
        shown = read_certificate(office, caller, certificate)
        response.headers["etag"] = etag(shown.version)
        return _out(shown)

    @router.get(
        "/{certificate}/certificate.pdf",
        response_class=Response,
        responses={**_binary(_PDF, "PDF/A-3a with the proofs attached"), **GONE},
    )
    def print_certificate(
        certificate: UUID, caller: Annotated[Caller, Depends(who)]
    ) -> Response:
        """Return the PDF; that staff see it is written down first 打印证明."""
        return _file(out.pdf(caller, certificate), _PDF, f"{certificate}.pdf")

    @router.get(
        "/{certificate}/certificate.tlog-proof",
        response_class=Response,
        responses={**_binary("text/plain", "A C2SP tlog-proof of the whole face"), **GONE},
    )
    def prove_certificate(
        certificate: UUID, caller: Annotated[Caller, Depends(who)]
    ) -> Response:
        """Return the proof of the face alone 证明的日志包含证明."""
        return _file(out.proof(caller, certificate), _PROOF, f"{certificate}.tlog-proof")


def _acting_routes(
    router: APIRouter, who: Callable[..., Caller], certifying: Certifying
) -> None:
    office = certifying.office

    @router.post("/{certificate}/acceptance")
    def accept_request(
        certificate: UUID,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Accept a request, as its handler 经办人受理."""
        seen = expected(if_match, CERTIFICATE, certificate)
        done = certifying.accept(caller, certificate, expected=seen)
        return written(office, response, done, CERTIFICATE, certificate)

    @router.post("/{certificate}/issuance")
    def issue_certificate(
        certificate: UUID,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Issue it, as the responsible person: its records are proved again 负责人出具."""
        seen = expected(if_match, CERTIFICATE, certificate)
        done = certifying.issue(caller, certificate, expected=seen)
        return written(office, response, done, CERTIFICATE, certificate)

    @router.post("/{certificate}/refusal")
    def decline_request(
        certificate: UUID,
        form: DeclineForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Issue nothing; the volunteer may withdraw her own request 不予出具或撤回申请."""
        seen = expected(if_match, CERTIFICATE, certificate)
        done = certifying.decline(caller, certificate, form, expected=seen)
        return written(office, response, done, CERTIFICATE, certificate)

    @router.post("/{certificate}/revocation")
    def revoke_certificate(
        certificate: UUID,
        form: RevocationForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Take a certificate back 撤销证明."""
        seen = expected(if_match, CERTIFICATE, certificate)
        done = certifying.revoke(caller, certificate, form, expected=seen)
        return written(office, response, done, CERTIFICATE, certificate)


def _file(content: bytes, media: str, name: str) -> Response:
    return Response(
        content,
        media_type=media,
        headers={
            "cache-control": "no-store",
            "content-disposition": f'attachment; filename="{name}"',
            "content-security-policy": "sandbox",
            "x-content-type-options": "nosniff",
        },
    )


def _out(shown: CertificateShown) -> CertificateOut:
    told = shown.told
    status = {name: spelled(getattr(told, name)) for name in StatusOut.model_fields}
    said = {"id": shown.id, "version": shown.version, "status": status, **shown.facts}
    return CertificateOut.model_validate(said)

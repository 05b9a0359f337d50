"""Files of evidence over HTTP: kept as they come, shown to those who may, cached by nobody."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from ledger.api.v1.answers import Written, written
from ledger.api.v1.bodies import Room, StrictRoute, UnusableBodyError, media_type
from ledger.api.v1.documented import GONE, REFUSALS, STORAGE_FULL
from ledger.api.v1.signed_in import Sessions, calling
from ledger.api.v1.volunteer_routes import uncached
from ledger.application.callers import Caller
from ledger.application.evidence_keeping import EvidenceKeeping, Upload
from ledger.application.evidence_reading import Described, EvidenceReading
from ledger.application.forms.fields import Digest, Id
from ledger.application.office import Office
from ledger.application.states import EVIDENCE
from ledger.domain.codes import EvidenceKind, MediaType
from ledger.domain.disclosed import DisclosurePurpose
from ledger.domain.evidence_files import EVIDENCE_BYTES_MAX, PERSONS_MAX

_PREFIX = "/api/v1/evidence"
_ID = "00000000-0000-4000-8000-0000000000f1"
HELD_BYTES_MAX = 8 * EVIDENCE_BYTES_MAX
"""What a process holds at once of files that come; whoever comes then is sent away."""
_SUFFIXES = {MediaType.JPEG: "jpg", MediaType.PNG: "png", MediaType.PDF: "pdf"}
FILES: dict[str, dict[str, Any]] = {
    each.value: {"schema": {"type": "string", "format": "binary"}} for each in MediaType
}
"""What a file of evidence may be, as the OpenAPI document has it."""


class LookedOut(BaseModel):
    """Who was shown a file, in whose name, what for 查看人."""

    seq: int
    at: datetime
    by: str
    organization: UUID | None
    purpose: DisclosurePurpose


class EvidenceOut(BaseModel):
    """What is known of a file 佐证文件; whom else it shows is not for a volunteer."""

    id: UUID
    sha256: str = Field(description="Of the file as it came 文件摘要")
    size: int = Field(description="Bytes 字节数")
    media_type: MediaType
    kind: EvidenceKind
    activity: UUID
    record: UUID | None
    organization: UUID
    persons: list[UUID] = Field(description="Volunteers whom it shows 所涉志愿者")
    redacted_from: UUID | None = Field(description="去除部分人员前的原文件")
    kept_at: datetime
    kept_by: str
    can_be_opened: bool = Field(
        description="Not any more, once somebody whom it shows was erased 是否仍可查看"
    )
    looked: list[LookedOut] = Field(description="查看记录")


Content = Callable[..., AsyncIterator[bytes]]


def file_body(room: Room, who: Callable[..., Caller]) -> Content:
    """Return a dependency: a file that is a request's body, within the room that there is."""

    async def content(
        request: Request, _: Annotated[Caller, Depends(who)]
    ) -> AsyncIterator[bytes]:
        """Yield the file, once it is known who sends it."""
        declared(request)
        async with room.body(request, EVIDENCE_BYTES_MAX) as body:
            yield body

    return content


def evidence_routes(
    office: Office,
    sessions: Sessions,
    keeping: EvidenceKeeping,
    reading: EvidenceReading,
    room: Room,
) -> APIRouter:
    """Return the routes of evidence files; ``room`` is for all files that come at once."""
    router = APIRouter(
        prefix=_PREFIX,
        tags=["evidence 佐证"],
        route_class=StrictRoute,
        responses=REFUSALS,
        dependencies=[Depends(uncached)],
    )
    who = calling(office, sessions)
    _keeping_route(router, office, who, keeping, file_body(room, who))
    _reading_routes(router, who, reading)
    return router


def _keeping_route(
    router: APIRouter,
    office: Office,
    who: Callable[..., Caller],
    keeping: EvidenceKeeping,
    content: Content,
) -> None:
    @router.post(
        "",
        status_code=201,
        responses=STORAGE_FULL,
        openapi_extra={"requestBody": {"required": True, "content": FILES}},
    )
    def keep_evidence(
        request: Request,
        response: Response,
        caller: Annotated[Caller, Depends(who)],
        body: Annotated[bytes, Depends(content)],
        said: Annotated[dict[str, Any], Depends(_said)],
    ) -> Written:
        """Keep a photograph, a scan or a sheet, the file itself being the body 保存佐证文件."""
        upload = Upload(content=body, media_type=declared(request), **said)
        done = keeping.keep(caller, upload)
        response.headers["location"] = f"{_PREFIX}/{done.value}"
        return written(office, response, done, EVIDENCE, done.value)


def _reading_routes(
    router: APIRouter, who: Callable[..., Caller], reading: EvidenceReading
) -> None:
    @router.get("")
    def describe_evidence(
        caller: Annotated[Caller, Depends(who)],
        organization: Annotated[Id, Query(description="保存组织", examples=[_ID])],
        sha256: Annotated[Digest, Query(description="文件摘要", examples=["cd" * 32])],
    ) -> EvidenceOut:
        """Return what is known of a file that an organization keeps 查询佐证文件."""
        return _out(reading.describe(caller, organization, sha256))

    @router.get(
        "/{evidence}",
        response_class=Response,
        responses={200: {"description": "The file 文件", "content": FILES}, **GONE},
    )
    def show_evidence(
        evidence: UUID,
        caller: Annotated[Caller, Depends(who)],
        purpose: Annotated[
            DisclosurePurpose,
            Query(description="What it is looked at for 用途", examples=["inspection"]),
        ],
    ) -> Response:
        """Return the file, once it is written down who looks and what for 查看佐证文件."""
        shown = reading.show(caller, evidence, purpose)
        kind = shown.state.media_type
        return Response(
            shown.content,
            media_type=kind.value,
            headers={
                "cache-control": "no-store",
                "content-disposition": f'attachment; filename="{evidence}.{_SUFFIXES[kind]}"',
                "content-security-policy": "sandbox",
                "x-content-type-options": "nosniff",
            },
        )


def declared(request: Request) -> MediaType:
    """Return what the sender calls the file.

    Raises:
        UnusableBodyError: It is nothing that is taken.
    """
    try:
        return MediaType(media_type(request))
    except ValueError:
        raise UnusableBodyError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "evidence_type_is_not_taken"
        ) from None


def _said(
    activity: Annotated[Id, Query(description="所属活动", examples=[_ID])],
    kind: Annotated[EvidenceKind, Query(description="佐证种类", examples=["photo"])],
    volunteer: Annotated[
        list[Id] | None,
        Query(
            description="Each volunteer whom it shows or names 所涉志愿者,可重复",
            max_length=PERSONS_MAX,
            examples=[[_ID]],
        ),
    ] = None,
    record: Annotated[
        Id | None, Query(description="If it is about one record alone 所属记录")
    ] = None,
    redacted_from: Annotated[
        Id | None,
        Query(description="The file of which this is a copy with fewer people 原文件"),
    ] = None,
) -> dict[str, Any]:
    return {
        "activity": activity,
        "kind": kind,
        "persons": tuple(volunteer or ()),
        "record": record,
        "redacted_from": redacted_from,
    }


def _out(found: Described) -> EvidenceOut:
    state = found.state
    return EvidenceOut(
        id=state.id,
        sha256=state.sha256,
        size=state.size,
        media_type=state.media_type,
        kind=state.kind,
        activity=state.activity,
        record=state.record,
        organization=state.organization,
        persons=list(found.persons),
        redacted_from=state.redacted_from,
        kept_at=found.kept_at,
        kept_by=found.kept_by.text(),
        can_be_opened=found.can_be_opened,
        looked=[
            LookedOut(
                seq=each.seq,
                at=each.at,
                by=each.by.text(),
                organization=each.organization,
                purpose=each.purpose,
            )
            for each in found.looked
        ],
    )

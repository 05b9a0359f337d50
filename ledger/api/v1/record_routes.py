"""Service records over HTTP: entered, read, and everything that follows an entry."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from ledger.api.v1.answers import IfMatch, Written, etag, expected, written
from ledger.api.v1.bodies import Receive, taking_signed
from ledger.api.v1.documented import REFUSALS
from ledger.api.v1.hiding import hiding_record
from ledger.api.v1.histories import HistoryItem, history_items
from ledger.api.v1.pages import AsOf, CursorText, Limit, Listing, Paged
from ledger.api.v1.signed_in import Sessions, calling
from ledger.application.callers import Caller
from ledger.application.entering import enter_record, publicize_record, resubmit_record
from ledger.application.forms.record import RecordForm, ResubmissionForm
from ledger.application.office import Office
from ledger.application.record_reading import read_record, record_history
from ledger.application.states import RECORD


class RecordOut(BaseModel):
    """A service record 服务记录: what was served, how it came in, how far it has come."""

    id: UUID
    version: int
    seq: int = Field(description="The last entry that it rests on 依据的最后条目")
    volunteer: UUID
    activity: UUID
    organization: UUID
    organizer: UUID
    person_in_charge: UUID
    stage: str
    counts: bool = Field(description="Whether its minutes count 是否计入")
    service: dict[str, Any]
    minutes: int
    hours: str = Field(
        description="As the rules of its day print them 按服务当日规则折算的小时"
    )
    provenance: dict[str, Any] = Field(description="来源")
    paper: dict[str, Any] | None = Field(
        None,
        description="Of a batch that was copied from paper: its scans, who keyed and who "
        "checked it 纸质批次的扫描件与核对",
    )
    recorders: list[UUID]
    reviewer: UUID | None
    approver: UUID | None
    awaits: list[str]
    publicity: dict[str, Any] | None
    objections: list[dict[str, Any]]
    amendment: dict[str, Any] | None


def record_routes(office: Office, sessions: Sessions, receive: Receive) -> APIRouter:
    """Return the routes by which records are entered, shown and read."""
    router = APIRouter(
        prefix="/api/v1/records",
        tags=["records 服务记录"],
        route_class=taking_signed(receive),
        responses=REFUSALS,
    )
    who = calling(office, sessions)
    _entering_routes(router, office, who)
    _reading_routes(router, office, who)
    return router


def _entering_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    hidden = Depends(hiding_record(office, who))

    @router.post("", status_code=201)
    def enter(
        form: RecordForm, caller: Annotated[Caller, Depends(who)], response: Response
    ) -> Written:
        """Enter what a volunteer served 录入服务记录."""
        done = enter_record(office, caller, form)
        response.headers["location"] = f"/api/v1/records/{done.value}"
        return written(office, response, done, RECORD, done.value)

    @router.post("/{record}/resubmission", dependencies=[hidden])
    def resubmit(
        record: UUID,
        form: ResubmissionForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Enter a returned record anew 重新提交."""
        on = expected(if_match, RECORD, record)
        done = resubmit_record(office, caller, record, form, expected=on)
        return written(office, response, done, RECORD, record)

    @router.post("/{record}/publicity", dependencies=[hidden])
    def publicize(
        record: UUID,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Show it from today on, masked, before it counts 开始公示."""
        on = expected(if_match, RECORD, record)
        done = publicize_record(office, caller, record, expected=on)
        return written(office, response, done, RECORD, record)


def _reading_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.get("/{record}")
    def read(
        record: UUID,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        as_of: AsOf = None,
    ) -> RecordOut:
        """Return a record, now or as it was 查看服务记录."""
        shown = read_record(office, caller, record, size=as_of)
        response.headers["etag"] = etag(shown.version)
        return RecordOut(id=shown.id, version=shown.version, seq=shown.seq, **shown.facts)

    @router.get("/{record}/history")
    def read_history(
        record: UUID,
        caller: Annotated[Caller, Depends(who)],
        limit: Limit = 50,
        cursor: CursorText = None,
        as_of: AsOf = None,
    ) -> Paged[HistoryItem]:
        """Return every change: who, what, when, why, before and after 变更历史."""
        listing = Listing(office.index_key, caller, "record history", record=record)
        place = listing.place(cursor, as_of)
        items = record_history(office, caller, record, size=place.size)
        return listing.history_page(items, place, limit, history_items)

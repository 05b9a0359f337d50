"""Notices over HTTP: one's own inbox, what is about to be late, and where mail is wanted."""

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials
from pydantic import BaseModel, Field

from ledger.api.languages import language_of
from ledger.api.v1.answers import settle
from ledger.api.v1.bodies import StrictRoute
from ledger.api.v1.documented import REFUSALS
from ledger.api.v1.pages import AsOf, CursorText, Limit, Listing, Paged
from ledger.api.v1.signed_in import BEARER, NotSignedInError, Sessions
from ledger.application.desk import Done
from ledger.application.due_soon import DueSoon, due_soon
from ledger.application.forms.notices import NoticeAddressForm, SeenForm
from ledger.application.inbox import (
    Owner,
    address_of,
    asked_by,
    drop_address,
    mark_seen,
    owner_of,
    read,
    set_address,
    text_of,
)
from ledger.application.office import Office
from ledger.application.texts import Language
from ledger.domain.codes import Coded
from ledger.domain.disclosed import DisclosurePurpose
from ledger.projections.notice_kinds import NoticeKind

Who = Callable[..., Owner]


class NoticeRow(BaseModel):
    """One notice 通知: what happened, to what, in whose name."""

    seq: int = Field(description="The entry that it tells of 依据的条目", examples=[120])
    kind: NoticeKind = Field(examples=["record_returned"])
    text: str = Field(description="In the reader's language 通知内容")
    time: str
    by: str = Field(description="Who did it 操作人")
    on_behalf_of: UUID | None = Field(description="In whose name 代表的组织")
    organization: UUID | None = Field(
        description="As whose staff one is told; none where it is for oneself 所属组织"
    )
    record: UUID | None
    activity: UUID | None
    volunteer: UUID | None
    evidence: UUID | None
    certificate: UUID | None
    about: UUID | None = Field(description="The objection, amendment or other thing 所涉事项")
    purpose: DisclosurePurpose | None = Field(description="What it was looked at for 查看用途")
    purpose_text: str | None = Field(description="The same in words 查看用途说明")
    is_seen: bool


class Notices(Paged[NoticeRow]):
    """One page of one's own notices, newest first 我的通知."""

    unread: int = Field(description="How many are unseen, up to 1,000 未读数", examples=[3])


class SeenOut(BaseModel):
    """What is left unseen, and the proof of what was written down 已读确认."""

    unread: int
    receipts: list[dict[str, Any]] = Field(
        description="The entries with their proofs; none where all had been seen 回执"
    )


class DueRow(BaseModel):
    """What is about to be late 即将逾期."""

    kind: str = Field(
        description="A kind of task; `enter_records` of an activity that is over, "
        "`reply_to_amendment` of a proposal to be replied to 事项类型",
        examples=["resubmit"],
    )
    about: UUID
    organization: UUID | None
    record: UUID | None
    activity: UUID | None
    due_on: str = Field(description="Last day 办理期限", examples=["2026-12-02"])
    is_provisional: bool = Field(description="A year's working days are not published yet")
    basis: Literal["derived", "internal"]


class DueSoonOut(BaseModel):
    """What is about to be late, the nearest day first, at most 200 即将逾期列表."""

    items: list[DueRow]


class AddressOut(BaseModel):
    """Where one wants to be told by mail; none is no mail 通知邮件地址."""

    address: str | None = Field(examples=["name@example.org"])
    mail_is_on: bool = Field(description="Whether this ledger sends mail at all 是否已启用邮件")


def notice_routes(office: Office, sessions: Sessions, *, mail_is_on: bool) -> APIRouter:
    """Return the routes of one's own inbox."""
    router = APIRouter(
        prefix="/api/v1/me/notices",
        tags=["notices 通知"],
        route_class=StrictRoute,
        responses=REFUSALS,
    )

    def who(
        request: Request,
        bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
        response: Response,
    ) -> Owner:
        """Return whose inbox it is: that of who is signed in, whatever is sent."""
        signed = None if bearer is None else sessions.find(bearer.credentials)
        if signed is None:
            raise NotSignedInError
        response.headers["cache-control"] = "no-store"
        owner = owner_of(office, signed)
        # What is wrong with her form is found without a word of her.
        request.state.caller = owner.actor(owner.chief)
        return owner

    _inbox_routes(router, office, who)
    _address_routes(router, office, who, mail_is_on=mail_is_on)
    return router


def _inbox_routes(router: APIRouter, office: Office, who: Who) -> None:
    @router.get("")
    def notices(
        request: Request,
        owner: Annotated[Owner, Depends(who)],
        *,
        unread: Annotated[bool, Query(description="Unseen ones alone 仅未读")] = False,
        limit: Limit = 50,
        cursor: CursorText = None,
        as_of: AsOf = None,
    ) -> Notices:
        """List one's own notices, newest first 我的通知."""
        listing = Listing(office.index_key, owner.actor(owner.chief), "notices", unread=unread)
        place = listing.place(cursor, as_of)
        below = None if place.after is None else int(place.after[0] or 0)
        asked = asked_by(
            office, owner, below=below, limit=limit, size=place.size, unread=unread
        )
        found = read(office, asked)
        rows, language = found.value.rows, language_of(request)
        after = (int(rows[-1].row["seq"]),) if found.value.has_more else None
        return Notices(
            items=[_row(each.row, language, is_seen=each.is_seen) for each in rows],
            next=listing.cursor(after, found.size),
            as_of=found.size,
            rebuilding=found.is_rebuilding,
            unread=found.value.unread,
        )

    @router.post("/seen")
    def see(
        form: SeenForm, owner: Annotated[Owner, Depends(who)], response: Response
    ) -> SeenOut:
        """Say that one has seen one's notices up to one 标记已读; harmless to repeat."""
        done = mark_seen(office, owner, form.through)
        _settle(office, response, done)
        receipts = [office.receipts.of(each.appended, each.submission) for each in done]
        left = read(office, asked_by(office, owner, limit=1)).value.unread
        return SeenOut(unread=left, receipts=[each.as_json() for each in receipts])

    @router.get("/due")
    def due(owner: Annotated[Owner, Depends(who)]) -> DueSoonOut:
        """List what one has to do whose last day is near 即将逾期的事项."""
        return DueSoonOut(items=[_due_row(each) for each in due_soon(office, owner)])


def _address_routes(router: APIRouter, office: Office, who: Who, *, mail_is_on: bool) -> None:
    @router.get("/address")
    def address(owner: Annotated[Owner, Depends(who)]) -> AddressOut:
        """Return where one wants to be told by mail 查看通知邮件地址."""
        return AddressOut(address=address_of(office, owner), mail_is_on=mail_is_on)

    @router.put("/address")
    def give(
        form: NoticeAddressForm, owner: Annotated[Owner, Depends(who)], response: Response
    ) -> AddressOut:
        """Be told by mail, at this address, that there are notices 设置通知邮件地址."""
        _settle(office, response, [set_address(office, owner, form.address)])
        return AddressOut(address=form.address, mail_is_on=mail_is_on)

    @router.delete("/address", status_code=204)
    def remove(owner: Annotated[Owner, Depends(who)]) -> None:
        """Be told by mail no more 不再接收通知邮件."""
        drop_address(office, owner)


def _settle(office: Office, response: Response, done: Iterable[Done[UUID]]) -> None:
    for each in done:
        settle(office, response, each)


def _row(row: Mapping[str, Any], language: Language, *, is_seen: bool) -> NoticeRow:
    purpose = None if row["purpose"] is None else DisclosurePurpose(row["purpose"])
    names = ("seq", "kind", "time", "by", "on_behalf_of", "record", "activity", "volunteer")
    return NoticeRow(
        text=text_of(row["kind"], language),
        organization=row["organization"] or None,
        evidence=row["evidence"],
        certificate=row["certificate"],
        about=row["about"],
        purpose=purpose,
        purpose_text=None if purpose is None else _label(purpose, language),
        is_seen=is_seen,
        **{name: row[name] for name in names},
    )


def _label(code: Coded, language: Language) -> str:
    return code.chinese if language == "zh" else code.english


def _due_row(item: DueSoon) -> DueRow:
    return DueRow(
        kind=item.kind,
        about=UUID(item.about),
        organization=None if item.organization is None else UUID(item.organization),
        record=None if item.record is None else UUID(item.record),
        activity=None if item.activity is None else UUID(item.activity),
        due_on=item.due_on.isoformat(),
        is_provisional=item.is_provisional,
        basis="derived" if item.is_derived else "internal",
    )

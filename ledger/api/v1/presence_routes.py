"""Signing in and out on the spot over HTTP: the code on the screen, and who sends it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import segno
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from ledger.api.v1.answers import Written, written
from ledger.api.v1.bodies import StrictRoute
from ledger.api.v1.documented import REFUSALS
from ledger.api.v1.hiding import hiding_activity
from ledger.api.v1.pages import AsOf, CursorText, Limit, Listing, Paged
from ledger.api.v1.signed_in import Sessions, calling
from ledger.api.v1.volunteer_routes import uncached
from ledger.application.callers import Caller
from ledger.application.forms.presence import PresenceAmendmentForm, SignForm
from ledger.application.record_lists import Paging
from ledger.application.sign_in_codes import PERIOD_S, Place
from ledger.application.signing_on_the_spot import OnTheSpot
from ledger.application.states import PRESENCE

POINTS_MAX = 1_000
QR_PREFIX = "urn:ledger:sign-in:"
"""What a QR code says: this, the activity, the number of its sign point or 0, the digits."""


class CodeOut(BaseModel):
    """The code of this minute 动态码."""

    code: str = Field(description="Six digits 六位数字", examples=["048211"])
    seconds_left: int = Field(description="Until the next one 剩余秒数")
    period_s: int
    point: int | None
    qr_text: str = Field(description="What the QR code says 二维码内容")
    qr_svg: str = Field(description="The QR code as SVG 二维码")


class PresenceRow(BaseModel):
    """One session of a volunteer 签到签退."""

    volunteer: UUID
    session: int
    signed_in_at: datetime
    signed_out_at: datetime | None
    is_open: bool = Field(description="Not signed out: it counts nothing 未签退,不计时")
    is_offline: bool = Field(description="A time was taken without a connection 离线签到")
    is_amended: bool = Field(description="补签")
    is_outside: bool = Field(description="At one of both, out of the radius 超出签到范围")
    since: int = Field(description="The entry by which it is so 依据的条目")


Point = Annotated[
    int | None,
    Query(description="Number of the sign point, from 1 签到点序号", ge=1, le=POINTS_MAX),
]
Open = Annotated[bool | None, Query(description="Only who is signed in now 仅未签退")]


def presence_routes(sessions: Sessions, spot: OnTheSpot) -> APIRouter:
    """Return the routes of signing in and out."""
    office = spot.office
    who = calling(office, sessions)
    routes = APIRouter(
        prefix="/api/v1/activities",
        tags=["sign-ins 签到签退"],
        responses=REFUSALS,
        dependencies=[Depends(uncached)],
    )
    reading = APIRouter(route_class=StrictRoute)
    hidden = [Depends(hiding_activity(office, who))]
    acting = APIRouter(route_class=StrictRoute, dependencies=hidden)
    _reading_routes(reading, who, spot)
    _acting_routes(acting, who, spot)
    for router in (reading, acting):
        routes.include_router(router)
    return routes


def _reading_routes(router: APIRouter, who: Callable[..., Caller], spot: OnTheSpot) -> None:
    @router.get("/{activity}/sign-in-code")
    def show_code(
        activity: UUID, caller: Annotated[Caller, Depends(who)], point: Point = None
    ) -> CodeOut:
        """Return the code of this minute, to be shown on a screen 查看签到动态码."""
        shown = spot.code(caller, activity, point)
        text = f"{QR_PREFIX}{Place(activity, point).text()}:{shown.digits}"
        return CodeOut(
            code=shown.digits,
            seconds_left=shown.seconds_left,
            period_s=PERIOD_S,
            point=point,
            qr_text=text,
            qr_svg=segno.make(text, error="m", micro=False).svg_inline(scale=4, border=4),
        )

    @router.get("/{activity}/presences")
    def list_presences(
        activity: UUID,
        caller: Annotated[Caller, Depends(who)],
        is_open: Open = None,
        limit: Limit = 50,
        cursor: CursorText = None,
        as_of: AsOf = None,
    ) -> Paged[PresenceRow]:
        """List who signed in, and who has not signed out 签到名单."""
        key = spot.office.index_key
        asked = {"activity": activity, "is_open": is_open}
        listing = Listing(key, caller, "presences", **asked)
        place = listing.place(cursor, as_of)
        paging = Paging(after=place.after, limit=limit, size=place.size)
        return listing.page(spot.present(caller, activity, paging, is_open=is_open), _row)


def _acting_routes(router: APIRouter, who: Callable[..., Caller], spot: OnTheSpot) -> None:
    @router.post("/{activity}/sign-ins", status_code=201)
    def sign(
        activity: UUID,
        form: SignForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
    ) -> Written:
        """Sign in or out, with the code of this minute or a time taken offline 签到签退."""
        done = spot.sign(caller, activity, form)
        return written(spot.office, response, done, PRESENCE, done.value)

    @router.post("/{activity}/presences/{volunteer}/amendments")
    def amend_presence(
        activity: UUID,
        volunteer: UUID,
        form: PresenceAmendmentForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
    ) -> Written:
        """Say when she really came and went, and how that is known 补签."""
        done = spot.amend(caller, activity, volunteer, form)
        return written(spot.office, response, done, PRESENCE, done.value)


def _row(row: Mapping[str, Any]) -> PresenceRow:
    return PresenceRow(**{name: row[name] for name in PresenceRow.model_fields})

"""Volunteers over HTTP: registered, found and read; whatever is shown of them is not cached."""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from ledger.api.v1.access_routes import address_of
from ledger.api.v1.answers import IfMatch, Written, etag, expected, settle, written
from ledger.api.v1.bodies import Receive, StrictRoute, taking_signed
from ledger.api.v1.documented import REFUSALS
from ledger.api.v1.histories import HistoryItem, history_items
from ledger.api.v1.pages import AsOf, CursorText, Limit, Listing, Paged, Place
from ledger.api.v1.signed_in import Sessions, calling
from ledger.api.v1.volunteer_out import (
    CreditOut,
    FoundOut,
    ProfileOut,
    ReaderOut,
    VolunteerRow,
    credit_out,
    found_out,
    profile_out,
    reader_out,
    row_out,
)
from ledger.application.callers import Caller
from ledger.application.disclosing import disclose, readers
from ledger.application.forms.self_registration import SelfRegistrationForm
from ledger.application.forms.volunteer import DisclosureForm, RegistrationForm, SearchForm
from ledger.application.office import Office
from ledger.application.record_lists import Paging
from ledger.application.registering import register
from ledger.application.self_registering import SelfRegistrations
from ledger.application.states import VOLUNTEER
from ledger.application.volunteer_reading import read_account, read_profile, volunteer_history
from ledger.application.volunteer_search import VolunteerPage, list_volunteers, search

T = TypeVar("T")
M = TypeVar("M")

PREFIX = "/api/v1/volunteers"
TAGS: list[str | Enum] = ["volunteers 志愿者"]


class DisclosedOut(BaseModel):
    """A volunteer in clear, and the entry that says to whom she was shown 明文信息."""

    profile: ProfileOut
    receipt: dict[str, object] = Field(description="The entry with its proof 回执")


def uncached(response: Response) -> None:
    """Let no cache keep what is answered: it is about persons."""
    response.headers["cache-control"] = "no-store"


def registration_routes(office: Office, registrations: SelfRegistrations) -> APIRouter:
    """Return the route by which somebody registers by herself."""
    router = APIRouter(
        prefix="/api/v1/registrations",
        tags=TAGS,
        route_class=StrictRoute,
        responses=REFUSALS,
        dependencies=[Depends(uncached)],
    )

    @router.post("", status_code=201)
    def register_herself(
        form: SelfRegistrationForm, request: Request, response: Response
    ) -> Written:
        """Register by oneself, and choose a name and a password 自行注册."""
        done = registrations.register(form, address_of(request))
        response.headers["location"] = f"{PREFIX}/{done.value}"
        return written(office, response, done, VOLUNTEER, done.value)

    return router


def volunteer_routes(office: Office, sessions: Sessions, receive: Receive) -> APIRouter:
    """Return the routes of volunteers; registering also takes what a system has signed."""
    registering = APIRouter(route_class=taking_signed(receive))
    router = APIRouter(route_class=StrictRoute)
    who = calling(office, sessions)

    @registering.post("", status_code=201)
    def register_volunteer(
        form: RegistrationForm, caller: Annotated[Caller, Depends(who)], response: Response
    ) -> Written:
        """Register a volunteer with her consent 登记志愿者."""
        done = register(office, caller, form)
        response.headers["location"] = f"{PREFIX}/{done.value}"
        return written(office, response, done, VOLUNTEER, done.value)

    _finding_routes(router, office, who)
    _reading_routes(router, office, who)
    _disclosing_routes(router, office, who)
    routes = APIRouter(tags=TAGS, responses=REFUSALS, dependencies=[Depends(uncached)])
    routes.include_router(registering, prefix=PREFIX)
    routes.include_router(router, prefix=PREFIX)
    return routes


def _finding_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.get("")
    def list_(
        caller: Annotated[Caller, Depends(who)],
        organization: Annotated[
            UUID | None, Query(description="Left out, the caller's own 登记组织")
        ] = None,
        limit: Limit = 50,
        cursor: CursorText = None,
        as_of: AsOf = None,
    ) -> Paged[VolunteerRow]:
        """List whom an organization registered, masked 志愿者名单(遮掩)."""
        listing = Listing(office.index_key, caller, "volunteers", organization=organization)
        place = listing.place(cursor, as_of)
        paging = Paging(after=place.after, limit=limit, size=place.size)
        found = list_volunteers(office, caller, organization, paging)
        return _page(listing, found, row_out)

    # What is looked for stands in the body: addresses are logged on every way there is.
    @router.post("/searches")
    def look_for(
        form: SearchForm,
        caller: Annotated[Caller, Depends(who)],
        limit: Limit = 50,
        cursor: CursorText = None,
        as_of: AsOf = None,
    ) -> Paged[FoundOut]:
        """Find volunteers by the whole of a name, telephone or ID number 精确查找."""
        listing = Listing(office.index_key, caller, "volunteer search", **form.model_dump())
        place = listing.place(cursor, as_of)
        paging = Paging(after=place.after, limit=limit, size=place.size)
        return _page(listing, search(office, caller, form, paging), found_out)


def _reading_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.get("/{volunteer}")
    def read(
        volunteer: UUID,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        as_of: AsOf = None,
    ) -> ProfileOut:
        """Return a volunteer: herself in full, others masked 查看志愿者."""
        profile = read_profile(office, caller, volunteer, size=as_of)
        response.headers["etag"] = etag(profile.version)
        return profile_out(profile, as_of)

    @router.get("/{volunteer}/history")
    def read_history(
        volunteer: UUID,
        caller: Annotated[Caller, Depends(who)],
        limit: Limit = 50,
        cursor: CursorText = None,
        as_of: AsOf = None,
    ) -> Paged[HistoryItem]:
        """Return every change: who, what, when, why, before and after 变更历史."""
        listing = Listing(office.index_key, caller, "volunteer history", volunteer=volunteer)
        place = listing.place(cursor, as_of)
        items = volunteer_history(office, caller, volunteer, size=place.size)
        return listing.history_page(items, place, limit, history_items)

    @router.get("/{volunteer}/account")
    def account(
        volunteer: UUID,
        caller: Annotated[Caller, Depends(who)],
        limit: Limit = 50,
        cursor: CursorText = None,
        as_of: AsOf = None,
    ) -> Paged[CreditOut]:
        """Return what is credited to her, in the order of time 时长明细."""
        listing = Listing(office.index_key, caller, "account", volunteer=volunteer)
        place = listing.place(cursor, as_of)
        known = read_account(office, caller, volunteer, size=place.size)
        items = [credit_out(each) for each in known.state.credits] if known.state else []
        return _slice(listing, items, place, limit=limit, seq=known.seq)


def _disclosing_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.post("/{volunteer}/disclosures", status_code=201)
    def show_in_clear(
        volunteer: UUID,
        form: DisclosureForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> DisclosedOut:
        """Write down what for, then show a volunteer in clear 查看明文信息(留痕)."""
        on = expected(if_match, VOLUNTEER, volunteer)
        done = disclose(office, caller, volunteer, form, expected=on)
        settle(office, response, done)
        receipt = office.receipts.of(done.appended, done.submission)
        profile = read_profile(office, caller, volunteer, in_clear=True)
        response.headers["etag"] = etag(profile.version)
        return DisclosedOut(profile=profile_out(profile, None), receipt=receipt.as_json())

    @router.get("/{volunteer}/readers")
    def read_readers(
        volunteer: UUID,
        caller: Annotated[Caller, Depends(who)],
        limit: Limit = 50,
        cursor: CursorText = None,
        as_of: AsOf = None,
    ) -> Paged[ReaderOut]:
        """Return who was shown her particulars in clear, and what for 查看记录."""
        listing = Listing(office.index_key, caller, "readers", volunteer=volunteer)
        place = listing.place(cursor, as_of)
        found = readers(office, caller, volunteer, size=place.size)
        seq = found[-1].seq if found else -1
        items = [reader_out(each) for each in found]
        return _slice(listing, items, place, limit=limit, seq=seq)


def _page(listing: Listing, found: VolunteerPage[T], make: Callable[[T], M]) -> Paged[M]:
    return Paged(
        items=[make(each) for each in found.items],
        next=listing.cursor(found.after, found.size),
        as_of=found.size,
        rebuilding=found.is_rebuilding,
    )


def _slice(
    listing: Listing, items: Sequence[M], place: Place, *, limit: int, seq: int
) -> Paged[M]:
    """Return a page of what one stream holds; ``seq`` is the last entry that it rests on."""
    size = seq + 1 if place.size is None else place.size
    begin = 0 if place.after is None else int(place.after[0] or 0)
    end = begin + limit
    return Paged(
        items=list(items[begin:end]),
        next=listing.cursor((end,) if len(items) > end else None, size),
        as_of=size,
        rebuilding=False,
    )

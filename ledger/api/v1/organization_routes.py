"""Organizations over HTTP: registered, listed, and read with their people, keys and history."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from ledger.api.v1.answers import Written, etag, written
from ledger.api.v1.bodies import StrictRoute
from ledger.api.v1.documented import REFUSALS
from ledger.api.v1.histories import HistoryItem, history_items
from ledger.api.v1.pages import AsOf, CursorText, Limit, Listing, Paged
from ledger.api.v1.signed_in import Sessions, calling
from ledger.application.callers import Caller
from ledger.application.forms.organization import OrganizationForm
from ledger.application.office import Office
from ledger.application.organization_reading import (
    DirectoryFilter,
    KeyShown,
    Person,
    directory,
    organization_history,
    read_keys,
    read_organization,
    read_staff,
)
from ledger.application.organizations import register
from ledger.application.record_lists import Paging
from ledger.application.states import ORGANIZATION, Known
from ledger.domain.civil_time import civil_date
from ledger.domain.divisions import name as division_name
from ledger.domain.organization import Organization, OrganizationKind, Status
from ledger.projections.history import spelled

Division = Annotated[
    str | None,
    Query(
        pattern="^[1-9][0-9]{5}([0-9]{3}){0,2}$",
        description="In this division 行政区划代码",
        examples=["110101"],
    ),
]
NamePrefix = Annotated[
    str | None,
    Query(max_length=100, pattern="^[^\\x00]+$", description="Begins with 名称开头"),
]
_EVERYBODY = "/api/v1/organizations"


class OrganizationRow(BaseModel):
    """An organization in a list 组织."""

    id: UUID
    kind: OrganizationKind
    division: str
    division_name: str
    parent: UUID | None
    name: str
    status: Status
    credit_code: str | None
    form: str
    since: int = Field(description="The entry by which it is so 依据的条目")


class OrganizationOut(BaseModel):
    """An organization 组织: its place, its standing, and what is said of it."""

    id: UUID
    version: int
    seq: int = Field(description="The last entry that it rests on 依据的最后条目")
    kind: OrganizationKind
    division: str
    division_name: str
    parent: UUID | None
    status: Status
    is_in_force: bool = Field(description="Whether it may act at all 是否有效")
    has_two_persons: bool = Field(
        description="Whether it has a recorder and another person who reviews, today "
        "今日是否有记录人和另一名审核人"
    )
    particulars: dict[str, Any] = Field(description="组织信息")
    names: list[dict[str, Any]] = Field(description="Each since when 历次名称")
    halted_by: UUID | None = Field(description="Who suspended or revoked it 由谁暂停或撤销")
    successors: list[UUID] = Field(description="承接组织")
    entrustments: list[dict[str, Any]] = Field(description="委托")


class Term(BaseModel):
    """One role of one person, until the first day without it 任期."""

    role: str
    from_day: date
    until: date | None


class StaffOut(BaseModel):
    """A person of the staff 工作人员; a fact that was erased is `{"erased": true}`."""

    person: UUID
    name: Any
    telephone: Any
    terms: list[Term]


class StaffList(BaseModel):
    """The people of an organization 人员名单."""

    version: int
    seq: int
    items: list[StaffOut]


class KeyOut(BaseModel):
    """A key of an organization 密钥; it signs to its last day unless it was revoked."""

    key: UUID
    public_key: str
    label: str
    valid_to: date | None
    added_at: datetime
    revoked_at: datetime | None
    exposed_since: date | None
    reason: str | None


class KeyList(BaseModel):
    """The keys of an organization 密钥列表."""

    version: int
    seq: int
    items: list[KeyOut]


def organization_routes(office: Office, sessions: Sessions) -> APIRouter:
    """Return the routes by which organizations are registered and read."""
    router = APIRouter(
        prefix=_EVERYBODY,
        tags=["organizations 组织"],
        route_class=StrictRoute,
        responses=REFUSALS,
    )
    who = calling(office, sessions)

    @router.post("", status_code=201)
    def register_organization(
        form: OrganizationForm, caller: Annotated[Caller, Depends(who)], response: Response
    ) -> Written:
        """Register an organization; a bureau authorizes it afterwards 登记组织."""
        done = register(office, caller, form)
        response.headers["location"] = f"{_EVERYBODY}/{done.value}"
        return written(office, response, done, ORGANIZATION, done.value)

    _list_routes(router, office, who)
    _inner_routes(router, office, who)
    return router


def _list_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.get("")
    def list_organizations(
        caller: Annotated[Caller, Depends(who)],
        wanted: Annotated[DirectoryFilter, Depends(_filter)],
        limit: Limit = 50,
        cursor: CursorText = None,
        as_of: AsOf = None,
    ) -> Paged[OrganizationRow]:
        """List organizations in the order of their divisions 组织目录."""
        asked = {name: getattr(wanted, name) for name in DirectoryFilter.__slots__}
        listing = Listing(office.index_key, caller, "organizations", **asked)
        place = listing.place(cursor, as_of)
        found = directory(
            office, wanted, Paging(after=place.after, limit=limit, size=place.size)
        )
        return listing.page(found, _row)

    @router.get("/{organization}")
    def read(
        organization: UUID,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        as_of: AsOf = None,
    ) -> OrganizationOut:
        """Return an organization, now or as it was 查看组织."""
        del caller  # whoever is signed in
        known = read_organization(office, organization, size=as_of)
        response.headers["etag"] = etag(known.version)
        return _out(known, civil_date(office.desk.now()))


def _inner_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.get("/{organization}/history")
    def read_history(
        organization: UUID,
        caller: Annotated[Caller, Depends(who)],
        limit: Limit = 50,
        cursor: CursorText = None,
        as_of: AsOf = None,
    ) -> Paged[HistoryItem]:
        """Return every change: who, what, when, why, before and after 变更历史."""
        listing = Listing(
            office.index_key, caller, "organization history", organization=organization
        )
        place = listing.place(cursor, as_of)
        items = organization_history(office, caller, organization, size=place.size)
        return listing.history_page(items, place, limit, history_items)

    @router.get("/{organization}/staff")
    def list_staff(
        organization: UUID,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        as_of: AsOf = None,
    ) -> StaffList:
        """Return its people with their roles, to their own and to those above 人员."""
        known, people = read_staff(office, caller, organization, size=as_of)
        response.headers["etag"] = etag(known.version)
        items = [_person(each) for each in people]
        return StaffList(version=known.version, seq=known.seq, items=items)

    @router.get("/{organization}/keys")
    def list_keys(
        organization: UUID,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        as_of: AsOf = None,
    ) -> KeyList:
        """Return its signing keys, to its own people and to those above 密钥."""
        known, keys = read_keys(office, caller, organization, size=as_of)
        response.headers["etag"] = etag(known.version)
        items = [_key(each) for each in keys]
        return KeyList(version=known.version, seq=known.seq, items=items)


def _filter(
    kind: OrganizationKind | None = None,
    division: Division = None,
    parent: UUID | None = None,
    status: Status | None = None,
    name: NamePrefix = None,
) -> DirectoryFilter:
    return DirectoryFilter(
        kind=kind, division=division, parent=parent, status=status, name=name
    )


def _row(row: Mapping[str, Any]) -> OrganizationRow:
    return OrganizationRow(
        id=row["organization"],
        division_name=division_name(row["division"]),
        **{name: row[name] for name in _ROW},
    )


_ROW = ("kind", "division", "parent", "name", "status", "credit_code", "form", "since")


def _out(known: Known[Organization], today: date) -> OrganizationOut:
    state = known.state
    if state is None:
        raise ValueError("an organization is wanted")
    said: Any = spelled(state)
    return OrganizationOut(
        version=known.version,
        seq=known.seq,
        division_name=division_name(state.division),
        is_in_force=state.is_in_force,
        has_two_persons=state.has_two_persons(today),
        **{name: said[name] for name in OrganizationOut.model_fields if name in said},
    )


def _person(person: Person) -> StaffOut:
    return StaffOut(
        person=person.member.person,
        name=spelled(person.member.name),
        telephone=spelled(person.member.telephone),
        terms=[
            Term(role=each.role, from_day=each.from_day, until=each.until)
            for each in person.terms
        ],
    )


def _key(key: KeyShown) -> KeyOut:
    return KeyOut(**{name: getattr(key, name) for name in KeyOut.model_fields})

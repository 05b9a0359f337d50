"""Lists over HTTP: records, what is in publicity, what waits to be done, what has changed."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from ledger.api.v1.bodies import StrictRoute
from ledger.api.v1.documented import REFUSALS
from ledger.api.v1.pages import AsOf, CursorText, Limit, Listing, Paged
from ledger.api.v1.signed_in import Sessions, calling
from ledger.application.callers import Caller
from ledger.application.change_feed import Change, ChangeFeed
from ledger.application.deadlines import Deadlines
from ledger.application.forms.fields import Day
from ledger.application.office import Office
from ledger.application.record_lists import (
    Paging,
    RecordFilter,
    TaskFilter,
    list_publicity,
    list_records,
    list_tasks,
    masked_names,
)
from ledger.domain.record import Stage
from ledger.projections.tasks import TaskKind

Division = Annotated[
    str | None,
    Query(pattern="^[0-9]{6,12}$", description="行政区划代码", examples=["110101001"]),
]


class RecordRow(BaseModel):
    """A record in a list 服务记录."""

    id: UUID
    volunteer: UUID
    activity: UUID
    organization: UUID
    division: str
    day: str
    start: str
    end: str
    minutes: int
    stage: Stage
    channel: str
    recorder: UUID
    signals: list[str]
    is_late: bool
    is_back_entry: bool
    objections: int = Field(description="Open ones 未处理异议数")
    amendment: UUID | None
    closes_on: str | None = Field(description="Last day of its publicity 公示截止日")
    since: int = Field(description="The entry by which it is so 依据的条目")


class PublicRow(BaseModel):
    """A record as the public sees it 公示: the person masked."""

    id: UUID
    volunteer: str = Field(description="志愿者(已脱敏)", examples=["王*"])
    activity: UUID
    organization: UUID
    division: str
    day: str
    minutes: int
    closes_on: str | None
    since: int


class TaskRow(BaseModel):
    """What waits to be done 待办, and until when."""

    kind: TaskKind
    about: UUID
    organization: UUID | None
    division: str
    record: UUID | None
    activity: UUID | None
    volunteer: UUID | None
    since_day: str
    due_on: str = Field(description="Last day 办理期限")
    is_provisional: bool = Field(description="A year's working days are not published yet")
    basis: Literal["derived", "internal"] = Field(
        description="`derived` from the 10 working days of Order 67, Art. 11, or an `internal` "
        "limit, which is no law 期限依据:由法定十个工作日推得,或内部时限"
    )
    since: int


class ChangeRow(BaseModel):
    """One entry that concerns an organization 变更."""

    seq: int
    time: str
    type: str
    stream: UUID
    version: int
    by: str
    facts: dict[str, Any] = Field(description="Its plain facts; personal ones are left out")


class Changes(BaseModel):
    """Entries from a position of the log on 变更流; ask again from ``next``."""

    items: list[ChangeRow]
    next: int
    as_of: int


def list_routes(office: Office, sessions: Sessions, feed: ChangeFeed) -> APIRouter:
    """Return the routes of lists."""
    router = APIRouter(
        prefix="/api/v1", tags=["lists 列表"], route_class=StrictRoute, responses=REFUSALS
    )
    who = calling(office, sessions)
    _record_list(router, office, who)
    _publicity_list(router, office, who)
    _task_list(router, office, who)
    _change_feed(router, feed, who)
    return router


def _filter(
    organization: UUID | None = None,
    volunteer: UUID | None = None,
    activity: UUID | None = None,
    stage: Stage | None = None,
    first_day: Annotated[Day | None, Query(examples=["2026-11-01"])] = None,
    last_day: Annotated[Day | None, Query(examples=["2026-11-30"])] = None,
) -> RecordFilter:
    return RecordFilter(
        organization=organization,
        volunteer=volunteer,
        activity=activity,
        stage=None if stage is None else str(stage),
        first_day=first_day,
        last_day=last_day,
    )


def _task_filter(
    kind: TaskKind | None = None,
    organization: UUID | None = None,
    division: Division = None,
) -> TaskFilter:
    named = None if kind is None else str(kind)
    return TaskFilter(kind=named, organization=organization, division=division)


def _record_list(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.get("/records")
    def records(
        caller: Annotated[Caller, Depends(who)],
        wanted: Annotated[RecordFilter, Depends(_filter)],
        limit: Limit = 50,
        cursor: CursorText = None,
        as_of: AsOf = None,
    ) -> Paged[RecordRow]:
        """List records, newest service first; without filters one's own 服务记录列表."""
        asked = {name: getattr(wanted, name) for name in RecordFilter.__slots__}
        listing = Listing(office.index_key, caller, "records", **asked)
        place = listing.place(cursor, as_of)
        paging = Paging(after=place.after, limit=limit, size=place.size)
        return listing.page(list_records(office, caller, wanted, paging), _record_row)


def _publicity_list(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.get("/publicity")
    def publicity(
        caller: Annotated[Caller, Depends(who)],
        organization: UUID | None = None,
        division: Division = None,
        limit: Limit = 50,
        cursor: CursorText = None,
        as_of: AsOf = None,
    ) -> Paged[PublicRow]:
        """List what is in publicity now, the whole ledger's or a part's 公示列表."""
        asked = {"organization": organization, "division": division}
        listing = Listing(office.index_key, caller, "publicity", **asked)
        place = listing.place(cursor, as_of)
        found = list_publicity(
            office,
            caller,
            organization=organization,
            division=division or ("" if organization is None else None),
            paging=Paging(
                after=place.after, limit=limit, size=place.size, is_further=place.is_further
            ),
        )
        names = masked_names(office, found.value.rows)
        return listing.page(found, lambda row: _public_row(row, names))


def _task_list(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.get("/tasks")
    def tasks(
        caller: Annotated[Caller, Depends(who)],
        wanted: Annotated[TaskFilter, Depends(_task_filter)],
        limit: Limit = 50,
        cursor: CursorText = None,
        as_of: AsOf = None,
    ) -> Paged[TaskRow]:
        """List what waits to be done, with its last day, the longest waiting first 待办."""
        asked = {name: getattr(wanted, name) for name in TaskFilter.__slots__}
        listing = Listing(office.index_key, caller, "tasks", **asked)
        place = listing.place(cursor, as_of)
        paging = Paging(after=place.after, limit=limit, size=place.size)
        found = list_tasks(office, caller, wanted, paging)
        deadlines = Deadlines(office)
        return listing.page(found, lambda row: _task_row(row, deadlines))


def _change_feed(router: APIRouter, feed: ChangeFeed, who: Callable[..., Caller]) -> None:
    @router.get("/changes")
    def changes(
        caller: Annotated[Caller, Depends(who)],
        organization: UUID | None = None,
        after: Annotated[int, Query(ge=0, le=2**53 - 1, description="起始位置")] = 0,
        limit: Limit = 50,
    ) -> Changes:
        """Return the entries that concern an organization, from a position on 变更流."""
        found = feed.read(caller, organization=organization, after=after, limit=limit)
        items = [_change_row(each) for each in found.changes]
        return Changes(items=items, next=found.next, as_of=found.size)


def _record_row(row: Mapping[str, Any]) -> RecordRow:
    return RecordRow(
        id=row["record"],
        signals=row["signals"].split(),
        **{name: row[name] for name in RecordRow.model_fields if name not in ("id", "signals")},
    )


def _public_row(row: Mapping[str, Any], names: Mapping[str, str]) -> PublicRow:
    return PublicRow(
        id=row["record"],
        volunteer=names[row["volunteer"]],
        **{
            name: row[name]
            for name in PublicRow.model_fields
            if name not in ("id", "volunteer")
        },
    )


def _task_row(row: Mapping[str, Any], deadlines: Deadlines) -> TaskRow:
    due = deadlines.of(TaskKind(row["kind"]), row["since_day"])
    return TaskRow(
        due_on=due.day.isoformat(),
        is_provisional=due.provisional,
        basis="derived" if due.is_derived else "internal",
        **{name: row[name] for name in TaskRow.model_fields if name in row},
    )


def _change_row(change: Change) -> ChangeRow:
    return ChangeRow(
        seq=change.seq,
        time=change.time,
        type=change.type,
        stream=change.stream,
        version=change.version,
        by=change.by,
        facts=dict(change.facts),
    )

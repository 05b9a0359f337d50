"""Activities over HTTP: registered, listed, read, changed, amended by two, cancelled."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from ledger.api.v1.answers import IfMatch, Written, etag, expected, written
from ledger.api.v1.bodies import Receive, StrictRoute, taking_signed
from ledger.api.v1.documented import REFUSALS
from ledger.api.v1.hiding import hiding_activity
from ledger.api.v1.histories import HistoryItem, history_items
from ledger.api.v1.organization_routes import Division
from ledger.api.v1.pages import AsOf, CursorText, Limit, Listing, Paged
from ledger.api.v1.record_acts import Opened
from ledger.api.v1.signed_in import Sessions, calling
from ledger.application.activities import accept, cancel, change, propose, register, reject
from ledger.application.activity_reading import (
    ActivityFilter,
    Seen,
    activity_history,
    head_count_of_row,
    list_activities,
    phase_of_row,
    read_activity,
)
from ledger.application.callers import Caller
from ledger.application.forms.activity import (
    ActivityForm,
    CancellationForm,
    ChangeForm,
    ProposalForm,
    RejectionForm,
)
from ledger.application.forms.fields import Day
from ledger.application.office import Office
from ledger.application.record_lists import Paging
from ledger.application.states import ACTIVITY
from ledger.domain.activity import Status
from ledger.domain.civil_time import civil_date
from ledger.domain.codes import AdmissionMode, HeadCount, Phase
from ledger.domain.divisions import name as division_name
from ledger.projections.history import HIDDEN_FACT, spelled

_PREFIX = "/api/v1/activities"
_NAMED = ("person_in_charge_name", "person_in_charge_phone")

FirstDay = Annotated[Day | None, Query(description="起始日期", examples=["2026-11-01"])]
LastDay = Annotated[Day | None, Query(description="截止日期", examples=["2026-11-30"])]
Standing = Annotated[HeadCount | None, Query(description="总人数核对")]
ProjectNumber = Annotated[
    str | None,
    Query(description="项目编号", max_length=32, examples=["110101-2026-48210733-67"]),
]


class ActivityRow(BaseModel):
    """An activity in a list 活动."""

    id: UUID
    organization: UUID = Field(description="Who records it 记录组织")
    organizer: UUID
    division: str
    division_name: str
    name: str
    starts_on: date
    ends_on: date
    status: Status
    phase: Phase = Field(description="How far it is today 状态")
    project_no: str | None = Field(description="项目编号")
    admission_mode: AdmissionMode | None = Field(description="招募范围")
    person_in_charge: UUID
    categories: list[str]
    head_count: int = Field(description="Volunteers in all 总人数")
    recorded: int = Field(description="Different ones with a record 已记录人数")
    head_count_standing: HeadCount = Field(
        description="How the two stand to each other today 总人数核对"
    )
    back_entry: bool
    amendment: UUID | None = Field(description="An open amendment 待审更正")
    since: int = Field(description="The entry by which it is so 依据的条目")


class ActivityOut(BaseModel):
    """An activity 活动. A fact that is not for its reader is `{"hidden": true}`."""

    id: UUID
    version: int
    seq: int = Field(description="The last entry that it rests on 依据的最后条目")
    organizer: UUID
    recording_organization: UUID
    project_no: str | None = Field(
        description="Number; none where it was registered before there were any 项目编号"
    )
    status: Status
    phase: Phase = Field(description="How far it is today 状态")
    recorded: int = Field(description="Different volunteers with a record 已记录人数")
    head_count_standing: HeadCount = Field(
        description="How that stands to the head count today 总人数核对"
    )
    back_entry: bool
    evidence: list[dict[str, Any]] = Field(description="What a back entry rests on 佐证")
    truth_declared: bool = Field(description="It was declared to be true 声明补登内容真实")
    division_name: str
    particulars: dict[str, Any] = Field(description="活动信息")
    amendment: dict[str, Any] | None = Field(description="An open amendment 待审更正")


def activity_routes(office: Office, sessions: Sessions, receive: Receive) -> APIRouter:
    """Return the routes of activities; registering also takes what a system has signed."""
    who = calling(office, sessions)
    hidden = [Depends(hiding_activity(office, who))]
    registering = APIRouter(route_class=taking_signed(receive))
    reading = APIRouter(route_class=StrictRoute)
    acting = APIRouter(route_class=StrictRoute, dependencies=hidden)

    @registering.post("", status_code=201)
    def register_activity(
        form: ActivityForm, caller: Annotated[Caller, Depends(who)], response: Response
    ) -> Written:
        """Register an activity that the organization of the caller will record 登记活动."""
        done = register(office, caller, form)
        response.headers["location"] = f"{_PREFIX}/{done.value}"
        return written(office, response, done, ACTIVITY, done.value)

    _reading_routes(reading, office, who)
    _changing_routes(acting, office, who)
    _amending_routes(acting, office, who)
    routes = APIRouter(tags=["activities 活动"], responses=REFUSALS)
    for router in (registering, reading, acting):
        routes.include_router(router, prefix=_PREFIX)
    return routes


def _reading_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.get("")
    def list_(
        caller: Annotated[Caller, Depends(who)],
        wanted: Annotated[ActivityFilter, Depends(_filter)],
        limit: Limit = 50,
        cursor: CursorText = None,
        as_of: AsOf = None,
    ) -> Paged[ActivityRow]:
        """List activities, those that end last first 活动列表."""
        asked = {name: getattr(wanted, name) for name in ActivityFilter.__slots__}
        listing = Listing(office.index_key, caller, "activities", **asked)
        place = listing.place(cursor, as_of)
        paging = Paging(after=place.after, limit=limit, size=place.size)
        found = list_activities(office, caller, wanted, paging)
        today = civil_date(office.desk.now())
        return listing.page(found, lambda row: _row(row, today))

    @router.get("/{activity}")
    def read(
        activity: UUID,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        as_of: AsOf = None,
    ) -> ActivityOut:
        """Return an activity, now or as it was 查看活动."""
        seen = read_activity(office, caller, activity, size=as_of)
        response.headers["etag"] = etag(seen.known.version)
        return _out(seen, civil_date(office.desk.now()))

    @router.get("/{activity}/history")
    def read_history(
        activity: UUID,
        caller: Annotated[Caller, Depends(who)],
        limit: Limit = 50,
        cursor: CursorText = None,
        as_of: AsOf = None,
    ) -> Paged[HistoryItem]:
        """Return every change: who, what, when, why, before and after 变更历史."""
        listing = Listing(office.index_key, caller, "activity history", activity=activity)
        place = listing.place(cursor, as_of)
        items = activity_history(office, caller, activity, size=place.size)
        return listing.history_page(items, place, limit, history_items)


def _changing_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.put("/{activity}/particulars")
    def change_activity(
        activity: UUID,
        form: ChangeForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Say all particulars anew, before it is over 变更活动."""
        on = expected(if_match, ACTIVITY, activity)
        done = change(office, caller, activity, form, expected=on)
        return written(office, response, done, ACTIVITY, activity)

    @router.post("/{activity}/cancellation")
    def cancel_activity(
        activity: UUID,
        form: CancellationForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Say that it does not take place 取消活动."""
        on = expected(if_match, ACTIVITY, activity)
        done = cancel(office, caller, activity, form, expected=on)
        return written(office, response, done, ACTIVITY, activity)


def _amending_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.post("/{activity}/amendments", status_code=201)
    def propose_amendment(
        activity: UUID,
        form: ProposalForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Opened:
        """Propose what it really was, after it is over 提出更正."""
        on = expected(if_match, ACTIVITY, activity)
        done = propose(office, caller, activity, form, expected=on)
        answer = written(office, response, done, ACTIVITY, activity)
        return Opened(**dict(answer), opened=done.value)

    @router.post("/{activity}/amendments/{amendment}/acceptance")
    def accept_amendment(
        activity: UUID,
        amendment: UUID,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Agree, as another person than who proposed 同意更正."""
        on = expected(if_match, ACTIVITY, activity)
        done = accept(office, caller, activity, amendment, expected=on)
        return written(office, response, done, ACTIVITY, activity)

    @router.post("/{activity}/amendments/{amendment}/rejection")
    def reject_amendment(
        activity: UUID,
        amendment: UUID,
        form: RejectionForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Disagree, as another person than who proposed 不同意更正."""
        on = expected(if_match, ACTIVITY, activity)
        done = reject(office, caller, activity, amendment, form, expected=on)
        return written(office, response, done, ACTIVITY, activity)


def _days(
    first_day: FirstDay = None, last_day: LastDay = None
) -> tuple[date | None, date | None]:
    return first_day, last_day


def _filter(
    days: Annotated[tuple[date | None, date | None], Depends(_days)],
    organization: UUID | None = None,
    division: Division = None,
    status: Status | None = None,
    head_count: Standing = None,
    project_no: ProjectNumber = None,
) -> ActivityFilter:
    return ActivityFilter(
        organization=organization,
        division=division,
        status=status,
        first_day=days[0],
        last_day=days[1],
        head_count=head_count,
        project_no=project_no,
    )


def _row(row: Mapping[str, Any], today: date) -> ActivityRow:
    return ActivityRow(
        id=row["activity"],
        division_name=division_name(row["division"]),
        categories=str(row["categories"]).split(),
        phase=phase_of_row(row, today),
        head_count_standing=head_count_of_row(row, today),
        **{name: row[name] for name in ActivityRow.model_fields if name not in _MADE},
    )


_MADE = ("id", "division_name", "categories", "phase", "head_count_standing")


def _out(seen: Seen, today: date) -> ActivityOut:
    state = seen.known.state
    if state is None:
        raise ValueError("an activity is wanted")
    said: Any = spelled(state)
    if not seen.is_named:
        said["amendment"] = None
        said["particulars"] |= {name: dict(HIDDEN_FACT) for name in _NAMED}
    return ActivityOut(
        version=seen.known.version,
        seq=seen.known.seq,
        division_name=division_name(state.division),
        phase=state.phase_on(today),
        recorded=seen.recorded,
        head_count_standing=state.head_count_on(today, seen.recorded),
        **{name: said[name] for name in ActivityOut.model_fields if name in said},
    )

"""Statistics over HTTP, month by month: of an organization, and of a division."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from ledger.api.v1.bodies import StrictRoute
from ledger.api.v1.division_routes import Code
from ledger.api.v1.documented import REFUSALS
from ledger.api.v1.pages import AsOf
from ledger.api.v1.signed_in import Sessions, calling
from ledger.application.callers import Caller
from ledger.application.office import Office
from ledger.application.statistics_reading import (
    Period,
    Statistics,
    division_statistics,
    organization_statistics,
)
from ledger.projections.tallying import MEASURES

_MEANING = "Measure → count. " + "; ".join(f"{name}: {what}" for name, what in MEASURES.items())

Month = Annotated[
    str | None,
    Query(
        pattern="^[0-9]{4}-(0[1-9]|1[0-2])$",
        description="Of these months both are included 月份",
        examples=["2026-11"],
    ),
]


class MonthOut(BaseModel):
    """One month 月度统计."""

    month: str
    counts: dict[str, int] = Field(description=_MEANING)


class StatisticsOut(BaseModel):
    """Statistics 统计; months without any count are left out."""

    items: list[MonthOut]
    total: dict[str, int] = Field(description="All these months together 合计")
    as_of: int = Field(description="Size of the log that they are as of 截至条目数")
    rebuilding: bool = Field(description="They may lack something still 正在重建")


def statistics_routes(office: Office, sessions: Sessions) -> APIRouter:
    """Return the routes of statistics."""
    router = APIRouter(
        prefix="/api/v1",
        tags=["statistics 统计"],
        route_class=StrictRoute,
        responses=REFUSALS,
    )
    who = calling(office, sessions)

    @router.get("/organizations/{organization}/statistics")
    def of_organization(
        organization: UUID,
        caller: Annotated[Caller, Depends(who)],
        period: Annotated[Period, Depends(_period)],
    ) -> StatisticsOut:
        """Return what an organization has recorded, month by month 组织统计."""
        return _out(organization_statistics(office, caller, organization, period))

    @router.get("/divisions/{division}/statistics")
    def of_division(
        division: Code,
        caller: Annotated[Caller, Depends(who)],
        period: Annotated[Period, Depends(_period)],
    ) -> StatisticsOut:
        """Return what all at home in a division have recorded, month by month 区域统计."""
        return _out(division_statistics(office, caller, division, period))

    return router


def _period(first_month: Month = None, last_month: Month = None, as_of: AsOf = None) -> Period:
    return Period(
        first_month=first_month or Period().first_month,
        last_month=last_month or Period().last_month,
        size=as_of,
    )


def _out(found: Statistics) -> StatisticsOut:
    return StatisticsOut(
        items=[
            MonthOut(month=month, counts=dict(counts)) for month, counts in found.months.items()
        ],
        total=dict(found.total()),
        as_of=found.size,
        rebuilding=found.is_rebuilding,
    )

"""Divisions over HTTP: those that ship, and how far the plan has come in them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field

from ledger.api.v1.bodies import StrictRoute
from ledger.api.v1.documented import REFUSALS
from ledger.api.v1.pages import AsOf
from ledger.api.v1.signed_in import Sessions, calling
from ledger.application.callers import Caller
from ledger.application.divisions_reading import (
    StreetCoverage,
    read_coverage,
    shipped_divisions,
)
from ledger.application.office import Office
from ledger.domain.divisions import Level
from ledger.domain.divisions import name as division_name

Code = Annotated[
    str,
    Path(
        pattern="^[1-9][0-9]{5}([0-9]{3}){0,2}$",
        description="行政区划代码",
        examples=["110101"],
    ),
]


class DivisionOut(BaseModel):
    """A division 行政区划."""

    code: str
    name: str
    level: Level
    parent: str | None


class StreetOut(BaseModel):
    """What there is in a street or township; only organizations in force count 街道覆盖."""

    street: str
    name: str
    associations: list[UUID] = Field(description="协会")
    has_recorder: bool = Field(description="The association has a recorder 协会有记录人")
    stations: int = Field(description="服务站数")
    stations_without_recorder: list[UUID] = Field(description="没有记录人的服务站")


class CoverageOut(BaseModel):
    """How far the plan has come 覆盖情况 (pilot plan, 三(四)).

    Communities are not counted: no list of them ships.
    """

    division: str
    streets: int
    with_association: int
    with_recorder: int = Field(description="Of these, whose association has a recorder")
    stations: int
    stations_with_recorder: int
    items: list[StreetOut]
    as_of: int = Field(description="截至条目数")
    rebuilding: bool = Field(description="正在重建")


def division_routes(office: Office, sessions: Sessions) -> APIRouter:
    """Return the routes of divisions."""
    router = APIRouter(
        prefix="/api/v1/divisions",
        tags=["divisions 行政区划"],
        route_class=StrictRoute,
        responses=REFUSALS,
    )
    who = calling(office, sessions)

    @router.get("")
    def list_divisions(caller: Annotated[Caller, Depends(who)]) -> list[DivisionOut]:
        """Return the city, its pilot districts, their streets and townships 区划列表."""
        del caller  # whoever is signed in
        return [
            DivisionOut(
                code=each.code,
                name=division_name(each.code),
                level=each.level,
                parent=each.parent,
            )
            for each in shipped_divisions()
        ]

    @router.get("/{division}/coverage")
    def coverage(
        division: Code, caller: Annotated[Caller, Depends(who)], as_of: AsOf = None
    ) -> CoverageOut:
        """Return which streets have an association, stations and recorders 覆盖情况."""
        found = read_coverage(office, caller, division, size=as_of)
        streets = found.streets
        stations = sum(each.stations for each in streets)
        without = sum(len(each.stations_without_recorder) for each in streets)
        return CoverageOut(
            division=division,
            streets=len(streets),
            with_association=sum(bool(each.associations) for each in streets),
            with_recorder=sum(each.has_recorder for each in streets),
            stations=stations,
            stations_with_recorder=stations - without,
            items=[_street(each) for each in streets],
            as_of=found.size,
            rebuilding=found.is_rebuilding,
        )

    return router


def _street(each: StreetCoverage) -> StreetOut:
    return StreetOut(
        street=each.street,
        name=division_name(each.street),
        associations=list(each.associations),
        has_recorder=each.has_recorder,
        stations=each.stations,
        stations_without_recorder=list(each.stations_without_recorder),
    )

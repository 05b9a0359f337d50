"""Divisions of the jurisdiction, and how far the plan has come in them.

Pilot plan, 三(四): an association in each street and township, a station in each community,
recorders at all of them. How many communities there are is not known here, because no list of
them ships: stations are counted, and those without a recorder named.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.office import Office
from ledger.application.reading import HiddenError, acting_organization, deny
from ledger.domain.civil_time import civil_date
from ledger.domain.divisions import (
    CITY,
    DISTRICTS,
    STREETS,
    Division,
    area_prefix,
    check_division,
    is_within,
)
from ledger.projections.organizations import held_on
from ledger.projections.view import View
from ledger.projections.views import ORGANIZATIONS, STAFF
from ledger.store.view_query import Query
from ledger.store.view_reader import Row

_STREET_DIGITS = 9
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetCoverage:
    """What there is in one street or township; only organizations in force count."""

    street: str
    associations: tuple[UUID, ...]
    has_recorder: bool
    stations: int
    stations_without_recorder: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far the plan has come in a division, street by street."""

    streets: tuple[StreetCoverage, ...]
    size: int
    is_rebuilding: bool


def shipped_divisions() -> tuple[Division, ...]:
    """Return the city, its pilot districts, and their streets and townships."""
    return tuple(Division(code) for code in (CITY, *DISTRICTS, *STREETS))


def check_overseen(office: Office, caller: Caller, division: str, act: str) -> None:
    """Return if a division is the caller's organization's own, or lies in it.

    Raises:
        HiddenError: There is no such division, or it is not; that she tried is written down.
    """
    if check_division(division) is not None:
        raise HiddenError
    acting = acting_organization(office, caller)
    if acting is None or not is_within(division, acting.division):
        deny(office, caller, act, caller.organization or caller.actor.id)


def read_coverage(
    office: Office, caller: Caller, division: str, *, size: int | None = None
) -> Coverage:
    """Return which streets of a division have an association, stations and recorders today.

    ``size`` asks for the organizations and appointments as they were then.

    Raises:
        As `check_overseen`.
    """
    check_overseen(office, caller, division, "coverage.read")
    found = office.views.page(ORGANIZATIONS, Query(limit=1, size=size))
    at = found.size
    here: dict[str, list[Row]] = {
        street: [] for street in STREETS if is_within(street, division)
    }
    for row in _in_force(office, division, at):
        # A bureau's division is no street's.
        here.get(str(row["division"])[:_STREET_DIGITS], []).append(row)
    with_recorder = _with_recorder(office, at)
    streets = tuple(_street(street, rows, with_recorder) for street, rows in here.items())
    return Coverage(streets, at, found.is_rebuilding)


def _street(street: str, here: list[Row], with_recorder: set[str]) -> StreetCoverage:
    associations = [row for row in here if row["kind"] == "association"]
    stations = [row for row in here if row["kind"] == "station"]
    return StreetCoverage(
        street=street,
        associations=tuple(UUID(row["organization"]) for row in associations),
        has_recorder=any(row["organization"] in with_recorder for row in associations),
        stations=len(stations),
        stations_without_recorder=tuple(
            UUID(row["organization"])
            for row in stations
            if row["organization"] not in with_recorder
        ),
    )


def _in_force(office: Office, division: str, size: int) -> Iterator[Row]:
    prefix = area_prefix(division)
    query = Query(
        equal={"status": "authorized"},
        prefix={"division": prefix} if prefix else {},
        order=("division",),
        limit=_AT_ONCE,
        size=size,
    )
    return _every(office, ORGANIZATIONS, query)


def _with_recorder(office: Office, size: int) -> set[str]:
    """Return the organizations that have a recorder today."""
    today = civil_date(office.desk.now()).isoformat()
    query = Query(
        equal={"role": "recorder"},
        order=("organization", "person"),
        limit=_AT_ONCE,
        size=size,
    )
    rows = _every(office, STAFF, query)
    return {row["organization"] for row in rows if held_on(row["terms"], today)}


def _every(office: Office, view: View, query: Query) -> Iterator[Row]:
    """Yield all rows that are asked for, page by page."""
    while True:
        page = office.views.page(view, query).value
        yield from page.rows
        if page.after is None:
            return
        query = replace(query, after=page.after)

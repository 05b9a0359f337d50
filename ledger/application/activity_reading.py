"""Activities as they are read: by volunteers, who choose by them, and by whose they are.

Who is in charge is named and reached for the organization that records the activity and for
those above it; elsewhere an opaque id stands for her.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.desk import ActRefused
from ledger.application.office import Office
from ledger.application.reading import (
    HiddenError,
    acting_organization,
    deny,
    may_read_of,
    readable_activity,
)
from ledger.application.record_lists import Paging
from ledger.application.states import ACTIVITY, Known
from ledger.domain.activity import (
    Activity,
    Dates,
    Status,
    head_count_on,
    is_project_no,
    phase_on,
)
from ledger.domain.civil_time import civil_date
from ledger.domain.codes import HeadCount, Phase
from ledger.domain.divisions import area_prefix, is_within
from ledger.domain.event import ActorKind
from ledger.domain.refusal import refuse
from ledger.projections.history import Item, history
from ledger.projections.views import ACTIVITIES
from ledger.store.view_query import Query
from ledger.store.view_reader import AsOf, Page, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityFilter:
    """Which activities are listed; the days are those on which at least one day of it falls."""

    organization: UUID | None = None
    division: str | None = None
    status: Status | None = None
    first_day: date | None = None
    last_day: date | None = None
    head_count: HeadCount | None = None
    project_no: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """An activity as somebody reads it.

    ``is_named`` says whether she is told who is in charge; ``recorded`` counts the different
    volunteers who have a record in it.
    """

    known: Known[Activity]
    is_named: bool
    recorded: int


def read_activity(
    office: Office, caller: Caller, activity: UUID, *, size: int | None = None
) -> Seen:
    """Return an activity, now or as it was at a size of the log.

    Raises:
        HiddenError: There is none, or she may not see it.
        As `States.get`.
    """
    known = readable_activity(office, caller, activity, size=size)
    if known.state is None:
        raise HiddenError
    is_named = may_read_of(office, caller, known.state.recording_organization)
    query = Query(equal={"activity": str(activity)}, limit=1, size=size)
    rows = office.views.page(ACTIVITIES, query).value.rows
    # Views that are not there yet know of no record in what was registered just now.
    return Seen(known, is_named, rows[0]["recorded"] if rows else 0)


def activity_history(
    office: Office, caller: Caller, activity: UUID, *, size: int | None = None
) -> Sequence[Item]:
    """Return every change of an activity, for the organization that records it and above.

    Raises:
        As `read_activity`.
    """
    if not read_activity(office, caller, activity, size=size).is_named:
        deny(office, caller, "activity.read_history", activity)
    return history(office.states.events(ACTIVITY, activity, size=size), ACTIVITY.evolve)


def list_activities(
    office: Office, caller: Caller, wanted: ActivityFilter, paging: Paging
) -> AsOf[Page]:
    """Return activities, those that end last first; in an area by its divisions.

    A volunteer may list any. A person of an organization lists those that it records, those
    of one that it answers for, or those in its area.

    Raises:
        ActRefused: The number that she names is none: it is mistyped.
        HiddenError: She names what is not hers; that she tried is written down.
    """
    if wanted.project_no is not None and not is_project_no(wanted.project_no):
        raise ActRefused(refuse("project_no_is_mistyped", "project_no"))
    organization = _confined(office, caller, wanted)
    prefix = area_prefix(wanted.division)
    first, last = _ending(wanted, civil_date(office.desk.now()))
    days: dict[str, tuple[Any, Any]] = {
        "ends_on": (_text(first), _text(last)),
        "starts_on": (None, _text(wanted.last_day)),
    }
    equal = {
        "organization": None if organization is None else str(organization),
        "status": None if wanted.status is None else str(wanted.status),
        "project_no": wanted.project_no,
        "head_count_standing": _standing(wanted.head_count),
    }
    query = Query(
        equal={name: value for name, value in equal.items() if value is not None},
        prefix={"division": prefix} if prefix else {},
        between={name: bounds for name, bounds in days.items() if any(bounds)},
        order=("division", "ends_on") if prefix else ("ends_on",),
        descending=True,
        after=paging.after,
        limit=paging.limit,
        size=paging.size,
    )
    return office.views.page(ACTIVITIES, query)


def _confined(office: Office, caller: Caller, wanted: ActivityFilter) -> UUID | None:
    """Return to which organization a list is confined, None where it is to none."""
    if caller.actor.kind is ActorKind.VOLUNTEER:
        return wanted.organization
    acting = acting_organization(office, caller)
    if acting is None:
        deny(office, caller, "activity.list", caller.organization or caller.actor.id)
    if wanted.organization is not None:
        if not may_read_of(office, caller, wanted.organization):
            deny(office, caller, "activity.list", wanted.organization)
        return wanted.organization
    if wanted.division is None:
        return acting.id
    if not is_within(wanted.division, acting.division):
        deny(office, caller, "activity.list", acting.id)
    return None


def _standing(wanted: HeadCount | None) -> str | None:
    """Return how a head count stands in the view, which knows no days."""
    if wanted is None:
        return None
    return str(HeadCount.SHORT if wanted is HeadCount.OPEN else wanted)


def _ending(wanted: ActivityFilter, today: date) -> tuple[date | None, date | None]:
    """Return when activities have to end, at the earliest and at the latest.

    One is short once it is over; until then it is open.
    """
    first = wanted.first_day
    if wanted.head_count is HeadCount.SHORT:
        return first, today - timedelta(days=1)
    if wanted.head_count is HeadCount.OPEN:
        return today if first is None else max(first, today), None
    return first, None


def phase_of_row(row: Row, today: date) -> Phase:
    """Return how far the activity of a row is on a civil date."""
    dates = Dates(
        starts_on=date.fromisoformat(row["starts_on"]),
        ends_on=date.fromisoformat(row["ends_on"]),
        recruits_from=_day(row["recruits_from"]),
        recruits_until=_day(row["recruits_until"]),
    )
    is_cancelled = row["status"] == Status.CANCELLED
    return phase_on(today, dates, is_cancelled=is_cancelled, is_back_entry=row["back_entry"])


def head_count_of_row(row: Row, today: date) -> HeadCount:
    """Return how the head count of a row stands on a civil date."""
    return head_count_on(
        today,
        ends_on=date.fromisoformat(row["ends_on"]),
        declared=row["head_count"],
        recorded=row["recorded"],
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()

"""Activities as they are read: by volunteers, who choose by them, and by whose they are.

Who is in charge is named and reached for the organization that records the activity and for
those above it; elsewhere an opaque id stands for her.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from ledger.application.callers import Caller
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
from ledger.domain.activity import Activity, Status
from ledger.domain.divisions import area_prefix, is_within
from ledger.domain.event import ActorKind
from ledger.projections.history import Item, history
from ledger.projections.views import ACTIVITIES
from ledger.store.view_query import Query
from ledger.store.view_reader import AsOf, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityFilter:
    """Which activities are listed; the days are those on which at least one day of it falls."""

    organization: UUID | None = None
    division: str | None = None
    status: Status | None = None
    first_day: date | None = None
    last_day: date | None = None


def read_activity(
    office: Office, caller: Caller, activity: UUID, *, size: int | None = None
) -> tuple[Known[Activity], bool]:
    """Return an activity, and whether its person in charge is named for this reader.

    Raises:
        HiddenError: There is none, or she may not see it.
        As `States.get`.
    """
    known = readable_activity(office, caller, activity, size=size)
    if known.state is None:
        raise HiddenError
    return known, may_read_of(office, caller, known.state.recording_organization)


def activity_history(
    office: Office, caller: Caller, activity: UUID, *, size: int | None = None
) -> Sequence[Item]:
    """Return every change of an activity, for the organization that records it and above.

    Raises:
        As `read_activity`.
    """
    _, is_theirs = read_activity(office, caller, activity, size=size)
    if not is_theirs:
        deny(office, caller, "activity.read_history", activity)
    return history(office.states.events(ACTIVITY, activity, size=size), ACTIVITY.evolve)


def list_activities(
    office: Office, caller: Caller, wanted: ActivityFilter, paging: Paging
) -> AsOf[Page]:
    """Return activities, those that end last first; in an area by its divisions.

    A volunteer may list any. A person of an organization lists those that it records, those
    of one that it answers for, or those in its area.

    Raises:
        HiddenError: She names what is not hers; that she tried is written down.
    """
    organization = _confined(office, caller, wanted)
    prefix = area_prefix(wanted.division)
    days: dict[str, tuple[Any, Any]] = {
        "ends_on": (_text(wanted.first_day), None),
        "starts_on": (None, _text(wanted.last_day)),
    }
    equal = {
        "organization": None if organization is None else str(organization),
        "status": None if wanted.status is None else str(wanted.status),
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


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()

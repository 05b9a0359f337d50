"""Lists of records: whose they are, what is shown in publicity, what waits for whom.

All of them come from the views, page by page, and say as of which size of the log they are.
In publicity a person is masked (PIPL 25; Order 67, Art. 16): surname and `*`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.chosen_pages import chosen_page
from ledger.application.desk import ActRefused
from ledger.application.masking import HIDDEN, mask_name
from ledger.application.office import Office
from ledger.application.reading import (
    acting_organization,
    deny,
    has_charge_of,
    is_own,
    looks_after,
    may_read_of,
    oversees,
    readable_activity,
)
from ledger.application.states import VOLUNTEER
from ledger.domain.civil_time import civil_date
from ledger.domain.divisions import area_prefix
from ledger.domain.event import ActorKind
from ledger.domain.organization import Organization
from ledger.domain.refusal import Refusal, gathered, refuse
from ledger.projections.tasks import TaskKind
from ledger.projections.views import CHANGES, RECORDS, TASKS
from ledger.store.view_query import Cursor, Query
from ledger.store.view_reader import AsOf, Page, Row

HERS = frozenset({TaskKind.DECIDE_AMENDMENT.value, TaskKind.ANSWER_CORRECTION.value})
"""Kinds of tasks in which a volunteer has a say: she replies, and sets right what is hers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Which page of a list, and as of which size of the log; None is now.

    ``is_further`` says that the size is that of the page before, of a list of now.
    """

    after: Cursor | None = None
    limit: int = 50
    size: int | None = None
    is_further: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """Which records are listed; days are those of the service."""

    organization: UUID | None = None
    volunteer: UUID | None = None
    activity: UUID | None = None
    stage: str | None = None
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilter:
    """Which tasks are listed; a division is asked for with a kind."""

    kind: str | None = None
    organization: UUID | None = None
    division: str | None = None


def list_records(
    office: Office, caller: Caller, wanted: RecordFilter, paging: Paging
) -> AsOf[Page]:
    """Return records, newest day first; who names nothing gets her own.

    Raises:
        HiddenError: The caller may not see what she names; the attempt is written down.
    """
    equal: dict[str, Any] = {}
    if caller.organization is None:
        volunteer = wanted.volunteer or caller.actor.id
        if wanted.organization is not None or not is_own(office, caller, volunteer):
            deny(office, caller, "record.list", wanted.organization or volunteer)
        equal["volunteer"] = str(volunteer)
    else:
        equal["organization"] = str(confined_to(office, caller, wanted))
        if wanted.volunteer is not None:
            equal["volunteer"] = str(wanted.volunteer)
    if wanted.activity is not None:
        equal["activity"] = str(wanted.activity)
    if wanted.stage is not None:
        equal["stage"] = wanted.stage
    between = {"day": (_text(wanted.first_day), _text(wanted.last_day))}
    query = Query(
        equal=equal,
        between=between if any(between["day"]) else {},
        order=("day",),
        descending=True,
        after=paging.after,
        limit=paging.limit,
        size=paging.size,
    )
    return office.views.page(RECORDS, query)


def list_publicity(
    office: Office,
    caller: Caller,
    *,
    organization: UUID | None,
    division: str | None,
    paging: Paging,
) -> AsOf[Page]:
    """Return the records that are in publicity at an organization or in an area.

    Everybody who is signed in may look: that is what it is for. Now, those whose last day has
    not passed; as of a size, those that had not been decided upon.

    Raises:
        ActRefused: Both are named.
        ValueError: Neither is named: a programmer's mistake.
    """
    del caller  # whoever it is
    if organization is not None and division is not None:
        raise ActRefused(refuse("division_beside_organization", "division"))
    if organization is None and division is None:
        raise ValueError("an organization or a division is wanted")
    equal: dict[str, Any] = {"stage": "publicized"}
    prefix = {}
    if organization is not None:
        equal["organization"] = str(organization)
    elif division is not None:
        prefix["division"] = area_prefix(division)
    is_now = paging.size is None or paging.is_further
    today = civil_date(office.desk.now()).isoformat()
    query = Query(
        equal=equal,
        prefix=prefix,
        between={"closes_on": (today if is_now else "", None)},
        order=("division", "closes_on") if prefix else ("closes_on",),
        after=paging.after,
        limit=paging.limit,
        size=paging.size,
    )
    return office.views.page(RECORDS, query)


def masked_names(office: Office, rows: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
    """Return what volunteers of rows are called in public, by id."""
    ids = {UUID(row["volunteer"]) for row in rows}
    names = office.views.volunteer_names(ids)
    return {
        str(each): HIDDEN if name is None else mask_name(name) for each, name in names.items()
    }


def list_tasks(
    office: Office, caller: Caller, wanted: TaskFilter, paging: Paging
) -> AsOf[Page]:
    """Return what waits to be done, the longest waiting first.

    A volunteer's are what she herself can do, of registrations that were merged into hers as
    well; a person's those of her organization, of one that it answers for, or, of one kind,
    those of all that it answers for in its area or a part of it.

    Raises:
        ActRefused: A division is named without a kind, or beside an organization.
        HiddenError: The caller may not see what she names; the attempt is written down.
    """
    if wanted.division is not None:
        return _tasks_of_area(office, caller, wanted, paging)
    if caller.organization is None:
        return _own_tasks(office, caller, wanted, paging)
    equal: dict[str, Any] = {} if wanted.kind is None else {"kind": wanted.kind}
    named = RecordFilter(organization=wanted.organization)
    equal["organization"] = str(confined_to(office, caller, named))
    query = Query(
        equal=equal,
        order=("since_day",),
        after=paging.after,
        limit=paging.limit,
        size=paging.size,
    )
    return office.views.page(TASKS, query)


def _own_tasks(
    office: Office, caller: Caller, wanted: TaskFilter, paging: Paging
) -> AsOf[Page]:
    """Return what a volunteer can do, for her registration and those merged into it."""
    if wanted.organization is not None:
        deny(office, caller, "task.list", wanted.organization)
    herself = office.states.get(VOLUNTEER, caller.actor.id, fresh=True).state
    absorbed = () if herself is None else herself.absorbed
    query = Query(
        # No kind is asked for: of one person it is little, of one kind it may be everything.
        among={"volunteer": [str(each) for each in (caller.actor.id, *absorbed)]},
        order=("since_day",),
        after=paging.after,
        limit=paging.limit,
        size=paging.size,
    )
    kinds = HERS if wanted.kind is None else HERS & {wanted.kind}
    _, found = chosen_page(
        office, TASKS, query, lambda row: row if row["kind"] in kinds else None
    )
    return found


def _tasks_of_area(
    office: Office, caller: Caller, wanted: TaskFilter, paging: Paging
) -> AsOf[Page]:
    """Return what those who are at home in an area have to do; of others there, nothing."""
    refused = gathered(
        Refusal("division_without_kind", "division") if wanted.kind is None else None,
        Refusal("division_beside_organization", "division") if wanted.organization else None,
    )
    if refused is not None:
        raise ActRefused(refused)
    acting, division = acting_organization(office, caller), wanted.division or ""
    if not oversees(acting, division):
        deny(office, caller, "task.list", caller.organization or caller.actor.id)
    query = Query(
        equal={"kind": wanted.kind},
        # In the whole city it is empty, and the index of divisions serves all the same.
        prefix={"division": area_prefix(division)},
        order=("division", "since_day"),
        after=paging.after,
        limit=paging.limit,
        size=paging.size,
    )
    _, found = chosen_page(
        office, TASKS, query, lambda row: row if _is_in_charge(office, acting, row) else None
    )
    return found


def _is_in_charge(office: Office, acting: Organization | None, row: Row) -> bool:
    """Return whether a body answers for whoever has a task to do, or for whom nobody does."""
    if row["organization"] is not None:
        return has_charge_of(office, acting, UUID(row["organization"]))
    volunteer = office.states.get(VOLUNTEER, UUID(row["volunteer"])).state
    return volunteer is not None and looks_after(office, acting, volunteer)


def list_changes(
    office: Office, caller: Caller, *, organization: UUID | None, after: int, limit: int
) -> AsOf[Page]:
    """Return which entries concern an organization, from a position of the log on.

    Raises:
        HiddenError: The caller's organization does not answer for it.
    """
    wanted = confined_to(office, caller, RecordFilter(organization=organization))
    query = Query(
        equal={"organization": str(wanted)},
        between={"seq": (after, None)},
        order=("seq",),
        limit=limit,
    )
    return office.views.page(CHANGES, query)


def confined_to(
    office: Office, caller: Caller, wanted: RecordFilter, *, act: str = "record.list"
) -> UUID:
    """Return to which organization a list is confined; ``act`` is written down where it is not.

    Raises:
        HiddenError: The caller's organization does not answer for it.
    """
    if caller.organization is None or caller.actor.kind is ActorKind.VOLUNTEER:
        deny(office, caller, act, wanted.organization or caller.actor.id)
    if wanted.organization is None and wanted.activity is not None:
        activity = readable_activity(office, caller, wanted.activity).state
        if activity is not None:
            return activity.recording_organization
    organization = wanted.organization or caller.organization
    if not may_read_of(office, caller, organization):
        deny(office, caller, act, organization)
    return organization


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()

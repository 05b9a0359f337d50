"""One file and what it is compared with: records, paper, head counts (pilot plan 三(三))."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.importing.reading import readable_import
from ledger.application.office import Office
from ledger.application.states import ACTIVITY
from ledger.domain.civil_time import civil_date
from ledger.domain.imports import Counts, Heads, Import, Reconciliation, Standing, reconcile
from ledger.projections.views import IMPORTS
from ledger.store.view_query import Query

ACTIVITIES_MAX = 50
"""Of a file with more activities, the first ones are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """An import with its numbers, as of the log's first ``size`` entries."""

    state: Import
    standing: Standing
    numbers: Reconciliation
    size: int


def reconciled(office: Office, caller: Caller, import_id: UUID) -> Reconciled:
    """Return how an import stands, to whom may see it.

    Raises:
        HiddenError: There is none, or it is another's.
        As `States.get`.
    """
    known = readable_import(office, caller, import_id)
    state, check = known.state, known.state.check
    office.views.wait_until(known.seq)
    counted = office.views.file_counts(import_id, None if check is None else check.at)
    counts = Counts(
        records=counted.records,
        voided=counted.voided,
        confirmed=counted.confirmed,
        volunteers=counted.volunteers,
        entered_later=counted.entered_later,
    )
    attended = office.views.file_attendance(import_id, ACTIVITIES_MAX)
    heads = [_heads(office, activity, count) for activity, count in attended.items()]
    row, size = _row(office, import_id)
    return Reconciled(
        state=state,
        standing=state.standing if row is None else Standing(row["standing"]),
        numbers=reconcile(state, counts, heads),
        size=size,
    )


def _heads(office: Office, activity: UUID, from_file: int) -> Heads:
    state = office.states.get(ACTIVITY, activity).state
    if state is None:
        raise LookupError("an activity in which somebody was entered is there")
    recorded = office.views.recorded_in(activity).volunteers
    today = civil_date(office.desk.now())
    return Heads(
        activity=activity,
        head_count=state.head_count,
        recorded=recorded,
        from_file=from_file,
        standing=state.head_count_on(today, recorded),
    )


def _row(office: Office, import_id: UUID) -> tuple[Any | None, int]:
    found = office.views.page(IMPORTS, Query(equal={"import_id": str(import_id)}, limit=1))
    return next(iter(found.value.rows), None), found.size

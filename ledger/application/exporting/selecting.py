"""What is exported: by whom it may be, which records, as of which signed checkpoint; how many.

The views say which records there are, as of the checkpoint's size; what stands in them comes
from their own proved streams (`ledger.application.exporting.lines`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.desk import Intent
from ledger.application.office import Office
from ledger.application.reading import acting_organization, deny, is_own
from ledger.application.record_lists import RecordFilter, confined_to
from ledger.application.states import VOLUNTEER
from ledger.domain.civil_time import civil_date
from ledger.domain.event import ActorKind
from ledger.domain.organization import Role
from ledger.domain.refusal import Refused, refuse
from ledger.projections.views import RECORDS
from ledger.proof.checkpoint import Checkpoint
from ledger.store.view_query import Query

EXPORT = "record.export"
EXPORTING = (Role.RECORDER, Role.REVIEWER, Role.SUPERVISOR, Role.RESPONSIBLE)
ROWS_MAX = 50_000
"""Records of one file; an import takes as many, and a workbook of them can be unpacked [P]."""
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Selected:
    """Records in the order of their days, as of the checkpoint that is signed in ``note``.

    ``volunteers`` are whom they are of, ``is_own`` says that this is the caller herself.
    """

    office: Office
    query: Query
    checkpoint: Checkpoint
    note: str
    count: int
    volunteers: frozenset[UUID]
    is_own: bool

    def pages(self) -> Iterator[list[UUID]]:
        """Yield the ids of the records, some at a time."""
        for page in _pages(self.office, self.query):
            yield [UUID(row["record"]) for row in page]


def select(
    office: Office, caller: Caller, wanted: RecordFilter, *, rows_max: int = ROWS_MAX
) -> Selected:
    """Return which records are exported, as of a checkpoint that is signed for it.

    Raises:
        HiddenError: The caller may not see what she names; the attempt is written down.
        ActRefused: She has no role that exports, there are more than ``rows_max`` records, or
            the views do not hold all of them yet; that is written down as well.
        As `Receipts.checkpoint`.
    """
    equal, among, is_hers = _confined(office, caller, wanted)
    if wanted.activity is not None:
        equal["activity"] = str(wanted.activity)
    if wanted.stage is not None:
        equal["stage"] = wanted.stage
    days = [
        None if day is None else day.isoformat() for day in (wanted.first_day, wanted.last_day)
    ]
    checkpoint, note = office.receipts.checkpoint()
    office.views.wait_until(checkpoint.size - 1)
    query = Query(
        equal=equal,
        among=among,
        between={"day": (days[0], days[1])} if any(days) else {},
        order=("day",),
        limit=_AT_ONCE,
        size=checkpoint.size,
    )
    count, volunteers = 0, set[UUID]()
    is_whole = _is_whole(office, query, checkpoint.size)
    for page in _pages(office, query) if is_whole else ():
        count += len(page)
        volunteers |= {UUID(row["volunteer"]) for row in page}
        if count > rows_max:
            break
    refused = None if is_whole else refuse("export_is_behind")
    if count > rows_max:
        refused = refuse("export_is_too_large", "from", max=rows_max)
    if refused is not None:
        office.desk.refuse(caller, Intent(act=EXPORT, target=caller.organization), refused)
    return Selected(office, query, checkpoint, note, count, frozenset(volunteers), is_hers)


def _confined(
    office: Office, caller: Caller, wanted: RecordFilter
) -> tuple[dict[str, Any], Mapping[str, Any], bool]:
    """Return to whose records an export is confined."""
    if caller.actor.kind is ActorKind.VOLUNTEER:
        volunteer = wanted.volunteer or caller.actor.id
        if wanted.organization is not None or not is_own(office, caller, volunteer):
            deny(office, caller, EXPORT, wanted.organization or volunteer)
        herself = office.states.get(VOLUNTEER, volunteer, fresh=True).state
        absorbed = () if herself is None else herself.absorbed
        return {}, {"volunteer": [str(each) for each in (volunteer, *absorbed)]}, True
    equal: dict[str, Any] = {
        "organization": str(confined_to(office, caller, wanted, act=EXPORT))
    }
    if wanted.volunteer is not None:
        equal["volunteer"] = str(wanted.volunteer)
    refused = _has_no_role(office, caller)
    if refused is not None:
        office.desk.refuse(caller, Intent(act=EXPORT, target=caller.organization), refused)
    return equal, {}, False


def _has_no_role(office: Office, caller: Caller) -> Refused | None:
    """Return why a person exports nothing; a key in force reads as lists are read."""
    acting, today = acting_organization(office, caller), civil_date(office.desk.now())
    if acting is None or caller.is_key:
        return None
    if any(acting.has_role(caller.actor.id, role, today) for role in EXPORTING):
        return None
    return refuse("actor_has_no_such_role", None, roles=", ".join(EXPORTING))


def _is_whole(office: Office, query: Query, size: int) -> bool:
    """Return whether the views hold everything below a size."""
    found = office.views.page(RECORDS, replace(query, limit=1))
    return found.size >= size and not found.is_rebuilding


def _pages(office: Office, query: Query) -> Iterator[Any]:
    while True:
        page = office.views.page(RECORDS, query).value
        if page.rows:
            yield page.rows
        if page.after is None:
            return
        query = replace(query, after=page.after)

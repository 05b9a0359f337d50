"""Which files an organization imported, the newest first, and how they stand to their paper."""

from typing import Any
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.office import Office
from ledger.application.reading import deny, may_read_of
from ledger.application.record_lists import Paging
from ledger.domain.imports import Standing
from ledger.projections.views import IMPORTS
from ledger.store.view_query import Query
from ledger.store.view_reader import AsOf, Page

LIST = "import.list"


def list_imports(
    office: Office,
    caller: Caller,
    *,
    organization: UUID | None,
    standing: Standing | None,
    paging: Paging,
) -> AsOf[Page]:
    """Return imports of an organization, or of the caller's own.

    Raises:
        HiddenError: The caller may not see them; the attempt is written down.
    """
    named = organization or caller.organization
    if caller.organization is None or named is None:
        deny(office, caller, LIST, organization or caller.actor.id)
    if not may_read_of(office, caller, named):
        deny(office, caller, LIST, named)
    equal: dict[str, Any] = {"organization": str(named)}
    if standing is not None:
        equal["standing"] = standing.value
    query = Query(
        equal=equal,
        order=("begun_at",),
        descending=True,
        after=paging.after,
        limit=paging.limit,
        size=paging.size,
    )
    return office.views.page(IMPORTS, query)

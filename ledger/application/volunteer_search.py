"""Finding volunteers: by exactly what they are called or numbered, or as whose list they are.

Nobody is found by a part of anything, and nobody beyond whom one's organization looks after:
to whom she is a stranger, she is not there. What is found is shown masked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.chosen_pages import chosen_page
from ledger.application.desk import ActRefused
from ledger.application.forms.volunteer import SearchForm
from ledger.application.masking import HIDDEN, MaskedParticulars, mask_name, mask_particulars
from ledger.application.office import Office
from ledger.application.reading import acting_organization, deny, looks_after, may_read_of
from ledger.application.record_lists import Paging
from ledger.application.states import VOLUNTEER
from ledger.domain.event import Erased
from ledger.domain.refusal import refuse
from ledger.domain.volunteer import Particulars
from ledger.domain.volunteer.state import Volunteer
from ledger.projections.views import VOLUNTEER_TOKENS, VOLUNTEERS
from ledger.store.view_query import Cursor, Query
from ledger.store.view_reader import AsOf, Page, Row
from ledger.store.view_secrets import search_token

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A volunteer who was looked for, as staff see her."""

    id: UUID
    version: int
    is_confirmed: bool
    into: UUID | None
    particulars: MaskedParticulars


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A volunteer in an organization's list; ``since`` is the entry that left her so."""

    id: UUID
    name: str
    registered_on: str
    status: str
    into: UUID | None
    is_confirmed: bool
    is_erased: bool
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerPage(Generic[T]):
    """A page of volunteers, as of a size of the log; ``after`` is where the next one begins."""

    items: Sequence[T]
    after: Cursor | None
    size: int
    is_rebuilding: bool


def search(
    office: Office, caller: Caller, form: SearchForm, paging: Paging
) -> VolunteerPage[Found]:
    """Return those whom all that was given is true of, each a `Found`.

    Strangers are left out, and no page is shorter for them.

    Raises:
        ActRefused: Nothing is given that somebody could be found by.
        HiddenError: The caller searches in the name of nobody.
        As `States.get`.
    """
    kind, value = _most_telling(form)
    acting = acting_organization(office, caller)
    if acting is None:
        deny(office, caller, "volunteer.search", caller.organization or caller.actor.id)
    token = search_token(office.index_key, kind, value)
    query = Query(
        equal={"token": token, "kind": kind},
        after=paging.after,
        limit=paging.limit,
        size=paging.size,
    )

    def choose(row: Row) -> Found | None:
        known = office.states.at(VOLUNTEER, UUID(row["volunteer"]), size=paging.size)
        state = known.state
        if state is None or isinstance(said := state.particulars, Erased):
            return None
        if not _is_meant(form, said) or not looks_after(office, acting, state):
            return None
        return _found(state, known.version, said)

    return _page(*chosen_page(office, VOLUNTEER_TOKENS, query, choose))


def list_volunteers(
    office: Office, caller: Caller, organization: UUID | None, paging: Paging
) -> VolunteerPage[Listed]:
    """Return whom an organization registered, each a `Listed`, in the order of the days.

    Raises:
        HiddenError: The caller's organization does not answer for it.
        As `States.get`.
    """
    wanted = organization or caller.organization
    if wanted is None or not may_read_of(office, caller, wanted):
        deny(office, caller, "volunteer.list", wanted or caller.actor.id)
    query = Query(
        equal={"registered_by": str(wanted)},
        order=("registered_on",),
        after=paging.after,
        limit=paging.limit,
        size=paging.size,
    )
    answer = office.views.page(VOLUNTEERS, query)
    rows = answer.value.rows
    names = office.views.volunteer_names([UUID(row["volunteer"]) for row in rows])
    items = [_listed(row, names[UUID(row["volunteer"])]) for row in rows]
    return _page(items, answer)


def _most_telling(form: SearchForm) -> tuple[str, str]:
    """Return by which of the values candidates are looked up; the others are compared."""
    if form.id_number is not None and form.id_type is not None:
        return "id_number", form.id_number
    if form.contact is not None:
        return "telephone", form.contact
    if form.name is not None:
        return "name", form.name
    raise ActRefused(refuse("search_is_empty"))


def _is_meant(form: SearchForm, said: Particulars) -> bool:
    asked = {name: value for name, value in form if value is not None}
    return all(getattr(said, name) == value for name, value in asked.items())


def _page(items: Sequence[T], answer: AsOf[Page]) -> VolunteerPage[T]:
    return VolunteerPage(
        items=items,
        after=answer.value.after,
        size=answer.size,
        is_rebuilding=answer.is_rebuilding,
    )


def _found(state: Volunteer, version: int, said: Particulars) -> Found:
    return Found(
        id=state.id,
        version=version,
        is_confirmed=state.is_confirmed,
        into=state.into,
        particulars=mask_particulars(said),
    )


def _listed(row: Any, name: str | None) -> Listed:
    return Listed(
        id=UUID(row["volunteer"]),
        name=HIDDEN if name is None else mask_name(name),
        registered_on=row["registered_on"],
        status=row["status"],
        into=None if row["into"] is None else UUID(row["into"]),
        is_confirmed=row["is_confirmed"],
        is_erased=row["is_erased"],
        since=row["since"],
    )

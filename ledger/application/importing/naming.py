"""Whom and what a row names: the volunteer, the activity, who rated; each found, or refused.

A volunteer is named by the number of her document together with her name, or by her
registration. Whether the number is unknown or another one's is not told apart: who holds a
number without the name that goes with it learns nothing about anybody.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from ledger.application.office import Office
from ledger.application.states import ACTIVITY, IDENTITY, PROJECT_NO, VOLUNTEER, Kind
from ledger.application.streams import identity_stream, project_no_stream
from ledger.domain.activity import Activity
from ledger.domain.activity.project_numbers import is_project_no
from ledger.domain.event import Erased
from ledger.domain.organization import Organization
from ledger.domain.refusal import Refused, refuse
from ledger.domain.sheets.cells import folded
from ledger.domain.sheets.columns import Column
from ledger.domain.sheets.row import Said
from ledger.domain.words import canonical, check_name

Find = Callable[[Kind[Any], UUID], Any]
"""Returns a state that somebody names, as `Docket.find` does."""

_DOTS = str.maketrans("•・‧∙.", "·····")


def volunteer_of(find: Find, office: Office, said: Said) -> UUID | Refused:
    """Return whom a row is about."""
    name = None if said.name is None else plain_name(said.name)
    if name is not None:
        reasons = check_name(name, Column.NAME.value)
        if reasons:
            return Refused(reasons)
    holder = said.volunteer
    if said.id_number is not None:
        stream = identity_stream(office.index_key, said.id_type, said.id_number)
        identity = find(IDENTITY, stream)
        found = None if identity is None else identity.holder
        if holder is not None and found != holder:
            return refuse("registration_has_another_number", Column.VOLUNTEER.value)
        holder = found
    person = None if holder is None else find(VOLUNTEER, holder)
    about = Column.ID_NUMBER if said.id_number is not None else Column.VOLUNTEER
    if person is None or isinstance(person.particulars, Erased):
        return refuse("row_names_no_volunteer", about.value)
    if name is not None and plain_name(person.particulars.name) != name:
        return refuse("row_names_no_volunteer", about.value)
    known: UUID = person.id
    return known


def plain_name(name: str) -> str:
    """Return a name without the blanks and kinds of dots by which lists differ."""
    return canonical("".join(folded(name).split()).translate(_DOTS))


def activity_of(
    find: Find, office: Office, named: str | None, whole: UUID | None
) -> Activity | Refused:
    """Return the activity of a row: that of its column, or the one of the whole file."""
    about = Column.ACTIVITY.value
    activity = whole
    if named is not None:
        text = folded(named)
        own = _id_of(find, office, text)
        if own is None:
            return refuse("activity_is_unclear", about)
        if whole is not None and own != whole:
            return refuse("activity_is_another", about)
        activity = own
    if activity is None:
        return refuse("cell_is_blank", about)
    found: Activity | None = find(ACTIVITY, activity)
    return refuse("activity_is_missing", about) if found is None else found


def evaluator_of(
    organization: Organization | None, named: str | None, own: UUID
) -> UUID | Refused:
    """Return who rated: whom the row names of the staff, or who enters it."""
    if named is None:
        return own
    text = folded(named)
    staff = () if organization is None else organization.staff
    found = [
        each.person
        for each in staff
        if text == str(each.person)
        or (isinstance(each.name, str) and plain_name(each.name) == plain_name(text))
    ]
    if len(found) != 1:
        return refuse("evaluator_is_unclear", Column.EVALUATOR.value)
    return found[0]


def _id_of(find: Find, office: Office, text: str) -> UUID | None:
    if is_project_no(text):
        claimed = find(PROJECT_NO, project_no_stream(office.origin, text))
        return None if claimed is None else claimed.activity
    try:
        return UUID(text) if str(UUID(text)) == text else None
    except ValueError:
        return None

"""Who is mailed: whose notices they are, and under which of her ids she asked for mail."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ledger.application.inbox import Owner
from ledger.application.office import Office
from ledger.application.states import SIGN_IN, VOLUNTEER, ForeignStreamError
from ledger.application.streams import sign_in_stream
from ledger.domain.access import SignIn
from ledger.domain.volunteer.state import Volunteer
from ledger.projections.view import View
from ledger.projections.views import MAILING, SIGN_INS, VOLUNTEERS
from ledger.store.view_query import Query

_AT_ONCE = 500
_NOBODY: Mapping[str, Any] = {"staff": None, "volunteer": None, "into": None}


@dataclass(frozen=True, slots=True)
class Wanting:
    """Somebody who wants mail; ``since`` is the entry by which she gave her address."""

    person: UUID
    since: int


def wanting(office: Office, person: UUID) -> Wanting | None:
    """Return whether somebody wants mail at an address that she gave under this id."""
    query = Query(equal={"person": str(person)}, limit=1)
    rows = office.views.page(MAILING, query).value.rows
    return _wanting(rows[0]) if rows else None


def those_wanting(office: Office, *, after: str, limit: int) -> Sequence[Wanting]:
    """Return who wants mail, in the order of their ids, after one of them."""
    query = Query(order=("person",), after=(after,) if after else None, limit=limit)
    return [_wanting(row) for row in office.views.page(MAILING, query).value.rows]


def holders(office: Office, recipients: Collection[str]) -> Sequence[Wanting]:
    """Return where those are mailed who were told something, each human once.

    She is mailed under the registration that stays, as its volunteer or else as staff, where
    she gave an address there. All of it comes from the views: many are told at once, and few
    want mail.
    """
    found: dict[UUID, Wanting] = {}
    asked = sorted(recipients)
    for first in range(0, len(asked), _AT_ONCE):
        some = asked[first : first + _AT_ONCE]
        ids = _ids(office, some)
        every = sorted({each for these in ids.values() for each in these})
        wants = {str(each.person): each for each in _wanting_among(office, every)}
        for these in ids.values():
            chosen = next((wants[each] for each in these if each in wants), None)
            if chosen is not None:
                found[chosen.person] = chosen
    return list(found.values())


def owner_of_person(office: Office, person: UUID) -> Owner:
    """Return whose inbox it is of which mail to somebody tells.

    Raises:
        As `States.get`.
    """
    known = _volunteer(office, person)
    if known is not None:
        sign_in = _sign_in(office, person)
        staff = None if sign_in is None else sign_in.staff
        return Owner(staff, (person, *known.absorbed))
    sign_in = _sign_in(office, person)
    volunteer = None if sign_in is None else sign_in.volunteer
    if volunteer is None:
        return Owner(person, ())
    also = _volunteer(office, volunteer)
    return Owner(person, (volunteer, *(() if also is None else also.absorbed)))


def _ids(office: Office, recipients: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Return each one's ids, the one first under which she is to be mailed."""
    signed = _signed(office, recipients)
    stays = {each: str(signed[each]["volunteer"] or each) for each in recipients}
    merged = _rows(office, VOLUNTEERS, "volunteer", set(stays.values()))
    for each, person in stays.items():
        into = merged[person]["into"] if person in merged else None
        stays[each] = str(into or person)
    also = _signed(office, set(stays.values()))
    ids: dict[str, Sequence[str]] = {}
    for each, person in stays.items():
        staff = also[person]["staff"]
        ids[each] = list(dict.fromkeys([person, *([str(staff)] if staff else []), each]))
    return ids


def _signed(office: Office, persons: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
    """Return who somebody is in each capacity, as the sign-in that she uses tells it."""
    streams = {each: str(sign_in_stream(UUID(each))) for each in persons}
    own = _rows(office, SIGN_INS, "sign_in", set(streams.values()))
    used = {each: str((own.get(of) or _NOBODY)["into"] or of) for each, of in streams.items()}
    others = _rows(office, SIGN_INS, "sign_in", set(used.values()) - own.keys())
    return {each: {**own, **others}.get(of, _NOBODY) for each, of in used.items()}


def _rows(
    office: Office, view: View, name: str, keys: Collection[str]
) -> Mapping[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    asked = sorted(keys)
    for first in range(0, len(asked), _AT_ONCE):
        some = asked[first : first + _AT_ONCE]
        query = Query(among={name: some}, limit=len(some))
        found |= {row[name]: row for row in office.views.page(view, query).value.rows}
    return found


def _wanting_among(office: Office, persons: Collection[str]) -> Iterator[Wanting]:
    for row in _rows(office, MAILING, "person", persons).values():
        yield _wanting(row)


def _volunteer(office: Office, person: UUID) -> Volunteer | None:
    try:
        return office.states.get(VOLUNTEER, person, fresh=True).state
    except ForeignStreamError:
        return None


def _sign_in(office: Office, person: UUID) -> SignIn | None:
    """Return the sign-in that somebody uses: her own, or the one that it gave way to."""
    try:
        state = office.states.get(SIGN_IN, sign_in_stream(person), fresh=True).state
        if state is not None and state.into is not None:
            return office.states.get(SIGN_IN, state.into, fresh=True).state
    except ForeignStreamError:
        return None
    return state


def _wanting(row: Any) -> Wanting:
    return Wanting(UUID(row["person"]), int(row["since"]))

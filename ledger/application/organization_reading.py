"""Organizations as they are read: by everybody what is public, by their own people the rest.

What is said of an organization is public. What its people are called is theirs: it is shown to
people of the same organization and of those above it (PIPL 6), and stands in no list.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.office import Office
from ledger.application.reading import HiddenError, deny, may_read_of
from ledger.application.record_lists import Paging
from ledger.application.states import ORGANIZATION, Known, Read, fold
from ledger.domain.divisions import area_prefix
from ledger.domain.organization import Organization, OrganizationKind, Status
from ledger.domain.organization.events import OrganizationKeyAdded, OrganizationKeyRevoked
from ledger.domain.organization.state import Appointment, StaffMember
from ledger.projections.history import Item, history
from ledger.projections.views import ORGANIZATIONS
from ledger.store.view_query import Query
from ledger.store.view_reader import AsOf, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryFilter:
    """Which organizations are listed: of a kind, in a division, below one, called like this."""

    kind: OrganizationKind | None = None
    division: str | None = None
    parent: UUID | None = None
    status: Status | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the staff, past or present, with each of her terms."""

    member: StaffMember
    terms: tuple[Appointment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyShown:
    """One key of an organization: since when, until when, and why it was revoked, if it was."""

    key: UUID
    public_key: str
    label: str
    valid_to: date | None
    added_at: datetime
    revoked_at: datetime | None = None
    exposed_since: date | None = None
    reason: str | None = None


def directory(office: Office, wanted: DirectoryFilter, paging: Paging) -> AsOf[Page]:
    """Return organizations in the order of their divisions; everybody signed in may look."""
    parent = None if wanted.parent is None else str(wanted.parent)
    equal = {"kind": wanted.kind, "status": wanted.status, "parent": parent}
    prefix = {"name": wanted.name, "division": area_prefix(wanted.division)}
    query = Query(
        equal={name: str(value) for name, value in equal.items() if value is not None},
        prefix={name: text for name, text in prefix.items() if text},
        order=("division",),
        after=paging.after,
        limit=paging.limit,
        size=paging.size,
    )
    return office.views.page(ORGANIZATIONS, query)


def read_organization(
    office: Office, organization: UUID, *, size: int | None = None
) -> Known[Organization]:
    """Return an organization, now or as it was when the log had a size; for everybody.

    Raises:
        HiddenError: There is none.
        As `States.get`.
    """
    known = office.states.at(ORGANIZATION, organization, size=size)
    if known.state is None:
        raise HiddenError
    return known


def organization_history(
    office: Office, caller: Caller, organization: UUID, *, size: int | None = None
) -> Sequence[Item]:
    """Return every change of an organization: who, when, why, before and after.

    Raises:
        HiddenError: There is none, or the caller's organization does not answer for it.
        As `States.get`.
    """
    events = _readable(office, caller, organization, "organization.read_history", size)
    return history(events, ORGANIZATION.evolve)


def read_staff(
    office: Office, caller: Caller, organization: UUID, *, size: int | None = None
) -> tuple[Known[Organization], Sequence[Person]]:
    """Return an organization with its people, in the order in which they came.

    Raises:
        As `organization_history`.
    """
    known = fold(ORGANIZATION, _readable(office, caller, organization, "staff.read", size))
    state = known.state
    if state is None:
        raise HiddenError
    persons = dict.fromkeys(each.person for each in state.appointments)
    members = ((person, state.member(person)) for person in persons)
    people = [
        Person(member, tuple(each for each in state.appointments if each.person == person))
        for person, member in members
        if member is not None
    ]
    return known, people


def read_keys(
    office: Office, caller: Caller, organization: UUID, *, size: int | None = None
) -> tuple[Known[Organization], Sequence[KeyShown]]:
    """Return an organization with its keys, in the order in which they were added.

    Raises:
        As `organization_history`.
    """
    events = _readable(office, caller, organization, "organization_key.read", size)
    keys: dict[UUID, KeyShown] = {}
    for each in events:
        event, at = each.event, each.happened.at
        if isinstance(event, OrganizationKeyAdded):
            keys[event.key] = KeyShown(
                key=event.key,
                public_key=event.public_key,
                label=event.label,
                valid_to=event.valid_to,
                added_at=at,
            )
        elif isinstance(event, OrganizationKeyRevoked):
            keys[event.key] = replace(
                keys[event.key],
                revoked_at=at,
                exposed_since=event.exposed_since,
                reason=event.reason,
            )
    return fold(ORGANIZATION, events), list(keys.values())


def _readable(
    office: Office, caller: Caller, organization: UUID, act: str, size: int | None
) -> Sequence[Read]:
    """Return the events of an organization for whoever answers for it."""
    events = office.states.events(ORGANIZATION, organization, size=size)
    if not events:
        raise HiddenError
    if not may_read_of(office, caller, organization):
        deny(office, caller, act, organization)
    return events

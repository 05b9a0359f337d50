"""How each event leaves an organization; what is recorded has happened, nothing is refused."""

from dataclasses import replace
from datetime import date
from typing import assert_never
from uuid import UUID

from ledger.domain.civil_time import civil_date
from ledger.domain.event import Happened
from ledger.domain.organization.events import (
    EntrustmentGranted,
    EntrustmentRevoked,
    OrganizationAmended,
    OrganizationAuthorized,
    OrganizationEvent,
    OrganizationKeyAdded,
    OrganizationKeyRevoked,
    OrganizationRegistered,
    OrganizationReinstated,
    OrganizationRevoked,
    OrganizationSucceeded,
    OrganizationSuspended,
    StaffAmended,
    StaffAppointed,
    StaffReleased,
)
from ledger.domain.organization.kinds import Role, Status
from ledger.domain.organization.particulars import Particulars
from ledger.domain.organization.state import (
    Appointment,
    Entrustment,
    Named,
    Organization,
    SigningKey,
    StaffMember,
)


def evolve(
    state: Organization | None, event: OrganizationEvent, happened: Happened
) -> Organization:
    """Return the organization after an event.

    Raises:
        ValueError: A history begins with something else than a registration.
    """
    if isinstance(event, OrganizationRegistered):
        return _registered(event, civil_date(happened.at))
    if state is None:
        raise ValueError("a history of an organization begins with its registration")
    match event:
        case EntrustmentGranted() | EntrustmentRevoked():
            return _after_entrustment(state, event)
        case OrganizationKeyAdded() | OrganizationKeyRevoked():
            return _after_key(state, event)
        case StaffAppointed() | StaffAmended() | StaffReleased():
            return _after_staff(state, event)
        case _:
            return _after_standing(state, event)


def _registered(event: OrganizationRegistered, day: date) -> Organization:
    return Organization(
        id=event.organization,
        kind=event.kind,
        division=event.division,
        parent=event.parent,
        status=Status.REGISTERED,
        particulars=_particulars(event),
        names=(Named(name=event.name, since=day),),
    )


def _particulars(event: Particulars) -> Particulars:
    return Particulars(
        name=event.name,
        form=event.form,
        category=event.category,
        authority=event.authority,
        credit_code=event.credit_code,
        approving_unit=event.approving_unit,
        registration_authority=event.registration_authority,
        telephone=event.telephone,
    )


def _after_standing(
    state: Organization,
    event: OrganizationAmended
    | OrganizationAuthorized
    | OrganizationSuspended
    | OrganizationReinstated
    | OrganizationRevoked
    | OrganizationSucceeded,
) -> Organization:
    match event:
        case OrganizationAmended():
            named = Named(name=event.name, since=event.effective_on)
            names = (
                state.names if event.name == state.particulars.name else (*state.names, named)
            )
            return replace(state, particulars=_particulars(event), names=names)
        case OrganizationAuthorized() | OrganizationReinstated():
            return replace(state, status=Status.AUTHORIZED, halted_by=None)
        case OrganizationSuspended():
            return replace(state, status=Status.SUSPENDED, halted_by=event.on_behalf_of)
        case OrganizationRevoked():
            return replace(state, status=Status.REVOKED, halted_by=event.on_behalf_of)
        case OrganizationSucceeded():
            return replace(
                state, status=Status.SUCCEEDED, halted_by=None, successors=event.successors
            )
        case _:
            assert_never(event)


def _after_entrustment(
    state: Organization, event: EntrustmentGranted | EntrustmentRevoked
) -> Organization:
    match event:
        case EntrustmentGranted():
            granted = Entrustment(
                id=event.entrustment,
                grantor=event.on_behalf_of,
                divisions=event.divisions,
                categories=event.categories,
                valid_from=event.valid_from,
                valid_to=event.valid_to,
            )
            return replace(state, entrustments=(*state.entrustments, granted))
        case EntrustmentRevoked():
            return replace(
                state,
                entrustments=tuple(
                    replace(each, is_revoked=True) if each.id == event.entrustment else each
                    for each in state.entrustments
                ),
            )
        case _:
            assert_never(event)


def _after_key(
    state: Organization, event: OrganizationKeyAdded | OrganizationKeyRevoked
) -> Organization:
    match event:
        case OrganizationKeyAdded():
            added = SigningKey(
                id=event.key, public_key=event.public_key, valid_to=event.valid_to
            )
            return replace(state, keys=(*state.keys, added))
        case OrganizationKeyRevoked():
            return replace(
                state,
                keys=tuple(
                    replace(each, is_revoked=True) if each.id == event.key else each
                    for each in state.keys
                ),
            )
        case _:
            assert_never(event)


def _after_staff(
    state: Organization, event: StaffAppointed | StaffAmended | StaffReleased
) -> Organization:
    match event:
        case StaffAppointed():
            added = tuple(
                Appointment(person=event.person, role=role, from_day=event.from_day)
                for role in event.roles
            )
            appointed = replace(state, appointments=(*state.appointments, *added))
            return _with_member(appointed, event)
        case StaffAmended():
            return _with_member(state, event)
        case StaffReleased():
            return replace(
                state,
                appointments=tuple(
                    _released(held, event.person, event.roles, event.from_day)
                    for held in state.appointments
                ),
            )
        case _:
            assert_never(event)


def _with_member(state: Organization, event: StaffAppointed | StaffAmended) -> Organization:
    member = StaffMember(person=event.person, name=event.name, telephone=event.telephone)
    others = tuple(each for each in state.staff if each.person != event.person)
    return replace(state, staff=(*others, member))


def _released(
    held: Appointment, person: UUID, roles: tuple[Role, ...], from_day: date
) -> Appointment:
    if held.person != person or held.role not in roles:
        return held
    if held.until is not None and held.until <= from_day:
        return held
    return replace(held, until=from_day)

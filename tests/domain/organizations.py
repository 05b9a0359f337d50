"""Organizations as they stand after a history, and who acts in whose name."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from ledger.domain.event import Actor, ActorKind
from ledger.domain.organization import Organization, Surroundings, decide, evolve
from ledger.domain.organization.commands import RegisterOrganization
from ledger.domain.organization.events import (
    OrganizationAmended,
    OrganizationEvent,
    OrganizationRegistered,
)
from ledger.domain.organization.particulars import Particulars
from tests.domain.samples_organization import (
    ASSOCIATION_REGISTERED,
    AUTHORIZED,
    CITY_BUREAU_AUTHORIZED,
    CITY_BUREAU_REGISTERED,
    DISTRICT_BUREAU_REGISTERED,
    ENTRUSTED_REGISTERED,
    OTHER_DISTRICT_BUREAU_REGISTERED,
    STATION_REGISTERED,
)
from tests.domain.specification import Specification

LEDGER = Actor(ActorKind.SYSTEM, UUID(int=0))
A_KEY = Actor(ActorKind.KEY, UUID(int=0x4E1))
A_VOLUNTEER = Actor(ActorKind.VOLUNTEER, UUID(int=0x701))


def organization(*history: OrganizationEvent) -> Organization:
    """Return an organization after its history."""
    state = Specification(decide, evolve).given(*history).state
    assert isinstance(state, Organization)
    return state


def in_name_of(
    acting: Organization | None, *named: Organization, is_empty: bool = False
) -> Specification:
    """Return a specification in which somebody acts in the name of an organization."""
    around = Surroundings(acting=acting, named=named, is_empty=is_empty)
    return Specification(decide, evolve, around)


def said_of(event: OrganizationRegistered | OrganizationAmended, **changes: Any) -> Particulars:
    """Return the particulars that an event tells, with some of them changed."""
    names = Particulars.__dataclass_fields__
    return replace(Particulars(**{name: getattr(event, name) for name in names}), **changes)


def register(event: OrganizationRegistered, **changes: Any) -> RegisterOrganization:
    """Return the command that leads to an event, with some of it changed."""
    command = RegisterOrganization(
        organization=event.organization,
        kind=event.kind,
        division=event.division,
        parent=event.parent,
        particulars=said_of(event),
    )
    return replace(command, **changes)


def register_saying(event: OrganizationRegistered, **changes: Any) -> RegisterOrganization:
    """Return the command that leads to an event, with other particulars."""
    return register(event, particulars=said_of(event, **changes))


THE_CITY = organization(CITY_BUREAU_REGISTERED, CITY_BUREAU_AUTHORIZED)
THE_DISTRICT = organization(DISTRICT_BUREAU_REGISTERED, AUTHORIZED)
ANOTHER_DISTRICT = organization(OTHER_DISTRICT_BUREAU_REGISTERED, AUTHORIZED)
THE_ASSOCIATION = organization(ASSOCIATION_REGISTERED, AUTHORIZED)
THE_STATION = organization(STATION_REGISTERED, AUTHORIZED)
THE_ENTRUSTED = organization(ENTRUSTED_REGISTERED, AUTHORIZED)

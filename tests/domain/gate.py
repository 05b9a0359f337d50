"""A small town at its gate: who may invite whom to sign in."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from ledger.domain.access import (
    Ground,
    InviteToSignIn,
    OpenSignIn,
    SignInClosed,
    SignInInvited,
    SignInJoined,
    SignInOpened,
    Surroundings,
    decide,
    evolve,
)
from ledger.domain.event import Actor, ActorKind
from ledger.domain.organization import Organization
from ledger.domain.organization.kinds import OrganizationKind, Role
from ledger.domain.organization.state import Appointment
from tests.domain.specification import NOW, Specification
from tests.domain.town import COMMUNITY, STREET, organization

TODAY = date(2026, 11, 24)
LEDGER = Actor(ActorKind.SYSTEM, UUID(int=0x900))
CITY_HEAD, HEAD_ABOVE, HEAD, CLERK, OTHER_HEAD, SUPERVISOR, CITY_CLERK = (
    Actor(ActorKind.STAFF, UUID(int=0x910 + number)) for number in range(7)
)
RECORDER = Actor(ActorKind.STAFF, UUID(int=0x920))
"""Whom they invite."""
VOLUNTEER = Actor(ActorKind.VOLUNTEER, UUID(int=0x930))

CITY = organization(
    10, OrganizationKind.CITY_BUREAU, "110000", None, (CITY_HEAD, Role.RESPONSIBLE)
)
DISTRICT = organization(
    11,
    OrganizationKind.DISTRICT_BUREAU,
    "110105",
    CITY.id,
    (SUPERVISOR, Role.SUPERVISOR),
)
ASSOCIATION = organization(
    12, OrganizationKind.ASSOCIATION, STREET, DISTRICT.id, (HEAD_ABOVE, Role.RESPONSIBLE)
)
STATION = organization(
    13,
    OrganizationKind.STATION,
    COMMUNITY,
    ASSOCIATION.id,
    (HEAD, Role.RESPONSIBLE),
    (CLERK, Role.RECORDER),
    (RECORDER, Role.RECORDER),
)
OTHER = organization(
    14,
    OrganizationKind.STATION,
    "110105001002",
    ASSOCIATION.id,
    (OTHER_HEAD, Role.RESPONSIBLE),
    (RECORDER, Role.RECORDER),
)
"""Also appoints the recorder: whoever knows her id can."""

STAFFS, HERS = UUID(int=0x941), UUID(int=0x942)
"""The recorder's sign-in, and the volunteer's."""
TOKEN, PASSWORD = "aa" * 32, "bb" * 32
LATER = NOW + timedelta(hours=72)

INVITE_STAFF = InviteToSignIn(
    sign_in=STAFFS, staff=RECORDER.id, volunteer=None, invitation=TOKEN, expires_at=LATER
)
INVITE_VOLUNTEER = InviteToSignIn(
    sign_in=HERS, staff=None, volunteer=VOLUNTEER.id, invitation=TOKEN, expires_at=LATER
)
STAFF_INVITED = SignInInvited(
    sign_in=STAFFS,
    staff=RECORDER.id,
    volunteer=None,
    invitation=TOKEN,
    expires_at=LATER,
    on_behalf_of=STATION.id,
)
VOLUNTEER_INVITED = replace(
    STAFF_INVITED, sign_in=HERS, staff=None, volunteer=VOLUNTEER.id, on_behalf_of=STATION.id
)
BOTH_INVITED = replace(VOLUNTEER_INVITED, staff=RECORDER.id)
OPEN = OpenSignIn(invitation=TOKEN, credential=PASSWORD)
STAFF_OPENED = SignInOpened(sign_in=STAFFS, credential=PASSWORD, invitation=TOKEN)
VOLUNTEER_OPENED = replace(STAFF_OPENED, sign_in=HERS)
CLOSED = SignInClosed(sign_in=STAFFS, reason=Ground.LEFT, on_behalf_of=STATION.id)
JOINED = SignInJoined(sign_in=STAFFS, into=HERS)


def at_the_gate(
    acting: Organization | None = None,
    *,
    appointing: Organization | None = None,
    home: Organization | None = None,
    registrars: tuple[Organization, ...] = (),
) -> Specification:
    """Return a specification in which somebody acts in the name of an organization."""
    around = Surroundings(
        acting=acting, appointing=appointing, home=home, registrars=registrars
    )
    return Specification(decide, evolve, around)


def appointing(organization: Organization, *who: tuple[Actor, Role]) -> Organization:
    """Return an organization with these persons alone."""
    held = tuple(
        Appointment(person=actor.id, role=role, from_day=date(2026, 1, 1))
        for actor, role in who
    )
    return replace(organization, appointments=held)

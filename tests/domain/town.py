"""A small town: who records, who reviews, who stands above, and one volunteer."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from ledger.domain.activity import Activity, Coordinates
from ledger.domain.activity import Particulars as ActivityParticulars
from ledger.domain.codes import (
    AdmissionMode,
    Authority,
    Datum,
    Guarantee,
    IdType,
    OrganizationCategory,
    ServiceCategory,
    ServiceObject,
    Sex,
)
from ledger.domain.event import Actor, ActorKind
from ledger.domain.organization.kinds import LegalForm, OrganizationKind, Role, Status
from ledger.domain.organization.particulars import Particulars as OrganizationParticulars
from ledger.domain.organization.state import Appointment, Named, Organization, SigningKey
from ledger.domain.record import Service, Surroundings
from ledger.domain.rules import INITIAL_BOOK
from ledger.domain.volunteer.particulars import Particulars as VolunteerParticulars
from ledger.domain.volunteer.state import Volunteer

STREET = "110105001"
COMMUNITY = "110105001001"
LONG_AGO = date(2026, 1, 1)


def staff(number: int) -> Actor:
    return Actor(ActorKind.STAFF, UUID(int=0x500 + number))


RECORDER, SECOND_RECORDER = staff(1), staff(2)
REVIEWER, SECOND_REVIEWER = staff(3), staff(4)
ABOVE, SUPERVISOR = staff(5), staff(6)
BESIDE = staff(7)
BOTH = staff(8)
"""Recorder and reviewer at once."""
KEY = Actor(ActorKind.KEY, UUID(int=0x600))
SYSTEM = Actor(ActorKind.SYSTEM, UUID(int=0x601))
HERSELF = Actor(ActorKind.VOLUNTEER, UUID(int=0x700))
NEIGHBOUR = Actor(ActorKind.VOLUNTEER, UUID(int=0x701))


def organization(
    number: int,
    kind: OrganizationKind,
    division: str,
    parent: UUID | None,
    *appointed: tuple[Actor, Role],
) -> Organization:
    is_bureau = kind is OrganizationKind.DISTRICT_BUREAU
    return Organization(
        id=UUID(int=0x400 + number),
        kind=kind,
        division=division,
        parent=parent,
        status=Status.AUTHORIZED,
        particulars=OrganizationParticulars(
            name="社区志愿者服务站",
            form=LegalForm.LEGAL_PERSON if is_bureau else LegalForm.VOLUNTEER_ORGANIZATION,
            category=OrganizationCategory.SOCIAL_SERVICE,
            authority=Authority.CIVIL_AFFAIRS if is_bureau else None,
            credit_code="52110101MJ0000000N",
            approving_unit=None,
            registration_authority=None,
            telephone=None,
        ),
        names=(Named(name="社区志愿者服务站", since=LONG_AGO),),
        appointments=tuple(
            Appointment(person=actor.id, role=role, from_day=LONG_AGO)
            for actor, role in appointed
        ),
    )


BUREAU = organization(
    1,
    OrganizationKind.DISTRICT_BUREAU,
    "110105",
    None,
    (SUPERVISOR, Role.SUPERVISOR),
)
ASSOCIATION = organization(
    2, OrganizationKind.ASSOCIATION, STREET, BUREAU.id, (ABOVE, Role.REVIEWER)
)
STATION = replace(
    organization(
        3,
        OrganizationKind.STATION,
        COMMUNITY,
        ASSOCIATION.id,
        (RECORDER, Role.RECORDER),
        (SECOND_RECORDER, Role.RECORDER),
        (REVIEWER, Role.REVIEWER),
        (SECOND_REVIEWER, Role.REVIEWER),
        (BOTH, Role.RECORDER),
        (BOTH, Role.REVIEWER),
    ),
    keys=(SigningKey(id=KEY.id, public_key="0" * 64, valid_to=None),),
)
OTHER_STATION = organization(
    4,
    OrganizationKind.STATION,
    "110105001002",
    ASSOCIATION.id,
    (BESIDE, Role.REVIEWER),
    (BESIDE, Role.RECORDER),
)


def employer(actor: Actor, station: Organization = STATION) -> Organization | None:
    """Return in whose name somebody of this town acts."""
    if actor.kind is ActorKind.KEY:
        return station
    if actor.kind is not ActorKind.STAFF:
        return None
    elsewhere = {SUPERVISOR: BUREAU, ABOVE: ASSOCIATION, BESIDE: OTHER_STATION}
    return elsewhere.get(actor, station)


ACTIVITY = Activity(
    id=UUID(int=0x800),
    organizer=ASSOCIATION.id,
    recording_organization=STATION.id,
    particulars=ActivityParticulars(
        name="重阳助老",
        starts_on=date(2026, 11, 1),
        ends_on=date(2026, 11, 20),
        place="建外街道文化站",
        division=COMMUNITY,
        service_objects=(ServiceObject.ELDERLY,),
        categories=(ServiceCategory.COMMUNITY,),
        content="陪伴老人,打扫居室。",
        person_in_charge=UUID(int=0x810),
        person_in_charge_name="张𠮷",
        person_in_charge_phone="13800000000",
        head_count=12,
        risk_notice=None,
        agreement=None,
        insurance=None,
        admission_mode=AdmissionMode.PUBLIC,
        recruits_from=date(2026, 10, 10),
        recruits_until=date(2026, 10, 31),
        coordinates=Coordinates(
            longitude_microdegrees=116_450_000,
            latitude_microdegrees=39_910_000,
            datum=Datum.GCJ02,
        ),
        without_coordinates=None,
        guarantees=(Guarantee.INSURANCE,),
        training_required=False,
        posts=(),
        sign_points=(),
    ),
    back_entry=False,
    project_no="110105-2026-00000001-07",
)

VOLUNTEER = Volunteer(
    id=HERSELF.id,
    identity=UUID(int=0x702),
    particulars=VolunteerParticulars(
        name="王𠮷",
        sex=Sex.FEMALE,
        birth_date=date(1999, 9, 9),
        id_type=IdType.RESIDENT_ID,
        id_number="110101180001010015",
        residence_area=COMMUNITY,
        contact="13800000001",
        skills=(),
        service_categories=(ServiceCategory.COMMUNITY,),
    ),
    identified_by=RECORDER,
)

SERVICE = Service(
    start=datetime(2026, 11, 20, 1, 0, tzinfo=UTC),
    end=datetime(2026, 11, 20, 4, 0, tzinfo=UTC),
    break_minutes=30,
    place=None,
    division=COMMUNITY,
    service_objects=(ServiceObject.ELDERLY,),
    post="陪护",
    content="陪伴老人,打扫居室。",
    evaluation_date=date(2026, 11, 23),
    punctuality=5,
    attitude=5,
    skill=4,
    evaluator=UUID(int=0x810),
    evaluation_text=None,
)
"""A Friday from 9 to 12 in Beijing, half an hour of it a break: 150 minutes."""

AROUND = Surroundings(
    book=INITIAL_BOOK,
    activity=ACTIVITY,
    organization=STATION,
    acting=None,
    volunteer=VOLUNTEER,
)


def beijing(text: str) -> datetime:
    """Return the instant of a wall clock in Beijing, as `2026-11-28 10:00`."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)

"""A small town, created through the use cases: who records, who reviews, who stands above.

city bureau                   head
└─ district bureau            head, reviewer
   ├─ association             head, reviewer
   │  ├─ station              head, recorder, second recorder, reviewer, second reviewer
   │  └─ other station        head, recorder, reviewer
   └─ entrusted organization  head, recorder, reviewer, and a key
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.application import organizations, staffing
from ledger.application.callers import Caller, as_key, as_staff
from ledger.application.forms.organization import (
    AuthorizationForm,
    EntrustmentForm,
    OrganizationForm,
)
from ledger.application.forms.staff import AppointmentForm, KeyForm
from ledger.application.founding import FoundingForm, found
from tests.application.house import House
from tests.store.ledgers import secret

DISTRICT, STREET = "110101", "110101001"
COMMUNITY, OTHER_COMMUNITY = "110101001001", "110101001002"
FOUNDED = "2026-11-02 09:00"
"""A Monday; everybody is appointed from this day on."""
NOW = "2026-11-24 10:00"
"""A Tuesday three weeks later, at which a house stands when a test gets it."""

_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True)
class Town:
    """The ids of the town's organizations, and its people as they call."""

    city: UUID
    district: UUID
    association: UUID
    station: UUID
    other_station: UUID
    entrusted: UUID
    entrustment: UUID
    city_head: Caller
    district_head: Caller
    district_reviewer: Caller
    association_head: Caller
    association_reviewer: Caller
    station_head: Caller
    recorder: Caller
    second_recorder: Caller
    reviewer: Caller
    second_reviewer: Caller
    other_head: Caller
    other_recorder: Caller
    other_reviewer: Caller
    entrusted_head: Caller
    entrusted_recorder: Caller
    entrusted_reviewer: Caller
    key: Caller

    @property
    def private_key(self) -> Ed25519PrivateKey:
        """The private half of the entrusted organization's key."""
        return private_key("entrusted organization")


def private_key(name: str) -> Ed25519PrivateKey:
    """Return a key that every process of a test knows."""
    return Ed25519PrivateKey.from_private_bytes(secret(name))


def public_key(name: str) -> str:
    """Return its public half in hex."""
    return private_key(name).public_key().public_bytes_raw().hex()


def credit_code(number: int, *, of: str = "52110101") -> str:
    """Return a well-formed credit code (GB 32100-2015) of a body that there is not."""
    body = f"{of}{number:09}"
    total = sum(_DIGITS.index(each) * 3**place % 31 for place, each in enumerate(body))
    return body + _DIGITS[-total % 31]


def said(name: str, number: int, **changes: Any) -> dict[str, Any]:
    """Return particulars of an organization, as they are sent."""
    return {
        "name": name,
        "form": "volunteer_organization",
        "category": "social_association",
        "credit_code": credit_code(number),
        **changes,
    }


def said_of_bureau(name: str, number: int, **changes: Any) -> dict[str, Any]:
    """Return particulars of a bureau, as they are sent."""
    return said(
        name,
        number,
        form="legal_person",
        category="government",
        authority="civil_affairs",
        **changes,
    )


def registration(
    kind: str, division: str, parent: UUID, particulars: dict[str, Any]
) -> OrganizationForm:
    """Return the form by which an organization is registered."""
    place = {"kind": kind, "division": division, "parent": str(parent)}
    return OrganizationForm.model_validate(place | particulars)


def appointment(house: House, name: str, *roles: str, **changes: Any) -> AppointmentForm:
    """Return the form by which somebody is appointed from today on."""
    body = {"roles": roles, "from_day": house.clock.today.isoformat(), "name": name}
    return AppointmentForm.model_validate(body | changes)


class Builder:
    """Builds organizations and appoints people, each by who may."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._numbers = iter(range(1, 1_000))

    def found(self) -> Caller:
        """Begin the ledger; return the city bureau's first person."""
        body = said_of_bureau("北京市民政局", next(self._numbers)) | {
            "person_name": "赵示例",
            "from_day": self.house.clock.today.isoformat(),
        }
        founded = found(self.house.office, FoundingForm.model_validate(body)).value
        return as_staff(founded.person, founded.city_bureau)

    def organization(
        self, by: Caller, kind: str, division: str, name: str, authorized_by: Caller
    ) -> UUID:
        """Register an organization below the caller's own, and put it in force."""
        parent = by.organization
        assert parent is not None
        describe = said_of_bureau if kind == "district_bureau" else said
        form = registration(kind, division, parent, describe(name, next(self._numbers)))
        organization = organizations.register(self.house.office, by, form).value
        decision = AuthorizationForm.model_validate({"reason": "民社〔2026〕11号"})
        organizations.change_standing(self.house.office, authorized_by, organization, decision)
        return organization

    def person(self, by: Caller, organization: UUID, name: str, *roles: str) -> Caller:
        """Appoint a new person."""
        form = appointment(self.house, name, *roles)
        person = staffing.appoint(self.house.office, by, organization, form).value
        return as_staff(person, organization)

    def people(
        self, by: Caller, organization: UUID, *people: tuple[str, Sequence[str]]
    ) -> list[Caller]:
        """Appoint several."""
        return [self.person(by, organization, name, *roles) for name, roles in people]


HEAD = ("responsible", "handler")


def build(house: House) -> Town:
    """Create the town, day by day as it would be."""
    builder = Builder(house)
    city_head = builder.found()
    assert city_head.organization is not None
    district = builder.organization(
        city_head, "district_bureau", DISTRICT, "东城区民政局", city_head
    )
    district_head, district_reviewer = builder.people(
        city_head,
        district,
        ("钱示例", ("responsible", "supervisor")),
        ("孙示例", ("reviewer",)),
    )
    association = builder.organization(
        district_head, "association", STREET, "东华门街道社区志愿者协会", district_head
    )
    association_head, association_reviewer = builder.people(
        district_head, association, ("李示例", HEAD), ("周示例", ("reviewer",))
    )
    station, station_people = _station(
        builder, association_head, district_head, COMMUNITY, "多福巷社区志愿者服务站"
    )
    other, other_people = _station(
        builder, association_head, district_head, OTHER_COMMUNITY, "东厂社区志愿者服务站"
    )
    recorder, second_recorder, reviewer, second_reviewer = builder.people(
        station_people[0],
        station,
        ("吴示例", ("recorder",)),
        ("郑示例", ("recorder",)),
        ("王示例", ("reviewer",)),
        ("冯示例", ("reviewer",)),
    )
    other_recorder, other_reviewer = builder.people(
        other_people[0], other, ("陈示例", ("recorder",)), ("褚示例", ("reviewer",))
    )
    entrusted, entrusted_people, entrustment, key = _entrusted(builder, district_head)
    house.clock.set(NOW)
    return Town(
        city=city_head.organization,
        district=district,
        association=association,
        station=station,
        other_station=other,
        entrusted=entrusted,
        entrustment=entrustment,
        city_head=city_head,
        district_head=district_head,
        district_reviewer=district_reviewer,
        association_head=association_head,
        association_reviewer=association_reviewer,
        station_head=station_people[0],
        recorder=recorder,
        second_recorder=second_recorder,
        reviewer=reviewer,
        second_reviewer=second_reviewer,
        other_head=other_people[0],
        other_recorder=other_recorder,
        other_reviewer=other_reviewer,
        entrusted_head=entrusted_people[0],
        entrusted_recorder=entrusted_people[1],
        entrusted_reviewer=entrusted_people[2],
        key=key,
    )


def _station(
    builder: Builder, by: Caller, bureau: Caller, community: str, name: str
) -> tuple[UUID, list[Caller]]:
    station = builder.organization(by, "station", community, name, bureau)
    return station, builder.people(by, station, ("卫示例", HEAD))


def _entrusted(builder: Builder, bureau: Caller) -> tuple[UUID, list[Caller], UUID, Caller]:
    office, today = builder.house.office, builder.house.clock.today
    entrusted = builder.organization(
        bureau, "entrusted", DISTRICT, "东城区吉祥社区服务中心", bureau
    )
    people = builder.people(
        bureau,
        entrusted,
        ("蒋示例", HEAD),
        ("沈示例", ("recorder",)),
        ("韩示例", ("reviewer",)),
    )
    area = EntrustmentForm.model_validate(
        {
            "divisions": [STREET],
            "valid_from": today.isoformat(),
            "valid_to": (today + timedelta(days=365)).isoformat(),
            "qualification": [{"title": "社会服务机构登记证书", "sha256": "cd" * 32}],
        }
    )
    entrustment = organizations.entrust(office, bureau, entrusted, area).value
    form = KeyForm.model_validate(
        {"public_key": public_key("entrusted organization"), "label": "志愿者管理系统"}
    )
    key = staffing.add_key(office, people[0], entrusted, form).value
    return entrusted, people, entrustment, as_key(key, entrusted)

"""The organizations of a demonstration, at every level, with the people who act for them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.application import organizations, staffing
from ledger.application.callers import Caller, as_staff
from ledger.application.demo.people import credit_code
from ledger.application.forms.organization import (
    AuthorizationForm,
    EntrustmentForm,
    OrganizationForm,
    SuspensionForm,
)
from ledger.application.forms.staff import AppointmentForm, KeyForm
from ledger.application.office import Office
from ledger.domain.divisions import DISTRICTS, STREETS

STREETS_OF_A_DISTRICT = 2
STATIONS_OF_A_STREET = 2
ENTRUSTED_OF_A_DISTRICT = 2
_PAPER = "cd" * 32
_TWO_YEARS = timedelta(days=730)
_ENTRUSTED_NAMES = ("社会服务中心", "志愿服务联合会")


@dataclass(frozen=True, slots=True)
class Body:
    """One organization: who enters and reviews there, and who answers for it.

    ``above`` reviews what the body's own reviewer may not; ``key`` signs for its system.
    """

    id: UUID
    name: str
    division: str
    responsible: Caller
    recorder: Caller | None = None
    reviewer: Caller | None = None
    above: Caller | None = None
    key: UUID | None = None
    private_key: Ed25519PrivateKey | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class District:
    """A district: its bureau, associations, stations and entrusted organizations."""

    code: str
    name: str
    bureau: Body
    associations: tuple[Body, ...]
    stations: tuple[Body, ...]
    entrusted: tuple[Body, ...]

    @property
    def recording(self) -> tuple[Body, ...]:
        """Who records there."""
        return (*self.stations, *self.entrusted)


class Bodies:
    """Registers, authorizes and entrusts organizations, and appoints their people."""

    def __init__(self, office: Office, city: Caller, today: date) -> None:
        self._office = office
        self._city = city
        self._today = today
        self._number = 1

    def district(self, code: str, keys: list[Ed25519PrivateKey]) -> District:
        """Build a district; each entrusted organization's system takes one of the keys."""
        name = DISTRICTS[code]
        bureau = self._bureau(code, f"{name}民政局(演示)")
        streets = [each for each in sorted(STREETS) if each.startswith(code)]
        associations, stations = [], []
        for street in streets[:STREETS_OF_A_DISTRICT]:
            association = self._association(bureau, street)
            associations.append(association)
            for place in range(1, STATIONS_OF_A_STREET + 1):
                stations.append(self._station(bureau, association, f"{street}{place:03}"))
        entrusted = [
            self._entrusted(bureau, code, f"{name}{_ENTRUSTED_NAMES[number]}(演示)", key)
            for number, key in enumerate(keys[:ENTRUSTED_OF_A_DISTRICT])
        ]
        return District(
            code, name, bureau, tuple(associations), tuple(stations), tuple(entrusted)
        )

    def suspend(self, body: Body, by: Body) -> None:
        """Stop an organization until it has mended what was found."""
        form = SuspensionForm.model_validate(
            {
                "ground": "unlawful_records",
                "reason": "抽查发现记录与实际活动不符,限期改正。",
                "rectify_by": (self._today + _TWO_YEARS).isoformat(),
            }
        )
        organizations.change_standing(self._office, by.responsible, body.id, form)

    def _bureau(self, code: str, name: str) -> Body:
        id_ = self._registered(self._city, self._city, "district_bureau", code, name)
        head = self._person(self._city, id_, "责任人", "responsible", "supervisor", "handler")
        reviewer = self._person(head, id_, "审核人", "reviewer")
        return Body(id_, name, code, head, reviewer=reviewer)

    def _association(self, bureau: Body, street: str) -> Body:
        name = f"{STREETS[street]}社区志愿者协会(演示)"
        head = bureau.responsible
        id_ = self._registered(head, head, "association", street, name)
        responsible = self._person(head, id_, "负责人", "responsible", "handler")
        reviewer = self._person(responsible, id_, "审核人", "reviewer")
        return Body(id_, name, street, responsible, reviewer=reviewer, above=bureau.reviewer)

    def _station(self, bureau: Body, association: Body, community: str) -> Body:
        name = f"{STREETS[association.division]}第{community[-1]}社区志愿者服务站(演示)"
        by = association.responsible
        id_ = self._registered(by, bureau.responsible, "station", community, name)
        return self._recording(by, id_, name, community, association.reviewer)

    def _entrusted(
        self, bureau: Body, code: str, name: str, private_key: Ed25519PrivateKey
    ) -> Body:
        head = bureau.responsible
        id_ = self._registered(head, head, "entrusted", code, name)
        area = {
            "divisions": [code],
            "valid_from": self._today.isoformat(),
            "valid_to": (self._today + _TWO_YEARS).isoformat(),
            "qualification": [{"title": "社会服务机构登记证书(演示)", "sha256": _PAPER}],
        }
        form = EntrustmentForm.model_validate(area)
        organizations.entrust(self._office, head, id_, form)
        body = self._recording(head, id_, name, code, bureau.reviewer)
        public = private_key.public_key().public_bytes_raw().hex()
        said = KeyForm.model_validate({"public_key": public, "label": "志愿者管理系统"})
        key = staffing.add_key(self._office, body.responsible, id_, said).value
        return Body(
            id_,
            name,
            code,
            body.responsible,
            body.recorder,
            body.reviewer,
            body.above,
            key,
            private_key,
        )

    def _recording(
        self, by: Caller, id_: UUID, name: str, division: str, above: Caller | None
    ) -> Body:
        responsible = self._person(by, id_, "负责人", "responsible", "handler")
        recorder = self._person(responsible, id_, "记录人", "recorder", "handler")
        reviewer = self._person(responsible, id_, "审核人", "reviewer")
        return Body(id_, name, division, responsible, recorder, reviewer, above)

    def _registered(
        self, by: Caller, authorized_by: Caller, kind: str, division: str, name: str
    ) -> UUID:
        number, self._number = self._number, self._number + 1
        said: dict[str, Any] = {
            "kind": kind,
            "division": division,
            "parent": str(by.organization),
            "name": name,
            "credit_code": credit_code(division[:6], number),
        }
        if kind.endswith("bureau"):
            said |= {"form": "legal_person", "category": "government"}
            said |= {"authority": "civil_affairs"}
        else:
            said |= {"form": "volunteer_organization", "category": "social_association"}
        form = OrganizationForm.model_validate(said)
        id_ = organizations.register(self._office, by, form).value
        decision = AuthorizationForm.model_validate({"reason": "演示授权"})
        organizations.change_standing(self._office, authorized_by, id_, decision)
        return id_

    def _person(self, by: Caller, organization: UUID, name: str, *roles: str) -> Caller:
        said = {"roles": roles, "name": f"{name}示例", "from_day": self._today.isoformat()}
        form = AppointmentForm.model_validate(said)
        person = staffing.appoint(self._office, by, organization, form).value
        return as_staff(person, organization)

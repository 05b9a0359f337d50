"""A ledger as a town has it: bureaus, stations, an organization with a key, people, volunteers.

Everything is created through the use cases, today: the service that is measured takes the
time from its own clock.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

from benchmarks.databases import Database
from benchmarks.events import ORIGIN
from ledger.application import activities, organizations, staffing
from ledger.application.callers import Caller, as_staff
from ledger.application.desk import Intent
from ledger.application.docket import Docket
from ledger.application.forms.activity import ActivityForm
from ledger.application.forms.organization import AuthorizationForm, EntrustmentForm
from ledger.application.forms.staff import AppointmentForm, KeyForm
from ledger.application.forms.volunteer import RegistrationForm
from ledger.application.founding import FoundingForm, found
from ledger.application.office import Office
from ledger.application.registering import REGISTER, register_in
from ledger.domain.civil_time import civil_date
from ledger.domain.refusal import Refused
from ledger.settings import Settings
from ledger.wiring.creating import create_ledger
from ledger.wiring.office import OpenOffice, open_office
from ledger.wiring.parts import Wiring, open_ledger
from tests.application.town import (
    COMMUNITY,
    DISTRICT,
    STREET,
    public_key,
    registration,
    said,
    said_of_bureau,
)

KEY_NAME = "bench"
STATIONS = 4
SPAN = timedelta(days=30)
"""An activity began so long ago, and ends so late."""
REGISTERED_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Recording:
    """An organization that records, and who does it."""

    organization: UUID
    recorder: Caller
    reviewer: Caller


@dataclass(frozen=True, slots=True)
class Town:
    """A ledger with its organizations; nobody holds it open.

    ``activities`` are the entrusted organization's, whose ``key`` signs.
    """

    settings: Settings
    today: date
    stations: Sequence[Recording]
    entrusted: Recording
    key: UUID
    activities: Sequence[UUID]
    volunteers: Sequence[UUID]

    def environment(self) -> dict[str, str]:
        """Return what tells the command where this ledger is."""
        where = {"LEDGER_DATA_DIR": str(self.settings.data_dir)}
        if self.settings.database_url is not None:
            where["LEDGER_DATABASE_URL"] = self.settings.database_url
        return where

    @contextmanager
    def open(self) -> Iterator[tuple[Wiring, OpenOffice]]:
        """Yield the ledger's parts and its use cases, with nothing remembered yet."""
        with _opened(open_ledger(self.settings)) as parts:
            yield parts


@contextmanager
def new_town(
    database: Database, *, volunteers: int = 0, activities: int = 1, head_count: int = 1
) -> Iterator[Town]:
    """Yield a town in which nothing is served yet, and remove it afterwards."""
    with database.place() as folder, database.url(folder, "log") as url:
        settings = _settings(folder / "var", None if database.cluster is None else url)
        ledger = create_ledger(settings, origin=ORIGIN, mldsa=False)
        with _opened(ledger) as (_, opened):
            opened.views.projector.start()
            builder = _Builder(opened.office)
            builder.build()
            for _ in range(activities):
                builder.add_activity(head_count)
            builder.add_volunteers(volunteers)
            ledger.publisher.publish()
            opened.views.projector.catch_up()
        yield builder.town(settings)


@contextmanager
def _opened(ledger: Wiring) -> Iterator[tuple[Wiring, OpenOffice]]:
    opened = open_office(ledger)
    try:
        yield ledger, opened
    finally:
        opened.close()
        ledger.close()


def _settings(data_dir: Path, url: str | None) -> Settings:
    return Settings(data_dir=data_dir, database_url=url, _env_file=None)  # type: ignore[call-arg]


class _Builder:
    """Builds a town, each thing by who may."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._numbers = count(1)
        self._today = civil_date(office.desk.now())
        self._activities: list[UUID] = []
        self._volunteers: list[UUID] = []

    def build(self) -> None:
        """Create the organizations and appoint their people."""
        city = self._found()
        district = self._organization(city, "district_bureau", DISTRICT, city)
        head = self._person(city, district, "responsible", "supervisor")
        association = self._organization(head, "association", STREET, head)
        above = self._person(head, association, "responsible", "handler")
        self._stations = [
            self._recording(above, "station", COMMUNITY, head) for _ in range(STATIONS)
        ]
        self._entrusted = self._recording(head, "entrusted", DISTRICT, head)
        self._key = self._entrust(head, self._entrusted.organization)

    def town(self, settings: Settings) -> Town:
        """Return what was built."""
        return Town(
            settings,
            self._today,
            self._stations,
            self._entrusted,
            self._key,
            self._activities,
            self._volunteers,
        )

    def add_activity(self, head_count: int) -> None:
        """Register an activity of the entrusted organization."""
        body = {
            "name": "重阳助老",
            "starts_on": (self._today - SPAN).isoformat(),
            "ends_on": (self._today + SPAN).isoformat(),
            "place": "东华门街道文化站",
            "admission_mode": "public",
            "coordinates": {
                "longitude_microdegrees": 116_407_413,
                "latitude_microdegrees": 39_904_179,
                "datum": "gcj02",
            },
            "division": COMMUNITY,
            "service_objects": ["elderly"],
            "categories": ["community"],
            "content": "陪伴老人,打扫居室。",
            "person_in_charge_name": "张𠮷",
            "head_count": head_count,
            "declared": True,
        }
        form = ActivityForm.model_validate(body)
        done = activities.register(self._office, self._entrusted.recorder, form)
        self._activities.append(done.value)

    def add_volunteers(self, number: int) -> None:
        """Register volunteers of the entrusted organization, many as one act."""
        office, caller = self._office, self._entrusted.recorder
        for start in range(0, number, REGISTERED_AT_ONCE):
            some = range(start, min(number, start + REGISTERED_AT_ONCE))
            forms = {office.desk.random_uuid(): _volunteer(each) for each in some}

            def decide(
                docket: Docket, forms: dict[UUID, RegistrationForm] = forms
            ) -> Refused | None:
                for id_, form in forms.items():
                    outcome = register_in(docket, office, caller, form, id_)
                    if isinstance(outcome, Refused):
                        return outcome
                return None

            office.desk.perform(caller, Intent(act=REGISTER), decide)
            self._volunteers += forms

    def _found(self) -> Caller:
        body = said_of_bureau("北京市民政局", next(self._numbers))
        person = {"person_name": "赵示例", "from_day": self._today.isoformat()}
        founded = found(self._office, FoundingForm.model_validate(body | person)).value
        return as_staff(founded.person, founded.city_bureau)

    def _recording(
        self, by: Caller, kind: str, division: str, authorized_by: Caller
    ) -> Recording:
        organization = self._organization(by, kind, division, authorized_by)
        head = self._person(by, organization, "responsible", "handler")
        self._person(head, organization, "handler")
        return Recording(
            organization,
            self._person(head, organization, "recorder"),
            self._person(head, organization, "reviewer"),
        )

    def _organization(
        self, by: Caller, kind: str, division: str, authorized_by: Caller
    ) -> UUID:
        if by.organization is None:
            raise ValueError("who registers an organization acts for one")
        number = next(self._numbers)
        describe = said_of_bureau if kind == "district_bureau" else said
        form = registration(kind, division, by.organization, describe(f"机构{number}", number))
        organization = organizations.register(self._office, by, form).value
        decision = AuthorizationForm.model_validate({"reason": "民社〔2026〕11号"})
        organizations.change_standing(self._office, authorized_by, organization, decision)
        return organization

    def _person(self, by: Caller, organization: UUID, *roles: str) -> Caller:
        body = {"roles": roles, "from_day": self._today.isoformat(), "name": "钱示例"}
        form = AppointmentForm.model_validate(body)
        person = staffing.appoint(self._office, by, organization, form).value
        return as_staff(person, organization)

    def _entrust(self, head: Caller, organization: UUID) -> UUID:
        area = {
            "divisions": [STREET],
            "valid_from": self._today.isoformat(),
            "valid_to": (self._today + timedelta(days=365)).isoformat(),
            "qualification": [{"title": "社会服务机构登记证书", "sha256": "cd" * 32}],
        }
        form = EntrustmentForm.model_validate(area)
        organizations.entrust(self._office, head, organization, form)
        by = self._person(head, organization, "responsible", "handler")
        key = {"public_key": public_key(KEY_NAME), "label": "志愿者管理系统"}
        added = staffing.add_key(self._office, by, organization, KeyForm.model_validate(key))
        return added.value


def _volunteer(number: int) -> RegistrationForm:
    particulars = {
        "name": "王示例",
        "sex": "2",
        "birth_date": "1980-01-01",
        "id_type": "passport",
        "id_number": f"E{number:08}",
        "residence_area": COMMUNITY,
        "contact": f"138{number:08}",
        "skills": ["first_aid"],
        "service_categories": ["community"],
    }
    consent = {"purpose": "entry_by_organization", "evidence": "cd" * 32}
    body = {"particulars": particulars, "policy": "ab" * 32, "consents": [consent]}
    return RegistrationForm.model_validate(body)

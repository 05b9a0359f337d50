"""A demonstration as a whole: founded half a year ago, and lived through until now."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.application.accepting import Acceptances
from ledger.application.callers import Caller, as_staff
from ledger.application.demo.activities import Activities
from ledger.application.demo.agenda import Agenda, Chance, DemoClock
from ledger.application.demo.bodies import Bodies, Body, District
from ledger.application.demo.entries import Entries
from ledger.application.demo.frauds import Frauds, Planted
from ledger.application.demo.frauds_by_rule import FraudsByRule
from ledger.application.demo.people import credit_code, registration
from ledger.application.demo.station_files import StationFiles
from ledger.application.evidence_reading import EvidenceReading
from ledger.application.founding import (
    FirstSignIn,
    FoundingForm,
    found_by_token,
    invite_first,
)
from ledger.application.importing.scanning import ScanAttaching
from ledger.application.inviting import Invitations, Invitee
from ledger.application.office import Office
from ledger.application.opening import AccessParts
from ledger.application.sign_in_codes import SignInCodes
from ledger.application.signing_on_the_spot import OnTheSpot
from ledger.application.states import ORGANIZATION
from ledger.certificates.signatures import Issuer
from ledger.domain.civil_time import civil_date
from ledger.domain.codes import Carrier
from ledger.domain.divisions import DISTRICTS
from ledger.domain.rules import INITIAL_CALENDAR

SPAN_DAYS = 150
"""So long ago the demonstration began."""
VOLUNTEERS_OF_A_BODY = 14
ACTIVITIES_OF_A_BODY = 5
PUPILS = 12
SOLD = 48
"""Five hours for each are more than one person enters in an hour: they are held."""
AHEAD_DAYS = 8
"""Days at the beginning without an activity: they are planned ahead."""
LATEST_DAYS = 7
"""The last activities lie in so many days before now: their records are on their way."""
_HERE = "127.0.0.1"
_FIRST_SIGN_IN = "zhao.city"


@dataclass(frozen=True, slots=True)
class Scale:
    """How much there is in it: districts, and activities of each recording organization."""

    districts: int = len(DISTRICTS)
    activities: int = ACTIVITIES_OF_A_BODY
    volunteers: int = VOLUNTEERS_OF_A_BODY


SMALL = Scale(districts=1, activities=2, volunteers=6)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in: what she is, and her sign-in name."""

    role: str
    sign_in: str
    organization: str


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What is told of a demonstration; ``password`` is that of every account.

    ``recording`` are the organizations that record, and can issue certificates.
    """

    accounts: tuple[Account, ...]
    planted: tuple[Planted, ...]
    recording: tuple[Issuer, ...]
    organizations: int
    volunteers: int
    activities: int
    password: str = field(repr=False)


class Builder:
    """Builds one demonstration in a ledger that is empty."""

    def __init__(
        self,
        office: Office,
        parts: AccessParts,
        entries: Entries,
        papers: tuple[ScanAttaching, EvidenceReading],
        clock: DemoClock,
        chance: Chance,
    ) -> None:
        """``papers`` attaches scans to what was imported, and shows them."""
        self._office = office
        self._parts = parts
        self._papers = papers
        self._said: dict[UUID, Mapping[str, Any]] = {}
        self._clock = clock
        self._chance = chance
        self._entries = entries
        codes = SignInCodes(office.index_key, origin=office.origin)
        self._spot = OnTheSpot(office, codes, parts.throttles)
        self._invitations = Invitations(parts, origin=office.origin)
        self._acceptances = Acceptances(parts)
        self._password = parts.random_bytes(8).hex()
        self._accounts: list[Account] = []
        self._people = 0

    def build(
        self, end: datetime, scale: Scale, told: Callable[[int, int], None] | None = None
    ) -> Demonstration:
        """Found the ledger and live through its months up to an instant.

        ``told`` hears how far it is.

        Raises:
            As `Desk.perform`.
        """
        today, until = civil_date(self._clock.moment), civil_date(end)
        city = self._found(today)
        bodies = Bodies(self._office, city, today)
        districts = [
            bodies.district(code, [self._key() for _ in range(2)])
            for code in list(DISTRICTS)[: scale.districts]
        ]
        volunteers = {
            body.id: self._volunteers(district, body, scale.volunteers)
            for district in districts
            for body in district.recording
        }
        self._let_in(city, districts[0], volunteers)
        agenda = Agenda(self._clock, end)
        activities = Activities(self._office, self._entries, agenda, self._spot)
        frauds = Frauds(activities, agenda)
        files = StationFiles(self._office, activities, agenda, *self._papers, self._said)
        self._bring_files(districts, volunteers, files, until)
        self._plan(districts, volunteers, activities, (today, until, scale.activities))
        self._plant(districts, volunteers, frauds, until)
        by_rule = FraudsByRule(activities, agenda, frauds)
        self._plant_by_rule(districts, volunteers, by_rule, until)
        agenda.run(told)
        recording = [body for district in districts for body in district.recording]
        return Demonstration(
            accounts=tuple(self._accounts),
            planted=tuple(frauds.planted),
            recording=tuple(self._issuer(body) for body in recording),
            organizations=1 + sum(1 + len(d.associations) for d in districts) + len(recording),
            volunteers=self._people,
            activities=activities.held,
            password=self._password,
        )

    def _issuer(self, body: Body) -> Issuer:
        state = self._office.states.get(ORGANIZATION, body.id).state
        return Issuer(
            body.id, body.name, None if state is None else state.particulars.credit_code
        )

    def _found(self, today: date) -> Caller:
        token = invite_first(self._parts, self._office.origin).value.token
        form = FoundingForm.model_validate(
            {
                "name": "北京市民政局(演示)",
                "credit_code": credit_code("110101", 999_999),
                "form": "legal_person",
                "category": "government",
                "authority": "civil_affairs",
                "person_name": "赵示例",
                "from_day": today.isoformat(),
            }
        )
        first = FirstSignIn(token, _FIRST_SIGN_IN, self._password, _HERE)
        founded = found_by_token(self._office, self._parts, form, first).value
        self._accounts.append(Account("city_bureau", _FIRST_SIGN_IN, "北京市民政局(演示)"))
        return as_staff(founded.person, founded.city_bureau)

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._parts.random_bytes(32))

    def _volunteers(self, district: District, body: Body, number: int) -> list[UUID]:
        if body.recorder is None or body.reviewer is None:
            return []
        street = district.associations[0].division
        people = [
            registration(district.code, street, self._people + each) for each in range(number)
        ]
        self._people += number
        registered = self._entries.register(body.recorder, people)
        self._entries.confirm_identities(body.reviewer, registered[: number // 2])
        for volunteer, said in zip(registered, people, strict=True):
            self._said[volunteer] = said["particulars"]
        return registered

    def _let_in(
        self, city: Caller, district: District, volunteers: dict[UUID, list[UUID]]
    ) -> None:
        """Let one person of each kind sign in, all of one district."""
        station, bureau = district.stations[0], district.bureau
        above = district.associations[0]
        named = (
            ("recorder", "clerk.station", station, station.recorder, station.responsible),
            ("reviewer", "reviewer.station", station, station.reviewer, station.responsible),
            ("responsible", "head.station", station, station.responsible, above.responsible),
            ("reviewer", "reviewer.association", above, above.reviewer, above.responsible),
            ("supervisor", "auditor.district", bureau, bureau.responsible, city),
        )
        for role, sign_in, body, caller, by in named:
            if caller is not None:
                invitee = Invitee(staff=caller.actor.id, appointed_by=body.id)
                self._open(by, invitee, Account(role, sign_in, body.name))
        volunteer = Invitee(volunteer=volunteers[station.id][0])
        if station.reviewer is not None:
            account = Account("volunteer", "volunteer.one", station.name)
            self._open(station.reviewer, volunteer, account)

    def _open(self, by: Caller, invitee: Invitee, account: Account) -> None:
        token = self._invitations.invite(by, invitee).value.token
        self._acceptances.accept(token, account.sign_in, self._password, _HERE)
        self._accounts.append(account)

    def _plan(
        self,
        districts: Sequence[District],
        volunteers: Mapping[UUID, Sequence[UUID]],
        activities: Activities,
        span: tuple[date, date, int],
    ) -> None:
        """Spread the activities of each organization over the time, none on the same day."""
        first, last, number = span
        step = ((last - first).days - AHEAD_DAYS - LATEST_DAYS) / (number - 1)
        place = 0
        for district in districts:
            for body in district.recording:
                for each in range(number):
                    day = first + timedelta(
                        days=AHEAD_DAYS + int(each * step) + place % LATEST_DAYS
                    )
                    some = volunteers[body.id]
                    activities.plan(body, day, some[: len(some) - each % 3], place)
                    place += 1

    def _bring_files(
        self,
        districts: Sequence[District],
        volunteers: Mapping[UUID, Sequence[UUID]],
        files: StationFiles,
        until: date,
    ) -> None:
        """Let a station of each district bring in a file, and another one what was on paper."""
        for number, district in enumerate(districts):
            first, second = district.stations[0], district.stations[-1]
            day = _working_day_before(until, 60 + number)
            files.plan(first, day, volunteers[first.id], Carrier.ELECTRONIC)
            day = _working_day_before(until, 50 + number)
            files.plan(second, day, volunteers[second.id], Carrier.PAPER)

    def _plant_by_rule(
        self,
        districts: Sequence[District],
        volunteers: Mapping[UUID, Sequence[UUID]],
        frauds: FraudsByRule,
        until: date,
    ) -> None:
        recording = [body for district in districts for body in district.recording]
        body = (recording * 3)[-3:]
        frauds.photographed_and_gone(
            body[0], _working_day_before(until, 26), volunteers[body[0].id]
        )
        frauds.signed_too_often(
            body[1], _working_day_before(until, 24), volunteers[body[1].id][:3]
        )
        frauds.without_a_rest(body[2], until - timedelta(days=22), volunteers[body[2].id][:2])

    def _plant(
        self,
        districts: Sequence[District],
        volunteers: Mapping[UUID, Sequence[UUID]],
        frauds: Frauds,
        until: date,
    ) -> None:
        """Plant each fraud in another organization, as far as there are any."""
        recording = [body for district in districts for body in district.recording]
        everybody = [each for body in recording for each in volunteers[body.id]]
        body = (recording * 6)[:6]
        before = partial(_working_day_before, until)
        frauds.sold_hours(body[5], before(40), everybody[:SOLD])
        frauds.virtual_activity(body[1], date(until.year, 9, 30), volunteers[body[1].id][:3])
        frauds.back_entries(body[2], before(100), volunteers[body[2].id])
        frauds.duties_as_service(body[3], before(20), volunteers[body[3].id][:4])
        pupils = range(self._people, self._people + PUPILS)
        self._people += PUPILS
        street = districts[0].associations[0].division
        frauds.pupils_with_forty_hours(body[4], street, before(35), pupils)


def _working_day_before(until: date, days: int) -> date:
    day = until - timedelta(days=days)
    while not INITIAL_CALENDAR.is_working(day):
        day -= timedelta(days=1)
    return day

"""A sandbox: a small ledger with everybody in it, founded through the real use cases.

For organizations that write a system of their own. It is a ledger like any other, under an
origin and keys of its own, so that neither takes what was signed for the other. Nobody in it
has ever lived, and its rules wait for nothing: neither publicity nor a reply.

    city bureau                  responsible
    └─ district bureau           responsible, reviewer
       ├─ association            responsible, reviewer
       │  └─ station             responsible, recorder, reviewer
       └─ entrusted organization responsible, recorder, reviewer, and a key
          volunteers             three, who sign in as well
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.application import activities, organizations, staffing, volunteers
from ledger.application.accepting import Acceptances
from ledger.application.callers import Caller, as_staff
from ledger.application.desk import Done
from ledger.application.forms.activity import ActivityForm
from ledger.application.forms.organization import (
    AuthorizationForm,
    EntrustmentForm,
    OrganizationForm,
)
from ledger.application.forms.staff import AppointmentForm, KeyForm
from ledger.application.forms.volunteer import ConfirmationForm
from ledger.application.forms.volunteer import RegistrationForm as VolunteerForm
from ledger.application.founding import (
    Beginning,
    FirstSignIn,
    FoundingForm,
    found_by_token,
    invite_first,
)
from ledger.application.inviting import Invitations, Invitee
from ledger.application.office import Office
from ledger.application.opening import AccessParts
from ledger.application.registering import register
from ledger.application.sandbox_town import (
    ACTIVITY,
    BODIES,
    CITY,
    DISTRICT,
    FIRST,
    VOLUNTEERS,
    BodyPlan,
    PersonPlan,
)
from ledger.domain.civil_time import civil_date
from ledger.domain.rules import INITIAL_BOOK, INITIAL_RULES, RuleBook

_RULES = replace(INITIAL_RULES, publicity_working_days=0, amendment_reply_working_days=0)
BEGINNING = Beginning(
    book=RuleBook((_RULES,), INITIAL_BOOK.calendar),
    reason="沙箱试用规则:不等待公示,也不等待志愿者答复。",
    basis="仅供接口试用,不作为任何记录的依据。",
)
_PAPER = "cd" * 32
_HERE = "127.0.0.1"
_ENTRUSTED = "entrusted"
_YEAR = timedelta(days=365)
_MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a sandbox: her role, or place among the volunteers, and her sign-in name."""

    role: str
    id: UUID
    sign_in: str


@dataclass(frozen=True, slots=True)
class Body:
    """An organization of a sandbox with its people."""

    place: str
    id: UUID
    name: str
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """What is told of a sandbox, once; ``password`` is everybody's.

    ``private_key`` signs for the entrusted organization, whose ``activity`` takes place on
    ``day`` among others, which is over.
    """

    bodies: tuple[Body, ...]
    volunteers: tuple[Person, ...]
    activity: UUID
    day: date
    key: UUID
    private_key: bytes = field(repr=False)
    password: str = field(repr=False)


def build(office: Office, parts: AccessParts) -> Sandbox:
    """Found a ledger that is empty, as a sandbox.

    Raises:
        As `Desk.perform`: it is not empty.
    """
    founder = _Founder(office, parts)
    bodies = [founder.found()]
    bodies += (founder.body(plan) for plan in BODIES)
    private_key = Ed25519PrivateKey.from_private_bytes(parts.random_bytes(32))
    return Sandbox(
        bodies=tuple(bodies),
        volunteers=tuple(founder.volunteer(plan) for plan in VOLUNTEERS),
        activity=founder.activity(),
        day=founder.today - timedelta(days=1),
        key=founder.key(private_key),
        private_key=private_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        password=founder.password,
    )


class _Founder:
    """Does what many would do: each act by somebody who may."""

    def __init__(self, office: Office, parts: AccessParts) -> None:
        self._office = office
        self._parts = parts
        self._acceptances = Acceptances(parts)
        self._invitations = Invitations(parts, origin=office.origin)
        self._callers: dict[tuple[str, str], Caller] = {}
        self.password = parts.random_bytes(10).hex()
        self.today = civil_date(office.desk.now())

    def found(self) -> Body:
        """Begin the ledger with its city bureau and the first person."""
        token = invite_first(self._parts, self._office.origin).value.token
        body = CITY.particulars() | {
            "person_name": FIRST.name,
            "from_day": self.today.isoformat(),
        }
        founded = found_by_token(
            self._office,
            self._parts,
            FoundingForm.model_validate(body),
            FirstSignIn(token, FIRST.sign_in, self.password, _HERE),
            beginning=BEGINNING,
        ).value
        self._callers[CITY.place, FIRST.role] = as_staff(founded.person, founded.city_bureau)
        first = Person(FIRST.role, founded.person, FIRST.sign_in)
        return Body(CITY.place, founded.city_bureau, CITY.name, (first,))

    def body(self, plan: BodyPlan) -> Body:
        """Register an organization, put it in force, and let its people sign in."""
        bureau = self._bureau_of(plan)
        registration = OrganizationForm.model_validate(
            {
                "kind": plan.kind,
                "division": plan.division,
                "parent": str(self._organization(plan.above)),
                **plan.particulars(),
            }
        )
        id_ = organizations.register(self._office, bureau, registration).value
        decision = AuthorizationForm.model_validate({"reason": "沙箱启用。"})
        organizations.change_standing(self._office, bureau, id_, decision)
        people = tuple(self._person(bureau, plan.place, id_, each) for each in plan.people)
        if plan.place == _ENTRUSTED:
            self._entrust(bureau, id_)
        return Body(plan.place, id_, plan.name, people)

    def volunteer(self, plan: PersonPlan) -> Person:
        """Register a volunteer, confirm who she is, and let her sign in."""
        recorder, reviewer = self._of_entrusted("recorder"), self._of_entrusted("reviewer")
        consent = {"purpose": "entry_by_organization", "evidence": _PAPER}
        form = VolunteerForm.model_validate(
            {"particulars": plan.particulars, "policy": "ab" * 32, "consents": [consent]}
        )
        registered = self._settled(register(self._office, recorder, form))
        confirmation = ConfirmationForm.model_validate({"method": "document_seen"})
        volunteers.confirm(self._office, reviewer, registered, confirmation)
        self._let_in(reviewer, Invitee(volunteer=registered), plan.sign_in)
        return Person(plan.role, registered, plan.sign_in)

    def activity(self) -> UUID:
        """Register an activity that has begun and goes on for months."""
        days = {
            "starts_on": (self.today - _MONTH).isoformat(),
            "ends_on": (self.today + _YEAR - 2 * _MONTH).isoformat(),
        }
        form = ActivityForm.model_validate({**ACTIVITY, **days})
        done = activities.register(self._office, self._of_entrusted("recorder"), form)
        return self._settled(done)

    def key(self, private_key: Ed25519PrivateKey) -> UUID:
        """Let a key sign for the entrusted organization."""
        responsible = self._of_entrusted("responsible")
        public = private_key.public_key().public_bytes_raw().hex()
        form = KeyForm.model_validate({"public_key": public, "label": "沙箱接口密钥"})
        organization = self._organization(_ENTRUSTED)
        done = staffing.add_key(self._office, responsible, organization, form)
        return self._settled(done)

    def _person(
        self, bureau: Caller, place: str, organization: UUID, plan: PersonPlan
    ) -> Person:
        said: dict[str, Any] = {"roles": plan.roles, "name": plan.name}
        form = AppointmentForm.model_validate(said | {"from_day": self.today.isoformat()})
        person = staffing.appoint(self._office, bureau, organization, form).value
        invitee = Invitee(staff=person, appointed_by=organization)
        self._let_in(bureau, invitee, plan.sign_in)
        self._callers[place, plan.role] = as_staff(person, organization)
        return Person(plan.role, person, plan.sign_in)

    def _let_in(self, by: Caller, invitee: Invitee, name: str) -> None:
        token = self._invitations.invite(by, invitee).value.token
        self._acceptances.accept(token, name, self.password, _HERE)

    def _entrust(self, bureau: Caller, organization: UUID) -> None:
        form = EntrustmentForm.model_validate(
            {
                "divisions": [DISTRICT],
                "valid_from": self.today.isoformat(),
                "valid_to": (self.today + _YEAR).isoformat(),
                "qualification": [{"title": "沙箱资质证明", "sha256": _PAPER}],
            }
        )
        organizations.entrust(self._office, bureau, organization, form)

    def _bureau_of(self, plan: BodyPlan) -> Caller:
        """Return who registers and authorizes: the district bureau, for itself the city's."""
        place = CITY.place if plan.above == CITY.place else "district"
        return self._callers[place, FIRST.role]

    def _of_entrusted(self, role: str) -> Caller:
        return self._callers[_ENTRUSTED, role]

    def _organization(self, place: str) -> UUID:
        found = self._callers[place, FIRST.role].organization
        if found is None:
            raise LookupError("a person of an organization is wanted")
        return found

    def _settled(self, done: Done[UUID]) -> UUID:
        """Return what was done, once it can be read."""
        appended = done.appended
        self._office.views.wait_until(appended.first_seq + appended.count - 1)
        return done.value


def shell_names(sandbox: Sandbox) -> Mapping[str, str]:
    """Return what of a sandbox is no secret, each under the name that a shell gives it."""
    names: dict[str, str] = {}
    for body in sandbox.bodies:
        names[body.place.upper()] = str(body.id)
        for person in body.people:
            name = f"{body.place}_{person.role}".upper()
            names |= {name: person.sign_in, f"{name}_ID": str(person.id)}
    for person in sandbox.volunteers:
        name = person.role.upper()
        names |= {name: person.sign_in, f"{name}_ID": str(person.id)}
    return names

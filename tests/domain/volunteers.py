"""A volunteer, the station that looks after her, and the forms that they fill in."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from ledger.domain.codes import GuardianRelation, IdType, ServiceCategory, Sex, Skill
from ledger.domain.event import ERASED, Actor, ActorKind
from ledger.domain.organization import Organization
from ledger.domain.organization.events import StaffAppointed
from ledger.domain.organization.kinds import Role
from ledger.domain.refusal import Refusal, Refused
from ledger.domain.rules import INITIAL_RULES, RuleSet
from ledger.domain.volunteer import (
    Consenter,
    GiveConsent,
    Guardian,
    NameGuardian,
    Particulars,
    Purpose,
    RegisterVolunteer,
    Surroundings,
    decide,
    evolve,
)
from ledger.domain.volunteer.events import VolunteerEvent, VolunteerRegistered
from ledger.domain.volunteer.registering import as_facts
from tests.domain.organizations import organization
from tests.domain.samples_organization import AUTHORIZED, STATION_REGISTERED
from tests.domain.samples_volunteer import EVIDENCE, IDENTITY, POLICY, REGISTERED, VOLUNTEER
from tests.domain.specification import CLERK, Specification

REVIEWER = Actor(ActorKind.STAFF, UUID(int=0xC1E5))
SHE = Actor(ActorKind.VOLUNTEER, VOLUNTEER)
TODAY = date(2026, 11, 24)
A_CHILD = date(2014, 3, 1)
A_YOUTH = date(2010, 3, 1)


def appointed(person: Actor, *roles: Role) -> StaffAppointed:
    return StaffAppointed(
        person=person.id,
        roles=roles,
        from_day=date(2026, 1, 1),
        name="李𠮷",
        telephone=None,
        on_behalf_of=None,
    )


THE_STATION: Organization = organization(
    STATION_REGISTERED,
    AUTHORIZED,
    appointed(CLERK, Role.RECORDER),
    appointed(REVIEWER, Role.REVIEWER),
)

PARTICULARS = Particulars(
    name="王𠮷祥",
    sex=Sex.FEMALE,
    birth_date=date(1800, 1, 1),
    id_type=IdType.RESIDENT_ID,
    id_number="110105180001010029",
    residence_area="110101001001",
    contact="13800000001",
    skills=(Skill.FIRST_AID, Skill.DRIVING),
    service_categories=(ServiceCategory.COMMUNITY,),
)
GUARDIAN = NameGuardian(
    guardian=Guardian(name="王㐂", relation=GuardianRelation.MOTHER, contact="13800000003")
)


def consent(purpose: Purpose, number: int = 0xC01, **other: Any) -> GiveConsent:
    """Return a consent on a signed form."""
    values = {"evidence": EVIDENCE, "policy": POLICY} | other
    return GiveConsent(consent=UUID(int=number), purpose=purpose, **values)


TO_ENTRY = consent(Purpose.ENTRY_BY_ORGANIZATION)
BY_GUARDIAN = consent(Purpose.SERVICE_OF_MINOR, 0xC05, given_by=Consenter.GUARDIAN)
ENTRY_BY_GUARDIAN = replace(TO_ENTRY, given_by=Consenter.GUARDIAN)


def born(day: date) -> Particulars:
    """Return the particulars of somebody born on a day, whose document does not tell it."""
    return replace(PARTICULARS, birth_date=day, id_type=IdType.PASSPORT, id_number="E00000000")


def registration(
    particulars: Particulars = PARTICULARS, *consents: GiveConsent, **other: Any
) -> RegisterVolunteer:
    """Return the form with which somebody is registered."""
    values: dict[str, Any] = {"volunteer": VOLUNTEER, "identity": IDENTITY, "policy": POLICY}
    values |= other
    return RegisterVolunteer(particulars=particulars, consents=consents, **values)


def registered(particulars: Particulars) -> VolunteerRegistered:
    """Return the registration of somebody with these particulars."""
    return replace(REGISTERED, **as_facts(particulars))


def alone(rules: RuleSet = INITIAL_RULES) -> Specification:
    """Return a specification in which somebody acts for nobody else."""
    return Specification(decide, evolve, Surroundings(rules=rules))


def at_station(
    station: Organization = THE_STATION, rules: RuleSet = INITIAL_RULES
) -> Specification:
    """Return a specification in which somebody acts for the station."""
    return Specification(decide, evolve, Surroundings(rules=rules, acting=station))


def erased(event: VolunteerEvent, *names: str) -> Any:
    """Return an event whose personal facts are gone."""
    values: dict[str, Any] = dict.fromkeys(names, ERASED)
    return replace(event, **values)


def reasons(given: Specification) -> tuple[Refusal, ...]:
    """Return the reasons of a refusal."""
    answer = given._answer
    assert isinstance(answer, Refused)
    return answer.reasons

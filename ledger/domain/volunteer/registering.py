"""Registering: by the person herself, or by an organization with her consent.

Order 67, Art. 6. What she must consent to, and the guardian who consents for a minor, come
with the registration and are recorded with it; without them nothing is.
"""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from ledger.domain.civil_time import civil_date
from ledger.domain.event import Act
from ledger.domain.refusal import Refusal, Refused, gathered, refuse
from ledger.domain.volunteer.acting import (
    Surroundings,
    check_registrar,
    is_herself,
)
from ledger.domain.volunteer.checking import (
    Consenting,
    check_consent,
    check_digest,
    check_extras,
    check_guardian,
    check_particulars,
)
from ledger.domain.volunteer.commands import GiveConsent, NameGuardian, RegisterVolunteer
from ledger.domain.volunteer.consent import Consenter, Purpose
from ledger.domain.volunteer.events import (
    ConsentGiven,
    GuardianNamed,
    VolunteerEvent,
    VolunteerRegistered,
)
from ledger.domain.volunteer.particulars import Particulars
from ledger.domain.volunteer.state import Volunteer, age_on, too_young, unconsented


def register(
    state: Volunteer | None, command: RegisterVolunteer, act: Act, around: Surroundings
) -> tuple[VolunteerEvent, ...] | Refused:
    """Return the registration, her guardian and her consents, or why nothing is recorded."""
    if state is not None:
        return refuse("volunteer_is_registered", "volunteer")
    today = civil_date(act.now)
    facts = {fact for each in command.consents for fact in each.facts}
    refused = gathered(
        check_registrar(act, command.volunteer, around.acting),
        check_extras(command.extras),
        check_particulars(command.particulars, around.rules, today, facts),
        check_digest(command.policy, "policy"),
        _check_guardian(command, around, today),
        _check_consents(command, act, around, today),
    )
    if refused is not None:
        return refused
    registered = VolunteerRegistered(
        volunteer=command.volunteer,
        identity=command.identity,
        policy=command.policy,
        on_behalf_of=around.on_behalf_of,
        **as_facts(command.particulars),
    )
    guardian = command.guardian
    return (
        registered,
        *([] if guardian is None else [guardian_named(command.volunteer, guardian, around)]),
        *(consent_given(command.volunteer, each, today, around) for each in command.consents),
    )


def as_facts(particulars: Particulars) -> dict[str, Any]:
    """Return particulars as the facts of an event, by name."""
    return {each.name: getattr(particulars, each.name) for each in fields(particulars)}


def guardian_named(
    volunteer: UUID, command: NameGuardian, around: Surroundings
) -> GuardianNamed:
    """Return the event of a guardian who may be named."""
    return GuardianNamed(
        volunteer=volunteer,
        name=command.guardian.name,
        relation=command.guardian.relation,
        contact=command.guardian.contact,
        evidence=command.evidence,
        on_behalf_of=around.on_behalf_of,
    )


def consent_given(
    volunteer: UUID, command: GiveConsent, today: date, around: Surroundings
) -> ConsentGiven:
    """Return the event of a consent that may be given."""
    return ConsentGiven(
        volunteer=volunteer,
        consent=command.consent,
        purpose=command.purpose,
        facts=command.facts,
        recipients=command.recipients,
        policy=command.policy,
        given_by=command.given_by,
        given_on=today if command.given_on is None else command.given_on,
        evidence=command.evidence,
        on_behalf_of=around.on_behalf_of,
    )


def _check_guardian(
    command: RegisterVolunteer, around: Surroundings, today: date
) -> Iterator[Refusal]:
    if command.guardian is not None:
        born = command.particulars.birth_date
        yield from check_guardian(command.guardian, born, around.rules, today)


def _check_consents(
    command: RegisterVolunteer, act: Act, around: Surroundings, today: date
) -> Iterator[Refusal]:
    of = Consenting(
        born=command.particulars.birth_date,
        has_guardian=command.guardian is not None,
        by_herself=is_herself(act, command.volunteer),
        rules=around.rules,
        today=today,
    )
    for each in command.consents:
        yield from check_consent(each, of)
    purposes = [each.purpose for each in command.consents]
    if len(set(purposes)) < len(purposes):
        yield Refusal("consent_is_repeated", "consents")
    if len({each.consent for each in command.consents}) < len(purposes):
        yield Refusal("consent_is_known", "consents")
    if around.acting is not None and Purpose.ENTRY_BY_ORGANIZATION not in purposes:
        purpose = Purpose.ENTRY_BY_ORGANIZATION.value
        yield Refusal("consent_is_missing", "consents", {"purpose": purpose})
    yield from _check_age(command, around, today)


def _check_age(
    command: RegisterVolunteer, around: Surroundings, today: date
) -> Iterator[Refusal]:
    born = command.particulars.birth_date
    if born > today:
        return  # refused as such
    consented = any(
        each.purpose is Purpose.SERVICE_OF_MINOR and each.given_by is Consenter.GUARDIAN
        for each in command.consents
    )
    age = age_on(born, today)
    yield from too_young(age, around.rules)
    yield from unconsented(age, around.rules, consented=consented)

"""Deciding about a volunteer: whether what is asked may be recorded of her.

That nobody is registered twice is decided with the identity's stream beside it:
`ledger.domain.identity.claiming` calls `decide` for registrations and amendments.
"""

from typing import TypeAlias, assert_never

from ledger.domain.civil_time import civil_date
from ledger.domain.event import Act, ActorKind
from ledger.domain.refusal import Refusal, Refused, gathered, refuse
from ledger.domain.volunteer.acting import Surroundings, check_actor, is_herself
from ledger.domain.volunteer.amending import amend
from ledger.domain.volunteer.checking import (
    Consenting,
    check_consent,
    check_digest,
    check_guardian,
    check_guardian_acts,
)
from ledger.domain.volunteer.commands import (
    AmendVolunteer,
    Command,
    ConfirmVolunteer,
    GiveConsent,
    NameGuardian,
    RegisterVolunteer,
    RequestCorrection,
    WithdrawConsent,
    WithdrawCorrection,
)
from ledger.domain.volunteer.consent import Consenter
from ledger.domain.volunteer.correcting import request_correction, withdraw_correction
from ledger.domain.volunteer.events import (
    ConsentWithdrawn,
    VolunteerConfirmed,
    VolunteerEvent,
)
from ledger.domain.volunteer.particulars import IDENTIFYING, ConfirmationMethod, Particulars
from ledger.domain.volunteer.registering import consent_given, guardian_named, register
from ledger.domain.volunteer.state import Volunteer, age_on

Decision: TypeAlias = tuple[VolunteerEvent, ...] | Refused


def decide(
    state: Volunteer | None, command: Command, act: Act, around: Surroundings
) -> Decision:
    """Return what happens to a volunteer upon a command, or why nothing does.

    Raises:
        ValueError: The identity's stream does not follow from the ID number: a programmer's
            mistake.
    """
    if isinstance(command, RegisterVolunteer):
        return register(state, command, act, around)
    if state is None:
        return refuse("volunteer_is_unknown")
    said = state.present()
    if isinstance(said, Refused):
        return said
    return _decide_standing(state, said, command, act, around)


def _decide_standing(
    state: Volunteer,
    said: Particulars,
    command: AmendVolunteer
    | ConfirmVolunteer
    | RequestCorrection
    | WithdrawCorrection
    | NameGuardian
    | GiveConsent
    | WithdrawConsent,
    act: Act,
    around: Surroundings,
) -> Decision:
    match command:
        case AmendVolunteer():
            return amend(state, said, command, act, around)
        case ConfirmVolunteer():
            return _confirm(state, command, act, around)
        case RequestCorrection():
            return request_correction(state, command, act, around)
        case WithdrawCorrection():
            return withdraw_correction(state, command, act, around)
        case NameGuardian() | GiveConsent() | WithdrawConsent():
            return _decide_consent(state, said, command, act, around)
        case _:
            assert_never(command)


def _decide_consent(
    state: Volunteer,
    said: Particulars,
    command: NameGuardian | GiveConsent | WithdrawConsent,
    act: Act,
    around: Surroundings,
) -> Decision:
    actor = check_actor(act, state.id, around.acting)
    today = civil_date(act.now)
    match command:
        case NameGuardian():
            found = check_guardian(command, said.birth_date, around.rules, today)
            refused = gathered(actor, found)
            named = guardian_named(state.id, command, around)
            return refused or (named,)
        case GiveConsent():
            of = Consenting(
                born=said.birth_date,
                has_guardian=state.guardian is not None,
                by_herself=is_herself(act, state.id),
                rules=around.rules,
                today=today,
            )
            taken = any(each.id == command.consent for each in state.consents)
            refused = gathered(
                actor,
                refuse("consent_is_known", "consent") if taken else None,
                check_consent(command, of),
            )
            return refused or (consent_given(state.id, command, today, around),)
        case WithdrawConsent():
            return gathered(actor) or _withdraw(state, said, command, act, around)
        case _:
            assert_never(command)


def _withdraw(
    state: Volunteer,
    said: Particulars,
    command: WithdrawConsent,
    act: Act,
    around: Surroundings,
) -> Decision:
    consent = state.consent(command.purpose)
    if consent is None:
        return refuse("consent_is_not_in_force", "purpose", purpose=command.purpose.value)
    if command.withdrawn_by is Consenter.GUARDIAN:
        refused = gathered(
            check_guardian_acts(
                age_on(said.birth_date, civil_date(act.now)),
                around.rules,
                has_guardian=state.guardian is not None,
            )
        )
        if refused is not None:
            return refused
    # Nothing else stands in the way: withdrawing is as easy as giving (PIPL 15).
    withdrawn = ConsentWithdrawn(
        volunteer=state.id,
        consent=consent.id,
        purpose=consent.purpose,
        withdrawn_by=command.withdrawn_by,
        on_behalf_of=around.on_behalf_of,
    )
    return (withdrawn,)


def _confirm(
    state: Volunteer, command: ConfirmVolunteer, act: Act, around: Surroundings
) -> Decision:
    is_asked = any(not IDENTIFYING.isdisjoint(each.facts) for each in state.corrections)
    needs_evidence = command.method is not ConfirmationMethod.DOCUMENT_SEEN
    refused = gathered(
        refuse("volunteer_is_confirmed") if state.is_confirmed else None,
        refuse("correction_is_open") if is_asked else None,
        _check_confirmer(state, act, around),
        refuse("confirmation_is_not_evidenced", "evidence")
        if needs_evidence and command.evidence is None
        else None,
        check_digest(command.evidence, "evidence"),
    )
    confirmed = VolunteerConfirmed(
        volunteer=state.id,
        method=command.method,
        evidence=command.evidence,
        on_behalf_of=around.on_behalf_of,
    )
    return refused or (confirmed,)


def _check_confirmer(state: Volunteer, act: Act, around: Surroundings) -> tuple[Refusal, ...]:
    """Return why this one may not confirm her: two persons enter and confirm [P]."""
    if act.by.kind is ActorKind.VOLUNTEER:
        return (Refusal("confirmer_is_volunteer"),)
    if act.by.id == state.identified_by.id:
        return (Refusal("confirmer_is_registrant"),)
    # The ledger itself may, when the issuing authority's system has answered it.
    is_ledger = act.by.kind is ActorKind.SYSTEM
    return () if is_ledger else check_actor(act, state.id, around.acting)

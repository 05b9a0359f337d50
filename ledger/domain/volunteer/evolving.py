"""How each event leaves a volunteer; what is recorded has happened, nothing is refused."""

from dataclasses import fields, replace
from datetime import date
from typing import Any, assert_never

from ledger.domain.civil_time import civil_date
from ledger.domain.event import ERASED, Erased, Happened
from ledger.domain.volunteer.consent import Consent, Purpose
from ledger.domain.volunteer.events import (
    ConsentGiven,
    ConsentWithdrawn,
    CorrectionRequested,
    CorrectionWithdrawn,
    GuardianNamed,
    VolunteerAbsorbed,
    VolunteerAmended,
    VolunteerConfirmed,
    VolunteerEvent,
    VolunteerMerged,
    VolunteerRegistered,
    VolunteerRelinquished,
    VolunteerSeparated,
)
from ledger.domain.volunteer.guardian import Guardian
from ledger.domain.volunteer.particulars import IDENTIFYING, OPTIONAL, Particulars, without
from ledger.domain.volunteer.state import Correction, Volunteer


def evolve(state: Volunteer | None, event: VolunteerEvent, at: Happened) -> Volunteer:
    """Return the volunteer after an event.

    Raises:
        ValueError: A history begins with something else than a registration.
    """
    if isinstance(event, VolunteerRegistered):
        return Volunteer(
            id=event.volunteer,
            identity=event.identity,
            particulars=_particulars(event),
            identified_by=at.by,
        )
    if state is None:
        raise ValueError("a history of a volunteer begins with her registration")
    match event:
        case VolunteerAmended() | VolunteerConfirmed() | GuardianNamed():
            return _after_facts(state, event, at)
        case CorrectionRequested() | CorrectionWithdrawn():
            return _after_correction(state, event)
        case ConsentGiven() | ConsentWithdrawn():
            return _after_consent(state, event, civil_date(at.at))
        case _:
            return _after_merge(state, event)


def _particulars(event: VolunteerRegistered | VolunteerAmended) -> Particulars | Erased:
    # All of them lie in one box: where one is gone, nothing can be said of the others.
    values: dict[str, Any] = {
        each.name: getattr(event, each.name) for each in fields(Particulars)
    }
    return ERASED if ERASED in values.values() else Particulars(**values)


def _after_facts(
    state: Volunteer,
    event: VolunteerAmended | VolunteerConfirmed | GuardianNamed,
    at: Happened,
) -> Volunteer:
    match event:
        case VolunteerAmended():
            return _amended(state, event, at)
        case VolunteerConfirmed():
            return replace(state, is_confirmed=True)
        case GuardianNamed():
            return replace(state, guardian=_guardian(event))
        case _:
            assert_never(event)


def _amended(state: Volunteer, event: VolunteerAmended, at: Happened) -> Volunteer:
    after = replace(
        state,
        identity=event.identity,
        particulars=_particulars(event),
        corrections=tuple(each for each in state.corrections if each.id != event.answers),
    )
    if IDENTIFYING.isdisjoint(event.changed):
        return after
    return replace(after, identified_by=at.by, is_confirmed=False)


def _after_correction(
    state: Volunteer, event: CorrectionRequested | CorrectionWithdrawn
) -> Volunteer:
    match event:
        case CorrectionRequested():
            asked = Correction(id=event.correction, facts=event.facts)
            return replace(state, corrections=(*state.corrections, asked))
        case CorrectionWithdrawn():
            left = tuple(each for each in state.corrections if each.id != event.correction)
            return replace(state, corrections=left)
        case _:
            assert_never(event)


def _guardian(event: GuardianNamed) -> Guardian | Erased:
    if (
        isinstance(event.name, Erased)
        or isinstance(event.relation, Erased)
        or isinstance(event.contact, Erased)
    ):
        return ERASED
    return Guardian(name=event.name, relation=event.relation, contact=event.contact)


def _after_consent(
    state: Volunteer, event: ConsentGiven | ConsentWithdrawn, today: date
) -> Volunteer:
    ended = tuple(
        replace(each, ended_on=today)
        if each.purpose is event.purpose and each.ended_on is None
        else each
        for each in state.consents
    )
    match event:
        case ConsentGiven():
            given = Consent(
                id=event.consent,
                purpose=event.purpose,
                facts=event.facts,
                given_by=event.given_by,
                given_on=event.given_on,
                ended_on=None,
            )
            after = replace(state, consents=(*ended, given))
        case ConsentWithdrawn():
            after = replace(state, consents=ended)
        case _:
            assert_never(event)
    return _with_covered_facts(after) if event.purpose is Purpose.OPTIONAL_FACTS else after


def _with_covered_facts(state: Volunteer) -> Volunteer:
    """Leave blank what no consent covers any more: it is history, and is not used again."""
    if isinstance(state.particulars, Erased):
        return state
    consent = state.consent(Purpose.OPTIONAL_FACTS)
    covered = frozenset(consent.facts if consent else ())
    return replace(state, particulars=without(state.particulars, OPTIONAL - covered))


def _after_merge(
    state: Volunteer,
    event: VolunteerMerged | VolunteerSeparated | VolunteerAbsorbed | VolunteerRelinquished,
) -> Volunteer:
    match event:
        case VolunteerMerged():
            return replace(state, into=event.into)
        case VolunteerSeparated():
            return replace(state, into=None)
        case VolunteerAbsorbed():
            return replace(state, absorbed=(*state.absorbed, event.source))
        case VolunteerRelinquished():
            left = tuple(each for each in state.absorbed if each != event.source)
            return replace(state, absorbed=left)
        case _:
            assert_never(event)

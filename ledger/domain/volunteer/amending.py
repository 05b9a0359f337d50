"""Amending particulars: what changed, why, on what evidence; who was confirmed is so no more.

The known fraud behind it is a stock of hours sold by giving its owner another name. So facts
that identify a person change on evidence alone, and another person confirms her anew [P].
"""

from collections.abc import Iterator

from ledger.domain.civil_time import civil_date
from ledger.domain.event import Act
from ledger.domain.refusal import Refusal, Refused, gathered
from ledger.domain.volunteer.acting import Surroundings, check_actor, is_herself
from ledger.domain.volunteer.checking import (
    check_digest,
    check_extras,
    check_particulars,
    check_reason,
)
from ledger.domain.volunteer.commands import AmendVolunteer
from ledger.domain.volunteer.consent import Purpose
from ledger.domain.volunteer.events import VolunteerAmended, VolunteerEvent
from ledger.domain.volunteer.particulars import (
    IDENTIFYING,
    Fact,
    Particulars,
    changed_facts,
)
from ledger.domain.volunteer.registering import as_facts
from ledger.domain.volunteer.state import Volunteer


def amend(
    state: Volunteer,
    said: Particulars,
    command: AmendVolunteer,
    act: Act,
    around: Surroundings,
) -> tuple[VolunteerEvent, ...] | Refused:
    """Return the amendment, or why her particulars stay as they are.

    Raises:
        ValueError: The identity's stream does not follow from the ID number: a programmer's
            mistake.
    """
    changed = changed_facts(said, command.particulars)
    if (command.identity != state.identity) != has_other_number(changed):
        raise ValueError("the stream of the amended ID number is wanted")
    consent = state.consent(Purpose.OPTIONAL_FACTS)
    refused = gathered(
        check_actor(act, state.id, around.acting),
        _check_consent(state, act),
        check_extras(command.extras),
        check_particulars(
            command.particulars,
            around.rules,
            civil_date(act.now),
            consent.facts if consent else (),
        ),
        check_reason(command.reason),
        check_digest(command.evidence, "evidence"),
        _check_change(state, command, changed),
    )
    if refused is not None:
        return refused
    amended = VolunteerAmended(
        volunteer=state.id,
        identity=command.identity,
        changed=changed,
        reason=command.reason,
        evidence=command.evidence,
        answers=command.answers,
        on_behalf_of=around.on_behalf_of,
        **as_facts(command.particulars),
    )
    return (amended,)


def has_other_number(changed: tuple[Fact, ...]) -> bool:
    """Return whether a change of these facts makes it the number of another document."""
    return Fact.ID_TYPE in changed or Fact.ID_NUMBER in changed


def _check_consent(state: Volunteer, act: Act) -> Iterator[Refusal]:
    # Without it an organization asks her to correct what is wrong (Order 67, Art. 6).
    purpose = Purpose.ENTRY_BY_ORGANIZATION
    if not is_herself(act, state.id) and not state.has_consent(purpose):
        yield Refusal("consent_is_missing", None, {"purpose": purpose.value})


def _check_change(
    state: Volunteer, command: AmendVolunteer, changed: tuple[Fact, ...]
) -> Iterator[Refusal]:
    if not changed:
        yield Refusal("nothing_is_changed")
    if command.evidence is None and not IDENTIFYING.isdisjoint(changed):
        yield Refusal("change_is_not_evidenced", "evidence")
    if command.answers is not None and state.correction(command.answers) is None:
        yield Refusal("correction_is_unknown", "answers")

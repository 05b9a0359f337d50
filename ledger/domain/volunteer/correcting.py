"""Asking for a correction: who finds something wrong asks her, and changes nothing.

Order 67, Art. 6: an organization that finds an obvious error or omission must ask.
She answers by amending (`AmendVolunteer.answers`); who asked in error takes it back.
"""

from collections.abc import Iterator

from ledger.domain.acting import check_person_or_key
from ledger.domain.event import Act
from ledger.domain.organization.kinds import Role
from ledger.domain.refusal import Refusal, Refused, gathered, refuse
from ledger.domain.volunteer.acting import Surroundings
from ledger.domain.volunteer.checking import check_reason
from ledger.domain.volunteer.commands import RequestCorrection, WithdrawCorrection
from ledger.domain.volunteer.events import (
    CorrectionRequested,
    CorrectionWithdrawn,
    VolunteerEvent,
)
from ledger.domain.volunteer.state import Volunteer


def request_correction(
    state: Volunteer, command: RequestCorrection, act: Act, around: Surroundings
) -> tuple[VolunteerEvent, ...] | Refused:
    """Return the request, or why it is none."""
    refused = gathered(
        check_person_or_key(act, around.acting, *Role),
        _check_facts(state, command),
        check_reason(command.explanation, "explanation"),
    )
    requested = CorrectionRequested(
        volunteer=state.id,
        correction=command.correction,
        facts=command.facts,
        explanation=command.explanation,
        on_behalf_of=around.on_behalf_of,
    )
    return refused or (requested,)


def withdraw_correction(
    state: Volunteer, command: WithdrawCorrection, act: Act, around: Surroundings
) -> tuple[VolunteerEvent, ...] | Refused:
    """Return that a request is taken back, or why it stands."""
    known = state.correction(command.correction) is not None
    refused = gathered(
        None if known else refuse("correction_is_unknown", "correction"),
        check_person_or_key(act, around.acting, *Role),
        check_reason(command.reason),
    )
    withdrawn = CorrectionWithdrawn(
        volunteer=state.id,
        correction=command.correction,
        reason=command.reason,
        on_behalf_of=around.on_behalf_of,
    )
    return refused or (withdrawn,)


def _check_facts(state: Volunteer, command: RequestCorrection) -> Iterator[Refusal]:
    if not command.facts:
        yield Refusal("code_is_missing", "facts")
    if len(set(command.facts)) < len(command.facts):
        yield Refusal("code_is_repeated", "facts")
    if state.correction(command.correction) is not None:
        yield Refusal("correction_is_known", "correction")

"""How an organization stands: authorized, suspended, reinstated, revoked, succeeded.

All of it is a bureau's decision, with its reason. Nothing that was recorded before is undone.
"""

from collections.abc import Collection, Iterator
from datetime import date
from typing import assert_never

from ledger.domain.civil_time import civil_date
from ledger.domain.event import Act
from ledger.domain.organization.authority import (
    Surroundings,
    check_bureau_above,
    check_not_halted_from_above,
)
from ledger.domain.organization.commands import (
    AuthorizeOrganization,
    ReinstateOrganization,
    RevokeOrganization,
    StandingCommand,
    SucceedOrganization,
    SuspendOrganization,
)
from ledger.domain.organization.events import (
    OrganizationAuthorized,
    OrganizationEvent,
    OrganizationReinstated,
    OrganizationRevoked,
    OrganizationSucceeded,
    OrganizationSuspended,
)
from ledger.domain.organization.kinds import Status, SuccessionKind
from ledger.domain.organization.particulars import check_documents, check_reason
from ledger.domain.organization.state import Organization
from ledger.domain.refusal import Refusal, Refused, gathered

_FROM: dict[type[StandingCommand], Collection[Status]] = {
    AuthorizeOrganization: {Status.REGISTERED, Status.REVOKED},
    SuspendOrganization: {Status.AUTHORIZED},
    ReinstateOrganization: {Status.SUSPENDED},
    RevokeOrganization: {Status.REGISTERED, Status.AUTHORIZED, Status.SUSPENDED},
    SucceedOrganization: set(Status) - {Status.SUCCEEDED},
}
"""Command → the standings that it changes."""


def change_standing(
    state: Organization, command: StandingCommand, act: Act, around: Surroundings
) -> tuple[OrganizationEvent, ...] | Refused:
    """Change how an organization stands."""
    acting, today = around.acting, civil_date(act.now)
    refused = gathered(
        state.check_standing(_FROM[type(command)]),
        check_bureau_above(state, act, acting),
        check_not_halted_from_above(state, acting),
        _check_fields(state, command, around, today),
        check_reason(command.reason),
    )
    if refused is not None:
        return refused
    on_behalf_of = None if acting is None else acting.id
    match command:
        case AuthorizeOrganization(reason=reason):
            return (OrganizationAuthorized(reason=reason, on_behalf_of=on_behalf_of),)
        case SuspendOrganization():
            return (
                OrganizationSuspended(
                    ground=command.ground,
                    reason=command.reason,
                    rectify_by=command.rectify_by,
                    on_behalf_of=on_behalf_of,
                ),
            )
        case ReinstateOrganization(reason=reason):
            return (OrganizationReinstated(reason=reason, on_behalf_of=on_behalf_of),)
        case RevokeOrganization(ground=ground, reason=reason):
            return (
                OrganizationRevoked(ground=ground, reason=reason, on_behalf_of=on_behalf_of),
            )
        case SucceedOrganization():
            return (
                OrganizationSucceeded(
                    succession=command.succession,
                    successors=command.successors,
                    effective_on=command.effective_on,
                    evidence=command.evidence,
                    reason=command.reason,
                    on_behalf_of=on_behalf_of,
                ),
            )
        case _:
            assert_never(command)


def _check_fields(
    state: Organization, command: StandingCommand, around: Surroundings, today: date
) -> Iterator[Refusal]:
    match command:
        case SuspendOrganization(rectify_by=day) if day is not None and day < today:
            yield Refusal("rectification_day_has_passed", "rectify_by")
        case SucceedOrganization():
            yield from _check_successors(state, command, around)
            yield from _check_proof_of_succession(command, today)
        case _:
            pass


def _check_successors(
    state: Organization, command: SucceedOrganization, around: Surroundings
) -> Iterator[Refusal]:
    """Several after a split, one otherwise; each in force, so that no circle can arise."""
    count, is_split = len(command.successors), command.succession is SuccessionKind.SPLIT
    if count < 2 if is_split else count != 1:
        yield Refusal("successor_count_is_wrong", "successors")
    if len(set(command.successors)) != len(command.successors):
        yield Refusal("successor_named_twice", "successors")
    if state.id in command.successors:
        yield Refusal("successor_is_itself", "successors")
    for each in command.successors:
        successor = around.find(each)
        if successor is None:
            yield Refusal("successor_is_missing", "successors", {"organization": str(each)})
        elif not successor.is_in_force:
            yield Refusal("successor_not_in_force", "successors", {"organization": str(each)})


def _check_proof_of_succession(command: SucceedOrganization, today: date) -> Iterator[Refusal]:
    if command.effective_on > today:
        yield Refusal("effective_day_in_future", "effective_on")
    if not command.evidence:
        yield Refusal("succession_evidence_is_missing", "evidence")
    yield from check_documents(command.evidence, "evidence")

"""One command, one decision: the events it leads to, or every reason why not."""

from typing import assert_never

from ledger.domain.event import Act
from ledger.domain.organization.authority import Surroundings
from ledger.domain.organization.commands import (
    AddOrganizationKey,
    AmendOrganization,
    AmendStaff,
    AppointStaff,
    AuthorizeOrganization,
    Command,
    GrantEntrustment,
    RegisterOrganization,
    ReinstateOrganization,
    ReleaseStaff,
    RevokeEntrustment,
    RevokeOrganization,
    RevokeOrganizationKey,
    SucceedOrganization,
    SuspendOrganization,
)
from ledger.domain.organization.entrusting import entrust
from ledger.domain.organization.events import OrganizationEvent
from ledger.domain.organization.keeping_keys import keep_keys
from ledger.domain.organization.registering import amend, register
from ledger.domain.organization.staffing import staff
from ledger.domain.organization.standing import change_standing
from ledger.domain.organization.state import Organization
from ledger.domain.refusal import Refused, refuse


def decide(
    state: Organization | None, command: Command, act: Act, around: Surroundings
) -> tuple[OrganizationEvent, ...] | Refused:
    """Return what a command leads to.

    Whoever registers or amends takes `ledger.domain.organization.credit_code_claims`, which
    decides on the credit code's own stream as well.
    """
    answer: tuple[OrganizationEvent, ...] | Refused
    if isinstance(command, RegisterOrganization):
        return register(state, command, act, around)
    if state is None:
        return refuse("organization_is_missing")
    match command:
        case AmendOrganization():
            answer = amend(state, command, act, around)
        case (
            AuthorizeOrganization()
            | SuspendOrganization()
            | ReinstateOrganization()
            | RevokeOrganization()
            | SucceedOrganization()
        ):
            answer = change_standing(state, command, act, around)
        case GrantEntrustment() | RevokeEntrustment():
            answer = entrust(state, command, act, around)
        case AddOrganizationKey() | RevokeOrganizationKey():
            answer = keep_keys(state, command, act, around)
        case AppointStaff() | AmendStaff() | ReleaseStaff():
            answer = staff(state, command, act, around)
        case _:
            assert_never(command)
    return answer

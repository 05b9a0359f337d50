"""An organization's own signing keys: added, revoked, never to come back.

Revoking is possible in every standing, and needs no more than the organization itself: a key
that somebody else has must stop at once. What it signed before stays valid.
"""

from collections.abc import Iterator
from datetime import date
from typing import assert_never

from ledger.domain.civil_time import civil_date
from ledger.domain.event import Act
from ledger.domain.organization.authority import (
    Surroundings,
    check_itself_in_any_state_or_above,
    check_itself_or_above,
)
from ledger.domain.organization.commands import (
    AddOrganizationKey,
    KeyCommand,
    RevokeOrganizationKey,
)
from ledger.domain.organization.events import OrganizationKeyAdded, OrganizationKeyRevoked
from ledger.domain.organization.kinds import Status
from ledger.domain.organization.particulars import NAME_MAX, check_reason
from ledger.domain.organization.public_key import is_public_key
from ledger.domain.organization.state import Organization
from ledger.domain.refusal import Refusal, Refused, gathered, refuse
from ledger.domain.words import check_text


def keep_keys(
    state: Organization, command: KeyCommand, act: Act, around: Surroundings
) -> tuple[OrganizationKeyAdded | OrganizationKeyRevoked, ...] | Refused:
    """Add or revoke a key."""
    match command:
        case AddOrganizationKey():
            return _add(state, command, act, around.acting)
        case RevokeOrganizationKey():
            return _revoke(state, command, act, around.acting)
        case _:
            assert_never(command)


def _add(
    state: Organization, command: AddOrganizationKey, act: Act, acting: Organization | None
) -> tuple[OrganizationKeyAdded, ...] | Refused:
    refused = gathered(
        state.check_standing({Status.AUTHORIZED}),
        check_itself_or_above(state, act, acting),
        _check_new(state, command, civil_date(act.now)),
        check_text(command.label, "label", max=NAME_MAX),
    )
    if refused is not None:
        return refused
    added = OrganizationKeyAdded(
        key=command.key,
        public_key=command.public_key,
        label=command.label,
        valid_to=command.valid_to,
        on_behalf_of=None if acting is None else acting.id,
    )
    return (added,)


def _check_new(
    state: Organization, command: AddOrganizationKey, today: date
) -> Iterator[Refusal]:
    if state.key(command.key) is not None:
        yield Refusal("organization_key_is_known", "key")
    if not is_public_key(command.public_key):
        yield Refusal("public_key_is_unusable", "public_key")
    if command.public_key in [each.public_key for each in state.keys]:
        yield Refusal("public_key_is_known", "public_key")
    if command.valid_to is not None and command.valid_to < today:
        yield Refusal("validity_is_over", "valid_to")


def _revoke(
    state: Organization, command: RevokeOrganizationKey, act: Act, acting: Organization | None
) -> tuple[OrganizationKeyRevoked, ...] | Refused:
    exposed, today = command.exposed_since, civil_date(act.now)
    in_future = exposed is not None and exposed > today
    refused = gathered(
        _check_revocable(state, command),
        check_itself_in_any_state_or_above(state, act, acting),
        [Refusal("exposure_in_future", "exposed_since")] if in_future else None,
        check_reason(command.reason),
    )
    if refused is not None:
        return refused
    revoked = OrganizationKeyRevoked(
        key=command.key,
        exposed_since=exposed,
        reason=command.reason,
        on_behalf_of=None if acting is None else acting.id,
    )
    return (revoked,)


def _check_revocable(state: Organization, command: RevokeOrganizationKey) -> Refused | None:
    key = state.key(command.key)
    if key is None:
        return refuse("organization_key_is_missing", "key")
    return refuse("organization_key_is_revoked", "key") if key.is_revoked else None

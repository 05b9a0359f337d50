"""Entrustments: a bureau lets a qualified organization record in an area for a time.

Pilot plan, 三(五): associations, leagues, and bodies that the district recognizes by its
standards. What is appended after the last day is refused, earlier appends stay valid [P].
"""

from collections.abc import Iterator
from datetime import date
from typing import assert_never

from ledger.domain.civil_time import civil_date
from ledger.domain.divisions import check_division, is_within
from ledger.domain.event import Act
from ledger.domain.organization.authority import Surroundings, check_acting
from ledger.domain.organization.commands import (
    EntrustmentCommand,
    GrantEntrustment,
    RevokeEntrustment,
)
from ledger.domain.organization.events import EntrustmentGranted, EntrustmentRevoked
from ledger.domain.organization.kinds import MAY_BE_ENTRUSTED, OrganizationKind, Status
from ledger.domain.organization.particulars import check_documents, check_reason
from ledger.domain.organization.state import Organization
from ledger.domain.refusal import Refusal, Refused, gathered, refuse

AREA_MAX = 200
"""Divisions that one entrustment names; our own bound [P]."""


def entrust(
    state: Organization, command: EntrustmentCommand, act: Act, around: Surroundings
) -> tuple[EntrustmentGranted | EntrustmentRevoked, ...] | Refused:
    """Grant or revoke an entrustment."""
    match command:
        case GrantEntrustment():
            return _grant(state, command, act, around.acting)
        case RevokeEntrustment():
            return _revoke(state, command, act, around.acting)
        case _:
            assert_never(command)


def _grant(
    state: Organization, command: GrantEntrustment, act: Act, acting: Organization | None
) -> tuple[EntrustmentGranted, ...] | Refused:
    refused = gathered(
        state.check_standing({Status.AUTHORIZED}),
        _check_recipient(state, command),
        check_acting(act, acting),
        None if acting is None or acting.is_bureau else refuse("entrusting_is_for_bureaus"),
        _check_area(command, acting),
        _check_categories(command),
        _check_validity(command, civil_date(act.now)),
        [] if command.qualification else [Refusal("qualification_is_missing", "qualification")],
        check_documents(command.qualification, "qualification"),
    )
    if refused is not None:
        return refused
    granted = EntrustmentGranted(
        entrustment=command.entrustment,
        divisions=command.divisions,
        categories=command.categories,
        valid_from=command.valid_from,
        valid_to=command.valid_to,
        qualification=command.qualification,
        on_behalf_of=None if acting is None else acting.id,
    )
    return (granted,)


def _revoke(
    state: Organization, command: RevokeEntrustment, act: Act, acting: Organization | None
) -> tuple[EntrustmentRevoked, ...] | Refused:
    refused = gathered(
        _check_revocable(state, command, civil_date(act.now)),
        check_acting(act, acting),
        _check_grantor(state, command, acting),
        check_reason(command.reason),
    )
    if refused is not None:
        return refused
    revoked = EntrustmentRevoked(
        entrustment=command.entrustment,
        reason=command.reason,
        on_behalf_of=None if acting is None else acting.id,
    )
    return (revoked,)


def _check_recipient(state: Organization, command: GrantEntrustment) -> Iterator[Refusal]:
    if state.kind not in MAY_BE_ENTRUSTED:
        yield Refusal("kind_is_not_entrusted", None, {"kind": state.kind})
    if state.entrustment(command.entrustment) is not None:
        yield Refusal("entrustment_is_known", "entrustment")


def _check_area(command: GrantEntrustment, acting: Organization | None) -> Iterator[Refusal]:
    if not command.divisions:
        yield Refusal("entrusted_area_is_missing", "divisions")
    if len(command.divisions) > AREA_MAX:
        yield Refusal("entrusted_area_has_too_many_parts", "divisions", {"max": AREA_MAX})
    if len(set(command.divisions)) != len(command.divisions):
        yield Refusal("entrusted_area_named_twice", "divisions")
    for division in command.divisions:
        malformed = check_division(division, "divisions")
        if malformed is not None:
            yield malformed
        elif acting is not None and not is_within(division, acting.division):
            yield Refusal(
                "entrusted_area_outside_bureau", "divisions", {"scope": acting.division}
            )


def _check_categories(command: GrantEntrustment) -> Iterator[Refusal]:
    if command.categories is None:
        return
    if not command.categories:
        yield Refusal("entrusted_categories_are_missing", "categories")
    if len(set(command.categories)) != len(command.categories):
        yield Refusal("entrusted_category_named_twice", "categories")


def _check_validity(command: GrantEntrustment, today: date) -> Iterator[Refusal]:
    if command.valid_to < command.valid_from:
        yield Refusal("validity_ends_before_it_begins", "valid_to")
    elif command.valid_to < today:
        yield Refusal("validity_is_over", "valid_to")


def _check_revocable(
    state: Organization, command: RevokeEntrustment, today: date
) -> Refused | None:
    held = state.entrustment(command.entrustment)
    if held is None:
        return refuse("entrustment_is_missing", "entrustment")
    if held.is_revoked:
        return refuse("entrustment_is_revoked", "entrustment")
    if held.valid_to < today:
        return refuse("entrustment_is_over", "entrustment")
    return None


def _check_grantor(
    state: Organization, command: RevokeEntrustment, acting: Organization | None
) -> Refused | None:
    held = state.entrustment(command.entrustment)
    if held is None or acting is None or acting.id == held.grantor:
        return None
    if acting.kind is OrganizationKind.CITY_BUREAU:
        return None
    return refuse("bureau_is_not_the_grantor")

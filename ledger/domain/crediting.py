"""Confirming and crediting as one decision: both happen, or neither (saved in one commit).

What counts on the account is always exactly what is confirmed of the records: so each command
that begins, changes or ends a confirmation is decided over the record and the account at once.
"""

from dataclasses import dataclass, replace
from typing import assert_never

from ledger.domain.account.deciding import enter, exchange, withdraw
from ledger.domain.account.events import AccountEvent, Cause, Credit
from ledger.domain.account.state import Account
from ledger.domain.event import Act
from ledger.domain.record.amending import accept, void
from ledger.domain.record.codes import Stage
from ledger.domain.record.commands import (
    AcceptAmendment,
    ApproveRecord,
    ConfirmRecord,
    CreditingCommand,
    VoidRecord,
)
from ledger.domain.record.deciding import check_surroundings
from ledger.domain.record.events import RecordConfirmed, RecordEvent
from ledger.domain.record.parties import Surroundings
from ledger.domain.record.reviewing import approve, confirm
from ledger.domain.record.service import Service
from ledger.domain.record.state import Record
from ledger.domain.refusal import Refused, refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """What happens to a record and to its volunteer's account in one commit."""

    record: tuple[RecordEvent, ...]
    account: tuple[AccountEvent, ...]


def decide(
    record: Record | None,
    account: Account,
    command: CreditingCommand,
    act: Act,
    around: Surroundings,
) -> Together | Refused:
    """Return what a command leads to on both streams, or every reason why not.

    ``account`` is where the record's volunteer is credited: after a merge, the account that
    absorbed hers.

    Raises:
        ValueError: The account or the surroundings are another record's: a programmer's
            mistake.
    """
    check_surroundings(record, around)
    if record is None:
        return refuse("record_is_missing")
    if account.into is None and record.volunteer not in account.owners:
        raise ValueError("the account of the record's volunteer is wanted")
    match command:
        case ConfirmRecord():
            return _confirm(record, account, act, around)
        case ApproveRecord():
            return _approve(record, account, command, act, around)
        case AcceptAmendment():
            return _accept(record, account, command, act, around)
        case VoidRecord():
            return _void(record, account, command, act, around)
        case _:
            assert_never(command)


def _confirm(
    record: Record, account: Account, act: Act, around: Surroundings
) -> Together | Refused:
    is_over = _is_over_daily_cap(record.service, account, around)
    confirmed = confirm(record, act, around, is_over_daily_cap=is_over)
    if isinstance(confirmed, Refused) and record.stage is not Stage.PUBLICIZED:
        return confirmed
    # What is held is not credited yet, but that it cannot be is said now.
    answer = _together(confirmed, enter(account, _credit(record, record.service)))
    if isinstance(answer, Refused):
        return answer
    is_held = any(isinstance(each, RecordConfirmed) and each.awaits for each in answer.record)
    return replace(answer, account=()) if is_held else answer


def _approve(
    record: Record, account: Account, command: ApproveRecord, act: Act, around: Surroundings
) -> Together | Refused:
    is_over = _is_over_daily_cap(record.service, account, around)
    approved = approve(record, command, act, around, is_over_daily_cap=is_over)
    if isinstance(approved, Refused) and record.stage is not Stage.HELD:
        return approved
    return _together(approved, enter(account, _credit(record, record.service)))


def _accept(
    record: Record, account: Account, command: AcceptAmendment, act: Act, around: Surroundings
) -> Together | Refused:
    amendment = record.amendment
    is_open = amendment is not None and amendment.id == command.amendment
    service = amendment.service if amendment is not None and is_open else None
    without = account.without(record.id)
    is_over = service is not None and _is_over_daily_cap(service, without, around)
    accepted = accept(record, command, act, around, is_over_daily_cap=is_over)
    credited = exchange(account, _credit(record, service)) if service is not None else ()
    return _together(accepted, credited)


def _void(
    record: Record, account: Account, command: VoidRecord, act: Act, around: Surroundings
) -> Together | Refused:
    voided = void(record, command, act, around)
    withdrawn = withdraw(account, record.id, Cause.VOIDED) if record.is_credited else ()
    return _together(voided, withdrawn)


def _together(
    record: tuple[RecordEvent, ...] | Refused, account: tuple[AccountEvent, ...] | Refused
) -> Together | Refused:
    """Return both sides, or the reasons of both."""
    if isinstance(record, Refused):
        return Refused(
            record.reasons + (account.reasons if isinstance(account, Refused) else ())
        )
    if isinstance(account, Refused):
        return account
    return Together(record=record, account=account)


def _is_over_daily_cap(service: Service, account: Account, around: Surroundings) -> bool:
    limit = around.rules(service.day).daily_minutes_max
    return account.minutes_on(service.day) + service.minutes > limit


def _credit(record: Record, service: Service) -> Credit:
    return Credit(
        record=record.id,
        recorded_for=record.volunteer,
        organization=record.organization,
        start=service.start,
        end=service.end,
        minutes=service.minutes,
    )

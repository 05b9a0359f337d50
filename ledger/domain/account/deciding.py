"""Deciding about an account: no two credits of one person overlap in time.

Nobody commands an account. What happens to it follows from what is decided about records
(`ledger.domain.crediting`) and about merged registrations, and is saved together with that;
so who may act is not asked here. Under concurrency the stream's version refuses the second.
"""

from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from ledger.domain.account.events import (
    AccountAbsorbed,
    AccountEvent,
    AccountRestored,
    AccountSeparated,
    AccountTransferred,
    Cause,
    Credit,
    CreditEntered,
    CreditWithdrawn,
)
from ledger.domain.account.state import Account
from ledger.domain.civil_time import civil_time
from ledger.domain.refusal import Detail, Refusal, Refused, refuse

_SHOWN_MAX = 20
"""Overlaps that one refused merge names; there may be thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What happens to two accounts at once: the one that stays, and the merged one."""

    kept: tuple[AccountEvent, ...]
    merged: tuple[AccountEvent, ...]


def enter(account: Account, credit: Credit) -> tuple[AccountEvent, ...] | Refused:
    """Return how a credit is entered, or which other one stands in the way.

    Raises:
        ValueError: The record is of somebody whose records count elsewhere, or is credited
            already: a programmer's mistake.
    """
    if account.into is not None:
        return refuse("account_is_merged", into=str(account.into))
    if credit.recorded_for not in account.owners:
        raise ValueError("the account of the record's volunteer is wanted")
    if account.credit(credit.record) is not None:
        raise ValueError("a record is credited once")
    other = account.overlapping(credit.interval)
    if other is not None:
        return Refused((_overlap(other),))
    values: dict[str, Any] = {each.name: getattr(credit, each.name) for each in fields(Credit)}
    return (CreditEntered(volunteer=account.volunteer, **values),)


def withdraw(
    account: Account, record: UUID, cause: Cause
) -> tuple[AccountEvent, ...] | Refused:
    """Return how the credit of a record is withdrawn.

    Raises:
        ValueError: The record is not credited here: a programmer's mistake.
    """
    if account.into is not None:
        return refuse("account_is_merged", into=str(account.into))
    if account.credit(record) is None:
        raise ValueError("a record that is credited here is wanted")
    return (CreditWithdrawn(volunteer=account.volunteer, record=record, cause=cause),)


def exchange(account: Account, credit: Credit) -> tuple[AccountEvent, ...] | Refused:
    """Return how a record's credit takes the place of its earlier one.

    Whether it overlaps is judged without the earlier one.

    Raises:
        ValueError: The record is not credited here: a programmer's mistake.
    """
    withdrawn = withdraw(account, credit.record, Cause.AMENDED)
    if isinstance(withdrawn, Refused):
        return withdrawn
    entered = enter(account.without(credit.record), credit)
    return entered if isinstance(entered, Refused) else (*withdrawn, *entered)


def absorb(account: Account, source: Account) -> Joined | Refused:
    """Return how an account takes up that of another registration of the same person.

    Where credits of the two overlap, one of the records is wrong, and which one is not to be
    guessed here: the merge is refused until it is amended or voided.

    Raises:
        ValueError: Both are the same account: a programmer's mistake.
    """
    if account.volunteer == source.volunteer:
        raise ValueError("two accounts are wanted")
    for each in (account, source):
        if each.into is not None:
            return refuse("account_is_merged", into=str(each.into))
    overlaps = [
        Refusal("accounts_overlap", None, _details(credit) | {"first": str(held.record)})
        for credit in source.credits
        if (held := account.overlapping(credit.interval)) is not None
    ]
    if overlaps:
        return Refused(tuple(overlaps[:_SHOWN_MAX]))
    absorbed = AccountAbsorbed(
        volunteer=account.volunteer,
        source=source.volunteer,
        owners=source.owners,
        credits=source.credits,
    )
    transferred = AccountTransferred(volunteer=source.volunteer, into=account.volunteer)
    return Joined(kept=(absorbed,), merged=(transferred,))


def separate(account: Account, source: Account) -> Joined | Refused:
    """Return how a merge is undone: each record counts again where it was recorded.

    Raises:
        ValueError: ``source`` was not merged into this account: a programmer's mistake.
    """
    if source.into != account.volunteer:
        raise ValueError("an account and one that was merged into it are wanted")
    if account.into is not None:
        return refuse("account_is_merged", into=str(account.into))
    back = tuple(each for each in account.credits if each.recorded_for in source.owners)
    separated = AccountSeparated(
        volunteer=account.volunteer, source=source.volunteer, owners=source.owners
    )
    restored = AccountRestored(
        volunteer=source.volunteer, out_of=account.volunteer, credits=back
    )
    return Joined(kept=(separated,), merged=(restored,))


def _overlap(other: Credit) -> Refusal:
    return Refusal("credit_overlaps", "start", _details(other))


def _details(credit: Credit) -> dict[str, Detail]:
    return {
        "record": str(credit.record),
        "start": f"{civil_time(credit.start):%Y-%m-%d %H:%M}",
        "end": f"{civil_time(credit.end):%H:%M}",
    }

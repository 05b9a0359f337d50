"""An account: the credited intervals of one person in the order of time, none overlapping."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from operator import attrgetter
from typing import Any, Self, assert_never
from uuid import UUID

from ledger.domain.account.events import (
    AccountAbsorbed,
    AccountEvent,
    AccountRestored,
    AccountSeparated,
    AccountTransferred,
    Credit,
    CreditEntered,
    CreditWithdrawn,
)
from ledger.domain.event import Happened
from ledger.domain.interval import Interval

_START = attrgetter("start")
_END = attrgetter("end")
_DAY = attrgetter("day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What counts for one person.

    ``credits`` ascend by their start, and so by their end. ``owners`` are the registrations
    whose records count here, its own first; ``into`` is where they count since it was merged.
    """

    volunteer: UUID
    owners: tuple[UUID, ...]
    credits: tuple[Credit, ...] = ()
    into: UUID | None = None

    @classmethod
    def of(cls, volunteer: UUID) -> Self:
        """Return the account of a volunteer to whom nothing has been credited yet."""
        return cls(volunteer=volunteer, owners=(volunteer,))

    @property
    def total_minutes(self) -> int:
        """All minutes that count."""
        return sum(credit.minutes for credit in self.credits)

    def minutes_on(self, day: date) -> int:
        """Return the minutes that count on a civil date."""
        first = bisect_left(self.credits, day, key=_DAY)
        last = bisect_right(self.credits, day, key=_DAY)
        return sum(credit.minutes for credit in self.credits[first:last])

    def overlapping(self, interval: Interval) -> Credit | None:
        """Return the first credit that has an instant in common with an interval."""
        place = bisect_right(self.credits, interval.start, key=_END)
        if place < len(self.credits) and self.credits[place].start < interval.end:
            return self.credits[place]
        return None

    def credit(self, record: UUID) -> Credit | None:
        """Return the credit of a record."""
        return next((each for each in self.credits if each.record == record), None)

    def without(self, record: UUID) -> Self:
        """Return the account as it is without the credit of a record."""
        return replace(
            self, credits=tuple(each for each in self.credits if each.record != record)
        )


def evolve(state: Account | None, event: AccountEvent, _: Happened) -> Account:
    """Return the account after an event; an account begins with its first one."""
    account = state or Account.of(event.volunteer)
    match event:
        case CreditEntered():
            return _with(account, [_credit(event)])
        case CreditWithdrawn():
            return account.without(event.record)
        case AccountAbsorbed():
            owners = (*account.owners, *event.owners)
            return _with(replace(account, owners=owners), event.credits)
        case AccountTransferred():
            return replace(account, credits=(), into=event.into)
        case AccountSeparated():
            return _parted(account, frozenset(event.owners))
        case AccountRestored():
            return _with(replace(account, credits=(), into=None), event.credits)
        case _:
            assert_never(event)


def _credit(event: CreditEntered) -> Credit:
    values: dict[str, Any] = {each.name: getattr(event, each.name) for each in fields(Credit)}
    return Credit(**values)


def _with(account: Account, more: Iterable[Credit]) -> Account:
    held = list(account.credits)
    for credit in more:
        held.insert(bisect_right(held, credit.start, key=_START), credit)
    return replace(account, credits=tuple(held))


def _parted(account: Account, owners: frozenset[UUID]) -> Account:
    return replace(
        account,
        owners=tuple(each for each in account.owners if each not in owners),
        credits=tuple(each for each in account.credits if each.recorded_for not in owners),
    )

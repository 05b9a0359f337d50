"""Accounts: the minutes that count for a volunteer, each instant once."""

from ledger.domain.account.deciding import (
    Joined,
    absorb,
    enter,
    exchange,
    separate,
    withdraw,
)
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
from ledger.domain.account.state import Account, evolve

__all__ = [
    "Account",
    "AccountAbsorbed",
    "AccountEvent",
    "AccountRestored",
    "AccountSeparated",
    "AccountTransferred",
    "Cause",
    "Credit",
    "CreditEntered",
    "CreditWithdrawn",
    "Joined",
    "absorb",
    "enter",
    "evolve",
    "exchange",
    "separate",
    "withdraw",
]

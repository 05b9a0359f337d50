"""What happens to an account: minutes are credited and withdrawn, accounts joined and parted.

An account has the stream of its own volunteer. ``volunteer`` is always the registration whose
account it is; ``recorded_for`` the one that a record names, which is another one where two
registrations of one person were merged. No personal facts: times belong to an opaque id.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, TypeAlias
from uuid import UUID

from ledger.domain.interval import Interval


class Cause(StrEnum):
    """Why a credit is withdrawn."""

    AMENDED = "amended"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """The minutes of one confirmed record; breaks lie within ``start`` and ``end``."""

    record: UUID
    recorded_for: UUID
    organization: UUID
    start: datetime
    end: datetime
    minutes: int

    @property
    def interval(self) -> Interval:
        """The time that it takes up: nothing else is credited in it."""
        return Interval(self.start, self.end)

    @property
    def day(self) -> date:
        """The civil date of the service."""
        return self.interval.day


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditEntered(Credit):
    """A record was confirmed, or amended: its minutes count."""

    TYPE: ClassVar[str] = "credit.entered"
    SHAPE: ClassVar[int] = 1

    volunteer: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditWithdrawn:
    """The minutes of a record count no more, or no more as they did."""

    TYPE: ClassVar[str] = "credit.withdrawn"
    SHAPE: ClassVar[int] = 1

    volunteer: UUID
    record: UUID
    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAbsorbed:
    """Another registration of the same person was merged into this one: its credits are here.

    ``owners`` are the registrations whose records count here from now on.
    """

    TYPE: ClassVar[str] = "account.absorbed"
    SHAPE: ClassVar[int] = 1

    volunteer: UUID
    source: UUID
    owners: tuple[UUID, ...]
    credits: tuple[Credit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountTransferred:
    """The other side of a merge: this account is empty, and its records count at ``into``."""

    TYPE: ClassVar[str] = "account.transferred"
    SHAPE: ClassVar[int] = 1

    volunteer: UUID
    into: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSeparated:
    """A merge is undone: the records of ``owners`` count here no more."""

    TYPE: ClassVar[str] = "account.separated"
    SHAPE: ClassVar[int] = 1

    volunteer: UUID
    source: UUID
    owners: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRestored:
    """The other side of a separation: what is recorded for this one counts here again.

    ``credits`` are those of its records as they stand now, not as they were at the merge.
    """

    TYPE: ClassVar[str] = "account.restored"
    SHAPE: ClassVar[int] = 1

    volunteer: UUID
    out_of: UUID
    credits: tuple[Credit, ...]


AccountEvent: TypeAlias = (
    CreditEntered
    | CreditWithdrawn
    | AccountAbsorbed
    | AccountTransferred
    | AccountSeparated
    | AccountRestored
)

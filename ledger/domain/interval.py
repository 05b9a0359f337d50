"""A stretch of time from one instant up to another, half open: touching is no overlap."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from ledger.domain.civil_time import civil_date

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """The instants from ``start`` on and before ``end``, both in UTC; it is never empty.

    Raises:
        ValueError: An instant is not in UTC, or the end not after the start: a programmer's
            mistake.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is not UTC or self.end.tzinfo is not UTC:
            raise ValueError("instants in UTC are wanted")
        if self.end <= self.start:
            raise ValueError("an end after the start is wanted")

    @property
    def minutes(self) -> int:
        """Its length in whole minutes; what is left of the last one does not count."""
        return (self.end - self.start) // _MINUTE

    @property
    def day(self) -> date:
        """The civil date on which it begins."""
        return civil_date(self.start)

    def overlaps(self, other: "Interval") -> bool:
        """Return whether the two have an instant in common."""
        return self.start < other.end and other.start < self.end

"""Working days, as the State Council's yearly notices set them.

A working day is Monday to Friday without the holidays of the notice, and its make-up days at
weekends. Deadlines count from the day after: day 0 is the day on which something ended. A
year whose notice is not known is reckoned Monday to Friday, and what rests on it says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

_DAY = timedelta(days=1)
_FRIDAY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingYear:
    """One year's notice: ``off`` are its holidays, ``work`` its make-up working days.

    ``off`` may name weekend days, as the notices do. Both ascend.
    """

    year: int
    off: tuple[date, ...]
    work: tuple[date, ...]
    notice: str

    def is_working(self, day: date) -> bool:
        """Return whether a day of this year is a working day."""
        return day in self.work or (day.weekday() <= _FRIDAY and day not in self.off)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a time limit; ``provisional`` while a year on its way has no notice."""

    day: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """The years whose notices are known; a later one of the same year replaces the earlier."""

    years: tuple[WorkingYear, ...] = ()
    _by_year: Mapping[int, WorkingYear] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_year", {each.year: each for each in self.years})

    def year(self, year: int) -> WorkingYear | None:
        """Return a year's notice, or None where it is not known."""
        return self._by_year.get(year)

    def is_working(self, day: date) -> bool:
        """Return whether a day is a working day."""
        year = self.year(day.year)
        return day.weekday() <= _FRIDAY if year is None else year.is_working(day)

    def add(self, start: date, days: int) -> Deadline:
        """Return the working day that is ``days`` after ``start``, which is day 0.

        Beyond the year 9999 there is no day: the limit ends there.

        Raises:
            ValueError: A time limit is not negative: a programmer's mistake.
        """
        if days < 0:
            raise ValueError("a time limit of 0 working days or more is wanted")
        day, provisional = start, False
        while days and day < date.max:
            day += _DAY
            days -= self.is_working(day)
            provisional |= day.year not in self._by_year
        return Deadline(day, provisional)

    def count(self, after: date, until: date) -> int:
        """Return how many working days there are after one day up to another one."""
        if until <= after:
            return 0
        changed = sum(
            self.is_working(day) - (day.weekday() <= _FRIDAY)
            for each in self._by_year.values()
            for day in {*each.off, *each.work}
            if after < day <= until
        )
        return _mondays_to_fridays(until) - _mondays_to_fridays(after) + changed


def _mondays_to_fridays(until: date) -> int:
    weeks, days = divmod(until.toordinal(), 7)  # day 1 is a Monday
    return weeks * 5 + min(days, 5)

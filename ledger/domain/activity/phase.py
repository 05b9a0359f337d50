"""How far an activity is on a day, and how its head count stands to who is recorded.

Both follow from what is kept and are kept nowhere: a day passes without an entry.
"""

from dataclasses import dataclass
from datetime import date

from ledger.domain.codes import HeadCount, Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The civil dates of an activity and of its recruiting, each first and last included."""

    starts_on: date
    ends_on: date
    recruits_from: date | None
    recruits_until: date | None


def phase_on(today: date, dates: Dates, *, is_cancelled: bool, is_back_entry: bool) -> Phase:
    """Return how far an activity is on a civil date (data dictionary 4.3, 状态).

    What was entered after its end stays 补录. While both run, recruiting is what is told.
    """
    if is_cancelled:
        return Phase.CANCELLED
    if is_back_entry:
        return Phase.BACK_ENTRY
    if today > dates.ends_on:
        return Phase.OVER
    if dates.recruits_from is not None and dates.recruits_until is not None:
        if dates.recruits_from <= today <= dates.recruits_until:
            return Phase.RECRUITING
        if dates.recruits_until < today < dates.starts_on:
            return Phase.RECRUITED
    return Phase.UNDER_WAY if dates.starts_on <= today else Phase.PLANNED


def head_count_on(today: date, *, ends_on: date, declared: int, recorded: int) -> HeadCount:
    """Return how a head count stands on a civil date (pilot plan, 三(三), 总人数).

    ``recorded`` counts different volunteers with a record that is not voided. Until the
    activity is over, fewer are no discrepancy; more are one at any time.
    """
    if recorded > declared:
        return HeadCount.EXCEEDED
    if recorded == declared:
        return HeadCount.AGREES
    return HeadCount.SHORT if today > ends_on else HeadCount.OPEN

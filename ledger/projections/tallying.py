"""Statistics: counters that are, at any size of the log, sums over the rows as of that size.

What one row adds to which counter is said once, here. The current counters are kept by what
an entry's rows add afterwards and no longer do; those of the past are summed up from the rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from ledger.projections.rows import Rows
from ledger.projections.tasks import division_of
from ledger.projections.view import Values, View
from ledger.projections.views import ACTIVITIES, RECORDS, TALLIES, VOLUNTEERS

Counted: TypeAlias = tuple[str, str, str]
"""Organization, month and measure."""

NOBODY: Final = ""
"""The organization of who registered herself."""

MEASURES: Mapping[str, str] = {
    "records": "records that are not voided, by the month of service",
    "submitted": "of these, waiting to be shown",
    "publicized": "of these, in publicity",
    "returned": "of these, returned to their recorders",
    "held": "of these, awaiting a second approval",
    "confirmed": "of these, confirmed",
    "confirmed_minutes": "the minutes of the confirmed ones",
    "voided": "records that were voided",
    "late": "records entered late (Order 67, Art. 11), voided ones among them",
    "back_entries": "records entered as back entries, voided ones among them",
    "objections": "objections that were raised against records of the month",
    "open_objections": "of these, not decided yet",
    "amendments": "amendments of records of the month that were accepted",
    "activities": "activities that ended in the month, without cancelled ones",
    "activities_cancelled": "activities that should have ended in the month",
    "activities_back_entry": "activities of the month that were registered after their end",
    "heads": "how many took part in the month's activities, by what is said of them",
    "heads_recorded": "how many volunteers are recorded in these activities, in each by itself",
    "head_counts_short": "of these, with fewer recorded than took part, over or not",
    "head_counts_exceeded": "of these, with more recorded than took part",
    "volunteers": "registrations of the month that count for themselves",
}
"""Measure → what it counts."""

_MONTH = 7


def retally(rows: Rows) -> None:
    """Note how much the counters change with what the present entry has changed."""
    for view, before, after in rows.touched(COUNTING):
        counting = COUNTING[view]
        come = {} if after is None else counting.amounts(after)
        here = None if after is None else counting.place(after)
        if before is not None:
            place = counting.place(before)
            for measure, amount in counting.amounts(before).items():
                less = amount - (come.pop(measure, 0) if place == here else 0)
                if less:
                    rows.count((*place, measure), -less)
        if here is not None:
            for measure, amount in come.items():
                rows.count((*here, measure), amount)


def settle(rows: Rows) -> None:
    """Let the counters be what they have come to, at the end of a batch."""
    counts = rows.take_counts()
    rows.prefetch((TALLIES, counted) for counted in counts)
    for counted, (amount, seq) in counts.items():
        before = rows.get(TALLIES, counted)
        organization = str(counted[0]) or None
        row: Values = {
            "division": before["division"] if before else division_of(rows, organization),
            "value": _number(before["value"] if before else 0) + amount,
        }
        rows.begin(seq)
        rows.put(TALLIES, counted, row)


@dataclass(frozen=True, slots=True)
class Counting:
    """How a view's rows are counted, by organization and month, and by measure."""

    place: Callable[[Values], tuple[str, str]]
    amounts: Callable[[Values], dict[str, int]]


def counts_of(view: View, row: Values) -> dict[Counted, int]:
    """Return what a row adds to which counters."""
    counting = COUNTING[view]
    organization, month = counting.place(row)
    return {
        (organization, month, measure): amount
        for measure, amount in counting.amounts(row).items()
    }


def _of_record(row: Values) -> dict[str, int]:
    stage = row["stage"]
    amounts = {str(stage): 1}
    if stage != "voided":
        amounts["records"] = 1
    if stage == "confirmed":
        amounts["confirmed_minutes"] = _number(row["minutes"])
    for measure, column in _COUNTED_OF_RECORDS:
        amount = row[column]
        if amount:
            amounts[measure] = int(amount)
    return amounts


_COUNTED_OF_RECORDS = (
    ("late", "is_late"),
    ("back_entries", "is_back_entry"),
    ("objections", "objected"),
    ("open_objections", "objections"),
    ("amendments", "amended"),
)


def _of_activity(row: Values) -> dict[str, int]:
    if row["status"] == "cancelled":
        return {"activities_cancelled": 1}
    amounts = {"activities": 1, "heads": _number(row["head_count"])}
    if row["back_entry"]:
        amounts["activities_back_entry"] = 1
    if row["recorded"]:
        amounts["heads_recorded"] = _number(row["recorded"])
    if row["head_count_standing"] != "agrees":
        amounts["head_counts_" + str(row["head_count_standing"])] = 1
    return amounts


def _of_volunteer(row: Values) -> dict[str, int]:
    return {"volunteers": 1} if row["status"] == "active" else {}


def _place(organization: str, day: str) -> Callable[[Values], tuple[str, str]]:
    def place(row: Values) -> tuple[str, str]:
        return str(row[organization] or NOBODY), str(row[day])[:_MONTH]

    return place


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


COUNTING: Mapping[View, Counting] = {
    RECORDS: Counting(_place("organization", "day"), _of_record),
    ACTIVITIES: Counting(_place("organization", "ends_on"), _of_activity),
    VOLUNTEERS: Counting(_place("registered_by", "registered_on"), _of_volunteer),
}
"""View → how its rows are counted."""

"""Statistics: counters that are, at any size of the log, sums over the rows as of that size.

What one row adds to which counter is said once, here. The current counters are kept by what
an entry's rows add afterwards and no longer do; those of the past are summed up from the rows.
"""

from collections import Counter
from collections.abc import Callable, Mapping
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
    "volunteers": "registrations of the month that count for themselves",
}
"""Measure → what it counts."""

_MONTH = 7


def retally(rows: Rows) -> None:
    """Let the counters follow what the present entry has changed."""
    counts: Counter[Counted] = Counter()
    for view, _, before, after in rows.touched():
        count = COUNTING.get(view)
        if count is not None:
            if before is not None:
                counts.subtract(count(before))
            if after is not None:
                counts.update(count(after))
    for counted, amount in counts.items():
        if amount:
            _add(rows, counted, amount)


def _add(rows: Rows, counted: Counted, amount: int) -> None:
    before = rows.get(TALLIES, counted)
    value = before["value"] if before else 0
    row: Values = {
        "division": before["division"] if before else division_of(rows, counted[0] or None),
        "value": (value if isinstance(value, int) else 0) + amount,
    }
    rows.put(TALLIES, counted, row)


def _of_record(row: Values) -> dict[Counted, int]:
    organization, month = str(row["organization"]), str(row["day"])[:_MONTH]
    stage = str(row["stage"])
    counts = {(organization, month, stage): 1}
    if stage != "voided":
        counts[organization, month, "records"] = 1
    if stage == "confirmed":
        counts[organization, month, "confirmed_minutes"] = _number(row["minutes"])
    for measure, column in _COUNTED_OF_RECORDS:
        amount = row[column]
        if amount:
            counts[organization, month, measure] = int(amount)
    return counts


_COUNTED_OF_RECORDS = (
    ("late", "is_late"),
    ("back_entries", "is_back_entry"),
    ("objections", "objected"),
    ("open_objections", "objections"),
    ("amendments", "amended"),
)


def _of_activity(row: Values) -> dict[Counted, int]:
    organization, month = str(row["organization"]), str(row["ends_on"])[:_MONTH]
    if row["status"] == "cancelled":
        return {(organization, month, "activities_cancelled"): 1}
    counts = {
        (organization, month, "activities"): 1,
        (organization, month, "heads"): _number(row["head_count"]),
    }
    if row["back_entry"]:
        counts[organization, month, "activities_back_entry"] = 1
    return counts


def _of_volunteer(row: Values) -> dict[Counted, int]:
    if row["status"] != "active":
        return {}
    organization, month = row["registered_by"] or NOBODY, str(row["registered_on"])[:_MONTH]
    return {(str(organization), month, "volunteers"): 1}


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


COUNTING: Mapping[View, Callable[[Values], dict[Counted, int]]] = {
    RECORDS: _of_record,
    ACTIVITIES: _of_activity,
    VOLUNTEERS: _of_volunteer,
}
"""View → what a row of it adds to which counters."""

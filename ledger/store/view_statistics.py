"""Statistics of organizations: the counters as they are, or summed up as of a size of the log.

Which measures there are, and what they count, is said in `ledger.projections.tallying`. A
counter of the past is the same sum over the rows of that time: a test compares the two.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa

from ledger.projections.tallying import NOBODY
from ledger.projections.view import View
from ledger.projections.views import ACTIVITIES, RECORDS, TALLIES, VOLUNTEERS
from ledger.store.raw_rows import RawReader
from ledger.store.view_query import LAST, among_current, as_of_size
from ledger.store.view_reader import AsOf, ViewReader
from ledger.store.view_tables import table_name

Counted: TypeAlias = tuple[str, str, str]
"""Organization, empty where there is none, month and measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whose statistics: of one organization, or of all at home in a division; all if neither.

    Months are `YYYY-MM`, both of them included. ``size`` None is now.
    """

    organization: str | None = None
    division: str | None = None
    first_month: str = "0000-00"
    last_month: str = "9999-99"
    size: int | None = None


_HOME = (
    "{organization} IN (SELECT organization FROM view_organizations"
    " WHERE log = ? AND until IS NULL AND division >= ? AND division < ?)"
)


@dataclass(frozen=True, slots=True)
class _Summed:
    """How a view's rows are summed up: by what, and each measure by the sum that it is."""

    view: View
    organization: str
    day: str
    by: str
    sums: Mapping[str, str]


_SUMMED = (
    _Summed(
        RECORDS,
        "organization",
        "day",
        "stage",
        {
            "{by}": "count(*)",
            "records": "sum(CASE WHEN stage <> 'voided' THEN 1 ELSE 0 END)",
            "confirmed_minutes": "sum(CASE WHEN stage = 'confirmed' THEN minutes ELSE 0 END)",
            "late": "sum(CASE WHEN is_late THEN 1 ELSE 0 END)",
            "back_entries": "sum(CASE WHEN is_back_entry THEN 1 ELSE 0 END)",
            "objections": "sum(objected)",
            "open_objections": "sum(objections)",
            "amendments": "sum(amended)",
        },
    ),
    _Summed(
        ACTIVITIES,
        "organization",
        "ends_on",
        "status",
        {
            "activities": "sum(CASE WHEN status <> 'cancelled' THEN 1 ELSE 0 END)",
            "activities_cancelled": "sum(CASE WHEN status = 'cancelled' THEN 1 ELSE 0 END)",
            "activities_back_entry": (
                "sum(CASE WHEN status <> 'cancelled' AND back_entry THEN 1 ELSE 0 END)"
            ),
            "heads": "sum(CASE WHEN status <> 'cancelled' THEN head_count ELSE 0 END)",
            "heads_recorded": "sum(CASE WHEN status <> 'cancelled' THEN recorded ELSE 0 END)",
            **{
                f"head_counts_{standing}": (
                    "sum(CASE WHEN status <> 'cancelled'"
                    f" AND head_count_standing = '{standing}' THEN 1 ELSE 0 END)"
                )
                for standing in ("short", "exceeded")
            },
        },
    ),
    _Summed(
        VOLUNTEERS,
        "registered_by",
        "registered_on",
        "status",
        {"volunteers": "sum(CASE WHEN status = 'active' THEN 1 ELSE 0 END)"},
    ),
)


def statistics(reader: ViewReader, asked: Asked) -> AsOf[Mapping[Counted, int]]:
    """Return the counters that are not zero.

    Raises:
        sqlalchemy.exc.DBAPIError: The database refused.
    """

    def read(raw: RawReader, connection: sa.Connection, log: str) -> Mapping[Counted, int]:
        rows = _counters if asked.size is None else _summed_up
        counts: dict[Counted, int] = {}
        for counted, amount in rows(raw, connection, log, asked):
            counts[counted] = counts.get(counted, 0) + amount
        return {counted: amount for counted, amount in counts.items() if amount}

    return reader.at_once(read, size=asked.size)


_Counts: TypeAlias = Iterable[tuple[Counted, int]]


def _counters(raw: RawReader, connection: sa.Connection, log: str, asked: Asked) -> _Counts:
    conditions = ["log = ?", "month >= ?", "month <= ?"]
    values = [log, asked.first_month, asked.last_month]
    if asked.organization is not None:
        conditions.append("organization = ?")
        values.append(asked.organization)
    if asked.division is not None:
        conditions += ["division >= ?", "division < ?"]
        values += [asked.division, asked.division + LAST]
    query = (
        f"SELECT organization, month, measure, value FROM {table_name(TALLIES)}"  # noqa: S608
        f" WHERE {' AND '.join(conditions)}"
    )
    for organization, month, measure, value in raw.select(connection, query, *values):
        yield (organization, month, measure), value


def _summed_up(raw: RawReader, connection: sa.Connection, log: str, asked: Asked) -> _Counts:
    for summed in _SUMMED:
        query, values = _sum_of(summed, asked, log)
        for row in raw.select(connection, query, *values):
            yield from _counted(summed, row)


def _sum_of(summed: _Summed, asked: Asked, log: str) -> tuple[str, list[Any]]:
    as_of, sizes = as_of_size(summed.view, asked.size)
    conditions = ["log = ?", f"{summed.day} >= ?", f"{summed.day} < ?", as_of]
    values: list[Any] = [log, asked.first_month, asked.last_month + LAST, *sizes]
    if asked.organization == NOBODY:
        conditions.append(among_current(summed.view, f"{summed.organization} IS NULL"))
        values.append(log)
    elif asked.organization is not None:
        conditions.append(among_current(summed.view, f"{summed.organization} = ?"))
        values += [log, asked.organization]
    if asked.division is not None:
        home = _HOME.format(organization=summed.organization)
        conditions.append(among_current(summed.view, home))
        values += [log, log, asked.division, asked.division + LAST]
    month = f"substr({summed.day}, 1, 7)"
    groups = f"coalesce({summed.organization}, ''), {month}, {summed.by}"
    query = (
        f"SELECT {groups}, {', '.join(summed.sums.values())}"  # noqa: S608 - words of ours
        f" FROM {table_name(summed.view)} WHERE {' AND '.join(conditions)} GROUP BY {groups}"
    )
    return query, values


def _counted(summed: _Summed, row: Any) -> Iterator[tuple[Counted, int]]:
    organization, month, by, *amounts = row
    for measure, amount in zip(summed.sums, amounts, strict=True):
        yield (organization, month, measure.format(by=by)), int(amount)

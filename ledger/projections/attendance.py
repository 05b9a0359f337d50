"""How many different volunteers are recorded in an activity: counted as records come and go.

Whoever has a record there that is not voided counts once, by the registration for which it was
recorded.
"""

from ledger.projections.rows import Rows
from ledger.projections.view import Values
from ledger.projections.views import ACTIVITIES, ATTENDANCE


def attended(rows: Rows, record: Values) -> None:
    """A record of a volunteer was entered."""
    _count(rows, record, 1)


def attended_not(rows: Rows, record: Values) -> None:
    """A record of a volunteer counts no more."""
    _count(rows, record, -1)


def standing(head_count: object, recorded: object) -> str:
    """Return how a head count stands to who is recorded, whatever day it is."""
    declared, found = _number(head_count), _number(recorded)
    if found == declared:
        return "agrees"
    return "short" if found < declared else "exceeded"


def _count(rows: Rows, record: Values, difference: int) -> None:
    activity, volunteer = str(record["activity"]), str(record["volunteer"])
    before = rows.get(ATTENDANCE, (activity, volunteer))
    records = 0 if before is None else _number(before["records"])
    after = records + difference
    rows.put(ATTENDANCE, (activity, volunteer), {"records": after})
    if (records > 0) == (after > 0):
        return
    row = rows.need(ACTIVITIES, (activity,))
    recorded = _number(row["recorded"]) + difference
    known: Values = {
        **row,
        "recorded": recorded,
        "head_count_standing": standing(row["head_count"], recorded),
    }
    rows.put(ACTIVITIES, (activity,), known)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0

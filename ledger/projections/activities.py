"""Activities as they stand: registered, changed, amended, cancelled."""

from typing import Any

import orjson

from ledger.projections.attendance import standing
from ledger.projections.rows import Rows
from ledger.projections.taken import Taken
from ledger.projections.tasks import TaskKind, asked_in, close_task, of_activity, open_task
from ledger.projections.view import Values, words
from ledger.projections.views import ACTIVITIES

_NONE: Values = {"amendment": None, "proposed": None}


def registered(entry: Taken, rows: Rows) -> None:
    """An activity is known."""
    facts = entry.facts
    row: Values = {
        **_said(facts),
        **_NONE,
        "organization": facts["recording_organization"],
        "organizer": facts["organizer"],
        "status": "registered",
        "back_entry": facts["back_entry"],
        "project_no": facts.get("project_no"),
        "recorded": 0,
        "head_count_standing": standing(facts["head_count"], 0),
    }
    rows.put(ACTIVITIES, (entry.stream,), row, is_new=True)


def changed(entry: Taken, rows: Rows) -> None:
    """It is planned otherwise."""
    row = rows.need(ACTIVITIES, (entry.stream,))
    rows.put(ACTIVITIES, (entry.stream,), _with(row, _said(entry.facts)))


def proposed(entry: Taken, rows: Rows) -> None:
    """Somebody says that it was otherwise."""
    amendment = entry.facts["amendment"]
    said = orjson.dumps(_said(entry.facts), option=orjson.OPT_SORT_KEYS).decode()
    row = rows.need(ACTIVITIES, (entry.stream,))
    row = {**row, "amendment": amendment, "proposed": said}
    rows.put(ACTIVITIES, (entry.stream,), row)
    about = of_activity(rows, entry.stream, row, entry.day) | asked_in(entry)
    open_task(rows, TaskKind.DECIDE_ACTIVITY_AMENDMENT, amendment, about)


def amended(entry: Taken, rows: Rows) -> None:
    """It was as proposed."""
    row = rows.need(ACTIVITIES, (entry.stream,))
    after: dict[str, Any] = orjson.loads(str(row["proposed"]))
    rows.put(ACTIVITIES, (entry.stream,), _with(row, {**after, **_NONE}))
    close_task(rows, TaskKind.DECIDE_ACTIVITY_AMENDMENT, entry.facts["amendment"])


def rejected(entry: Taken, rows: Rows) -> None:
    """It stays as it was registered."""
    row = rows.need(ACTIVITIES, (entry.stream,))
    rows.put(ACTIVITIES, (entry.stream,), {**row, **_NONE})
    close_task(rows, TaskKind.DECIDE_ACTIVITY_AMENDMENT, entry.facts["amendment"])


def cancelled(entry: Taken, rows: Rows) -> None:
    """It did not take place."""
    row = rows.need(ACTIVITIES, (entry.stream,))
    rows.put(ACTIVITIES, (entry.stream,), {**row, **_NONE, "status": "cancelled"})
    if row["amendment"] is not None:
        close_task(rows, TaskKind.DECIDE_ACTIVITY_AMENDMENT, str(row["amendment"]))


def _with(row: Values, said: Values) -> Values:
    known = {**row, **said}
    known["head_count_standing"] = standing(known["head_count"], known["recorded"])
    return known


def _said(facts: Any) -> Values:
    """Return what is said; the first shape had neither admission nor recruiting."""
    return {
        "division": facts["division"],
        "name": facts["name"],
        "starts_on": facts["starts_on"],
        "ends_on": facts["ends_on"],
        "head_count": facts["head_count"],
        "person_in_charge": facts["person_in_charge"],
        "categories": words(facts["categories"]),
        "admission_mode": facts.get("admission_mode"),
        "recruits_from": facts.get("recruits_from"),
        "recruits_until": facts.get("recruits_until"),
    }

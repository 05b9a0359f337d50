"""Records that are amended or voided: proposed, answered, accepted or not."""

from typing import Any

import orjson

from ledger.projections.attendance import attended_not
from ledger.projections.certificates import record_amended
from ledger.projections.imports import record_changed
from ledger.projections.records import served
from ledger.projections.rows import Rows
from ledger.projections.taken import Taken
from ledger.projections.tasks import TaskKind, asked_in, close_task, of_record, open_task
from ledger.projections.view import Values
from ledger.projections.views import RECORDS

_NONE: Values = {"amendment": None, "amendment_is_voiding": False, "proposed": None}


def proposed(entry: Taken, rows: Rows) -> None:
    """Somebody says what a record should be instead."""
    facts = entry.facts
    after = {**served(facts), "rules": facts["rules"]}
    _propose(entry, rows, orjson.dumps(after, option=orjson.OPT_SORT_KEYS).decode())


def voiding_proposed(entry: Taken, rows: Rows) -> None:
    """Somebody says that a record should count no more."""
    _propose(entry, rows, None)


def replied(entry: Taken, rows: Rows) -> None:
    """The volunteer answered: nothing in these rows tells it."""


def accepted(entry: Taken, rows: Rows) -> None:
    """The record is as proposed."""
    row = rows.need(RECORDS, (entry.stream,))
    after: dict[str, Any] = orjson.loads(str(row["proposed"]))
    amended = row["amended"]
    count = {"amended": amended + 1 if isinstance(amended, int) else 1}
    rows.put(RECORDS, (entry.stream,), {**row, **after, **count, **_NONE})
    record_amended(rows, entry.stream)
    close_task(rows, TaskKind.DECIDE_AMENDMENT, entry.facts["amendment"])


def rejected(entry: Taken, rows: Rows) -> None:
    """The record stays as it is."""
    row = rows.need(RECORDS, (entry.stream,))
    rows.put(RECORDS, (entry.stream,), {**row, **_NONE})
    close_task(rows, TaskKind.DECIDE_AMENDMENT, entry.facts["amendment"])


def voided(entry: Taken, rows: Rows) -> None:
    """The record counts no more, and nothing of it waits any more."""
    row = rows.need(RECORDS, (entry.stream,))
    ended: Values = {"stage": "voided", "open_objections": "", "objections": 0}
    rows.put(RECORDS, (entry.stream,), {**row, **ended, **_NONE})
    if row["stage"] != "voided":
        attended_not(rows, row)
    close_task(rows, TaskKind.DECIDE_AMENDMENT, entry.facts["amendment"])
    close_task(rows, TaskKind.RESUBMIT, entry.stream)
    for objection in str(row["open_objections"]).split():
        close_task(rows, TaskKind.DECIDE_OBJECTION, objection)
    record_changed(entry, rows)


def _propose(entry: Taken, rows: Rows, after: str | None) -> None:
    amendment = entry.facts["amendment"]
    row: Values = {
        **rows.need(RECORDS, (entry.stream,)),
        "amendment": amendment,
        "amendment_is_voiding": after is None,
        "proposed": after,
    }
    rows.put(RECORDS, (entry.stream,), row)
    about = of_record(rows, entry.stream, row, entry.day) | asked_in(entry)
    open_task(rows, TaskKind.DECIDE_AMENDMENT, amendment, about)

"""Records as they stand: entered, shown, objected to, returned, confirmed, approved."""

from typing import Any

from ledger.projections.attendance import attended
from ledger.projections.imports import record_changed
from ledger.projections.rows import Rows
from ledger.projections.taken import Taken, civil_day
from ledger.projections.tasks import TaskKind, asked_in, close_task, of_record, open_task
from ledger.projections.view import Values, words
from ledger.projections.views import ACTIVITIES, RECORDS


def submitted(entry: Taken, rows: Rows) -> None:
    """A recorder entered a record."""
    facts = entry.facts
    row = _entered(entry) | {
        "volunteer": facts["volunteer"],
        "activity": facts["activity"],
        "organization": facts["on_behalf_of"],
        "open_objections": "",
        "objections": 0,
        "objected": 0,
        "amended": 0,
        "amendment": None,
        "amendment_is_voiding": False,
        "proposed": None,
    }
    rows.put(RECORDS, (entry.stream,), row, is_new=True)
    attended(rows, row)
    _await_publicity(entry, rows, row, is_new=True)


def resubmitted(entry: Taken, rows: Rows) -> None:
    """A returned record is entered anew."""
    row = rows.need(RECORDS, (entry.stream,)) | _entered(entry)
    rows.put(RECORDS, (entry.stream,), row)
    close_task(rows, TaskKind.RESUBMIT, entry.stream)
    _await_publicity(entry, rows, row)
    record_changed(entry, rows)


def publicized(entry: Taken, rows: Rows) -> None:
    """A record is shown."""
    facts = entry.facts
    row = _changed(
        entry,
        rows,
        stage="publicized",
        opens_on=facts["opens_on"],
        closes_on=facts["closes_on"],
        provisional=facts["provisional"],
    )
    close_task(rows, TaskKind.PUBLICIZE, entry.stream)
    about = of_record(rows, entry.stream, row, facts["closes_on"])
    open_task(rows, TaskKind.REVIEW, entry.stream, about)


def objected(entry: Taken, rows: Rows) -> None:
    """Somebody says that it is wrong."""
    before, objection = rows.need(RECORDS, (entry.stream,)), entry.facts["objection"]
    ids = [*str(before["open_objections"]).split(), objection]
    row = _changed(entry, rows, **_objections(ids), objected=_number(before["objected"]) + 1)
    about = of_record(rows, entry.stream, row, entry.day) | asked_in(entry)
    open_task(rows, TaskKind.DECIDE_OBJECTION, objection, about)


def objection_decided(entry: Taken, rows: Rows) -> None:
    """An objection was looked into; upheld, it returns the record."""
    before, objection = rows.need(RECORDS, (entry.stream,)), entry.facts["objection"]
    ids = [each for each in str(before["open_objections"]).split() if each != objection]
    _changed(entry, rows, **_objections(ids))
    close_task(rows, TaskKind.DECIDE_OBJECTION, objection)
    if entry.facts["upheld"]:
        returned(entry, rows)


def returned(entry: Taken, rows: Rows) -> None:
    """A record goes back to its recorder."""
    was_returned = rows.need(RECORDS, (entry.stream,))["stage"] == "returned"
    shown = {"opens_on": None, "closes_on": None, "provisional": False}
    row = _changed(entry, rows, stage="returned", reviewer=None, awaits="", **shown)
    if was_returned:
        return  # by an objection, and now by another one: it waits since the first
    for kind in (TaskKind.PUBLICIZE, TaskKind.REVIEW, TaskKind.APPROVE):
        close_task(rows, kind, entry.stream)
    about = of_record(rows, entry.stream, row, entry.day)
    open_task(rows, TaskKind.RESUBMIT, entry.stream, about)


def confirmed(entry: Taken, rows: Rows) -> None:
    """A second person confirmed it; what it awaits holds it."""
    facts = entry.facts
    row = _changed(
        entry,
        rows,
        stage="held" if facts["awaits"] else "confirmed",
        reviewer=facts["reviewer"],
        awaits=words(facts["awaits"]),
    )
    close_task(rows, TaskKind.REVIEW, entry.stream)
    if facts["awaits"]:
        about = of_record(rows, entry.stream, row, entry.day)
        open_task(rows, TaskKind.APPROVE, entry.stream, about)


def approved(entry: Taken, rows: Rows) -> None:
    """A person of a body above approved it."""
    facts = entry.facts
    awaits = words(facts["signals"])
    _changed(entry, rows, stage="confirmed", approver=facts["approver"], awaits=awaits)
    close_task(rows, TaskKind.APPROVE, entry.stream)


def _entered(entry: Taken) -> Values:
    facts = entry.facts
    signals = facts["signals"]
    return {
        **served(facts),
        "rules": facts["rules"],
        "stage": "submitted",
        "channel": facts["channel"],
        "recorder": facts["recorder"],
        "submitted_by": entry.by,
        "submitted_at": entry.time,
        "signals": words(signals),
        "is_late": "late" in signals,
        "is_back_entry": "back_entry" in signals,
        "awaits": "",
        "reviewer": None,
        "approver": None,
        "opens_on": None,
        "closes_on": None,
        "provisional": False,
    }


def served(facts: Any) -> Values:
    """Return when and where something was served, and for how long it counts."""
    return {
        "division": facts["division"],
        "day": civil_day(facts["start"]),
        "start": facts["start"],
        "end": facts["end"],
        "minutes": facts["minutes"],
    }


def _await_publicity(entry: Taken, rows: Rows, row: Values, *, is_new: bool = False) -> None:
    activity = rows.need(ACTIVITIES, (str(row["activity"]),))
    about = of_record(rows, entry.stream, row, str(activity["ends_on"]))
    open_task(rows, TaskKind.PUBLICIZE, entry.stream, about, is_new=is_new)


def _changed(entry: Taken, rows: Rows, **values: Any) -> Values:
    row: Values = {**rows.need(RECORDS, (entry.stream,)), **values}
    rows.put(RECORDS, (entry.stream,), row)
    return row


def _objections(ids: list[str]) -> Values:
    return {"open_objections": words(ids), "objections": len(ids)}


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0

"""Imported files as they stand: their runs, rows, scans, and how they compare with their paper.

A batch that was compared waits to be compared again as soon as a record of it is entered anew,
or one of those that differed is voided; what was entered later no check has seen.
"""

from ledger.projections.rows import Rows
from ledger.projections.taken import Taken
from ledger.projections.tasks import TaskKind, close_task, division_of, open_task
from ledger.projections.view import Values
from ledger.projections.views import IMPORT_ROWS, IMPORTS

_PAPER = "paper"


def begun(entry: Taken, rows: Rows) -> None:
    """A run begins: the first one makes the file known."""
    facts = entry.facts
    before = rows.get(IMPORTS, (entry.stream,))
    if before is not None:
        same = before["activity"] == facts["activity"]
        again = {"activity": before["activity"] if same else None, "is_open": True}
        rows.put(IMPORTS, (entry.stream,), {**before, **again})
        return
    carrier = facts.get("carrier", "electronic")
    row: Values = {
        "organization": facts["organization"],
        "activity": facts["activity"],
        "sha256": facts["digest"],
        "format": facts["format"],
        "carrier": carrier,
        "keyed_by": facts.get("keyed_by", entry.by.partition(":")[2]),
        "begun_by": entry.by,
        "begun_at": entry.time,
        "standing": "awaits_scan" if carrier == _PAPER else "electronic",
        "checked_by": None,
        "checked_at": None,
        "rows": 0,
        "accepted": 0,
        "refused": 0,
        "scans": 0,
        "differing": 0,
        "rows_on_paper": 0,
        "persons_on_paper": 0,
        "is_open": True,
    }
    rows.put(IMPORTS, (entry.stream,), row, is_new=True)
    if carrier == _PAPER:
        _open(entry, rows, TaskKind.ATTACH_SCAN, row)


def finished(entry: Taken, rows: Rows) -> None:
    """A run is through; what it accepted nobody has compared yet."""
    facts, before = entry.facts, rows.need(IMPORTS, (entry.stream,))
    row: Values = {
        **before,
        "rows": facts["rows"],
        "accepted": _number(before["accepted"]) + facts["accepted"],
        "refused": facts["refused"],
        "is_open": False,
    }
    rows.put(IMPORTS, (entry.stream,), row)
    if facts["accepted"] and before["standing"] in ("agrees", "differs"):
        _await_check(entry, rows, row, entry.stream)


def scan_attached(entry: Taken, rows: Rows) -> None:
    """A scan of the paper is there: it can be compared, or has to be once more."""
    before = rows.need(IMPORTS, (entry.stream,))
    row: Values = {**before, "scans": _number(before["scans"]) + 1}
    if before["standing"] == "awaits_check":
        rows.put(IMPORTS, (entry.stream,), row)
        return
    if before["standing"] == "awaits_scan":
        close_task(rows, TaskKind.ATTACH_SCAN, entry.stream)
    _await_check(entry, rows, row, entry.stream)


def checked(entry: Taken, rows: Rows) -> None:
    """Somebody compared it with its paper."""
    facts = entry.facts
    row: Values = {
        **rows.need(IMPORTS, (entry.stream,)),
        "standing": "agrees" if facts["agrees"] else "differs",
        "checked_by": entry.by,
        "checked_at": entry.time,
        "differing": len(facts["differing"]),
        "rows_on_paper": facts["rows_on_paper"],
        "persons_on_paper": facts["persons_on_paper"],
    }
    rows.put(IMPORTS, (entry.stream,), row)
    close_task(rows, TaskKind.CHECK_IMPORT, entry.stream)


def row_kept(entry: Taken, rows: Rows) -> None:
    """A row of a file became a record."""
    facts = entry.facts
    row: Values = {
        "import_id": facts["import_id"],
        "volunteer": facts["person"],
        "sheet": facts["sheet"],
        "row": facts["row"],
    }
    rows.put(IMPORT_ROWS, (facts["record"],), row, is_new=True)


def record_changed(entry: Taken, rows: Rows) -> None:
    """A record was entered anew, or voided: its batch may have to be compared again."""
    kept = rows.get(IMPORT_ROWS, (entry.stream,))
    if kept is None:
        return
    stream = str(kept["import_id"])
    batch = rows.get(IMPORTS, (stream,))
    reached = ("differs",) if entry.type == "record.voided" else ("agrees", "differs")
    if batch is not None and batch["standing"] in reached:
        _await_check(entry, rows, batch, stream)


def _await_check(entry: Taken, rows: Rows, row: Values, stream: str) -> None:
    after: Values = {**row, "standing": "awaits_check"}
    rows.put(IMPORTS, (stream,), after)
    _open(entry, rows, TaskKind.CHECK_IMPORT, after, stream)


def _open(
    entry: Taken, rows: Rows, kind: TaskKind, row: Values, stream: str | None = None
) -> None:
    organization = str(row["organization"])
    about: Values = {
        "organization": organization,
        "division": division_of(rows, organization),
        "record": None,
        "activity": row["activity"],
        "volunteer": None,
        "since_day": entry.day,
        "asked_by": None,
        "asked_for": None,
    }
    open_task(rows, kind, stream or entry.stream, about)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0

"""Registrations of volunteers as they stand, and by what they are found."""

from typing import Any

from ledger.domain.divisions import DISTRICTS
from ledger.domain.volunteer.particulars import IDENTIFYING
from ledger.projections.certificates import holder_erased
from ledger.projections.rows import Rows
from ledger.projections.taken import Secrets, Taken
from ledger.projections.tasks import TaskKind, close_task, of_volunteer, open_task, task
from ledger.projections.view import Values, words
from ledger.projections.views import MAILING, PERSONS, TASKS, VOLUNTEER_TOKENS, VOLUNTEERS

TOKENS = {"name": "name", "telephone": "contact", "id_number": "id_number"}
"""Kind of a token → the fact that it is made of."""


def registered(entry: Taken, rows: Rows, secrets: Secrets) -> None:
    """A person is known to the ledger."""
    row: Values = {
        "registered_by": entry.facts["on_behalf_of"],
        "status": "active",
        "into": None,
        "registered_on": entry.day,
        "identified_by": entry.by,
        "corrections": "",
        "is_confirmed": False,
        "is_erased": False,
        "box": _box(entry, secrets),
    }
    rows.put(VOLUNTEERS, (entry.stream,), row, is_new=True)
    _find_by(entry, rows, secrets, is_new=True)
    _await_confirmation(entry, rows, row, is_new=True)


def amended(entry: Taken, rows: Rows, secrets: Secrets) -> None:
    """Her particulars are others now; another person, as it were, is confirmed anew."""
    facts, before = entry.facts, rows.need(VOLUNTEERS, (entry.stream,))
    row = {**before, "box": _box(entry, secrets)}
    if facts["answers"] is not None:
        _close_correction(rows, row, facts["answers"])
    if not IDENTIFYING.isdisjoint(facts["changed"]):
        row |= {"identified_by": entry.by, "is_confirmed": False}
    rows.put(VOLUNTEERS, (entry.stream,), row)
    _find_by(entry, rows, secrets)
    if before["is_confirmed"] and not row["is_confirmed"]:
        _await_confirmation(entry, rows, row)
    elif row["registered_by"] is None:
        _move_confirmation(entry, rows)


def confirmed(entry: Taken, rows: Rows) -> None:
    """Somebody checked who she is."""
    _changed(entry, rows, is_confirmed=True)
    close_task(rows, TaskKind.CONFIRM_IDENTITY, entry.stream)


def correction_requested(entry: Taken, rows: Rows) -> None:
    """She is asked to set something right."""
    facts, row = entry.facts, rows.need(VOLUNTEERS, (entry.stream,))
    ids = [*str(row["corrections"]).split(), facts["correction"]]
    _changed(entry, rows, corrections=words(ids))
    about = of_volunteer(rows, entry.stream, facts["on_behalf_of"], entry.day)
    open_task(rows, TaskKind.ANSWER_CORRECTION, facts["correction"], about)


def correction_withdrawn(entry: Taken, rows: Rows) -> None:
    """It was right after all."""
    row = {**rows.need(VOLUNTEERS, (entry.stream,))}
    _close_correction(rows, row, entry.facts["correction"])
    rows.put(VOLUNTEERS, (entry.stream,), row)


def merged(entry: Taken, rows: Rows) -> None:
    """This registration counts at another one, and waits for nobody."""
    _changed(entry, rows, status="merged", into=entry.facts["into"])
    close_task(rows, TaskKind.CONFIRM_IDENTITY, entry.stream)


def separated(entry: Taken, rows: Rows) -> None:
    """It stands for itself again."""
    row = _changed(entry, rows, status="active", into=None)
    if not row["is_confirmed"]:
        _await_confirmation(entry, rows, row)  # where she lives is not told again


def erased(entry: Taken, rows: Rows) -> None:
    """A person's facts are gone: from every version of every row, and what found her too."""
    person = entry.facts["person"]
    for view in (VOLUNTEERS, PERSONS):
        row = rows.get(view, (person,))
        if row is not None:
            rows.put(view, (person,), {**row, "box": None, "is_erased": True})
            rows.erase(view, (person,), "box")
    rows.drop(MAILING, (person,))
    # Whether or not it could be folded that she registered.
    holder_erased(rows, person)
    volunteer = rows.get(VOLUNTEERS, (person,))
    if volunteer is None:
        return
    for kind in TOKENS:
        rows.drop(VOLUNTEER_TOKENS, (person, kind))
    rows.erase(VOLUNTEER_TOKENS, (person,))
    close_task(rows, TaskKind.CONFIRM_IDENTITY, person)
    if volunteer["registered_by"] is None:  # its rows tell in which district she lived
        rows.erase(TASKS, task(TaskKind.CONFIRM_IDENTITY, person))
    for correction in str(volunteer["corrections"]).split():
        close_task(rows, TaskKind.ANSWER_CORRECTION, correction)


def _changed(entry: Taken, rows: Rows, **values: Any) -> Values:
    row: Values = {**rows.need(VOLUNTEERS, (entry.stream,)), **values}
    rows.put(VOLUNTEERS, (entry.stream,), row)
    return row


def _close_correction(rows: Rows, row: Values, correction: str) -> None:
    left = [each for each in str(row["corrections"]).split() if each != correction]
    row["corrections"] = words(left)
    close_task(rows, TaskKind.ANSWER_CORRECTION, correction)


def _await_confirmation(entry: Taken, rows: Rows, row: Values, *, is_new: bool = False) -> None:
    if row["is_erased"]:
        return
    by = row["registered_by"]
    organization = None if by is None else str(by)
    about = of_volunteer(rows, entry.stream, organization, entry.day, _district(entry))
    open_task(rows, TaskKind.CONFIRM_IDENTITY, entry.stream, about, is_new=is_new)


def _move_confirmation(entry: Taken, rows: Rows) -> None:
    """Let it wait where she lives now, as long as it has waited."""
    key = task(TaskKind.CONFIRM_IDENTITY, entry.stream)
    waiting, district = rows.get(TASKS, key), _district(entry)
    if waiting is not None and waiting["division"] != district:
        rows.put(TASKS, key, {**waiting, "division": district})


def _district(entry: Taken) -> str:
    """Return in which district she lives; empty for all others, and where nobody tells."""
    said = entry.personal.get(entry.stream)
    district = str(said.get("residence_area", ""))[:6] if said else ""
    return district if district in DISTRICTS else ""


def _box(entry: Taken, secrets: Secrets) -> bytes | None:
    said = entry.personal.get(entry.stream)
    return secrets.box(VOLUNTEERS, entry.stream, {"name": said["name"]}) if said else None


def _find_by(entry: Taken, rows: Rows, secrets: Secrets, *, is_new: bool = False) -> None:
    said = entry.personal.get(entry.stream)
    if said is None:
        return
    for kind, fact in TOKENS.items():
        token = secrets.token(kind, said[fact])
        rows.put(VOLUNTEER_TOKENS, (entry.stream, kind), {"token": token}, is_new=is_new)

"""Work that waits for somebody: opened by one event, closed by another.

Only the day from which a time limit counts is kept. The last day follows from the rules and
the calendar, which may be published later, and is computed when somebody looks.
"""

from enum import StrEnum

from ledger.projections.rows import Rows
from ledger.projections.taken import Taken
from ledger.projections.view import Key, Values
from ledger.projections.views import ORGANIZATIONS, TASKS


class TaskKind(StrEnum):
    """What is to be done; ``about`` of a task is what it says here."""

    PUBLICIZE = "publicize"
    """A record that was submitted: since the end of its activity."""
    REVIEW = "review"
    """A record in publicity: since the last day of it."""
    DECIDE_OBJECTION = "decide_objection"
    """An objection."""
    APPROVE = "approve"
    """A record that is held."""
    RESUBMIT = "resubmit"
    """A record that was returned."""
    DECIDE_AMENDMENT = "decide_amendment"
    """The amendment or voiding of a record."""
    DECIDE_ACTIVITY_AMENDMENT = "decide_activity_amendment"
    """The amendment of an activity."""
    ATTACH_SCAN = "attach_scan"
    """An import that was copied from paper: since its beginning."""
    CHECK_IMPORT = "check_import"
    """An import whose scans are there, or of which a record was entered anew."""
    CONFIRM_IDENTITY = "confirm_identity"
    """A volunteer whom nobody has confirmed yet."""
    ANSWER_CORRECTION = "answer_correction"
    """What a volunteer is asked to correct."""
    ACCEPT_CERTIFICATE = "accept_certificate"
    """A certificate that was asked for; for a handler."""
    ISSUE_CERTIFICATE = "issue_certificate"
    """A certificate that was accepted; for the responsible person."""


def open_task(
    rows: Rows, kind: TaskKind, about: str, values: Values, *, is_new: bool = False
) -> None:
    """Let something wait to be done from this entry on; ``is_new`` says that it never did."""
    rows.put(TASKS, task(kind, about), values, is_new=is_new)


def close_task(rows: Rows, kind: TaskKind, about: str) -> None:
    """Let something wait no more; harmless where it does not."""
    rows.drop(TASKS, task(kind, about))


def task(kind: TaskKind, about: str) -> Key:
    """Return the key of a task."""
    return (kind.value, about)


def division_of(rows: Rows, organization: str | None) -> str:
    """Return where an organization is at home; empty where there is none, or nobody told."""
    row = None if organization is None else rows.get(ORGANIZATIONS, (organization,))
    return "" if row is None else str(row["division"])


def of_record(rows: Rows, record: str, row: Values, since_day: str) -> Values:
    """Return a task about a record; its division is that of those who have to do it."""
    organization = str(row["organization"])
    return {
        "organization": organization,
        "division": division_of(rows, organization),
        "record": record,
        "activity": row["activity"],
        "volunteer": row["volunteer"],
        "since_day": since_day,
        "asked_by": None,
        "asked_for": None,
    }


def of_activity(rows: Rows, activity: str, row: Values, since_day: str) -> Values:
    """Return a task about an activity."""
    organization = str(row["organization"])
    return {
        "organization": organization,
        "division": division_of(rows, organization),
        "record": None,
        "activity": activity,
        "volunteer": None,
        "since_day": since_day,
        "asked_by": None,
        "asked_for": None,
    }


def asked_in(entry: Taken) -> Values:
    """Return who asked for a task with an entry, to be told what became of it."""
    return {"asked_by": entry.by, "asked_for": entry.facts.get("on_behalf_of")}


def of_volunteer(
    rows: Rows, volunteer: str, organization: str | None, since_day: str, district: str = ""
) -> Values:
    """Return a task about a volunteer; where she lives is told no nearer than by a district.

    It counts where no organization has the task: somebody there has to do it.
    """
    return {
        "organization": organization,
        "division": district if organization is None else division_of(rows, organization),
        "record": None,
        "activity": None,
        "volunteer": volunteer,
        "since_day": since_day,
        "asked_by": None,
        "asked_for": None,
    }

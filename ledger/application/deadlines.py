"""Until when tasks are to be done, by the rules and the calendar as they are known now.

Only the day from which a limit counts is kept with a task; a year's notice that is published
later moves the last day.
"""

from datetime import date

from ledger.application.office import Office
from ledger.application.record_surroundings import rules_now
from ledger.projections.due import Due, due
from ledger.projections.tasks import TaskKind


class Deadlines:
    """The deadlines of tasks by one reading of the rules."""

    def __init__(self, office: Office) -> None:
        self._book = rules_now(office)

    def of(self, kind: TaskKind, since_day: str) -> Due:
        """Return until when a task is to be done that waits since a day, `YYYY-MM-DD`."""
        since = date.fromisoformat(since_day)
        return due(kind, since, self._book.on(since), self._book.calendar)

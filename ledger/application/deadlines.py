"""Until when something is to be done: working days of the rules and calendar as known now.

Only the day from which a limit counts is kept with a task; a year's notice that comes later
moves the last day. One limit is law: service information is recorded within 10 working days
of the activity's end (Order 67, Art. 11), so publicity, which comes before the record counts,
has to open that much earlier (derived). The others are internal, and no law (rules, 5.2).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from ledger.application.office import Office
from ledger.application.record_surroundings import rules_now
from ledger.domain.rules import RuleBook, RuleSet
from ledger.projections.tasks import TaskKind


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a task.

    ``provisional`` while a year's working days are not published; ``is_statutory`` where the
    limit is law, and not an internal one.
    """

    day: date
    provisional: bool
    is_statutory: bool


_DAYS: Mapping[TaskKind, Callable[[RuleSet], int]] = {
    TaskKind.PUBLICIZE: lambda rules: max(
        0, rules.late_working_days - rules.publicity_working_days
    ),
    TaskKind.REVIEW: lambda rules: rules.internal_review_working_days,
    TaskKind.DECIDE_OBJECTION: lambda rules: rules.internal_objection_working_days,
    TaskKind.APPROVE: lambda rules: rules.internal_review_working_days,
    TaskKind.RESUBMIT: lambda rules: rules.internal_correction_working_days,
    TaskKind.DECIDE_AMENDMENT: lambda rules: (
        rules.amendment_reply_working_days + rules.internal_correction_working_days
    ),
    TaskKind.DECIDE_ACTIVITY_AMENDMENT: lambda rules: rules.internal_correction_working_days,
    TaskKind.CONFIRM_IDENTITY: lambda rules: rules.internal_real_name_working_days,
    TaskKind.ANSWER_CORRECTION: lambda rules: rules.internal_correction_working_days,
}
"""Working days from the day on which a task began to wait."""
_STATUTORY = frozenset({TaskKind.PUBLICIZE})


class Deadlines:
    """The deadlines of tasks by one reading of the rules."""

    def __init__(self, office: Office) -> None:
        self._book = rules_now(office)

    def of(self, kind: TaskKind, since_day: str) -> Due:
        """Return until when a task is to be done that waits since a day, `YYYY-MM-DD`."""
        return due(kind, date.fromisoformat(since_day), self._book)


def due(kind: TaskKind, since: date, book: RuleBook) -> Due:
    """Return until when a task is to be done, judged by the rules of its day."""
    last = book.calendar.add(since, _DAYS[kind](book.on(since)))
    return Due(last.day, last.provisional, kind in _STATUTORY)

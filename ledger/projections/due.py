"""Until when something is to be done: from the day on which it began to wait.

One limit is derived from a statute: Order 67, Art. 11, gives 10 working days from the end of
the activity, and the publicity comes before, so it has to open while its days still fit in.
All others are internal time limits 内部时限 of the rule set [P], [N], and are to be shown so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from ledger.domain.rules import RuleSet
from ledger.domain.working_days import Calendar
from ledger.projections.tasks import TaskKind


@dataclass(frozen=True, slots=True)
class Due:
    """The last day on which something is done in time.

    ``provisional`` while a year on the way has no published working days.
    ``is_derived`` tells what follows from a statute's limit from an internal time limit.
    """

    day: date
    provisional: bool
    is_derived: bool


def _publicity_opens(rules: RuleSet) -> int:
    return max(0, rules.late_working_days - rules.publicity_working_days)


_LIMITS: Mapping[TaskKind, Callable[[RuleSet], int]] = {
    TaskKind.PUBLICIZE: _publicity_opens,
    TaskKind.REVIEW: lambda rules: rules.internal_review_working_days,
    TaskKind.APPROVE: lambda rules: rules.internal_review_working_days,
    TaskKind.RESUBMIT: lambda rules: rules.internal_correction_working_days,
    TaskKind.DECIDE_OBJECTION: lambda rules: rules.internal_objection_working_days,
    TaskKind.DECIDE_AMENDMENT: lambda rules: (
        rules.amendment_reply_working_days + rules.internal_correction_working_days
    ),
    TaskKind.DECIDE_ACTIVITY_AMENDMENT: lambda rules: rules.internal_correction_working_days,
    TaskKind.ATTACH_SCAN: lambda rules: rules.internal_correction_working_days,
    TaskKind.CHECK_IMPORT: lambda rules: rules.internal_review_working_days,
    TaskKind.CONFIRM_IDENTITY: lambda rules: rules.internal_real_name_working_days,
    TaskKind.ANSWER_CORRECTION: lambda rules: rules.internal_correction_working_days,
    TaskKind.ACCEPT_CERTIFICATE: lambda rules: rules.internal_certificate_working_days,
    TaskKind.ISSUE_CERTIFICATE: lambda rules: rules.internal_certificate_working_days,
}
"""Kind of a task → its working days. An amendment waits first for the volunteer's reply."""

DERIVED = frozenset({TaskKind.PUBLICIZE})


def due(kind: TaskKind, since_day: date, rules: RuleSet, calendar: Calendar) -> Due:
    """Return until when a task is to be done that counts from a day, which is day 0."""
    last = calendar.add(since_day, _LIMITS[kind](rules))
    return Due(last.day, last.provisional, kind in DERIVED)

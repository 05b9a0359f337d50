"""What is about to be late 即将逾期: work whose last day is near, for those who have to do it.

It depends on the day on which somebody looks, so it is in no view: from the rules and the
calendar follows on which days work has begun to wait that is due within the next working days,
and that is asked of the views. Who is told follows from roles; the domain says who may do it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from ledger.application.deadlines import Deadlines
from ledger.application.inbox import Owner
from ledger.application.office import Office
from ledger.application.record_surroundings import rules_now
from ledger.application.states import ORGANIZATION, RECORD
from ledger.domain.civil_time import civil_date
from ledger.domain.organization import Role
from ledger.domain.record.amending import reply_until
from ledger.domain.rules import RuleBook
from ledger.projections.due import Due
from ledger.projections.tasks import TaskKind
from ledger.projections.views import ACTIVITIES, ORGANIZATIONS, RECORDS, TASKS
from ledger.store.view_query import Query
from ledger.store.view_reader import Row

WITHIN_WORKING_DAYS: Final = 2
"""So many working days before its last day, work is about to be late [P]."""
ITEMS_MAX: Final = 200
"""So many are told; whoever has more finds them among her tasks."""
ENTER_RECORDS, REPLY = "enter_records", "reply_to_amendment"
_BELOW_MAX = 200
_LOOK_BACK: Final = 120
"""Days; no limit of the rules is as long."""
_DAY = timedelta(days=1)

_TASKS_OF: Mapping[Role, Sequence[TaskKind]] = {
    Role.RECORDER: (TaskKind.PUBLICIZE, TaskKind.RESUBMIT),
    Role.REVIEWER: (
        TaskKind.PUBLICIZE,
        TaskKind.REVIEW,
        TaskKind.DECIDE_OBJECTION,
        TaskKind.DECIDE_AMENDMENT,
        TaskKind.DECIDE_ACTIVITY_AMENDMENT,
        TaskKind.CONFIRM_IDENTITY,
    ),
    Role.HANDLER: (TaskKind.ACCEPT_CERTIFICATE,),
    Role.RESPONSIBLE: (TaskKind.ISSUE_CERTIFICATE,),
}
"""Role → what its holders do at home."""
_APPROVERS = (Role.REVIEWER, Role.SUPERVISOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSoon:
    """One thing that is about to be late; ``organization`` is whose staff is to do it."""

    kind: str
    about: str
    organization: str | None
    record: str | None
    activity: str | None
    due_on: date
    is_provisional: bool
    is_derived: bool


@dataclass(frozen=True, slots=True)
class Days:
    """Days since which work of a kind waits that is due soon, both among them."""

    first: date
    last: date

    @property
    def bounds(self) -> tuple[str, str]:
        """The same as views have them."""
        return self.first.isoformat(), self.last.isoformat()


def due_soon(office: Office, owner: Owner) -> list[DueSoon]:
    """Return what is about to be late for a human, the nearest day first; bounded.

    Raises:
        As `States.get`.
    """
    return Looking(office).of(owner)


class Looking:
    """One look at what waits, on one day and by one reading of the rules."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._book: RuleBook = rules_now(office)
        self._deadlines = Deadlines(office)
        self._today = civil_date(office.desk.now())
        self._known: dict[TaskKind, Days | None] = {}
        self._last = self._book.calendar.add(self._today, WITHIN_WORKING_DAYS).day

    def of(self, owner: Owner) -> list[DueSoon]:
        """Return what is about to be late for a human, the nearest day first; bounded."""
        found = [*self._of_volunteer(owner.volunteers), *self._of_staff(owner.staff)]
        found.sort(key=lambda each: (each.due_on, each.kind, each.about))
        return found[:ITEMS_MAX]

    def _of_volunteer(self, volunteers: Sequence[UUID]) -> Iterator[DueSoon]:
        """Yield what she can do herself: reply, and set right what is hers."""
        if not volunteers:
            return
        query = Query(
            among={"volunteer": [str(each) for each in volunteers]},
            order=("since_day",),
            limit=ITEMS_MAX,
        )
        for row in self._office.views.page(TASKS, query).value.rows:
            kind, due = row["kind"], None
            if kind == TaskKind.ANSWER_CORRECTION:
                due = self._deadlines.of(TaskKind.ANSWER_CORRECTION, row["since_day"])
            elif kind == TaskKind.DECIDE_AMENDMENT:
                kind, due = REPLY, self._reply_until(UUID(row["record"]))
            if due is not None and self._today <= due.day <= self._last:
                yield _item(row, due, kind=kind, organization=None)

    def _of_staff(self, person: UUID | None) -> Iterator[DueSoon]:
        """Yield what a person of the staff can do, wherever she has a role today."""
        employers = () if person is None else self._office.views.employers(person)
        for organization in employers:
            state = self._office.states.get(ORGANIZATION, organization).state
            if state is None or person is None:
                continue
            roles = [each for each in Role if state.has_role(person, each, self._today)]
            kinds = dict.fromkeys(kind for role in roles for kind in _TASKS_OF.get(role, ()))
            for kind in kinds:
                yield from self._tasks(kind, [str(organization)], str(person))
            if Role.RECORDER in roles:
                yield from self._unrecorded(str(organization))
            if any(role in _APPROVERS for role in roles):
                yield from self._tasks(
                    TaskKind.APPROVE, self._below(str(organization)), str(person)
                )

    def _tasks(
        self, kind: TaskKind, organizations: Sequence[str], person: str
    ) -> Iterator[DueSoon]:
        days = self._days(kind)
        if days is None or not organizations:
            return
        query = Query(
            equal={"kind": kind.value},
            among={"organization": organizations},
            between={"since_day": days.bounds},
            order=("since_day",),
            limit=ITEMS_MAX,
        )
        rows = self._office.views.page(TASKS, query).value.rows
        recorders = self._recorders(rows)
        for row in rows:
            is_recorder = recorders.get(str(row["record"])) == person
            # Who entered it sets it right, and never decides about it; nor does who asked.
            if kind is TaskKind.RESUBMIT:
                is_hers = is_recorder
            elif kind is TaskKind.PUBLICIZE:
                is_hers = True
            else:
                asker = str(row["asked_by"] or "").partition(":")[2]
                is_hers = not is_recorder and asker != person
            if is_hers:
                yield _item(row, self._deadlines.of(kind, row["since_day"]))

    def _recorders(self, rows: Sequence[Row]) -> Mapping[str, str]:
        records = [str(row["record"]) for row in rows if row["record"] is not None]
        if not records:
            return {}
        query = Query(among={"record": records}, limit=len(records))
        found = self._office.views.page(RECORDS, query).value.rows
        return {str(row["record"]): str(row["recorder"]) for row in found}

    def _unrecorded(self, organization: str) -> Iterator[DueSoon]:
        """Yield activities that are over and of which nothing is recorded yet."""
        days = self._days(TaskKind.PUBLICIZE)
        if days is None:
            return
        query = Query(
            equal={"organization": organization, "recorded": 0},
            between={"ends_on": days.bounds},
            order=("ends_on",),
            limit=ITEMS_MAX,
        )
        for row in self._office.views.page(ACTIVITIES, query).value.rows:
            if row["status"] == "cancelled" or row["ends_on"] >= self._today.isoformat():
                continue
            due = self._deadlines.of(TaskKind.PUBLICIZE, row["ends_on"])
            yield DueSoon(
                kind=ENTER_RECORDS,
                about=row["activity"],
                organization=organization,
                record=None,
                activity=row["activity"],
                due_on=due.day,
                is_provisional=due.provisional,
                is_derived=due.is_derived,
            )

    def _below(self, organization: str) -> Sequence[str]:
        """Return the organizations right below one."""
        query = Query(equal={"parent": organization}, order=("organization",), limit=_BELOW_MAX)
        rows = self._office.views.page(ORGANIZATIONS, query).value.rows
        return [str(row["organization"]) for row in rows]

    def _days(self, kind: TaskKind) -> Days | None:
        """Return since when work of a kind waits whose last day is today or soon."""
        if kind not in self._known:
            self._known[kind] = self._reckoned(kind)
        return self._known[kind]

    def _reckoned(self, kind: TaskKind) -> Days | None:
        found: list[date] = []
        day, misses = self._last, 0
        for _ in range(_LOOK_BACK):
            due = self._deadlines.of(kind, day.isoformat()).day
            if self._today <= due <= self._last:
                found.append(day)
            # Other rules may have held some days before; no two differ by as much.
            misses = misses + 1 if due < self._today else 0
            if misses > _LOOK_BACK // 6 or day == date.min:
                break
            day -= _DAY
        return Days(found[-1], found[0]) if found else None

    def _reply_until(self, record: UUID) -> Due | None:
        """Return until when her reply is waited for; None where it is not, or was given."""
        state = self._office.states.get(RECORD, record).state
        if state is None or state.amendment is None:
            return None
        day = reply_until(state, state.amendment, self._book)
        return None if day is None else Due(day, provisional=False, is_derived=False)


def _item(row: Row, due: Due, **changes: Any) -> DueSoon:
    said: dict[str, Any] = {
        "kind": row["kind"],
        "about": row["about"],
        "organization": row["organization"],
        "record": row["record"],
        "activity": row["activity"],
        "due_on": due.day,
        "is_provisional": due.provisional,
        "is_derived": due.is_derived,
    }
    return DueSoon(**said | changes)

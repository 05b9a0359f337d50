"""What was served in one session: the facts that are entered, judged and may be amended.

The ten items of the pilot plan, 三(三), with organizer and evaluation date (Order 67, Art. 7
and 10): activity, person in charge, organizer, recorder and volunteer stand beside these in
the events. Ratings are those of the national system, from 1 to 5 [N].
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from ledger.domain.activity.particulars import CONTENT_MAX, PLACE_MAX, check_codes
from ledger.domain.activity.state import Activity
from ledger.domain.civil_time import civil_date
from ledger.domain.codes import ServiceObject
from ledger.domain.divisions import check_division
from ledger.domain.event import About, Erased
from ledger.domain.refusal import Refusal, Refused, refuse
from ledger.domain.words import NAME_MAX, check_text

RATING_MAX = 5
EVALUATION_MAX = 1_000

_HERS = About("volunteer")
_RATINGS = ("punctuality", "attitude", "skill")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One volunteer's part in one session of an activity.

    ``start`` and ``end`` are instants in UTC at whole minutes, without travel to and fro;
    ``break_minutes`` is what of them was rest or a meal. ``place`` None is the activity's;
    what is entered names its own. ``evaluator`` is who rated punctuality, attitude and skill.

    Raises:
        ValueError: An instant is not in UTC: a programmer's mistake.
    """

    start: datetime
    end: datetime
    break_minutes: int
    place: str | None
    division: str
    service_objects: tuple[ServiceObject, ...]
    post: str | None
    content: Annotated[str | Erased, _HERS]
    evaluation_date: date
    punctuality: int
    attitude: int
    skill: int
    evaluator: UUID
    evaluation_text: Annotated[str | Erased | None, _HERS]

    def __post_init__(self) -> None:
        if self.start.tzinfo is not UTC or self.end.tzinfo is not UTC:
            raise ValueError("instants in UTC are wanted")

    @property
    def day(self) -> date:
        """The civil date of the session, whose rules judge it."""
        return civil_date(self.start)

    @property
    def minutes(self) -> int:
        """Time served: from start to end without breaks; the unit of print is the hour."""
        return (self.end - self.start) // timedelta(minutes=1) - self.break_minutes


def facts_of(service: Service) -> dict[str, Any]:
    """Return the facts of a service by their names, of an event that has them too."""
    return {each.name: getattr(service, each.name) for each in fields(Service)}


def changed(before: Service, after: Service) -> tuple[str, ...]:
    """Return the names of the facts in which two differ, ascending."""
    old, new = facts_of(before), facts_of(after)
    return tuple(name for name in sorted(old) if old[name] != new[name])


def check_over(service: Service, now: datetime) -> Refused | None:
    """Return why a service is not over: only what is over is judged by its day."""
    is_over = max(service.start, service.end) <= now
    return None if is_over else refuse("service_is_not_over", "end")


def check_service(service: Service, activity: Activity, now: datetime) -> Iterator[Refusal]:
    """Yield why this, which is over, cannot have been served in this activity."""
    yield from _check_times(service)
    yield from check_day(service, activity)
    if service.place is not None:
        yield from check_text(service.place, "place", max=PLACE_MAX)
    malformed = check_division(service.division)
    if malformed is not None:
        yield malformed
    yield from check_codes(service.service_objects, "service_objects")
    if service.post is not None:
        yield from check_text(service.post, "post", max=NAME_MAX)
    if isinstance(service.content, Erased):
        yield Refusal("text_is_missing", "content")
    else:
        yield from check_text(service.content, "content", max=CONTENT_MAX, lines=True)
    yield from _check_evaluation(service, civil_date(now))


def check_day(service: Service, activity: Activity) -> Iterator[Refusal]:
    """Yield why this cannot have been served on its day: the activity was not held then."""
    if not activity.holds(service.day):
        yield Refusal(
            "day_outside_activity",
            "start",
            {"first": activity.starts_on.isoformat(), "last": activity.ends_on.isoformat()},
        )


def _check_times(service: Service) -> Iterator[Refusal]:
    for about in ("start", "end"):
        at: datetime = getattr(service, about)
        if at.second or at.microsecond:
            yield Refusal("time_is_no_whole_minute", about)
    if service.break_minutes < 0:
        yield Refusal("break_is_negative", "break_minutes")
    if service.end <= service.start:
        yield Refusal("service_ends_before_start", "end")
        return
    # 24:00 is the next day's midnight: who serves on enters the rest on that day.
    if civil_date(service.end) != service.day:
        yield Refusal("service_crosses_midnight", "end")
    elif service.minutes <= 0:
        yield Refusal("breaks_leave_no_time", "break_minutes")


def _check_evaluation(service: Service, today: date) -> Iterator[Refusal]:
    if service.evaluation_date < service.day:
        yield Refusal("evaluation_precedes_service", "evaluation_date")
    if service.evaluation_date > today:
        yield Refusal("evaluation_is_in_future", "evaluation_date")
    for about in _RATINGS:
        if not 1 <= getattr(service, about) <= RATING_MAX:
            yield Refusal("rating_is_out_of_bounds", about, {"max": RATING_MAX})
    if isinstance(service.evaluation_text, str):
        yield from check_text(
            service.evaluation_text, "evaluation_text", max=EVALUATION_MAX, lines=True
        )

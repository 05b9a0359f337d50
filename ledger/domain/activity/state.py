"""An activity as its history left it; what is recorded has happened, nothing is refused."""

from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any, assert_never
from uuid import UUID

from ledger.domain.activity.events import (
    ActivityAmended,
    ActivityAmendmentProposed,
    ActivityAmendmentRejected,
    ActivityCancelled,
    ActivityChanged,
    ActivityEvent,
    ActivityRegistered,
)
from ledger.domain.activity.first_shapes import (
    FirstActivityAmendmentProposed,
    FirstActivityChanged,
    FirstActivityRegistered,
    FirstParticulars,
)
from ledger.domain.activity.particulars import Particulars, upgraded
from ledger.domain.activity.phase import Dates, head_count_on, phase_on
from ledger.domain.codes import HeadCount, Phase, ServiceCategory
from ledger.domain.event import Actor, Happened
from ledger.domain.evidence import Evidence


class Status(StrEnum):
    """Whether anything may still be recorded in an activity."""

    REGISTERED = "registered"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """A proposal on which nobody has decided yet."""

    id: UUID
    proposer: Actor
    particulars: Particulars


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """An activity. ``recording_organization`` records what is served in it.

    ``project_no`` is None where it was registered in the first shape. ``evidence`` and
    ``truth_declared`` are what a back entry rests on.
    """

    id: UUID
    organizer: UUID
    recording_organization: UUID
    particulars: Particulars
    back_entry: bool
    project_no: str | None = None
    evidence: tuple[Evidence, ...] = ()
    truth_declared: bool = False
    status: Status = Status.REGISTERED
    amendment: Amendment | None = None

    @property
    def starts_on(self) -> date:
        """Its first civil date."""
        return self.particulars.starts_on

    @property
    def ends_on(self) -> date:
        """Its last civil date: time limits count from the day after."""
        return self.particulars.ends_on

    @property
    def division(self) -> str:
        """Where it takes place."""
        return self.particulars.division

    @property
    def categories(self) -> tuple[ServiceCategory, ...]:
        """Its categories."""
        return self.particulars.categories

    @property
    def person_in_charge(self) -> UUID:
        """Who is in charge of it."""
        return self.particulars.person_in_charge

    @property
    def head_count(self) -> int:
        """How many volunteers took part in all."""
        return self.particulars.head_count

    def phase_on(self, today: date) -> Phase:
        """Return how far it is on a civil date."""
        said = self.particulars
        dates = Dates(
            starts_on=said.starts_on,
            ends_on=said.ends_on,
            recruits_from=said.recruits_from,
            recruits_until=said.recruits_until,
        )
        return phase_on(
            today,
            dates,
            is_cancelled=self.status is Status.CANCELLED,
            is_back_entry=self.back_entry,
        )

    def head_count_on(self, today: date, recorded: int) -> HeadCount:
        """Return how its head count stands on a civil date to who is recorded."""
        return head_count_on(
            today, ends_on=self.ends_on, declared=self.head_count, recorded=recorded
        )

    def holds(self, day: date) -> bool:
        """Return whether a civil date is one of its days."""
        return self.starts_on <= day <= self.ends_on


def evolve(state: Activity | None, event: ActivityEvent, at: Happened) -> Activity:
    """Return the activity after an event.

    Raises:
        ValueError: A history begins with something else than a registration.
    """
    if isinstance(event, ActivityRegistered | FirstActivityRegistered):
        return _registered(event)
    if state is None:
        raise ValueError("a history of an activity begins with its registration")
    match event:
        case ActivityChanged() | FirstActivityChanged():
            return replace(state, particulars=_particulars(event, back_entry=state.back_entry))
        case ActivityAmendmentProposed() | FirstActivityAmendmentProposed():
            said = _particulars(event, back_entry=state.back_entry)
            proposed = Amendment(id=event.amendment, proposer=at.by, particulars=said)
            return replace(state, amendment=proposed)
        case ActivityAmended():
            return replace(
                state,
                particulars=state.amendment.particulars
                if state.amendment
                else state.particulars,
                amendment=None,
            )
        case ActivityAmendmentRejected():
            return replace(state, amendment=None)
        case ActivityCancelled():
            return replace(state, status=Status.CANCELLED, amendment=None)
        case _:
            assert_never(event)


def _registered(event: ActivityRegistered | FirstActivityRegistered) -> Activity:
    known = Activity(
        id=event.activity,
        organizer=event.organizer,
        recording_organization=event.recording_organization,
        particulars=_particulars(event, back_entry=event.back_entry),
        back_entry=event.back_entry,
        evidence=event.evidence,
    )
    if isinstance(event, FirstActivityRegistered):
        return known
    return replace(known, project_no=event.project_no, truth_declared=event.truth_declared)


def _particulars(event: FirstParticulars, *, back_entry: bool) -> Particulars:
    if not isinstance(event, Particulars):
        return upgraded(event, back_entry=back_entry)
    values: dict[str, Any] = {
        each.name: getattr(event, each.name) for each in fields(Particulars)
    }
    return Particulars(**values)

"""One exported record with everything that its row tells, each thing from its proved stream."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar
from uuid import UUID

from ledger.application.exporting.selecting import Selected
from ledger.application.office import Office
from ledger.application.states import (
    ACTIVITY,
    ORGANIZATION,
    RECORD,
    VOLUNTEER,
    Kind,
    Read,
    fold,
)
from ledger.domain.activity import Activity
from ledger.domain.event import Erased, Happened
from ledger.domain.organization import Organization
from ledger.domain.record import Record, RecordResubmitted, RecordSubmitted
from ledger.domain.volunteer import Particulars
from ledger.domain.volunteer.state import Volunteer

S = TypeVar("S")


class Shown(Enum):
    """How a volunteer stands in an export 人员显示."""

    CLEAR = "明文"
    MASKED = "已遮掩"
    ERASED = "已删除"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A record as of the export; ``entry`` is its last one, ``first`` its first.

    ``version`` and ``seq`` are those of its last event. ``volunteer`` is the registration that
    it names, ``shown`` how she stands here. ``names_staff``: what the organization's people are
    called is for its own people and those above it, never for a volunteer.
    """

    record: Record
    version: int
    seq: int
    entry: RecordSubmitted | RecordResubmitted
    entered: Happened
    first: RecordSubmitted
    volunteer: Volunteer
    shown: Shown
    names_staff: bool
    activity: Activity
    organization: Organization
    organizer: Organization

    @property
    def particulars(self) -> Particulars | None:
        """The volunteer's particulars, if they are shown in clear."""
        said = self.volunteer.particulars
        return said if self.shown is Shown.CLEAR and not isinstance(said, Erased) else None


def lines(selected: Selected, in_clear: frozenset[UUID] = frozenset()) -> Iterator[Line]:
    """Yield the selected records; ``in_clear`` are whom the log says to have been shown.

    Raises:
        LookupError: What a view names is not in the log: compare the views with it.
        As `States.many`.
    """
    office, size = selected.office, selected.checkpoint.size
    for page in selected.pages():
        found = office.states.many(RECORD, page, size=size)
        records = [_entered(found[each]) for each in page]
        named = [(record, entries[0].event) for record, entries, _ in records]
        volunteers = known(office, VOLUNTEER, [r.volunteer for r, _ in named], size)
        activities = known(office, ACTIVITY, [r.activity for r, _ in named], size)
        bodies = [
            each for r, first in named for each in (r.organization, _first(first).organizer)
        ]
        organizations = known(office, ORGANIZATION, bodies, size)
        for record, entries, last in records:
            first, entry = _first(entries[0].event), entries[-1]
            volunteer = volunteers[record.volunteer]
            yield Line(
                record=record,
                version=last.happened.version,
                seq=last.seq,
                entry=_entry(entry.event),
                entered=entry.happened,
                first=first,
                volunteer=volunteer,
                shown=shown_as(volunteer, selected, in_clear),
                names_staff=bool(in_clear),
                activity=activities[record.activity],
                organization=organizations[record.organization],
                organizer=organizations[first.organizer],
            )


def known(office: Office, kind: Kind[S], things: Sequence[UUID], size: int) -> Mapping[UUID, S]:
    """Return things as of a size of the log, each read afresh.

    Raises:
        LookupError: One is not there.
        As `States.many`.
    """
    found = office.states.many(kind, list(dict.fromkeys(things)), size=size)
    states = {thing: fold(kind, events).state for thing, events in found.items()}
    present = {thing: state for thing, state in states.items() if state is not None}
    if len(present) < len(states):
        raise LookupError(f"a {kind.name} that is named is not in the log")
    return present


def _entered(events: Sequence[Read]) -> tuple[Record, Sequence[Read], Read]:
    """Return a record with its entries and its last event."""
    state = fold(RECORD, events).state
    if state is None:
        raise LookupError("a record of the views is not in the log")
    entries = [
        each for each in events if isinstance(each.event, RecordSubmitted | RecordResubmitted)
    ]
    return state, entries, events[-1]


def _first(event: object) -> RecordSubmitted:
    if not isinstance(event, RecordSubmitted):
        raise TypeError("a history of a record begins with its submission")
    return event


def _entry(event: object) -> RecordSubmitted | RecordResubmitted:
    return event if isinstance(event, RecordResubmitted) else _first(event)


def shown_as(volunteer: Volunteer, selected: Selected, in_clear: frozenset[UUID]) -> Shown:
    """Return how a volunteer stands in an export."""
    if volunteer.is_erased:
        return Shown.ERASED
    return Shown.CLEAR if selected.is_own or volunteer.id in in_clear else Shown.MASKED

"""Sessions of service that a file has said so far, so that no two of one person overlap.

Credits of one person never overlap (`ledger.domain.crediting`): what would be refused when it
is confirmed is told when it is entered. What is in the ledger already is asked of the views,
once for a batch; the credit is where the rule is kept whatever the views lack.
"""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from uuid import UUID

from ledger.application.importing.rows import ReadRow
from ledger.application.office import Office
from ledger.application.streams import imported_record
from ledger.domain.civil_time import BEIJING
from ledger.domain.sheets.row import Said
from ledger.projections.views import RECORDS
from ledger.store.view_query import Query
from ledger.store.view_reader import Row

_AT_ONCE = 500
_EPOCH, _MINUTE = datetime(1970, 1, 1, tzinfo=UTC), timedelta(minutes=1)
_FIELDS, _ROW_BITS = 4, 32
_ROW_MASK = (1 << _ROW_BITS) - 1


@dataclass(frozen=True, slots=True)
class Session:
    """One session of one volunteer; ``sheet`` and ``row`` say where, of one in the file."""

    record: UUID
    activity: UUID
    start: datetime
    end: datetime
    sheet: int = 0
    row: int = 0

    def overlaps(self, other: "Session") -> bool:
        """Return whether two have a minute in common."""
        return self.start < other.end and other.start < self.end

    def is_same(self, other: "Session") -> bool:
        """Return whether two are one session of one activity."""
        mine = (self.activity, self.start, self.end)
        return mine == (other.activity, other.start, other.end)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The session of a row as it was worked out ahead of the decision, and of whom it is."""

    volunteer: UUID
    session: Session

    def is_of(self, activity: UUID, volunteer: UUID) -> bool:
        """Return whether the row still names these."""
        return self.volunteer == volunteer and self.session.activity == activity


def session_of(read: ReadRow, said: Said, activity: UUID, volunteer: UUID) -> Session:
    """Return the session that a row stands for."""
    midnight = datetime(said.day.year, said.day.month, said.day.day, tzinfo=BEIJING)
    start, end = (
        (midnight + timedelta(minutes=each)).astimezone(UTC) for each in (said.start, said.end)
    )
    record = imported_record(activity, volunteer, start)
    return Session(record, activity, start, end, read.sheet, read.number)


class SomeSessions(Protocol):
    """Sessions that can be asked for those of one volunteer."""

    def overlapping(self, volunteer: UUID, session: Session) -> Iterator[Session]:
        """Yield those of the volunteer that overlap one."""
        ...


class FileSessions:
    """All sessions of a file so far: 32 bytes each, so that a long file needs little memory.

    Times in a file are whole minutes, and the id of a record follows from its session.
    """

    def __init__(self) -> None:
        self._of: dict[UUID, array[int]] = {}
        self._activities: dict[UUID, int] = {}
        self._by_number: list[UUID] = []

    def add(self, volunteer: UUID, session: Session) -> None:
        """Take one in."""
        number = self._activities.setdefault(session.activity, len(self._by_number))
        if number == len(self._by_number):
            self._by_number.append(session.activity)
        packed = self._of.setdefault(volunteer, array("q"))
        place = session.sheet << _ROW_BITS | session.row
        packed.extend((_minute(session.start), _minute(session.end), number, place))

    def overlapping(self, volunteer: UUID, session: Session) -> Iterator[Session]:
        """Yield those of the volunteer that overlap one."""
        packed = self._of.get(volunteer, ())
        first, last = _minute(session.start), _minute(session.end)
        for at in range(0, len(packed), _FIELDS):
            if packed[at] < last and first < packed[at + 1]:
                yield self._unpacked(volunteer, *packed[at : at + _FIELDS])

    def _unpacked(
        self, volunteer: UUID, first: int, last: int, number: int, place: int
    ) -> Session:
        activity, start = self._by_number[number], _instant(first)
        record = imported_record(activity, volunteer, start)
        sheet, row = place >> _ROW_BITS, place & _ROW_MASK
        return Session(record, activity, start, _instant(last), sheet, row)


def _minute(instant: datetime) -> int:
    return (instant - _EPOCH) // _MINUTE


def _instant(minute: int) -> datetime:
    return _EPOCH + minute * _MINUTE


class Sessions:
    """Sessions by volunteer."""

    def __init__(self) -> None:
        self._of: dict[UUID, list[Session]] = {}

    def add(self, volunteer: UUID, session: Session) -> None:
        """Take one in."""
        self._of.setdefault(volunteer, []).append(session)

    def overlapping(self, volunteer: UUID, session: Session) -> Iterator[Session]:
        """Yield those of the volunteer that overlap one."""
        for each in self._of.get(volunteer, ()):
            if each.overlaps(session):
                yield each


def recorded_sessions(office: Office, wanted: Iterable[tuple[UUID, date]]) -> Sessions:
    """Return what is recorded of volunteers on days, and not voided."""
    found = Sessions()
    pairs = set(wanted)
    if not pairs:
        return found
    days = sorted(day.isoformat() for _, day in pairs)
    query = Query(
        among={"volunteer": sorted({str(volunteer) for volunteer, _ in pairs})},
        between={"day": (days[0], days[-1])},
        order=("volunteer", "day"),
        limit=_AT_ONCE,
    )
    while True:
        page = office.views.page(RECORDS, query).value
        for row in page.rows:
            if row["stage"] != "voided":
                found.add(UUID(row["volunteer"]), _session(row))
        if page.after is None:
            return found
        query = Query(
            among=query.among,
            between=query.between,
            order=query.order,
            limit=query.limit,
            after=page.after,
        )


def _session(row: Row) -> Session:
    start, end = (datetime.fromisoformat(row[name]) for name in ("start", "end"))
    return Session(UUID(row["record"]), UUID(row["activity"]), start, end)

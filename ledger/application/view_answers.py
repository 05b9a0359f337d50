"""What the views answer to use cases: ids and instants of the domain in, counts and ids out."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from ledger.domain.activity import Recorded
from ledger.domain.civil_time import civil_date
from ledger.domain.stored import instant_text
from ledger.projections.view import View
from ledger.projections.views import ORGANIZATION_KEYS, RECORDS, VOLUNTEERS
from ledger.store.view_imports import (
    FileCounts,
    FileRows,
    file_attendance,
    file_counts,
    file_entered_from,
    file_volunteers,
)
from ledger.store.view_notices import (
    InboxAsked,
    InboxFound,
    last_notices,
    read_inbox,
    seen_at,
)
from ledger.store.view_query import Query
from ledger.store.view_reader import EVER, AsOf, Attendance, Page, Row, ViewReader
from ledger.store.view_secrets import BoxReader
from ledger.store.view_statistics import Asked, Counted, statistics
from ledger.store.view_statuses import StatusRows, list_exists, status_rows

WAIT_S = 5.0
"""How long an answer waits for the views before it says that they are not there yet."""
_AT_ONCE = 1_000


class Follower(Protocol):
    """Keeps the views up with the log."""

    def wait_until(self, seq: int, timeout_s: float) -> bool:
        """Return whether the views hold an entry, after waiting for it."""

    def catch_up(self) -> int:
        """Let the views take in all that there is; return how many entries that are."""


class ViewAnswers:
    """Answers of one ledger's views, from any thread."""

    def __init__(
        self,
        reader: ViewReader,
        follower: Follower,
        boxes: BoxReader,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._reader = reader
        self._boxes = boxes
        self._follower = follower
        self._now = now

    def wait_until(self, seq: int, timeout_s: float = WAIT_S) -> bool:
        """Return whether an entry has been taken in, after waiting for it."""
        return self._follower.wait_until(seq, timeout_s)

    def take_in(self, seq: int) -> None:
        """Return when an entry has been taken in; if nobody does it in time, do it here.

        Raises:
            As `Projector.catch_up`.
        """
        if not self._follower.wait_until(seq, WAIT_S):
            self._follower.catch_up()

    def page(self, view: View, query: Query) -> AsOf[Page]:
        """Return a page of rows of a view.

        Raises:
            As `ViewReader.rows`.
        """
        return self._reader.rows(view, query)

    def status_list_exists(self, number: int) -> AsOf[bool]:
        """Return whether a status list has any place that is taken."""
        return list_exists(self._reader, number)

    def status_rows(self, number: int, standings: Sequence[str]) -> AsOf[StatusRows]:
        """Return what a status list is made of, of one moment."""
        return status_rows(self._reader, number, standings)

    def statistics(self, asked: Asked) -> AsOf[Mapping[Counted, int]]:
        """Return what is counted, of whom and in which month.

        Raises:
            As `statistics`.
        """
        return statistics(self._reader, asked)

    def recorded_in(self, activity: UUID) -> Recorded:
        """Return what is recorded in an activity."""
        return self._reader.recorded_in(str(activity)).value

    def attendances(self, asked: Mapping[UUID, Collection[UUID]]) -> Mapping[UUID, Attendance]:
        """Return of each activity how many are recorded in it, and which of these are."""
        said = {str(activity): [str(each) for each in of] for activity, of in asked.items()}
        found = self._reader.attendances(said).value
        return {activity: found[str(activity)] for activity in asked}

    def actor_minutes(self, actor: str, since: datetime) -> int:
        """Return the minutes that an actor entered since an instant."""
        return self._reader.actor_minutes(actor, instant_text(since)).value

    def minutes_entered_with(self, record: UUID, within: timedelta) -> int:
        """Return the minutes that who entered a record had entered in so much time with it."""
        row = self._reader.row(RECORDS, (str(record),)).value
        if row is None:
            return 0
        at: str = row["submitted_at"]
        since = datetime.fromisoformat(at) - within
        return self._reader.actor_minutes(row["submitted_by"], instant_text(since), at).value

    def file_counts(self, import_id: UUID, since: datetime | None) -> FileCounts:
        """Return what became of a file's records; ``since`` is for those entered later."""
        text = EVER if since is None else instant_text(since)
        return file_counts(self._reader, str(import_id), text).value

    def file_entered_from(self, import_id: UUID, size: int) -> AsOf[int]:
        """Return how many records of a file were entered after so many entries of the log."""
        return file_entered_from(self._reader, str(import_id), size)

    def file_attendance(self, import_id: UUID, limit: int) -> Mapping[UUID, int]:
        """Return activities of a file's records, each with how many volunteers count there."""
        found = file_attendance(self._reader, str(import_id), limit).value
        return {UUID(activity): count for activity, count in found}

    def file_volunteers(self, import_id: UUID, rows: FileRows, limit: int) -> Sequence[UUID]:
        """Return whom rows of a file are of, each once, at most so many."""
        found = file_volunteers(self._reader, str(import_id), rows, limit).value
        return [UUID(each) for each in found]

    def employers(self, person: UUID) -> Sequence[UUID]:
        """Return the organizations in which a person holds a role today."""
        today = civil_date(self._now()).isoformat()
        return [UUID(each) for each in self._reader.employers(str(person), today).value]

    def organization_of_key(self, key: UUID) -> UUID | None:
        """Return whose key this is."""
        row = self._reader.row(ORGANIZATION_KEYS, (str(key),)).value
        return None if row is None else UUID(row["organization"])

    def organizations_of(self, volunteer: UUID) -> Sequence[UUID]:
        """Return who registered a volunteer or recorded something of her."""
        row = self._reader.row(VOLUNTEERS, (str(volunteer),)).value
        registrar = row["registered_by"] if row is not None else None
        query = Query(equal={"volunteer": str(volunteer)}, order=("day",), limit=_AT_ONCE)
        recorded = (found["organization"] for found in self._all(RECORDS, query))
        names = dict.fromkeys([*([registrar] if registrar else []), *recorded])
        return [UUID(name) for name in names]

    def volunteer_names(self, volunteers: Collection[UUID]) -> Mapping[UUID, str | None]:
        """Return what volunteers are called, whole; None where that is erased or unknown."""
        asked = list(dict.fromkeys(volunteers))
        found: dict[str, Any] = {}
        for first in range(0, len(asked), _AT_ONCE):
            ids = [str(each) for each in asked[first : first + _AT_ONCE]]
            query = Query(among={"volunteer": ids}, limit=len(ids))
            page = self._reader.rows(VOLUNTEERS, query).value
            found |= {row["volunteer"]: row["box"] for row in page.rows}
        boxes = [(str(each), found.get(str(each))) for each in asked]
        opened = self._boxes.open(VOLUNTEERS, boxes)
        return {
            each: None if facts is None else str(facts["name"])
            for each, facts in zip(asked, opened, strict=True)
        }

    def inbox(self, asked: InboxAsked) -> AsOf[InboxFound]:
        """Return a page of somebody's notices, newest first."""
        return read_inbox(self._reader, asked)

    def last_notices(self, asked: InboxAsked, through: int) -> Mapping[str, int]:
        """Return the last unseen notice under each of somebody's ids, up to an entry."""
        return last_notices(self._reader, asked, through).value

    def notice_seen_at(self, recipient: UUID, seq: int, size: int | None) -> str | None:
        """Return when somebody had seen the notice of an entry, if she has."""
        return seen_at(self._reader, str(recipient), seq, size)

    def has_organizations(self) -> bool:
        """Return whether any organization is registered."""
        return self._reader.has_organizations().value

    def _all(self, view: View, query: Query) -> Iterator[Row]:
        """Yield all rows, page by page."""
        while True:
            page = self._reader.rows(view, query).value
            yield from page.rows
            if page.after is None:
                return
            query = Query(
                equal=query.equal, order=query.order, limit=query.limit, after=page.after
            )

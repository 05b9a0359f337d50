"""What every use case works with: the desk, the views, and whom a volunteer is beside that."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from ledger.application.desk import Desk
from ledger.application.receipts import Receipts
from ledger.application.states import States
from ledger.domain.activity import Recorded
from ledger.projections.view import View
from ledger.store.view_imports import FileCounts, FileRows
from ledger.store.view_notices import InboxAsked, InboxFound
from ledger.store.view_query import Query
from ledger.store.view_reader import AsOf, Attendance, Page
from ledger.store.view_statistics import Asked, Counted
from ledger.store.view_statuses import StatusRows


class Views(Protocol):
    """What projections tell a decision and a reader; each answer is as of some size."""

    def wait_until(self, seq: int, timeout_s: float = ...) -> bool:
        """Return whether an entry has been taken in, after waiting for it."""

    def take_in(self, seq: int) -> None:
        """Return when an entry has been taken in, by whomever."""

    def recorded_in(self, activity: UUID) -> Recorded:
        """Return what is recorded in an activity."""

    def attendances(self, asked: Mapping[UUID, Collection[UUID]]) -> Mapping[UUID, Attendance]:
        """Return of each activity how many are recorded in it, and which of these are."""

    def actor_minutes(self, actor: str, since: datetime) -> int:
        """Return the minutes that an actor entered since an instant."""

    def minutes_entered_with(self, record: UUID, within: timedelta) -> int:
        """Return the minutes that who entered a record had entered in so much time with it."""

    def file_counts(self, import_id: UUID, since: datetime | None) -> FileCounts:
        """Return what became of a file's records; ``since`` is for those entered later."""

    def file_entered_from(self, import_id: UUID, size: int) -> AsOf[int]:
        """Return how many records of a file were entered after so many entries of the log."""

    def file_attendance(self, import_id: UUID, limit: int) -> Mapping[UUID, int]:
        """Return activities of a file's records, each with how many volunteers count there."""

    def file_volunteers(self, import_id: UUID, rows: FileRows, limit: int) -> Sequence[UUID]:
        """Return whom rows of a file are of, each once, at most so many."""

    def employers(self, person: UUID) -> Sequence[UUID]:
        """Return the organizations in which a person holds a role today."""

    def organization_of_key(self, key: UUID) -> UUID | None:
        """Return whose key this is."""

    def organizations_of(self, volunteer: UUID) -> Sequence[UUID]:
        """Return who registered a volunteer or recorded something of her."""

    def has_organizations(self) -> bool:
        """Return whether any organization is registered."""

    def volunteer_names(self, volunteers: Collection[UUID]) -> Mapping[UUID, str | None]:
        """Return what volunteers are called, whole; None where that is erased or unknown."""

    def page(self, view: View, query: Query) -> AsOf[Page]:
        """Return a page of rows of a view, and as of which size of the log it is."""

    def status_list_exists(self, number: int) -> AsOf[bool]:
        """Return whether a status list has any place that is taken."""

    def status_rows(self, number: int, standings: Sequence[str]) -> AsOf[StatusRows]:
        """Return what a status list is made of, of one moment."""

    def statistics(self, asked: Asked) -> AsOf[Mapping[Counted, int]]:
        """Return what is counted, of whom and in which month."""

    def inbox(self, asked: InboxAsked) -> AsOf[InboxFound]:
        """Return a page of somebody's notices, newest first."""

    def last_notices(self, asked: InboxAsked, through: int) -> Mapping[str, int]:
        """Return the last unseen notice under each of somebody's ids, up to an entry."""

    def notice_seen_at(self, recipient: UUID, seq: int, size: int | None) -> str | None:
        """Return when somebody had seen the notice of an entry, if she has."""


class Colleagues(Protocol):
    """Knows who is one person in two capacities."""

    def staff_of(self, volunteer: UUID) -> UUID | None:
        """Return the staff person who is the same human as a volunteer, if that is known."""


@dataclass(frozen=True, slots=True)
class Office:
    """One ledger's use cases' surroundings; ``index_key`` digests numbers of persons."""

    origin: str
    desk: Desk
    views: Views
    receipts: Receipts
    colleagues: Colleagues
    index_key: bytes

    @property
    def states(self) -> States:
        """The states of the ledger's things."""
        return self.desk.states

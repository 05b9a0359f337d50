"""What happens to an activity: registered, changed before its end, amended after it.

``on_behalf_of`` is the organization in whose name the actor acted. A reason is about an
activity and names nobody.
"""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias
from uuid import UUID

from ledger.domain.activity.first_shapes import (
    FirstActivityAmendmentProposed,
    FirstActivityChanged,
    FirstActivityRegistered,
)
from ledger.domain.activity.particulars import Particulars
from ledger.domain.evidence import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRegistered(Particulars):
    """An activity is known: what is served in it may be recorded (Order 67, Art. 7).

    ``recording_organization`` records and proves, which need not be the organizer (Order 67,
    Art. 26); ``guiding_organization`` guides a group that is no legal person. ``declared``
    says that it is none of the kinds that are no volunteer service (Order 67, Art. 19).
    ``back_entry``: it was registered after its end, on ``evidence``, by somebody who declared
    it to be true, ``truth_declared``. ``rules`` is the rule set of that day.
    """

    TYPE: ClassVar[str] = "activity.registered"
    SHAPE: ClassVar[int] = 2

    activity: UUID
    project_no: str
    organizer: UUID
    recording_organization: UUID
    guiding_organization: UUID | None
    declared: bool
    back_entry: bool
    back_entry_reason: str | None
    evidence: tuple[Evidence, ...]
    truth_declared: bool
    rules: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityChanged(Particulars):
    """An activity that was not over is planned otherwise; ``changed`` names what."""

    TYPE: ClassVar[str] = "activity.changed"
    SHAPE: ClassVar[int] = 2

    changed: tuple[str, ...]
    reason: str
    on_behalf_of: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityAmendmentProposed(Particulars):
    """Somebody says that an activity which is over was otherwise than it was registered."""

    TYPE: ClassVar[str] = "activity_amendment.proposed"
    SHAPE: ClassVar[int] = 2

    amendment: UUID
    changed: tuple[str, ...]
    reason: str
    on_behalf_of: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityAmended:
    """Another person agreed: the activity was as proposed."""

    TYPE: ClassVar[str] = "activity.amended"
    SHAPE: ClassVar[int] = 1

    amendment: UUID
    on_behalf_of: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityAmendmentRejected:
    """Another person did not agree: the activity stays as it was registered."""

    TYPE: ClassVar[str] = "activity_amendment.rejected"
    SHAPE: ClassVar[int] = 1

    amendment: UUID
    reason: str
    on_behalf_of: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityCancelled:
    """An activity did not take place: nothing is recorded in it any more."""

    TYPE: ClassVar[str] = "activity.cancelled"
    SHAPE: ClassVar[int] = 1

    reason: str
    on_behalf_of: UUID


ActivityEvent: TypeAlias = (
    ActivityRegistered
    | ActivityChanged
    | ActivityAmendmentProposed
    | ActivityAmended
    | ActivityAmendmentRejected
    | ActivityCancelled
    | FirstActivityRegistered
    | FirstActivityChanged
    | FirstActivityAmendmentProposed
)

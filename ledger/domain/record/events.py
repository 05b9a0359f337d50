"""What happens to a record: entered, shown, objected to, reviewed, amended, voided.

``volunteer`` is whom it is about; whatever is said of her in words is hers, and under her
key. ``on_behalf_of`` is the organization in whose name the actor acted; None is the volunteer
herself, or the ledger. Who acted is `by`, a fact of every event (log format, section 2).
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, TypeAlias
from uuid import UUID

from ledger.domain.codes import Channel
from ledger.domain.event import About, Erased
from ledger.domain.evidence import Evidence
from ledger.domain.record.codes import ObjectionKind, Signal
from ledger.domain.record.service import Service

Text: TypeAlias = Annotated[str | Erased, About("volunteer")]
TextOrNone: TypeAlias = Annotated[str | Erased | None, About("volunteer")]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry(Service):
    """What a submission and a resubmission share.

    ``minutes`` is the time served. ``recorder`` is the named person who answers for the entry
    (340号 Art. 4), also where a key sent it. ``late_working_days`` is by how many working
    days it is late, 0 if it is not (Order 67, Art. 11), ``latency_minutes`` the time from the
    end of the service to the entry. ``rules`` is the rule set of the day of the service. The
    digests are of the signed submission and of this record in it, where there is one.
    """

    volunteer: UUID
    minutes: int
    recorder: UUID
    channel: Channel
    evidence: tuple[Evidence, ...]
    back_entry_reason: TextOrNone
    late_working_days: int
    latency_minutes: int
    signals: tuple[Signal, ...]
    rules: int
    submission_digest: str | None
    record_digest: str | None
    on_behalf_of: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSubmitted(_Entry):
    """A recorder entered what a volunteer served (Order 67, Art. 7 and 11; pilot plan 三(三)).

    ``organizer`` and ``person_in_charge`` are the activity's at that time.
    """

    TYPE: ClassVar[str] = "record.submitted"
    SHAPE: ClassVar[int] = 1

    record: UUID
    activity: UUID
    organizer: UUID
    person_in_charge: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordResubmitted(_Entry):
    """A record that was returned is entered anew; its publicity starts anew too."""

    TYPE: ClassVar[str] = "record.resubmitted"
    SHAPE: ClassVar[int] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPublicized:
    """A record is shown, masked, before it counts (340号; the article is not confirmed).

    Both days belong to the publicity. ``provisional``: a year on the way had no published
    working days yet, so that the last day may turn out to be another one.
    """

    TYPE: ClassVar[str] = "record.publicized"
    SHAPE: ClassVar[int] = 1

    opens_on: date
    closes_on: date
    provisional: bool
    rules: int
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionRaised:
    """Somebody says that a record is wrong; until it is decided, nothing is confirmed.

    ``objector`` stands for who objects, and need not be known by name.
    """

    TYPE: ClassVar[str] = "objection.raised"
    SHAPE: ClassVar[int] = 1

    objection: UUID
    kind: ObjectionKind
    volunteer: UUID
    text: Text
    objector: UUID
    contact: Annotated[str | Erased | None, About("objector")]
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionDecided:
    """An objection was looked into; upheld, it returns the record to its recorder."""

    TYPE: ClassVar[str] = "objection.decided"
    SHAPE: ClassVar[int] = 1

    objection: UUID
    upheld: bool
    volunteer: UUID
    reason: Text
    on_behalf_of: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReturned:
    """A reviewer sent a record back to be set right."""

    TYPE: ClassVar[str] = "record.returned"
    SHAPE: ClassVar[int] = 1

    volunteer: UUID
    reason: Text
    on_behalf_of: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConfirmed:
    """A second person confirmed a record; it counts, unless ``awaits`` names what holds it."""

    TYPE: ClassVar[str] = "record.confirmed"
    SHAPE: ClassVar[int] = 1

    reviewer: UUID
    minutes: int
    awaits: tuple[Signal, ...]
    on_behalf_of: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordApproved:
    """A person of a body above approved a record that was held: it counts.

    ``signals`` is what she approved it in spite of.
    """

    TYPE: ClassVar[str] = "record.approved"
    SHAPE: ClassVar[int] = 1

    approver: UUID
    signals: tuple[Signal, ...]
    volunteer: UUID
    reason: Text
    on_behalf_of: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentProposed(Service):
    """Somebody says what a confirmed record should be instead (Order 67, Art. 13).

    All facts as they would be, ``changed`` names those that differ. The record stays as it
    is until another person accepts; as it was stands in the history for good.
    """

    TYPE: ClassVar[str] = "amendment.proposed"
    SHAPE: ClassVar[int] = 1

    amendment: UUID
    volunteer: UUID
    minutes: int
    changed: tuple[str, ...]
    reason: Text
    evidence: tuple[Evidence, ...]
    rules: int
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidingProposed:
    """Somebody says that a record should count no more; it is never deleted."""

    TYPE: ClassVar[str] = "voiding.proposed"
    SHAPE: ClassVar[int] = 1

    amendment: UUID
    volunteer: UUID
    reason: Text
    evidence: tuple[Evidence, ...]
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentReplied:
    """The volunteer said what she thinks of an amendment or voiding."""

    TYPE: ClassVar[str] = "amendment.replied"
    SHAPE: ClassVar[int] = 1

    amendment: UUID
    volunteer: UUID
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentAccepted:
    """A person who neither recorded nor proposed accepted: the record is as proposed."""

    TYPE: ClassVar[str] = "amendment.accepted"
    SHAPE: ClassVar[int] = 1

    amendment: UUID
    reviewer: UUID
    minutes: int
    on_behalf_of: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentRejected:
    """Such a person did not accept an amendment or voiding: the record stays as it is."""

    TYPE: ClassVar[str] = "amendment.rejected"
    SHAPE: ClassVar[int] = 1

    amendment: UUID
    reviewer: UUID
    volunteer: UUID
    reason: Text
    on_behalf_of: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVoided:
    """Such a person accepted a voiding: the record counts no more, and nothing follows it."""

    TYPE: ClassVar[str] = "record.voided"
    SHAPE: ClassVar[int] = 1

    amendment: UUID
    reviewer: UUID
    volunteer: UUID
    reason: Text
    on_behalf_of: UUID


RecordEvent: TypeAlias = (
    RecordSubmitted
    | RecordResubmitted
    | RecordPublicized
    | ObjectionRaised
    | ObjectionDecided
    | RecordReturned
    | RecordConfirmed
    | RecordApproved
    | AmendmentProposed
    | VoidingProposed
    | AmendmentReplied
    | AmendmentAccepted
    | AmendmentRejected
    | RecordVoided
)

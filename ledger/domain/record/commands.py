"""What may be asked of a record. What only the ledger knows stands in no command.

Ids and digests come from outside. Commands that credit minutes are decided together with the
account (`ledger.domain.crediting`); the others touch the record alone.
"""

from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from ledger.domain.codes import Channel
from ledger.domain.evidence import Evidence
from ledger.domain.record.codes import ObjectionKind
from ledger.domain.record.service import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitRecord:
    """Enter what a volunteer served; ``recorder`` answers for it.

    ``is_row`` says that it is the row of a file, whose paper is attached to the whole of it.
    """

    record: UUID
    recorder: UUID
    channel: Channel
    service: Service
    evidence: tuple[Evidence, ...] = ()
    back_entry_reason: str | None = None
    submission_digest: str | None = None
    record_digest: str | None = None
    is_row: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ResubmitRecord:
    """Enter a record that was returned anew."""

    recorder: UUID
    channel: Channel
    service: Service
    evidence: tuple[Evidence, ...] = ()
    back_entry_reason: str | None = None
    submission_digest: str | None = None
    record_digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicizeRecord:
    """Show it from today on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseObjection:
    """Say that it is wrong. Who objects as a volunteer objects as herself."""

    objection: UUID
    objector: UUID
    kind: ObjectionKind
    text: str
    contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideObjection:
    """Say whether an objection is right, and why."""

    objection: UUID
    upheld: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRecord:
    """Send it back to its recorder."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeAmendment:
    """Say what it should be instead, complete."""

    amendment: UUID
    service: Service
    reason: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeVoiding:
    """Say that it should count no more."""

    amendment: UUID
    reason: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyToAmendment:
    """Say, as the volunteer, what there is to say of an amendment or voiding."""

    amendment: UUID
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectAmendment:
    """Leave it as it is."""

    amendment: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmRecord:
    """Confirm it as a second person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveRecord:
    """Approve, from above, one that is held."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptAmendment:
    """Accept an amendment."""

    amendment: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidRecord:
    """Accept a voiding."""

    amendment: UUID
    reason: str


Entry: TypeAlias = SubmitRecord | ResubmitRecord
Command: TypeAlias = (
    Entry
    | PublicizeRecord
    | RaiseObjection
    | DecideObjection
    | ReturnRecord
    | ProposeAmendment
    | ProposeVoiding
    | ReplyToAmendment
    | RejectAmendment
)
CreditingCommand: TypeAlias = ConfirmRecord | ApproveRecord | AcceptAmendment | VoidRecord

"""What may be asked of an activity; ids and digests come from outside."""

from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from ledger.domain.activity.particulars import Particulars
from ledger.domain.evidence import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterActivity:
    """Make an activity known that the acting organization will record.

    ``project_no`` is free: nobody has claimed it. ``back_entry_reason``, ``evidence`` and
    ``truth_declared`` are needed once it is over.
    """

    activity: UUID
    project_no: str
    organizer: UUID
    guiding_organization: UUID | None
    declared: bool
    particulars: Particulars
    back_entry_reason: str | None = None
    evidence: tuple[Evidence, ...] = ()
    truth_declared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeActivity:
    """Say all particulars anew before it is over."""

    particulars: Particulars
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeActivityAmendment:
    """Say all particulars as they really were, after it is over."""

    amendment: UUID
    particulars: Particulars
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptActivityAmendment:
    """Agree to what another person proposed."""

    amendment: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectActivityAmendment:
    """Disagree with what another person proposed."""

    amendment: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelActivity:
    """Say that it does not take place."""

    reason: str


Command: TypeAlias = (
    RegisterActivity
    | ChangeActivity
    | ProposeActivityAmendment
    | AcceptActivityAmendment
    | RejectActivityAmendment
    | CancelActivity
)

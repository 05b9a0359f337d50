"""What may be asked of an organization's history; ids and texts come from outside."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from ledger.domain.codes import ServiceCategory
from ledger.domain.organization.kinds import (
    Ground,
    OrganizationKind,
    Role,
    SuccessionKind,
)
from ledger.domain.organization.particulars import Document, Particulars


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterOrganization:
    """Make an organization known; only the city bureau has no parent."""

    organization: UUID
    kind: OrganizationKind
    division: str
    parent: UUID | None
    particulars: Particulars


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendOrganization:
    """Say all particulars as they are from a day on. Kind, division and parent stay."""

    particulars: Particulars
    effective_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizeOrganization:
    """Put it in force, for the first time or after its authority was revoked."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendOrganization:
    """Stop it; ``rectify_by`` is by when it has to mend what it did."""

    ground: Ground
    reason: str
    rectify_by: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinstateOrganization:
    """End its suspension."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeOrganization:
    """Take its authority away."""

    ground: Ground
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SucceedOrganization:
    """Let others answer for what it recorded: it was merged, split or dissolved (149号)."""

    succession: SuccessionKind
    successors: tuple[UUID, ...]
    effective_on: date
    evidence: tuple[Document, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantEntrustment:
    """Let it record in an area for a time; ``categories`` None is every category."""

    entrustment: UUID
    divisions: tuple[str, ...]
    categories: tuple[ServiceCategory, ...] | None
    valid_from: date
    valid_to: date
    qualification: tuple[Document, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeEntrustment:
    """End an entrustment today."""

    entrustment: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOrganizationKey:
    """Let an Ed25519 public key (64 hex digits) sign, to its last day if it has one."""

    key: UUID
    public_key: str
    label: str
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeOrganizationKey:
    """Let a key sign no more; ``exposed_since`` says since when others may have it."""

    key: UUID
    exposed_since: date | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointStaff:
    """Give a person roles from a day on."""

    person: UUID
    roles: tuple[Role, ...]
    from_day: date
    name: str
    telephone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendStaff:
    """Say otherwise how a person is called and reached."""

    person: UUID
    name: str
    telephone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseStaff:
    """Take roles from a person; ``from_day`` is the first day without them."""

    person: UUID
    roles: tuple[Role, ...]
    from_day: date
    reason: str


StandingCommand: TypeAlias = (
    AuthorizeOrganization
    | SuspendOrganization
    | ReinstateOrganization
    | RevokeOrganization
    | SucceedOrganization
)
EntrustmentCommand: TypeAlias = GrantEntrustment | RevokeEntrustment
KeyCommand: TypeAlias = AddOrganizationKey | RevokeOrganizationKey
StaffCommand: TypeAlias = AppointStaff | AmendStaff | ReleaseStaff

Command: TypeAlias = (
    RegisterOrganization
    | AmendOrganization
    | StandingCommand
    | EntrustmentCommand
    | KeyCommand
    | StaffCommand
)

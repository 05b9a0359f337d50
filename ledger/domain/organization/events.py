"""What happens to an organization: its standing, its entrustments, its keys, its people.

``on_behalf_of`` is the organization in whose name the actor acted; None is the ledger itself,
which acts only at its beginning. A reason is about an organization and names nobody.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, TypeAlias
from uuid import UUID

from ledger.domain.codes import ServiceCategory
from ledger.domain.event import About, Erased
from ledger.domain.organization.kinds import (
    Ground,
    OrganizationKind,
    Role,
    SuccessionKind,
)
from ledger.domain.organization.particulars import Document, Particulars


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationRegistered(Particulars):
    """An organization is known to the ledger; it may not record yet."""

    TYPE: ClassVar[str] = "organization.registered"
    SHAPE: ClassVar[int] = 1

    organization: UUID
    kind: OrganizationKind
    division: str
    parent: UUID | None
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationAmended(Particulars):
    """What is said of an organization changed: all of it as it is from ``effective_on`` on."""

    TYPE: ClassVar[str] = "organization.amended"
    SHAPE: ClassVar[int] = 1

    effective_on: date
    reason: str
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationAuthorized:
    """A bureau put an organization in force; ``reason`` names its decision."""

    TYPE: ClassVar[str] = "organization.authorized"
    SHAPE: ClassVar[int] = 1

    reason: str | None
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationSuspended:
    """A bureau stopped an organization until further notice."""

    TYPE: ClassVar[str] = "organization.suspended"
    SHAPE: ClassVar[int] = 1

    ground: Ground
    reason: str
    rectify_by: date | None
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationReinstated:
    """A bureau ended a suspension."""

    TYPE: ClassVar[str] = "organization.reinstated"
    SHAPE: ClassVar[int] = 1

    reason: str
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationRevoked:
    """A bureau took an organization's authority away; what it recorded stays recorded."""

    TYPE: ClassVar[str] = "organization.revoked"
    SHAPE: ClassVar[int] = 1

    ground: Ground
    reason: str
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationSucceeded:
    """An organization came to its end; its successors answer for what it recorded (149号)."""

    TYPE: ClassVar[str] = "organization.succeeded"
    SHAPE: ClassVar[int] = 1

    succession: SuccessionKind
    successors: tuple[UUID, ...]
    effective_on: date
    evidence: tuple[Document, ...]
    reason: str
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrustmentGranted:
    """A bureau lets an organization record in an area, for a time (pilot plan 三(五)).

    ``categories`` None is every category; ``valid_to`` is the last day.
    """

    TYPE: ClassVar[str] = "entrustment.granted"
    SHAPE: ClassVar[int] = 1

    entrustment: UUID
    divisions: tuple[str, ...]
    categories: tuple[ServiceCategory, ...] | None
    valid_from: date
    valid_to: date
    qualification: tuple[Document, ...]
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrustmentRevoked:
    """An entrustment ended before its last day."""

    TYPE: ClassVar[str] = "entrustment.revoked"
    SHAPE: ClassVar[int] = 1

    entrustment: UUID
    reason: str
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationKeyAdded:
    """An Ed25519 public key may sign for the organization, to ``valid_to`` if there is one."""

    TYPE: ClassVar[str] = "organization_key.added"
    SHAPE: ClassVar[int] = 1

    key: UUID
    public_key: str
    label: str
    valid_to: date | None
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationKeyRevoked:
    """A key signs no more; what it signed stays valid.

    ``exposed_since`` is the day from which others may have had it, for those who look into it.
    """

    TYPE: ClassVar[str] = "organization_key.revoked"
    SHAPE: ClassVar[int] = 1

    key: UUID
    exposed_since: date | None
    reason: str
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAppointed:
    """A person has roles in the organization from a day on (落实到人: 340号, article 4)."""

    TYPE: ClassVar[str] = "staff.appointed"
    SHAPE: ClassVar[int] = 1

    person: UUID
    roles: tuple[Role, ...]
    from_day: date
    name: Annotated[str | Erased, About("person")]
    telephone: Annotated[str | Erased | None, About("person")]
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAmended:
    """A person of the organization is called, or reached, otherwise than was said."""

    TYPE: ClassVar[str] = "staff.amended"
    SHAPE: ClassVar[int] = 1

    person: UUID
    name: Annotated[str | Erased, About("person")]
    telephone: Annotated[str | Erased | None, About("person")]
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffReleased:
    """A person has these roles no more; ``from_day`` is the first day without them."""

    TYPE: ClassVar[str] = "staff.released"
    SHAPE: ClassVar[int] = 1

    person: UUID
    roles: tuple[Role, ...]
    from_day: date
    reason: Annotated[str | Erased, About("person")]
    on_behalf_of: UUID | None


OrganizationEvent: TypeAlias = (
    OrganizationRegistered
    | OrganizationAmended
    | OrganizationAuthorized
    | OrganizationSuspended
    | OrganizationReinstated
    | OrganizationRevoked
    | OrganizationSucceeded
    | EntrustmentGranted
    | EntrustmentRevoked
    | OrganizationKeyAdded
    | OrganizationKeyRevoked
    | StaffAppointed
    | StaffAmended
    | StaffReleased
)

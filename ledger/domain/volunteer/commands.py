"""What may be asked of a volunteer's registration.

Ids of new things, digests (SHA-256, lower-case hex) and the identity stream of an ID number
come from the caller. Whoever acts for an organization is told by the surroundings.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias
from uuid import UUID

from ledger.domain.volunteer.consent import Consenter, Purpose
from ledger.domain.volunteer.guardian import Guardian
from ledger.domain.volunteer.particulars import ConfirmationMethod, Fact, Particulars


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveConsent:
    """Record a consent; ``given_on`` None is today, a day before it was signed on paper."""

    consent: UUID
    purpose: Purpose
    policy: str
    given_by: Consenter = Consenter.VOLUNTEER
    facts: tuple[Fact, ...] = ()
    recipients: tuple[str, ...] = ()
    given_on: date | None = None
    evidence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NameGuardian:
    """Name who speaks for a minor; ``evidence`` is the digest of what shows it."""

    guardian: Guardian
    evidence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterVolunteer:
    """Register a person, with the consents and the guardian that it takes, in one go.

    ``extras`` is what else was submitted, by its name: refused, and never kept.
    """

    volunteer: UUID
    identity: UUID
    particulars: Particulars
    policy: str
    guardian: NameGuardian | None = None
    consents: tuple[GiveConsent, ...] = ()
    extras: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendVolunteer:
    """Set the particulars, all of them, as they are to be.

    ``identity`` is the stream of their ID number, changed or not; ``answers``
    is the correction that was requested, where this is its answer.
    """

    identity: UUID
    particulars: Particulars
    reason: str
    evidence: str | None = None
    answers: UUID | None = None
    extras: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmVolunteer:
    """Say that her real name was checked, and how."""

    method: ConfirmationMethod
    evidence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCorrection:
    """Ask her to set facts right (Order 67, Art. 6)."""

    correction: UUID
    facts: tuple[Fact, ...]
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawCorrection:
    """Take back a request for correction."""

    correction: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawConsent:
    """End the consent to a purpose (PIPL 15)."""

    purpose: Purpose
    withdrawn_by: Consenter = Consenter.VOLUNTEER


Command: TypeAlias = (
    RegisterVolunteer
    | AmendVolunteer
    | ConfirmVolunteer
    | RequestCorrection
    | WithdrawCorrection
    | NameGuardian
    | GiveConsent
    | WithdrawConsent
)
"""Merging and separating concern two volunteers: `ledger.domain.identity.merging`."""

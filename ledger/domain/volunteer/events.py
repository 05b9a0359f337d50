"""What happens to a volunteer's registration; every personal fact is hers, and under her key.

Particulars are facts of their own, not one object, so that a certificate can show a name and
withhold an ID number. An amendment has all of them as they are afterwards and names those
that changed; as they were before stands in the history before it, which has no gap.
``on_behalf_of`` is the organization in whose name the actor acted; None is the volunteer
herself. Digests are SHA-256 in lower-case hex.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, TypeAlias
from uuid import UUID

from ledger.domain.codes import (
    Education,
    Employment,
    Ethnicity,
    GuardianRelation,
    IdType,
    PoliticalStatus,
    ServiceCategory,
    Sex,
    Skill,
)
from ledger.domain.event import About, Erased
from ledger.domain.volunteer.consent import Consenter, Purpose
from ledger.domain.volunteer.particulars import Availability, ConfirmationMethod, Fact

_HERS = About("volunteer")

Text: TypeAlias = Annotated[str | Erased, About("volunteer")]
TextOrNone: TypeAlias = Annotated[str | Erased | None, About("volunteer")]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Particulars:
    """The facts that a registration and an amendment share."""

    volunteer: UUID
    identity: UUID
    name: Text
    sex: Annotated[Sex | Erased, _HERS]
    birth_date: Annotated[date | Erased, _HERS]
    id_type: Annotated[IdType | Erased, _HERS]
    id_number: Text
    residence_area: Text
    contact: Text
    skills: Annotated[tuple[Skill, ...] | Erased, _HERS]
    service_categories: Annotated[tuple[ServiceCategory, ...] | Erased, _HERS]
    volunteer_number: TextOrNone
    ethnicity: Annotated[Ethnicity | Erased | None, _HERS]
    political_status: Annotated[PoliticalStatus | Erased | None, _HERS]
    education: Annotated[Education | Erased | None, _HERS]
    employment: Annotated[Employment | Erased | None, _HERS]
    work_unit: TextOrNone
    availability: Annotated[tuple[Availability, ...] | Erased, _HERS]


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerRegistered(_Particulars):
    """A person is known to the ledger (Order 67, Art. 5 and 6).

    ``identity`` is the stream that keeps her the only one with this ID number. ``policy`` is
    the digest of the notice that she was given (PIPL 17).
    """

    TYPE: ClassVar[str] = "volunteer.registered"
    SHAPE: ClassVar[int] = 1

    policy: str
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerAmended(_Particulars):
    """Her particulars are others now (Order 67, Art. 13; PIPL 46).

    ``changed`` names the facts, ascending; ``answers`` the correction that was requested.
    """

    TYPE: ClassVar[str] = "volunteer.amended"
    SHAPE: ClassVar[int] = 1

    changed: tuple[Fact, ...]
    reason: Text
    evidence: str | None
    answers: UUID | None
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerConfirmed:
    """Somebody checked that she is who she says she is (慈善法 Art. 66: real name)."""

    TYPE: ClassVar[str] = "volunteer.confirmed"
    SHAPE: ClassVar[int] = 1

    volunteer: UUID
    method: ConfirmationMethod
    evidence: str | None
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRequested:
    """An organization found something wrong or missing and asks her to set it right.

    Order 67, Art. 6: it must ask; the facts stay as they are until she answers.
    """

    TYPE: ClassVar[str] = "correction.requested"
    SHAPE: ClassVar[int] = 1

    volunteer: UUID
    correction: UUID
    facts: tuple[Fact, ...]
    explanation: Text
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionWithdrawn:
    """What was asked to be corrected was right after all."""

    TYPE: ClassVar[str] = "correction.withdrawn"
    SHAPE: ClassVar[int] = 1

    volunteer: UUID
    correction: UUID
    reason: Text
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianNamed:
    """Who speaks for her until she is of age; takes the place of who did before."""

    TYPE: ClassVar[str] = "guardian.named"
    SHAPE: ClassVar[int] = 1

    volunteer: UUID
    name: Text
    relation: Annotated[GuardianRelation | Erased, _HERS]
    contact: Text
    evidence: str | None
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven:
    """She, or her guardian for her, agrees to one purpose (PIPL 14, 31).

    Takes the place of an earlier consent to the same purpose. ``policy`` is the digest of
    the text that was agreed to, ``evidence`` that of the form that was signed, ``facts`` the
    optional facts that it covers, ``recipients`` to whom may be disclosed.
    """

    TYPE: ClassVar[str] = "consent.given"
    SHAPE: ClassVar[int] = 1

    volunteer: UUID
    consent: UUID
    purpose: Purpose
    facts: tuple[Fact, ...]
    recipients: Annotated[tuple[str, ...] | Erased, _HERS]
    policy: str
    given_by: Consenter
    given_on: date
    evidence: str | None
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn:
    """A consent ends (PIPL 15): what was done while it was in force stays done."""

    TYPE: ClassVar[str] = "consent.withdrawn"
    SHAPE: ClassVar[int] = 1

    volunteer: UUID
    consent: UUID
    purpose: Purpose
    withdrawn_by: Consenter
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerMerged:
    """This registration is one too many of a person; what is hers counts at ``into``."""

    TYPE: ClassVar[str] = "volunteer.merged"
    SHAPE: ClassVar[int] = 1

    volunteer: UUID
    into: UUID
    reason: Text
    evidence: str
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerSeparated:
    """A merge is undone: this registration stands for a person of its own again."""

    TYPE: ClassVar[str] = "volunteer.separated"
    SHAPE: ClassVar[int] = 1

    volunteer: UUID
    out_of: UUID
    reason: Text
    evidence: str
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerAbsorbed:
    """The other side of a merge, in the stream of the registration that stays.

    Both streams grow, so that of two merges at once (she into another, another into her)
    only one is recorded. No personal fact stands here: it is also written of an erased one.
    """

    TYPE: ClassVar[str] = "volunteer.absorbed"
    SHAPE: ClassVar[int] = 1

    volunteer: UUID
    source: UUID
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerRelinquished:
    """The other side of a separation, in the stream of the registration that stayed."""

    TYPE: ClassVar[str] = "volunteer.relinquished"
    SHAPE: ClassVar[int] = 1

    volunteer: UUID
    source: UUID
    on_behalf_of: UUID | None


VolunteerEvent: TypeAlias = (
    VolunteerRegistered
    | VolunteerAmended
    | VolunteerConfirmed
    | CorrectionRequested
    | CorrectionWithdrawn
    | GuardianNamed
    | ConsentGiven
    | ConsentWithdrawn
    | VolunteerMerged
    | VolunteerSeparated
    | VolunteerAbsorbed
    | VolunteerRelinquished
)

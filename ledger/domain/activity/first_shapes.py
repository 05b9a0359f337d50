"""The first shapes of an activity's events: still read, never written any more.

They knew neither admission, coordinates, posts nor sign points. What they did not say is None
or nothing, and is asked for as soon as somebody says the particulars anew.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from ledger.domain.codes import ServiceCategory, ServiceObject
from ledger.domain.event import About, Erased
from ledger.domain.evidence import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstParticulars:
    """What is said of an activity since the first shape.

    ``starts_on`` and ``ends_on`` are civil dates, both of them days of the activity;
    ``head_count`` is how many volunteers took part in all (总人数). ``risk_notice``,
    ``agreement`` and ``insurance`` name the papers (条例 Art. 12 to 18).
    """

    name: str
    starts_on: date
    ends_on: date
    place: str
    division: str
    service_objects: tuple[ServiceObject, ...]
    categories: tuple[ServiceCategory, ...]
    content: str
    person_in_charge: UUID
    person_in_charge_name: Annotated[str | Erased, About("person_in_charge")]
    person_in_charge_phone: Annotated[str | Erased | None, About("person_in_charge")]
    head_count: int
    risk_notice: str | None
    agreement: str | None
    insurance: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstActivityRegistered(FirstParticulars):
    """An activity is known, in the first shape."""

    TYPE: ClassVar[str] = "activity.registered"
    SHAPE: ClassVar[int] = 1

    activity: UUID
    organizer: UUID
    recording_organization: UUID
    guiding_organization: UUID | None
    declared: bool
    back_entry: bool
    back_entry_reason: str | None
    evidence: tuple[Evidence, ...]
    rules: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstActivityChanged(FirstParticulars):
    """An activity that was not over is planned otherwise, in the first shape."""

    TYPE: ClassVar[str] = "activity.changed"
    SHAPE: ClassVar[int] = 1

    changed: tuple[str, ...]
    reason: str
    on_behalf_of: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstActivityAmendmentProposed(FirstParticulars):
    """Somebody says that an activity which is over was otherwise, in the first shape."""

    TYPE: ClassVar[str] = "activity_amendment.proposed"
    SHAPE: ClassVar[int] = 1

    amendment: UUID
    changed: tuple[str, ...]
    reason: str
    on_behalf_of: UUID

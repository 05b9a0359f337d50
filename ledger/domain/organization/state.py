"""An organization as its history left it: its standing, scope, entrustments, keys and people.

Every question takes the civil date it is asked for, where dates matter. Standing has none: it
is as of the last event, and a recording is judged at its commit, so what was recorded while an
organization was in force, a key valid or a person appointed stays valid afterwards.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ledger.domain.codes import ServiceCategory
from ledger.domain.divisions import is_within
from ledger.domain.event import Erased
from ledger.domain.organization.kinds import (
    BUREAUS,
    OrganizationKind,
    Role,
    Status,
)
from ledger.domain.organization.particulars import Particulars
from ledger.domain.refusal import Refused, gathered, refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A name, and the day from which it holds."""

    name: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrustment:
    """What a bureau lets an organization record; ``categories`` None is every category."""

    id: UUID
    grantor: UUID | None
    divisions: tuple[str, ...]
    categories: tuple[ServiceCategory, ...] | None
    valid_from: date
    valid_to: date
    is_revoked: bool = False

    def is_in_force(self, on: date) -> bool:
        """Return whether it holds on a day; its last day is still one of its days."""
        return not self.is_revoked and self.valid_from <= on <= self.valid_to

    def has_area(self, division: str) -> bool:
        """Return whether a division lies in its area."""
        return any(is_within(division, of) for of in self.divisions)

    def has_categories(self, categories: Collection[ServiceCategory]) -> bool:
        """Return whether it is for all of these categories."""
        return self.categories is None or set(categories) <= set(self.categories)


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """An Ed25519 public key of the organization, in hex; ``valid_to`` is its last day."""

    id: UUID
    public_key: str
    valid_to: date | None
    is_revoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """One role of one person, from a day on; ``until`` is the first day without it."""

    person: UUID
    role: Role
    from_day: date
    until: date | None = None

    def is_held(self, on: date) -> bool:
        """Return whether the role is held on a day."""
        return self.from_day <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """A person of the organization as certificates and pages call her."""

    person: UUID
    name: str | Erased
    telephone: str | Erased | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """An organization. ``halted_by`` is who suspended or revoked it, as long as that lasts."""

    id: UUID
    kind: OrganizationKind
    division: str
    parent: UUID | None
    status: Status
    particulars: Particulars
    names: tuple[Named, ...]
    halted_by: UUID | None = None
    successors: tuple[UUID, ...] = ()
    entrustments: tuple[Entrustment, ...] = ()
    keys: tuple[SigningKey, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    staff: tuple[StaffMember, ...] = ()

    @property
    def is_in_force(self) -> bool:
        """Whether it may act at all."""
        return self.status is Status.AUTHORIZED

    @property
    def is_bureau(self) -> bool:
        """Whether it is a bureau, which supervises and does not record."""
        return self.kind in BUREAUS

    def check_standing(self, wanted: Collection[Status]) -> Refused | None:
        """Return why it does not stand in one of these ways."""
        if self.status in wanted:
            return None
        match self.status:
            case Status.REGISTERED:
                return refuse("organization_not_authorized")
            case Status.AUTHORIZED:
                return refuse("organization_is_authorized")
            case Status.SUSPENDED:
                return refuse("organization_is_suspended")
            case Status.REVOKED:
                return refuse("organization_is_revoked")
            case Status.SUCCEEDED:
                return refuse("organization_is_succeeded")

    def name_on(self, day: date) -> str:
        """Return its name on a day; before its first day here, its first name."""
        held = [named.name for named in self.names if named.since <= day]
        return held[-1] if held else self.names[0].name

    def has_role(self, person: UUID, role: Role, on: date) -> bool:
        """Return whether a person has a role here on a day."""
        return any(
            held.person == person and held.role is role and held.is_held(on)
            for held in self.appointments
        )

    def persons(self, role: Role, on: date) -> tuple[UUID, ...]:
        """Return who has a role on a day, in the order of their appointment."""
        return tuple(
            dict.fromkeys(
                held.person
                for held in self.appointments
                if held.role is role and held.is_held(on)
            )
        )

    def is_appointed(self, person: UUID, role: Role, on: date) -> bool:
        """Return whether a person has a role on a day, or will have it after that day."""
        return any(
            held.person == person
            and held.role is role
            and (held.until is None or on < held.until)
            for held in self.appointments
        )

    def has_anybody(self, on: date) -> bool:
        """Return whether anybody has any role on a day, or will have one after it."""
        return any(held.until is None or on < held.until for held in self.appointments)

    def has_two_persons(self, on: date) -> bool:
        """Return whether there is a recorder and another person who reviews.

        340号, article 4, and the pilot plan, 三(四), ask for named persons; that there are two
        of them is what the two-person rule needs.
        """
        recorders, reviewers = self.persons(Role.RECORDER, on), self.persons(Role.REVIEWER, on)
        return bool(recorders and reviewers) and len({*recorders, *reviewers}) > 1

    def member(self, person: UUID) -> StaffMember | None:
        """Return a person who is or was of the staff."""
        return next((each for each in self.staff if each.person == person), None)

    def key(self, key: UUID) -> SigningKey | None:
        """Return a key, in force or not."""
        return next((each for each in self.keys if each.id == key), None)

    def key_in_force(self, key: UUID, on: date) -> bool:
        """Return whether a key of an organization in force may sign on a day."""
        found = self.key(key)
        return (
            self.is_in_force
            and found is not None
            and not found.is_revoked
            and (found.valid_to is None or on <= found.valid_to)
        )

    def entrustment(self, entrustment: UUID) -> Entrustment | None:
        """Return an entrustment, in force or not."""
        return next((each for each in self.entrustments if each.id == entrustment), None)

    def may_record(
        self, on: date, division: str, categories: Collection[ServiceCategory]
    ) -> Refused | None:
        """Return why nothing of a division and of these categories is recorded on a day.

        ``on`` is the day of the recording, not of the service: what is appended after an
        entrustment expired is refused, what was appended before stays valid [P].
        """
        return gathered(
            self.check_standing({Status.AUTHORIZED}),
            self._scope_refusal(on, division, categories),
        )

    def _scope_refusal(
        self, on: date, division: str, categories: Collection[ServiceCategory]
    ) -> Refused | None:
        if self.is_bureau:
            return refuse("bureau_does_not_record")
        is_entrusted = self.kind is OrganizationKind.ENTRUSTED
        if not is_entrusted and is_within(division, self.division):
            return None
        held = [each for each in self.entrustments if each.is_in_force(on)]
        if not held:
            return (
                refuse("entrustment_not_in_force")
                if is_entrusted
                else refuse("division_outside_organization", "division", scope=self.division)
            )
        here = [each for each in held if each.has_area(division)]
        if not here:
            return refuse("division_outside_entrustment", "division")
        if not any(each.has_categories(categories) for each in here):
            return refuse("categories_outside_entrustment", "categories")
        return None

"""Who calls, and in whose name: what a sign-in or a signature has established, no more.

That a person has a role in the organization in whose name she acts is the domain's to check.
"""

from dataclasses import dataclass
from uuid import UUID

from ledger.domain.event import Actor, ActorKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """One person or key, acting for an organization or for herself.

    ``organization`` is in whose name she acts, None for a volunteer and for the ledger itself.
    ``staff`` and ``volunteer`` are the same person in her two capacities, as far as known.
    """

    actor: Actor
    organization: UUID | None = None
    staff: UUID | None = None
    volunteer: UUID | None = None

    @property
    def is_key(self) -> bool:
        """Whether an organization's own system calls."""
        return self.actor.kind is ActorKind.KEY


def as_staff(person: UUID, organization: UUID, *, volunteer: UUID | None = None) -> Caller:
    """Return a person of an organization."""
    actor = Actor(ActorKind.STAFF, person)
    return Caller(actor=actor, organization=organization, staff=person, volunteer=volunteer)


def as_volunteer(volunteer: UUID, *, staff: UUID | None = None) -> Caller:
    """Return a volunteer who acts for herself."""
    actor = Actor(ActorKind.VOLUNTEER, volunteer)
    return Caller(actor=actor, staff=staff, volunteer=volunteer)


def as_key(key: UUID, organization: UUID) -> Caller:
    """Return a key with which an organization's system signs."""
    return Caller(actor=Actor(ActorKind.KEY, key), organization=organization)


def as_ledger(actor: str) -> Caller:
    """Return the ledger itself; ``actor`` is what `system_actor` says of it."""
    return Caller(actor=Actor(ActorKind.SYSTEM, UUID(actor.removeprefix("system:"))))

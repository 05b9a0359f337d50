"""An identity as its history left it: who holds this number, if anybody."""

from dataclasses import dataclass, replace
from typing import Self, assert_never
from uuid import UUID

from ledger.domain.event import Happened
from ledger.domain.identity.events import (
    Cause,
    IdentityClaimed,
    IdentityEvent,
    IdentityReleased,
)
from ledger.domain.refusal import Refused, refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One ID number by its stream; ``holder`` is the registration that it belongs to."""

    id: UUID
    holder: UUID | None = None

    @classmethod
    def of(cls, identity: UUID) -> Self:
        """Return the identity of a number that was never claimed."""
        return cls(id=identity)

    def check_free(self) -> Refused | None:
        """Return why nobody else may claim it, or None; whose it is, is not told to all."""
        return None if self.holder is None else refuse("person_is_registered", "id_number")

    def claimed(self, volunteer: UUID, cause: Cause) -> tuple[IdentityEvent, ...]:
        """Return the claim of a registration, after the release of who holds it now."""
        claim = IdentityClaimed(identity=self.id, volunteer=volunteer, cause=cause)
        return (*self.released(cause), claim)

    def released(self, cause: Cause) -> tuple[IdentityEvent, ...]:
        """Return the release of the claim; nothing where there is none."""
        if self.holder is None:
            return ()
        return (IdentityReleased(identity=self.id, volunteer=self.holder, cause=cause),)


def evolve(state: Identity | None, event: IdentityEvent, _: Happened) -> Identity:
    """Return the identity after an event; it begins with its first one."""
    identity = state or Identity.of(event.identity)
    match event:
        case IdentityClaimed():
            return replace(identity, holder=event.volunteer)
        case IdentityReleased():
            return replace(identity, holder=None)
        case _:
            assert_never(event)

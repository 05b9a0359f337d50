"""A sign-in as its history left it: whose it is, its password's digest, an open invitation."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from ledger.domain.access.events import (
    Ground,
    SignInClosed,
    SignInEvent,
    SignInInvited,
    SignInJoined,
    SignInOpened,
)
from ledger.domain.event import Happened


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Whoever brings its token before it expires sets a password, as this person."""

    digest: str
    expires_at: datetime
    staff: UUID | None
    volunteer: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """One human's sign-in.

    ``staff`` and ``volunteer`` are who she is since she opened it. ``credential`` is the digest
    of the password in force, None while nobody may sign in. ``home`` is the organization in
    whose name she was invited last, None where the ledger or she herself did. ``into`` is the
    sign-in that is used in the place of this one.
    """

    id: UUID
    staff: UUID | None = None
    volunteer: UUID | None = None
    credential: str | None = None
    invitation: Invitation | None = None
    home: UUID | None = None
    ground: Ground | None = None
    into: UUID | None = None

    @property
    def is_open(self) -> bool:
        """Whether a password is in force."""
        return self.credential is not None

    def is_person(self, person: UUID) -> bool:
        """Return whether she is this staff person or this volunteer."""
        return person in (self.staff, self.volunteer)


def evolve(state: SignIn | None, event: SignInEvent, _: Happened) -> SignIn:
    """Return the sign-in after an event; it begins with its first one."""
    sign_in = state or SignIn(id=event.sign_in)
    match event:
        case SignInInvited():
            invitation = Invitation(
                digest=event.invitation,
                expires_at=event.expires_at,
                staff=event.staff,
                volunteer=event.volunteer,
            )
            return replace(sign_in, invitation=invitation, home=event.on_behalf_of)
        case SignInOpened():
            return _opened(sign_in, event)
        case SignInClosed():
            return replace(sign_in, credential=None, invitation=None, ground=event.reason)
        case SignInJoined():
            return replace(sign_in, credential=None, invitation=None, into=event.into)
        case _:
            assert_never(event)


def _opened(sign_in: SignIn, event: SignInOpened) -> SignIn:
    """Return it with another password, which voids an invitation that nobody took."""
    taken = sign_in.invitation
    opened = replace(sign_in, credential=event.credential, invitation=None, ground=None)
    if event.invitation is None or taken is None:
        return opened
    return replace(opened, staff=taken.staff, volunteer=taken.volunteer)

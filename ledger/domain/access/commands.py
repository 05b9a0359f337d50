"""What may be asked of a sign-in; tokens and passwords come as digests, never as they are."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from ledger.domain.access.events import Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteToSignIn:
    """Let somebody set a password, the first or, where she lost it, another one.

    ``staff`` and ``volunteer`` are all that she is: whoever is both is named as both.
    """

    sign_in: UUID
    staff: UUID | None
    volunteer: UUID | None
    invitation: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSignIn:
    """Set a password by an invitation; ``invitation`` is the digest of what was brought."""

    invitation: str
    credential: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenForHerself:
    """Set the first password of a volunteer who registers herself at the same time."""

    sign_in: UUID
    volunteer: UUID
    invitation: str
    credential: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword:
    """Set another password; ``before`` is the digest of the one that was given and is right."""

    before: str
    credential: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseSignIn:
    """Let nobody sign in here any more."""

    ground: Ground


Command: TypeAlias = InviteToSignIn | OpenSignIn | OpenForHerself | ChangePassword | CloseSignIn

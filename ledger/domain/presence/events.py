"""What happens to a presence: signed in, signed out, set right by a person who says why.

``session`` counts from 1 in one activity. Instants are whole minutes in UTC. Where she was is
in none of these: only whether it was within the radius. ``on_behalf_of`` None is the volunteer
herself, by her own account.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, TypeAlias
from uuid import UUID

from ledger.domain.event import About, Erased


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signed:
    """What signing in and signing out share; see `ledger.domain.presence.commands`."""

    activity: UUID
    volunteer: UUID
    session: int
    at: datetime
    point: int | None
    is_within: bool | None
    is_offline: bool
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceSignedIn(_Signed):
    """She signed in 签到."""

    TYPE: ClassVar[str] = "presence.signed_in"
    SHAPE: ClassVar[int] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceSignedOut(_Signed):
    """She signed out 签退."""

    TYPE: ClassVar[str] = "presence.signed_out"
    SHAPE: ClassVar[int] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceAmended:
    """A recorder says when she really came and went, and why she says so 补签."""

    TYPE: ClassVar[str] = "presence.amended"
    SHAPE: ClassVar[int] = 1

    activity: UUID
    volunteer: UUID
    session: int
    signed_in_at: datetime
    signed_out_at: datetime
    reason: Annotated[str | Erased, About("volunteer")]
    on_behalf_of: UUID


PresenceEvent: TypeAlias = PresenceSignedIn | PresenceSignedOut | PresenceAmended

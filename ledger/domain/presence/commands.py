"""What may be asked of a presence: to sign in, to sign out, to set a session right."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sign:
    """``at`` is an instant in UTC; what of it is less than a minute is cut off.

    ``point`` is the number of the sign point in the activity's list, from 1, None where it has
    none. ``is_within`` says whether she was within its radius, None where nobody measured.
    ``is_offline``: staff took the time without a connection, and no code was compared.
    """

    at: datetime
    point: int | None = None
    is_within: bool | None = None
    is_offline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn(_Sign):
    """Sign in 签到."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOut(_Sign):
    """Sign out 签退."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendPresence:
    """Set both times of a session right, for a reason; also where nobody signed out."""

    session: int
    signed_in_at: datetime
    signed_out_at: datetime
    reason: str


Command: TypeAlias = SignIn | SignOut | AmendPresence

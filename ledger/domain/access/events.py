"""What happens to a sign-in: somebody is invited, opens it with a password, it is closed.

No name, password or token stands here: a token and a stored password are named by their
SHA-256 alone, which is enough to notice another one. ``staff`` and ``volunteer`` are one human
in two capacities. ``on_behalf_of`` is the organization in whose name the actor acted.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypeAlias
from uuid import UUID

from ledger.domain.codes.coded import Coded


class Ground(Coded):
    """Why a sign-in is closed."""

    LEFT = "left", "no longer works here", "离职或调离"
    EXPOSED = "exposed", "password or device in other hands", "密码或设备可能泄露"
    MISUSED = "misused", "used against the rules", "违规使用"
    OWN_REQUEST = "own_request", "her own request", "本人申请"
    OTHER = "other", "another ground", "其他"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInInvited:
    """Whoever brings the token of which ``invitation`` is the SHA-256 may set a password.

    A later invitation takes the place of an earlier one. Until it is taken, what was opened
    before stays as it is.
    """

    TYPE: ClassVar[str] = "sign_in.invited"
    SHAPE: ClassVar[int] = 1

    sign_in: UUID
    staff: UUID | None
    volunteer: UUID | None
    invitation: str
    expires_at: datetime
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInOpened:
    """A password is set, the first or another one, and every earlier one is void.

    ``credential`` is the SHA-256 of the stored argon2id string; ``invitation`` the one that
    was taken, None where the old password was given.
    """

    TYPE: ClassVar[str] = "sign_in.opened"
    SHAPE: ClassVar[int] = 1

    sign_in: UUID
    credential: str
    invitation: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInClosed:
    """Nobody signs in here any more, until there is another invitation."""

    TYPE: ClassVar[str] = "sign_in.closed"
    SHAPE: ClassVar[int] = 1

    sign_in: UUID
    reason: Ground
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInJoined:
    """This staff person is the volunteer whose sign-in is ``into``, and uses that one for good.

    She proved it: she was signed in there, and brought the token of her invitation here.
    """

    TYPE: ClassVar[str] = "sign_in.joined"
    SHAPE: ClassVar[int] = 1

    sign_in: UUID
    into: UUID


SignInEvent: TypeAlias = SignInInvited | SignInOpened | SignInClosed | SignInJoined

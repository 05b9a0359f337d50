"""Access: who signs in, as events, so that nobody's password is replaced unseen."""

from ledger.domain.access.authority import Surroundings
from ledger.domain.access.commands import (
    ChangePassword,
    CloseSignIn,
    Command,
    InviteToSignIn,
    OpenForHerself,
    OpenSignIn,
)
from ledger.domain.access.deciding import (
    INVITATION_LASTS,
    Joined,
    check_invitation,
    decide,
    join,
    leave_for,
)
from ledger.domain.access.events import (
    Ground,
    SignInClosed,
    SignInEvent,
    SignInInvited,
    SignInJoined,
    SignInOpened,
)
from ledger.domain.access.state import Invitation, SignIn, evolve

__all__ = [
    "INVITATION_LASTS",
    "ChangePassword",
    "CloseSignIn",
    "Command",
    "Ground",
    "Invitation",
    "InviteToSignIn",
    "Joined",
    "OpenForHerself",
    "OpenSignIn",
    "SignIn",
    "SignInClosed",
    "SignInEvent",
    "SignInInvited",
    "SignInJoined",
    "SignInOpened",
    "Surroundings",
    "check_invitation",
    "decide",
    "evolve",
    "join",
    "leave_for",
]

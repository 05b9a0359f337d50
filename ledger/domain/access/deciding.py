"""Deciding about sign-ins: an invitation is taken once and in time, a password is her own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never
from uuid import UUID

from ledger.domain.access.authority import Surroundings, check_closer, check_inviter
from ledger.domain.access.commands import (
    ChangePassword,
    CloseSignIn,
    Command,
    InviteToSignIn,
    OpenForHerself,
    OpenSignIn,
)
from ledger.domain.access.events import (
    SignInClosed,
    SignInEvent,
    SignInInvited,
    SignInJoined,
    SignInOpened,
)
from ledger.domain.access.state import SignIn
from ledger.domain.event import Act, ActorKind
from ledger.domain.refusal import Refusal, Refused, gathered, refuse

INVITATION_LASTS = timedelta(hours=72)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What is saved together where somebody is both: her volunteer's sign-in, and the other."""

    kept: tuple[SignInEvent, ...]
    joined: tuple[SignInEvent, ...]


def decide(
    state: SignIn | None, command: Command, act: Act, around: Surroundings
) -> tuple[SignInEvent, ...] | Refused:
    """Return what a command leads to.

    Raises:
        ValueError: The command is another sign-in's, names nobody or lasts too long: a
            programmer's mistake.
    """
    match command:
        case InviteToSignIn():
            return _invite(state, command, act, around)
        case OpenSignIn():
            return _open(state, command, act)
        case OpenForHerself():
            return _open_for_herself(state, command, act)
        case ChangePassword():
            return _change_password(state, command, act)
        case CloseSignIn():
            return _close(state, command, act, around)
        case _:
            assert_never(command)


def check_invitation(state: SignIn | None, digest: str, act: Act) -> SignIn | Refused:
    """Return the sign-in whose open invitation a token is, or why it is none.

    A used token and one that never was are told apart by nobody.
    """
    if state is None or state.invitation is None or state.invitation.digest != digest:
        return refuse("invitation_is_not_valid")
    if act.now >= state.invitation.expires_at:
        return refuse("invitation_has_expired")
    return state


def join(
    volunteers: SignIn, staffs: SignIn | None, invitation: str, act: Act
) -> Joined | Refused:
    """Return how a volunteer takes her invitation as a staff person into her own sign-in.

    Her password stays as it is.

    Raises:
        ValueError: The actor is not the volunteer, or has no password: a programmer's mistake.
    """
    if act.by.id != volunteers.volunteer or volunteers.credential is None:
        raise ValueError("the volunteer's own open sign-in is wanted")
    invited = check_invitation(staffs, invitation, act)
    if isinstance(invited, Refused):
        return invited
    given = invited.invitation
    if given is None or given.staff is None or given.volunteer is not None:
        return refuse("invitation_is_not_to_join")
    if volunteers.staff not in (None, given.staff):
        return refuse("sign_in_has_another_person")
    kept = (
        SignInInvited(
            sign_in=volunteers.id,
            staff=given.staff,
            volunteer=volunteers.volunteer,
            invitation=given.digest,
            expires_at=given.expires_at,
            on_behalf_of=invited.home,
        ),
        SignInOpened(
            sign_in=volunteers.id, credential=volunteers.credential, invitation=given.digest
        ),
    )
    joined = SignInJoined(sign_in=invited.id, into=volunteers.id)
    return Joined(kept=kept, joined=(joined,))


def leave_for(
    kept: SignIn, other: SignIn | None, id_: UUID
) -> tuple[SignInJoined, ...] | Refused:
    """Return how a staff person's own sign-in gives way to the one that names her as both.

    ``id_`` is that of her own, whether she ever had it or not.
    """
    if other is None or other.into is None:
        return (SignInJoined(sign_in=id_, into=kept.id),)
    return () if other.into == kept.id else refuse("sign_in_is_joined", into=str(other.into))


def _invite(
    state: SignIn | None, command: InviteToSignIn, act: Act, around: Surroundings
) -> tuple[SignInInvited, ...] | Refused:
    if command.staff is None and command.volunteer is None:
        raise ValueError("a person is wanted")
    if not act.now < command.expires_at <= act.now + INVITATION_LASTS:
        raise ValueError("an invitation that ends within its time is wanted")
    refused = gathered(
        _check_same_person(state, command), check_inviter(state, command, act, around)
    )
    if refused is not None:
        return refused
    invited = SignInInvited(
        sign_in=command.sign_in,
        staff=command.staff,
        volunteer=command.volunteer,
        invitation=command.invitation,
        expires_at=command.expires_at,
        on_behalf_of=None if around.acting is None else around.acting.id,
    )
    return (invited,)


def _open(
    state: SignIn | None, command: OpenSignIn, act: Act
) -> tuple[SignInOpened, ...] | Refused:
    invited = check_invitation(state, command.invitation, act)
    if isinstance(invited, Refused):
        return invited
    opened = SignInOpened(
        sign_in=invited.id, credential=command.credential, invitation=command.invitation
    )
    return (opened,)


def _open_for_herself(
    state: SignIn | None, command: OpenForHerself, act: Act
) -> tuple[SignInEvent, ...] | Refused:
    if act.by.kind is not ActorKind.VOLUNTEER or act.by.id != command.volunteer:
        return refuse("actor_is_another_volunteer")
    if state is not None:
        return refuse("sign_in_is_known")
    invited = SignInInvited(
        sign_in=command.sign_in,
        staff=None,
        volunteer=command.volunteer,
        invitation=command.invitation,
        expires_at=act.now,
        on_behalf_of=None,
    )
    opened = SignInOpened(
        sign_in=command.sign_in, credential=command.credential, invitation=command.invitation
    )
    return invited, opened


def _change_password(
    state: SignIn | None, command: ChangePassword, act: Act
) -> tuple[SignInOpened, ...] | Refused:
    if state is None or not state.is_open:
        return refuse("sign_in_is_not_open")
    if not state.is_person(act.by.id):
        return refuse("sign_in_is_anothers")
    if state.credential != command.before:
        return refuse("password_was_changed")
    opened = SignInOpened(sign_in=state.id, credential=command.credential, invitation=None)
    return (opened,)


def _close(
    state: SignIn | None, command: CloseSignIn, act: Act, around: Surroundings
) -> tuple[SignInClosed, ...] | Refused:
    if state is None or not (state.is_open or state.invitation):
        return refuse("sign_in_is_not_open")
    refused = gathered(check_closer(state, act, around))
    if refused is not None:
        return refused
    closed = SignInClosed(
        sign_in=state.id,
        reason=command.ground,
        on_behalf_of=None if around.acting is None else around.acting.id,
    )
    return (closed,)


def _check_same_person(state: SignIn | None, command: InviteToSignIn) -> Iterator[Refusal]:
    """Yield why a sign-in is not given to somebody else than whose it is."""
    if state is None:
        return
    if state.into is not None:
        yield Refusal("sign_in_is_joined", None, {"into": str(state.into)})
    if state.staff not in (None, command.staff):
        yield Refusal("sign_in_has_another_person", "staff")
    if state.volunteer not in (None, command.volunteer):
        yield Refusal("sign_in_has_another_person", "volunteer")

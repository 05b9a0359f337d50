"""Inviting to sign in: a token is told once, to be handed over; and closing a sign-in.

Nobody ever learns somebody else's password: who is invited again chooses a new one
(`ledger.application.accepting`), and until then the old one holds.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa

from ledger.application.accepting import digest_of, token_of
from ledger.application.callers import Caller
from ledger.application.desk import Done, Intent
from ledger.application.docket import Docket
from ledger.application.opening import AccessParts
from ledger.application.signing_in import new_secret
from ledger.application.states import (
    ORGANIZATION,
    SIGN_IN,
    VOLUNTEER,
    ForeignStreamError,
    Kind,
)
from ledger.application.streams import city_bureau_stream, sign_in_stream
from ledger.domain import access
from ledger.domain.access import (
    INVITATION_LASTS,
    CloseSignIn,
    Ground,
    InviteToSignIn,
    SignIn,
    Surroundings,
    leave_for,
)
from ledger.domain.event import ActorKind
from ledger.domain.organization import Organization
from ledger.domain.refusal import Refused, refuse
from ledger.domain.volunteer.events import VolunteerConfirmed, VolunteerRegistered

S = TypeVar("S")

INVITE, CLOSE = "sign_in.invite", "sign_in.close"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitee:
    """Who is invited: a staff person of an organization, a volunteer, or one who is both.

    ``appointed_by`` is an organization in whose staff she is, None for the caller's own.

    Raises:
        ValueError: It is nobody: a programmer's mistake.
    """

    staff: UUID | None = None
    volunteer: UUID | None = None
    appointed_by: UUID | None = None

    def __post_init__(self) -> None:
        if self.staff is None and self.volunteer is None:
            raise ValueError("a person is wanted")

    @property
    def sign_in(self) -> UUID:
        """Her sign-in, as long as she has not joined it to another one."""
        person = self.staff if self.volunteer is None else self.volunteer
        return sign_in_stream(person or UUID(int=0))


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation; its token is told once and stands nowhere."""

    sign_in: UUID
    token: str = field(repr=False)
    expires_at: datetime


class Invitations:
    """The invitations of one ledger, from any thread."""

    def __init__(self, parts: AccessParts, *, origin: str) -> None:
        self._parts = parts
        self._origin = origin

    def invite(self, caller: Caller, invitee: Invitee) -> Done[Invited]:
        """Invite somebody to sign in, for the first time or because she lost her password.

        Raises:
            As `Desk.perform`.
        """
        secret = new_secret(self._parts)

        def decided(docket: Docket) -> Invited | Refused:
            state, command = self._command(docket, invitee, secret)
            refused = self._check_invitable(docket, command, state)
            if refused is not None:
                return refused
            around = self._around(docket, caller, state, command, invitee.appointed_by)
            events = access.decide(state, command, docket.act, around)
            if isinstance(events, Refused):
                return events
            docket.add(SIGN_IN, command.sign_in, events)
            token = token_of(command.sign_in, secret)
            return Invited(command.sign_in, token, command.expires_at)

        intent = Intent(act=INVITE, target=invitee.sign_in)
        return self._parts.desk.perform(caller, intent, decided)

    def close(self, caller: Caller, sign_in: UUID, ground: Ground) -> Done[UUID]:
        """Let nobody sign in there any more; its sessions end, and its name is free.

        Raises:
            As `Desk.perform`.
        """

        def decided(docket: Docket) -> UUID | Refused:
            state = _find(docket, SIGN_IN, sign_in)
            around = self._around(docket, caller, state, None, None)
            command = CloseSignIn(ground=ground)
            events = access.decide(state, command, docket.act, around)
            if isinstance(events, Refused):
                return events
            docket.add(SIGN_IN, sign_in, events)
            return sign_in

        intent = Intent(act=CLOSE, target=sign_in)
        done = self._parts.desk.perform(caller, intent, decided)
        with suppress(sa.exc.DBAPIError):  # what is left over opens nothing
            self._parts.rows.remove(sign_in)
        return done

    def _command(
        self, docket: Docket, invitee: Invitee, secret: str
    ) -> tuple[SignIn | None, InviteToSignIn]:
        """Return the sign-in of a person, and the invitation to it as all that she is."""
        staff, volunteer = invitee.staff, invitee.volunteer
        sign_in = invitee.sign_in
        state = docket.read(SIGN_IN, sign_in)
        if volunteer is None and state is not None and state.into is not None:
            sign_in = state.into
            state = docket.read(SIGN_IN, sign_in)
        if state is not None:
            staff, volunteer = staff or state.staff, volunteer or state.volunteer
        return state, InviteToSignIn(
            sign_in=sign_in,
            staff=staff,
            volunteer=volunteer,
            invitation=digest_of(token_of(sign_in, secret)),
            expires_at=docket.act.now + INVITATION_LASTS,
        )

    def _check_invitable(
        self, docket: Docket, command: InviteToSignIn, state: SignIn | None
    ) -> Refused | None:
        """Return why nobody signs in as this volunteer, or as this staff person here."""
        if command.volunteer is None:
            return None
        if command.staff is None or state is None or state.volunteer is None:
            volunteer = _find(docket, VOLUNTEER, command.volunteer)
            unknown = refuse("volunteer_is_unknown", "volunteer")
            refused = unknown if volunteer is None else volunteer.check_standing()
            if refused is not None:
                return refused
        if command.staff is None:
            return None
        # As both: a sign-in that she has as staff alone is not left beside it.
        own = sign_in_stream(command.staff)
        kept = state or SignIn(id=command.sign_in)
        left = leave_for(kept, docket.read(SIGN_IN, own), own)
        return left if isinstance(left, Refused) else None

    def _around(
        self,
        docket: Docket,
        caller: Caller,
        state: SignIn | None,
        command: InviteToSignIn | None,
        appointed_by: UUID | None,
    ) -> Surroundings:
        is_ledger = caller.actor.kind is ActorKind.SYSTEM
        bureau = city_bureau_stream(self._origin) if is_ledger else caller.organization
        named = _volunteer_of(state) if command is None else command.volunteer
        return Surroundings(
            acting=_find(docket, ORGANIZATION, caller.organization),
            appointing=_find(docket, ORGANIZATION, appointed_by or bureau),
            home=_find(docket, ORGANIZATION, None if state is None else state.home),
            registrars=tuple(_registrars(docket, named)),
        )


def _find(docket: Docket, kind: Kind[S], id_: UUID | None) -> S | None:
    """Return a thing that somebody names; another kind of thing is none."""
    try:
        return None if id_ is None else docket.read(kind, id_)
    except ForeignStreamError:
        return None


def _volunteer_of(state: SignIn | None) -> UUID | None:
    """Return the volunteer whose sign-in it is, or is to be."""
    if state is None or state.volunteer is not None or state.invitation is None:
        return None if state is None else state.volunteer
    return state.invitation.volunteer


def _registrars(docket: Docket, volunteer: UUID | None) -> Iterator[Organization]:
    """Yield the organizations that registered a volunteer or confirmed who she is."""
    if volunteer is None:
        return
    history = docket.states.events(VOLUNTEER, volunteer)
    names = (
        each.event.on_behalf_of
        for each in history
        if isinstance(each.event, VolunteerRegistered | VolunteerConfirmed)
    )
    for name in dict.fromkeys(names):
        found = _find(docket, ORGANIZATION, name)
        if found is not None:
            yield found

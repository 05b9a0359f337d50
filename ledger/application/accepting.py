"""Taking an invitation: whoever brings its token chooses a name and a password, once.

    accept   her first password, or another one where she lost it
    join     she is signed in as a volunteer, and is a staff person too: one sign-in for both

A token names its sign-in, so that it is looked for in one stream. Until it is found there,
nobody known has come, and what is refused goes to the security log.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import NoReturn
from uuid import UUID

import sqlalchemy as sa

from ledger.application.callers import Caller
from ledger.application.desk import ActRefused, Done, Intent
from ledger.application.docket import Docket
from ledger.application.opening import AccessParts, Opening, opening
from ledger.application.signing_in import Signed, new_secret, signed_of
from ledger.application.states import SIGN_IN, ForeignStreamError
from ledger.application.streams import sign_in_stream
from ledger.domain import access
from ledger.domain.access import (
    OpenForHerself,
    OpenSignIn,
    SignIn,
    Surroundings,
    check_invitation,
    leave_for,
)
from ledger.domain.event import Act, Actor, ActorKind
from ledger.domain.refusal import Refused, refuse

ACCEPT, JOIN = "sign_in.accept", "sign_in.join"


class Acceptances:
    """The invitations of one ledger as they are taken, from any thread."""

    def __init__(self, parts: AccessParts) -> None:
        self._parts = parts

    def accept(self, token: str, name: str, password: str, address: str) -> Done[Signed]:
        """Set name and password by an invitation; return who may sign in with them.

        Every session of the sign-in ends. ``address`` is whence the request came.

        Raises:
            ActRefused: The token is none, which is told the security log; or name or password
                are no good.
            As `Desk.perform`.
        """
        invited = self.check(token, ACCEPT, address)
        if _is_to_begin(invited):
            self._turn_away(refuse("invitation_begins_the_ledger"), ACCEPT, address, invited.id)
        intent = Intent(act=ACCEPT, target=invited.id)
        with opening(self._parts, name, password) as chosen:
            done = self._parts.desk.perform(
                _herself(invited), intent, lambda docket: accept_in(docket, token, chosen)
            )
        if done.value.staff is not None and done.value.volunteer is not None:
            self._remove(sign_in_stream(done.value.staff))
        return done

    def join(self, token: str, signed: Signed, address: str) -> Done[Signed]:
        """Let a volunteer, who is signed in, take her invitation as staff into her own sign-in.

        Her password stays, and a sign-in that she had as staff alone is over.

        Raises:
            ActRefused: The token is none, or not one to join.
            As `Desk.perform`.
        """
        staffs = self.check(token, JOIN, address).id

        def decided(docket: Docket) -> Signed | Refused:
            hers = docket.read(SIGN_IN, signed.sign_in)
            if hers is None or hers.credential is None or hers.volunteer is None:
                return refuse("sign_in_is_not_open")
            other = docket.read(SIGN_IN, staffs)
            joined = access.join(hers, other, digest_of(token), docket.act)
            if isinstance(joined, Refused):
                return joined
            docket.add(SIGN_IN, signed.sign_in, joined.kept)
            docket.add(SIGN_IN, staffs, joined.joined)
            return signed_of(docket.read(SIGN_IN, signed.sign_in) or hers)

        intent = Intent(act=JOIN, target=signed.sign_in)
        if signed.volunteer is None:
            self._parts.desk.refuse(signed.caller, intent, refuse("invitation_is_not_to_join"))
        caller = Caller(
            actor=Actor(ActorKind.VOLUNTEER, signed.volunteer or UUID(int=0)),
            staff=signed.staff,
            volunteer=signed.volunteer,
        )
        done = self._parts.desk.perform(caller, intent, decided)
        self._remove(staffs)
        return done

    @contextmanager
    def for_herself(
        self, name: str, password: str
    ) -> Iterator[Callable[[Docket, UUID], Refused | None]]:
        """Yield what adds a volunteer's sign-in to the docket of her own registration.

        Within the block the docket is decided on and appended; if that raises, the name is
        free again.
        """
        secret = new_secret(self._parts)
        with opening(self._parts, name, password) as chosen:

            def joining(docket: Docket, volunteer: UUID) -> Refused | None:
                sign_in = sign_in_stream(volunteer)
                credential = chosen.claim(sign_in)
                if isinstance(credential, Refused):
                    return credential
                command = OpenForHerself(
                    sign_in=sign_in,
                    volunteer=volunteer,
                    invitation=digest_of(token_of(sign_in, secret)),
                    credential=credential,
                )
                state = docket.begin(SIGN_IN, sign_in)
                events = access.decide(state, command, docket.act, Surroundings())
                if isinstance(events, Refused):
                    return events
                docket.add(SIGN_IN, sign_in, events)
                return None

            yield joining

    def check(self, token: str, act_name: str, address: str) -> SignIn:
        """Return the sign-in of which a token is the open invitation.

        Raises:
            ActRefused: It is none; nobody known has brought it, so no entry says so.
        """
        self._parts.refusals.check()
        sign_in = sign_in_of(token)
        if sign_in is None:
            self._turn_away(refuse("invitation_is_not_valid"), act_name, address, None)
        desk = self._parts.desk
        try:
            state = desk.states.get(SIGN_IN, sign_in, fresh=True).state
        except ForeignStreamError:
            state = None
        by = Actor(ActorKind.SYSTEM, sign_in)  # asked by nobody yet
        found = check_invitation(state, digest_of(token), Act(by, desk.now()))
        if isinstance(found, Refused):
            self._turn_away(found, act_name, address, None if state is None else sign_in)
        return found

    def _turn_away(
        self, refused: Refused, act_name: str, address: str, target: UUID | None
    ) -> NoReturn:
        self._parts.refusals.note_stranger(act_name, refused, address, target=target)
        raise ActRefused(refused)

    def _remove(self, sign_in: UUID) -> None:
        with suppress(sa.exc.DBAPIError):  # what is left over opens nothing
            self._parts.rows.remove(sign_in)


def accept_in(docket: Docket, token: str, chosen: Opening) -> Signed | Refused:
    """Take an invitation in a docket, with a name and a password; return who signs in then."""
    sign_in = sign_in_of(token)
    state = None if sign_in is None else docket.read(SIGN_IN, sign_in)
    invited = check_invitation(state, digest_of(token), docket.act)
    if isinstance(invited, Refused):
        return invited
    credential = chosen.claim(invited.id)
    if isinstance(credential, Refused):
        return credential
    command = OpenSignIn(invitation=digest_of(token), credential=credential)
    events = access.decide(invited, command, docket.act, Surroundings())
    if isinstance(events, Refused):
        return events
    docket.add(SIGN_IN, invited.id, events)
    opened = docket.read(SIGN_IN, invited.id) or invited
    refused = _leave_other(docket, opened)
    return signed_of(opened) if refused is None else refused


def digest_of(token: str) -> str:
    """Return the SHA-256 by which the log names a token, in hex."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def sign_in_of(token: str) -> UUID | None:
    """Return the sign-in that a token names; None where it is none."""
    try:
        return UUID(hex=token.partition(".")[0][:32])
    except ValueError:
        return None


def token_of(sign_in: UUID, secret: str) -> str:
    """Return the token of an invitation to a sign-in."""
    return f"{sign_in.hex}.{secret}"


def _leave_other(docket: Docket, opened: SignIn) -> Refused | None:
    """Let the sign-in that she had as staff alone give way to one that names her as both."""
    if opened.staff is None or opened.volunteer is None:
        return None
    own = sign_in_stream(opened.staff)
    left = leave_for(opened, docket.read(SIGN_IN, own), own)
    if isinstance(left, Refused):
        return left
    docket.add(SIGN_IN, own, left)
    return None


def _is_to_begin(invited: SignIn) -> bool:
    """Return whether a token is the ledger's to its first person, who has not begun it yet."""
    given = invited.invitation
    is_ledgers = invited.home is None and given is not None and given.staff is not None
    return is_ledgers and invited.staff is None


def _herself(invited: SignIn) -> Caller:
    """Return who brings a token: from here on she is known."""
    given = invited.invitation
    if given is None:
        raise ValueError("an open invitation is wanted")
    if given.staff is not None:
        actor = Actor(ActorKind.STAFF, given.staff)
    else:
        actor = Actor(ActorKind.VOLUNTEER, given.volunteer or UUID(int=0))
    return Caller(actor=actor, staff=given.staff, volunteer=given.volunteer)

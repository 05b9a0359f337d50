"""Signing in: a password is right if the log vouches for it, a session if the service made it.

Names that nobody has and passwords that are wrong get one answer, after the same work. Whoever
guesses is slowed down by name and address together, and by address: the person herself, who
comes from elsewhere, is not kept out.

| code | what is to be answered |
|---|---|
| `sign_in_is_refused` | no such name and password |
| `sign_in_is_slowed_down` | too many attempts; `seconds` says how long to wait |
| `sign_in_is_damaged` | the stored password is not the one of the log; the operator is told |
"""

import logging
from base64 import urlsafe_b64encode
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import NoReturn
from uuid import UUID

import sqlalchemy as sa

from ledger.application.callers import Caller
from ledger.application.desk import ActRefused, Intent
from ledger.application.docket import Docket
from ledger.application.opening import AccessParts, fitting
from ledger.application.same_human import staff_of
from ledger.application.states import SIGN_IN, VOLUNTEER, ForeignStreamError
from ledger.application.streams import sign_in_stream
from ledger.application.texts import say
from ledger.domain.access import ChangePassword, SignIn, Surroundings, decide
from ledger.domain.access.credentials import PASSWORD_MAX, check_password, name_key
from ledger.domain.event import Actor, ActorKind
from ledger.domain.refusal import Refused, gathered, refuse
from ledger.store.event import OutcomeUnknownError
from ledger.store.throttle_rows import Limit

SIGN_IN_ACT, CHANGE_PASSWORD = "sign_in.use", "sign_in.change_password"
SESSION_LASTS = timedelta(hours=12)
_WINDOW = timedelta(minutes=15)
BY_NAME_AND_ADDRESS = Limit(10, _WINDOW)
BY_ADDRESS = Limit(100, _WINDOW)
BY_SIGN_IN = Limit(10, _WINDOW)
"""Wrong old passwords of one sign-in, by whoever holds its session."""
_NAME_CHARACTERS_MAX = 200
_OPERATOR = logging.getLogger("uvicorn.error")


@dataclass(frozen=True, slots=True)
class Signed:
    """Who is signed in: a staff person, a volunteer, or one human who is both."""

    sign_in: UUID
    staff: UUID | None
    volunteer: UUID | None

    @property
    def caller(self) -> Caller:
        """Who she is where she acts for herself, as on her own sign-in."""
        if self.staff is not None:
            actor = Actor(ActorKind.STAFF, self.staff)
        elif self.volunteer is not None:
            actor = Actor(ActorKind.VOLUNTEER, self.volunteer)
        else:
            raise ValueError("a sign-in is somebody's")
        return Caller(actor=actor, staff=self.staff, volunteer=self.volunteer)


@dataclass(frozen=True, slots=True)
class Session:
    """A session; its token is told once and stands nowhere."""

    token: str = field(repr=False)
    expires_at: datetime
    signed: Signed


class SignIns:
    """The sign-ins of one ledger in use, from any thread."""

    def __init__(self, parts: AccessParts) -> None:
        self._parts = parts

    def sign_in(self, name: str, password: str, address: str) -> Session:
        """Return a new session; ``address`` is whence the request came.

        Raises:
            ActRefused: With one of the codes above; the attempt is in the security log.
            SecurityLogError: It could not be written there.
            As `States.get`.
        """
        parts, key = self._parts, name_key(name[:_NAME_CHARACTERS_MAX])
        parts.refusals.check()
        source = source_of(address)
        self._slow_down(key, source, address)
        known = self._known(key)
        encoded = None if known is None else self._encoded(known)
        if known is not None and encoded is None:
            self._refuse(refuse("sign_in_is_damaged"), address, known.id)
        if not self._is_right(encoded, fitting(password)) or known is None:
            target = None if known is None else known.id
            self._refuse(refuse("sign_in_is_refused"), address, target)
        parts.throttles.forget(f"name {key} from {source}")
        parts.throttles.take_back(f"address {source}")
        return self._begin(known)

    def find(self, token: str) -> Signed | None:
        """Return who is signed in by a token; None if nobody is, or no more.

        Raises:
            As `States.get`.
        """
        row = self._parts.rows.session(token)
        if row is None or row.expires_at <= self._parts.desk.now():
            return None
        # Read afresh: another process may have closed it, or changed its password.
        state = self._state(row.sign_in)
        if state is None or state.credential is None:
            return None
        if not self._parts.rows.vouches_for(row, state.credential):
            return None
        return signed_of(state)

    def sign_out(self, token: str) -> None:
        """End a session; one that has ended stays so."""
        self._parts.rows.end_session(token)

    def change_password(self, signed: Signed, old: str, new: str) -> None:
        """Set another password; every session of the sign-in ends, this one too.

        Raises:
            ActRefused: The old one is wrong or the new one no good; that is in the log.
            As `Desk.perform`.
        """
        parts, counted = self._parts, f"password of {signed.sign_in}"
        parts.refusals.check()
        wait = parts.throttles.count(counted, BY_SIGN_IN, now=parts.desk.now())
        if wait is not None:
            self._deny(signed, slowed(wait))
        state, given = self._state(signed.sign_in), fitting(old)
        if state is None or not state.is_open:
            self._deny(signed, refuse("sign_in_is_not_open"))
        encoded = self._encoded(state)
        if encoded is None:
            self._deny(signed, refuse("sign_in_is_damaged"))
        if not self._is_right(encoded, given):
            self._deny(signed, refuse("old_password_is_wrong", "old_password"))
        parts.throttles.forget(counted)
        password, name = fitting(new), parts.rows.name(state.id) or ""
        refused = gathered(check_password(password, name=name, before=given))
        if refused is not None:
            self._deny(signed, refused)
        self._exchange(signed, state.credential or "", parts.passwords.hash(password))

    def forget(self, person: UUID) -> None:
        """Delete name and password of an erased volunteer, or of a staff person, for good.

        Nobody signs in there until there is another invitation.
        """
        self._parts.rows.remove(sign_in_stream(person))

    def staff_of(self, volunteer: UUID) -> UUID | None:
        """Return the staff person who is the same human as a volunteer, if that is known.

        What a registration was merged into, and what it has absorbed, is the same human too.

        Raises:
            As `States.get`.
        """
        known = self._parts.desk.states.get(VOLUNTEER, volunteer).state
        return staff_of(volunteer, known, self._state)

    def _slow_down(self, key: str, source: str, address: str) -> None:
        """Count an attempt before it is made: many at once do not slip past together."""
        now, throttles = self._parts.desk.now(), self._parts.throttles
        wait = throttles.count(f"address {source}", BY_ADDRESS, now=now)
        if wait is None:
            wait = throttles.count(f"name {key} from {source}", BY_NAME_AND_ADDRESS, now=now)
        if wait is not None:
            self._refuse(slowed(wait), address, None)

    def _known(self, key: str) -> SignIn | None:
        """Return the sign-in of a name, if somebody may sign in there."""
        sign_in = self._parts.rows.find(key)
        state = None if sign_in is None else self._state(sign_in)
        return state if state is not None and state.is_open else None

    def _state(self, sign_in: UUID) -> SignIn | None:
        try:
            return self._parts.desk.states.get(SIGN_IN, sign_in, fresh=True).state
        except ForeignStreamError:
            return None  # a row that names something else: nobody signs in by it

    def _encoded(self, state: SignIn) -> str | None:
        """Return the stored password that the log vouches for; tell the operator if none is."""
        encoded = self._parts.rows.encoded(state.id, state.credential or "")
        if encoded is None:
            _OPERATOR.critical(say("sign_in_is_damaged_alarm", "en", sign_in=state.id))
        return encoded

    def _is_right(self, encoded: str | None, password: str) -> bool:
        """Return whether a password is the stored one; what cannot be one costs as much."""
        fits = len(password) <= PASSWORD_MAX
        return self._parts.passwords.verify(encoded if fits else None, password[:PASSWORD_MAX])

    def _begin(self, state: SignIn) -> Session:
        token = new_secret(self._parts)
        now = self._parts.desk.now()
        until = now + SESSION_LASTS
        self._parts.rows.begin_session(
            token, state.id, state.credential or "", now=now, until=until
        )
        return Session(token, until, signed_of(state))

    def _refuse(self, refused: Refused, address: str, target: UUID | None) -> NoReturn:
        """Refuse somebody unknown."""
        self._parts.refusals.note_stranger(SIGN_IN_ACT, refused, address, target=target)
        raise ActRefused(refused)

    def _deny(self, signed: Signed, refused: Refused) -> NoReturn:
        """Refuse somebody who is signed in another password."""
        intent = Intent(act=CHANGE_PASSWORD, target=signed.sign_in)
        self._parts.desk.refuse(signed.caller, intent, refused)
        raise AssertionError

    def _exchange(self, signed: Signed, before: str, encoded: str) -> None:
        """Store a password, let the log speak of it, and delete the one before."""
        rows, sign_in = self._parts.rows, signed.sign_in
        credential = rows.store(sign_in, encoded)

        def decided(docket: Docket) -> UUID | Refused:
            state = docket.read(SIGN_IN, sign_in)
            command = ChangePassword(before=before, credential=credential)
            events = decide(state, command, docket.act, Surroundings())
            if isinstance(events, Refused):
                return events
            docket.add(SIGN_IN, sign_in, events)
            return sign_in

        intent = Intent(act=CHANGE_PASSWORD, target=sign_in)
        try:
            self._parts.desk.perform(signed.caller, intent, decided)
        except OutcomeUnknownError:
            raise  # one of the two passwords counts, and both have their rows
        except BaseException:
            with suppress(sa.exc.DBAPIError):
                rows.withdraw(sign_in, credential)
            raise
        with suppress(sa.exc.DBAPIError):  # what is left over opens nothing
            rows.settle_password(sign_in, credential)


def signed_of(state: SignIn) -> Signed:
    """Return who signs in at an open sign-in."""
    return Signed(state.id, state.staff, state.volunteer)


def new_secret(parts: AccessParts) -> str:
    """Return 32 random bytes in base64url without padding."""
    return urlsafe_b64encode(parts.random_bytes(32)).rstrip(b"=").decode()


def slowed(wait: timedelta) -> Refused:
    """Return the refusal of somebody who has to wait."""
    return refuse("sign_in_is_slowed_down", None, seconds=int(wait.total_seconds()))


def source_of(address: str) -> str:
    """Return what attempts are counted by: an address, or the network of one of IPv6.

    Who has one address of IPv6 has 2^64 of them (RFC 4291, 2.5.4).
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:_NAME_CHARACTERS_MAX]
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped or ip_network((parsed, 64), strict=False))
    return str(parsed)

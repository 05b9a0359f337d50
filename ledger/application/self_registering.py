"""Registering by oneself: a registration and its sign-in as one act, by whom nobody knows yet.

Whether a number is registered can be learned by trying, and each success is a large entry for
good: so attempts of one address are counted, whatever comes of them, and all of them together.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from ledger.application.accepting import Acceptances
from ledger.application.desk import ActRefused, Done
from ledger.application.forms.self_registration import SelfRegistrationForm
from ledger.application.office import Office
from ledger.application.opening import AccessParts
from ledger.application.registering import REGISTER, register_herself
from ledger.application.signing_in import slowed, source_of
from ledger.domain.refusal import Refused
from ledger.store.throttle_rows import Limit

_HOUR: Final = timedelta(hours=1)
BY_ADDRESS: Final = Limit(60, _HOUR)
"""A station where many register at one machine has room; who tries numbers has little [P]."""
BY_ALL: Final = Limit(3_000, _HOUR)


class SelfRegistrations:
    """Takes in those who come by themselves, from any thread."""

    def __init__(self, office: Office, parts: AccessParts) -> None:
        self._office = office
        self._parts = parts
        self._acceptances = Acceptances(parts)

    def register(self, form: SelfRegistrationForm, address: str) -> Done[UUID]:
        """Register somebody with her sign-in; return the volunteer's id.

        ``address`` is whence the request came. What is refused goes to the security log.

        Raises:
            ActRefused: It is refused, or there were too many attempts.
            SecurityLogError: A refusal could not be written down.
            As `Desk.perform`.
        """
        self._parts.refusals.check()
        self._slow_down(address)
        name, password = form.sign_in.name, form.sign_in.password.get_secret_value()
        with self._acceptances.for_herself(name, password) as joining:
            return register_herself(
                self._office, form, joining, note=lambda refused: self._note(refused, address)
            )

    def _slow_down(self, address: str) -> None:
        now, throttles = self._parts.desk.now(), self._parts.throttles
        source = source_of(address)
        wait = throttles.count(f"registrations from {source}", BY_ADDRESS, now=now)
        if wait is None:
            wait = throttles.count("registrations", BY_ALL, now=now)
        if wait is not None:
            refused = slowed(wait)
            self._note(refused, address)
            raise ActRefused(refused)

    def _note(self, refused: Refused, address: str) -> None:
        self._parts.refusals.note_stranger(REGISTER, refused, address)

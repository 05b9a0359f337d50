"""A name and a password for a sign-in: stored before the event that speaks of them.

    check ─► hash ─► rows ─► decide, append ─► what is left over is deleted
                      └─ refused: these rows are deleted again

Whatever dies in between leaves rows of which the log does not speak, and they open nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from ledger.application.desk import Desk
from ledger.application.refusals import Refusals
from ledger.domain.access.credentials import (
    PASSWORD_MAX,
    check_password,
    check_sign_in_name,
    name_key,
    normal_password,
)
from ledger.domain.refusal import Refused, gathered, refuse
from ledger.store.access_rows import AccessRows, Chosen
from ledger.store.event import OutcomeUnknownError
from ledger.store.passwords import Passwords
from ledger.store.throttle_rows import ThrottleRows

_PASSWORD_CHARACTERS_MAX = 4 * PASSWORD_MAX
"""What is longer before it is normalized, no password is of."""


@dataclass(frozen=True, slots=True)
class AccessParts:
    """What signing in works with; ``random_bytes`` are the operating system's."""

    desk: Desk
    rows: AccessRows
    throttles: ThrottleRows
    passwords: Passwords
    refusals: Refusals
    random_bytes: Callable[[int], bytes]


class Opening:
    """What one person chose; it is hashed once, however often it is decided on."""

    def __init__(self, parts: AccessParts, name: str, password: str) -> None:
        self._parts = parts
        self._name = name
        self._password = password
        self._encoded: str | None = None
        self._chosen: Chosen | None = None

    def claim(self, sign_in: UUID) -> str | Refused:
        """Store name and password for a sign-in; return the digest for the log to name.

        Raises:
            sqlalchemy.exc.DBAPIError: The database refused.
        """
        if self._encoded is None:
            password = fitting(self._password)
            refused = gathered(
                check_sign_in_name(self._name), check_password(password, name=self._name)
            )
            if refused is not None:
                return refused
            self._encoded = self._parts.passwords.hash(password)
        chosen = Chosen(sign_in, self._name, name_key(self._name), self._encoded)
        if not self._parts.rows.claim(chosen):
            return refuse("sign_in_name_is_taken", "name")
        self._chosen = chosen
        return chosen.credential

    def settle(self) -> None:
        """Delete what the sign-in had before: the log speaks of this now."""
        if self._chosen is not None:
            with suppress(sa.exc.DBAPIError):  # what is left over opens nothing
                self._parts.rows.settle(self._chosen)

    def withdraw(self) -> None:
        """Delete what was stored: the log does not speak of it."""
        if self._chosen is not None:
            with suppress(sa.exc.DBAPIError):
                self._parts.rows.withdraw(self._chosen.sign_in, self._chosen.credential)


@contextmanager
def opening(parts: AccessParts, name: str, password: str) -> Iterator[Opening]:
    """Yield what somebody chose, to be claimed in a decision; afterwards the rows are tidy.

    Where the outcome of the append is unknown both old and new rows stay: one of them counts.
    """
    chosen = Opening(parts, name, password)
    try:
        yield chosen
    except OutcomeUnknownError:
        raise
    except BaseException:
        chosen.withdraw()
        raise
    chosen.settle()


def fitting(password: str) -> str:
    """Return a password in its normal form; one that is far too long is left as it is."""
    if len(password) > _PASSWORD_CHARACTERS_MAX:
        return password
    return normal_password(password)

"""Rotating codes for signing in on the spot: six digits a minute (RFC 6238, RFC 4226).

Each activity, and each of its sign points, has a secret of its own, which follows from a key of
the ledger: it stands in no database and in no log, and is told to nobody. A code tells that
somebody saw the screen within the last minutes; a photograph of it, sent on at once, does too.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

PERIOD_S = 60
DIGITS = 6
STEPS = (0, -1, 1)
"""A code is good in its own minute, in the one after, and in the one before: clocks differ."""
_PURPOSE = b"ledger sign-in codes\n"


@dataclass(frozen=True, slots=True)
class Place:
    """Where one signs in: an activity, and the number of its sign point, if it has any."""

    activity: UUID
    point: int | None = None

    def text(self) -> str:
        """Return what a QR code says beside the digits."""
        return f"{self.activity}:{self.point or 0}"


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A code as it is shown, and for how many seconds it stands."""

    digits: str
    seconds_left: int


class SignInCodes:
    """The codes of one ledger, from any thread; the same in every process."""

    def __init__(self, secret: bytes, *, origin: str) -> None:
        """Derive the secrets of all places from one secret of the ledger."""
        self._secret = hmac.digest(secret, _PURPOSE + origin.encode(), sha256)

    def shown(self, place: Place, now: datetime) -> ShownCode:
        """Return the code of a moment."""
        second = int(now.timestamp())
        digits = self._totp(place).generate(second).decode("ascii")
        return ShownCode(digits, PERIOD_S - second % PERIOD_S)

    def is_right(self, place: Place, digits: str, now: datetime) -> bool:
        """Return whether somebody may have seen this code just now; compared in equal time."""
        if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
            return False
        totp, second = self._totp(place), int(now.timestamp())
        found = [_is_of(totp, digits, second + step * PERIOD_S) for step in STEPS]
        return any(found)

    def _totp(self, place: Place) -> TOTP:
        key = hmac.digest(self._secret, place.text().encode(), sha256)
        return TOTP(key, DIGITS, SHA256(), PERIOD_S)


def _is_of(totp: TOTP, digits: str, second: int) -> bool:
    try:
        totp.verify(digits.encode("ascii"), second)
    except InvalidToken:
        return False
    return True

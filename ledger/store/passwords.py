"""Passwords as argon2id strings: dear to guess, and a few at a time so that memory lasts.

RFC 9106's second recommended parameters: 64 MiB, three passes, four lanes, 128 bits of salt,
a tag of 256 bits. An unknown name costs what a wrong password costs.
"""

import threading
from hashlib import sha256

from argon2 import Parameters, PasswordHasher
from argon2.exceptions import VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

AT_ONCE_MAX = 4
"""Computations of one process at once: 64 MiB each."""


def credential_digest(encoded: str) -> str:
    """Return the SHA-256 by which a stored password is named in the log, in hex."""
    return sha256(encoded.encode()).hexdigest()


class Passwords:
    """Hashes and verifies, from any thread; the others wait for their turn."""

    def __init__(
        self, parameters: Parameters = RFC_9106_LOW_MEMORY, *, at_once_max: int = AT_ONCE_MAX
    ) -> None:
        self._hasher = PasswordHasher.from_parameters(parameters)
        self._turns = threading.BoundedSemaphore(at_once_max)
        self._nobodys = self._hasher.hash("a password that nobody has")

    def hash(self, password: str) -> str:
        """Return a password's encoded string, with a salt of its own.

        Raises:
            UnicodeEncodeError: It has a lone surrogate.
        """
        with self._turns:
            return self._hasher.hash(password)

    def verify(self, encoded: str | None, password: str) -> bool:
        """Return whether a password is the one; None is nobody's, and takes as long.

        ``encoded`` is what the log vouches for: its parameters say how much is computed.

        Raises:
            argon2.exceptions.InvalidHashError: It is no argon2id string.
        """
        given = password.encode("utf-8", "surrogatepass")
        with self._turns:
            try:
                self._hasher.verify(encoded or self._nobodys, given)
            except VerificationError:
                return False
        return encoded is not None

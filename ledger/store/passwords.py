"""Passwords as argon2id strings: dear to guess, and a few at a time so that memory lasts.

RFC 9106's second recommended parameters: 64 MiB, three passes, four lanes, 128 bits of salt,
a tag of 256 bits. An unknown name costs what a wrong password costs.
"""

import threading
from base64 import b64encode
from hashlib import sha256

from argon2 import Parameters, PasswordHasher
from argon2.exceptions import HashingError, VerificationError, VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY

from ledger.store.chance import random_bytes

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
        self._nobodys = _nobodys(parameters)

    def hash(self, password: str) -> str:
        """Return a password's encoded string, with a salt of its own.

        Raises:
            UnicodeEncodeError: It has a lone surrogate.
            MemoryError: There is no memory to compute in.
        """
        with self._turns:
            try:
                return self._hasher.hash(password)
            except HashingError as error:
                raise MemoryError from error

    def verify(self, encoded: str | None, password: str) -> bool:
        """Return whether a password is the one; None is nobody's, and takes as long.

        ``encoded`` is what the log vouches for: its parameters say how much is computed.

        Raises:
            argon2.exceptions.InvalidHashError: It is no argon2id string.
            MemoryError: There is no memory to compute in: nothing is known of the password.
        """
        given = password.encode("utf-8", "surrogatepass")
        with self._turns:
            try:
                self._hasher.verify(encoded or self._nobodys, given)
            except VerifyMismatchError:
                return False
            except VerificationError as error:
                raise MemoryError from error
        return encoded is not None


def _nobodys(parameters: Parameters) -> str:
    """Return a string that costs what any costs, of no password: its tag is chance."""
    costs = f"m={parameters.memory_cost},t={parameters.time_cost},p={parameters.parallelism}"
    lengths = (parameters.salt_len, parameters.hash_len)
    salt, tag = (b64encode(random_bytes(n)).decode().rstrip("=") for n in lengths)
    return f"$argon2{parameters.type.name.lower()}$v={parameters.version}${costs}${salt}${tag}"

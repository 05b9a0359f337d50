"""Whether a head may be extended: what its seal says besides that it is the service's own.

A head that must not be extended is sealed for another purpose, so that whoever holds the
database and the keys, but not the data folder, learns it too. It stays readable.
"""

from dataclasses import dataclass
from enum import StrEnum

from ledger.store.event import FieldsError


class Standing(StrEnum):
    """What a head is sealed as; the words are those under the seal (log format, 5.2)."""

    OPEN = "head"
    HELD = "held head"
    """Rows were put back but not yet verified: `ledger restore` or `recover` goes on."""
    MOVED = "moved head"
    """The log goes on in another database."""
    CLOSED = "closed head"
    """The log was closed for good."""


@dataclass(eq=False)
class LedgerHeldError(FieldsError):
    """A restore or a recovery of this log was interrupted; run it again to end it."""

    origin: str


@dataclass(eq=False)
class LedgerMovedError(FieldsError):
    """The log goes on in another database; this copy of it is never extended again."""

    origin: str


@dataclass(eq=False)
class LedgerClosedError(FieldsError):
    """The log was closed for good, and goes on under another origin: its successor.

    ``successor`` is empty where only the database tells, which does not name it.
    """

    origin: str
    successor: str = ""


NOT_OPEN = (LedgerHeldError, LedgerMovedError, LedgerClosedError)


def standing_error(origin: str, standing: Standing) -> FieldsError:
    """Return why a head that does not stand open is neither extended nor signed."""
    match standing:
        case Standing.MOVED:
            return LedgerMovedError(origin)
        case Standing.CLOSED:
            return LedgerClosedError(origin)
        case _:
            return LedgerHeldError(origin)

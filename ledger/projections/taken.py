"""An entry as the folds take it in: its plain facts as they lie there, few of the others.

Nothing is decided here: what is in the log has happened, and was checked before it did.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from ledger.projections.view import View

PERSONAL = frozenset(
    {"volunteer.registered", "volunteer.amended", "staff.appointed", "staff.amended"}
)
"""Types of events whose personal facts the folds ask for."""

_DAY_IN_BEIJING_BEGINS = 16
"""The hour in UTC at which the next civil date begins."""


class DanglingError(Exception):
    """An entry rests on something of which no entry has told."""

    def __init__(self, view: str, key: object) -> None:
        super().__init__(f"{view}: {key}")
        self.view = view


class Taken(NamedTuple):
    """One entry. ``time`` is an instant in UTC as a fact has it.

    ``facts`` are all its plain facts; ``personal`` those about persons by person, of an
    event of `PERSONAL` where they can be opened.
    """

    seq: int
    time: str
    stream: str
    version: int
    type: str
    shape: int
    by: str
    facts: Mapping[str, Any]
    personal: Mapping[str, Mapping[str, Any]] = MappingProxyType({})

    @property
    def day(self) -> str:
        """The civil date on which it was sequenced."""
        return civil_day(self.time)


class Secrets(Protocol):
    """What hides persons in views: the same for the same facts, whenever it is asked."""

    def box(self, view: View, person: str, facts: Mapping[str, Any]) -> bytes | None:
        """Return facts under a person's own key; None where it is destroyed."""

    def token(self, kind: str, value: str) -> str:
        """Return by what somebody is found who searches for exactly this value."""


def civil_day(instant: str) -> str:
    """Return the civil date in Beijing of an instant in UTC, both as facts have them."""
    day = instant[:10]
    if int(instant[11:13]) < _DAY_IN_BEIJING_BEGINS:
        return day
    try:
        return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    except OverflowError:  # the last hours that can be written belong to the last day
        return day

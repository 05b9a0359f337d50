"""What was attempted by a known person or key, and refused: also that is history.

Who tries again and again to review her own record is worth knowing. Only codes stand here,
never what was written in the command: it may be about anybody.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from ledger.domain.refusal import Refused

CODES_MAX = 20
"""Codes that one entry names; a refused batch may have hundreds of reasons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRefused:
    """An act on ``target`` was refused for these reasons, each named once.

    ``digest`` is that of the signed submission that asked for it. ``claimed`` is a key that
    was named by a signature that is not its own: then the actor is the ledger, which noticed.
    """

    TYPE: ClassVar[str] = "act.refused"
    SHAPE: ClassVar[int] = 1

    act: str
    target: UUID | None
    codes: tuple[str, ...]
    digest: str | None
    claimed: UUID | None
    on_behalf_of: UUID | None


def codes_of(refused: Refused) -> tuple[str, ...]:
    """Return the codes of a refusal, each once, in their order, no more than `CODES_MAX`."""
    return tuple(dict.fromkeys(refused.codes))[:CODES_MAX]

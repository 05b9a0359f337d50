"""What an event of the domain is: frozen, named `noun.participle`, its persons told apart.

An event class is a frozen, keyword-only dataclass whose fields are the facts of one shape
(log format, section 2), all present, None where there is no value. A fact that identifies a
natural person is annotated with the field that names this person:

    volunteer: UUID
    name: Annotated[str | Erased, About("volunteer")]

Such facts are stored in the person's own box. When her data key is destroyed, they are read
as `ERASED`, and every function that takes events has to say what it does then.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, StrEnum
from typing import ClassVar, Final, Protocol
from uuid import UUID


class Erased(Enum):
    """Stands where a personal fact stood: it was erased at law, or its key is not at hand."""

    ERASED = "erased"


ERASED: Final = Erased.ERASED


@dataclass(frozen=True, slots=True)
class About:
    """Marks a personal fact: ``person`` is the field of the same event that names her."""

    person: str


class Event(Protocol):
    """One change of one thing. ``TYPE`` and ``SHAPE`` are published promises."""

    TYPE: ClassVar[str]
    SHAPE: ClassVar[int]


class ActorKind(StrEnum):
    """Who can act: always an individual person or key, or the ledger itself."""

    STAFF = "staff"
    VOLUNTEER = "volunteer"
    KEY = "key"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """One individual person or key (the fact ``by`` of log format, section 2)."""

    kind: ActorKind
    id: UUID

    def text(self) -> str:
        """Return the fact: the kind, a colon, the id."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts and when; ``now`` is an instant in UTC.

    Raises:
        ValueError: The instant has no zone, or another one: a programmer's mistake.
    """

    by: Actor
    now: datetime

    def __post_init__(self) -> None:
        if self.now.tzinfo is not UTC:
            raise ValueError("an instant in UTC is wanted")


@dataclass(frozen=True, slots=True)
class Happened:
    """What the log adds to an event: who did it, when, and its place in its stream."""

    by: Actor
    at: datetime
    version: int

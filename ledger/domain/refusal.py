"""Why something may not be recorded: a stable code, the field, and what was expected.

A refusal is an answer, not a fault. All reasons that can be seen at once are given at once,
so that a clerk corrects a form in one go. No value of a person stands in a refusal.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Detail = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason: ``code`` is a published promise, ``about`` the field of the command.

    ``details`` are named values that a text may tell (limits, dates, ids), never personal.
    """

    code: str
    about: str | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing is recorded, for at least one reason.

    Raises:
        ValueError: There is no reason: a programmer's mistake.
    """

    reasons: tuple[Refusal, ...]

    def __post_init__(self) -> None:
        if not self.reasons:
            raise ValueError("a refusal has a reason")

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons, in their order."""
        return tuple(reason.code for reason in self.reasons)


def refuse(code: str, about: str | None = None, **details: Detail) -> Refused:
    """Return a refusal for one reason, ``about`` one field of the command."""
    return Refused((Refusal(code, about, details),))


def gathered(*parts: Refused | Refusal | Iterable[Refusal] | None) -> Refused | None:
    """Return all reasons of several checks as one refusal, or None where there is none."""
    reasons: list[Refusal] = []
    for part in parts:
        if isinstance(part, Refused):
            reasons += part.reasons
        elif isinstance(part, Refusal):
            reasons.append(part)
        elif part is not None:
            reasons += part
    return Refused(tuple(reasons)) if reasons else None

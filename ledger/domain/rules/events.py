"""What happens to the rules: a set is enacted, a year's working days are published.

Both are kept in one stream of the log. They tell of no person.
"""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from ledger.domain.rules.rule_set import RuleSet
from ledger.domain.working_days import WorkingYear


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesEnacted:
    """A rule set was enacted; ``basis`` names the documents that it carries out."""

    TYPE: ClassVar[str] = "rules.enacted"
    SHAPE: ClassVar[int] = 1

    rules: RuleSet
    reason: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPublished:
    """A year's working days were entered from its notice, or entered again when it changed."""

    TYPE: ClassVar[str] = "calendar.published"
    SHAPE: ClassVar[int] = 1

    calendar: WorkingYear


Event: TypeAlias = RulesEnacted | CalendarPublished

"""What may be asked of the rules."""

from dataclasses import dataclass
from typing import TypeAlias

from ledger.domain.rules.rule_set import RuleSet
from ledger.domain.working_days import WorkingYear


@dataclass(frozen=True, slots=True, kw_only=True)
class EnactRules:
    """Put a rule set in force from its day on."""

    rules: RuleSet
    reason: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishCalendar:
    """Enter a year's working days from the State Council's notice."""

    calendar: WorkingYear


Command: TypeAlias = EnactRules | PublishCalendar

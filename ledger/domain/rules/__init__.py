"""The rules by which records are judged: dated sets and the calendar, enacted as events."""

from ledger.domain.rules.book import RuleBook, evolve
from ledger.domain.rules.commands import Command, EnactRules, PublishCalendar
from ledger.domain.rules.deciding import decide
from ledger.domain.rules.events import CalendarPublished, Event, RulesEnacted
from ledger.domain.rules.initial import INITIAL_BOOK, INITIAL_CALENDAR, INITIAL_RULES
from ledger.domain.rules.rule_set import Rounding, RuleSet

__all__ = [
    "INITIAL_BOOK",
    "INITIAL_CALENDAR",
    "INITIAL_RULES",
    "CalendarPublished",
    "Command",
    "EnactRules",
    "Event",
    "PublishCalendar",
    "Rounding",
    "RuleBook",
    "RuleSet",
    "RulesEnacted",
    "decide",
    "evolve",
]

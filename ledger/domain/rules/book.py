"""The rule book: which rules judge which day, and which days are working days."""

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from ledger.domain.event import Happened
from ledger.domain.rules.events import CalendarPublished, Event, RulesEnacted
from ledger.domain.rules.rule_set import RuleSet
from ledger.domain.working_days import Calendar


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rule sets in the order of their numbers, and the calendar."""

    sets: tuple[RuleSet, ...]
    calendar: Calendar

    def on(self, day: date) -> RuleSet:
        """Return the rules that judge a day: of those in force, the last enacted.

        The first set also judges the days before it, of which no rules are known.

        Raises:
            LookupError: No rules were enacted: a programmer's mistake.
        """
        if not self.sets:
            raise LookupError("no rules are enacted")
        in_force = [each for each in self.sets if each.effective_from <= day]
        return in_force[-1] if in_force else self.sets[0]


def evolve(book: RuleBook | None, event: Event, _: Happened) -> RuleBook:
    """Return the rule book after an event."""
    book = book or RuleBook((), Calendar())
    match event:
        case RulesEnacted():
            return replace(book, sets=(*book.sets, event.rules))
        case CalendarPublished():
            others = (each for each in book.calendar.years if each.year != event.calendar.year)
            years = sorted((*others, event.calendar), key=lambda each: each.year)
            return replace(book, calendar=Calendar(tuple(years)))
        case _:
            assert_never(event)

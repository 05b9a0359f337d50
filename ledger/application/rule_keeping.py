"""The rules and the calendar: enacted and published by the city bureau, read by everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.desk import Done, Expected, Intent
from ledger.application.docket import Docket
from ledger.application.forms.rules import CalendarForm, RuleSetForm
from ledger.application.office import Office
from ledger.application.permission import acting_in, check_city_bureau, check_role
from ledger.application.reading import HiddenError
from ledger.application.states import RULES, Known, Read
from ledger.application.streams import rules_stream
from ledger.domain.event import Actor
from ledger.domain.organization.authority import check_acting
from ledger.domain.refusal import Refused, gathered
from ledger.domain.rules import Command, RuleBook, RulesEnacted, RuleSet, decide


@dataclass(frozen=True, slots=True, kw_only=True)
class Enacted:
    """A rule set with who enacted it, why and on what basis; ``seq`` is its entry."""

    rules: RuleSet
    reason: str
    basis: str
    by: Actor
    seq: int
    version: int


def enact(
    office: Office, caller: Caller, form: RuleSetForm, *, expected: Expected | None = None
) -> Done[UUID]:
    """Put a rule set in force from its day on; return the rules' stream.

    Raises:
        As `Desk.perform`.
    """
    return _perform(office, caller, "rules.enact", form.command(), expected)


def publish(
    office: Office, caller: Caller, form: CalendarForm, *, expected: Expected | None = None
) -> Done[UUID]:
    """Enter a year's working days; return the rules' stream.

    Raises:
        As `Desk.perform`.
    """
    return _perform(office, caller, "calendar.publish", form.command(), expected)


def book(office: Office, *, size: int | None = None) -> Known[RuleBook]:
    """Return all rules and calendars, now or as they were at a size of the log.

    Raises:
        HiddenError: There were none.
        As `States.get`.
    """
    known = office.states.at(RULES, rules_stream(office.origin), size=size)
    if known.state is None:
        raise HiddenError
    return known


def enacted(office: Office, *, size: int | None = None) -> Sequence[Enacted]:
    """Return the rule sets in the order of their numbers.

    Raises:
        As `States.get`.
    """
    events = office.states.events(RULES, rules_stream(office.origin), size=size)
    return [
        _enacted(each, each.event) for each in events if isinstance(each.event, RulesEnacted)
    ]


def enacted_as(office: Office, number: int, *, size: int | None = None) -> Enacted:
    """Return the rule set of a number.

    Raises:
        HiddenError: There is none.
        As `States.get`.
    """
    found = next(
        (each for each in enacted(office, size=size) if each.rules.number == number), None
    )
    if found is None:
        raise HiddenError
    return found


def _enacted(read: Read, event: RulesEnacted) -> Enacted:
    return Enacted(
        rules=event.rules,
        reason=event.reason,
        basis=event.basis,
        by=read.happened.by,
        seq=read.seq,
        version=read.happened.version,
    )


def _perform(
    office: Office,
    caller: Caller,
    act_name: str,
    command: Command,
    expected: Expected | None,
) -> Done[UUID]:
    stream = rules_stream(office.origin)

    def decided(docket: Docket) -> UUID | Refused:
        acting = acting_in(docket, caller)
        refused = gathered(
            check_acting(docket.act, acting),
            check_role(act_name, docket.act, acting),
            check_city_bureau(acting),
        )
        if refused is not None:
            return refused
        # What is not enacted yet is what a ledger begins with; then this is its first entry.
        events = decide(docket.read(RULES, stream), command, docket.act)
        if isinstance(events, Refused):
            return events
        docket.add(RULES, stream, events)
        return stream

    return office.desk.perform(
        caller, Intent(act=act_name, target=stream), decided, expected=expected
    )

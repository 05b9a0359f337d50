"""Publicity, objections and returns: what happens between the entry and its confirmation."""

from collections.abc import Iterator
from datetime import date

from ledger.domain.acting import check_answers_for, check_person, check_person_or_key
from ledger.domain.civil_time import civil_date
from ledger.domain.event import Act, ActorKind
from ledger.domain.organization.kinds import Role
from ledger.domain.record.codes import Stage
from ledger.domain.record.commands import (
    DecideObjection,
    RaiseObjection,
    ReturnRecord,
)
from ledger.domain.record.events import (
    ObjectionDecided,
    ObjectionRaised,
    RecordPublicized,
    RecordReturned,
)
from ledger.domain.record.parties import (
    Surroundings,
    check_not_erased,
    check_not_objector,
    check_reviewer,
    check_stage,
)
from ledger.domain.record.state import Record
from ledger.domain.refusal import Refusal, Refused, gathered, refuse
from ledger.domain.words import check_text

REASON_MAX = 500
TEXT_MAX = 2_000
CONTACT_MAX = 100


def publicize(
    state: Record, act: Act, around: Surroundings
) -> tuple[RecordPublicized, ...] | Refused:
    """Show a record from today on, for the working days of its rule set."""
    refused = check_stage(state, Stage.SUBMITTED)
    if refused is None and act.by.kind is not ActorKind.SYSTEM:
        refused = gathered(
            check_person_or_key(act, around.acting, Role.RECORDER, Role.REVIEWER),
            check_answers_for(around.acting, around.organization),
        )
    if refused is not None:
        return refused
    rules, today = around.rules(state.service.day), civil_date(act.now)
    last = around.book.calendar.add(today, rules.publicity_working_days)
    shown = RecordPublicized(
        opens_on=today,
        closes_on=last.day,
        provisional=last.provisional,
        rules=rules.number,
        on_behalf_of=around.acting.id if around.acting else None,
    )
    return (shown,)


def last_public_day(state: Record, around: Surroundings) -> date | None:
    """Return the last day of the publicity as the calendar is known now; None without one.

    Only a provisional one is reckoned anew: what was published as final stays.
    """
    shown = state.publicity
    if shown is None:
        return None
    if not shown.provisional:
        return shown.closes_on
    days = around.rules(state.service.day).publicity_working_days
    return around.book.calendar.add(shown.opens_on, days).day


def raise_objection(
    state: Record, command: RaiseObjection, act: Act, around: Surroundings
) -> tuple[ObjectionRaised, ...] | Refused:
    """Object to a record that is shown, or that is not credited yet."""
    refused = check_stage(state, Stage.PUBLICIZED, Stage.HELD) or gathered(
        _check_objector(command, act, around),
        check_not_erased(around),
        check_text(command.text, "text", max=TEXT_MAX, lines=True),
        check_text(command.contact, "contact", max=CONTACT_MAX) if command.contact else None,
    )
    return refused or (
        ObjectionRaised(
            objection=command.objection,
            kind=command.kind,
            volunteer=state.volunteer,
            text=command.text,
            objector=command.objector,
            contact=command.contact,
            on_behalf_of=around.acting.id if around.acting else None,
        ),
    )


def _check_objector(
    command: RaiseObjection, act: Act, around: Surroundings
) -> Iterator[Refusal]:
    if act.by.kind is not ActorKind.VOLUNTEER:
        yield from check_person(act, around.acting, *Role)
    elif command.objector != act.by.id:
        yield Refusal("objector_is_another_person", "objector")


def decide_objection(
    state: Record, command: DecideObjection, act: Act, around: Surroundings
) -> tuple[ObjectionDecided, ...] | Refused:
    """Decide an objection; as long as one is open, nothing is confirmed."""
    objection = state.objection(command.objection)
    if objection is None:
        return refuse("objection_is_not_open", "objection")
    refused = gathered(
        check_reviewer(state, act, around),
        check_not_objector(objection, act, around),
        check_not_erased(around),
        check_text(command.reason, "reason", max=REASON_MAX, lines=True),
    )
    return refused or (
        ObjectionDecided(
            objection=objection.id,
            upheld=command.upheld,
            volunteer=state.volunteer,
            reason=command.reason,
            on_behalf_of=around.on_behalf_of,
        ),
    )


def return_record(
    state: Record, command: ReturnRecord, act: Act, around: Surroundings
) -> tuple[RecordReturned, ...] | Refused:
    """Send a record that does not count yet back to its recorder."""
    refused = check_stage(state, Stage.SUBMITTED, Stage.PUBLICIZED, Stage.HELD) or gathered(
        check_reviewer(state, act, around),
        check_not_erased(around),
        check_text(command.reason, "reason", max=REASON_MAX, lines=True),
    )
    return refused or (
        RecordReturned(
            volunteer=state.volunteer,
            reason=command.reason,
            on_behalf_of=around.on_behalf_of,
        ),
    )

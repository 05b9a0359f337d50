"""Confirming and approving: the second person, and for what is held a third one from above.

These only decide about the record. Crediting its minutes is decided and saved together with
them in `ledger.domain.crediting`, which says whether the day is over its limit.
"""

from collections.abc import Iterator
from datetime import date

from ledger.domain.activity.state import Status as ActivityStatus
from ledger.domain.civil_time import civil_date
from ledger.domain.event import Act
from ledger.domain.record.codes import Signal, Stage
from ledger.domain.record.commands import ApproveRecord
from ledger.domain.record.entering import over_head_count
from ledger.domain.record.events import RecordApproved, RecordConfirmed
from ledger.domain.record.parties import (
    Surroundings,
    check_approver,
    check_not_erased,
    check_paper,
    check_reviewer,
    check_stage,
)
from ledger.domain.record.showing import REASON_MAX, last_public_day
from ledger.domain.record.state import Record
from ledger.domain.refusal import Refusal, Refused, gathered
from ledger.domain.words import check_text

_LASTING = (
    Signal.BACK_ENTRY,
    Signal.VELOCITY,
    Signal.BEYOND_SIGN_IN,
    Signal.SIGN_IN_AMENDED,
)
"""Signals of the entry that hold it; the others are as they are when it is confirmed."""


def confirm(
    state: Record, act: Act, around: Surroundings, *, is_over_daily_cap: bool
) -> tuple[RecordConfirmed, ...] | Refused:
    """Confirm a record whose publicity is over and to which nobody objects (340号).

    Where the rules of its day ask for no publicity, it is confirmed without, shown or not.
    """
    needs_publicity = around.rules(state.service.day).publicity_working_days > 0
    wanted = (Stage.PUBLICIZED,) if needs_publicity else (Stage.PUBLICIZED, Stage.SUBMITTED)
    refused = check_stage(state, *wanted) or gathered(
        check_reviewer(state, act, around),
        _check_publicity(state, civil_date(act.now), around) if needs_publicity else None,
        _check_nothing_holds_it(state, around),
    )
    return refused or (
        RecordConfirmed(
            reviewer=act.by.id,
            minutes=state.service.minutes,
            awaits=_holding(state, around, is_over_daily_cap=is_over_daily_cap),
            on_behalf_of=around.on_behalf_of,
        ),
    )


def approve(
    state: Record,
    command: ApproveRecord,
    act: Act,
    around: Surroundings,
    *,
    is_over_daily_cap: bool,
) -> tuple[RecordApproved, ...] | Refused:
    """Approve a record that is held, from above."""
    refused = check_stage(state, Stage.HELD) or gathered(
        check_approver(state, act, around),
        _check_nothing_holds_it(state, around),
        check_not_erased(around),
        check_text(command.reason, "reason", max=REASON_MAX, lines=True),
    )
    now = _holding(state, around, is_over_daily_cap=is_over_daily_cap)
    return refused or (
        RecordApproved(
            approver=act.by.id,
            signals=tuple(each for each in Signal if each in {*state.awaits, *now}),
            volunteer=state.volunteer,
            reason=command.reason,
            on_behalf_of=around.on_behalf_of,
        ),
    )


def _check_publicity(state: Record, today: date, around: Surroundings) -> Iterator[Refusal]:
    last = last_public_day(state, around)
    if last is not None and today <= last:
        yield Refusal("publicity_is_not_over", None, {"last": last.isoformat()})


def _check_nothing_holds_it(state: Record, around: Surroundings) -> Iterator[Refusal]:
    if around.activity.status is ActivityStatus.CANCELLED:
        yield Refusal("activity_is_cancelled")
    if state.objections:
        yield Refusal("objection_is_open", None, {"objection": str(state.objections[0].id)})
    yield from check_paper(state, around)


def _holding(
    state: Record, around: Surroundings, *, is_over_daily_cap: bool
) -> tuple[Signal, ...]:
    holding = {each for each in state.signals if each in _LASTING}
    rules = around.rules(state.service.day)
    if around.entered_minutes > rules.minutes_per_actor_hour_max:
        holding.add(Signal.VELOCITY)
    if over_head_count(around):
        holding.add(Signal.OVER_HEAD_COUNT)
    if is_over_daily_cap:
        holding.add(Signal.OVER_DAILY_CAP)
    return tuple(each for each in Signal if each in holding)

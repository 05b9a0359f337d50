"""Amending and voiding: proposed with a reason, answered by the volunteer, accepted by another.

Order 67, Art. 13: who points out an error is heard without delay, and what is wrong is put
right. The number of days for the volunteer's reply is our rule set's [P].
"""

from collections.abc import Iterator
from datetime import date

from ledger.domain.acting import check_answers_for, check_person
from ledger.domain.civil_time import civil_date
from ledger.domain.event import Act, ActorKind
from ledger.domain.evidence import check_evidence
from ledger.domain.organization.kinds import Role
from ledger.domain.record.codes import Stage
from ledger.domain.record.commands import (
    AcceptAmendment,
    ProposeAmendment,
    ProposeVoiding,
    RejectAmendment,
    ReplyToAmendment,
    VoidRecord,
)
from ledger.domain.record.events import (
    AmendmentAccepted,
    AmendmentProposed,
    AmendmentRejected,
    AmendmentReplied,
    RecordVoided,
    VoidingProposed,
)
from ledger.domain.record.parties import (
    Surroundings,
    acts_from_above,
    check_may_have_served,
    check_not_erased,
    check_not_proposer,
    check_reviewer,
    check_stage,
)
from ledger.domain.record.service import (
    changed,
    check_day,
    check_over,
    check_service,
    facts_of,
)
from ledger.domain.record.showing import REASON_MAX, TEXT_MAX
from ledger.domain.record.state import Amendment, Record
from ledger.domain.refusal import Refusal, Refused, gathered, refuse
from ledger.domain.rules import RuleBook
from ledger.domain.words import check_text


def propose(
    state: Record, command: ProposeAmendment, act: Act, around: Surroundings
) -> tuple[AmendmentProposed, ...] | Refused:
    """Propose what a confirmed record should be instead."""
    service = command.service
    names = changed(state.service, service)
    refused = (
        check_stage(state, Stage.CONFIRMED)
        or _check_none_open(state)
        or check_over(service, act.now)
        or gathered(
            _check_proposal(command, act, around),
            _check_scope(state, command, act, around),
            _check_may_serve(state, command, around),
            check_service(service, around.activity, act.now),
            None if names else refuse("nothing_is_changed"),
        )
    )
    return refused or (
        AmendmentProposed(
            amendment=command.amendment,
            volunteer=state.volunteer,
            minutes=service.minutes,
            changed=names,
            reason=command.reason,
            evidence=command.evidence,
            rules=around.rules(service.day).number,
            on_behalf_of=around.acting.id if around.acting else None,
            **facts_of(service),
        ),
    )


def propose_voiding(
    state: Record, command: ProposeVoiding, act: Act, around: Surroundings
) -> tuple[VoidingProposed, ...] | Refused:
    """Propose that a confirmed record counts no more, or that a returned one is given up."""
    refused = (
        check_stage(state, Stage.CONFIRMED, Stage.RETURNED)
        or _check_none_open(state)
        or gathered(_check_proposal(command, act, around))
    )
    return refused or (
        VoidingProposed(
            amendment=command.amendment,
            volunteer=state.volunteer,
            reason=command.reason,
            evidence=command.evidence,
            on_behalf_of=around.acting.id if around.acting else None,
        ),
    )


def reply(
    state: Record, command: ReplyToAmendment, act: Act, around: Surroundings
) -> tuple[AmendmentReplied, ...] | Refused:
    """Answer, as the volunteer, once."""
    amendment = _open(state, command)
    if isinstance(amendment, Refused):
        return amendment
    refused = gathered(
        None if around.is_herself(act) else refuse("actor_is_not_the_volunteer"),
        refuse("reply_is_given") if amendment.replied else None,
        check_not_erased(around),
        check_text(command.text, "text", max=TEXT_MAX, lines=True),
    )
    return refused or (
        AmendmentReplied(amendment=amendment.id, volunteer=state.volunteer, text=command.text),
    )


def reject(
    state: Record, command: RejectAmendment, act: Act, around: Surroundings
) -> tuple[AmendmentRejected, ...] | Refused:
    """Leave a record as it is; it needs no reply to do so."""
    amendment = _open(state, command)
    if isinstance(amendment, Refused):
        return amendment
    refused = gathered(
        check_reviewer(state, act, around),
        check_not_proposer(state, act),
        check_not_erased(around),
        check_text(command.reason, "reason", max=REASON_MAX, lines=True),
    )
    return refused or (
        AmendmentRejected(
            amendment=amendment.id,
            reviewer=act.by.id,
            volunteer=state.volunteer,
            reason=command.reason,
            on_behalf_of=around.on_behalf_of,
        ),
    )


def accept(
    state: Record,
    command: AcceptAmendment,
    act: Act,
    around: Surroundings,
    *,
    is_over_daily_cap: bool,
) -> tuple[AmendmentAccepted, ...] | Refused:
    """Let a record be as proposed.

    What is over the daily limit, or was held when it was confirmed, is accepted from above.
    """
    amendment = _open(state, command)
    if isinstance(amendment, Refused):
        return amendment
    if amendment.service is None:
        return refuse("amendment_is_a_voiding", "amendment")
    needs_above = is_over_daily_cap or bool(state.awaits)
    refused = gathered(
        _check_accepting(state, amendment, act, around),
        # The activity may have been amended since the proposal.
        check_day(amendment.service, around.activity),
        refuse("amendment_needs_body_above")
        if needs_above and not acts_from_above(around)
        else None,
    )
    return refused or (
        AmendmentAccepted(
            amendment=amendment.id,
            reviewer=act.by.id,
            minutes=amendment.service.minutes,
            on_behalf_of=around.on_behalf_of,
        ),
    )


def void(
    state: Record, command: VoidRecord, act: Act, around: Surroundings
) -> tuple[RecordVoided, ...] | Refused:
    """Let a record count no more."""
    amendment = _open(state, command)
    if isinstance(amendment, Refused):
        return amendment
    if amendment.service is not None:
        return refuse("amendment_is_no_voiding", "amendment")
    refused = gathered(
        _check_accepting(state, amendment, act, around),
        check_not_erased(around),
        check_text(command.reason, "reason", max=REASON_MAX, lines=True),
    )
    return refused or (
        RecordVoided(
            amendment=amendment.id,
            reviewer=act.by.id,
            volunteer=state.volunteer,
            reason=command.reason,
            on_behalf_of=around.on_behalf_of,
        ),
    )


def reply_until(state: Record, amendment: Amendment, book: RuleBook) -> date | None:
    """Return the last day on which a volunteer's reply is waited for; None where it is not."""
    if amendment.replied or amendment.proposer.kind is ActorKind.VOLUNTEER:
        return None
    days = book.on(state.service.day).amendment_reply_working_days
    if days == 0:  # the rules of its day wait for nobody
        return None
    return book.calendar.add(amendment.proposed_on, days).day


def _check_none_open(state: Record) -> Refused | None:
    if state.amendment is None:
        return None
    return refuse("amendment_is_open", amendment=str(state.amendment.id))


def _check_proposal(
    command: ProposeAmendment | ProposeVoiding, act: Act, around: Surroundings
) -> Iterator[Refusal]:
    if not around.is_herself(act):
        roles = (Role.RECORDER, Role.REVIEWER, Role.SUPERVISOR)
        yield from check_person(act, around.acting, *roles)
        yield from check_answers_for(around.acting, around.organization)
    erased = check_not_erased(around)
    yield from erased.reasons if erased else ()
    yield from check_text(command.reason, "reason", max=REASON_MAX, lines=True)
    yield from check_evidence(command.evidence)


def _check_scope(
    state: Record, command: ProposeAmendment, act: Act, around: Surroundings
) -> Refused | None:
    """Return why the organization records nothing of another division than before."""
    division = command.service.division
    if division == state.service.division:
        return None
    today, categories = civil_date(act.now), around.activity.categories
    return around.organization.may_record(today, division, categories)


def _check_may_serve(
    state: Record, command: ProposeAmendment, around: Surroundings
) -> Refused | None:
    """Return why she could not have served on another day."""
    day = command.service.day
    if day == state.service.day or around.volunteer.is_erased:
        return None
    return check_may_have_served(day, around)


def _open(
    state: Record, command: ReplyToAmendment | RejectAmendment | AcceptAmendment | VoidRecord
) -> Amendment | Refused:
    if state.amendment is None or state.amendment.id != command.amendment:
        return refuse("amendment_is_not_open", "amendment")
    return state.amendment


def _check_accepting(
    state: Record, amendment: Amendment, act: Act, around: Surroundings
) -> Iterator[Refusal]:
    yield from check_reviewer(state, act, around)
    yield from check_not_proposer(state, act)
    until = reply_until(state, amendment, around.book)
    if until is not None and civil_date(act.now) <= until:
        yield Refusal("reply_is_awaited", None, {"last": until.isoformat()})

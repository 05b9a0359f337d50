"""Deciding about an activity: nothing that is over changes by one person's hand.

Who acts is a person of the organization that records the activity, or of one that answers for
it; a key may register what its organization will record, and nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, assert_never
from uuid import UUID

from ledger.domain.acting import check_answers_for, check_person, check_person_or_key
from ledger.domain.activity.commands import (
    AcceptActivityAmendment,
    CancelActivity,
    ChangeActivity,
    Command,
    ProposeActivityAmendment,
    RegisterActivity,
    RejectActivityAmendment,
)
from ledger.domain.activity.events import (
    ActivityAmended,
    ActivityAmendmentProposed,
    ActivityAmendmentRejected,
    ActivityCancelled,
    ActivityChanged,
    ActivityEvent,
    ActivityRegistered,
)
from ledger.domain.activity.particulars import (
    Particulars,
    changed,
    check_papers,
    check_particulars,
)
from ledger.domain.activity.state import Activity, Status
from ledger.domain.civil_time import civil_date
from ledger.domain.event import Act
from ledger.domain.evidence import check_evidence
from ledger.domain.organization.kinds import LegalForm, Role
from ledger.domain.organization.state import Organization
from ledger.domain.refusal import Refusal, Refused, gathered, refuse
from ledger.domain.rules import RuleBook
from ledger.domain.words import check_text

REASON_MAX = 500

_PLANNERS = (Role.RECORDER, Role.REVIEWER, Role.RESPONSIBLE, Role.HANDLER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What is recorded in the activity so far, for those changes that it forbids.

    ``volunteers`` counts different ones, ``confirmed`` the records that are confirmed.
    """

    first_day: date | None = None
    last_day: date | None = None
    volunteers: int = 0
    confirmed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a decision looks at: the recording organization, and the one that acts."""

    book: RuleBook
    organization: Organization
    acting: Organization | None
    recorded: Recorded = Recorded()


def decide(
    state: Activity | None, command: Command, act: Act, around: Surroundings
) -> tuple[ActivityEvent, ...] | Refused:
    """Return what a command leads to, or why it leads to nothing."""
    if isinstance(command, RegisterActivity):
        if state is not None:
            return refuse("activity_is_registered", "activity")
        return _register(command, act, around)
    if state is None:
        return refuse("activity_is_missing")
    if state.status is Status.CANCELLED:
        return refuse("activity_is_cancelled")
    return _decide_registered(state, command, act, around)


def _decide_registered(
    state: Activity,
    command: ChangeActivity
    | ProposeActivityAmendment
    | AcceptActivityAmendment
    | RejectActivityAmendment
    | CancelActivity,
    act: Act,
    around: Surroundings,
) -> tuple[ActivityEvent, ...] | Refused:
    match command:
        case ChangeActivity():
            return _change(state, command, act, around)
        case ProposeActivityAmendment():
            return _propose(state, command, act, around)
        case AcceptActivityAmendment() | RejectActivityAmendment():
            return _review(state, command, act, around)
        case CancelActivity():
            return _cancel(command, act, around)
        case _:
            assert_never(command)


def _register(
    command: RegisterActivity, act: Act, around: Surroundings
) -> tuple[ActivityEvent, ...] | Refused:
    today, said = civil_date(act.now), command.particulars
    rules = around.book.on(today)
    is_over = said.ends_on < today
    refused = gathered(
        check_person_or_key(act, around.acting, *_PLANNERS),
        _check_own(around),
        around.organization.may_record(today, said.division, said.categories),
        _check_declared(command, around.organization),
        check_particulars(said, rules, is_back_entry=is_over),
        None if is_over else check_papers(said),
        check_evidence(command.evidence),
        _check_back_entry(command, is_over=is_over),
    )
    if refused is not None:
        return refused
    registered = ActivityRegistered(
        activity=command.activity,
        project_no=command.project_no,
        organizer=command.organizer,
        recording_organization=around.organization.id,
        guiding_organization=command.guiding_organization,
        declared=command.declared,
        back_entry=is_over,
        back_entry_reason=command.back_entry_reason,
        evidence=command.evidence,
        truth_declared=command.truth_declared,
        rules=rules.number,
        **_facts(said),
    )
    return (registered,)


def _check_own(around: Surroundings) -> Iterator[Refusal]:
    if around.acting is not None and around.acting.id != around.organization.id:
        yield Refusal("organization_does_not_record", "recording_organization")


def _check_declared(command: RegisterActivity, organization: Organization) -> Iterator[Refusal]:
    if not command.declared:
        yield Refusal("declaration_is_missing", "declared")
    is_group = organization.particulars.form is LegalForm.GROUP
    if is_group and command.guiding_organization is None:
        yield Refusal("guiding_organization_is_missing", "guiding_organization")


def _check_back_entry(command: RegisterActivity, *, is_over: bool) -> Iterator[Refusal]:
    reason = command.back_entry_reason
    if reason is not None:
        yield from check_text(reason, "back_entry_reason", max=REASON_MAX, lines=True)
    elif is_over:
        yield Refusal("back_entry_reason_is_missing", "back_entry_reason")
    if is_over and not command.evidence:
        yield Refusal("back_entry_evidence_is_missing", "evidence")
    if is_over and not command.truth_declared:
        yield Refusal("truth_declaration_is_missing", "truth_declared")


def _change(
    state: Activity, command: ChangeActivity, act: Act, around: Surroundings
) -> tuple[ActivityEvent, ...] | Refused:
    if state.ends_on < civil_date(act.now):
        return refuse("activity_is_over", "ends_on", ended=state.ends_on.isoformat())
    refused = gathered(
        _check_said_anew(state, command.particulars, command.reason, act, around),
        check_papers(command.particulars),
    )
    return refused or (
        ActivityChanged(
            changed=changed(state.particulars, command.particulars),
            reason=command.reason,
            on_behalf_of=_on_behalf_of(around),
            **_facts(command.particulars),
        ),
    )


def _propose(
    state: Activity, command: ProposeActivityAmendment, act: Act, around: Surroundings
) -> tuple[ActivityEvent, ...] | Refused:
    if state.ends_on >= civil_date(act.now):
        return refuse("activity_is_not_over", "ends_on", ends=state.ends_on.isoformat())
    if state.amendment is not None:
        return refuse("amendment_is_open", amendment=str(state.amendment.id))
    refused = _check_said_anew(state, command.particulars, command.reason, act, around)
    return refused or (
        ActivityAmendmentProposed(
            amendment=command.amendment,
            changed=changed(state.particulars, command.particulars),
            reason=command.reason,
            on_behalf_of=_on_behalf_of(around),
            **_facts(command.particulars),
        ),
    )


def _check_said_anew(
    state: Activity, said: Particulars, reason: str, act: Act, around: Surroundings
) -> Refused | None:
    today = civil_date(act.now)
    is_same = said == state.particulars
    return gathered(
        check_person(act, around.acting, *_PLANNERS),
        check_answers_for(around.acting, around.organization),
        check_particulars(said, around.book.on(today), is_back_entry=state.back_entry),
        around.organization.may_record(today, said.division, said.categories)
        if (said.division, said.categories) != (state.division, state.categories)
        else None,
        _check_recorded(said, around.recorded),
        refuse("nothing_is_changed") if is_same else None,
        check_text(reason, "reason", max=REASON_MAX, lines=True),
    )


def _check_recorded(said: Particulars, recorded: Recorded) -> Iterator[Refusal]:
    if said.head_count < recorded.volunteers:
        yield Refusal(
            "head_count_is_below_recorded", "head_count", {"min": recorded.volunteers}
        )
    first, last = recorded.first_day, recorded.last_day
    if first is not None and said.starts_on > first:
        yield Refusal("records_lie_outside", "starts_on", {"day": first.isoformat()})
    if last is not None and said.ends_on < last:
        yield Refusal("records_lie_outside", "ends_on", {"day": last.isoformat()})


def _review(
    state: Activity,
    command: AcceptActivityAmendment | RejectActivityAmendment,
    act: Act,
    around: Surroundings,
) -> tuple[ActivityEvent, ...] | Refused:
    amendment = state.amendment
    if amendment is None or amendment.id != command.amendment:
        return refuse("amendment_is_not_open", "amendment")
    refused = gathered(
        check_person(act, around.acting, Role.REVIEWER),
        check_answers_for(around.acting, around.organization),
        refuse("reviewer_is_proposer") if act.by == amendment.proposer else None,
        # What was recorded since the proposal binds it as well.
        _check_recorded(amendment.particulars, around.recorded)
        if isinstance(command, AcceptActivityAmendment)
        else check_text(command.reason, "reason", max=REASON_MAX, lines=True),
    )
    if refused is not None:
        return refused
    on_behalf_of = _on_behalf_of(around)
    if isinstance(command, AcceptActivityAmendment):
        return (ActivityAmended(amendment=amendment.id, on_behalf_of=on_behalf_of),)
    rejected = ActivityAmendmentRejected(
        amendment=amendment.id, reason=command.reason, on_behalf_of=on_behalf_of
    )
    return (rejected,)


def _cancel(
    command: CancelActivity, act: Act, around: Surroundings
) -> tuple[ActivityEvent, ...] | Refused:
    confirmed = around.recorded.confirmed
    refused = gathered(
        refuse("activity_has_records", records=confirmed) if confirmed else None,
        check_person(act, around.acting, *_PLANNERS),
        check_answers_for(around.acting, around.organization),
        check_text(command.reason, "reason", max=REASON_MAX, lines=True),
    )
    return refused or (
        ActivityCancelled(reason=command.reason, on_behalf_of=_on_behalf_of(around)),
    )


def _on_behalf_of(around: Surroundings) -> UUID:
    """Return who acts, once it is established that somebody does."""
    if around.acting is None:
        raise ValueError("an acting organization is wanted")
    return around.acting.id


def _facts(said: Particulars) -> dict[str, Any]:
    return {each.name: getattr(said, each.name) for each in fields(Particulars)}

"""Amending: proposed with a reason, answered by the volunteer, accepted by a third person."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from ledger.domain.account import Cause, CreditEntered, CreditWithdrawn
from ledger.domain.codes import EvidenceKind
from ledger.domain.event import ERASED, Actor
from ledger.domain.evidence import Evidence
from ledger.domain.organization.kinds import OrganizationKind, Status
from ledger.domain.organization.state import Entrustment
from ledger.domain.record import (
    AmendmentAccepted,
    AmendmentProposed,
    AmendmentRejected,
    AmendmentReplied,
    ApproveRecord,
    ConfirmRecord,
    DecideObjection,
    ProposeAmendment,
    PublicizeRecord,
    RecordVoided,
    RejectAmendment,
    ReplyToAmendment,
    ResubmitRecord,
    ReturnRecord,
    Stage,
    VoidingProposed,
)
from ledger.domain.rules import INITIAL_BOOK
from tests.domain.specification import Specification
from tests.domain.story import (
    ACCEPT,
    AMENDMENT,
    LATER,
    LONGER,
    OBJECT,
    OBJECTION,
    PROPOSE,
    PROPOSE_VOIDING,
    RECORD,
    REVIEWED,
    SHOWN,
    SUBMIT,
    VOID,
    confirmed,
    elsewhere,
    proposed,
    publicized,
)
from tests.domain.town import (
    ABOVE,
    ACTIVITY,
    AROUND,
    BESIDE,
    COMMUNITY,
    HERSELF,
    KEY,
    NEIGHBOUR,
    RECORDER,
    REVIEWER,
    SECOND_REVIEWER,
    SERVICE,
    STATION,
    STREET,
    SUPERVISOR,
    VOLUNTEER,
    beijing,
)

REPLY = ReplyToAmendment(amendment=AMENDMENT, text="确实到一点。")
REJECT = RejectAmendment(amendment=AMENDMENT, reason="签到表显示十二点。")
RETURN = ReturnRecord(reason="重复。")
AGAIN = ResubmitRecord(recorder=RECORDER.id, channel=SUBMIT.channel, service=SERVICE)


def voiding() -> Specification:
    return confirmed().when(PROPOSE_VOIDING, by=RECORDER, now=REVIEWED)


def test_a_proposal_says_all_as_it_would_be_and_what_differs() -> None:
    told = confirmed().when(PROPOSE, by=RECORDER, now=REVIEWED)
    (event,) = told.then_some(AmendmentProposed)
    assert event.changed == ("end",)
    assert (event.minutes, event.start, event.end) == (210, LONGER.start, LONGER.end)
    assert (event.volunteer, event.on_behalf_of) == (HERSELF.id, STATION.id)
    assert told.state.record.service == SERVICE
    assert told.state.account.total_minutes == 150


@pytest.mark.parametrize("by", [RECORDER, REVIEWER, ABOVE, SUPERVISOR, HERSELF])
def test_the_volunteer_proposes_or_who_answers_for_the_record(by: Actor) -> None:
    confirmed().when(PROPOSE, by=by, now=REVIEWED).then_some(AmendmentProposed)
    confirmed().when(PROPOSE_VOIDING, by=by, now=REVIEWED).then_some(VoidingProposed)


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (NEIGHBOUR, "actor_is_not_staff"),
        (KEY, "actor_is_not_staff"),
        (BESIDE, "organization_does_not_answer"),
    ],
)
def test_nobody_else_proposes(by: Actor, code: str) -> None:
    confirmed().when(PROPOSE, by=by, now=REVIEWED).then_refused(code)
    confirmed().when(PROPOSE_VOIDING, by=by, now=REVIEWED).then_refused(code)


def test_only_what_counts_is_amended_and_only_by_one_proposal_at_a_time() -> None:
    publicized().when(PROPOSE, by=RECORDER, now=SHOWN).then_refused("record_is_publicized")
    publicized().when(PROPOSE_VOIDING, by=RECORDER, now=SHOWN).then_refused(
        "record_is_publicized"
    )
    other = replace(PROPOSE, amendment=UUID(int=1))
    proposed().when(other, by=REVIEWER, now=REVIEWED).then_refused("amendment_is_open")
    proposed().when(PROPOSE_VOIDING, by=REVIEWER, now=REVIEWED).then_refused(
        "amendment_is_open"
    )


def test_a_proposal_is_judged_like_an_entry() -> None:
    wrong = replace(PROPOSE, service=replace(SERVICE, skill=9), reason="")
    confirmed().when(wrong, by=RECORDER, now=REVIEWED).then_refused(
        "rating_is_out_of_bounds", "text_is_missing"
    )
    scan = Evidence(kind=EvidenceKind.OTHER, sha256="?")
    for proposal in (PROPOSE, PROPOSE_VOIDING):
        confirmed().when(
            replace(proposal, evidence=(scan,)), by=RECORDER, now=REVIEWED
        ).then_refused("evidence_digest_is_malformed")
    same = replace(PROPOSE, service=SERVICE)
    confirmed().when(same, by=RECORDER, now=REVIEWED).then_refused("nothing_is_changed")


def test_another_division_is_one_of_which_the_organization_may_record() -> None:
    def moved(division: str) -> ProposeAmendment:
        return replace(PROPOSE, service=replace(SERVICE, division=division))

    told = confirmed()
    told.when(moved("110105002"), by=RECORDER, now=REVIEWED).then_refused(
        "division_outside_organization", about="division"
    )
    told.when(moved("1101"), by=HERSELF, now=REVIEWED).then_refused(
        "division_is_malformed", "division_outside_organization"
    )
    street = replace(STATION, division=STREET)
    elsewhere(told, replace(AROUND, organization=street)).when(
        moved("110105001002"), by=RECORDER, now=REVIEWED
    ).then_some(AmendmentProposed)


def test_who_is_entrusted_with_one_division_amends_no_record_into_another() -> None:
    entrusted = replace(
        STATION,
        kind=OrganizationKind.ENTRUSTED,
        entrustments=(
            Entrustment(
                id=UUID(int=1),
                grantor=None,
                divisions=(COMMUNITY,),
                categories=None,
                valid_from=date(2026, 1, 1),
                valid_to=date(2026, 12, 31),
            ),
        ),
    )
    told = elsewhere(confirmed(), replace(AROUND, organization=entrusted))
    moved = replace(PROPOSE, service=replace(SERVICE, division="110105001002"))
    told.when(moved, by=RECORDER, now=REVIEWED).then_refused(
        "division_outside_entrustment", about="division"
    )


def test_an_amendment_within_its_division_needs_no_entrustment_any_more() -> None:
    suspended = replace(STATION, status=Status.SUSPENDED)
    elsewhere(confirmed(), replace(AROUND, organization=suspended)).when(
        PROPOSE, by=ABOVE, now=REVIEWED
    ).then_some(AmendmentProposed)


def test_what_is_proposed_is_over() -> None:
    tomorrow = replace(SERVICE, end=REVIEWED + timedelta(minutes=1))
    confirmed().when(
        replace(PROPOSE, service=tomorrow), by=RECORDER, now=REVIEWED
    ).then_refused("service_is_not_over")


def test_on_another_day_she_must_have_been_old_enough() -> None:
    # Three years old on the 20th, two on the 19th; with a guardian's consent to neither.
    born = replace(VOLUNTEER.particulars, birth_date=date(2023, 11, 20))  # type: ignore[type-var]
    around = replace(AROUND, volunteer=replace(VOLUNTEER, particulars=born, into=UUID(int=1)))
    moved = replace(SERVICE, start=beijing("2026-11-19 09:00"), end=beijing("2026-11-19 12:00"))
    told = elsewhere(confirmed(), around)
    told.when(replace(PROPOSE, service=moved), by=RECORDER, now=REVIEWED).then_refused(
        "volunteer_is_too_young", "guardian_consent_is_missing"
    )
    told.when(PROPOSE, by=RECORDER, now=REVIEWED).then_some(AmendmentProposed)


def test_the_volunteer_answers_once_and_for_herself() -> None:
    told = proposed().when(REPLY, by=HERSELF, now=REVIEWED)
    told.then(AmendmentReplied(amendment=AMENDMENT, volunteer=HERSELF.id, text="确实到一点。"))
    told.when(REPLY, by=HERSELF, now=REVIEWED).then_refused("reply_is_given")
    for by in (NEIGHBOUR, REVIEWER):
        proposed().when(REPLY, by=by, now=REVIEWED).then_refused("actor_is_not_the_volunteer")
    proposed().when(replace(REPLY, text=""), by=HERSELF, now=REVIEWED).then_refused(
        "text_is_missing"
    )


def test_the_registration_into_which_hers_was_merged_answers_for_her() -> None:
    merged = replace(AROUND, volunteer=replace(VOLUNTEER, into=NEIGHBOUR.id))
    elsewhere(proposed(), merged).when(REPLY, by=NEIGHBOUR, now=REVIEWED).then_some(
        AmendmentReplied
    )


def test_it_is_accepted_after_her_reply_and_credited_in_the_same_commit() -> None:
    told = proposed().when(REPLY, by=HERSELF, now=REVIEWED)
    told.when(ACCEPT, by=REVIEWER, now=REVIEWED).then(
        AmendmentAccepted(
            amendment=AMENDMENT, reviewer=REVIEWER.id, minutes=210, on_behalf_of=STATION.id
        ),
        CreditWithdrawn(volunteer=HERSELF.id, record=RECORD, cause=Cause.AMENDED),
        CreditEntered(
            volunteer=HERSELF.id,
            record=RECORD,
            recorded_for=HERSELF.id,
            organization=STATION.id,
            start=LONGER.start,
            end=LONGER.end,
            minutes=210,
        ),
    )
    assert told.state.record.service == LONGER
    assert told.state.record.amendment is None
    assert told.state.account.total_minutes == 210


def test_without_her_reply_it_is_accepted_only_after_the_time_for_it() -> None:
    # Proposed on Saturday the 28th; five working days later is Friday, 4 December.
    proposed().when(ACCEPT, by=REVIEWER, now=beijing("2026-12-04 23:59")).then_refused(
        "reply_is_awaited"
    )
    proposed().when(ACCEPT, by=REVIEWER, now=beijing("2026-12-05 00:00")).then_some(
        AmendmentAccepted, CreditWithdrawn, CreditEntered
    )


def test_rules_that_leave_no_time_for_a_reply_wait_for_none() -> None:
    none = replace(INITIAL_BOOK.sets[0], amendment_reply_working_days=0)
    around = replace(AROUND, book=replace(INITIAL_BOOK, sets=(none,)))
    proposed(around).when(ACCEPT, by=REVIEWER, now=REVIEWED).then_some(
        AmendmentAccepted, CreditWithdrawn, CreditEntered
    )


def test_what_she_proposed_herself_waits_for_no_reply() -> None:
    confirmed().when(PROPOSE, by=HERSELF, now=REVIEWED).when(
        ACCEPT, by=REVIEWER, now=REVIEWED
    ).then_some(AmendmentAccepted, CreditWithdrawn, CreditEntered)


def test_who_recorded_or_proposed_does_not_decide() -> None:
    by_reviewer = confirmed().when(PROPOSE, by=REVIEWER, now=REVIEWED)
    for decision in (ACCEPT, REJECT):
        by_reviewer.when(decision, by=REVIEWER, now=LATER).then_refused("reviewer_is_proposer")
        by_reviewer.when(decision, by=RECORDER, now=LATER).then_refused(
            "actor_has_no_such_role", "reviewer_is_recorder"
        )
    by_reviewer.when(ACCEPT, by=SECOND_REVIEWER, now=LATER).then_some(
        AmendmentAccepted, CreditWithdrawn, CreditEntered
    )


def test_a_rejected_proposal_changes_nothing() -> None:
    told = proposed().when(REJECT, by=REVIEWER, now=REVIEWED)
    told.then(
        AmendmentRejected(
            amendment=AMENDMENT,
            reviewer=REVIEWER.id,
            volunteer=HERSELF.id,
            reason="签到表显示十二点。",
            on_behalf_of=STATION.id,
        )
    )
    assert (told.state.record.service, told.state.record.amendment) == (SERVICE, None)
    assert told.state.account.total_minutes == 150
    for decision in (REPLY, REJECT, ACCEPT, VOID):
        told.when(decision, by=REVIEWER, now=LATER).then_refused("amendment_is_not_open")


def test_a_decision_has_a_reason() -> None:
    proposed().when(replace(REJECT, reason=""), by=REVIEWER, now=LATER).then_refused(
        "text_is_missing", about="reason"
    )
    voiding().when(replace(VOID, reason=""), by=REVIEWER, now=LATER).then_refused(
        "text_is_missing", about="reason"
    )


def test_nobody_decides_about_another_proposal_than_she_read() -> None:
    for decision in (
        replace(ACCEPT, amendment=UUID(int=1)),
        replace(VOID, amendment=UUID(int=1)),
        replace(REJECT, amendment=UUID(int=1)),
    ):
        proposed().when(decision, by=REVIEWER, now=LATER).then_refused(
            "amendment_is_not_open", about="amendment"
        )
    proposed().when(VOID, by=REVIEWER, now=LATER).then_refused("amendment_is_no_voiding")
    voiding().when(ACCEPT, by=REVIEWER, now=LATER).then_refused("amendment_is_a_voiding")


def test_a_voided_record_counts_no_more_and_nothing_follows_it() -> None:
    told = voiding().when(VOID, by=REVIEWER, now=LATER)
    told.then(
        RecordVoided(
            amendment=AMENDMENT,
            reviewer=REVIEWER.id,
            volunteer=HERSELF.id,
            reason="核实为重复。",
            on_behalf_of=STATION.id,
        ),
        CreditWithdrawn(volunteer=HERSELF.id, record=RECORD, cause=Cause.VOIDED),
    )
    assert told.state.record.stage is Stage.VOIDED
    assert told.state.account.total_minutes == 0
    for command in (PROPOSE, PROPOSE_VOIDING, ConfirmRecord(), RETURN):
        told.when(command, by=REVIEWER, now=LATER).then_refused("record_is_voided")


def test_a_voiding_waits_for_her_reply_too_and_is_not_decided_by_who_proposed_it() -> None:
    voiding().when(VOID, by=REVIEWER, now=REVIEWED).then_refused("reply_is_awaited")
    voiding().when(REPLY, by=HERSELF, now=REVIEWED).when(
        VOID, by=REVIEWER, now=REVIEWED
    ).then_some(RecordVoided, CreditWithdrawn)
    confirmed().when(PROPOSE_VOIDING, by=REVIEWER, now=REVIEWED).when(
        VOID, by=REVIEWER, now=LATER
    ).then_refused("reviewer_is_proposer")


def test_a_returned_record_that_is_given_up_is_voided_without_a_credit() -> None:
    told = publicized().when(RETURN, by=REVIEWER, now=SHOWN)
    told.when(PROPOSE_VOIDING, by=RECORDER, now=SHOWN)
    told.when(AGAIN, by=RECORDER, now=SHOWN).then_refused("amendment_is_open")
    told.when(VOID, by=REVIEWER, now=LATER).then_some(RecordVoided)
    assert told.state.record.stage is Stage.VOIDED


def test_an_objection_to_what_was_voided_is_no_longer_open() -> None:
    told = publicized().when(OBJECT, by=NEIGHBOUR, now=SHOWN)
    told.when(RETURN, by=REVIEWER, now=SHOWN).when(PROPOSE_VOIDING, by=RECORDER, now=SHOWN)
    told.when(VOID, by=REVIEWER, now=LATER).then_some(RecordVoided)
    for upheld in (True, False):
        decision = DecideObjection(objection=OBJECTION, upheld=upheld, reason="查")
        told.when(decision, by=SECOND_REVIEWER, now=LATER).then_refused(
            "objection_is_not_open", about="objection"
        )
    assert told.state.record.stage is Stage.VOIDED


@pytest.mark.parametrize(
    "command",
    [
        AGAIN,
        PublicizeRecord(),
        OBJECT,
        DecideObjection(objection=OBJECTION, upheld=True, reason="查"),
        RETURN,
        PROPOSE,
        PROPOSE_VOIDING,
        REPLY,
        REJECT,
        ConfirmRecord(),
        ApproveRecord(reason="查"),
        ACCEPT,
        VOID,
    ],
    ids=lambda command: type(command).__name__,
)
@pytest.mark.parametrize("by", [RECORDER, REVIEWER, ABOVE, HERSELF])
def test_nothing_leads_out_of_a_voiding(command: Any, by: Actor) -> None:
    told = publicized().when(OBJECT, by=NEIGHBOUR, now=SHOWN)
    told.when(RETURN, by=REVIEWER, now=SHOWN).when(PROPOSE_VOIDING, by=RECORDER, now=SHOWN)
    told.when(VOID, by=REVIEWER, now=LATER)
    before = told.state
    told.when(command, by=by, now=LATER)
    assert told.state == before


def test_what_was_held_or_exceeds_the_daily_limit_is_amended_from_above() -> None:
    longest = replace(LONGER, start=beijing("2026-11-20 00:00"), break_minutes=0)
    long = replace(PROPOSE, service=replace(longest, end=beijing("2026-11-20 12:01")))
    told = confirmed().when(long, by=HERSELF, now=REVIEWED)
    told.when(ACCEPT, by=REVIEWER, now=REVIEWED).then_refused("amendment_needs_body_above")
    told.when(ACCEPT, by=ABOVE, now=REVIEWED).then_some(
        AmendmentAccepted, CreditWithdrawn, CreditEntered
    )
    enough = replace(PROPOSE, service=replace(longest, end=beijing("2026-11-20 12:00")))
    confirmed().when(enough, by=HERSELF, now=REVIEWED).when(
        ACCEPT, by=REVIEWER, now=REVIEWED
    ).then_some(AmendmentAccepted, CreditWithdrawn, CreditEntered)


def test_of_an_erased_volunteer_nothing_is_said_in_words() -> None:
    erased = replace(AROUND, volunteer=replace(VOLUNTEER, particulars=ERASED))
    for told, command, by in (
        (confirmed(), PROPOSE, RECORDER),
        (confirmed(), PROPOSE_VOIDING, RECORDER),
        (proposed(), REPLY, HERSELF),
        (proposed(), REJECT, REVIEWER),
        (voiding(), VOID, REVIEWER),
    ):
        elsewhere(told, erased).when(command, by=by, now=LATER).then_refused(
            "volunteer_is_erased"
        )


def test_the_days_of_the_activity_bind_an_amendment_until_it_is_accepted() -> None:
    earlier = replace(
        SERVICE, start=beijing("2026-11-19 09:00"), end=beijing("2026-11-19 12:00")
    )
    told = confirmed().when(replace(PROPOSE, service=earlier), by=HERSELF, now=REVIEWED)
    shorter = replace(ACTIVITY.particulars, starts_on=SERVICE.day)
    activity = replace(ACTIVITY, particulars=shorter)
    elsewhere(told, replace(AROUND, activity=activity)).when(
        ACCEPT, by=REVIEWER, now=REVIEWED
    ).then_refused("day_outside_activity", about="start")
    told.when(ACCEPT, by=REVIEWER, now=REVIEWED).then_some(
        AmendmentAccepted, CreditWithdrawn, CreditEntered
    )


def test_what_was_proposed_before_an_erasure_is_still_accepted() -> None:
    told = proposed()
    amendment = told.state.record.amendment
    gone = replace(amendment, service=replace(amendment.service, content=ERASED))
    told._state = replace(told.state, record=replace(told.state.record, amendment=gone))
    erased = replace(AROUND, volunteer=replace(VOLUNTEER, particulars=ERASED))
    elsewhere(told, erased).when(ACCEPT, by=REVIEWER, now=LATER).then_some(
        AmendmentAccepted, CreditWithdrawn, CreditEntered
    )


def test_the_activity_is_still_the_bound_of_an_amended_day() -> None:
    moved = replace(SERVICE, start=beijing("2026-11-21 09:00"), end=beijing("2026-11-21 12:00"))
    assert not ACTIVITY.holds(moved.day)
    confirmed().when(replace(PROPOSE, service=moved), by=RECORDER, now=REVIEWED).then_refused(
        "day_outside_activity"
    )

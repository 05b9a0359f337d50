"""Confirming and crediting: together or not at all, never twice, never over another credit."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from ledger.domain import crediting
from ledger.domain.account import Account, AccountTransferred, CreditEntered
from ledger.domain.activity import Status
from ledger.domain.codes import EvidenceKind
from ledger.domain.event import ERASED, Act, Actor
from ledger.domain.evidence import Evidence
from ledger.domain.organization.kinds import Role
from ledger.domain.organization.state import Appointment
from ledger.domain.record import (
    ApproveRecord,
    ConfirmRecord,
    DecideObjection,
    RecordApproved,
    RecordConfirmed,
    RecordReturned,
    ReturnRecord,
    Signal,
    Stage,
    Surroundings,
)
from ledger.domain.refusal import Refused
from tests.domain.specification import Specification
from tests.domain.story import (
    ACCEPT,
    APPROVE,
    OBJECT,
    OBJECTION,
    PROPOSE,
    RECORD,
    REVIEWED,
    SHOWN,
    SUBMIT,
    VOID,
    confirmed,
    elsewhere,
    publicized,
    story,
)
from tests.domain.town import (
    ABOVE,
    ACTIVITY,
    AROUND,
    ASSOCIATION,
    BESIDE,
    BUREAU,
    HERSELF,
    LONG_AGO,
    NEIGHBOUR,
    RECORDER,
    REVIEWER,
    SECOND_REVIEWER,
    SERVICE,
    STATION,
    SUPERVISOR,
    VOLUNTEER,
    beijing,
)

CONFIRM = ConfirmRecord()
CREDITED = CreditEntered(
    volunteer=HERSELF.id,
    record=RECORD,
    recorded_for=HERSELF.id,
    organization=STATION.id,
    start=SERVICE.start,
    end=SERVICE.end,
    minutes=150,
)


def other(start: int, end: int, *, record: int = 1) -> CreditEntered:
    """Return a credit of another record, in minutes after the beginning of this service."""
    return replace(
        CREDITED,
        record=UUID(int=0x990 + record),
        start=SERVICE.start + timedelta(minutes=start),
        end=SERVICE.start + timedelta(minutes=end),
        minutes=end - start,
    )


def held(**around: Any) -> Specification:
    return confirmed(replace(AROUND, **(around or {"actor_minutes": 12_000})))


def test_a_confirmed_record_is_credited_in_the_same_commit() -> None:
    told = publicized().when(CONFIRM, by=REVIEWER, now=REVIEWED)
    told.then(
        RecordConfirmed(reviewer=REVIEWER.id, minutes=150, awaits=(), on_behalf_of=STATION.id),
        CREDITED,
    )
    assert told.state.record.is_credited
    assert told.state.account.total_minutes == 150
    told.when(CONFIRM, by=SECOND_REVIEWER, now=REVIEWED).then_refused("record_is_confirmed")


def test_what_overlaps_another_credit_is_not_confirmed() -> None:
    publicized().given(other(179, 200)).when(CONFIRM, by=REVIEWER, now=REVIEWED).then_refused(
        "credit_overlaps"
    )
    publicized().given(other(180, 200), other(-20, 0, record=2)).when(
        CONFIRM, by=REVIEWER, now=REVIEWED
    ).then_some(RecordConfirmed, CreditEntered)


def test_what_stands_in_the_way_on_both_sides_is_said_at_once() -> None:
    publicized().given(other(0, 10)).when(OBJECT, by=NEIGHBOUR, now=SHOWN).when(
        CONFIRM, by=REVIEWER, now=SHOWN
    ).then_refused("publicity_is_not_over", "objection_is_open", "credit_overlaps")


def test_nothing_of_a_cancelled_activity_is_confirmed() -> None:
    cancelled = replace(AROUND, activity=replace(ACTIVITY, status=Status.CANCELLED))
    elsewhere(publicized(), cancelled).when(CONFIRM, by=REVIEWER, now=REVIEWED).then_refused(
        "activity_is_cancelled"
    )
    elsewhere(held(), cancelled).when(APPROVE, by=ABOVE, now=REVIEWED).then_refused(
        "activity_is_cancelled"
    )


@pytest.mark.parametrize(
    ("around", "signal"),
    [
        ({"actor_minutes": 12_000}, Signal.VELOCITY),
        ({"entered_minutes": 12_001}, Signal.VELOCITY),
        ({"other_volunteers": 12}, Signal.OVER_HEAD_COUNT),
    ],
)
def test_a_striking_record_is_confirmed_but_does_not_count_yet(
    around: dict[str, Any], signal: Signal
) -> None:
    told = held(**around)
    (event,) = told.then_some(RecordConfirmed)
    assert event.awaits == (signal,)
    assert told.state.record.stage is Stage.HELD
    assert not told.state.record.is_credited
    assert told.state.account.total_minutes == 0


def test_a_late_record_counts_and_a_back_entry_is_held() -> None:
    roll = Evidence(kind=EvidenceKind.STAMPED_ROLL, sha256="ab" * 32)
    command = replace(SUBMIT, evidence=(roll,), back_entry_reason="补录。")
    around = replace(AROUND, activity=replace(ACTIVITY, back_entry=True))
    told = confirmed(around, command)
    assert told.state.record.awaits == (Signal.BACK_ENTRY,)
    over = replace(ACTIVITY.particulars, ends_on=date(2026, 11, 6))
    around = replace(AROUND, activity=replace(ACTIVITY, particulars=over))
    hours: dict[str, Any] = {
        "start": beijing("2026-11-06 09:00"),
        "end": beijing("2026-11-06 12:00"),
    }
    told = confirmed(around, replace(SUBMIT, service=replace(SERVICE, **hours)))
    told.then_some(RecordConfirmed, CreditEntered)
    assert told.state.record.signals == (Signal.LATE,)


@pytest.mark.parametrize(("before", "is_over"), [(570, False), (571, True)])
def test_more_than_the_daily_limit_is_held(before: int, is_over: bool) -> None:
    # 720 minutes are the limit and 150 are wanted; the other credit ends when this begins.
    earlier = replace(other(-60, 0), minutes=before)
    told = publicized().given(earlier).when(CONFIRM, by=REVIEWER, now=REVIEWED)
    assert told.state.record.stage is (Stage.HELD if is_over else Stage.CONFIRMED)


def test_a_person_of_a_body_above_approves_what_is_held_and_it_counts() -> None:
    told = held().when(APPROVE, by=ABOVE, now=REVIEWED)
    told.then(
        RecordApproved(
            approver=ABOVE.id,
            signals=(Signal.VELOCITY,),
            volunteer=HERSELF.id,
            reason="已核对签到表。",
            on_behalf_of=ASSOCIATION.id,
        ),
        CREDITED,
    )
    assert told.state.account.total_minutes == 150
    held().when(APPROVE, by=SUPERVISOR, now=REVIEWED).then_some(RecordApproved, CreditEntered)


@pytest.mark.parametrize(
    ("by", "codes"),
    [
        (SECOND_REVIEWER, ["approver_is_not_above"]),
        (REVIEWER, ["approver_is_not_above", "approver_is_reviewer"]),
        (
            RECORDER,
            ["approver_is_not_above", "actor_has_no_such_role", "reviewer_is_recorder"],
        ),
        (BESIDE, ["approver_is_not_above"]),
    ],
)
def test_nobody_else_approves(by: Actor, codes: list[str]) -> None:
    held().when(APPROVE, by=by, now=REVIEWED).then_refused(*codes)


def test_who_confirmed_does_not_approve_from_above_either() -> None:
    around = replace(AROUND, actor_minutes=12_000)
    told = publicized(around).when(CONFIRM, by=ABOVE, now=REVIEWED)
    told.when(APPROVE, by=ABOVE, now=REVIEWED).then_refused("approver_is_reviewer")
    told.when(APPROVE, by=SUPERVISOR, now=REVIEWED).then_some(RecordApproved, CreditEntered)


def test_who_recorded_does_not_approve_though_she_also_works_above() -> None:
    moonlighting = replace(
        BUREAU,
        appointments=(
            *BUREAU.appointments,
            Appointment(person=RECORDER.id, role=Role.SUPERVISOR, from_day=LONG_AGO),
        ),
    )
    around = replace(AROUND, acting=moonlighting)
    elsewhere(held(), around).when(APPROVE, by=RECORDER, now=REVIEWED).then_refused(
        "reviewer_is_recorder"
    )


def test_an_approval_has_a_reason_and_no_open_objection() -> None:
    told = held().when(OBJECT, by=NEIGHBOUR, now=REVIEWED)
    told.when(ApproveRecord(reason=""), by=ABOVE, now=REVIEWED).then_refused(
        "objection_is_open", "text_is_missing"
    )
    held().given(other(0, 10)).when(
        ApproveRecord(reason=""), by=ABOVE, now=REVIEWED
    ).then_refused("text_is_missing", "credit_overlaps")
    upheld = DecideObjection(objection=OBJECTION, upheld=True, reason="未到场。")
    told.when(upheld, by=ABOVE, now=REVIEWED)
    assert told.state.record.stage is Stage.RETURNED


def test_of_an_erased_volunteer_nothing_is_said_in_words() -> None:
    erased = replace(AROUND, volunteer=replace(VOLUNTEER, particulars=ERASED))
    elsewhere(held(), erased).when(APPROVE, by=ABOVE, now=REVIEWED).then_refused(
        "volunteer_is_erased"
    )


def test_what_is_held_may_be_returned_and_only_what_is_held_is_approved() -> None:
    told = held().when(ReturnRecord(reason="请补证据。"), by=ABOVE, now=REVIEWED)
    told.then_some(RecordReturned)
    assert (told.state.record.awaits, told.state.record.reviewer) == ((), None)
    confirmed().when(APPROVE, by=ABOVE, now=REVIEWED).then_refused("record_is_confirmed")
    publicized().when(APPROVE, by=ABOVE, now=REVIEWED).then_refused("record_is_publicized")


def test_what_was_credited_meanwhile_stands_in_the_way_of_an_approval() -> None:
    held().given(other(0, 10)).when(APPROVE, by=ABOVE, now=REVIEWED).then_refused(
        "credit_overlaps"
    )
    earlier = replace(other(-60, 0), minutes=571)
    told = held().given(earlier).when(APPROVE, by=ABOVE, now=REVIEWED)
    event = told.then_some(RecordApproved, CreditEntered)[0]
    assert event.signals == (Signal.VELOCITY, Signal.OVER_DAILY_CAP)


def test_what_was_approved_from_above_is_amended_from_above() -> None:
    told = held().when(APPROVE, by=ABOVE, now=REVIEWED)
    told.when(PROPOSE, by=HERSELF, now=REVIEWED)
    told.when(ACCEPT, by=REVIEWER, now=REVIEWED).then_refused("amendment_needs_body_above")


def test_an_amendment_into_another_credit_is_refused_but_not_over_its_own() -> None:
    told = confirmed().given(other(239, 300)).when(PROPOSE, by=HERSELF, now=REVIEWED)
    told.when(ACCEPT, by=REVIEWER, now=REVIEWED).then_refused("credit_overlaps")
    another = replace(ACCEPT, amendment=UUID(int=1))
    told.when(another, by=REVIEWER, now=REVIEWED).then_refused("amendment_is_not_open")
    assert told.state.account.total_minutes == 150 + 61


def test_the_account_into_which_hers_was_merged_is_credited() -> None:
    merged = AccountTransferred(volunteer=HERSELF.id, into=NEIGHBOUR.id)
    publicized().given(merged).when(CONFIRM, by=REVIEWER, now=REVIEWED).then_refused(
        "account_is_merged"
    )
    record = publicized().state.record
    kept = Account(volunteer=NEIGHBOUR.id, owners=(NEIGHBOUR.id, HERSELF.id))
    act = Act(REVIEWER, REVIEWED)
    answer = crediting.decide(record, kept, CONFIRM, act, at_the_station())
    assert not isinstance(answer, Refused)
    assert answer.account == (replace(CREDITED, volunteer=NEIGHBOUR.id),)


def at_the_station() -> Surroundings:
    return replace(AROUND, acting=STATION)


def test_there_is_nothing_to_credit_without_a_record() -> None:
    for command in (CONFIRM, APPROVE, ACCEPT, VOID):
        story().when(command, by=REVIEWER, now=REVIEWED).then_refused("record_is_missing")


def test_what_only_a_mistake_in_the_program_can_ask_is_an_error() -> None:
    record = publicized().state.record
    act = Act(REVIEWER, REVIEWED)
    for account, around in (
        (Account.of(NEIGHBOUR.id), at_the_station()),
        (Account.of(HERSELF.id), replace(at_the_station(), activity=other_activity())),
    ):
        with pytest.raises(ValueError, match="wanted"):
            crediting.decide(record, account, CONFIRM, act, around)


def other_activity() -> Any:
    return replace(ACTIVITY, id=UUID(int=1))

"""An activity: declared, bounded, changed before its end, and after it only by two persons."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from ledger.domain.activity import (
    AcceptActivityAmendment,
    Activity,
    ActivityAmended,
    ActivityAmendmentProposed,
    ActivityAmendmentRejected,
    ActivityCancelled,
    ActivityChanged,
    ActivityRegistered,
    CancelActivity,
    ChangeActivity,
    Command,
    ProposeActivityAmendment,
    Recorded,
    RegisterActivity,
    RejectActivityAmendment,
    Status,
    Surroundings,
    decide,
    evolve,
)
from ledger.domain.codes import AdmissionMode, EvidenceKind, ServiceCategory
from ledger.domain.event import ERASED, Act, Actor
from ledger.domain.evidence import Evidence
from ledger.domain.organization.kinds import LegalForm
from ledger.domain.organization.kinds import Status as Standing
from ledger.domain.refusal import Refused
from ledger.domain.rules import INITIAL_BOOK
from tests.domain.specification import Specification
from tests.domain.town import (
    ABOVE,
    ACTIVITY,
    ASSOCIATION,
    BESIDE,
    HERSELF,
    KEY,
    RECORDER,
    REVIEWER,
    STATION,
    beijing,
    employer,
)

AMENDMENT = UUID(int=0xAA)
SAID = ACTIVITY.particulars
DURING, AFTER = beijing("2026-11-20 23:59"), beijing("2026-11-21 00:00")
ROLL = Evidence(kind=EvidenceKind.STAMPED_ROLL, sha256="ab" * 32)

REGISTER = RegisterActivity(
    activity=ACTIVITY.id,
    project_no="110105-2026-00000001-07",
    organizer=ASSOCIATION.id,
    guiding_organization=None,
    declared=True,
    particulars=SAID,
)
MOVED = replace(SAID, place="东花市文化站")
CHANGE = ChangeActivity(particulars=MOVED, reason="场地停电。")
PROPOSE = ProposeActivityAmendment(amendment=AMENDMENT, particulars=MOVED, reason="地点录错。")
ACCEPT = AcceptActivityAmendment(amendment=AMENDMENT)
REJECT = RejectActivityAmendment(amendment=AMENDMENT, reason="与照片不符。")
CANCEL = CancelActivity(reason="大风停办。")

AROUND = Surroundings(book=INITIAL_BOOK, organization=STATION, acting=None)


def plan(**around: Any) -> Specification:
    def deciding(state: Activity | None, command: Command, act: Act) -> Any:
        surroundings = replace(AROUND, **around)
        if surroundings.acting is None:
            acting = employer(act.by, surroundings.organization)
            surroundings = replace(surroundings, acting=acting)
        return decide(state, command, act, surroundings)

    return Specification(deciding, evolve)


def registered(**around: Any) -> Specification:
    told = plan(**around)
    return told.when(REGISTER, by=RECORDER, now=DURING)


def proposed(**around: Any) -> Specification:
    return registered(**around).when(PROPOSE, by=RECORDER, now=AFTER)


def said(**particulars: Any) -> RegisterActivity:
    return replace(REGISTER, particulars=replace(SAID, **particulars))


def test_an_activity_says_what_when_where_for_whom_and_who_answers() -> None:
    told = plan().when(REGISTER, by=RECORDER, now=DURING)
    (event,) = told.then_some(ActivityRegistered)
    assert (event.organizer, event.recording_organization) == (ASSOCIATION.id, STATION.id)
    assert (event.back_entry, event.rules, event.declared) == (False, 1, True)
    assert told.state == ACTIVITY
    told.when(REGISTER, by=RECORDER, now=DURING).then_refused("activity_is_registered")


def test_a_key_registers_activities_and_does_nothing_else_to_them() -> None:
    plan().when(REGISTER, by=KEY, now=DURING).then_some(ActivityRegistered)
    registered().when(CHANGE, by=KEY, now=DURING).then_refused("actor_is_not_staff")


def test_it_is_registered_by_who_will_record_it() -> None:
    plan().when(REGISTER, by=HERSELF, now=DURING).then_refused("actor_is_not_staff")
    plan().when(REGISTER, by=BESIDE, now=DURING).then_refused("organization_does_not_record")
    suspended = replace(STATION, status=Standing.SUSPENDED)
    plan(organization=suspended).when(REGISTER, by=RECORDER, now=DURING).then_refused(
        "acting_organization_not_in_force", "organization_is_suspended"
    )
    plan().when(said(division="110105002"), by=RECORDER, now=DURING).then_refused(
        "division_outside_organization"
    )


def test_that_it_is_volunteer_service_is_declared() -> None:
    plan().when(replace(REGISTER, declared=False), by=RECORDER, now=DURING).then_refused(
        "declaration_is_missing", about="declared"
    )


def test_a_group_that_is_no_legal_person_names_who_guides_it() -> None:
    form = replace(STATION.particulars, form=LegalForm.GROUP)
    group = replace(STATION, particulars=form)
    plan(organization=group).when(REGISTER, by=RECORDER, now=DURING).then_refused(
        "guiding_organization_is_missing"
    )
    guided = replace(REGISTER, guiding_organization=ASSOCIATION.id)
    plan(organization=group).when(guided, by=RECORDER, now=DURING).then_some(ActivityRegistered)


@pytest.mark.parametrize(
    ("particulars", "code", "about"),
    [
        ({"name": ""}, "text_is_missing", "name"),
        ({"name": "重" * 51}, "text_is_too_long", "name"),
        ({"name": "十月补录"}, "name_says_back_entry", "name"),
        ({"starts_on": date(2026, 11, 21)}, "activity_ends_before_start", "ends_on"),
        ({"starts_on": date(2025, 11, 19)}, "activity_is_too_long", "ends_on"),
        ({"place": ""}, "text_is_missing", "place"),
        ({"service_objects": ()}, "choice_is_missing", "service_objects"),
        ({"categories": ()}, "choice_is_missing", "categories"),
        ({"categories": tuple(ServiceCategory)[:5]}, "choices_are_too_many", "categories"),
        ({"categories": SAID.categories * 2}, "choice_repeats", "categories"),
        ({"content": ""}, "text_is_missing", "content"),
        ({"person_in_charge_name": "张3"}, "name_has_other_character", "person_in_charge_name"),
        ({"person_in_charge_name": ERASED}, "text_is_missing", "person_in_charge_name"),
        ({"person_in_charge_phone": "12"}, "phone_is_malformed", "person_in_charge_phone"),
        ({"head_count": 0}, "head_count_is_out_of_bounds", "head_count"),
        ({"head_count": 1_000_001}, "head_count_is_out_of_bounds", "head_count"),
        ({"insurance": ""}, "text_is_missing", "insurance"),
    ],
)
def test_what_cannot_be_said_of_an_activity_is_refused(
    particulars: dict[str, Any], code: str, about: str
) -> None:
    plan().when(said(**particulars), by=RECORDER, now=DURING).then_refused(code, about=about)


def test_a_division_that_does_not_exist_is_refused() -> None:
    plan().when(said(division="1"), by=RECORDER, now=DURING).then_refused(
        "division_is_malformed", "division_outside_organization"
    )


def test_it_lasts_a_year_at_most_and_may_have_one_day() -> None:
    for starts_on in (date(2025, 11, 20), date(2026, 11, 20)):
        plan().when(said(starts_on=starts_on), by=RECORDER, now=DURING).then_some(
            ActivityRegistered
        )


def test_what_is_registered_after_its_end_is_a_back_entry() -> None:
    plan().when(REGISTER, by=RECORDER, now=AFTER).then_refused(
        "admission_is_of_the_past",
        "back_entry_reason_is_missing",
        "back_entry_evidence_is_missing",
        "truth_declaration_is_missing",
    )
    full = replace(
        said(admission_mode=AdmissionMode.BACK_ENTRY),
        back_entry_reason="纸质活动补登。",
        evidence=(ROLL,),
        truth_declared=True,
    )
    told = plan().when(full, by=RECORDER, now=AFTER)
    (event,) = told.then_some(ActivityRegistered)
    assert (event.back_entry, event.truth_declared) == (True, True)
    assert (told.state.back_entry, told.state.evidence) == (True, (ROLL,))
    wrong = replace(full, back_entry_reason=" ", evidence=(replace(ROLL, sha256=""),))
    plan().when(wrong, by=RECORDER, now=AFTER).then_refused(
        "text_has_outer_space", "evidence_digest_is_malformed"
    )


def test_its_days_are_all_from_the_first_to_the_last() -> None:
    days = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 20), date(2026, 11, 21)]
    assert [ACTIVITY.holds(day) for day in days] == [False, True, True, False]


def test_before_its_end_it_is_changed_with_a_reason() -> None:
    told = registered().when(CHANGE, by=REVIEWER, now=DURING)
    (event,) = told.then_some(ActivityChanged)
    assert (event.changed, event.reason) == (("place",), "场地停电。")
    assert told.state.particulars == MOVED
    registered().when(replace(CHANGE, reason=""), by=RECORDER, now=DURING).then_refused(
        "text_is_missing", about="reason"
    )
    registered().when(replace(CHANGE, particulars=SAID), by=RECORDER, now=DURING).then_refused(
        "nothing_is_changed"
    )
    registered().when(CHANGE, by=BESIDE, now=DURING).then_refused(
        "organization_does_not_answer"
    )


def test_what_is_said_anew_is_judged_like_a_registration_and_within_what_is_recorded() -> None:
    nameless = replace(CHANGE, particulars=replace(SAID, name=""))
    registered().when(nameless, by=RECORDER, now=DURING).then_refused("text_is_missing")
    exact = Recorded(first_day=SAID.starts_on, last_day=SAID.ends_on, volunteers=12)
    registered(recorded=exact).when(CHANGE, by=RECORDER, now=DURING).then_some(ActivityChanged)


def test_it_is_not_moved_to_where_the_organization_does_not_record() -> None:
    away = replace(CHANGE, particulars=replace(SAID, division="110105002"))
    registered().when(away, by=RECORDER, now=DURING).then_refused(
        "division_outside_organization"
    )


def test_after_its_end_it_is_amended_by_two_persons() -> None:
    registered().when(CHANGE, by=RECORDER, now=AFTER).then_refused("activity_is_over")
    registered().when(PROPOSE, by=RECORDER, now=DURING).then_refused("activity_is_not_over")
    told = registered().when(PROPOSE, by=RECORDER, now=AFTER)
    (event,) = told.then_some(ActivityAmendmentProposed)
    assert (event.place, event.changed) == (MOVED.place, ("place",))
    assert told.state.particulars == SAID
    told.when(ACCEPT, by=REVIEWER, now=AFTER).then(
        ActivityAmended(amendment=AMENDMENT, on_behalf_of=STATION.id)
    )
    assert (told.state.particulars, told.state.amendment) == (MOVED, None)


def test_who_proposed_does_not_decide_and_there_is_one_proposal_at_a_time() -> None:
    own = registered().when(PROPOSE, by=REVIEWER, now=AFTER)
    for decision in (ACCEPT, REJECT):
        own.when(decision, by=REVIEWER, now=AFTER).then_refused("reviewer_is_proposer")
        proposed().when(decision, by=RECORDER, now=AFTER).then_refused(
            "actor_has_no_such_role", "reviewer_is_proposer"
        )
    own.when(ACCEPT, by=ABOVE, now=AFTER).then_some(ActivityAmended)
    proposed().when(PROPOSE, by=RECORDER, now=AFTER).then_refused("amendment_is_open")


def test_a_rejected_amendment_changes_nothing() -> None:
    told = proposed().when(REJECT, by=REVIEWER, now=AFTER)
    told.then(
        ActivityAmendmentRejected(
            amendment=AMENDMENT, reason="与照片不符。", on_behalf_of=STATION.id
        )
    )
    assert (told.state.particulars, told.state.amendment) == (SAID, None)
    told.when(ACCEPT, by=REVIEWER, now=AFTER).then_refused("amendment_is_not_open")
    proposed().when(
        replace(ACCEPT, amendment=UUID(int=1)), by=REVIEWER, now=AFTER
    ).then_refused("amendment_is_not_open")
    proposed().when(replace(REJECT, reason=""), by=REVIEWER, now=AFTER).then_refused(
        "text_is_missing"
    )


@pytest.mark.parametrize(
    ("recorded", "particulars", "code"),
    [
        (Recorded(volunteers=12), {"head_count": 11}, "head_count_is_below_recorded"),
        (
            Recorded(first_day=date(2026, 11, 2)),
            {"starts_on": date(2026, 11, 3)},
            "records_lie_outside",
        ),
        (
            Recorded(last_day=date(2026, 11, 19)),
            {"ends_on": date(2026, 11, 18)},
            "records_lie_outside",
        ),
    ],
)
def test_what_is_recorded_in_it_bounds_every_change(
    recorded: Recorded, particulars: dict[str, Any], code: str
) -> None:
    wanted = replace(SAID, **particulars)
    before, after = registered(recorded=recorded), registered(recorded=recorded)
    before.when(replace(CHANGE, particulars=wanted), by=RECORDER, now=DURING).then_refused(code)
    after.when(replace(PROPOSE, particulars=wanted), by=RECORDER, now=AFTER).then_refused(code)
    # What was recorded after the proposal stands in the way of accepting it.
    told = registered().when(replace(PROPOSE, particulars=wanted), by=RECORDER, now=AFTER)
    act = Act(REVIEWER, AFTER)
    around = replace(AROUND, acting=STATION, recorded=recorded)
    answer = decide(told.state, ACCEPT, act, around)
    assert isinstance(answer, Refused)
    assert answer.codes == (code,)


def test_it_is_cancelled_unless_a_record_of_it_is_confirmed() -> None:
    told = registered().when(CANCEL, by=RECORDER, now=DURING)
    told.then(ActivityCancelled(reason="大风停办。", on_behalf_of=STATION.id))
    assert told.state.status is Status.CANCELLED
    for command in (CANCEL, CHANGE, PROPOSE, ACCEPT):
        told.when(command, by=REVIEWER, now=AFTER).then_refused("activity_is_cancelled")
    registered(recorded=Recorded(confirmed=1)).when(
        CANCEL, by=RECORDER, now=DURING
    ).then_refused("activity_has_records")


@pytest.mark.parametrize("command", [CHANGE, PROPOSE, ACCEPT, REJECT, CANCEL])
def test_what_does_not_exist_is_not_changed(command: Command) -> None:
    plan().when(command, by=RECORDER, now=DURING).then_refused("activity_is_missing")


def test_a_person_in_charge_who_was_erased_leaves_the_activity_readable() -> None:
    told = registered()
    event: Any = replace(told.then_some(ActivityRegistered)[0], person_in_charge_name=ERASED)
    read = Specification(decide, evolve).given(event)
    assert read.state.person_in_charge == ACTIVITY.person_in_charge
    assert read.state.holds(date(2026, 11, 20))


@pytest.mark.parametrize("by", [RECORDER, REVIEWER])
def test_everybody_who_plans_it_may_register_it(by: Actor) -> None:
    plan().when(REGISTER, by=by, now=DURING).then_some(ActivityRegistered)

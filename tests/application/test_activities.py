"""Activities through their use cases: registered by who records, amended by two persons."""

from typing import Any
from uuid import UUID

import pytest

from ledger.application import activities
from ledger.application.callers import Caller, as_staff, as_volunteer
from ledger.application.desk import Expected, VersionMismatch
from ledger.application.docket import Docket
from ledger.application.forms.activity import (
    ActivityForm,
    CancellationForm,
    ChangeForm,
    ProposalForm,
    RejectionForm,
)
from ledger.application.forms.organization import SuspensionForm
from ledger.application.organizations import change_standing
from ledger.application.states import ACTIVITY
from ledger.application.streams import rules_stream
from ledger.domain.activity import Activity, Status
from ledger.domain.event import Act
from tests.application.administering import SUSPENSION, refused
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.serving import Session, activity_said, begin
from tests.application.town import DISTRICT, OTHER_COMMUNITY, Town

NOBODY = UUID("00000000-0000-4000-8000-00000000dead")
VOLUNTEER = as_volunteer(UUID("00000000-0000-4000-8000-000000000701"))
PAST = {
    "starts_on": "2026-11-10",
    "ends_on": "2026-11-20",
    "back_entry_reason": "系统停用。",
    "evidence": [{"kind": "stamped_roll", "sha256": "0f" * 32}],
    "admission_mode": "back_entry",
    "truth_declared": True,
}
OF_REGISTRATION = ("declared", "back_entry_reason", "evidence", "truth_declared")
REASON = {"reason": "场地停电。"}


def registered(house: House, by: Caller, **changes: Any) -> UUID:
    form = ActivityForm.model_validate(activity_said(**changes))
    return activities.register(house.office, by, form).value


def activity(house: House, id_: UUID) -> Activity:
    state = house.office.states.get(ACTIVITY, id_, fresh=True).state
    assert state is not None
    return state


def again(**changes: Any) -> dict[str, Any]:
    """Return all particulars anew."""
    said = activity_said(**changes)
    return {name: said[name] for name in said if name not in OF_REGISTRATION} | REASON


def change(**changes: Any) -> ChangeForm:
    return ChangeForm.model_validate(again(**changes))


def proposal(**changes: Any) -> ProposalForm:
    return ProposalForm.model_validate(again(**PAST | changes))


def past(house: House, town: Town) -> tuple[UUID, UUID]:
    """Return an activity that is over, with an amendment by a recorder."""
    id_ = registered(house, town.recorder, **PAST)
    person = str(activity(house, id_).person_in_charge)
    form = proposal(head_count=14, person_in_charge=person)
    return id_, activities.propose(house.office, town.recorder, id_, form).value


def test_who_registers_it_records_it(house: House, town: Town) -> None:
    state = activity(house, registered(house, town.recorder))
    assert state.recording_organization == town.station
    assert state.organizer == town.station
    assert not state.back_entry


@ON_SQLITE
def test_an_entrusted_organizations_key_registers_what_it_will_record(
    house: House, town: Town
) -> None:
    state = activity(house, registered(house, town.key, organizer=str(town.association)))
    assert state.recording_organization == town.entrusted
    assert state.organizer == town.association


@ON_SQLITE
def test_what_is_over_needs_a_reason_and_evidence(house: House, town: Town) -> None:
    days = {"starts_on": "2026-11-10", "ends_on": "2026-11-20"}
    codes = refused(lambda: registered(house, town.recorder, **days))
    assert codes == {
        "admission_is_of_the_past",
        "back_entry_reason_is_missing",
        "back_entry_evidence_is_missing",
        "truth_declaration_is_missing",
    }
    assert activity(house, registered(house, town.recorder, **PAST)).back_entry


@ON_SQLITE
@pytest.mark.parametrize("named", ["organizer", "guiding_organization"])
def test_named_organizations_are_of_this_ledger(house: House, town: Town, named: str) -> None:
    for stranger in (NOBODY, rules_stream(house.office.origin)):
        codes = refused(
            lambda it=stranger: registered(house, town.recorder, **{named: str(it)})  # type: ignore[misc]
        )
        assert codes == {"organization_is_unknown"}
    (first, _) = house.attempts()
    assert (first.act, first.by) == ("activity.register", town.recorder.actor.text())


@ON_SQLITE
def test_who_may_not_register(house: House, town: Town) -> None:
    assert "bureau_does_not_record" in refused(
        lambda: registered(house, town.district_reviewer)
    )
    assert refused(lambda: registered(house, town.recorder, division=OTHER_COMMUNITY)) == {
        "division_outside_organization"
    }
    assert refused(lambda: registered(house, town.key, division=f"{DISTRICT}002")) == {
        "division_outside_entrustment"
    }
    assert "actor_is_not_staff" in refused(lambda: registered(house, VOLUNTEER))
    stranger = as_staff(town.other_recorder.actor.id, town.station)
    assert refused(lambda: registered(house, stranger)) == {"actor_has_no_such_role"}
    nowhere = as_staff(town.recorder.actor.id, NOBODY)
    assert refused(lambda: registered(house, nowhere)) == {"acting_organization_is_missing"}


@ON_SQLITE
def test_a_new_person_in_charge_gets_the_same_id_however_often_it_is_decided(
    house: House, town: Town
) -> None:
    form = ActivityForm.model_validate(activity_said())
    id_ = house.office.desk.random_uuid()
    persons = set()
    for _ in range(2):
        docket = Docket(house.office.states, Act(town.recorder.actor, house.clock()), True)
        assert activities.register_in(docket, house.office, town.recorder, form, id_) == id_
        state = docket.read(ACTIVITY, id_)
        assert state is not None
        persons.add(state.person_in_charge)
    assert len(persons) == 1
    assert persons != {id_}


@ON_SQLITE
def test_two_activities_have_two_persons_in_charge_unless_one_is_named(
    house: House, town: Town
) -> None:
    first = activity(house, registered(house, town.recorder)).person_in_charge
    second = activity(house, registered(house, town.recorder)).person_in_charge
    assert first != second
    named = registered(house, town.recorder, person_in_charge=str(first))
    assert activity(house, named).person_in_charge == first


@ON_SQLITE
def test_a_plan_changes_before_its_end(house: House, town: Town) -> None:
    id_ = registered(house, town.recorder)
    person = str(activity(house, id_).person_in_charge)
    form = change(place="东花市文化站", person_in_charge=person)
    activities.change(house.office, town.reviewer, id_, form)
    state = activity(house, id_)
    assert state.particulars.place == "东花市文化站"
    assert str(state.person_in_charge) == person


@ON_SQLITE
def test_another_person_in_charge_is_another_person(house: House, town: Town) -> None:
    id_ = registered(house, town.recorder)
    before = activity(house, id_).person_in_charge
    activities.change(house.office, town.recorder, id_, change(person_in_charge_name="李示例"))
    assert activity(house, id_).person_in_charge != before


@ON_SQLITE
def test_what_was_recorded_binds_the_plan(house: House, town: Town) -> None:
    session: Session = begin(house, town, house.office)
    session.enter()
    person = str(activity(house, session.activity).person_in_charge)
    earlier = change(starts_on="2026-11-22", person_in_charge=person)
    codes = refused(
        lambda: activities.change(house.office, town.recorder, session.activity, earlier)
    )
    assert codes == {"records_lie_outside"}


@ON_SQLITE
def test_an_activity_in_which_somebody_is_credited_is_not_cancelled(
    house: House, town: Town
) -> None:
    session = begin(house, town, house.office)
    session.confirmed()
    form = CancellationForm.model_validate(REASON)
    codes = refused(
        lambda: activities.cancel(house.office, town.recorder, session.activity, form)
    )
    assert codes == {"activity_has_records"}


@ON_SQLITE
def test_an_activity_is_cancelled(house: House, town: Town) -> None:
    id_ = registered(house, town.recorder)
    form = CancellationForm.model_validate(REASON)
    activities.cancel(house.office, town.recorder, id_, form)
    assert activity(house, id_).status is Status.CANCELLED


@ON_SQLITE
def test_what_is_over_changes_by_two_persons(house: House, town: Town) -> None:
    id_, amendment = past(house, town)
    assert activity(house, id_).head_count == 12
    done = activities.accept(house.office, town.reviewer, id_, amendment)
    assert done.value == amendment
    assert activity(house, id_).head_count == 14


@ON_SQLITE
def test_nobody_reviews_her_own_proposal(house: House, town: Town) -> None:
    id_ = registered(house, town.recorder, **PAST)
    person = str(activity(house, id_).person_in_charge)
    form = proposal(head_count=14, person_in_charge=person)
    amendment = activities.propose(house.office, town.reviewer, id_, form).value
    codes = refused(lambda: activities.accept(house.office, town.reviewer, id_, amendment))
    assert codes == {"reviewer_is_proposer"}
    (attempt,) = house.attempts()
    assert (attempt.act, attempt.target) == ("activity_amendment.accept", id_)
    # Her colleague, or somebody above, does.
    activities.accept(house.office, town.association_reviewer, id_, amendment)


@ON_SQLITE
def test_a_proposal_is_rejected_with_a_reason(house: House, town: Town) -> None:
    id_, amendment = past(house, town)
    form = RejectionForm.model_validate({"reason": "名册为十二人。"})
    activities.reject(house.office, town.reviewer, id_, amendment, form)
    state = activity(house, id_)
    assert (state.head_count, state.amendment) == (12, None)


@ON_SQLITE
def test_another_organization_changes_nothing(house: House, town: Town) -> None:
    id_, amendment = past(house, town)
    office, by = house.office, town.other_reviewer
    cancellation = CancellationForm.model_validate(REASON)
    said = {"organization_does_not_answer"}
    assert refused(lambda: activities.accept(office, by, id_, amendment)) == said
    assert refused(lambda: activities.cancel(office, by, id_, cancellation)) == said
    other = registered(house, town.recorder, **PAST)
    form = proposal(head_count=15)
    assert refused(lambda: activities.propose(office, by, other, form)) == said


@ON_SQLITE
def test_what_there_is_not_is_missing(house: House, town: Town) -> None:
    codes = refused(lambda: activities.change(house.office, town.recorder, NOBODY, change()))
    assert codes == {"activity_is_missing"}


@ON_SQLITE
def test_whoever_has_seen_another_version_changes_nothing(house: House, town: Town) -> None:
    id_ = registered(house, town.recorder)
    with pytest.raises(VersionMismatch):
        activities.change(
            house.office,
            town.recorder,
            id_,
            change(place="别处"),
            expected=Expected(ACTIVITY, id_, 2),
        )


def test_an_organization_that_another_process_has_halted_registers_nothing(
    house: House, town: Town
) -> None:
    registered(house, town.recorder)
    change_standing(
        house.another_office(),
        town.district_head,
        town.station,
        SuspensionForm.model_validate(SUSPENSION),
    )
    # This office still remembers it in force.
    codes = refused(lambda: registered(house, town.recorder))
    assert codes == {"acting_organization_not_in_force", "organization_is_suspended"}

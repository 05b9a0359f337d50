"""Activities of the first shape: still read, and what they did not say is asked for next."""

from dataclasses import replace
from typing import Any

from ledger.domain.activity import (
    Activity,
    ActivityAmended,
    ActivityAmendmentProposed,
    ActivityChanged,
    evolve,
)
from ledger.domain.activity.first_shapes import (
    FirstActivityAmendmentProposed,
    FirstActivityChanged,
    FirstActivityRegistered,
)
from ledger.domain.codes import AdmissionMode, Phase
from tests.domain.samples_activity import AMENDMENT, FIRST_SAMPLES, ORGANIZATION
from tests.domain.specification import Specification
from tests.domain.test_activity import AFTER, AROUND, CHANGE, DURING, PROPOSE, SAID
from tests.domain.test_activity import plan as plan_of_now
from tests.domain.town import ACTIVITY, RECORDER

REGISTERED, CHANGED, PROPOSED = FIRST_SAMPLES
ACCEPTED = ActivityAmended(amendment=AMENDMENT, on_behalf_of=ORGANIZATION)


def read() -> Specification:
    def deciding(*_: Any) -> Any:
        raise NotImplementedError

    return Specification(deciding, evolve)


def before(**changes: Any) -> Specification:
    """Return the town's activity as it was registered in the first shape."""
    assert isinstance(REGISTERED, FirstActivityRegistered)
    said: dict[str, Any] = {
        "activity": ACTIVITY.id,
        "recording_organization": AROUND.organization.id,
        "starts_on": SAID.starts_on,
        "ends_on": SAID.ends_on,
        "division": SAID.division,
        "back_entry": False,
    }
    return plan_of_now().given(replace(REGISTERED, **said | changes))


def test_a_history_of_the_first_shape_leads_to_an_activity_of_today() -> None:
    assert isinstance(CHANGED, FirstActivityChanged)
    assert isinstance(PROPOSED, FirstActivityAmendmentProposed)
    state: Activity = read().given(REGISTERED, CHANGED, PROPOSED, ACCEPTED).state
    assert (state.particulars.place, state.head_count) == ("建外街道文化站", 14)
    assert (state.project_no, state.truth_declared) == (None, False)
    assert len(state.evidence) == 1


def test_what_was_registered_after_its_end_was_so_admitted_and_of_others_nobody_knows() -> None:
    state: Activity = read().given(REGISTERED).state
    assert state.particulars.admission_mode is AdmissionMode.BACK_ENTRY
    assert state.phase_on(SAID.starts_on) is Phase.BACK_ENTRY
    other: Activity = before().state
    assert other.particulars.admission_mode is None
    assert other.particulars.coordinates is None
    assert (other.particulars.posts, other.particulars.sign_points) == ((), ())


def test_whoever_says_it_anew_says_what_was_missing() -> None:
    told = before()
    incomplete = replace(told.state.particulars, place="东花市文化站")
    told.when(replace(CHANGE, particulars=incomplete), by=RECORDER, now=DURING).then_refused(
        "choice_is_missing", "coordinates_are_missing"
    )
    (event,) = before().when(CHANGE, by=RECORDER, now=DURING).then_some(ActivityChanged)
    assert {"admission_mode", "coordinates"} <= set(event.changed)
    (event,) = (
        before().when(PROPOSE, by=RECORDER, now=AFTER).then_some(ActivityAmendmentProposed)
    )
    assert event.admission_mode is AdmissionMode.PUBLIC

"""Numbers of activities through the use case: claimed with the registration, never twice."""

from uuid import UUID

import pytest

from ledger.application import activities
from ledger.application.docket import Docket
from ledger.application.forms.activity import ActivityForm
from ledger.application.states import ACTIVITY, PROJECT_NO
from ledger.application.streams import project_no_stream
from ledger.domain.activity import Activity, ProjectNoClaimed, project_no
from ledger.domain.event import Act
from tests.application.house import House
from tests.application.serving import activity_said
from tests.application.town import COMMUNITY, Town
from tests.application.volunteering import codes

FORM = ActivityForm.model_validate(activity_said())


def registered(house: House, town: Town) -> Activity:
    id_ = activities.register(house.office, town.recorder, FORM).value
    state = house.office.states.get(ACTIVITY, id_, fresh=True).state
    assert state is not None
    return state


def test_an_activity_has_the_number_that_follows_from_its_id(house: House, town: Town) -> None:
    state = registered(house, town)
    number = project_no(state.id, division=COMMUNITY, year=2026, attempt=0)
    assert state.project_no == number
    stream = project_no_stream(house.office.origin, number)
    claimed = house.office.states.get(PROJECT_NO, stream, fresh=True).state
    assert claimed is not None
    assert claimed.activity == state.id


def test_a_number_that_is_taken_is_left_to_who_has_it(house: House, town: Town) -> None:
    holder = registered(house, town)
    id_ = UUID("018f6d0e-5f0a-4c1e-9d51-0a8f3c2b7e11")
    first, second = (
        project_no(id_, division=COMMUNITY, year=2026, attempt=each) for each in (0, 1)
    )
    docket = Docket(house.office.states, Act(town.recorder.actor, house.clock()), True)
    taken = ProjectNoClaimed(project_no=first, activity=holder.id)
    docket.add(PROJECT_NO, project_no_stream(house.office.origin, first), (taken,))
    assert activities.register_in(docket, house.office, town.recorder, FORM, id_) == id_
    state = docket.read(ACTIVITY, id_)
    assert state is not None
    assert state.project_no == second


@pytest.mark.parametrize("division", ["", "abc", "11010x", "１１０１０５", "-1", "²²"])
def test_what_is_no_division_is_refused_as_that(
    house: House, town: Town, division: str
) -> None:
    form = ActivityForm.model_validate(activity_said(division=division))
    refused = codes(activities.register, house.office, town.recorder, form)
    assert refused & {"division_is_malformed", "text_is_missing"}

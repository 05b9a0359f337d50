"""Activities as they are read: by volunteers, and by whose they are."""

from dataclasses import replace
from uuid import UUID

import pytest

from ledger.application import activities
from ledger.application.activity_reading import (
    ActivityFilter,
    activity_history,
    list_activities,
    read_activity,
)
from ledger.application.callers import Caller, as_staff, as_volunteer
from ledger.application.forms.activity import ActivityForm, CancellationForm
from ledger.application.reading import HiddenError
from ledger.application.record_lists import Paging
from ledger.domain.activity import Status as ActivityStatus
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.serving import activity_said
from tests.application.town import STREET, Town

VOLUNTEER = as_volunteer(UUID("00000000-0000-4000-8000-000000000701"))
ALL = Paging(limit=200)


def registered(house: House, by: Caller, **changes: object) -> UUID:
    form = ActivityForm.model_validate(activity_said(**changes))
    return activities.register(house.office, by, form).value


def test_an_activity_names_its_person_in_charge_to_its_own(house: House, town: Town) -> None:
    id_ = registered(house, town.recorder)
    for reader in (town.station_head, town.association_reviewer, town.city_head):
        assert read_activity(house.office, reader, id_).is_named
    seen = read_activity(house.office, VOLUNTEER, id_)
    assert seen.known.state is not None
    assert not seen.is_named
    with pytest.raises(HiddenError):
        read_activity(house.office, town.other_recorder, id_)


@ON_SQLITE
def test_the_history_of_an_activity_is_for_its_own(house: House, town: Town) -> None:
    id_ = registered(house, town.recorder)
    activities.cancel(
        house.office, town.reviewer, id_, CancellationForm.model_validate({"reason": "大风。"})
    )
    items = activity_history(house.office, town.association_reviewer, id_)
    assert [each.type for each in items] == ["activity.registered", "activity.cancelled"]
    assert items[-1].by == town.reviewer.actor
    for reader in (VOLUNTEER, town.other_recorder):
        with pytest.raises(HiddenError):
            activity_history(house.office, reader, id_)


@ON_SQLITE
def test_activities_are_listed_by_whom_they_concern(house: House, town: Town) -> None:
    ours = registered(house, town.recorder)
    theirs = registered(house, town.key, organizer=str(town.association))
    december = {"starts_on": "2026-12-01", "ends_on": "2026-12-05"}
    later = registered(house, town.recorder, **december)

    def found(by: Caller, **wanted: object) -> set[UUID]:
        page = list_activities(house.office, by, ActivityFilter(**wanted), ALL)  # type: ignore[arg-type]
        return {UUID(row["activity"]) for row in page.value.rows}

    assert found(town.recorder) == {ours, later}
    assert found(town.district_head, organization=town.station) == {ours, later}
    assert found(town.district_head, division=STREET) == {ours, theirs, later}
    assert found(VOLUNTEER) == {ours, theirs, later}
    assert found(VOLUNTEER, organization=town.entrusted) == {theirs}
    day = house.clock.today.replace(month=12, day=3)
    assert found(VOLUNTEER, first_day=day, last_day=day) == {later}
    assert found(VOLUNTEER, last_day=house.clock.today) == {ours, theirs}
    assert found(VOLUNTEER, status=ActivityStatus.CANCELLED) == set()
    for by, wanted in (
        (town.recorder, {"organization": town.other_station}),
        (town.recorder, {"division": STREET}),
        (as_staff(town.recorder.actor.id, town.district), {}),
        (replace(VOLUNTEER, actor=town.key.actor), {}),
    ):
        with pytest.raises(HiddenError):
            found(by, **wanted)

"""Statistics: what is counted month by month, of whom, for whom, and as of when."""

import pytest

from ledger.application import activities
from ledger.application.callers import Caller
from ledger.application.forms.activity import ActivityForm
from ledger.application.reading import HiddenError
from ledger.application.statistics_reading import (
    Period,
    division_statistics,
    organization_statistics,
)
from ledger.projections.tallying import MEASURES
from tests.application.house import House
from tests.application.serving import activity_said, begin
from tests.application.town import COMMUNITY, DISTRICT, STREET, Town

ALWAYS = Period()


def counted(counts: object) -> dict[str, int]:
    """Return the measures that are not zero."""
    assert isinstance(counts, dict)
    return {measure: amount for measure, amount in counts.items() if amount}


def test_only_what_is_confirmed_counts_as_service(house: House, town: Town) -> None:
    session = begin(house, town, house.office)
    session.enter()
    before = organization_statistics(house.office, town.recorder, town.station, ALWAYS)
    assert counted(before.total()) == {
        "records": 1,
        "submitted": 1,
        "activities": 1,
        "heads": 12,
        "heads_recorded": 1,
        "head_counts_short": 1,
        "volunteers": 1,
    }
    session.confirmed(start="2026-11-21T09:00+08:00", end="2026-11-21T12:00+08:00")
    after = organization_statistics(house.office, town.recorder, town.station, ALWAYS)
    assert list(after.months) == ["2026-11"]
    assert counted(after.months["2026-11"]) == {
        "records": 2,
        "submitted": 1,
        "confirmed": 1,
        "confirmed_minutes": 150,
        "activities": 1,
        "heads": 12,
        "heads_recorded": 1,
        "head_counts_short": 1,
        "volunteers": 1,
    }
    assert after.months["2026-11"].keys() == MEASURES.keys()
    then = Period(size=before.size)
    past = organization_statistics(house.office, town.recorder, town.station, then)
    assert (past.months, past.size) == (before.months, before.size)


def registered(house: House, by: Caller, month: str, *, division: str = COMMUNITY) -> None:
    days = {"starts_on": f"{month}-01", "ends_on": f"{month}-05", "division": division}
    form = ActivityForm.model_validate(activity_said(**days))
    activities.register(house.office, by, form)


def test_a_division_is_the_sum_of_who_is_at_home_in_it(house: House, town: Town) -> None:
    registered(house, town.recorder, "2026-12")
    registered(house, town.other_recorder, "2027-01", division=f"{STREET}002")
    registered(house, town.key, "2027-01")
    office, head = house.office, town.district_head
    street = division_statistics(office, town.association_reviewer, STREET, ALWAYS)
    assert {month: counts["activities"] for month, counts in street.months.items()} == {
        "2026-12": 1,
        "2027-01": 1,
    }
    # The entrusted organization is at home in the district.
    district = division_statistics(office, head, DISTRICT, ALWAYS)
    assert district.months["2027-01"]["activities"] == 2
    assert district.total()["activities"] == 3
    city = division_statistics(office, town.city_head, "110000", ALWAYS)
    assert city.months == district.months
    january = Period(first_month="2027-01", last_month="2027-01")
    assert list(division_statistics(office, head, DISTRICT, january).months) == ["2027-01"]


def test_statistics_are_for_those_whose_they_are(house: House, town: Town) -> None:
    office = house.office
    for reader in (town.recorder, town.association_reviewer, town.city_head):
        organization_statistics(office, reader, town.station, ALWAYS)
    for reader in (town.other_head, town.entrusted_head):
        with pytest.raises(HiddenError):
            organization_statistics(office, reader, town.station, ALWAYS)
    for reader, division in ((town.recorder, STREET), (town.district_head, "110105")):
        with pytest.raises(HiddenError):
            division_statistics(office, reader, division, ALWAYS)
    assert [each.act for each in house.attempts()] == ["statistics.read"] * 4

"""What is read of organizations and divisions, by whom, and as of when."""

from dataclasses import replace
from uuid import UUID

import pytest

from ledger.application import organizations, staffing
from ledger.application.callers import Caller, as_staff, as_volunteer
from ledger.application.divisions_reading import read_coverage, shipped_divisions
from ledger.application.forms.organization import SuspensionForm
from ledger.application.forms.staff import ContactForm, KeyRevocationForm, ReleaseForm
from ledger.application.organization_reading import (
    DirectoryFilter,
    directory,
    organization_history,
    read_keys,
    read_organization,
    read_staff,
)
from ledger.application.reading import HiddenError
from ledger.application.record_lists import Paging
from ledger.domain.event import ERASED
from ledger.domain.organization import OrganizationKind, Status
from tests.application.administering import REASON, RELEASE, SUSPENSION, amendment
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.town import COMMUNITY, DISTRICT, STREET, Town, appointment
from tests.application.volunteering import erase

NOBODY = UUID("00000000-0000-4000-8000-00000000dead")
VOLUNTEER = as_volunteer(UUID("00000000-0000-4000-8000-000000000701"))
ALL = Paging(limit=200)


def listed(house: House, paging: Paging = ALL, **wanted: object) -> list[str]:
    found = directory(house.office, DirectoryFilter(**wanted), paging)  # type: ignore[arg-type]
    return [row["organization"] for row in found.value.rows]


def strangers(town: Town) -> list[Caller]:
    """Return who neither works at the station nor above it."""
    return [
        town.other_head,
        town.entrusted_head,
        VOLUNTEER,
        as_staff(town.other_head.actor.id, town.district),
        as_staff(town.other_head.actor.id, NOBODY),
    ]


def test_everybody_finds_organizations_by_where_and_what_they_are(
    house: House, town: Town
) -> None:
    stations = {str(town.station), str(town.other_station)}
    assert set(listed(house, kind=OrganizationKind.STATION)) == stations
    assert set(listed(house, parent=town.association)) == stations
    assert listed(house, division=COMMUNITY) == [str(town.station)]
    assert set(listed(house, division=STREET)) == {*stations, str(town.association)}
    assert len(listed(house, division="110000")) == len(listed(house)) == 6
    assert listed(house, division="110105") == []
    assert listed(house, name="东城区吉祥") == [str(town.entrusted)]
    assert listed(house, status=Status.SUSPENDED) == []


@ON_SQLITE
def test_the_directory_comes_in_pages_of_one_moment(house: House, town: Town) -> None:
    whole = listed(house)
    first = directory(house.office, DirectoryFilter(), Paging(limit=4))
    form = SuspensionForm.model_validate(SUSPENSION)
    organizations.change_standing(house.office, town.district_head, town.other_station, form)
    rest = Paging(after=first.value.after, limit=4, size=first.size)
    second = directory(house.office, DirectoryFilter(), rest)
    rows = [*first.value.rows, *second.value.rows]
    assert [row["organization"] for row in rows] == whole
    assert {row["status"] for row in rows} == {"authorized"}
    assert listed(house, status=Status.SUSPENDED) == [str(town.other_station)]


def test_an_organization_is_read_as_it_was(house: House, town: Town) -> None:
    before = read_organization(house.office, town.association)
    organizations.amend(
        house.office, town.association_head, town.association, amendment(name="新名称协会")
    )
    now = read_organization(house.office, town.association)
    assert now.state is not None
    assert now.state.particulars.name == "新名称协会"
    then = read_organization(house.office, town.association, size=before.seq + 1)
    assert then == before
    with pytest.raises(HiddenError):
        read_organization(house.office, town.association, size=0)


@ON_SQLITE
def test_a_history_tells_who_changed_what_and_why(house: House, town: Town) -> None:
    form = SuspensionForm.model_validate(SUSPENSION)
    organizations.change_standing(house.office, town.district_head, town.station, form)
    *_, last = organization_history(house.office, town.station_head, town.station)
    assert (last.type, last.by) == ("organization.suspended", town.district_head.actor)
    assert last.on_behalf_of == town.district
    assert last.reason == SUSPENSION["reason"]
    status, halted = last.changes
    assert (status.before, status.after) == ("authorized", "suspended")
    assert (halted.field, halted.after) == ("halted_by", str(town.district))
    assert last.facts["ground"] == "unlawful_records"


@ON_SQLITE
def test_a_history_is_as_of_a_size(house: House, town: Town) -> None:
    before = read_organization(house.office, town.station)
    staffing.appoint(
        house.office, town.station_head, town.station, appointment(house, "苗示例", "contact")
    )
    items = organization_history(
        house.office, town.station_head, town.station, size=before.seq + 1
    )
    assert items[-1].version == before.version


@ON_SQLITE
def test_people_are_named_to_their_own_and_to_those_above(house: House, town: Town) -> None:
    for reader in (
        town.recorder,
        town.association_reviewer,
        town.district_head,
        town.city_head,
    ):
        known, people = read_staff(house.office, reader, town.station)
        assert known.version > 0
        names = {each.member.name for each in people}
        assert names == {"卫示例", "吴示例", "郑示例", "王示例", "冯示例"}


@ON_SQLITE
@pytest.mark.parametrize("read", [read_staff, read_keys, organization_history])
def test_nobody_else_sees_people_keys_or_history(
    house: House, town: Town, read: object
) -> None:
    assert callable(read)
    for count, stranger in enumerate(strangers(town), start=1):
        with pytest.raises(HiddenError):
            read(house.office, stranger, town.station)
        assert len(house.attempts()) == count
        last = house.attempts()[-1]
        assert (last.target, last.codes) == (town.station, ("not_in_scope",))
        assert last.by == stranger.actor.text()
    for missing in (NOBODY,):
        with pytest.raises(HiddenError):
            read(house.office, town.city_head, missing)


@ON_SQLITE
def test_who_was_released_reads_no_more(house: House, town: Town) -> None:
    assert read_staff(house.office, town.recorder, town.station)
    form = ReleaseForm.model_validate(
        RELEASE | {"roles": ["recorder"], "from_day": "2026-11-25"}
    )
    # Another process does it: this one is not told.
    staffing.release(
        house.another_office(), town.station_head, town.station, town.recorder.actor.id, form
    )
    assert read_staff(house.office, town.recorder, town.station)
    house.clock.advance(days=1)
    with pytest.raises(HiddenError):
        read_staff(house.office, town.recorder, town.station)


@ON_SQLITE
def test_a_person_has_all_her_terms_and_her_present_name(house: House, town: Town) -> None:
    office, head, person = house.office, town.station_head, town.recorder.actor.id
    contact = ContactForm.model_validate({"name": "吴示例二", "telephone": "13800000009"})
    staffing.amend_staff(office, head, town.station, person, contact)
    form = ReleaseForm.model_validate(
        RELEASE | {"roles": ["recorder"], "from_day": "2026-11-25"}
    )
    staffing.release(office, head, town.station, person, form)
    house.clock.advance(days=10)
    again = appointment(house, "吴示例二", "recorder", person=str(person))
    staffing.appoint(office, head, town.station, again)
    _, people = read_staff(office, head, town.station)
    (found,) = [each for each in people if each.member.person == person]
    assert found.member.name == "吴示例二"
    assert [(str(each.from_day), str(each.until)) for each in found.terms] == [
        ("2026-11-02", "2026-11-25"),
        ("2026-12-04", "None"),
    ]


def test_who_was_erased_is_shown_as_erased(house: House, town: Town) -> None:
    erase(house, town.recorder.actor.id)
    _, people = read_staff(house.office, town.station_head, town.station)
    (found,) = [each for each in people if each.member.person == town.recorder.actor.id]
    assert found.member.name is ERASED
    assert len(found.terms) == 1


@ON_SQLITE
def test_keys_say_since_when_until_when_and_why(house: House, town: Town) -> None:
    _, (before,) = read_keys(house.office, town.entrusted_recorder, town.entrusted)
    assert (before.key, before.label) == (town.key.actor.id, "志愿者管理系统")
    assert before.revoked_at is None
    form = KeyRevocationForm.model_validate(REASON | {"exposed_since": "2026-11-20"})
    staffing.revoke_key(house.office, town.entrusted_head, town.entrusted, before.key, form)
    _, (after,) = read_keys(house.office, town.district_head, town.entrusted)
    assert after == replace(
        before,
        revoked_at=house.clock.now,
        exposed_since=form.exposed_since,
        reason=form.reason,
    )


def test_the_shipped_divisions_are_one_city_five_districts_and_their_streets() -> None:
    levels = [str(each.level) for each in shipped_divisions()]
    assert [levels.count(each) for each in ("city", "district", "street")] == [1, 5, 111]


@ON_SQLITE
def test_coverage_says_which_streets_have_what_the_plan_asks_for(
    house: House, town: Town
) -> None:
    coverage = read_coverage(house.office, town.district_head, DISTRICT)
    assert len(coverage.streets) == 17
    first, *others = coverage.streets
    assert first.street == STREET
    assert first.associations == (town.association,)
    # The association has a head and a reviewer, and nobody who records.
    assert not first.has_recorder
    assert (first.stations, first.stations_without_recorder) == (2, ())
    assert not any(each.associations or each.stations for each in others)


@ON_SQLITE
def test_coverage_counts_recorders_of_today_in_organizations_in_force(
    house: House, town: Town
) -> None:
    tomorrow = "2026-11-25"
    form = ReleaseForm.model_validate(RELEASE | {"roles": ["recorder"], "from_day": tomorrow})
    staffing.release(
        house.office,
        town.other_head,
        town.other_station,
        town.other_recorder.actor.id,
        form,
    )
    new = appointment(house, "苗示例", "recorder", from_day=tomorrow)
    staffing.appoint(house.office, town.association_head, town.association, new)
    before = read_coverage(house.office, town.city_head, "110000")
    assert (before.streets[0].has_recorder, before.streets[0].stations_without_recorder) == (
        False,
        (),
    )
    house.clock.advance(days=1)
    after = read_coverage(house.office, town.city_head, "110000")
    assert len(after.streets) == 111
    street = after.streets[0]
    assert street.has_recorder
    assert street.stations_without_recorder == (town.other_station,)
    form_ = SuspensionForm.model_validate(SUSPENSION)
    organizations.change_standing(house.office, town.district_head, town.other_station, form_)
    street = read_coverage(house.office, town.city_head, STREET).streets[0]
    assert (street.stations, street.stations_without_recorder) == (1, ())
    then = read_coverage(house.office, town.city_head, STREET, size=after.size)
    assert then.streets == after.streets[:1]


@ON_SQLITE
def test_coverage_is_for_those_whose_area_it_is(house: House, town: Town) -> None:
    read_coverage(house.office, town.association_reviewer, STREET)
    for reader, division in (
        (town.district_head, "110105"),
        (town.station_head, STREET),
        (VOLUNTEER, STREET),
        (town.city_head, "110199"),
    ):
        with pytest.raises(HiddenError):
            read_coverage(house.office, reader, division)
    assert [each.act for each in house.attempts()] == ["coverage.read"] * 3

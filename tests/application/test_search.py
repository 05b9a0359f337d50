"""Finding volunteers: by the whole of a fact, within whom one looks after, and masked."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from ledger.application import chosen_pages
from ledger.application.callers import Caller, as_volunteer
from ledger.application.forms.volunteer import SearchForm
from ledger.application.masking import MaskedParticulars
from ledger.application.office import Office
from ledger.application.reading import HiddenError
from ledger.application.record_lists import Paging
from ledger.application.volunteer_search import (
    Found,
    VolunteerPage,
    list_volunteers,
    search,
)
from ledger.application.volunteers import amend
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.town import Town
from tests.application.volunteering import (
    OUYANG,
    WANG,
    amendment,
    born,
    codes,
    erase,
    registered,
)

BY_NUMBER = {"id_type": WANG["id_type"], "id_number": WANG["id_number"]}


AT_ONCE = Paging()


def found(
    office: Office, caller: Caller, asked: dict[str, Any], paging: Paging = AT_ONCE
) -> VolunteerPage[Found]:
    return search(office, caller, SearchForm.model_validate(asked), paging)


def ids(page: VolunteerPage[Any]) -> list[UUID]:
    return [each.id for each in page.items]


@pytest.mark.parametrize(
    "asked",
    [
        {"name": WANG["name"]},
        {"contact": WANG["contact"]},
        BY_NUMBER,
        {"name": WANG["name"], "contact": WANG["contact"], **BY_NUMBER},
    ],
    ids=["name", "contact", "number", "all"],
)
def test_she_is_found_by_the_whole_of_a_fact(
    office: Office, town: Town, asked: dict[str, str]
) -> None:
    volunteer = registered(office, town.recorder)
    registered(office, town.recorder, OUYANG)
    listing = found(office, town.reviewer, asked)
    (item,) = listing.items
    assert isinstance(item, Found)
    assert (item.id, item.version, item.is_confirmed) == (volunteer, 2, False)
    assert isinstance(item.particulars, MaskedParticulars)
    assert item.particulars.name == "王*"


@ON_SQLITE
@pytest.mark.parametrize(
    "asked",
    [
        {"name": "王"},
        {"name": "王𠮷"},
        {"contact": "1380000000"},
        {"id_type": "passport", "id_number": WANG["id_number"]},
        {"name": WANG["name"], "contact": OUYANG["contact"]},
        {"name": OUYANG["name"], **BY_NUMBER},
    ],
)
def test_by_a_part_or_by_what_differs_nobody_is_found(
    office: Office, town: Town, asked: dict[str, str]
) -> None:
    registered(office, town.recorder)
    registered(office, town.recorder, OUYANG)
    assert found(office, town.reviewer, asked).items == []


@ON_SQLITE
@pytest.mark.parametrize("asked", [{}, {"id_number": WANG["id_number"]}, {"id_type": "other"}])
def test_something_is_to_be_given(office: Office, town: Town, asked: dict[str, str]) -> None:
    assert codes(found, office, town.reviewer, asked) == {"search_is_empty"}


@ON_SQLITE
def test_a_stranger_is_not_there(house: House, office: Office, town: Town) -> None:
    volunteer = registered(office, town.recorder)
    assert ids(found(office, town.other_reviewer, BY_NUMBER)) == []
    assert ids(found(office, town.entrusted_head, BY_NUMBER)) == []
    for above in (town.association_head, town.district_head, town.city_head):
        assert ids(found(office, above, BY_NUMBER)) == [volunteer]


@ON_SQLITE
def test_volunteers_search_for_nobody(house: House, office: Office, town: Town) -> None:
    volunteer = registered(office, town.recorder)
    with pytest.raises(HiddenError):
        found(office, as_volunteer(volunteer), BY_NUMBER)
    with pytest.raises(HiddenError):
        list_volunteers(office, as_volunteer(volunteer), None, Paging())
    assert [each.act for each in house.attempts()] == ["volunteer.search", "volunteer.list"]


@ON_SQLITE
def test_what_was_amended_finds_her_no_more(house: House, office: Office, town: Town) -> None:
    volunteer = registered(office, town.recorder)
    before = house.ledger.seqs()[-1] + 1
    amend(office, town.recorder, volunteer, amendment(contact="13900000001"))
    assert ids(found(office, town.reviewer, {"contact": WANG["contact"]})) == []
    assert ids(found(office, town.reviewer, {"contact": "13900000001"})) == [volunteer]
    then = found(office, town.reviewer, {"contact": WANG["contact"]}, Paging(size=before))
    assert (ids(then), then.size) == ([volunteer], before)


def test_who_was_erased_is_found_by_nothing(house: House, office: Office, town: Town) -> None:
    volunteer = registered(office, town.recorder)
    before = house.ledger.seqs()[-1] + 1
    erase(house, volunteer)
    for paging in (Paging(), Paging(size=before)):
        assert ids(found(office, town.reviewer, BY_NUMBER, paging)) == []
    (row,) = list_volunteers(office, town.reviewer, None, Paging()).items
    assert (row.id, row.name, row.is_erased) == (volunteer, "*", True)


@ON_SQLITE
def test_strangers_leave_no_gap_in_a_page_and_no_trace_behind_it(
    office: Office, town: Town
) -> None:
    hers = set(many(office, town, 2))
    for number in range(5):
        stranger = born("1800-06-30", id_number=f"E3000000{number}")
        registered(office, town.other_recorder, stranger)
    seen, after = [], None
    for _ in hers:
        paging = Paging(limit=1, after=after)
        page = found(office, town.reviewer, {"name": WANG["name"]}, paging)
        assert len(page.items) == 1
        seen += ids(page)
        after = page.after
        assert after is None or after == (str(seen[-1]),)
    assert after is None
    assert set(seen) == hers


@ON_SQLITE
def test_so_many_strangers_are_passed_over_at_once_and_no_more(
    office: Office, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chosen_pages, "READ_AT_ONCE", 2)
    hers = set(many(office, town, 1))
    for number in range(5):
        stranger = born("1800-06-30", id_number=f"E3000000{number}")
        registered(office, town.other_recorder, stranger)
    seen, after, pages = [], None, 0
    while pages == 0 or after is not None:
        page = found(
            office, town.reviewer, {"name": WANG["name"]}, Paging(limit=1, after=after)
        )
        seen += ids(page)
        after, pages = page.after, pages + 1
    assert (set(seen), pages <= 4) == (hers, True)


def many(office: Office, town: Town, count: int) -> Iterator[UUID]:
    for number in range(count):
        yield registered(
            office, town.recorder, born("1800-06-30", id_number=f"E2000000{number}")
        )


@ON_SQLITE
def test_pages_follow_each_other(office: Office, town: Town) -> None:
    expected = set(many(office, town, 5))

    def searched(paging: Paging) -> VolunteerPage[Any]:
        return found(office, town.reviewer, {"name": WANG["name"]}, paging)

    def listed(paging: Paging) -> VolunteerPage[Any]:
        return list_volunteers(office, town.reviewer, None, paging)

    for listing in (searched, listed):
        seen, after = [], None
        while True:
            page = listing(Paging(limit=2, after=after))
            assert len(page.items) <= 2
            seen += ids(page)
            after = page.after
            if after is None:
                break
        assert (len(seen), set(seen)) == (5, expected)


def test_an_organization_lists_whom_it_registered(
    house: House, office: Office, town: Town
) -> None:
    volunteer = registered(office, town.recorder)
    elsewhere = registered(office, town.other_recorder, OUYANG)
    (row,) = list_volunteers(office, town.reviewer, None, Paging()).items
    assert (row.id, row.name, row.status) == (volunteer, "王*", "active")
    assert row.registered_on == house.clock.today.isoformat()
    above = list_volunteers(office, town.association_head, town.other_station, Paging())
    assert ids(above) == [elsewhere]
    assert above.items[0].name == "欧阳*"
    with pytest.raises(HiddenError):
        list_volunteers(office, town.reviewer, town.other_station, Paging())

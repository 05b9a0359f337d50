"""Lists of a whole area: what is shown there, and what waits there for those above."""

import pytest

from ledger.application.callers import Caller
from ledger.application.reading import HiddenError
from ledger.application.record_lists import Paging, TaskFilter, list_publicity, list_tasks
from ledger.domain.divisions import CITY
from tests.application.house import House
from tests.application.serving import Session, begin
from tests.application.town import COMMUNITY, DISTRICT, OTHER_COMMUNITY, Town

ELSEWHERE = "110105"


@pytest.fixture
def session(house: House, town: Town) -> Session:
    return begin(house, town, house.office)


def waiting(session: Session, by: Caller, kind: str, division: str) -> list[str]:
    """Return what waits in an area, in the order of the list."""
    wanted = TaskFilter(kind=kind, division=division)
    tasks = list_tasks(session.office, by, wanted, Paging())
    return [row["about"] for row in tasks.value.rows]


@pytest.mark.parametrize(
    ("division", "is_there"),
    [("", True), (CITY, True), (DISTRICT, True), (COMMUNITY, True), (ELSEWHERE, False)],
)
def test_publicity_is_that_of_a_whole_area(
    session: Session, division: str, *, is_there: bool
) -> None:
    record = session.publicized()
    shown = list_publicity(
        session.office, session.herself, organization=None, division=division, paging=Paging()
    )
    assert [row["record"] for row in shown.value.rows] == [str(record)] * is_there


def test_a_bureau_lists_what_waits_in_its_whole_area(session: Session) -> None:
    record, town = str(session.enter()), session.town
    for division in (CITY, DISTRICT, COMMUNITY):
        assert waiting(session, town.city_head, "publicize", division) == [record]
    for division in (DISTRICT, COMMUNITY):
        assert waiting(session, town.district_head, "publicize", division) == [record]
    assert waiting(session, town.city_head, "publicize", ELSEWHERE) == []
    assert waiting(session, town.district_head, "publicize", OTHER_COMMUNITY) == []
    for division in (CITY, ELSEWHERE):
        with pytest.raises(HiddenError):
            waiting(session, town.district_head, "publicize", division)

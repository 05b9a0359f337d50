"""Numbers of activities: readable, their own for good, and a mistyped one is noticed."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.activity import ProjectNo, ProjectNoClaimed, evolve_project_no
from ledger.domain.activity.project_numbers import is_project_no, project_no
from ledger.domain.event import Happened
from tests.domain.specification import CLERK, NOW
from tests.domain.town import ACTIVITY, COMMUNITY

IDS = st.uuids()


def test_a_number_tells_district_and_year_and_is_the_same_again() -> None:
    number = project_no(UUID(int=0xB0), division=COMMUNITY, year=2026, attempt=0)
    assert number == "110105-2026-96420594-85"
    assert is_project_no(number)
    assert project_no(UUID(int=0xB0), division="11", year=2026, attempt=0)[:6] == "110000"


@given(IDS, st.integers(2020, 2099), st.integers(0, 99))
def test_every_number_is_one_by_its_check_digits(id_: UUID, year: int, attempt: int) -> None:
    number = project_no(id_, division=COMMUNITY, year=year, attempt=attempt)
    assert is_project_no(number)
    assert number.startswith(f"110105-{year}-")


@given(IDS, st.integers(0, 22), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(id_: UUID, place: int, difference: int) -> None:
    number = project_no(id_, division=COMMUNITY, year=2026, attempt=0)
    if number[place] == "-":
        return
    wrong = str((int(number[place]) + difference) % 10)
    assert not is_project_no(number[:place] + wrong + number[place + 1 :])


@given(IDS, st.integers(0, 21))
def test_two_exchanged_digits_are_noticed(id_: UUID, place: int) -> None:
    number = project_no(id_, division=COMMUNITY, year=2026, attempt=0)
    one, other = number[place], number[place + 1]
    if one == other or "-" in (one, other):
        return
    assert not is_project_no(number[:place] + other + one + number[place + 2 :])


@given(st.text(max_size=30))
def test_other_texts_are_no_numbers(text: str) -> None:
    assert not is_project_no(text)


def test_another_spelling_is_no_number() -> None:
    number = "110105-2026-00000001-07"
    assert is_project_no(number)
    for other in (number.replace("-", ""), f" {number}", number.replace("1", "\u0661")):
        assert not is_project_no(other)


def test_the_numbers_of_one_activity_differ() -> None:
    numbers = {
        project_no(ACTIVITY.id, division=COMMUNITY, year=2026, attempt=each)
        for each in range(100)
    }
    assert len(numbers) == 100


def test_a_number_that_is_claimed_has_its_activity() -> None:
    claimed = ProjectNoClaimed(project_no="110105-2026-00000001-07", activity=ACTIVITY.id)
    state = evolve_project_no(None, claimed, Happened(CLERK, NOW, 1))
    assert state == ProjectNo(project_no=claimed.project_no, activity=ACTIVITY.id)

"""Numbers of certificates: read back in every spelling, and no slip of one or two passes."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.certificate import certificate_number, decimal_hours, read_number
from ledger.domain.certificate.numbers import ALPHABET

IDS = st.integers(0, 2**128 - 1).map(lambda bits: UUID(int=bits))


@given(IDS)
def test_a_number_is_read_back_in_either_case_with_or_without_groups(id_: UUID) -> None:
    number = certificate_number(id_)
    assert [len(group) for group in number.split("-")] == [4] * 7
    for said in (number, number.lower(), number.replace("-", ""), f" {number} "):
        assert read_number(said) == id_
    assert read_number(number.replace("0", "O").replace("1", "l")) == id_


@given(IDS, st.integers(0, 27), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(id_: UUID, place: int, other: str) -> None:
    number = certificate_number(id_).replace("-", "")
    wrong = number[:place] + other + number[place + 1 :]
    assert (read_number(wrong) == id_) == (wrong == number)
    if wrong != number:
        assert read_number(wrong) is None


@given(IDS, st.integers(0, 26))
def test_two_swapped_neighbours_are_noticed(id_: UUID, place: int) -> None:
    number = certificate_number(id_).replace("-", "")
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert read_number(swapped) == (id_ if swapped == number else None)


@pytest.mark.parametrize("text", ["", "ABCD", "U" * 28, "0" * 27 + "1", "Z" * 28])
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_number(text) is None


@given(st.integers(0, 10**7))
def test_hours_are_never_more_than_the_minutes(minutes: int) -> None:
    whole, hundredths = map(int, decimal_hours(minutes).split("."))
    given_ = whole * 100 + hundredths
    assert given_ * 60 <= minutes * 100 < (given_ + 1) * 60

"""Divisions: what ships as data, what is accepted by its form, and what lies in what."""

from collections import Counter

import pytest

from ledger.domain.divisions import (
    CITY,
    DISTRICTS,
    STREETS,
    Division,
    Level,
    area_prefix,
    check_area,
    check_division,
    district_of,
    is_within,
    name,
)

COMMUNITY = "110105019004"


def test_the_five_pilot_districts_have_their_111_streets_and_townships() -> None:
    assert Counter(code[:6] for code in STREETS) == {
        "110101": 17,
        "110105": 43,
        "110107": 9,
        "110113": 25,
        "110116": 17,
    }
    assert sum(Counter(code[:6] for code in STREETS).values()) == 111
    assert {code[:6] for code in STREETS} == set(DISTRICTS)


@pytest.mark.parametrize(
    ("code", "want"),
    [
        (CITY, "北京市"),
        ("110107", "北京市石景山区"),
        ("110105019", "北京市朝阳区垡头街道"),
        ("110116211", "北京市怀柔区长哨营满族乡"),
        ("110116400", "北京市怀柔区北京雁栖经济开发区"),
        ("110113109", "北京市顺义区大孙各庄镇"),
        (COMMUNITY, "北京市朝阳区垡头街道第004号社区"),
    ],
)
def test_a_division_has_a_full_name(code: str, want: str) -> None:
    assert name(code) == want


@pytest.mark.parametrize(
    ("code", "level", "parent", "district"),
    [
        (CITY, Level.CITY, None, None),
        ("110105", Level.DISTRICT, CITY, "110105"),
        ("110105019", Level.STREET, "110105", "110105"),
        (COMMUNITY, Level.COMMUNITY, "110105019", "110105"),
    ],
)
def test_a_division_has_a_level_and_one_above_it(
    code: str, level: Level, parent: str | None, district: str | None
) -> None:
    division = Division(code)
    assert (division.level, division.parent, division.district) == (level, parent, district)
    assert district_of(code) == district


@pytest.mark.parametrize(
    ("code", "of", "want"),
    [
        (COMMUNITY, COMMUNITY, True),
        (COMMUNITY, "110105019", True),
        (COMMUNITY, "110105", True),
        (COMMUNITY, CITY, True),
        (CITY, CITY, True),
        (CITY, "110105", False),
        ("110105", COMMUNITY, False),
        ("110101001", "110105", False),
        ("110105019", "110105001", False),
        ("110105999", "110105", False),
        ("110105019", "11", False),
        ("", CITY, False),
    ],
)
def test_a_division_lies_in_another_or_not(code: str, of: str, want: bool) -> None:
    assert is_within(code, of) is want


def test_all_codes_of_an_area_begin_alike() -> None:
    assert area_prefix("110101001") == "110101001"
    assert area_prefix("110000") == area_prefix(None) == ""


@pytest.mark.parametrize(
    ("code", "want"),
    [
        ("110108", "division_is_unknown"),  # a district outside the pilot
        ("110107007", "division_is_unknown"),  # a gap in the numbers
        ("110107007001", "division_is_unknown"),
        ("110105019000", "division_is_malformed"),
        ("1101050190", "division_is_malformed"),
        ("11010501900412", "division_is_malformed"),
        ("\uff11\uff11\uff10\uff11\uff10\uff15", "division_is_malformed"),
        ("110105\n", "division_is_malformed"),
        ("", "division_is_malformed"),
    ],
)
def test_what_is_no_division_is_refused(code: str, want: str) -> None:
    refusal = check_division(code, "scope")
    assert refusal is not None
    assert (refusal.code, refusal.about) == (want, "scope")
    with pytest.raises(ValueError, match="division"):
        Division(code)
    with pytest.raises(ValueError, match="division"):
        name(code)


def test_people_live_outside_the_jurisdiction_too() -> None:
    assert check_area("110108") is None
    assert check_area("310101002") is None
    assert check_area("110105019") is None
    assert check_area(COMMUNITY) is None
    assert check_area("110105999") is not None
    assert check_area("海淀") is not None

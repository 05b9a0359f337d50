"""Codes: each with both labels, the tables complete, what is forbidden refused by name."""

import re
from collections.abc import Iterator

import pytest

from ledger.domain import codes
from ledger.domain.codes import (
    FORBIDDEN_FIELDS,
    GA_T_517,
    Channel,
    Coded,
    Education,
    Employment,
    Ethnicity,
    IdType,
    OrganizationCategory,
    PoliticalStatus,
    ServiceCategory,
    ServiceObject,
    Sex,
    Skill,
    forbidden_fields,
)


def tables() -> Iterator[type[Coded]]:
    for name in codes.__all__:
        table = getattr(codes, name)
        if isinstance(table, type) and issubclass(table, Coded) and table is not Coded:
            yield table


TABLES = list(tables())


def test_there_are_tables() -> None:
    assert len(TABLES) > 10


@pytest.mark.parametrize("table", TABLES)
def test_every_code_has_a_label_in_both_languages(table: type[Coded]) -> None:
    for code in table:
        assert re.fullmatch(r"[ -~]+", code.english)
        assert re.search("[\u4e00-\u9fff]", code.chinese)
        assert re.fullmatch(r"[a-z][a-z0-9_]*|[0-9]+", code.value)
    assert len({code.english for code in table}) == len(table)
    assert len({code.chinese for code in table}) == len(table)


@pytest.mark.parametrize("table", TABLES)
def test_a_code_is_its_value_and_read_back_from_it(table: type[Coded]) -> None:
    for code in table:
        assert (table(str(code)), f"{code}") == (code, code.value)


@pytest.mark.parametrize(
    ("table", "size"),
    [
        (Sex, 4),
        (ServiceObject, 13),
        (ServiceCategory, 21),
        (Skill, 24),
        (OrganizationCategory, 12),
        (Ethnicity, 56),
        (PoliticalStatus, 13),
        (Education, 8),
        (Employment, 13),
        (Channel, 5),
    ],
)
def test_a_table_is_complete(table: type[Coded], size: int) -> None:
    assert len(table) == size


@pytest.mark.parametrize("table", [ServiceObject, ServiceCategory, Skill])
def test_a_national_code_leads_back_to_one_code(table: type[Coded]) -> None:
    assert len({code.national for code in table}) == len(table)


def test_the_standards_codes_are_those_of_the_standards() -> None:
    assert (Sex.MALE, Sex.FEMALE, Sex.UNKNOWN, Sex.UNSTATED) == ("1", "2", "0", "9")
    assert [code.value for code in Ethnicity] == [f"{each:02}" for each in range(1, 57)]
    assert Ethnicity("36").chinese == "毛南族"
    assert GA_T_517[IdType.PASSPORT] == "414"
    assert IdType.PASSPORT.national == "05"


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("religion", "religion"),
        ("宗教信仰", "religion"),
        ("blood_type", "blood_type"),
        ("bloodType", "blood_type"),
        ("Blood-Group", "blood_type"),
        ("血型", "blood_type"),
        ("medical_history", "medical_history"),
        ("病史", "medical_history"),
        ("fingerprints", "fingerprint"),
        ("gene", "genes"),
        ("疾病", "disease"),
    ],
)
def test_a_forbidden_field_is_refused_however_it_is_spelled(name: str, field: str) -> None:
    (refusal,) = forbidden_fields(["name", name, "phone"])
    assert (refusal.code, refusal.about) == ("field_is_forbidden", name)
    assert refusal.details == {"field": field}


def test_every_forbidden_field_is_refused_by_its_names() -> None:
    for english, chinese in FORBIDDEN_FIELDS.items():
        assert len(forbidden_fields([english, chinese])) == 2
    assert forbidden_fields(["name", "skills", "ethnicity"]) == ()

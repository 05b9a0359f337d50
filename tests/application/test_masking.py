"""What of a person is shown to those who need not know her: never the whole of anything."""

from dataclasses import asdict, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.application.masking import (
    HIDDEN,
    mask_area,
    mask_guardian,
    mask_name,
    mask_number,
    mask_particulars,
)
from ledger.domain.codes import Education, GuardianRelation
from ledger.domain.volunteer import Guardian
from tests.domain.volunteers import PARTICULARS


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王祥", "王*"),
        ("王𠮷祥", "王*"),
        ("𠮷田", "𠮷*"),
        ("𫍯㐂", "𫍯*"),
        ("欧阳锋", "欧阳*"),
        ("欧阳", "欧*"),
        ("司马相如", "司马*"),
        ("諸葛亮", "諸葛*"),
        ("尉迟恭", "尉迟*"),
        ("万俟𠮷", "万俟*"),
        ("第五伦", "第五*"),
        ("张欧阳", "张*"),
        ("阿依古丽·麦麦提", "阿*"),
        ("Ivan Petrov", "I*"),
        ("Éva Nagy", "É*"),
        ("x\u0302y", "x\u0302*"),
        ("羽", "*"),
        ("𠮷", "*"),
        ("x\u0302", "*"),
    ],
)
def test_of_a_name_the_surname_is_shown(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("110105180001010029", "*0029"),
        ("11010118000101001X", "*001X"),
        ("13800000001", "*0001"),
        ("010-60000001", "*0001"),
        ("E0000", "*00"),
        ("A", "*"),
    ],
)
def test_of_a_number_the_last_digits_are_shown(number: str, shown: str) -> None:
    assert mask_number(number) == shown


def test_of_an_address_the_street_is_shown() -> None:
    assert mask_area("110101001001") == "110101001"
    assert mask_area("110116") == "110116"


@given(st.text(min_size=1, max_size=50))
def test_nothing_is_ever_shown_whole(text: str) -> None:
    for masked in (mask_name(text), mask_number(text)):
        shown = masked.replace(HIDDEN, "", 1)
        assert HIDDEN in masked
        assert shown != text
        assert len(shown) < len(text)


@given(st.text(alphabet="王李𠮷祥·", min_size=3, max_size=20))
def test_how_long_a_name_is_stays_hidden(name: str) -> None:
    assert mask_name(name) == mask_name(name + "祥")


def test_masked_particulars_hold_none_that_identify() -> None:
    said = replace(
        PARTICULARS,
        volunteer_number="110101000000000001",
        birth_date=date(1800, 1, 1),
        education=Education.PRIMARY,
        work_unit="首都𫍯大学",
    )
    masked = asdict(mask_particulars(said))
    hidden = ("name", "id_number", "contact", "residence_area", "volunteer_number")
    assert [name for name in hidden if masked[name] == getattr(said, name)] == []
    assert masked["birth_year"] == 1800
    assert masked["skills"] == said.skills
    assert not {"birth_date", "education", "work_unit"} & masked.keys()
    assert mask_particulars(PARTICULARS).volunteer_number is None


def test_a_guardian_is_masked_as_the_volunteer_is() -> None:
    guardian = Guardian(name="王㐂", relation=GuardianRelation.MOTHER, contact="13800000003")
    assert asdict(mask_guardian(guardian)) == {
        "name": "王*",
        "relation": GuardianRelation.MOTHER,
        "contact": "*0003",
    }

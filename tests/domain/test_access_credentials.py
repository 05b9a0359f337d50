"""Names are one in every spelling; a password is long, and not among the first to be tried."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.access.credentials import (
    PASSWORD_MAX,
    PASSWORD_MIN,
    check_password,
    check_sign_in_name,
    name_key,
    normal_password,
)

GOOD = "four words that rhyme"


def codes(password: str, *, name: str = "zhang.shili", before: str | None = None) -> list[str]:
    return [each.code for each in check_password(password, name=name, before=before)]


@pytest.mark.parametrize(
    "spelling",
    ["Zhang", "ZHANG", "Ｚhang", "zhang", "ＺＨＡＮＧ"],
)
def test_neither_case_nor_width_makes_another_name(spelling: str) -> None:
    assert name_key(spelling) == name_key("zhang")


def test_composed_or_not_a_name_is_the_same() -> None:
    assert name_key("Jose\u0301") == name_key("jos\u00e9")
    assert name_key("STRASSE") == name_key("straße")


def test_other_characters_make_another_name() -> None:
    assert len({name_key(name) for name in ("zhang", "zhang1", "张示例", "張示例")}) == 4


@given(st.text(max_size=60))
def test_a_key_is_its_own_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ab", "text_is_too_short"),
        ("", "text_is_missing"),
        ("x" * 51, "text_is_too_long"),
        (" zhang", "text_has_outer_space"),
        ("zh\u200bang", "text_has_forbidden_character"),
        ("zhang\n", "text_has_forbidden_character"),
        ("Jose\u0301", "text_is_not_normalized"),
    ],
)
def test_a_name_that_cannot_be_seen_as_it_is_is_refused(name: str, code: str) -> None:
    assert code in [each.code for each in check_sign_in_name(name)]


@pytest.mark.parametrize("name", ["abc", "张示例", "x" * 50, "zhang.shili@bj", "Ｚhang"])
def test_any_other_name_is_taken(name: str) -> None:
    assert check_sign_in_name(name) == ()


def test_a_password_has_its_lengths() -> None:
    shortest = "zebra lamp 7"
    assert len(shortest) == PASSWORD_MIN
    assert codes(shortest) == []
    assert codes(shortest[:-1]) == ["password_is_too_short"]
    longest = ("zebra lamp " * 20)[:PASSWORD_MAX]
    assert codes(longest) == []
    assert codes(longest + "x") == ["password_is_too_long"]


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "天地玄黄宇宙洪荒日月盈昃",
        "            a",
        "no-Digits-or-signs",
        "😀🚲🏔️🍜🦆🎻🧭🪁🛖🥁🪡🧶",
    ],
)
def test_no_kind_of_character_is_asked_for(password: str) -> None:
    assert codes(password) == []


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "PassWord1234",
        "ｐａｓｓｗｏｒｄ１２３４",
        "1qaz2wsx3edc",
        "aaaaaaaaaaaa",
        "ababababababab",
        "abcdabcdabcd",
        "123456789012",
        "210987654321",
        "abcdefghijklmnop",
        "woaini5201314",
    ],
)
def test_what_is_tried_first_is_refused(password: str) -> None:
    assert codes(password) == ["password_is_common"]


def test_a_password_is_not_the_name() -> None:
    assert codes("Zhang.Shili.Beijing", name="zhang.shili.beijing") == ["password_is_the_name"]


def test_a_new_password_is_a_new_one() -> None:
    assert codes(GOOD, before=GOOD) == ["password_is_the_old_one"]
    assert codes(GOOD, before=GOOD + "!") == []


def test_half_a_character_cannot_be_stored() -> None:
    assert codes("four words \ud800 rhyme") == ["password_cannot_be_stored"]


@given(st.text(max_size=300), st.text(max_size=60))
def test_whatever_is_typed_is_judged(password: str, name: str) -> None:
    normal = normal_password(password)
    assert unicodedata.is_normalized("NFC", normal)
    if len(normal) < PASSWORD_MIN:
        assert "password_is_too_short" in codes(normal, name=name)

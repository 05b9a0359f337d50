"""Words: what no text may hold, one form of each, and names as people really have them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.refusal import Refusal
from ledger.domain.words import canonical, check_code, check_name, check_phone, check_text
from ledger.proof.canonical import check_value
from ledger.proof.errors import MalformedError


def codes(reasons: tuple[Refusal, ...]) -> list[str]:
    return [reason.code for reason in reasons]


@pytest.mark.parametrize(
    "text",
    [
        "为社区老人送餐",
        "Meals for the elderly, 2 floors (no lift)",
        "全角标点:“引号”、顿号;2026年!",
        "𠮷野家门前清扫",  # beyond the basic plane
        "\ufa30\uf9d0",  # compatibility ideographs stay what they are
        "\U0002ebf0\U00031350",  # Hanzi younger than the interpreter's tables
        "emoji 🙂",
        "é",
    ],
)
def test_a_text_is_accepted_as_it_is(text: str) -> None:
    assert check_text(text, "content", max=200) == ()
    assert canonical(text) == text


@pytest.mark.parametrize(
    ("character", "kind"),
    [
        ("\x00", "nul"),
        ("\ud800", "surrogate"),
        ("\ufdd0", "noncharacter"),
        ("\uffff", "noncharacter"),
        ("\U0010ffff", "noncharacter"),
        ("\x01", "control"),
        ("\t", "control"),
        ("\n", "control"),
        ("\x7f", "control"),
        ("\x85", "control"),
        ("\u2028", "control"),
        ("\u202e", "direction"),  # right to left override
        ("\u2066", "direction"),
        ("\u200f", "direction"),
        ("\u200b", "invisible"),
        ("\u200d", "invisible"),
        ("\ufeff", "invisible"),
        ("\u00ad", "invisible"),
        ("\u3164", "invisible"),
        ("\ufe0f", "invisible"),
        ("\U000e0101", "invisible"),
        ("\U000e0041", "invisible"),
        ("\ufffd", "lost"),
        ("\u00a0", "space"),
        ("\u2003", "space"),
        ("\ue000", "private"),
        ("\U000f0000", "private"),
    ],
)
def test_a_character_that_cannot_be_seen_is_refused(character: str, kind: str) -> None:
    (reason,) = check_text(f"送{character}餐", "content", max=200)
    assert (reason.code, reason.about) == ("text_has_forbidden_character", "content")
    assert reason.details["kind"] == kind
    assert reason.details["character"] == f"U+{ord(character):04X}"
    assert reason.details["position"] == 2


@given(st.text(st.characters(exclude_categories=[]), max_size=40))
def test_an_accepted_text_is_one_that_the_log_commits_to_and_that_stays_the_same(
    text: str,
) -> None:
    if check_text(text, "content", max=40):
        return
    check_value(text)
    assert text == canonical(text) == text.strip()
    assert text.encode().decode() == text
    assert not any(unicodedata.category(character) in {"Cc", "Cs", "Co"} for character in text)


@given(st.characters(exclude_categories=[]))
def test_what_the_log_would_refuse_is_refused_before(character: str) -> None:
    try:
        check_value(character)
    except MalformedError:
        assert check_text(character, "content", max=1)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("", ["text_is_missing"]),
        ("a", ["text_is_too_short"]),
        ("abcdefghi", ["text_is_too_long"]),
        (" ab", ["text_has_outer_space"]),
        ("ab\u3000", ["text_has_outer_space"]),
        ("e\u0301t\u00e9", ["text_is_not_normalized"]),
        (" e\u0301\u200b", ["text_has_forbidden_character", "text_has_outer_space",
                            "text_is_not_normalized"]),
    ],
)  # fmt: skip
def test_all_that_is_wrong_with_a_text_is_said_at_once(text: str, want: list[str]) -> None:
    assert codes(check_text(text, "reason", max=8, min=2)) == want


def test_an_optional_text_may_be_empty_and_one_of_lines_may_have_lines() -> None:
    assert check_text("", "note", max=8, min=0) == ()
    assert check_text("a\nb", "note", max=8, lines=True) == ()
    assert codes(check_text("a\r\nb", "note", max=8, lines=True)) == [
        "text_has_forbidden_character"
    ]
    assert codes(check_text("a\n", "note", max=8, lines=True)) == ["text_has_outer_space"]


def test_length_is_counted_in_characters() -> None:
    assert check_text("𠮷" * 50, "name", max=50) == ()
    assert codes(check_text("𠮷" * 51, "name", max=50)) == ["text_is_too_long"]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_the_canonical_form_is_nfc_and_leaves_compatibility_ideographs(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once

    def compatibility(value: str) -> list[str]:
        return [c for c in value if "\uf900" <= c <= "\ufaff" or c >= "\U0002f800"]

    assert compatibility(once) == compatibility(text)
    assert unicodedata.normalize("NFC", once) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "name",
    [
        "张三",
        "欧阳𠮷",
        "\U00020bb7\ufa11",
        "〇一",
        "买买提·阿不都",
        "Zoë O'Brien-Müller Jr.",
        "Иван Петров",
        "Νίκος",
        "김민수",
        "やまだ",
        "محمد",
    ],
)
def test_a_name_as_people_have_it_is_accepted(name: str) -> None:
    assert check_name(name, "name") == ()


@pytest.mark.parametrize(
    ("name", "want"),
    [
        ("张三1", "name_has_other_character"),
        ("张三\uff11", "name_has_other_character"),
        ("\uff3aoe", "name_has_other_character"),  # a full-width letter
        ("\u2f29明", "name_has_other_character"),  # a radical that looks like 小
        ("\u2ed1明", "name_has_other_character"),
        ("买买提\u2022阿不都", "name_has_other_character"),
        ("买买提\u30fb阿不都", "name_has_other_character"),
        ("⿰木木", "name_has_other_character"),
        ("=cmd", "name_has_other_character"),
        ("@张三", "name_has_other_character"),
        ("张\u3000三", "name_has_other_character"),
        ("张 三", "name_is_padded"),
        ("John  Smith", "name_is_padded"),
        ("J\u043ehn", "name_mixes_alphabets"),  # a Cyrillic о
        ("\u0391nna", "name_mixes_alphabets"),  # a Greek Α
        ("张\u200b三", "text_has_forbidden_character"),
        ("张三 ", "text_has_outer_space"),
        ("", "text_is_missing"),
        ("张" * 51, "text_is_too_long"),
    ],
)
def test_a_name_that_only_looks_like_one_is_refused(name: str, want: str) -> None:
    assert codes(check_name(name, "name")) == [want]


@pytest.mark.parametrize("code", ["AB-12/34", "2026", "A(1)"])
def test_a_code_of_ascii_characters_is_accepted(code: str) -> None:
    assert check_code(code, "number", max=10) is None


@pytest.mark.parametrize(
    ("code", "want"),
    [
        ("\uff11\uff12", "code_has_other_characters"),
        ("12 34", "code_has_other_characters"),
        ("12\n", "code_has_other_characters"),
        ("-12", "code_has_other_characters"),
        ("1--2", "code_has_other_characters"),
        ("京12", "code_has_other_characters"),
        ("", "text_is_missing"),
        ("1", "text_is_too_short"),
        ("12345678901", "text_is_too_long"),
    ],
)
def test_a_code_of_other_characters_is_refused(code: str, want: str) -> None:
    refusal = check_code(code, "number", max=10, min=2)
    assert refusal is not None
    assert (refusal.code, refusal.about) == (want, "number")


@pytest.mark.parametrize(
    "phone", ["13800000000", "010-12345678", "0755-1234567", "4000000000", "+85212345678"]
)
def test_a_telephone_number_is_accepted(phone: str) -> None:
    assert check_phone(phone, "phone") is None


@pytest.mark.parametrize(
    "phone",
    [
        "12800000000",
        "1380000000",
        "01012345678",
        "138 0000 0000",
        "\uff11" * 11,
        "+0123",
        "+8613800000000",
        "",
    ],
)
def test_what_is_no_telephone_number_is_refused(phone: str) -> None:
    refusal = check_phone(phone, "phone")
    assert refusal is not None
    assert refusal.code == "phone_is_malformed"

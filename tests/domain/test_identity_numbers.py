"""Numbers of persons and organizations, held against an independent implementation."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from ledger.domain.codes import IdType, Sex
from ledger.domain.credit_code import check_credit_code
from ledger.domain.resident_id import (
    birth_date,
    check_id_number,
    check_resident_id,
    has_birth_date,
    is_place_known,
    sex,
)

PERSONS = ["110101180001010015", "110105180001010029", "110113180012310043"]
ORGANIZATIONS = ["52110101MJ0000000N", "51110105500000000Q"]
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize("text", [*PERSONS, "110116180006300059"])
def test_a_resident_identity_number_is_accepted(text: str) -> None:
    assert check_resident_id(text) is None
    assert is_place_known(text)


def test_a_resident_identity_number_says_when_and_as_what_somebody_was_born() -> None:
    assert (birth_date(PERSONS[0]), sex(PERSONS[0])) == (date(1800, 1, 1), Sex.MALE)
    assert (birth_date(PERSONS[2]), sex(PERSONS[2])) == (date(1800, 12, 31), Sex.FEMALE)
    assert has_birth_date(IdType.RESIDENT_ID)
    assert not has_birth_date(IdType.PASSPORT)


@given(st.dates(date(1800, 1, 1), date(1800, 12, 31)), st.integers(0, 999))
def test_the_check_character_is_the_one_that_others_compute(born: date, sequence: int) -> None:
    body = f"110101{born:%Y%m%d}{sequence:03}"
    right = body + ric.calc_check_digit(body + "0")
    assert check_resident_id(right) is None
    assert birth_date(right) == born
    for character in "0123456789X":
        assert (check_resident_id(body + character) is None) == (body + character == right)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("110107180002290037", "resident_id_has_no_date"),  # 1800 was no leap year
        ("110101180013010015", "resident_id_has_no_date"),
        ("110101000001010015", "resident_id_has_no_date"),
        ("110101180001010016", "resident_id_is_mistyped"),
        ("11010118000101001", "resident_id_is_malformed"),
        ("1101011800010100155", "resident_id_is_malformed"),
        ("110101180001010015\n", "resident_id_is_malformed"),
        ("\uff11\uff11\uff10101180001010015", "resident_id_is_malformed"),
        ("11010118000101００15", "resident_id_is_malformed"),
        ("11010118000101001x", "resident_id_is_malformed"),
        ("010101180001010015", "resident_id_is_malformed"),
        ("", "resident_id_is_malformed"),
    ],
)
def test_what_is_no_resident_identity_number_is_refused(text: str, want: str) -> None:
    refusal = check_resident_id(text)
    assert refusal is not None
    assert (refusal.code, refusal.about) == (want, "id_number")
    assert text not in str(refusal) or not text
    with pytest.raises(ValueError, match="resident identity number"):
        birth_date(text)
    with pytest.raises(ValueError, match="resident identity number"):
        sex(text)


@given(st.sampled_from(PERSONS), st.integers(0, 15))
def test_two_neighbours_exchanged_are_noticed(text: str, place: int) -> None:
    assume(text[place] != text[place + 1])
    digits = list(text)
    digits[place], digits[place + 1] = digits[place + 1], digits[place]
    assert check_resident_id("".join(digits)) is not None


def test_an_unknown_place_is_only_a_warning() -> None:
    body = "990101" + PERSONS[0][6:17]
    text = body + ric.calc_check_digit(body + "0")
    assert check_resident_id(text) is None
    assert not is_place_known(text)


@pytest.mark.parametrize(
    ("id_type", "right", "wrong"),
    [
        (IdType.RESIDENT_ID, PERSONS[0], "E12345678"),
        (IdType.RESIDENCE_PERMIT, PERSONS[0], "H12345678"),
        (IdType.HONG_KONG_ID, "A1234563", "A123456(3)"),
        (IdType.MACAO_ID, "12345678", "1234567(8)"),
        (IdType.TAIWAN_ID, "A123456789", "123456789"),
        (IdType.HONG_KONG_MACAO_PASS, "H12345678", "H1234567801"),
        (IdType.TAIWAN_PASS, "12345678", "1234567"),
        (IdType.PASSPORT, "E12345678", "e12345678"),
        (IdType.OFFICER, "军字第2001988号", "2001988"),
        (IdType.SOLDIER, "士字第P011816449号", "士字第号"),
        (IdType.OTHER, "AB-12/34", "AB--12"),
    ],
)
def test_each_document_admits_one_spelling_of_its_number(
    id_type: IdType, right: str, wrong: str
) -> None:
    assert check_id_number(id_type, right) is None
    assert check_id_number(id_type, wrong, "number") is not None
    assert check_id_number(id_type, f"{right} ") is not None
    assert check_id_number(id_type, "") is not None
    assert check_id_number(id_type, "9" * 100_000) is not None


def test_every_kind_of_document_has_a_rule() -> None:
    for id_type in IdType:
        assert check_id_number(id_type, "!") is not None


@pytest.mark.parametrize("text", ORGANIZATIONS)
def test_a_credit_code_is_accepted(text: str) -> None:
    assert check_credit_code(text) is None
    assert uscc.is_valid(text)


@given(
    st.text("0123456789", min_size=8, max_size=8),
    st.text(CREDIT_ALPHABET, min_size=9, max_size=9),
)
def test_the_check_character_of_a_credit_code_is_the_one_that_others_compute(
    head: str, body: str
) -> None:
    right = head + body + uscc.calc_check_digit(head + body)
    assert check_credit_code(right) is None
    for character in CREDIT_ALPHABET:
        wrong = head + body + character
        assert (check_credit_code(wrong) is None) == (wrong == right)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("52110101MJ0000000M", "credit_code_is_mistyped"),
        ("52110101MJ000000N", "credit_code_is_malformed"),
        ("52110101MJ0000000N0", "credit_code_is_malformed"),
        ("52110101mj0000000N", "credit_code_is_malformed"),
        ("52110101MI0000000N", "credit_code_is_malformed"),
        ("5211010１MJ0000000N", "credit_code_is_malformed"),
        ("52110101MJ0000000N\n", "credit_code_is_malformed"),
        ("", "credit_code_is_malformed"),
    ],
)
def test_what_is_no_credit_code_is_refused(text: str, want: str) -> None:
    refusal = check_credit_code(text, "uscc")
    assert refusal is not None
    assert (refusal.code, refusal.about) == (want, "uscc")

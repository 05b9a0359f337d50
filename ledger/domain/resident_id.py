"""Numbers of identity documents: the resident identity number (GB 11643), and the others.

Eighteen characters: six digits of the place, the date of birth, three digits of sequence and
a check character modulo 11-2, `X` in upper case. That the sequence is odd for men and even
for women is common knowledge, not confirmed from the standard. The place says where the
number was first given, perhaps under a code that is gone: an unknown one is a warning only.
"""

import re
from collections.abc import Mapping
from datetime import date

from ledger.domain.codes import IdType, Sex
from ledger.domain.refusal import Refusal

_FORM = re.compile(r"[1-9][0-9]{16}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_REGION = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
"""The first two digits of the places (GB/T 2260); 81–83 also stand on residence permits."""

_MILITARY = re.compile(r"[一-龥]{1,3}字第[0-9A-Z]{4,10}号")
_OTHERS: Mapping[IdType, re.Pattern[str]] = {
    IdType.HONG_KONG_ID: re.compile(r"[A-Z]{1,2}[0-9]{6}[0-9A]"),
    IdType.MACAO_ID: re.compile(r"[0-9]{8}"),
    IdType.TAIWAN_ID: re.compile(r"[A-Z][0-9]{9}"),
    IdType.HONG_KONG_MACAO_PASS: re.compile(r"[HM][0-9]{8}"),
    IdType.TAIWAN_PASS: re.compile(r"[0-9]{8}"),
    IdType.PASSPORT: re.compile(r"[0-9A-Z]{5,20}"),
    IdType.OFFICER: _MILITARY,
    IdType.SOLDIER: _MILITARY,
    IdType.OTHER: re.compile(r"[0-9A-Z](?:[0-9A-Z]|[-/](?=[0-9A-Z])){3,29}"),
}
"""Practice. Each admits one spelling, without brackets: one person is registered once."""


def check_resident_id(text: str, about: str = "id_number") -> Refusal | None:
    """Return why a text is no resident identity number, or None if it is one."""
    if not _FORM.fullmatch(text):
        return Refusal("resident_id_is_malformed", about)
    if _born(text) is None:
        return Refusal("resident_id_has_no_date", about)
    if text[17] != _check_character(text):
        return Refusal("resident_id_is_mistyped", about)
    return None


def check_id_number(id_type: IdType, text: str, about: str = "id_number") -> Refusal | None:
    """Return why a text cannot be the number of a document of this type, or None."""
    if id_type in (IdType.RESIDENT_ID, IdType.RESIDENCE_PERMIT):
        return check_resident_id(text, about)
    if not _OTHERS[id_type].fullmatch(text):
        return Refusal("id_number_is_malformed", about, {"id_type": id_type.value})
    return None


def has_birth_date(id_type: IdType) -> bool:
    """Return whether the number of such a document says when and as what one was born."""
    return id_type in (IdType.RESIDENT_ID, IdType.RESIDENCE_PERMIT)


def birth_date(text: str) -> date:
    """Return the date of birth in a resident identity number.

    Raises:
        ValueError: The text is no such number: a programmer's mistake.
    """
    born = _born(text) if check_resident_id(text) is None else None
    if born is None:
        raise ValueError("a resident identity number is wanted")
    return born


def sex(text: str) -> Sex:
    """Return the sex in a resident identity number: odd sequence male, even female.

    Raises:
        ValueError: The text is no such number: a programmer's mistake.
    """
    if check_resident_id(text) is not None:
        raise ValueError("a resident identity number is wanted")
    return Sex.MALE if int(text[16]) % 2 else Sex.FEMALE


def is_place_known(text: str) -> bool:
    """Return whether a number begins with a region that there is; a warning if not."""
    return _REGION.match(text) is not None


def _born(text: str) -> date | None:
    try:
        return date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return None


def _check_character(text: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    return _CHECK[total % 11]

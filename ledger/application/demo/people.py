"""Names and numbers of nobody: volunteers born in the year 1800, bodies that there are not."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_RARE = ("欧阳𫍯", "王𠮷祥", "李䶮", "张㐂", "陈𤋮", "诸葛𬀩")
"""Names that not every font has (GB 18030)."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FIRST_BIRTHDAY = date(1800, 1, 1)
_SKILLS = ("first_aid", "driving")
_CONSENT = {"purpose": "entry_by_organization", "evidence": "cd" * 32}


def name_of(number: int) -> str:
    """Return the name of the volunteer of a number, from 0: told apart, and nobody's."""
    if number % 97 == 0:
        return _RARE[number // 97 % len(_RARE)]
    surname = _SURNAMES[number % len(_SURNAMES)]
    return f"{surname}示例{_hundreds(number // len(_SURNAMES))}"


def _hundreds(number: int) -> str:
    digits = "零一二三四五六七八九"
    return "".join(digits[int(each)] for each in str(number))


def resident_id(district: str, number: int) -> str:
    """Return the resident identity number of somebody born in the year 1800 (GB 11643)."""
    born = _FIRST_BIRTHDAY + timedelta(days=number % 364)
    body = f"{district}{born:%Y%m%d}{number // 364 + 1:03}"
    total = sum(int(each) * weight for each, weight in zip(body, _WEIGHTS, strict=True))
    return body + _CHECK[total % 11]


def credit_code(district: str, number: int) -> str:
    """Return the unified social credit code of a body that there is not (GB 32100)."""
    body = f"52{district}{number:09}"
    total = sum(_DIGITS.index(each) * pow(3, place, 31) for place, each in enumerate(body))
    return body + _DIGITS[-total % 31]


def registration(district: str, street: str, number: int, **changes: Any) -> dict[str, Any]:
    """Return the registration of a volunteer as it is sent."""
    id_number = resident_id(district, number)
    born = f"{id_number[6:10]}-{id_number[10:12]}-{id_number[12:14]}"
    particulars: Mapping[str, Any] = {
        "name": name_of(number),
        "sex": "1" if int(id_number[16]) % 2 else "2",
        "birth_date": born,
        "id_type": "resident_id",
        "id_number": id_number,
        "residence_area": street,
        "contact": f"138{number:08}",
        "skills": [_SKILLS[number % len(_SKILLS)]],
        "service_categories": ["community"],
        **changes,
    }
    return {"particulars": particulars, "policy": "ab" * 32, "consents": [_CONSENT]}

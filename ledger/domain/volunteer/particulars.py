"""A volunteer's particulars: what the rules ask for, and what she may add by consent.

Mandatory by Order 67, Art. 5 and 340号 Art. 6; a volunteer number, where one was given, by
149号 for the certificate; the others only with a consent that names them (340号 Art. 6).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Final

from ledger.domain.codes import (
    Coded,
    Education,
    Employment,
    Ethnicity,
    IdType,
    PoliticalStatus,
    ServiceCategory,
    Sex,
    Skill,
)


class Availability(Coded):
    """When somebody can serve 可服务时间: parts of the days of a week, and of holidays.

    The national form has 24 slots as well; what each of them means was not read.
    """

    MONDAY_MORNING = "monday_morning", "Monday morning", "星期一上午"
    MONDAY_AFTERNOON = "monday_afternoon", "Monday afternoon", "星期一下午"
    MONDAY_EVENING = "monday_evening", "Monday evening", "星期一晚上"
    TUESDAY_MORNING = "tuesday_morning", "Tuesday morning", "星期二上午"
    TUESDAY_AFTERNOON = "tuesday_afternoon", "Tuesday afternoon", "星期二下午"
    TUESDAY_EVENING = "tuesday_evening", "Tuesday evening", "星期二晚上"
    WEDNESDAY_MORNING = "wednesday_morning", "Wednesday morning", "星期三上午"
    WEDNESDAY_AFTERNOON = "wednesday_afternoon", "Wednesday afternoon", "星期三下午"
    WEDNESDAY_EVENING = "wednesday_evening", "Wednesday evening", "星期三晚上"
    THURSDAY_MORNING = "thursday_morning", "Thursday morning", "星期四上午"
    THURSDAY_AFTERNOON = "thursday_afternoon", "Thursday afternoon", "星期四下午"
    THURSDAY_EVENING = "thursday_evening", "Thursday evening", "星期四晚上"
    FRIDAY_MORNING = "friday_morning", "Friday morning", "星期五上午"
    FRIDAY_AFTERNOON = "friday_afternoon", "Friday afternoon", "星期五下午"
    FRIDAY_EVENING = "friday_evening", "Friday evening", "星期五晚上"
    SATURDAY_MORNING = "saturday_morning", "Saturday morning", "星期六上午"
    SATURDAY_AFTERNOON = "saturday_afternoon", "Saturday afternoon", "星期六下午"
    SATURDAY_EVENING = "saturday_evening", "Saturday evening", "星期六晚上"
    SUNDAY_MORNING = "sunday_morning", "Sunday morning", "星期日上午"
    SUNDAY_AFTERNOON = "sunday_afternoon", "Sunday afternoon", "星期日下午"
    SUNDAY_EVENING = "sunday_evening", "Sunday evening", "星期日晚上"
    HOLIDAY_MORNING = "holiday_morning", "holiday morning", "节假日上午"
    HOLIDAY_AFTERNOON = "holiday_afternoon", "holiday afternoon", "节假日下午"
    HOLIDAY_EVENING = "holiday_evening", "holiday evening", "节假日晚上"


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """One person as she is registered; a value, whole or not there at all."""

    name: str
    sex: Sex
    birth_date: date
    id_type: IdType
    id_number: str
    residence_area: str
    """A division code."""
    contact: str
    """A telephone number."""
    skills: tuple[Skill, ...]
    service_categories: tuple[ServiceCategory, ...]
    volunteer_number: str | None = None
    ethnicity: Ethnicity | None = None
    political_status: PoliticalStatus | None = None
    education: Education | None = None
    employment: Employment | None = None
    work_unit: str | None = None
    availability: tuple[Availability, ...] = ()


class Fact(Coded):
    """A particular by its name, as amendments, corrections and consents speak of it."""

    NAME = "name", "name", "姓名"
    SEX = "sex", "sex", "性别"
    BIRTH_DATE = "birth_date", "date of birth", "出生日期"
    ID_TYPE = "id_type", "kind of identity document", "证件类型"
    ID_NUMBER = "id_number", "number of the identity document", "身份证件号码"
    RESIDENCE_AREA = "residence_area", "area of residence", "居住区域"
    CONTACT = "contact", "telephone number", "联系方式"
    SKILLS = "skills", "skills", "专业技能"
    SERVICE_CATEGORIES = "service_categories", "categories of service", "服务类别"
    VOLUNTEER_NUMBER = "volunteer_number", "volunteer number", "志愿者编号"
    ETHNICITY = "ethnicity", "ethnicity", "民族"
    POLITICAL_STATUS = "political_status", "political status", "政治面貌"
    EDUCATION = "education", "education", "学历"
    EMPLOYMENT = "employment", "employment", "从业状况"
    WORK_UNIT = "work_unit", "place of work or study", "单位"
    AVAILABILITY = "availability", "times at which she can serve", "可服务时间"


IDENTIFYING: Final = frozenset(
    {Fact.NAME, Fact.SEX, Fact.BIRTH_DATE, Fact.ID_TYPE, Fact.ID_NUMBER}
)
"""Who changes one of these makes another person of her: it takes evidence, and a new check."""

OPTIONAL: Final = frozenset(
    {
        Fact.ETHNICITY,
        Fact.POLITICAL_STATUS,
        Fact.EDUCATION,
        Fact.EMPLOYMENT,
        Fact.WORK_UNIT,
        Fact.AVAILABILITY,
    }
)
"""Kept only with a consent that names them (340号 Art. 6; PIPL 6)."""

_BLANK: Mapping[Fact, object] = {Fact.AVAILABILITY: ()}


class ConfirmationMethod(Coded):
    """How somebody made sure of a person's real name (慈善法 Art. 66); the ways are ours."""

    DOCUMENT_SEEN = "document_seen", "the document was seen, with its bearer", "当面核对证件"
    AUTHORITY_ASKED = "authority_asked", "the issuing authority confirmed it", "经发证机关核验"
    COPY_SEEN = "copy_seen", "a copy of the document was seen", "核对证件复印件"


def given_optional(particulars: Particulars) -> tuple[Fact, ...]:
    """Return those optional facts that have a value, in the order of their names."""
    return tuple(
        fact for fact in sorted(OPTIONAL) if getattr(particulars, fact) != _BLANK.get(fact)
    )


def without(particulars: Particulars, facts: frozenset[Fact]) -> Particulars:
    """Return the same particulars with these optional facts left blank."""
    values = {each.name: getattr(particulars, each.name) for each in fields(particulars)}
    blank = {str(fact): _BLANK.get(fact) for fact in facts & OPTIONAL}
    return Particulars(**values | blank)


def changed_facts(before: Particulars, after: Particulars) -> tuple[Fact, ...]:
    """Return the facts in which two particulars differ, in the order of their names."""
    return tuple(fact for fact in sorted(Fact) if getattr(before, fact) != getattr(after, fact))

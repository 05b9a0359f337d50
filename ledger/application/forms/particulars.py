"""Forms of a volunteer's particulars: whole when she is registered, in part when they change.

What else is sent is not dropped unseen: the domain refuses it by its name, and says so where
it may never be asked for (北京市志愿服务信用信息管理办法 Art. 6).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from ledger.application.forms.fields import Day, Form, Text
from ledger.domain.codes import (
    Education,
    Employment,
    Ethnicity,
    IdType,
    PoliticalStatus,
    ServiceCategory,
    Sex,
    Skill,
)
from ledger.domain.volunteer import Availability, Particulars

CHOICES_MAX = 50
_BY_CONSENT = "; kept only with a consent that names it 须单独同意"


class OpenForm(Form):
    """A form that hands on what it does not know, so that it is refused by name."""

    model_config = ConfigDict(
        extra="allow", frozen=True, json_schema_extra={"additionalProperties": False}
    )

    @property
    def extras(self) -> Mapping[str, object]:
        """What was sent beside the fields, by its name."""
        return self.model_extra or {}


Name = Annotated[Text, Field(description="Real name 姓名", examples=["王𠮷祥"])]
SexCode = Annotated[Sex, Field(description="Sex, GB/T 2261.1 性别", examples=["2"])]
BirthDate = Annotated[Day, Field(description="Date of birth 出生日期", examples=["1800-01-01"])]
IdKind = Annotated[
    IdType, Field(description="Kind of identity document 证件类型", examples=["resident_id"])
]
IdNumber = Annotated[
    Text,
    Field(
        description="Its number, X in upper case 身份证件号码", examples=["110105180001010029"]
    ),
]
Area = Annotated[
    Text, Field(description="Division code of where she lives 居住区域", examples=["110101001"])
]
Contact = Annotated[Text, Field(description="Telephone 联系方式", examples=["13800000001"])]
Skills = Annotated[
    list[Skill],
    Field(description="Skills 专业技能", max_length=CHOICES_MAX, examples=[["first_aid"]]),
]
Categories = Annotated[
    list[ServiceCategory],
    Field(
        description="Categories of service, at most four 服务类别",
        max_length=CHOICES_MAX,
        examples=[["community"]],
    ),
]
Number = Annotated[
    Text | None, Field(description="Volunteer number, where she has one 志愿者编号")
]
EthnicityCode = Annotated[
    Ethnicity | None, Field(description=f"Ethnicity, GB/T 3304 民族{_BY_CONSENT}")
]
PoliticalCode = Annotated[
    PoliticalStatus | None,
    Field(description=f"Political status, GB/T 4762 政治面貌{_BY_CONSENT}"),
]
EducationCode = Annotated[
    Education | None, Field(description=f"Education, GB/T 4658 学历{_BY_CONSENT}")
]
EmploymentCode = Annotated[
    Employment | None, Field(description=f"Employment, GB/T 2261.4 从业状况{_BY_CONSENT}")
]
WorkUnit = Annotated[
    Text | None, Field(description=f"Place of work or study 单位{_BY_CONSENT}")
]
Times = Annotated[
    list[Availability],
    Field(
        description=f"Times at which she can serve 可服务时间{_BY_CONSENT}",
        max_length=CHOICES_MAX,
    ),
]


class ParticularsForm(OpenForm):
    """A person as she is registered 志愿者基本信息 (Order 67, Art. 5)."""

    name: Name
    sex: SexCode
    birth_date: BirthDate
    id_type: IdKind
    id_number: IdNumber
    residence_area: Area
    contact: Contact
    skills: Skills
    service_categories: Categories
    volunteer_number: Number = None
    ethnicity: EthnicityCode = None
    political_status: PoliticalCode = None
    education: EducationCode = None
    employment: EmploymentCode = None
    work_unit: WorkUnit = None
    availability: Times = Field(default=[])

    def particulars(self) -> Particulars:
        """Return them as the domain has them."""
        return Particulars(**_values(self))


_AS_IT_IS: Any = None
"""The default of a change that is not asked for: `model_fields_set` tells it from a null."""


class ChangesForm(OpenForm):
    """Those particulars that are to be others; what is left out stays as it is."""

    name: Name = _AS_IT_IS
    sex: SexCode = _AS_IT_IS
    birth_date: BirthDate = _AS_IT_IS
    id_type: IdKind = _AS_IT_IS
    id_number: IdNumber = _AS_IT_IS
    residence_area: Area = _AS_IT_IS
    contact: Contact = _AS_IT_IS
    skills: Skills = _AS_IT_IS
    service_categories: Categories = _AS_IT_IS
    volunteer_number: Number = None
    ethnicity: EthnicityCode = None
    political_status: PoliticalCode = None
    education: EducationCode = None
    employment: EmploymentCode = None
    work_unit: WorkUnit = None
    availability: Times = _AS_IT_IS

    def applied_to(self, particulars: Particulars) -> Particulars:
        """Return particulars with these changes."""
        asked = type(self).model_fields.keys() & self.model_fields_set
        values = _values(self)
        return replace(particulars, **{name: values[name] for name in asked})


def _values(form: OpenForm) -> dict[str, Any]:
    values = {name: getattr(form, name) for name in type(form).model_fields}
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in values.items()
    }

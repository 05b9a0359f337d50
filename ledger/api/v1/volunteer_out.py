"""What the API says of volunteers: in full, or masked where the reader need not know."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel, Field

from ledger.application.disclosing import Reader
from ledger.application.masking import MaskedParticulars
from ledger.application.volunteer_reading import Profile, Totals
from ledger.application.volunteer_search import Found, Listed
from ledger.domain.account import Credit
from ledger.domain.codes import GuardianRelation, IdType, ServiceCategory, Sex, Skill
from ledger.domain.disclosed import DisclosurePurpose
from ledger.domain.volunteer import Availability, Consenter, Fact, Particulars, Purpose

M = TypeVar("M", bound=BaseModel)


class ParticularsOut(BaseModel):
    """Particulars 基本信息; masked ones lack the day of birth and what is kept by consent."""

    name: str = Field(description="姓名", examples=["王*"])
    sex: Sex
    birth_year: int
    birth_date: date | None = Field(description="null where masked 出生日期")
    id_type: IdType
    id_number: str = Field(description="身份证件号码", examples=["*0029"])
    residence_area: str = Field(description="Masked: down to the street 居住区域")
    contact: str = Field(description="联系方式", examples=["*0001"])
    skills: list[Skill]
    service_categories: list[ServiceCategory]
    volunteer_number: str | None
    ethnicity: str | None = None
    political_status: str | None = None
    education: str | None = None
    employment: str | None = None
    work_unit: str | None = None
    availability: list[Availability] = []


class GuardianOut(BaseModel):
    """A guardian 监护人."""

    name: str
    relation: GuardianRelation
    contact: str


class ConsentOut(BaseModel):
    """A consent 同意; one that has ended is history."""

    id: UUID
    purpose: Purpose
    facts: list[Fact]
    given_by: Consenter
    given_on: date
    ended_on: date | None


class CorrectionOut(BaseModel):
    """What she is asked to set right 待答复的更正要求."""

    id: UUID
    facts: list[Fact]


class StarOut(BaseModel):
    """Stars 星级 for which she may apply by her time; quality counts as well."""

    eligible_by_time: int = Field(description="按时长可申报的星级;星级评定另看服务质量")
    hours: list[int] = Field(description="各级所需小时数")
    minutes_missing: int | None = Field(description="距下一级所差分钟数")


class TotalsOut(BaseModel):
    """What counts for her 累计."""

    minutes: int
    hours: str = Field(
        description="As the rules of today print the sum 按当前规则折算的小时",
        examples=["12.50"],
    )
    records: dict[str, int] = Field(description="By stage 各阶段记录数")
    star: StarOut
    seq: int = Field(description="The last entry of her account, -1 if none 账户最后条目")


class ProfileOut(BaseModel):
    """A volunteer 志愿者; what was erased is null."""

    id: UUID
    version: int
    seq: int = Field(description="The last entry that it rests on 依据的最后条目")
    as_of: int | None = Field(description="The size of the log that was asked for 截至条目数")
    is_masked: bool
    is_erased: bool
    is_confirmed: bool = Field(description="Whether her real name was checked 是否实名确认")
    into: UUID | None = Field(description="Where it counts, if merged 并入的登记")
    absorbed: list[UUID] = Field(description="What counts here as well 已并入的登记")
    particulars: ParticularsOut | None
    guardian: GuardianOut | None
    consents: list[ConsentOut]
    corrections: list[CorrectionOut]
    totals: TotalsOut


class VolunteerRow(BaseModel):
    """A volunteer in a list 志愿者."""

    id: UUID
    name: str = Field(examples=["王*"])
    registered_on: date
    status: str
    into: UUID | None
    is_confirmed: bool
    is_erased: bool
    since: int = Field(description="The entry by which it is so 依据的条目")


class FoundOut(BaseModel):
    """A volunteer who was looked for 查找结果."""

    id: UUID
    version: int
    is_confirmed: bool
    into: UUID | None
    particulars: ParticularsOut


class CreditOut(BaseModel):
    """Minutes of one confirmed record 计入的时长."""

    record: UUID
    recorded_for: UUID = Field(description="Whom the record names 记录所属登记")
    organization: UUID
    day: date
    start: datetime
    end: datetime
    minutes: int


class ReaderOut(BaseModel):
    """Who was shown particulars in clear 查看明文信息的人员."""

    seq: int
    time: datetime
    by: str = Field(examples=["staff:018f6d0e-5f0a-4c1e-9d51-0a8f3c2b7e10"])
    organization: UUID
    organization_name: str | None
    purpose: DisclosurePurpose


def profile_out(profile: Profile, as_of: int | None) -> ProfileOut:
    """Return a profile as it is handed out."""
    said, guardian = profile.particulars, profile.guardian
    return ProfileOut(
        id=profile.id,
        version=profile.version,
        seq=profile.seq,
        as_of=as_of,
        is_masked=profile.is_masked,
        is_erased=profile.is_erased,
        is_confirmed=profile.is_confirmed,
        into=profile.into,
        absorbed=list(profile.absorbed),
        particulars=None if said is None else particulars_out(said),
        guardian=None if guardian is None else _alike(GuardianOut, guardian),
        consents=_all(ConsentOut, profile.consents),
        corrections=_all(CorrectionOut, profile.corrections),
        totals=_totals(profile.totals),
    )


def particulars_out(said: Particulars | MaskedParticulars) -> ParticularsOut:
    """Return particulars as they are handed out."""
    names = ParticularsOut.model_fields.keys() - {"birth_date", "birth_year"}
    values = {name: getattr(said, name) for name in names if hasattr(said, name)}
    if isinstance(said, MaskedParticulars):
        return ParticularsOut(birth_year=said.birth_year, birth_date=None, **values)
    born = said.birth_date
    return ParticularsOut(birth_year=born.year, birth_date=born, **values)


def row_out(listed: Listed) -> VolunteerRow:
    """Return a row of a list as it is handed out."""
    return _alike(VolunteerRow, listed)


def found_out(found: Found) -> FoundOut:
    """Return somebody who was found as she is handed out."""
    return FoundOut(
        id=found.id,
        version=found.version,
        is_confirmed=found.is_confirmed,
        into=found.into,
        particulars=particulars_out(found.particulars),
    )


def credit_out(credit: Credit) -> CreditOut:
    """Return a credit as it is handed out."""
    return _alike(CreditOut, credit)


def reader_out(reader: Reader) -> ReaderOut:
    """Return a reader as she is handed out."""
    return ReaderOut(
        seq=reader.seq,
        time=reader.at,
        by=reader.by.text(),
        organization=reader.organization,
        organization_name=reader.organization_name,
        purpose=reader.purpose,
    )


def _totals(totals: Totals) -> TotalsOut:
    star = totals.star
    return TotalsOut(
        minutes=totals.minutes,
        hours=totals.hours,
        records=dict(totals.records),
        star=StarOut(
            eligible_by_time=star.level,
            hours=list(star.hours),
            minutes_missing=star.minutes_missing,
        ),
        seq=totals.seq,
    )


def _alike(model: type[M], value: object) -> M:
    """Return a value as the model whose fields it has."""
    return model(**{name: getattr(value, name) for name in model.model_fields})


def _all(model: type[M], values: Sequence[object]) -> list[M]:
    return [_alike(model, each) for each in values]

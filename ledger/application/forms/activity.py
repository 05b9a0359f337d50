"""Forms of activities: registered, changed before their end, amended after it, cancelled."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from ledger.application.forms.activity_parts import (
    CoordinatesForm,
    PostForm,
    SignPointForm,
)
from ledger.application.forms.fields import Count, Day, Flag, Form, Id, Text
from ledger.application.forms.record import EvidenceForm
from ledger.domain.activity import (
    CancelActivity,
    ChangeActivity,
    Particulars,
    ProposeActivityAmendment,
    RegisterActivity,
    RejectActivityAmendment,
)
from ledger.domain.codes import (
    AdmissionMode,
    Guarantee,
    ServiceCategory,
    ServiceObject,
    WithoutCoordinates,
)

ITEMS_MAX = 50
"""Items of a list that is taken in at all; the domain's bounds are narrower."""
_ID = "018f6d0e-5f0a-4c1e-9d51-0a8f3c2b7e10"

Reason = Annotated[Text, Field(description="Reason; it names nobody 理由(不得写明个人)")]


class ParticularsForm(Form):
    """What is said of an activity 活动信息 (Order 67, Art. 7; pilot plan, 三(三))."""

    name: Text = Field(description="活动名称", examples=["重阳助老"])
    starts_on: Day = Field(description="First day 开始日期", examples=["2026-11-01"])
    ends_on: Day = Field(description="Last day 结束日期", examples=["2026-11-20"])
    admission_mode: AdmissionMode = Field(
        description="Whom it takes; `back_entry` is for what is registered after its end "
        "招募范围(结束后登记的为时间补录)",
        examples=["public"],
    )
    recruits_from: Day | None = Field(
        None, description="First day of recruiting 招募开始", examples=["2026-10-10"]
    )
    recruits_until: Day | None = Field(
        None, description="Last day of recruiting 招募截止", examples=["2026-10-31"]
    )
    place: Text = Field(description="地点", examples=["东华门街道文化站"])
    coordinates: CoordinatesForm | None = Field(
        None, description="Where the place is; otherwise `without_coordinates` 地点经纬度"
    )
    without_coordinates: WithoutCoordinates | None = Field(
        None, description="Why there are none; `unknown` for back entries alone 无坐标原因"
    )
    division: Text = Field(description="行政区划代码", examples=["110101001001"])
    service_objects: list[ServiceObject] = Field(
        description="For whom 服务对象", max_length=ITEMS_MAX, examples=[["elderly"]]
    )
    categories: list[ServiceCategory] = Field(
        description="Categories 服务类别", max_length=ITEMS_MAX, examples=[["community"]]
    )
    content: Text = Field(description="服务内容", examples=["陪伴老人,打扫居室。"])
    person_in_charge: Id | None = Field(
        None,
        description="Who is in charge; left out, a new person 活动负责人(新人员不填)",
        examples=[_ID],
    )
    person_in_charge_name: Text = Field(description="负责人姓名", examples=["张示例"])
    person_in_charge_phone: Text | None = Field(
        None, description="负责人电话", examples=["13800000000"]
    )
    head_count: Count = Field(description="Volunteers in all 总人数", examples=[12])
    risk_notice: Text | None = Field(None, description="风险告知", examples=["已告知登高风险"])
    agreement: Text | None = Field(None, description="协议")
    insurance: Text | None = Field(None, description="保险")
    training_required: Flag = Field(
        default=False, description="Nobody serves untrained 是否须经培训", examples=[False]
    )
    guarantees: list[Guarantee] = Field(
        [], description="志愿者保障", max_length=ITEMS_MAX, examples=[["insurance"]]
    )
    posts: list[PostForm] = Field([], description="岗位", max_length=ITEMS_MAX)
    sign_points: list[SignPointForm] = Field([], description="签到/退点", max_length=ITEMS_MAX)

    def particulars(self, fresh: UUID) -> Particulars:
        """Return what is said as the domain has it; a new person in charge gets a fresh id."""
        person = self.person_in_charge
        return Particulars(
            name=self.name,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            place=self.place,
            division=self.division,
            service_objects=tuple(self.service_objects),
            categories=tuple(self.categories),
            content=self.content,
            person_in_charge=fresh if person is None else person,
            person_in_charge_name=self.person_in_charge_name,
            person_in_charge_phone=self.person_in_charge_phone,
            head_count=self.head_count,
            risk_notice=self.risk_notice,
            agreement=self.agreement,
            insurance=self.insurance,
            admission_mode=self.admission_mode,
            recruits_from=self.recruits_from,
            recruits_until=self.recruits_until,
            coordinates=None if self.coordinates is None else self.coordinates.coordinates(),
            without_coordinates=self.without_coordinates,
            guarantees=tuple(self.guarantees),
            training_required=self.training_required,
            posts=tuple(each.post() for each in self.posts),
            sign_points=tuple(each.sign_point() for each in self.sign_points),
        )


class ActivityForm(ParticularsForm):
    """A new activity 登记活动, which the organization that sends it will record."""

    organizer: Id | None = Field(
        None,
        description="Who holds it; left out, who records it 活动组织单位",
        examples=[_ID],
    )
    guiding_organization: Id | None = Field(
        None, description="Who guides a group that is no legal person 指导单位"
    )
    declared: Flag = Field(
        description="It is none of what is no volunteer service (Order 67, Art. 19) "
        "声明不属于不得记录的情形",
        examples=[True],
    )
    back_entry_reason: Text | None = Field(
        None, description="Why it is registered after its end 补登原因"
    )
    evidence: list[EvidenceForm] = Field([], description="佐证", max_length=ITEMS_MAX)
    truth_declared: Flag = Field(
        default=False,
        description="What is registered after its end is true 声明补登内容真实",
        examples=[True],
    )

    def command(
        self, activity: UUID, project_no: str, recorder: UUID, fresh: UUID
    ) -> RegisterActivity:
        """Return the command that it stands for, ``recorder`` being who records it."""
        return RegisterActivity(
            activity=activity,
            project_no=project_no,
            organizer=recorder if self.organizer is None else self.organizer,
            guiding_organization=self.guiding_organization,
            declared=self.declared,
            particulars=self.particulars(fresh),
            back_entry_reason=self.back_entry_reason,
            evidence=tuple(each.evidence() for each in self.evidence),
            truth_declared=self.truth_declared,
        )


class ChangeForm(ParticularsForm):
    """All particulars anew, before it is over 变更活动; what is left out is none."""

    reason: Reason = Field(examples=["场地停电。"])

    def command(self, fresh: UUID) -> ChangeActivity:
        """Return the command that it stands for."""
        return ChangeActivity(particulars=self.particulars(fresh), reason=self.reason)


class ProposalForm(ParticularsForm):
    """All particulars as they really were, after it is over 更正活动; another one decides."""

    reason: Reason = Field(examples=["漏计两人。"])

    def command(self, amendment: UUID, fresh: UUID) -> ProposeActivityAmendment:
        """Return the command that it stands for."""
        return ProposeActivityAmendment(
            amendment=amendment, particulars=self.particulars(fresh), reason=self.reason
        )


class RejectionForm(Form):
    """Why an amendment is not agreed to 不同意更正."""

    reason: Reason = Field(examples=["名册为十二人。"])

    def command(self, amendment: UUID) -> RejectActivityAmendment:
        """Return the command that it stands for."""
        return RejectActivityAmendment(amendment=amendment, reason=self.reason)


class CancellationForm(Form):
    """Why an activity does not take place 取消活动."""

    reason: Reason = Field(examples=["大风停办。"])

    def command(self) -> CancelActivity:
        """Return the command that it stands for."""
        return CancelActivity(reason=self.reason)

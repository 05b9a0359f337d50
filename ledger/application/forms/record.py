"""Forms of service records: what is entered, objected to, reviewed and amended."""

from typing import Annotated, Literal

from pydantic import Field

from ledger.application.forms.fields import Count, Day, Digest, Flag, Form, Id, Moment, Text
from ledger.domain.activity import Activity
from ledger.domain.codes import Channel, EvidenceKind, ServiceObject
from ledger.domain.evidence import Evidence
from ledger.domain.record import ObjectionKind, Service

ITEMS_MAX = 50
_ID = "018f6d0e-5f0a-4c1e-9d51-0a8f3c2b7e10"

Example = Annotated[Text, Field(examples=["核对签到表后更正结束时间。"])]


class EvidenceForm(Form):
    """Evidence 佐证: its kind, and the digest of a file that is kept elsewhere."""

    kind: EvidenceKind
    sha256: Digest = Field(examples=["ab" * 32])

    def evidence(self) -> Evidence:
        """Return it as the domain has it."""
        return Evidence(kind=self.kind, sha256=self.sha256)


class EvaluationForm(Form):
    """Evaluation 服务质量评价 (Order 67, Art. 10): three ratings from 1 to 5."""

    date: Day = Field(description="Date of the evaluation 评价日期", examples=["2026-11-23"])
    punctuality: Count = Field(description="守时程度", examples=[5])
    attitude: Count = Field(description="服务态度", examples=[5])
    skill: Count = Field(description="专业水平", examples=[4])
    evaluator: Id = Field(description="Who rated 评价人", examples=[_ID])
    text: Text | None = Field(None, description="评价文字", examples=["认真负责。"])


class ServiceForm(Form):
    """What was served in one session 服务信息; what is left out is the activity's."""

    start: Moment = Field(description="开始时间", examples=["2026-11-20T09:00+08:00"])
    end: Moment = Field(description="结束时间", examples=["2026-11-20T12:00+08:00"])
    break_minutes: Count = Field(0, description="Rest and meals 休息分钟数", examples=[30])
    place: Text | None = Field(None, description="地点", examples=["建外街道文化站"])
    division: Text | None = Field(None, description="行政区划代码", examples=["110105001"])
    service_objects: list[ServiceObject] | None = Field(
        None, description="服务对象", max_length=ITEMS_MAX, examples=[["elderly"]]
    )
    post: Text | None = Field(None, description="岗位", examples=["陪护"])
    content: Text = Field(description="服务内容", examples=["陪伴老人,打扫居室。"])
    evaluation: EvaluationForm

    def service(self, activity: Activity) -> Service:
        """Return what was served in an activity, with what is left out as it is there now."""
        said = activity.particulars
        objects = self.service_objects
        evaluation = self.evaluation
        return Service(
            start=self.start,
            end=self.end,
            break_minutes=self.break_minutes,
            place=said.place if self.place is None else self.place,
            division=said.division if self.division is None else self.division,
            service_objects=said.service_objects if objects is None else tuple(objects),
            post=self.post,
            content=self.content,
            evaluation_date=evaluation.date,
            punctuality=evaluation.punctuality,
            attitude=evaluation.attitude,
            skill=evaluation.skill,
            evaluator=evaluation.evaluator,
            evaluation_text=evaluation.text,
        )


class EntryForm(ServiceForm):
    """What an entry says beside the service: who answers for it, and what it rests on."""

    recorder: Id | None = Field(
        None, description="Recorder; left out, whoever sends it 记录人", examples=[_ID]
    )
    channel: Literal[Channel.TYPED, Channel.PAPER, Channel.SIGNED_IN] = Field(
        Channel.TYPED,
        description="How it was entered; `signed_in` within a whole session of signing in; "
        "a signed submission is `api` 录入渠道",
    )
    evidence: list[EvidenceForm] = Field([], description="佐证", max_length=ITEMS_MAX)
    back_entry_reason: Text | None = Field(
        None, description="Why it comes late 补录原因", examples=["活动当日系统停用。"]
    )

    def evidences(self) -> tuple[Evidence, ...]:
        """Return what the entry rests on."""
        return tuple(each.evidence() for each in self.evidence)


class RecordForm(EntryForm):
    """A new record 服务记录."""

    activity: Id = Field(description="活动", examples=[_ID])
    volunteer: Id = Field(description="志愿者", examples=[_ID])


class ResubmissionForm(EntryForm):
    """A returned record, entered anew 重新提交."""


class ReasonForm(Form):
    """A reason 理由."""

    reason: Example = Field(description="理由")


class ObjectionForm(Form):
    """An objection 异议; a volunteer objects as herself."""

    kind: ObjectionKind
    text: Text = Field(description="异议内容", examples=["当天没有看到她。"])
    contact: Text | None = Field(None, description="联系方式")
    objector: Id | None = Field(
        None, description="Whom an organization writes it down for; left out, a new id 异议人"
    )


class ObjectionDecisionForm(ReasonForm):
    """Whether an objection is right 异议处理."""

    upheld: Flag = Field(description="是否成立", examples=[False])


class AmendmentForm(ServiceForm):
    """What a record should be instead, complete 更正."""

    reason: Example = Field(description="更正理由")
    evidence: list[EvidenceForm] = Field([], max_length=ITEMS_MAX)

    def evidences(self) -> tuple[Evidence, ...]:
        """Return what the proposal rests on."""
        return tuple(each.evidence() for each in self.evidence)


class VoidingForm(ReasonForm):
    """Why a record should count no more 作废."""

    evidence: list[EvidenceForm] = Field([], max_length=ITEMS_MAX)

    def evidences(self) -> tuple[Evidence, ...]:
        """Return what the proposal rests on."""
        return tuple(each.evidence() for each in self.evidence)


class ReplyForm(Form):
    """What the volunteer says of a proposal 答复."""

    text: Text = Field(description="答复内容", examples=["情况属实,同意更正。"])

"""Forms of the rules: a rule set that is enacted, a year's working days that are published."""

from pydantic import Field

from ledger.application.forms.fields import Count, Day, Form, Text
from ledger.domain.codes import Authority
from ledger.domain.rules import EnactRules, PublishCalendar, Rounding, RuleSet
from ledger.domain.working_days import WorkingYear

DAYS_MAX = 366
STARS_MAX = 20


class RuleSetForm(Form):
    """A rule set from a day on 规则集, complete: what stays is said again."""

    number: Count = Field(description="Its number, the next one 序号", examples=[2])
    effective_from: Day = Field(description="First day 生效日期", examples=["2027-01-01"])
    publicity_working_days: Count = Field(description="公示工作日", examples=[3])
    late_working_days: Count = Field(description="迟录期限(工作日)", examples=[10])
    back_entry_after_working_days: Count = Field(
        description="超过即为补录(工作日)", examples=[30]
    )
    service_categories_max: Count = Field(description="服务类别上限", examples=[4])
    daily_minutes_max: Count = Field(description="每日分钟上限", examples=[720])
    minutes_per_actor_hour_max: Count = Field(
        description="每人每小时录入分钟上限", examples=[12_000]
    )
    age_min: Count = Field(description="最低年龄", examples=[3])
    guardian_consent_below: Count = Field(description="须监护人同意的年龄", examples=[18])
    guardian_law_below: Count = Field(description="法定须监护人同意的年龄", examples=[14])
    amendment_reply_working_days: Count = Field(
        description="志愿者答复期限(工作日)", examples=[5]
    )
    printed_places: Count = Field(description="时长小数位数", examples=[2])
    rounding: Rounding = Field(description="取整方式", examples=["half_up"])
    unwitnessed_entries_max: Count = Field(description="未见证条目上限", examples=[10_000])
    internal_real_name_working_days: Count = Field(
        description="内部时限:实名核验", examples=[5]
    )
    internal_review_working_days: Count = Field(description="内部时限:审核", examples=[3])
    internal_objection_working_days: Count = Field(description="内部时限:异议", examples=[5])
    internal_correction_working_days: Count = Field(description="内部时限:更正", examples=[5])
    internal_certificate_working_days: Count = Field(
        description="内部时限:出具证明", examples=[3]
    )
    internal_complaint_working_days: Count = Field(description="内部时限:投诉", examples=[5])
    certificate_publicity_days: Count = Field(description="证明公示天数", examples=[7])
    star_hours: list[Count] = Field(
        description="Hours of each star 星级时长",
        max_length=STARS_MAX,
        examples=[[100, 300, 600, 1000, 1500]],
    )
    retention_years_min: Count = Field(description="保存年限", examples=[10])
    supervisors: list[Authority] = Field(
        description="Departments that supervise 监督部门",
        max_length=STARS_MAX,
        examples=[["civil_affairs", "social_work"]],
    )
    reason: Text = Field(description="理由", examples=["公示期延长至五个工作日。"])
    basis: Text = Field(
        description="Documents carried out 依据", examples=["京民社〔2026〕9号"]
    )

    def command(self) -> EnactRules:
        """Return the command that it stands for."""
        said = self.model_dump(exclude={"reason", "basis", "star_hours", "supervisors"})
        rules = RuleSet(
            **said, star_hours=tuple(self.star_hours), supervisors=tuple(self.supervisors)
        )
        return EnactRules(rules=rules, reason=self.reason, basis=self.basis)


class CalendarForm(Form):
    """A year's working days from the State Council's notice 工作日历."""

    year: Count = Field(description="年份", examples=[2027])
    off: list[Day] = Field(
        description="Holidays 放假日", max_length=DAYS_MAX, examples=[["2027-01-01"]]
    )
    work: list[Day] = Field(
        description="Make-up working days 调休上班日", max_length=DAYS_MAX, examples=[[]]
    )
    notice: Text = Field(
        description="Where the notice stands 通知出处",
        examples=["https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm"],
    )

    def command(self) -> PublishCalendar:
        """Return the command that it stands for."""
        calendar = WorkingYear(
            year=self.year, off=tuple(self.off), work=tuple(self.work), notice=self.notice
        )
        return PublishCalendar(calendar=calendar)

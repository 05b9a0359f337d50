"""The canonical columns 列 of exported records, in their order, and what stands in each.

The ten items of the pilot plan, 三(三) (R-37), in its own order; organizer and evaluation date
(Order 67, Art. 7 and 10); where the entry comes from; how the record stands; what proves it.
Columns that an import reads have its names, so that an export is imported again as it is:
every row of it is told to be a record already. The list is a promise as that one is.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeAlias
from uuid import UUID

from ledger.application.exporting.lines import Line
from ledger.application.masking import HIDDEN, mask_name
from ledger.domain.civil_time import civil_time
from ledger.domain.codes import Coded
from ledger.domain.event import Erased
from ledger.domain.organization import Organization
from ledger.domain.volunteer import Particulars

Value: TypeAlias = str | int | Decimal | None
"""What stands in a cell; None is a blank one."""
Say: TypeAlias = Callable[[Line], Value]

ERASED_TEXT: Final = "已删除"
"""Stands where a personal fact was erased."""


def hours(minutes: int) -> Decimal:
    """Return minutes as hours of two decimals, never rounded up."""
    return Decimal(minutes * 100 // 60).scaleb(-2)


def clock(instant: datetime) -> str:
    """Return the time of the clock in Beijing, `09:00`."""
    return civil_time(instant).strftime("%H:%M")


def listed(codes: Sequence[Coded]) -> str:
    """Return codes as they are called in Chinese."""
    return "、".join(each.chinese for each in codes)


def said(text: str | Erased | None) -> str | None:
    """Return a personal fact as it was said, or that it was erased."""
    return ERASED_TEXT if isinstance(text, Erased) else text


def row_of(line: Line) -> list[Value]:
    """Return the cells of a record, in the order of `COLUMNS`."""
    return [say(line) for say in COLUMNS.values()]


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _id(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _of_person(name: Callable[[Particulars], str | None]) -> Say:
    """Return what is said of a volunteer who is shown in clear, and of nobody else."""
    return lambda line: None if line.particulars is None else name(line.particulars)


def _number(line: Line) -> str | None:
    # The number of a merged registration leads to the one into which it was merged.
    if line.particulars is None or line.volunteer.into is not None:
        return None
    return line.particulars.id_number


def _masked(line: Line) -> str:
    person = line.volunteer.particulars
    return ERASED_TEXT if isinstance(person, Erased) else mask_name(person.name)


def _staff(line: Line, name: str | Erased | None) -> str | None:
    """Return what somebody of the staff is called, masked as volunteers are."""
    if name is None or isinstance(name, Erased):
        return said(name)
    return name if line.names_staff else mask_name(name)


def _recorder(line: Line) -> str | None:
    member = line.organization.member(line.entry.recorder)
    return HIDDEN if member is None else _staff(line, member.name)


def _name(organization: Organization, line: Line) -> str:
    return organization.name_on(line.record.service.day)


def _evidence(line: Line) -> str:
    return "\n".join(
        f"{each.kind.chinese} sha256:{each.sha256}" for each in line.entry.evidence
    )


def _amendment(line: Line) -> str | None:
    proposed = line.record.amendment
    if proposed is None:
        return None
    return "待决作废" if proposed.service is None else "待决更正"


COLUMNS: Final[Mapping[str, Say]] = {
    # 三(三): project, date, place, object, content, time, evaluation
    "项目名称": lambda line: line.activity.particulars.name,
    "活动编号": lambda line: line.activity.project_no or str(line.activity.id),
    "服务日期": lambda line: _day(line.record.service.day),
    "服务地点": lambda line: line.record.service.place or line.activity.particulars.place,
    "行政区划代码": lambda line: line.record.service.division,
    "服务对象": lambda line: listed(line.record.service.service_objects),
    "服务内容": lambda line: said(line.record.service.content),
    "岗位": lambda line: line.record.service.post,
    "开始时间": lambda line: clock(line.record.service.start),
    "结束时间": lambda line: clock(line.record.service.end),
    "休息分钟": lambda line: line.record.service.break_minutes,
    "服务时长(小时)": lambda line: hours(line.record.service.minutes),
    "服务分钟": lambda line: line.record.service.minutes,
    "守时程度": lambda line: line.record.service.punctuality,
    "服务态度": lambda line: line.record.service.attitude,
    "专业水平": lambda line: line.record.service.skill,
    "评价文字": lambda line: said(line.record.service.evaluation_text),
    # person in charge, recorder, the volunteers who took part
    "活动负责人": lambda line: _staff(line, line.activity.particulars.person_in_charge_name),
    "活动负责人编号": lambda line: _id(line.first.person_in_charge),
    "记录人": _recorder,
    "记录人编号": lambda line: _id(line.entry.recorder),
    "总人数": lambda line: line.activity.head_count,
    "登记编号": lambda line: _id(line.record.volunteer),
    "人员显示": lambda line: line.shown.value,
    "遮掩姓名": _masked,
    "姓名": _of_person(lambda person: person.name),
    "证件类型": _of_person(lambda person: person.id_type.chinese),
    "证件号码": _number,
    "志愿者编号": _of_person(lambda person: person.volunteer_number),
    # Order 67, Art. 7 and 10
    "活动组织单位": lambda line: _name(line.organizer, line),
    "记录单位": lambda line: _name(line.organization, line),
    "记录单位编号": lambda line: _id(line.record.organization),
    "评价日期": lambda line: _day(line.record.service.evaluation_date),
    "评价人": lambda line: _id(line.record.service.evaluator),
    # where the entry comes from
    "补录原因": lambda line: said(line.entry.back_entry_reason),
    "录入渠道": lambda line: line.entry.channel.chinese,
    "录入者": lambda line: line.entered.by.text(),
    "录入时间": lambda line: civil_time(line.entered.at).isoformat(timespec="seconds"),
    "迟录工作日": lambda line: line.entry.late_working_days,
    "标记": lambda line: listed(line.record.signals) or None,
    "佐证": lambda line: _evidence(line) or None,
    "规则集": lambda line: line.entry.rules,
    # how it stands
    "状态": lambda line: line.record.stage.chinese,
    "计入时长": lambda line: "是" if line.record.is_credited else "否",
    "公示开始": lambda line: _day(
        line.record.publicity.opens_on if line.record.publicity else None
    ),
    "公示截止": lambda line: _day(
        line.record.publicity.closes_on if line.record.publicity else None
    ),
    "未决异议": lambda line: len(line.record.objections),
    "待决提议": _amendment,
    "审核人编号": lambda line: _id(line.record.reviewer),
    "复核人编号": lambda line: _id(line.record.approver),
    # what it is in the log
    "账本记录编号": lambda line: _id(line.record.id),
    "版本": lambda line: line.version,
    "最后条目": lambda line: line.seq,
}
"""Header → what stands below it."""

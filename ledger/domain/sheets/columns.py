"""Columns 列 of a table of service records, and the Chinese names by which each is known.

The list is a promise (docs/importing.md shows it): a name may be added, none is taken away. In
a header, blanks, line breaks, stars and what stands in brackets do not count, so
`日期 *` and `时长(小时)` are found. A column that has no such name is not read, and nothing
of it is kept.
"""

import re
from enum import StrEnum

from ledger.domain.sheets.cells import Cell, folded


class Column(StrEnum):
    """A column that is read; the value is what refusals and the API call it."""

    label: str
    names: tuple[str, ...]

    def __new__(cls, value: str, *names: str) -> "Column":
        """Return the column with its names, the one of the template first."""
        column = str.__new__(cls, value)
        column._value_ = value
        column.label = names[0] if names else value
        column.names = names
        return column

    NAME = "name", "姓名", "志愿者姓名", "志愿者", "名字", "参加人员"
    ID_TYPE = "id_type", "证件类型", "证件种类", "证件名称"
    ID_NUMBER = (
        "id_number",
        "证件号码",
        "身份证号",
        "身份证号码",
        "身份证",
        "居民身份证号码",
        "公民身份号码",
        "证件号",
    )
    VOLUNTEER = "volunteer", "登记编号", "志愿者登记编号"
    ACTIVITY = "activity", "活动编号", "项目编号", "活动(项目)编号"
    DAY = "day", "服务日期", "日期", "活动日期", "服务时间日期"
    START = "start", "开始时间", "开始", "起始时间", "签到时间", "服务开始时间", "服务时间开始"
    END = "end", "结束时间", "结束", "终止时间", "签退时间", "服务结束时间", "服务时间结束"
    SPAN = "span", "服务时段", "时段", "起止时间", "服务起止时间", "服务时间"
    DURATION = "duration", "服务时长", "时长", "服务小时", "服务小时数", "小时数", "工时"
    BREAK = "break_minutes", "休息分钟", "休息", "休息时间", "休息时长"
    CONTENT = "content", "服务内容", "内容", "工作内容"
    POST = "post", "岗位", "服务岗位"
    PLACE = "place", "服务地点", "地点"
    PUNCTUALITY = "punctuality", "守时程度", "守时"
    ATTITUDE = "attitude", "服务态度", "态度"
    SKILL = "skill", "专业水平", "专业"
    RATING = "rating", "综合评价", "服务评价", "评价", "服务质量评价"
    EVALUATED_ON = "evaluation_date", "评价日期"
    EVALUATOR = "evaluator", "评价人"
    EVALUATION_TEXT = "evaluation_text", "评价文字", "评语", "评价内容"
    REASON = "back_entry_reason", "补录原因", "补录理由"
    RECORD = "record", "账本记录编号"


_IN_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]|【.*?】")
_NOT_A_LETTER = re.compile(r"[\s*#::、]+")
_BY_NAME = {
    _IN_BRACKETS.sub("", folded(name)): column for column in Column for name in column.names
}


def column_of(cell: Cell) -> Column | None:
    """Return which column a header names, if it is one of the list."""
    return _BY_NAME.get(plain_header(cell))


def plain_header(cell: Cell) -> str:
    """Return a header without what does not count in it."""
    if not isinstance(cell, str):
        return ""
    return _NOT_A_LETTER.sub("", _IN_BRACKETS.sub("", folded(cell)))

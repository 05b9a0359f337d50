"""The template 模板: a workbook with every column, and how to fill it in."""

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Font

from ledger.domain.sheets.columns import Column

_TEXT = "@"
_ROWS = 500
_WIDTH = 16
_LEFT_OUT = frozenset({Column.SPAN, Column.RATING, Column.RECORD})
"""Other ways of saying what other columns say, and what an export alone can know."""
HOW: Sequence[tuple[Column, str]] = (
    (Column.NAME, "必填,与登记信息一致"),
    (Column.ID_TYPE, "不填为居民身份证"),
    (Column.ID_NUMBER, "必填(或填登记编号);单元格须为文本格式,否则末三位丢失"),
    (Column.VOLUNTEER, "可代替证件号码"),
    (Column.ACTIVITY, "导入时未指定活动的必填"),
    (Column.DAY, "必填,如 2026-03-01、2026年3月1日"),
    (Column.START, "必填,如 9:00、上午9点"),
    (Column.END, "必填,如 11:30(或填服务时长)"),
    (Column.DURATION, "如 2.5、2小时30分、2:30;填写后与起止时间核对"),
    (Column.BREAK, "休息、用餐分钟数"),
    (Column.CONTENT, "必填"),
    (Column.POST, ""),
    (Column.PLACE, "不填为活动地点"),
    (Column.PUNCTUALITY, "必填,1 至 5"),
    (Column.ATTITUDE, "必填,1 至 5"),
    (Column.SKILL, "必填,1 至 5"),
    (Column.EVALUATED_ON, "必填"),
    (Column.EVALUATOR, "本组织工作人员;不填为导入人"),
    (Column.EVALUATION_TEXT, ""),
    (Column.REASON, "补录的必填(或导入时统一填写)"),
)


def template() -> bytes:
    """Return the workbook; every cell of its rows is text, so that no number is ruined."""
    book = Workbook()
    sheet = book.active
    sheet.title = "服务记录"
    columns = [column for column in Column if column not in _LEFT_OUT]
    for place, column in enumerate(columns, 1):
        head = sheet.cell(row=1, column=place, value=column.label)
        head.font = Font(bold=True)
        sheet.column_dimensions[head.column_letter].width = _WIDTH
        for row in range(2, _ROWS + 2):
            sheet.cell(row=row, column=place).number_format = _TEXT
    sheet.freeze_panes = "A2"
    notes = book.create_sheet("填写说明")
    for column, how in HOW:
        notes.append([f"【{column.label}】", how, "、".join(column.names[1:])])
    content = BytesIO()
    book.save(content)
    return content.getvalue()

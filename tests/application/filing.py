"""Files as stations keep them, made for tests: rows, workbooks, and texts in old encodings."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from tests.application.volunteering import OUYANG, WANG

HEAD = (
    "姓名",
    "身份证号",
    "服务日期",
    "开始时间",
    "结束时间",
    "服务时长",
    "服务内容",
    "评价",
    "评价日期",
)
ROW: dict[str, Any] = {
    "姓名": WANG["name"],
    "身份证号": WANG["id_number"],
    "服务日期": "2026-11-20",
    "开始时间": "9:00",
    "结束时间": "11:30",
    "服务时长": "2.5",
    "服务内容": "陪伴老人。",
    "评价": "5",
    "评价日期": "2026-11-23",
}
"""A Friday of November, by somebody of the year 1800."""


def row(**changes: Any) -> list[Any]:
    """Return a row under `HEAD`."""
    return [(ROW | changes)[name] for name in HEAD]


def other(**changes: Any) -> list[Any]:
    """Return a row of somebody else."""
    named = {"姓名": OUYANG["name"], "身份证号": OUYANG["id_number"]}
    return row(**named | changes)


def text(*rows: Sequence[Any], encoding: str = "utf-8", delimiter: str = ",") -> io.BytesIO:
    """Return a text file."""
    lines = "\r\n".join(
        delimiter.join("" if c is None else str(c) for c in each) for each in rows
    )
    return io.BytesIO(lines.encode(encoding))


def workbook(*rows: Sequence[Any], merged: Sequence[str] = ()) -> io.BytesIO:
    """Return a workbook of one sheet, with some cells merged."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for each in rows:
        sheet.append(list(each))
    for area in merged:
        sheet.merge_cells(area)
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    return content

"""Records as a table that is handed out: selected, written down, and only then written out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.exporting.columns import COLUMNS, Value, row_of
from ledger.application.exporting.csv_file import CSV, Encoding, csv_file
from ledger.application.exporting.lines import lines
from ledger.application.exporting.selecting import ROWS_MAX, Selected, select
from ledger.application.exporting.showing import write_down
from ledger.application.exporting.workbook_file import workbook_file
from ledger.application.office import Office
from ledger.application.record_lists import RecordFilter
from ledger.domain.disclosed import DisclosurePurpose
from ledger.proof.encoding64 import encode_base64

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Format = Literal["xlsx", "csv"]
_SHEET = "服务记录"


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file that is made while it is read; ``name`` is plain ASCII and names nobody."""

    name: str
    media_type: str
    count: int
    size: int
    content: Iterator[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOrder:
    """What is asked for; ``purpose`` None leaves volunteers masked, ``encoding`` is of CSV."""

    wanted: RecordFilter
    format: Format
    purpose: DisclosurePurpose | None = None
    encoding: Encoding = "utf-8"
    rows_max: int = ROWS_MAX


def export_table(office: Office, caller: Caller, order: TableOrder) -> Export:
    """Return records as a table, volunteers masked; with a purpose in clear, once it is logged.

    Nothing of it is read before its content is. A volunteer is handed out what is her own.

    Raises:
        As `select`, `write_down`; iterating, as `lines`.
    """
    selected = select(office, caller, order.wanted, rows_max=order.rows_max)
    in_clear = frozenset[UUID]()
    if order.purpose is not None and not selected.is_own:
        in_clear = write_down(office, caller, selected.volunteers, order.purpose)
    rows = (row_of(line) for line in lines(selected, in_clear))
    notes = _notes(selected, order.purpose)
    name = f"records-{selected.checkpoint.size}"
    if order.format == "xlsx":
        content = workbook_file(rows, notes=notes, header=list(COLUMNS), name=_SHEET)
        media_type = XLSX
    else:
        title = [each for note in notes for each in note]
        content = csv_file(rows, title=title, header=list(COLUMNS), encoding=order.encoding)
        media_type = f"{CSV}; charset={order.encoding}"
    return Export(
        name=f"{name}.{order.format}",
        media_type=media_type,
        count=selected.count,
        size=selected.checkpoint.size,
        content=content,
    )


def _notes(
    selected: Selected, purpose: DisclosurePurpose | None
) -> Sequence[tuple[str, Value]]:
    """Return what a file says of itself."""
    checkpoint = selected.checkpoint
    return (
        ("志愿服务记录导出", "本表为账本的摘录,以账本为准"),
        ("账本", checkpoint.origin),
        ("截至条目数", checkpoint.size),
        ("根哈希", encode_base64(checkpoint.root)),
        ("行数", selected.count),
        (
            "用途",
            "本人数据"
            if selected.is_own
            else purpose.chinese
            if purpose
            else "未说明,人员已遮掩",
        ),
        ("CSV 标记", "单元格前的 ' 防止表格程序运行公式或改写编号,导入时去除"),
        ("签名检查点", selected.note),
    )

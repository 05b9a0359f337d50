"""Headers by their Chinese names; rows with every wrong cell at once."""

from pathlib import Path
from typing import Any

import pytest

from ledger.domain.refusal import Refusal, Refused
from ledger.domain.sheets.columns import Column, column_of
from ledger.domain.sheets.headers import Header, is_sum, read_header
from ledger.domain.sheets.row import Said, kept_cells, read_row

DOCUMENT = Path(__file__).parents[3] / "docs" / "importing.md"
HEAD = (
    "姓名",
    "身份证号",
    "日期",
    "开始时间",
    "结束时间",
    "时长(小时)",
    "休息",
    "内容",
    "评价",
    "评价日期",
)
CELLS = (
    "王示例",
    "110105180001010029",
    "2026-3-1",
    "9:00",
    "12:00",
    None,
    None,
    "助老",
    5,
    "2026-3-2",
)


def header(*names: object) -> Header:
    found = read_header(names or HEAD)  # type: ignore[arg-type]
    assert isinstance(found, Header)
    return found


def read(**changes: Any) -> Said | Refused:
    head = header()
    cells = list(CELLS)
    for name, cell in changes.items():
        cells[head.columns[Column(name)]] = cell
    return read_row(head, cells)


def codes(found: Said | Refused) -> list[str]:
    assert isinstance(found, Refused)
    return [reason.code for reason in found.reasons]


def test_every_name_names_one_column() -> None:
    for column in Column:
        for name in column.names:
            assert column_of(name) is column
            assert column_of(f" {name} *\n(必填)") is column


def test_the_document_lists_every_name() -> None:
    text = DOCUMENT.read_text("utf-8")
    for column in Column:
        (line,) = (
            each for each in text.splitlines() if each.startswith(f"| `{column.value}` |")
        )
        assert "、".join(column.names) in line


def test_a_title_is_no_header() -> None:
    assert read_header(("服务内容", None, None)) is None
    assert read_header(("志愿服务登记表",), HEAD) is None


def test_two_rows_with_a_merged_cell_are_one_header() -> None:
    found = read_header(
        ("姓名", "证件", None, "服务时间", None, "内容"),
        (None, "类型", "号码", "开始", "结束", None),
    )
    assert isinstance(found, Header)
    assert found.rows == 2
    assert found.columns == {
        Column.NAME: 0,
        Column.ID_TYPE: 1,
        Column.ID_NUMBER: 2,
        Column.START: 3,
        Column.END: 4,
        Column.CONTENT: 5,
    }


def test_a_row_below_a_header_is_no_part_of_it() -> None:
    found = read_header(HEAD, CELLS)
    assert isinstance(found, Header)
    assert found.rows == 1


def test_a_column_twice_is_refused_and_a_missing_one_is_named() -> None:
    twice = read_header((*HEAD, "服务日期"))
    assert isinstance(twice, Refusal)
    assert twice.code == "column_is_repeated"
    missing = header("姓名", "身份证号", "日期").missing()
    assert {each.about for each in missing} == {
        "start",
        "end",
        "content",
        "rating",
        "evaluation_date",
    }


def test_sums_are_rows_of_nobody() -> None:
    assert is_sum((None, "合 计:", 3))
    assert not is_sum(CELLS)


@pytest.mark.parametrize(
    ("changes", "want"),
    [
        ({}, (540, 720, 0)),
        ({"duration": 2.5}, (540, 720, 30)),
        ({"duration": "2.5", "break_minutes": 30}, (540, 720, 30)),
        ({"end": None, "duration": "2小时30分"}, (540, 690, 0)),
        ({"end": None, "duration": 2, "break_minutes": 15}, (540, 675, 15)),
        ({"end": "11:20", "duration": 2.33}, (540, 680, 0)),
    ],
)
def test_start_end_break_and_duration_agree(changes: dict[str, Any], want: object) -> None:
    said = read(**changes)
    assert isinstance(said, Said)
    assert (said.start, said.end, said.break_minutes) == want


@pytest.mark.parametrize(
    ("changes", "want"),
    [
        ({"duration": 4}, ["duration_disagrees"]),
        ({"duration": 2, "break_minutes": 30}, ["duration_disagrees"]),
        ({"end": None, "duration": 2.33}, ["duration_is_no_whole_minute"]),
        ({"end": None, "duration": 16}, ["service_crosses_midnight"]),
        ({"end": "8:00"}, ["service_ends_before_start"]),
        ({"start": None}, ["start_is_not_said"]),
        (
            {"name": " ", "day": "3月1日", "rating": 6},
            ["cell_is_blank", "day_lacks_its_year", "cell_is_no_rating"],
        ),
        ({"id_number": None, "content": None}, ["cell_is_blank", "cell_is_blank"]),
    ],
)
def test_every_wrong_cell_is_told_at_once(changes: dict[str, Any], want: list[str]) -> None:
    assert codes(read(**changes)) == want


def test_what_is_kept_is_what_is_read() -> None:
    head = header(*HEAD, "血型")
    kept = kept_cells(head, (*CELLS, "A"))
    assert kept["name"] == "王示例"
    assert "A" not in kept.values()

"""Any text that a record may hold survives both kinds of files, made piece by piece."""

import io
import tracemalloc
from collections.abc import Iterator, Sequence
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from ledger.application.exporting.columns import COLUMNS, Value
from ledger.application.exporting.csv_file import Encoding, csv_file
from ledger.application.exporting.workbook_file import workbook_file
from ledger.domain.activity.particulars import CONTENT_MAX
from ledger.domain.sheets.cells import Cell
from ledger.domain.sheets.inert import is_live
from ledger.domain.sheets.xml_text import held
from ledger.domain.words import canonical, check_text
from tests.application.exporting.exported import opened

HEADER = list(COLUMNS)
MIXED = st.sampled_from("=+-@＝＋'\",;，；\n\t_x0041F5D <>&🙂𠮷㐂e\u0301")
CONTENTS = (
    st.text(st.one_of(MIXED, st.characters(codec="utf-8")), min_size=1, max_size=60)
    .map(lambda text: canonical(text).strip())
    .filter(lambda text: not check_text(text, "content", max=CONTENT_MAX, lines=True))
)
MEGABYTE = 1024 * 1024


def row(text: str) -> list[Value]:
    """Return a row in which each text column holds a text."""
    said: dict[str, Value] = dict.fromkeys(HEADER, text)
    return list(
        (said | {"总人数": 12, "服务时长(小时)": Decimal("2.50"), "岗位": None}).values()
    )


def csv_of(*rows: Sequence[Value], encoding: Encoding = "utf-8") -> io.BytesIO:
    made = csv_file(rows, title=("志愿服务记录导出",), header=HEADER, encoding=encoding)
    return io.BytesIO(b"".join(made))


def workbook_of(*rows: Sequence[Value], note: str = "") -> io.BytesIO:
    made = workbook_file(rows, notes=(("说明", note),), header=HEADER, name="服务记录")
    return io.BytesIO(b"".join(made))


def read(file: io.BytesIO) -> list[Cell]:
    (found,) = opened(file).rows()
    return list(found.cells)[: len(HEADER)]


@given(CONTENTS, st.sampled_from(["utf-8", "gb18030"]))
@example("，" * 200, "utf-8")
@example("合计", "utf-8")  # a row that begins so otherwise adds up
@example("说“是”,\r".strip() + '\n=1;"2"', "gb18030")
def test_every_content_survives_a_csv_file(text: str, encoding: Encoding) -> None:
    want = ["" if each is None else str(each) for each in row(text)]
    assert read(csv_of(row(text), encoding=encoding)) == want


@settings(max_examples=25)
@given(CONTENTS)
@example("=cmd|'/C calc'!A0")
@example("_x0041_ _x005F_x000D_")
@example("#N/A")
def test_every_content_survives_a_workbook_and_is_no_formula(text: str) -> None:
    file = workbook_of(row(text), note=text)
    got = dict(zip(HEADER, read(file), strict=True))
    assert got == dict(zip(HEADER, row(text), strict=True)) | {"服务时长(小时)": 2.5}
    book = load_workbook(file)
    for cell in (cell for sheet in book for line in sheet.iter_rows() for cell in line):
        assert cell.data_type in ("n", "s", "inlineStr")
        assert not (isinstance(cell.value, str) and is_live(cell.value)) or cell.quotePrefix
    assert book.worksheets[1]["B1"].value in (held(text), held(text).replace("x005F_", ""))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_is_made_piece_by_piece(kind: str) -> None:
    """Of many megabytes, no more than a few are ever in memory."""

    def rows() -> Iterator[Sequence[Value]]:
        for number in range(1_000):
            yield row(f"{number:08}" * 20)

    if kind == "csv":
        made = csv_file(rows(), title=(), header=HEADER, encoding="utf-8")
    else:
        made = workbook_file(rows(), notes=(), header=HEADER, name="服务记录")
    tracemalloc.start()
    try:
        pieces, largest = 0, 0
        for piece in made:
            pieces, largest = pieces + 1, max(largest, len(piece))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert pieces > 2
    assert largest < MEGABYTE
    assert peak < 4 * MEGABYTE

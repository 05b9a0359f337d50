"""Cells as people fill them in: each spelling is one value, or is refused for what it is."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.codes import IdType
from ledger.domain.refusal import Refusal
from ledger.domain.sheets.cells import Cell, cell_name, folded, text_of, whole
from ledger.domain.sheets.clock_times import read_span, read_time
from ledger.domain.sheets.days import read_day
from ledger.domain.sheets.document_numbers import read_id_number, read_id_type
from ledger.domain.sheets.durations import read_break, read_minutes

WANG = "110105180001010029"
TO_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def code(found: object) -> object:
    return found.code if isinstance(found, Refusal) else found


@pytest.mark.parametrize(
    ("cell", "want"),
    [
        (date(2026, 3, 1), date(2026, 3, 1)),
        (datetime(2026, 3, 1, 9), date(2026, 3, 1)),  # noqa: DTZ001 - a cell has no zone
        (46082, date(2026, 3, 1)),
        (46082.375, date(2026, 3, 1)),
        ("46082", date(2026, 3, 1)),
        (20260301, date(2026, 3, 1)),
        ("20260301", date(2026, 3, 1)),
        ("2026-3-1", date(2026, 3, 1)),
        ("2026/03/01", date(2026, 3, 1)),
        ("２０２６．３．１", date(2026, 3, 1)),
        (" 2026年3月1日 ", date(2026, 3, 1)),
        ("2026年3月1日(周日)", date(2026, 3, 1)),
        ("2026-03-01 00:00:00", date(2026, 3, 1)),
        ("3月1日", "day_lacks_its_year"),
        ("26-3-1", "day_lacks_its_year"),
        ("3/1", "day_lacks_its_year"),
        ("2026-02-30", "cell_is_no_day"),
        ("3/1/2026", "cell_is_no_day"),
        ("昨天", "cell_is_no_day"),
        (True, "cell_is_no_day"),
        (7, "cell_is_no_day"),
    ],
)
def test_days(cell: Cell, want: object) -> None:
    assert code(read_day(cell)) == want


@pytest.mark.parametrize(
    ("cell", "want"),
    [
        (time(9), 540),
        (0.375, 540),
        (0.4791666666666667, 690),
        (timedelta(hours=9, minutes=5), 545),
        ("9:00", 540),
        ("９：００", 540),
        ("0900", 540),
        ("9点", 540),
        ("9点半", 570),
        ("9时一刻", 555),
        ("上午9点", 540),
        ("下午2时30分", 870),
        ("2:30 pm", 870),
        ("中午12点", 720),
        ("晚上8点整", 1200),
        ("24:00", 1440),
        ("下午14:00", 840),
        ("上午13点", "cell_is_no_time"),
        ("上午12点", "cell_is_no_time"),
        ("25:00", "cell_is_no_time"),
        ("9:60", "cell_is_no_time"),
        ("9:00:30", "time_is_no_whole_minute"),
        ("9", "cell_is_no_time"),
        (9, "cell_is_no_time"),
        (0.3751, "time_is_no_whole_minute"),
    ],
)
def test_times_of_the_clock(cell: Cell, want: object) -> None:
    assert code(read_time(cell)) == want


@pytest.mark.parametrize(
    ("cell", "want"),
    [
        ("9:00-11:30", (540, 690)),
        ("上午9点-11点半", (540, 690)),
        ("上午９点—１１点半", (540, 690)),
        ("上午9点至下午2点", (540, 840)),
        ("下午2-4点", (840, 960)),
        ("0900~1130", (540, 690)),
        ("9点-下午2点", (540, 840)),
        ("2点-下午4点", "span_is_unclear"),
        ("9-11", "cell_is_no_span"),
        ("9:00", "cell_is_no_span"),
        ("全天", "cell_is_no_span"),
        (datetime(2026, 9, 11), "span_is_no_text"),  # noqa: DTZ001 - what Excel makes of 9-11
    ],
)
def test_spans(cell: Cell, want: object) -> None:
    assert code(read_span(cell)) == want


@pytest.mark.parametrize(
    ("cell", "want"),
    [
        (2.5, 150),
        ("2.5", 150),
        ("2小时30分", 150),
        ("2个半小时", 150),
        ("2小时半", 150),
        ("两小时", 120),
        ("半小时", 30),
        ("150分钟", 150),
        ("2:30", 150),
        (time(2, 30), 150),
        ("2.33", 139.8),
        ("30小时", "duration_is_out_of_bounds"),
        (0, "duration_is_out_of_bounds"),
        ("半天", "cell_is_no_duration"),
        (True, "cell_is_no_duration"),
    ],
)
def test_durations(cell: Cell, want: object) -> None:
    found = code(read_minutes(cell))
    assert found == (pytest.approx(want) if isinstance(want, float) else want)


@pytest.mark.parametrize(
    ("cell", "want"),
    [
        (30, 30),
        ("30", 30),
        ("半小时", 30),
        ("无", 0),
        (-1, "cell_is_no_break"),
        (0.5, "cell_is_no_break"),
    ],
)
def test_breaks(cell: Cell, want: object) -> None:
    assert code(read_break(cell)) == want


@pytest.mark.parametrize(
    ("cell", "want"),
    [
        (WANG, WANG),
        (f" {WANG[:6]} {WANG[6:]} ", WANG),
        (WANG.translate(TO_FULL_WIDTH), WANG),
        (f"'{WANG}", WANG),
        (1.10105180001010e17, "id_number_was_ruined"),
        (110105180001010029, "id_number_was_ruined"),
        ("1.10105E+17", "id_number_was_ruined"),
        ("110105180001010000", "id_number_was_ruined"),
        ("110105180001010028", "resident_id_is_mistyped"),
        ("张示例", "resident_id_is_malformed"),
    ],
)
def test_numbers_of_documents(cell: Cell, want: str) -> None:
    assert code(read_id_number(cell, IdType.RESIDENT_ID)) == want


def test_kinds_of_documents() -> None:
    assert read_id_type("护照") is IdType.PASSPORT
    assert read_id_type("居民身份证") is IdType.RESIDENT_ID
    assert code(read_id_type("饭卡")) == "id_type_is_unknown"
    assert read_id_number("e00000000", IdType.PASSPORT) == "E00000000"


CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.text(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.from_regex(r"[上下]?午?[0-9:.点时分半小年月日\-]{0,12}"),
)


@given(CELLS)
def test_whatever_stands_in_a_cell_is_read_or_refused(cell: Cell) -> None:
    readers = (read_day, read_time, read_span, read_minutes, read_break, read_id_type)
    for read in readers:
        read(cell)
    read_id_number(cell, IdType.RESIDENT_ID)
    assert isinstance(text_of(cell), str)
    whole(cell)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_spelling_of_a_day_is_that_day(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    spelt = f"{day.year}年{day.month}月{day.day}日"
    for cell in (serial, str(serial), spelt, spelt.translate(TO_FULL_WIDTH), day.isoformat()):
        assert read_day(cell) == day


@given(st.integers(0, 1439))
def test_a_fraction_of_a_day_is_its_minute(minute: int) -> None:
    assert read_time(minute / 1440) == minute
    assert read_time(time(minute // 60, minute % 60)) == minute
    assert read_time(f"{minute // 60}:{minute % 60:02}") == minute


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_cells_are_called_as_in_a_table() -> None:
    assert [cell_name(3, place) for place in (0, 25, 26, 701, 702)] == [
        "A3",
        "Z3",
        "AA3",
        "ZZ3",
        "AAA3",
    ]

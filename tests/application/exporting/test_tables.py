"""Records leave as a table: in the canonical order, by who may, and come back as they are."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from openpyxl import load_workbook

from ledger.application import staffing
from ledger.application.callers import Caller, as_staff, as_volunteer
from ledger.application.desk import ActRefused
from ledger.application.disclosing import readers
from ledger.application.exporting.columns import COLUMNS, hours
from ledger.application.forms.record import VoidingForm
from ledger.application.importing.batches import Order
from ledger.application.importing.outcomes import RowOutcome, Summary
from ledger.application.importing.whole_files import import_file
from ledger.application.reading import HiddenError
from ledger.domain.disclosed import DisclosurePurpose
from ledger.domain.sheets.columns import Column, column_of
from ledger.domain.sheets.inert import is_live
from ledger.domain.sheets.xml_text import held
from ledger.proof.checkpoint import open_checkpoint
from tests.application.exporting.exported import DANGERS, content_of, export, opened, rows_of
from tests.application.homes import ON_SQLITE
from tests.application.house import House, codes_of
from tests.application.serving import EVALUATION, EVALUATOR, Session, begin
from tests.application.test_records import LATER
from tests.application.test_volunteers_disclosed import a_minor
from tests.application.town import Town, appointment
from tests.application.volunteering import OUYANG, WANG, erase, registered

NUMBERS = {"服务时长(小时)"}
"""Columns of which only the number counts, however many of its digits are written."""
INSPECTION = DisclosurePurpose.INSPECTION


@pytest.fixture
def session(house: House, town: Town) -> Session:
    return begin(house, town, house.office)


def several(session: Session, texts: Sequence[str] = DANGERS) -> list[UUID]:
    """Enter a record of each of these contents, an hour each."""
    return [
        session.enter(
            content=text,
            start=f"2026-11-20T{8 + hour:02}:00+08:00",
            end=f"2026-11-20T{8 + hour:02}:53+08:00",
            break_minutes=0,
        )
        for hour, text in enumerate(texts)
    ]


def brought(session: Session, file: io.BytesIO) -> tuple[Summary, list[RowOutcome]]:
    told: list[RowOutcome] = []
    recorder = session.town.recorder
    return import_file(session.office, recorder, file, Order(), tell=told.append), told


def test_columns_that_an_import_reads_are_meant_to_be_read() -> None:
    read = {name: column for name in COLUMNS if (column := column_of(name))}
    assert len(set(read.values())) == len(read)
    assert set(Column) - set(read.values()) == {Column.SPAN, Column.RATING}
    assert not any(is_live(name) for name in COLUMNS)


def test_the_ten_items_of_the_plan_come_first_and_in_its_order() -> None:
    order = ["项目名称", "服务日期", "服务地点", "服务对象", "服务内容", "开始时间", "守时程度"]
    order += ["活动负责人", "记录人", "总人数"]
    places = [list(COLUMNS).index(name) for name in order]
    assert all(one < other for one, other in pairwise(places))
    assert places[-1] < list(COLUMNS).index("活动组织单位") < list(COLUMNS).index("评价日期")


def test_hours_are_never_rounded_up() -> None:
    assert [str(hours(each)) for each in (53, 59, 60, 119, 150, 1439)] == [
        "0.88",
        "0.98",
        "1.00",
        "1.98",
        "2.50",
        "23.98",
    ]


@pytest.mark.parametrize("asked", [{"format": "xlsx"}, {}, {"encoding": "gb18030"}], ids=str)
@pytest.mark.parametrize("purpose", [None, INSPECTION], ids=["masked", "in clear"])
def test_every_row_comes_back_as_the_record_that_it_is(
    session: Session, asked: dict[str, Any], purpose: DisclosurePurpose | None
) -> None:
    records = several(session)
    file = content_of(export(session, purpose=purpose, **asked))
    assert {row["服务内容"] for row in rows_of(file)} == set(DANGERS)
    summary, told = brought(session, file)
    assert [each.reasons for each in told] == [()] * len(DANGERS)
    assert {each.record for each in told} == set(records)
    assert (summary.duplicates, summary.accepted, summary.refused) == (len(DANGERS), 0, 0)


@ON_SQLITE
def test_no_cell_of_a_workbook_is_a_formula(session: Session) -> None:
    several(session)
    book = load_workbook(content_of(export(session, format="xlsx", purpose=INSPECTION)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet[1]]
    contents = [row[names.index("服务内容")] for row in sheet.iter_rows(min_row=2)]
    quoted = {cell.value: bool(cell.quotePrefix) for cell in contents}
    assert quoted == {held(text): is_live(text) for text in DANGERS}
    number = sheet.cell(2, names.index("证件号码") + 1)
    assert (number.value, number.data_type, number.number_format) == (
        WANG["id_number"],
        "s",
        "@",
    )


@ON_SQLITE
def test_no_cell_of_a_csv_file_is_run(session: Session) -> None:
    several(session)
    content = content_of(export(session, purpose=INSPECTION)).getvalue()
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    assert text.count("\r\n") == len(DANGERS) + 2
    rows = list(csv.reader(io.StringIO(text, newline="")))
    _, header, *lines = rows
    texts = [place for place, name in enumerate(header) if name not in NUMBERS]
    assert len(texts) == len(header) - len(NUMBERS)
    assert not [row[place] for row in lines for place in texts if is_live(row[place])]
    assert not [cell for cell in (*rows[0], *header) if is_live(cell)]
    assert re.match('^"[^"]*",', text)


@ON_SQLITE
def test_the_file_says_as_of_which_signed_checkpoint_it_is(session: Session) -> None:
    several(session)
    made = export(session, format="xlsx")
    session.enter(start="2026-11-19T09:00+08:00", end="2026-11-19T12:00+08:00")
    file = content_of(made)
    assert len(rows_of(file)) == made.count == len(DANGERS)
    notes = {
        row[0].value: row[1].value for row in load_workbook(file).worksheets[1].iter_rows()
    }
    ledger = session.house.ledger
    key = ledger.signing_keys[0].verifier_key
    note = str(notes["签名检查点"]).encode()
    assert open_checkpoint(note, key, origin=ledger.origin).size == made.size
    assert notes["截至条目数"] == str(made.size)
    assert opened(file).unread == ("导出说明",)


@ON_SQLITE
def test_a_row_that_was_changed_is_told(session: Session) -> None:
    record = session.enter()
    text = content_of(export(session)).getvalue().decode("utf-8-sig")
    changed = text.replace('"12:00"', '"11:00"').replace('"2.50"', '"1.50"')
    _, (told,) = brought(session, io.BytesIO(changed.encode()))
    (reason,) = told.reasons
    assert (reason.code, reason.details["record"]) == ("row_differs_from_record", str(record))


@ON_SQLITE
def test_a_voided_record_is_not_entered_again(session: Session) -> None:
    record = session.confirmed()
    form = VoidingForm.model_validate({"reason": "重复录入。"})
    voiding = session.reviewing.propose_voiding(session.town.recorder, record, form).value
    session.house.clock.set(LATER)
    session.reviewing.void(session.town.reviewer, record, voiding, "核实为重复。")
    (row,) = rows_of(file := content_of(export(session)))
    assert (row["状态"], row["计入时长"]) == ("已作废", "否")
    summary, (told,) = brought(session, file)
    assert (told.became.value, told.record) == ("duplicate", record)
    assert summary.head_counts == ()
    # What was served then may be entered anew, and neither row stands in the other's way.
    again = session.enter()
    _, both = brought(session, content_of(export(session)))
    assert {each.record for each in both} == {record, again}
    assert {each.became.value for each in both} == {"duplicate"}


@ON_SQLITE
def test_the_id_of_another_record_makes_no_duplicate(session: Session) -> None:
    session.enter(start="2026-11-19T09:00+08:00", end="2026-11-19T12:00+08:00")
    text = content_of(export(session)).getvalue().decode("utf-8-sig")
    other = registered(session.office, session.town.recorder, OUYANG)
    moved = text.replace(str(session.volunteer), str(other))
    moved = moved.replace(EVALUATOR, str(session.town.recorder.actor.id))
    summary, _ = brought(session, io.BytesIO(moved.encode()))
    assert summary.accepted == 1


@ON_SQLITE
def test_without_a_purpose_nobody_is_named(session: Session) -> None:
    session.enter()
    size = len(session.house.ledger.rows())
    file = content_of(export(session))
    (row,) = rows_of(file)
    assert (row["遮掩姓名"], row["姓名"], row["证件号码"]) == ("王*", "", "")
    assert WANG["name"] not in file.getvalue().decode()
    assert WANG["id_number"] not in file.getvalue().decode()
    assert len(session.house.ledger.rows()) == size


def test_with_a_purpose_each_of_them_reads_that_she_was_shown(session: Session) -> None:
    other = registered(session.office, session.town.recorder, OUYANG)
    session.enter()
    replace(session, volunteer=other).enter()
    made = export(session, session.town.reviewer, purpose=INSPECTION)
    # Before a byte of the file is made, it is in the log.
    for volunteer in (session.volunteer, other):
        (seen,) = readers(session.office, as_volunteer(volunteer), volunteer)
        assert (seen.by, seen.purpose) == (session.town.reviewer.actor, INSPECTION)
    rows = rows_of(content_of(made))
    assert {row["活动负责人"] for row in rows} == {"张𠮷"}
    named = {row["姓名"]: row["证件号码"] for row in rows}
    assert named == {each["name"]: each["id_number"] for each in (WANG, OUYANG)}


@ON_SQLITE
def test_a_minor_is_opened_by_who_is_responsible_alone(session: Session) -> None:
    child = a_minor(session.office, session.town, "2010-05-01")
    replace(session, volunteer=child).enter(
        start="2026-11-24T08:00+08:00",
        end="2026-11-24T09:00+08:00",
        evaluation=EVALUATION | {"date": "2026-11-24"},
    )
    session.enter()
    shown = {}
    for by in (session.town.recorder, session.town.station_head):
        rows = rows_of(content_of(export(session, by, purpose=INSPECTION)))
        shown[by.actor.id] = {row["登记编号"]: row["人员显示"] for row in rows}
    hers, other = str(child), str(session.volunteer)
    assert shown[session.town.recorder.actor.id] == {hers: "已遮掩", other: "明文"}
    assert shown[session.town.station_head.actor.id] == {hers: "明文", other: "明文"}
    (seen,) = readers(session.office, session.town.station_head, child)
    assert seen.by == session.town.station_head.actor


@ON_SQLITE
def test_erased_persons_are_said_to_be_erased_and_their_rows_stay(session: Session) -> None:
    session.enter()
    erase(session.house, session.volunteer)
    size = len(session.house.ledger.rows())
    (row,) = rows_of(content_of(export(session, purpose=INSPECTION)))
    assert (row["人员显示"], row["遮掩姓名"], row["服务内容"]) == ("已删除",) * 3
    assert row["姓名"] == ""
    assert row["服务分钟"] == "150"
    assert len(session.house.ledger.rows()) == size


@ON_SQLITE
def test_whoever_does_not_answer_for_the_records_gets_none(session: Session) -> None:
    session.enter()
    town = session.town
    station = town.station
    for by, asked in (
        (town.other_recorder, {"organization": station}),
        (town.entrusted_reviewer, {"organization": station}),
        (town.other_recorder, {"activity": session.activity}),
        (
            as_volunteer(registered(session.office, town.recorder, OUYANG)),
            {"volunteer": session.volunteer},
        ),
        (session.herself, {"organization": station}),
    ):
        with pytest.raises(HiddenError):
            export(session, by, **asked)
        act = "activity.read" if "activity" in asked else "record.export"
        assert session.house.attempts()[-1].act == act


@ON_SQLITE
@pytest.mark.parametrize(
    "by",
    [
        "recorder",
        "reviewer",
        "station_head",
        "association_reviewer",
        "district_head",
        "city_head",
    ],
)
def test_who_answers_for_them_gets_them(session: Session, by: str) -> None:
    session.enter()
    caller: Caller = getattr(session.town, by)
    assert export(session, caller, organization=session.town.station).count == 1


@ON_SQLITE
def test_a_volunteer_gets_her_own_in_clear_and_nothing_is_written(session: Session) -> None:
    session.enter()
    other = registered(session.office, session.town.recorder, OUYANG)
    replace(session, volunteer=other).enter()
    size = len(session.house.ledger.rows())
    (row,) = rows_of(content_of(export(session, session.herself, purpose=INSPECTION)))
    assert (row["姓名"], row["登记编号"]) == (WANG["name"], str(session.volunteer))
    # What people of the station are called is not for volunteers.
    assert (row["活动负责人"], str(row["记录人"])[1:]) == ("张*", "*")
    assert len(session.house.ledger.rows()) == size


@ON_SQLITE
def test_too_many_records_are_refused_before_anybody_is_shown(session: Session) -> None:
    several(session)
    with pytest.raises(ActRefused) as error:
        export(session, rows_max=3, purpose=INSPECTION)
    assert codes_of(error.value) == {"export_is_too_large"}
    assert readers(session.office, session.herself, session.volunteer) == []


@ON_SQLITE
def test_a_log_that_takes_no_entry_lets_nobody_be_shown(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.enter()

    def broken(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(session.office.desk._appends, "append", broken)
    with pytest.raises(OSError, match="full"):
        export(session, purpose=INSPECTION)


@ON_SQLITE
def test_where_there_is_nothing_nobody_is_shown(session: Session) -> None:
    size = len(session.house.ledger.rows())
    made = export(session, session.town.reviewer, purpose=INSPECTION, format="xlsx")
    assert made.count == 0
    assert load_workbook(content_of(made)).worksheets[0].max_row == 1
    assert len(session.house.ledger.rows()) == size


@ON_SQLITE
def test_a_system_reads_masked_and_is_shown_nobody(session: Session) -> None:
    entrusted = session.town.entrusted
    assert export(session, session.town.key, organization=entrusted).count == 0
    with pytest.raises(ActRefused) as error:
        export(session, session.town.key, organization=entrusted, purpose=INSPECTION)
    assert codes_of(error.value) == {"actor_is_not_staff"}


@ON_SQLITE
def test_who_neither_records_nor_oversees_exports_nothing(session: Session) -> None:
    town, house = session.town, session.house
    form = appointment(house, "刘示例", "contact")
    person = staffing.appoint(session.office, town.station_head, town.station, form).value
    session.enter()
    with pytest.raises(ActRefused) as error:
        export(session, as_staff(person, town.station))
    assert codes_of(error.value) == {"actor_has_no_such_role"}
    assert house.attempts()[-1].act == "record.export"


@ON_SQLITE
def test_days_activities_and_states_narrow_it(session: Session) -> None:
    session.enter()
    for asked, want in (
        ({"first_day": date(2026, 11, 21)}, 0),
        ({"last_day": date(2026, 11, 20)}, 1),
        ({"stage": "confirmed"}, 0),
        ({"stage": "submitted", "activity": session.activity}, 1),
    ):
        assert export(session, **asked).count == want

"""Files are imported row by row: whatever is right is entered once, whatever is not is told."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from ledger.application.callers import Caller
from ledger.application.desk import ActRefused
from ledger.application.importing.batches import Order
from ledger.application.importing.outcomes import Became, RowOutcome, Summary
from ledger.application.importing.reading import read_import, read_kept_row
from ledger.application.importing.whole_files import import_file
from ledger.application.reading import HiddenError
from ledger.application.states import RECORD, ROW
from ledger.application.streams import row_stream
from ledger.domain.codes import Channel, EvidenceKind
from ledger.domain.event import ERASED
from ledger.domain.evidence import Evidence
from ledger.domain.imports import RowKept
from ledger.domain.record import RecordSubmitted
from tests.application.filing import HEAD, other, row, text, workbook
from tests.application.homes import ON_SQLITE
from tests.application.house import House, codes_of
from tests.application.serving import Session, begin
from tests.application.town import Town
from tests.application.volunteering import OUYANG, WANG, erase, registered


@dataclass
class Station:
    """A station whose recorder imports files into one activity."""

    session: Session

    @property
    def house(self) -> House:
        return self.session.house

    def bring(
        self, file: io.BytesIO, by: Caller | None = None, **order: Any
    ) -> tuple[Summary, list[RowOutcome]]:
        told: list[RowOutcome] = []
        order.setdefault("activity", self.session.activity)
        caller = by or self.session.town.recorder
        asked = Order(**order)
        summary = import_file(self.session.office, caller, file, asked, tell=told.append)
        return summary, told

    def refused(self, file: io.BytesIO, by: Caller | None = None, **order: Any) -> set[str]:
        with pytest.raises(ActRefused) as error:
            self.bring(file, by, **order)
        return codes_of(error.value)

    def size(self) -> int:
        return len(self.house.ledger.rows())


@pytest.fixture
def station(house: House, town: Town) -> Station:
    session = begin(house, town, house.office)
    registered(house.office, town.recorder, OUYANG)
    return Station(session)


def became(told: list[RowOutcome]) -> list[str]:
    return [each.became.value for each in told]


def codes(outcome: RowOutcome) -> list[str]:
    return [reason.code for reason in outcome.reasons]


def test_a_row_is_a_record_with_the_file_as_evidence(station: Station) -> None:
    file = text(HEAD, row())
    summary, (outcome,) = station.bring(file, evidence=EvidenceKind.SIGN_IN_SHEET)
    assert (summary.rows, summary.accepted, summary.format) == (1, 1, "csv")
    assert outcome.record is not None
    entered = station.session.office.states.events(RECORD, outcome.record)[0].event
    assert isinstance(entered, RecordSubmitted)
    assert entered.channel is Channel.IMPORTED
    digest = sha256(file.getvalue()).hexdigest()
    assert entered.evidence == (Evidence(kind=EvidenceKind.SIGN_IN_SHEET, sha256=digest),)
    assert entered.minutes == 150
    assert entered.recorder == station.session.town.recorder.actor.id
    assert entered.volunteer == station.session.volunteer


def test_the_row_stays_recoverable_under_the_volunteers_key(station: Station) -> None:
    _, (outcome,) = station.bring(text(("站点登记表",), (*HEAD, "血型"), (*row(), "A")))
    assert outcome.record is not None
    office, recorder = station.session.office, station.session.town.recorder
    kept = read_kept_row(office, recorder, outcome.record)
    assert (kept.sheet, kept.row) == (1, 3)
    assert kept.cells is not None
    assert kept.cells["id_number"] == WANG["id_number"]
    assert "A" not in kept.cells.values()  # nobody asked for it, so nobody keeps it
    assert all(WANG["id_number"].encode() not in r.plain for r in station.house.ledger.rows())
    erase(station.house, station.session.volunteer)
    event = station.house.another_office().states.events(ROW, row_stream(outcome.record))[0]
    assert isinstance(event.event, RowKept)
    assert event.event.text is ERASED


def test_who_may_not_see_the_record_sees_no_row_of_it(station: Station) -> None:
    summary, (outcome,) = station.bring(text(HEAD, row()))
    assert outcome.record is not None
    office, stranger = station.session.office, station.session.town.other_recorder
    with pytest.raises(HiddenError):
        read_kept_row(office, stranger, outcome.record)
    with pytest.raises(HiddenError):
        read_import(office, stranger, summary.id)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@ON_SQLITE
def test_texts_are_read_as_they_are_kept(
    station: Station, encoding: str, delimiter: str
) -> None:
    rows = (HEAD, row(), other())
    _, told = station.bring(text(*rows, encoding=encoding, delimiter=delimiter))
    assert became(told) == ["accepted", "accepted"]


def test_a_messy_workbook(station: Station) -> None:
    """A title, a header of two rows with merged cells, real dates, blanks, a sum below."""
    file = workbook(
        ("多福巷社区志愿服务登记表", *[None] * 9),
        (
            "序号",
            "姓名 *",
            "身份证号\n(文本)",
            "服务日期",
            "服务时间",
            None,
            "服务内容",
            "评价",
            "评价日期",
            "血型",
        ),
        (None, None, None, None, "开始", "结束", None, None, None, None),
        (
            1,
            " 王𠮷祥 ",
            WANG["id_number"],
            date(2026, 11, 20),
            time(9),
            time(11, 30),
            "助老",
            5,
            46349,
            "A",
        ),
        (None,) * 10,
        (
            2,
            "欧 阳𫍯",
            OUYANG["id_number"],
            "２０２６年11月20日",
            "上午9点",
            "11点半",
            "助老",
            "５分",
            "2026.11.23",
            "B",
        ),
        ("合计", None, None, None, None, None, None, None, None, None),
        merged=("A1:J1", "E2:F2", "B2:B3"),
    )
    summary, told = station.bring(file)
    assert became(told) == ["accepted", "accepted"], told
    assert [each.row for each in told] == [4, 6]
    assert summary.unread_columns == ("序号", "血型")
    (counted,) = summary.head_counts
    assert (counted.in_file, counted.recorded, counted.head_count) == (2, 2, 12)


def test_refused_rows_name_the_cell_and_do_not_stop_the_others(station: Station) -> None:
    file = workbook(
        HEAD,
        row(身份证号=1.10105180001010e17),
        row(服务日期="3月1日", 评价=9),
        row(服务时长="3"),
        row(姓名='=HYPERLINK("http://x.invalid","王")'),
        row(姓名="<script>alert(1)</script>"),
        row(姓名="王示例"),
        row(服务日期="2026-12-20"),
        other(),
    )
    summary, told = station.bring(file)
    assert (summary.accepted, summary.refused) == (1, 7)
    assert codes(told[0]) == ["id_number_was_ruined"]
    assert told[0].reasons[0].details["cell"] == "B2"
    assert [codes(each) for each in told[1:3]] == [
        ["day_lacks_its_year", "cell_is_no_rating"],
        ["duration_disagrees"],
    ]
    assert told[2].reasons[0].details["cell"] == "F4"
    # A formula has no value here: nothing computes it.
    assert codes(told[3]) == ["cell_is_blank"]
    assert codes(told[4]) == ["name_has_other_character"]
    assert codes(told[5]) == ["row_names_no_volunteer"]
    assert codes(told[6]) == ["service_is_not_over"]
    assert told[7].became is Became.ACCEPTED


@ON_SQLITE
def test_a_text_of_any_length_concerns_its_own_row_alone(station: Station) -> None:
    _, told = station.bring(text(HEAD, row(服务内容="长" * 25_000), row()))
    assert codes(told[0]) == ["text_is_too_long"]
    assert became(told) == ["refused", "accepted"]


def test_a_formula_in_a_text_is_text_and_no_name(station: Station) -> None:
    formula = '=HYPERLINK("http://x.invalid")'
    file = text(HEAD, row(姓名=formula.replace(",", "")), row(服务内容="=1+1"))
    _, (named, said) = station.bring(file)
    assert codes(named) == ["name_has_other_character"]
    assert said.record is not None
    state = station.session.office.states.get(RECORD, said.record).state
    assert state is not None
    assert state.service.content == "=1+1"


def test_the_same_file_again_changes_nothing(station: Station) -> None:
    file = text(HEAD, row(), other())
    first, told = station.bring(file)
    size = station.size()
    again, known = station.bring(file)
    assert (again.duplicates, again.first_seq) == (2, None)
    assert [each.record for each in known] == [each.record for each in told]
    assert station.size() == size
    assert again.id == first.id


def test_files_overlap_in_other_spellings_and_order(station: Station) -> None:
    _, (mine,) = station.bring(text(HEAD, row()))
    spelt = row(服务日期="2026年11月20日", 开始时间="上午9点", 服务时长="2小时30分")
    _, told = station.bring(workbook(HEAD, other(), spelt))
    assert became(told) == ["accepted", "duplicate"]
    assert told[1].record == mine.record


def test_what_was_typed_in_before_is_known(station: Station) -> None:
    typed = station.session.enter(end="2026-11-20T11:30+08:00", break_minutes=0)
    _, (outcome,) = station.bring(text(HEAD, row()))
    assert (outcome.became, outcome.record) == (Became.DUPLICATE, typed)


def test_sessions_of_one_person_that_overlap_are_flagged(station: Station) -> None:
    station.session.enter(start="2026-11-19T09:00+08:00", end="2026-11-19T12:00+08:00")
    file = text(
        HEAD,
        row(),
        row(开始时间="11:00", 结束时间="13:30"),
        row(结束时间="12:00", 服务时长=""),
        row(服务日期="2026-11-19", 开始时间="10:00", 结束时间="12:30"),
    )
    _, told = station.bring(file)
    assert [codes(each) for each in told] == [
        [],
        ["row_overlaps_row"],
        ["row_differs_from_record"],
        ["row_overlaps_record"],
    ]
    assert told[1].reasons[0].details["row"] == 2


def test_a_dry_run_says_the_same_and_changes_nothing(station: Station) -> None:
    file = text(HEAD, row(), other(姓名="王示例"), row(), row(结束时间="12:00", 服务时长="3"))
    size = station.size()
    summary, dry = station.bring(file, is_dry_run=True)
    assert station.size() == size
    assert summary.is_dry_run
    _, real = station.bring(file)
    assert became(dry) == became(real) == ["accepted", "refused", "duplicate", "refused"]
    assert [each.record for each in dry[:1]] == [each.record for each in real[:1]]


def test_an_import_is_a_thing_of_the_log(station: Station) -> None:
    file = text(HEAD, row(), other(评价=""))
    summary, _ = station.bring(file)
    station.bring(file)
    town = station.session.town
    found = read_import(station.session.office, town.station_head, summary.id)
    assert found.digest == summary.digest
    assert found.bytes == len(file.getvalue())
    first, second = found.runs
    assert (first.rows, first.accepted, first.refused, first.codes) == (
        2,
        1,
        1,
        ("cell_is_blank",),
    )
    assert first.by == town.recorder.actor.text()
    assert (second.accepted, second.duplicates, second.refused) == (0, 1, 1)


class Cut(BaseException):
    """The process ends here."""


def test_who_is_cut_off_begins_again(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.application.importing.rows.BATCH_ROWS", 2)
    days = [row(服务日期=f"2026-11-{day:02}") for day in range(2, 11)]
    file = text(HEAD, *days)
    told: list[RowOutcome] = []

    def cut(outcome: RowOutcome) -> None:
        told.append(outcome)
        if len(told) == 5:
            raise Cut

    session = station.session
    order = Order(activity=session.activity)
    with pytest.raises(Cut):
        import_file(session.office, session.town.recorder, file, order, tell=cut)
    office = station.house.another_office()
    again: list[RowOutcome] = []
    import_file(office, session.town.recorder, file, order, tell=again.append)
    # The third batch was appended when the process ended, though not told to its end.
    assert became(again) == ["duplicate"] * 6 + ["accepted"] * 3
    assert len({each.record for each in again}) == 9
    runs = read_import(office, session.town.recorder, _id(again, office)).runs
    assert [run.finished_at is None for run in runs] == [True, False]


def _id(told: list[RowOutcome], office: Any) -> UUID:
    assert told[0].record is not None
    event = office.states.events(ROW, row_stream(told[0].record))[0].event
    assert isinstance(event, RowKept)
    return event.import_id


def test_one_bad_row_among_many(station: Station) -> None:
    rows = [
        row(
            服务日期=f"2026-11-{day:02}",
            开始时间=f"{hour}:00",
            结束时间=f"{hour}:20",
            服务时长="",
        )
        for day in range(2, 21)
        for hour in range(7, 20)
    ]
    rows[100] = row(身份证号="110105180001010000")
    summary, told = station.bring(text(HEAD, *rows))
    assert (summary.accepted, summary.refused) == (len(rows) - 1, 1)
    assert [each.row for each in told if each.reasons] == [102]


def test_rows_may_name_their_activity(station: Station) -> None:
    head = (*HEAD, "活动编号")
    activity = station.session.activity
    number = station.session.office.states.get  # the number that the ledger made
    from ledger.application.states import ACTIVITY  # noqa: PLC0415

    state = number(ACTIVITY, activity).state
    assert state is not None
    file = text(head, (*row(), state.project_no), (*other(), activity), (*other(), "110105-1"))
    _, told = station.bring(file, activity=None)
    assert became(told) == ["accepted", "accepted", "refused"]
    assert codes(told[2]) == ["activity_is_unclear"]
    assert station.refused(text(HEAD, row()), activity=None) == {"activity_is_not_named"}


def test_a_back_entry_takes_its_reason_from_the_row_or_the_order(station: Station) -> None:
    station.house.clock.advance(days=70)
    _, (refused,) = station.bring(text(HEAD, row()))
    assert codes(refused) == ["back_entry_reason_is_missing"]
    _, (accepted,) = station.bring(text(HEAD, row()), back_entry_reason="系统停用。")
    assert accepted.became is Became.ACCEPTED


def test_only_a_recorder_imports_and_nobody_else_learns_anything(station: Station) -> None:
    file, town = text(HEAD, row()), station.session.town
    assert station.refused(file, town.reviewer) == {"actor_has_no_such_role"}
    attempt = station.house.attempts()[-1]
    assert (attempt.by, attempt.act) == (town.reviewer.actor.text(), "record.import")
    _, (outcome,) = station.bring(file, town.other_recorder)
    assert codes(outcome) == ["organization_does_not_record"]


HEADLESS: list[tuple[str, Callable[[], io.BytesIO]]] = [
    ("file_is_empty", lambda: io.BytesIO(b"")),
    ("file_is_no_table", lambda: io.BytesIO(b"<html><table>")),
    ("file_is_no_table", lambda: io.BytesIO(b"\x89PNG\r\n\x1a\n\0\0")),
    ("file_is_old_excel", lambda: io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")),
    ("file_is_damaged", lambda: io.BytesIO(b"PK\x03\x04 and then nothing")),
    ("header_is_not_found", lambda: text(("a", "b"), ("1", "2"))),
    ("column_is_missing", lambda: text(("姓名", "身份证号", "服务日期"), ("a", "b", "c"))),
    ("column_is_repeated", lambda: text((*HEAD, "日期"), row())),
    ("file_has_too_many_rows", lambda: text(HEAD, *[row()] * 100_001)),
]


@ON_SQLITE
@pytest.mark.parametrize(("code", "file"), HEADLESS)
def test_a_file_that_is_none_is_refused_whole(
    station: Station, code: str, file: Callable[[], io.BytesIO]
) -> None:
    size = station.size()
    assert station.refused(file()) == {code}
    assert [each.topic for each in station.house.ledger.rows()[size:]] == ["act.refused"]


def test_the_kept_row_is_json_of_the_cells(station: Station) -> None:
    _, (outcome,) = station.bring(text(HEAD, row()))
    assert outcome.record is not None
    event = station.session.office.states.events(ROW, row_stream(outcome.record))[0].event
    assert isinstance(event, RowKept)
    assert isinstance(event.text, str)
    assert json.loads(event.text)["duration"] == "2.5"

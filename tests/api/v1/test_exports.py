"""Exports over HTTP: a file as it is made, by whom it may be, named after nobody."""

import io

import pytest
from openpyxl import load_workbook

from ledger.api.v1 import export_routes
from ledger.application.callers import as_volunteer
from ledger.application.disclosing import readers
from ledger.application.exporting.tables import XLSX
from tests.api.v1.client import Client, reasons
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.serving import Session, begin
from tests.application.town import Town
from tests.application.volunteering import OUYANG, WANG, registered

pytestmark = ON_SQLITE
EXPORT = "/api/v1/records/export"


@pytest.fixture
def session(house: House, town: Town) -> Session:
    made = begin(house, town, house.office)
    made.enter()
    return made


def test_a_workbook_is_sent_masked(client: Client, session: Session) -> None:
    answer = client.get(EXPORT, session.town.reviewer)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == XLSX
    assert answer.headers["cache-control"] == "no-store"
    size = len(session.house.ledger.rows())
    want = f'attachment; filename="records-{size}.xlsx"'
    assert answer.headers["content-disposition"] == want
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    head, row = sheet.iter_rows(values_only=True)
    said = dict(zip(head, row, strict=True))
    assert (said["遮掩姓名"], said["姓名"], said["服务时长(小时)"]) == ("王*", None, 2.5)


def test_with_a_purpose_csv_is_in_clear_and_written_down(
    client: Client, session: Session
) -> None:
    query = {"format": "csv", "encoding": "gb18030", "purpose": "inspection"}
    answer = client.get(EXPORT, session.town.reviewer, params=query)
    assert answer.headers["content-type"] == "text/csv; charset=gb18030"
    assert WANG["name"] in answer.content.decode("gb18030")
    (seen,) = readers(session.office, session.herself, session.volunteer)
    assert seen.by == session.town.reviewer.actor


def test_what_it_is_narrowed_by(client: Client, session: Session) -> None:
    for query, rows in (
        ({"from": "2026-11-20", "to": "2026-11-20"}, 1),
        ({"from": "2026-11-21"}, 0),
        ({"state": "confirmed"}, 0),
        ({"activity": str(session.activity), "state": "submitted"}, 1),
    ):
        answer = client.get(EXPORT, session.town.recorder, params={"format": "csv", **query})
        assert answer.text.count("\r\n") == rows + 2, query
    for query in ({"from": "20-11-2026"}, {"format": "pdf"}, {"first_day": "x"}, {"a": "b"}):
        assert client.get(EXPORT, session.town.recorder, params=query).status_code == 422


def test_who_may_not_is_told_nothing(client: Client, session: Session) -> None:
    other = as_volunteer(registered(session.office, session.town.recorder, OUYANG))
    station = str(session.town.station)
    assert client.get(EXPORT).status_code == 401
    for by in (session.town.other_recorder, session.town.entrusted_head, other):
        answer = client.get(EXPORT, by, params={"organization": station})
        assert (answer.status_code, answer.json()["code"]) == (404, "nothing_to_see")
    own = client.get(EXPORT, session.herself, params={"format": "csv"})
    assert WANG["id_number"] in own.text


def test_more_than_one_answer_holds_is_refused_with_a_way_out(
    client: Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_routes, "DOWNLOAD_ROWS_MAX", 0)
    answer = client.get(EXPORT, session.town.recorder, headers={"accept-language": "en"})
    assert (answer.status_code, reasons(answer)) == (422, {"export_is_too_large"})
    assert "from, to" in answer.json()["reasons"][0]["text"]

"""Imports over HTTP: a file as it is, answered row by row; a template; runs and rows read."""

import io
from hashlib import sha256
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from ledger.api.v1 import import_routes
from ledger.api.v1.import_routes import UPLOAD_BYTES_MAX, XLSX
from tests.api.v1.client import Client, reasons
from tests.application.filing import HEAD, other, row, text, workbook
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.serving import Session, begin
from tests.application.town import Town
from tests.application.volunteering import OUYANG, registered

pytestmark = ON_SQLITE
IMPORTS = "/api/v1/imports"


@pytest.fixture
def session(house: House, town: Town) -> Session:
    made = begin(house, town, house.office)
    registered(house.office, town.recorder, OUYANG)
    return made


def sent(client: Client, session: Session, file: io.BytesIO, **asked: Any) -> httpx.Response:
    by = asked.pop("by", session.town.recorder)
    query = {"activity": str(session.activity), **asked}
    headers = {"content-type": "text/csv", "accept-language": asked.pop("language", "zh")}
    return client.send(
        "POST", IMPORTS, by, params=query, content=file.getvalue(), headers=headers
    )


def test_a_file_is_answered_row_by_row(client: Client, session: Session) -> None:
    file = workbook(HEAD, row(), other(服务日期="3月1日"))
    answer = sent(client, session, file, sha256=sha256(file.getvalue()).hexdigest())
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["accepted"], body["refused"], body["format"]) == (1, 1, "xlsx")
    accepted, refused = body["results"]
    assert accepted["status"] == "accepted"
    (reason,) = refused["reasons"]
    assert (reason["code"], reason["details"]["cell"]) == ("day_lacks_its_year", "C3")
    assert "年份" in reason["text"]
    assert answer.headers["location"] == f"{IMPORTS}/{body['id']}"
    read = client.get(answer.headers["location"], session.town.reviewer).json()
    assert [run["accepted"] for run in read["runs"]] == [1]
    kept = client.get(f"{IMPORTS}/rows/{accepted['record']}", session.town.reviewer).json()
    assert kept["cells"]["day"] == "2026-11-20"
    hidden = client.get(answer.headers["location"], session.town.other_recorder)
    assert hidden.status_code == 404


def test_again_it_says_which_records_there_are(client: Client, session: Session) -> None:
    file = text(HEAD, row())
    (first,) = sent(client, session, file).json()["results"]
    answer = sent(client, session, file)
    (again,) = answer.json()["results"]
    assert (again["status"], again["record"]) == ("duplicate", first["record"])
    assert "location" not in answer.headers


def test_a_dry_run_records_nothing(client: Client, session: Session) -> None:
    size = len(session.house.ledger.rows())
    body = sent(client, session, text(HEAD, row()), dry_run="true").json()
    assert (body["dry_run"], body["accepted"], body["first_seq"]) == (True, 1, None)
    assert len(session.house.ledger.rows()) == size


@pytest.mark.parametrize(
    ("content", "asked", "status", "code"),
    [
        (b"<html>", {}, 422, "file_is_no_table"),
        (b"a,b\r\n1,2", {}, 422, "header_is_not_found"),
        (b"a", {"sha256": "0" * 64}, 422, "file_digest_differs"),
        (b"0" * (UPLOAD_BYTES_MAX + 1), {}, 413, "body_is_too_large"),
    ],
)
def test_a_file_that_is_none_is_a_problem(
    client: Client,
    session: Session,
    content: bytes,
    asked: dict[str, str],
    status: int,
    code: str,
) -> None:
    answer = sent(client, session, io.BytesIO(content), **asked)
    assert answer.status_code == status, answer.text
    assert reasons(answer) == {code}


def test_more_rows_than_one_answer_tells_are_refused(
    client: Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_routes, "UPLOAD_ROWS_MAX", 2)
    answer = sent(client, session, text(HEAD, row(), other()))
    assert reasons(answer) == {"file_has_too_many_rows"}


def test_nobody_imports_unless_she_records(client: Client, session: Session) -> None:
    file = text(HEAD, row())
    assert sent(client, session, file, by=None).status_code == 401
    answer = sent(client, session, file, by=session.town.reviewer)
    assert (answer.status_code, reasons(answer)) == (403, {"actor_has_no_such_role"})
    assert sent(client, session, file, unknown="1").status_code == 422


def test_the_template_is_filled_in_and_imported(client: Client, session: Session) -> None:
    answer = client.get(f"{IMPORTS}/template.xlsx", session.town.recorder)
    assert answer.headers["content-type"] == XLSX
    book = load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet[1]]
    said = {
        "姓名": "王𠮷祥",
        "证件号码": "110105180001010029",
        "服务日期": "2026-11-20",
        "开始时间": "9:00",
        "服务时长": "2小时30分",
        "服务内容": "陪伴老人。",
        "守时程度": "5",
        "服务态度": "5",
        "专业水平": "4",
        "评价日期": "2026-11-23",
    }
    for name, value in said.items():
        cell = sheet.cell(row=2, column=names.index(name) + 1)
        assert cell.number_format == "@"
        cell.value = value
    filled = io.BytesIO()
    book.save(filled)
    body = sent(client, session, filled).json()
    assert (body["accepted"], body["refused"], body["unread_sheets"]) == (1, 0, ["填写说明"])

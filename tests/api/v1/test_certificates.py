"""Certificates over HTTP: the whole way, who may walk it, and what became of one since."""

from typing import Any

import pytest

from ledger.api.v1.certificate_routes import certificate_routes
from ledger.application.callers import Caller
from ledger.application.forms.record import AmendmentForm, VoidingForm
from ledger.certificates.checking import Answer
from tests.api.v1.client import Client, TownSessions
from tests.application.certifying import Bureau, checker_of, handing_out_of, open_bureau
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.serving import SERVICE
from tests.application.town import Town

pytestmark = ON_SQLITE
PATH = "/api/v1/certificates"


@pytest.fixture
def bureau(house: House, town: Town) -> Bureau:
    return open_bureau(house, town)


@pytest.fixture
def client(bureau: Bureau) -> Client:
    sessions = TownSessions()
    handing_out = handing_out_of(bureau.house)
    return Client(sessions, [certificate_routes(sessions, bureau.certifying, handing_out)])


def asked(bureau: Bureau, **said: Any) -> dict[str, Any]:
    return {"issuer": str(bureau.session.town.station), **said}


def issued(bureau: Bureau, client: Client, **said: Any) -> str:
    answer = client.post(PATH, bureau.session.herself, asked(bureau, **said))
    assert answer.status_code == 201, answer.text
    path = answer.headers["location"]
    assert client.post(f"{path}/acceptance", bureau.handler, None).status_code == 200
    done = client.post(f"{path}/issuance", bureau.head, None)
    assert done.status_code == 200, done.text
    return str(path)


def status_of(client: Client, path: str, by: Caller) -> dict[str, Any]:
    status: dict[str, Any] = client.get(path, by).json()["status"]
    return status


def test_asked_for_accepted_issued_printed_and_checked(bureau: Bureau, client: Client) -> None:
    bureau.session.confirmed()
    herself = bureau.session.herself
    path = issued(bureau, client)
    shown = client.get(path, herself)
    assert shown.headers["cache-control"] == "no-store"
    body = shown.json()
    assert body["face"]["hours"] == "2.50"
    assert body["face"]["holder_name"] == "王𠮷祥"
    assert body["status"]["status"] == "valid"
    pdf = client.get(f"{path}/certificate.pdf", herself)
    assert pdf.headers["content-type"] == "application/pdf"
    assert checker_of(bureau.house).check(pdf.content).verdict is Answer.YES
    proof = client.get(f"{path}/certificate.tlog-proof", herself)
    assert checker_of(bureau.house).check(proof.content).verdict is Answer.YES


def test_staff_see_the_holder_masked(bureau: Bureau, client: Client) -> None:
    bureau.session.confirmed()
    face = client.get(issued(bureau, client), bureau.handler).json()["face"]
    assert face["holder_name"] == "王*"
    assert face["id_number"].startswith("*")


def test_to_others_there_is_none(bureau: Bureau, client: Client) -> None:
    bureau.session.confirmed()
    path, stranger = issued(bureau, client), bureau.session.town.other_head
    for suffix in ("", "/certificate.pdf", "/certificate.tlog-proof"):
        assert client.get(f"{path}{suffix}", stranger).status_code == 404
    assert client.post(f"{path}/acceptance", stranger, None).status_code == 404
    ground = {"ground": "false_records"}
    assert client.post(f"{path}/revocation", stranger, ground).status_code == 404
    assert client.get(path).status_code == 401


def test_a_record_that_is_amended_afterwards_changes_the_status(
    bureau: Bureau, client: Client
) -> None:
    session = bureau.session
    record = session.confirmed()
    path = issued(bureau, client)
    longer = SERVICE | {"end": "2026-11-20T13:00+08:00", "reason": "结束时间填错。"}
    town, reviewing = session.town, session.reviewing
    amendment = reviewing.propose_amendment(
        town.recorder, record, AmendmentForm.model_validate(longer)
    ).value
    assert status_of(client, path, session.herself)["status"] == "valid"
    bureau.house.clock.set("2026-12-14 09:00")
    reviewing.accept(town.reviewer, record, amendment)
    status = status_of(client, path, session.herself)
    assert status["status"] == "changed"
    assert status["minutes_now"] == 210
    (change,) = status["changes"]
    assert change["facts"] == ["end"]
    assert (change["minutes"], change["minutes_now"], change["voided"]) == (150, 210, False)


def test_a_record_that_is_voided_afterwards_counts_no_more(
    bureau: Bureau, client: Client
) -> None:
    session = bureau.session
    record = session.confirmed()
    path = issued(bureau, client)
    form = VoidingForm.model_validate({"reason": "并未实际服务。"})
    voiding = session.reviewing.propose_voiding(session.town.recorder, record, form).value
    bureau.house.clock.set("2026-12-14 09:00")
    session.reviewing.void(session.town.reviewer, record, voiding, "已核实未服务。")
    status = status_of(client, path, session.herself)
    assert (status["status"], status["minutes_now"]) == ("changed", 0)
    assert status["changes"][0]["voided"] is True


def test_a_revoked_and_a_superseded_one_say_so(bureau: Bureau, client: Client) -> None:
    bureau.session.confirmed()
    first = issued(bureau, client)
    second = issued(bureau, client, replaces=first.rpartition("/")[2])
    herself = bureau.session.herself
    assert status_of(client, first, herself)["status"] == "superseded"
    ground = {"ground": "issued_in_error"}
    assert client.post(f"{second}/revocation", bureau.head, ground).status_code == 200
    status = status_of(client, second, herself)
    assert (status["status"], status["revoked"]) == ("revoked", "issued_in_error")


def test_an_old_etag_is_refused(bureau: Bureau, client: Client) -> None:
    bureau.session.confirmed()
    path = client.post(PATH, bureau.session.herself, asked(bureau)).headers["location"]
    old = {"if-match": '"v0"'}
    answer = client.post(f"{path}/acceptance", bureau.handler, None, headers=old)
    assert answer.status_code == 412

"""The look-up over HTTP: for anybody, by a body, never by an address; one answer to a guess."""

from typing import Any

import httpx
import pytest

from ledger.api.v1.verification_routes import (
    REFUSED_EACH_S,
    rest_of,
    verification_routes,
)
from ledger.application.certifying.looking_up import LookUps
from ledger.application.forms.record import VoidingForm
from ledger.domain.certificate import certificate_number
from ledger.store import chance
from tests.api.v1.client import Client, TownSessions
from tests.application.certifying import Bureau, handing_out_of, open_bureau
from tests.application.gatehouse import Gate
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.town import Town

PATH = "/api/v1/verifications"
NAME = "王𠮷祥"


@pytest.fixture
def bureau(house: House, town: Town) -> Bureau:
    return open_bureau(house, town)


@pytest.fixture
def client(bureau: Bureau) -> Client:
    look_ups = LookUps(handing_out_of(bureau.house), Gate(bureau.house).parts)
    return Client(TownSessions(), [verification_routes(look_ups)])


def ask(client: Client, number: str, holder: str, **more: Any) -> httpx.Response:
    return client.post(PATH, None, {"number": number, "holder": holder, **more})


def test_what_became_of_it_is_told_by_line_and_nobody_is_named(
    bureau: Bureau, client: Client
) -> None:
    record = bureau.session.confirmed()
    number = certificate_number(bureau.request(mode="self_printed"))
    answer = ask(client, number, NAME)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["status"] == "valid"
    form = VoidingForm.model_validate({"reason": "并未实际服务。"})
    session = bureau.session
    voiding = session.reviewing.propose_voiding(session.town.recorder, record, form).value
    bureau.house.clock.set("2026-12-14 09:00")
    session.reviewing.void(session.town.reviewer, record, voiding, "已核实未服务。")
    answer = ask(client, number, NAME)
    body = answer.json()
    change = {"line": 1, "voided": True, "facts": [], "minutes": 150, "minutes_now": 0}
    change["counts"] = True
    assert (body["status"], body["minutes_now"]) == ("changed", 0)
    assert body["changes"] == [change]
    assert body["holder"] == "王*"
    assert body["proof"].startswith("c2sp.org/tlog-proof@v1\n")
    for kept in (NAME, str(record), str(session.volunteer), "未服务"):
        assert kept not in answer.text


@ON_SQLITE
def test_guesses_have_one_answer(bureau: Bureau, client: Client) -> None:
    bureau.session.confirmed()
    number = certificate_number(bureau.request(mode="self_printed"))
    said = [
        ask(client, number, "李示例"),
        ask(client, certificate_number(chance.random_uuid()), NAME),
        ask(client, certificate_number(bureau.session.volunteer), NAME),
    ]
    assert {answer.status_code for answer in said} == {404}
    assert len({answer.content for answer in said}) == 1
    assert "certificate_is_not_found" in said[0].text


@ON_SQLITE
def test_what_is_no_question_is_refused_by_its_field(client: Client) -> None:
    for body, code in (
        ({"number": "0000", "holder": NAME}, "certificate_number_is_mistyped"),
        ({"number": 5, "holder": NAME}, "not_a_text"),
        ({"number": "0000"}, "field_is_missing"),
    ):
        answer = client.post(PATH, None, body)
        assert answer.status_code == 422
        assert code in answer.text
    assert ask(client, "0000", NAME, role="admin").status_code == 422
    assert client.get(PATH).status_code == 405
    assert client.send("POST", PATH, content=b"number=1").status_code == 415


def test_a_refusal_is_answered_at_the_end_of_a_stretch() -> None:
    for seconds in (0.0, 0.001, 0.1, 0.2499, 0.26, 3.3):
        ends = (seconds + rest_of(seconds)) / REFUSED_EACH_S
        assert abs(ends - round(ends)) < 1e-9
        assert 0 < rest_of(seconds) <= REFUSED_EACH_S

"""Registering by oneself over HTTP: with a sign-in of one's own, slowed down, and unlogged."""

from typing import Any
from uuid import UUID

import pytest

from ledger.application.callers import as_volunteer
from ledger.application.self_registering import BY_ADDRESS
from tests.api.v1.client import Client, reasons
from tests.api.v1.volunteers import REGISTRATIONS, client_of, code, of, register
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.town import Town
from tests.application.volunteering import NOTICE, OUYANG, WANG

SIGN_IN = {"name": "wang.jixiang", "password": "四个-随便-想到的-词语"}


@pytest.fixture
def client(house: House) -> Client:
    return client_of(house)


def by_herself(particulars: dict[str, Any] = WANG, **further: Any) -> dict[str, Any]:
    return {"particulars": particulars, "policy": NOTICE, "sign_in": SIGN_IN} | further


def refusals(house: House) -> list[str]:
    """Return what the security log says of strangers."""
    log = house.ledger.place.folder / "security" / "security.log"
    return [line for line in log.read_text("utf-8").splitlines() if "act.refused" in line]


def test_she_registers_and_signs_in(client: Client, house: House) -> None:
    answer = client.post(REGISTRATIONS, None, by_herself())
    assert answer.status_code == 201, answer.text
    volunteer = UUID(answer.json()["id"])
    types = [each["type"] for each in answer.json()["receipt"]["entries"]]
    assert types[:2] == ["volunteer.registered", "identity.claimed"]
    assert types[-1] == "sign_in.opened"
    assert SIGN_IN["password"] not in answer.text
    sessions: Any = client.sessions
    session = sessions._sign_ins.sign_in(SIGN_IN["name"], SIGN_IN["password"], "192.0.2.1")
    headers = {"authorization": f"Bearer {session.token}"}
    own = client.send("GET", of(volunteer), headers=headers)
    assert own.json()["particulars"]["name"] == WANG["name"]
    assert house.ledger.codes() == []


@ON_SQLITE
def test_who_is_registered_already_learns_it_and_is_no_entry(
    client: Client, house: House, town: Town
) -> None:
    register(client, town.recorder)
    before = house.ledger.seqs()[-1]
    answer = client.post(REGISTRATIONS, None, by_herself())
    assert code(answer) == (409, "person_is_registered")
    assert house.ledger.seqs()[-1] == before
    (line,) = refusals(house)
    assert "person_is_registered" in line
    hidden = ("name", "id_number", "contact", "birth_date")
    assert [name for name in hidden if str(WANG[name]) in line] == []
    # Her name is free again for who comes with another number.
    other = client.post(REGISTRATIONS, None, by_herself(OUYANG))
    assert other.status_code == 201


@ON_SQLITE
@pytest.mark.parametrize(
    ("body", "found"),
    [
        (by_herself(WANG | {"fingerprint": "x"}), "field_is_forbidden"),
        (by_herself(sign_in=SIGN_IN | {"password": "short"}), "password_is_too_short"),
        (by_herself(sign_in={"name": "wang"}), "field_is_missing"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_wrong_is_told_and_nobody_is_registered(
    client: Client, house: House, body: Any, found: str
) -> None:
    before = house.ledger.seqs()[-1]
    answer = client.post(REGISTRATIONS, None, body)
    assert answer.status_code == 422
    assert found in reasons(answer)
    assert SIGN_IN["password"] not in answer.text
    assert house.ledger.seqs()[-1] == before


@ON_SQLITE
def test_a_name_that_is_taken_is_refused(client: Client) -> None:
    assert client.post(REGISTRATIONS, None, by_herself()).status_code == 201
    answer = client.post(REGISTRATIONS, None, by_herself(OUYANG))
    assert code(answer) == (409, "sign_in_name_is_taken")


@ON_SQLITE
def test_whoever_tries_too_often_waits(client: Client, house: House) -> None:
    wrong = by_herself(WANG | {"birth_date": "1801-01-01"})
    for _ in range(BY_ADDRESS.most):
        assert client.post(REGISTRATIONS, None, wrong).status_code == 422
    slowed = client.post(REGISTRATIONS, None, by_herself())
    assert code(slowed) == (429, "sign_in_is_slowed_down")
    house.clock.advance(hours=1, seconds=1)
    assert client.post(REGISTRATIONS, None, by_herself()).status_code == 201


@ON_SQLITE
def test_who_came_by_herself_is_confirmed_where_she_lives(client: Client, town: Town) -> None:
    volunteer = UUID(client.post(REGISTRATIONS, None, by_herself()).json()["id"])
    seen = {"method": "document_seen"}
    path = of(volunteer, "/confirmation")
    assert code(client.post(path, town.other_reviewer, seen)) == (404, "nothing_to_see")
    assert code(client.post(path, as_volunteer(volunteer), seen)) == (
        403,
        "confirmer_is_volunteer",
    )
    assert client.post(path, town.reviewer, seen).status_code == 200
    assert client.get(of(volunteer), town.reviewer).json()["is_confirmed"]

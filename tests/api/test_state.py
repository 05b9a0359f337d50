"""Whether the service may go on: what the health routes and the checkpoint say."""

import pytest

from ledger.proof.merkle import edge_of
from ledger.store.register import register_text
from tests.api.conftest import Client
from tests.audit.house import House
from tests.audit.plan import CHECKPOINTS, ORIGIN, SIZE

SIGNED = CHECKPOINTS[-1]
CHECKPOINT = "/log/110000/checkpoint"
ZH = {"accept-language": "zh"}


def _roll_back(house: House) -> None:
    house.lie("DELETE FROM entries WHERE {log} AND seq >= ?", 300)
    house.put_head_back(300)


def _edit_head(house: House) -> None:
    house.lie("UPDATE heads SET mac = ? WHERE {log}", bytes(32))


def _fork(house: House) -> None:
    other = edge_of([bytes(32)] * 600)
    house.paths.register.write_bytes(register_text(other, origin=ORIGIN))


def _lose_register(house: House) -> None:
    house.paths.register.unlink()


def _delete_head(house: House) -> None:
    house.lie("DELETE FROM heads WHERE {log}")


def _break_register(house: House) -> None:
    house.paths.register.write_bytes(b"junk")


def _lose_rows(house: House) -> None:
    house.lie("DELETE FROM entries WHERE {log} AND seq >= ?", 610)


def _drop_table(house: House) -> None:
    house.lie("DROP TABLE heads")


STATES = {
    "rolled back": (_roll_back, "rolled_back"),
    "rows lost": (_lose_rows, "rolled_back"),
    "forked": (_fork, "rolled_back"),
    "no register": (_lose_register, "rolled_back"),
    "head edited": (_edit_head, "head_tampered"),
    "head deleted": (_delete_head, "ledger_missing"),
    "register broken": (_break_register, "cannot_read"),
    "table dropped": (_drop_table, "database_failed"),
}


def test_a_healthy_service_says_how_far_it_is(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {
        "status": "ready",
        "size": SIZE,
        "signed": SIGNED,
        "witnessed": None,
        "unwitnessed": 0,
    }


@pytest.mark.parametrize("state", STATES)
def test_a_service_that_may_not_sign_says_why(house: House, client: Client, state: str) -> None:
    damage, code = STATES[state]
    damage(house)
    assert client.get("/healthz").status_code == 200
    for path in ("/readyz", CHECKPOINT):
        response = client.get(path)
        assert response.status_code == 503
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["code"] == code
        # What it is made of stays inside.
        assert str(house.paths.data_dir) not in response.text
    chinese = client.get("/readyz", headers=ZH).json()["title"]
    assert not chinese.isascii()


def test_what_nobody_foresaw_is_a_problem_without_details(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def boom() -> None:
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr(house.wiring.files, "checkpoint", boom)
    response = client.get(CHECKPOINT)
    assert (response.status_code, response.json()["code"]) == (500, "unexpected")
    assert "foresaw this" not in response.text

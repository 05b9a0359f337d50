"""Merging, separating and freeing numbers over HTTP."""

from typing import Any
from uuid import UUID

import pytest

from ledger.application.callers import as_volunteer
from tests.api.v1.client import Client
from tests.api.v1.volunteers import VOLUNTEERS, client_of, code, of, register, said
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.serving import begin
from tests.application.town import Town
from tests.application.volunteering import GROUND, OUYANG, OUYANG_ABROAD, erase


@pytest.fixture
def client(house: House) -> Client:
    return client_of(house)


def test_hours_go_with_a_merge_and_come_back(client: Client, house: House, town: Town) -> None:
    session = begin(house, town, house.office)
    session.confirmed()
    source, target = session.volunteer, register(client, town.recorder, OUYANG)

    def minutes() -> tuple[int, int]:
        read = (client.get(of(each), town.reviewer).json() for each in (source, target))
        first, second = (each["totals"]["minutes"] for each in read)
        return first, second

    assert minutes() == (150, 0)
    body = GROUND | {"into": str(target)}
    merged = client.post(of(source, "/merge"), town.station_head, body)
    assert merged.status_code == 200
    assert len(merged.json()["receipt"]["entries"]) == 6
    assert minutes() == (0, 150)
    shown = client.get(of(source), town.reviewer).json()
    assert shown["into"] == str(target)
    assert client.get(of(target), town.reviewer).json()["absorbed"] == [str(source)]

    body = GROUND | {"out_of": str(target)}
    assert client.post(of(source, "/separation"), town.station_head, body).status_code == 200
    assert minutes() == (150, 0)


@ON_SQLITE
@pytest.mark.parametrize(
    ("path", "name", "found"),
    [("/merge", "into", "volunteers_are_the_same"), ("/separation", "out_of", None)],
)
def test_who_may_not_moves_nothing(
    client: Client, town: Town, path: str, name: str, found: str | None
) -> None:
    source = register(client, town.recorder, OUYANG)
    target = register(client, town.other_recorder, OUYANG_ABROAD)
    body = GROUND | {name: str(target)}
    for stranger in (town.station_head, town.other_head, as_volunteer(source)):
        answer = client.post(of(source, path), stranger, body)
        assert code(answer) == (404, "nothing_to_see")
    answer = client.post(of(source, path), town.district_reviewer, body)
    assert answer.status_code == 403
    assert answer.json()["reasons"][0]["code"] == "actor_has_no_such_role"
    itself = client.post(of(source, path), town.station_head, GROUND | {name: str(source)})
    assert code(itself) == (422, found) if found else (409, "volunteer_is_not_merged")
    assert client.get(of(source), town.district_head).json()["into"] is None


@ON_SQLITE
def test_a_merge_needs_a_reason_and_a_file(client: Client, town: Town) -> None:
    source = register(client, town.recorder, OUYANG)
    target = register(client, town.recorder, OUYANG_ABROAD)
    body: dict[str, Any] = GROUND | {"into": str(target)}
    path = of(source, "/merge")
    answer = client.post(path, town.station_head, body | {"reason": ""})
    assert code(answer) == (422, "text_is_missing")
    answer = client.post(path, town.station_head, body | {"evidence": "x"})
    assert code(answer) == (422, "digest_is_malformed")
    old = {"if-match": '"v1"'}
    answer = client.post(path, town.station_head, body, headers=old)
    assert code(answer) == (412, "changed_meanwhile")


def test_the_number_of_an_erased_person_is_freed(
    client: Client, house: House, town: Town
) -> None:
    volunteer = register(client, town.recorder)
    path = of(volunteer, "/number-release")
    early = client.send("POST", path, town.station_head)
    assert code(early) == (409, "volunteer_is_not_erased")
    erase(house, volunteer)
    assert code(client.post(VOLUNTEERS, town.recorder, said())) == (409, "person_is_registered")
    assert code(client.send("POST", path, town.recorder)) == (403, "actor_has_no_such_role")
    freed = client.send("POST", path, town.station_head)
    assert freed.status_code == 200
    types = [each["type"] for each in freed.json()["receipt"]["entries"]]
    assert types == ["identity.released"]
    again = UUID(client.post(VOLUNTEERS, town.recorder, said()).json()["id"])
    assert again != volunteer

"""Consents and guardians over HTTP."""

from typing import Any
from uuid import UUID

import pytest

from ledger.application.callers import as_volunteer
from tests.api.v1.client import Client
from tests.api.v1.volunteers import VOLUNTEERS, client_of, code, of, register, said
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.town import Town
from tests.application.volunteering import FILE, NOTICE, born

MOTHER = {"name": "王㐂", "relation": "mother", "contact": "13800000003"}
PUBLICATION = {"purpose": "publication", "policy": NOTICE}


@pytest.fixture
def client(house: House) -> Client:
    return client_of(house)


def consents_of(client: Client, town: Town, volunteer: UUID) -> dict[str, Any]:
    """Return the consents by purpose, those in force."""
    profile = client.get(of(volunteer), town.reviewer).json()
    return {each["purpose"]: each for each in profile["consents"] if not each["ended_on"]}


def test_a_consent_is_given_shown_and_withdrawn(client: Client, town: Town) -> None:
    volunteer = register(client, town.recorder)
    she = as_volunteer(volunteer)
    given = client.post(of(volunteer, "/consents"), she, PUBLICATION)
    assert given.status_code == 201
    shown = consents_of(client, town, volunteer)["publication"]
    assert (shown["id"], shown["given_by"]) == (given.json()["opened"], "volunteer")
    body = {"purpose": "publication"}
    ended = client.post(of(volunteer, "/consents/withdrawal"), she, body)
    assert ended.status_code == 200
    assert "publication" not in consents_of(client, town, volunteer)
    again = client.post(of(volunteer, "/consents/withdrawal"), she, body)
    assert code(again) == (409, "consent_is_not_in_force")


@ON_SQLITE
def test_a_recorder_needs_the_signed_form(client: Client, town: Town) -> None:
    volunteer = register(client, town.recorder)
    path = of(volunteer, "/consents")
    answer = client.post(path, town.recorder, PUBLICATION)
    assert code(answer) == (422, "consent_is_not_evidenced")
    answer = client.post(path, town.reviewer, PUBLICATION | {"evidence": FILE})
    assert code(answer) == (403, "actor_has_no_such_role")
    answer = client.post(path, town.recorder, PUBLICATION | {"evidence": FILE})
    assert answer.status_code == 201


@ON_SQLITE
def test_a_guardian_is_shown_masked_and_named_anew(client: Client, town: Town) -> None:
    consents = [
        {"purpose": purpose, "given_by": "guardian", "evidence": FILE}
        for purpose in ("entry_by_organization", "service_of_minor")
    ]
    body = said(born("2014-03-01"), consents=consents, guardian=MOTHER)
    volunteer = UUID(client.post(VOLUNTEERS, town.recorder, body).json()["id"])
    shown = client.get(of(volunteer), town.reviewer).json()["guardian"]
    assert shown == {"name": "王*", "relation": "mother", "contact": "*0003"}
    father = MOTHER | {"name": "王祥", "relation": "father"}
    answer = client.put(of(volunteer, "/guardian"), town.recorder, father)
    assert answer.status_code == 200
    own = client.get(of(volunteer), as_volunteer(volunteer)).json()["guardian"]
    assert own == father


@ON_SQLITE
def test_who_is_of_age_has_no_guardian(client: Client, town: Town) -> None:
    volunteer = register(client, town.recorder)
    answer = client.put(of(volunteer, "/guardian"), town.recorder, MOTHER)
    assert code(answer) == (422, "guardian_is_not_needed")


@ON_SQLITE
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/consents", PUBLICATION | {"evidence": FILE}),
        ("POST", "/consents/withdrawal", {"purpose": "entry_by_organization"}),
        ("PUT", "/guardian", MOTHER),
    ],
)
def test_strangers_do_nothing_and_what_has_changed_is_kept(
    client: Client, town: Town, method: str, path: str, body: Any
) -> None:
    volunteer = register(client, town.recorder)
    for stranger in (town.other_recorder, as_volunteer(UUID(int=9))):
        answer = client.send(method, of(volunteer, path), stranger, json=body)
        assert code(answer) == (404, "nothing_to_see")
    old = {"if-match": '"v1"'}
    answer = client.send(method, of(volunteer, path), town.recorder, json=body, headers=old)
    assert code(answer) == (412, "changed_meanwhile")

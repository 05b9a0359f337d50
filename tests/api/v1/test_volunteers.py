"""Volunteers over HTTP: registered, found, shown masked or in clear, amended and confirmed."""

from typing import Any
from uuid import UUID

import pytest

from ledger.application.callers import as_volunteer
from tests.api.v1.client import Client, reasons
from tests.api.v1.volunteers import AMENDMENT, VOLUNTEERS, client_of, code, of, register, said
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.serving import begin
from tests.application.town import Town
from tests.application.volunteering import OUYANG, WANG, erase

SEEN = {"method": "document_seen"}
BY_NUMBER = {"id_type": WANG["id_type"], "id_number": WANG["id_number"]}
HIDDEN = [str(WANG[name]) for name in ("name", "id_number", "contact", "birth_date")]


@pytest.fixture
def client(house: House) -> Client:
    return client_of(house)


def test_a_volunteer_is_registered_with_a_receipt(client: Client, town: Town) -> None:
    answer = client.post(VOLUNTEERS, town.recorder, said())
    assert answer.status_code == 201
    body = answer.json()
    assert answer.headers["location"] == f"{VOLUNTEERS}/{body['id']}"
    assert (answer.headers["etag"], body["version"]) == ('"v2"', 2)
    assert answer.headers["cache-control"] == "no-store"
    types = [each["type"] for each in body["receipt"]["entries"]]
    assert types == ["volunteer.registered", "consent.given", "identity.claimed"]
    # A receipt is kept anywhere: nothing of a person stands in it.
    assert [each for each in HIDDEN if each in answer.text] == []


@ON_SQLITE
def test_a_person_is_registered_once(client: Client, town: Town) -> None:
    register(client, town.recorder)
    answer = client.post(VOLUNTEERS, town.other_recorder, said())
    assert code(answer) == (409, "person_is_registered")
    assert [each["field"] for each in answer.json()["reasons"]] == ["id_number"]
    assert [each for each in HIDDEN if each in answer.text] == []


@ON_SQLITE
@pytest.mark.parametrize(
    ("body", "field", "found"),
    [
        (said(WANG | {"blood_type": "A"}), "blood_type", "field_is_forbidden"),
        (said(WANG | {"education": "20"}), "education", "fact_needs_consent"),
        (said(consents=[]), "consents", "consent_is_missing"),
        (said(WANG | {"id_number": "1101051800010100\u0000"}), None, "json_text_is_unusable"),
        (said(WANG | {"sex": "3"}), "particulars.sex", "choice_is_unknown"),
        (said(WANG | {"birth_date": 18000101}), "particulars.birth_date", "not_a_day"),
        (said({"name": "王"}), "particulars.sex", "field_is_missing"),
        (said(consents=[{"purpose": "x"}]), "consents.0.purpose", "choice_is_unknown"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_wrong_is_told_field_by_field(
    client: Client, town: Town, body: Any, field: str | None, found: str
) -> None:
    answer = client.post(VOLUNTEERS, town.recorder, body)
    assert answer.status_code == 422
    told = {(each["code"], each["field"]) for each in answer.json()["reasons"]}
    assert (found, field) in told
    assert [each for each in HIDDEN if each in answer.text] == []


@ON_SQLITE
def test_a_system_sends_its_signed_submission_to_the_same_address(client: Client) -> None:
    headers = {"content-type": "application/jose+json"}
    answer = client.send("POST", VOLUNTEERS, headers=headers, content=b"{}")
    assert answer.status_code == 418  # whatever receives them here


def test_herself_in_full_others_masked(client: Client, town: Town) -> None:
    volunteer = register(client, town.recorder)
    own = client.get(of(volunteer), as_volunteer(volunteer))
    assert own.status_code == 200
    assert (own.headers["etag"], own.headers["cache-control"]) == ('"v2"', "no-store")
    said_of_her = own.json()["particulars"]
    assert {name: said_of_her[name] for name in WANG} == WANG
    assert not own.json()["is_masked"]

    seen = client.get(of(volunteer), town.reviewer)
    assert seen.json()["is_masked"]
    masked = seen.json()["particulars"]
    assert (masked["name"], masked["id_number"], masked["birth_date"]) == ("王*", "*0029", None)
    assert [each for each in HIDDEN if each in seen.text] == []


@ON_SQLITE
@pytest.mark.parametrize("path", ["", "/history", "/account", "/readers"])
def test_strangers_and_the_unknown_look_alike(client: Client, town: Town, path: str) -> None:
    volunteer = register(client, town.recorder)
    neighbour = as_volunteer(register(client, town.recorder, OUYANG))
    for stranger in (town.other_recorder, town.entrusted_head, neighbour):
        assert code(client.get(of(volunteer, path), stranger)) == (404, "nothing_to_see")
    unknown = client.get(of(UUID(int=7), path), town.recorder)
    assert code(unknown) == (404, "nothing_to_see")
    assert code(client.get(of(volunteer, path))) == (401, "sign_in_is_needed")


@ON_SQLITE
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/amendments", AMENDMENT),
        ("POST", "/confirmation", SEEN),
        ("POST", "/corrections", {"facts": ["name"], "explanation": "有误。"}),
        ("POST", f"/corrections/{UUID(int=1)}/withdrawal", {"reason": "无误。"}),
        ("POST", "/disclosures", {"purpose": "contact"}),
    ],
)
def test_who_has_nothing_to_do_with_her_does_nothing(
    client: Client, town: Town, method: str, path: str, body: Any
) -> None:
    volunteer = register(client, town.recorder)
    for stranger in (town.other_recorder, town.entrusted_head):
        answer = client.send(method, of(volunteer, path), stranger, json=body)
        assert code(answer) == (404, "nothing_to_see")
    assert code(client.send(method, of(volunteer, path), json=body))[0] == 401


def test_totals_account_and_history_as_they_were(
    client: Client, house: House, town: Town
) -> None:
    session = begin(house, town, house.office)
    before = house.ledger.seqs()[-1] + 1
    record = session.confirmed()
    totals = client.get(of(session.volunteer), session.herself).json()["totals"]
    assert (totals["minutes"], totals["hours"]) == (150, "2.50")
    assert totals["records"] == {"confirmed": 1}
    assert totals["star"]["eligible_by_time"] == 0
    page = client.get(of(session.volunteer, "/account"), town.reviewer).json()
    (credit,) = page["items"]
    assert (credit["record"], credit["minutes"]) == (str(record), 150)
    assert page["as_of"] == totals["seq"] + 1

    asked = {"as_of": before}
    then = client.get(of(session.volunteer), session.herself, params=asked).json()
    assert (then["totals"]["minutes"], then["as_of"]) == (0, before)
    assert (
        client.get(of(session.volunteer, "/account"), session.herself, params=asked).json()[
            "items"
        ]
        == []
    )


@ON_SQLITE
def test_history_comes_page_by_page(client: Client, town: Town) -> None:
    volunteer = register(client, town.recorder)
    client.post(of(volunteer, "/amendments"), town.recorder, AMENDMENT)
    she, seen, cursor = as_volunteer(volunteer), [], None
    while True:
        asked = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = client.get(of(volunteer, "/history"), she, params=asked).json()
        seen += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert [each["type"] for each in seen] == [
        "volunteer.registered",
        "consent.given",
        "volunteer.amended",
    ]
    change = {each["field"]: each for each in seen[-1]["changes"]}["particulars.contact"]
    assert (change["before"], change["after"]) == (WANG["contact"], "13900000001")
    masked = client.get(of(volunteer, "/history"), town.reviewer)
    assert [each for each in [*HIDDEN, "13900000001"] if each in masked.text] == []


def test_particulars_in_clear_leave_an_entry(client: Client, town: Town) -> None:
    volunteer = register(client, town.recorder)
    answer = client.post(of(volunteer, "/disclosures"), town.reviewer, {"purpose": "contact"})
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    shown = answer.json()["profile"]
    assert (shown["is_masked"], shown["particulars"]["contact"]) == (False, WANG["contact"])
    (entry,) = answer.json()["receipt"]["entries"]
    assert entry["type"] == "profile.disclosed"
    page = client.get(of(volunteer, "/readers"), as_volunteer(volunteer)).json()
    (reader,) = page["items"]
    assert (reader["seq"], reader["purpose"]) == (entry["seq"], "contact")
    assert reader["by"] == f"staff:{town.reviewer.actor.id}"
    # And she is masked again.
    assert client.get(of(volunteer), town.reviewer).json()["is_masked"]


@ON_SQLITE
def test_a_disclosure_names_its_purpose(client: Client, town: Town) -> None:
    volunteer = register(client, town.recorder)
    answer = client.post(of(volunteer, "/disclosures"), town.reviewer, {"purpose": "curiosity"})
    assert code(answer) == (422, "form_is_malformed")
    assert client.get(of(volunteer, "/readers"), town.station_head).json()["items"] == []


@ON_SQLITE
def test_search_takes_what_is_looked_for_in_the_body(client: Client, town: Town) -> None:
    volunteer = register(client, town.recorder)
    found = client.post(f"{VOLUNTEERS}/searches", town.reviewer, BY_NUMBER)
    (item,) = found.json()["items"]
    assert (item["id"], item["particulars"]["name"]) == (str(volunteer), "王*")
    assert [each for each in HIDDEN if each in found.text] == []
    nobody = client.post(f"{VOLUNTEERS}/searches", town.other_reviewer, BY_NUMBER)
    assert nobody.json()["items"] == []
    assert code(client.post(f"{VOLUNTEERS}/searches", town.reviewer, {})) == (
        422,
        "search_is_empty",
    )
    answer = client.post(
        f"{VOLUNTEERS}/searches", as_volunteer(volunteer), {"name": WANG["name"]}
    )
    assert code(answer) == (404, "nothing_to_see")


@ON_SQLITE
def test_a_cursor_is_good_for_its_own_list(client: Client, town: Town) -> None:
    register(client, town.recorder)
    register(client, town.recorder, OUYANG | {"name": WANG["name"]})
    by_name = {"name": WANG["name"]}
    path = f"{VOLUNTEERS}/searches"
    first = client.post(path, town.reviewer, by_name, params={"limit": 1}).json()
    asked = {"limit": 1, "cursor": first["next"]}
    second = client.post(path, town.reviewer, by_name, params=asked).json()
    ids = {each["id"] for each in (*first["items"], *second["items"])}
    assert (len(ids), second["next"]) == (2, None)
    other = client.post(path, town.reviewer, {"name": "李"}, params=asked)
    assert code(other) == (400, "cursor_is_unusable")
    listed = client.get(VOLUNTEERS, town.reviewer, params=asked)
    assert code(listed) == (400, "cursor_is_unusable")


@ON_SQLITE
def test_an_organization_lists_its_volunteers_masked(client: Client, town: Town) -> None:
    volunteer = register(client, town.recorder)
    page = client.get(VOLUNTEERS, town.reviewer).json()
    (row,) = page["items"]
    assert (row["id"], row["name"], row["is_erased"]) == (str(volunteer), "王*", False)
    asked = {"organization": str(town.station)}
    assert len(client.get(VOLUNTEERS, town.district_head, params=asked).json()["items"]) == 1
    assert code(client.get(VOLUNTEERS, town.other_head, params=asked)) == (
        404,
        "nothing_to_see",
    )


@ON_SQLITE
def test_an_act_upon_an_old_version_is_not_done(client: Client, town: Town) -> None:
    volunteer = register(client, town.recorder)
    seen = client.get(of(volunteer), town.reviewer).headers["etag"]
    confirmed = client.post(
        of(volunteer, "/confirmation"), town.reviewer, SEEN, headers={"if-match": seen}
    )
    assert (confirmed.status_code, confirmed.headers["etag"]) == (200, '"v3"')
    late = client.post(
        of(volunteer, "/amendments"), town.recorder, AMENDMENT, headers={"if-match": seen}
    )
    assert code(late) == (412, "changed_meanwhile")
    odd = client.post(
        of(volunteer, "/amendments"), town.recorder, AMENDMENT, headers={"if-match": "v3"}
    )
    assert code(odd) == (400, "etag_is_malformed")


@ON_SQLITE
def test_a_correction_is_opened_and_taken_back(client: Client, town: Town) -> None:
    volunteer = register(client, town.recorder)
    body = {"facts": ["id_number"], "explanation": "证件号码与证件不一致。"}
    asked = client.post(of(volunteer, "/corrections"), town.reviewer, body)
    assert asked.status_code == 201
    correction = asked.json()["opened"]
    open_ = client.get(of(volunteer), town.reviewer).json()["corrections"]
    assert open_ == [{"id": correction, "facts": ["id_number"]}]
    path = of(volunteer, f"/corrections/{correction}/withdrawal")
    back = client.post(path, town.reviewer, {"reason": "核对后无误。"})
    assert back.status_code == 200
    assert client.get(of(volunteer), town.reviewer).json()["corrections"] == []
    again = client.post(path, town.reviewer, {"reason": "核对后无误。"})
    assert code(again) == (409, "correction_is_unknown")


@ON_SQLITE
def test_she_who_may_not_is_told_in_her_language(client: Client, town: Town) -> None:
    volunteer = register(client, town.recorder)
    headers = {"accept-language": "zh-CN"}
    answer = client.post(of(volunteer, "/confirmation"), town.recorder, SEEN, headers=headers)
    assert answer.status_code == 403
    assert reasons(answer) == {"actor_has_no_such_role", "confirmer_is_registrant"}
    assert answer.headers["content-language"] == "zh"
    assert "确认" in answer.text


def test_who_was_erased_is_shown_as_erased(client: Client, house: House, town: Town) -> None:
    volunteer = register(client, town.recorder)
    size = house.ledger.seqs()[-1] + 1
    erase(house, volunteer)
    for asked in ({}, {"as_of": size}):
        seen = client.get(of(volunteer), town.reviewer, params=asked).json()
        assert (seen["is_erased"], seen["particulars"], seen["guardian"]) == (True, None, None)
    answer = client.post(of(volunteer, "/disclosures"), town.reviewer, {"purpose": "contact"})
    assert code(answer) == (409, "volunteer_is_erased")
    answer = client.post(of(volunteer, "/amendments"), town.recorder, AMENDMENT)
    assert code(answer) == (409, "volunteer_is_erased")

"""Activities over HTTP: registered, read by volunteers and their own, amended by two."""

from typing import Any
from uuid import UUID

import pytest

from ledger.application.callers import as_volunteer
from tests.api.v1.client import Client, reasons
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.serving import activity_said
from tests.application.town import STREET, Town

pytestmark = ON_SQLITE
ACTIVITIES = "/api/v1/activities"
NOBODY = "00000000-0000-4000-8000-00000000dead"
VOLUNTEER = as_volunteer(UUID("00000000-0000-4000-8000-000000000701"))
PAST = {
    "starts_on": "2026-11-10",
    "ends_on": "2026-11-20",
    "back_entry_reason": "系统停用。",
    "evidence": [{"kind": "stamped_roll", "sha256": "0f" * 32}],
    "admission_mode": "back_entry",
    "truth_declared": True,
}
OF_REGISTRATION = ("declared", "back_entry_reason", "evidence", "truth_declared")
HIDDEN = {"hidden": True}


def registered(client: Client, town: Town, **changes: Any) -> str:
    answer = client.post(ACTIVITIES, town.recorder, activity_said(**changes))
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"{ACTIVITIES}/{answer.json()['id']}"
    return str(answer.json()["id"])


def anew(client: Client, town: Town, id_: str, **changes: Any) -> dict[str, Any]:
    """Return what is said of an activity, read and changed as a client does it."""
    answer = client.get(f"{ACTIVITIES}/{id_}", town.recorder)
    said: dict[str, Any] = answer.json()["particulars"]
    return said | {"reason": "漏计两人。"} | changes


def proposed(client: Client, town: Town) -> tuple[str, str]:
    """Return an activity that is over, and an amendment of it by its recorder."""
    id_ = registered(client, town, **PAST)
    body = anew(client, town, id_, head_count=14)
    answer = client.post(f"{ACTIVITIES}/{id_}/amendments", town.recorder, body)
    assert answer.status_code == 201, answer.text
    return id_, answer.json()["opened"]


def test_an_activity_is_registered_changed_and_cancelled(client: Client, town: Town) -> None:
    id_ = registered(client, town)
    here = f"{ACTIVITIES}/{id_}"
    body = anew(client, town, id_, place="别处")
    answer = client.put(
        f"{here}/particulars", town.reviewer, body, headers={"if-match": '"v1"'}
    )
    assert (answer.status_code, answer.headers["etag"]) == (200, '"v2"')
    again = client.put(f"{here}/particulars", town.reviewer, body, headers={"if-match": '"v1"'})
    assert (again.status_code, again.json()["code"]) == (412, "changed_meanwhile")
    done = client.post(f"{here}/cancellation", town.recorder, {"reason": "大风停办。"})
    assert done.status_code == 200
    read = client.get(here, town.recorder)
    assert (read.json()["status"], read.headers["etag"]) == ("cancelled", '"v3"')
    assert read.json()["particulars"]["place"] == "别处"
    items = client.get(f"{here}/history", town.association_reviewer).json()["items"]
    assert [each["type"] for each in items] == [
        "activity.registered",
        "activity.changed",
        "activity.cancelled",
    ]
    (change,) = items[1]["changes"]
    assert change == {
        "field": "particulars.place",
        "before": "东华门街道文化站",
        "after": "别处",
    }


def test_what_is_over_is_amended_by_two_persons(
    client: Client, house: House, town: Town
) -> None:
    id_, amendment = proposed(client, town)
    here = f"{ACTIVITIES}/{id_}/amendments/{amendment}"
    refused = client.send("POST", f"{here}/acceptance", town.recorder)
    assert (refused.status_code, refused.json()["code"]) == (403, "actor_has_no_such_role")
    accepted = client.send("POST", f"{here}/acceptance", town.reviewer)
    assert accepted.status_code == 200
    assert (
        client.get(f"{ACTIVITIES}/{id_}", VOLUNTEER).json()["particulars"]["head_count"] == 14
    )
    again = client.send("POST", f"{here}/acceptance", town.reviewer)
    assert (again.status_code, reasons(again)) == (409, {"amendment_is_not_open"})
    assert [each.act for each in house.attempts()] == ["activity_amendment.accept"] * 2


def test_a_proposal_is_rejected_with_a_reason(client: Client, town: Town) -> None:
    id_, amendment = proposed(client, town)
    here = f"{ACTIVITIES}/{id_}/amendments/{amendment}/rejection"
    assert client.post(here, town.reviewer, {}).status_code == 422
    assert client.post(here, town.reviewer, {"reason": "名册为十二人。"}).status_code == 200
    read = client.get(f"{ACTIVITIES}/{id_}", town.recorder).json()
    assert (read["particulars"]["head_count"], read["amendment"]) == (12, None)


def test_volunteers_see_what_is_done_and_not_who_is_in_charge(
    client: Client, town: Town
) -> None:
    id_, _ = proposed(client, town)
    own = client.get(f"{ACTIVITIES}/{id_}", town.recorder).json()
    assert own["particulars"]["person_in_charge_name"] == "张𠮷"
    assert own["amendment"]["particulars"]["head_count"] == 14
    shown = client.get(f"{ACTIVITIES}/{id_}", VOLUNTEER).json()
    assert shown["particulars"]["person_in_charge_name"] == HIDDEN
    assert shown["particulars"]["person_in_charge_phone"] == HIDDEN
    assert shown["amendment"] is None
    assert "张𠮷" not in client.get(ACTIVITIES, VOLUNTEER).text
    assert client.get(f"{ACTIVITIES}/{id_}/history", VOLUNTEER).status_code == 404
    for path in ("", "/history"):
        assert client.get(f"{ACTIVITIES}/{id_}{path}", town.other_recorder).status_code == 404


def test_a_list_is_of_whom_it_concerns(client: Client, town: Town) -> None:
    ids = {registered(client, town) for _ in range(3)}
    page = client.get(ACTIVITIES, town.recorder, params={"limit": 2}).json()
    rest = client.get(ACTIVITIES, town.recorder, params={"cursor": page["next"]}).json()
    assert {row["id"] for row in [*page["items"], *rest["items"]]} == ids
    assert rest["as_of"] == page["as_of"]
    assert client.get(ACTIVITIES, town.other_recorder).json()["items"] == []
    days = {"first_day": "2026-11-30", "last_day": "2026-12-31", "division": STREET}
    found = client.get(ACTIVITIES, town.association_reviewer, params=days).json()
    assert {row["id"] for row in found["items"]} == ids
    assert client.get(ACTIVITIES, town.recorder, params={"division": STREET}).status_code == 404
    assert client.get(ACTIVITIES, VOLUNTEER, params={"first_day": "x"}).status_code == 422
    assert client.get(ACTIVITIES).status_code == 401


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"declared": False}, 422, "declaration_is_missing"),
        ({"organizer": NOBODY}, 422, "organization_is_unknown"),
        ({"head_count": True}, 422, "not_an_integer"),
        ({"name": "补录活动"}, 422, "name_says_back_entry"),
        ({"division": "110105001"}, 403, "division_outside_organization"),
        ({"starts_on": "2026-11-31"}, 422, "not_a_day"),
    ],
)
def test_what_is_wrong_with_a_registration_is_told(
    client: Client, town: Town, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = client.post(ACTIVITIES, town.recorder, activity_said(**changes))
    assert (answer.status_code, reasons(answer)) == (status, {code})


def test_acts_are_for_whose_activity_it_is(client: Client, house: House, town: Town) -> None:
    id_, amendment = proposed(client, town)
    body = anew(client, town, id_, head_count=20)
    acts: list[tuple[str, str, Any]] = [
        ("PUT", "/particulars", body),
        ("POST", "/amendments", body),
        ("POST", f"/amendments/{amendment}/acceptance", None),
        ("POST", f"/amendments/{amendment}/rejection", {"reason": "否。"}),
        ("POST", "/cancellation", {"reason": "否。"}),
    ]
    for method, path, said in acts:
        options = {} if said is None else {"json": said}
        here = f"{ACTIVITIES}/{id_}{path}"
        assert client.send(method, here, None, **options).status_code == 401
        before = len(house.attempts())
        for by in (town.other_reviewer, VOLUNTEER):
            assert client.send(method, here, by, **options).status_code in (403, 404, 409)
        assert len(house.attempts()) == before + 2
        missing = f"{ACTIVITIES}/{NOBODY}{path}"
        assert client.send(method, missing, town.reviewer, **options).status_code == 404


def test_what_a_system_signed_is_received_where_activities_are_registered(
    client: Client, town: Town
) -> None:
    signed = {"content-type": "application/jose+json"}
    answer = client.send("POST", ACTIVITIES, content="{}", headers=signed)
    assert answer.status_code == 418
    here = f"{ACTIVITIES}/{NOBODY}/cancellation"
    assert client.send("POST", here, content="{}", headers=signed).status_code == 415

"""Organizations over HTTP: registered, decided on, staffed, and read by whom it concerns."""

from typing import Any
from uuid import UUID

import pytest

from ledger.application.callers import as_volunteer
from tests.api.v1.client import Client, reasons
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.town import COMMUNITY, DISTRICT, STREET, Town, public_key, said

pytestmark = ON_SQLITE
ORGANIZATIONS = "/api/v1/organizations"
NOBODY = "00000000-0000-4000-8000-00000000dead"
VOLUNTEER = as_volunteer(UUID("00000000-0000-4000-8000-000000000701"))
REASON = {"reason": "东民社〔2026〕12号"}
SUSPENSION = {"ground": "unlawful_records", "reason": "抽查发现三条记录与实际活动不符。"}
NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩"


def registration(town: Town, **changes: Any) -> dict[str, Any]:
    """Return a new station of the association, as it is sent."""
    place = {"kind": "station", "division": f"{STREET}008", "parent": str(town.association)}
    return said("新站", 700) | place | changes


def anew(client: Client, town: Town, **changes: Any) -> dict[str, Any]:
    """Return what is said of the association, read and changed as a client does it."""
    answer = client.get(f"{ORGANIZATIONS}/{town.association}", town.association_head)
    said_of: dict[str, Any] = answer.json()["particulars"]
    return said_of | {"effective_on": "2026-11-24", "reason": "更名。"} | changes


def test_an_organization_is_registered_authorized_and_found(client: Client, town: Town) -> None:
    answer = client.post(ORGANIZATIONS, town.association_head, registration(town))
    assert answer.status_code == 201
    body = answer.json()
    assert answer.headers["location"] == f"{ORGANIZATIONS}/{body['id']}"
    assert answer.headers["etag"] == '"v1"'
    types = [entry["type"] for entry in body["receipt"]["entries"]]
    assert sorted(types) == ["credit_code.claimed", "organization.registered"]
    here = f"{ORGANIZATIONS}/{body['id']}"
    assert client.get(here, VOLUNTEER).json()["is_in_force"] is False
    done = client.post(f"{here}/authorization", town.district_head, REASON)
    assert (done.status_code, done.headers["etag"]) == (200, '"v2"')
    read = client.get(here, VOLUNTEER)
    assert (read.status_code, read.headers["etag"]) == (200, '"v2"')
    assert read.json()["is_in_force"] is True
    assert read.json()["particulars"]["name"] == "新站"
    listed = client.get(f"{ORGANIZATIONS}?division={STREET}008", VOLUNTEER).json()
    assert [row["id"] for row in listed["items"]] == [body["id"]]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"credit_code": "52110101MJ0000000X"}, 422, "credit_code_is_mistyped"),
        ({"division": "110105001001"}, 422, "division_outside_parent"),
        ({"parent": NOBODY}, 422, "parent_is_missing"),
        ({"religion": "x"}, 422, "field_is_unexpected"),
        ({"kind": "party"}, 422, "choice_is_unknown"),
        ({"name": 7}, 422, "not_a_text"),
        ({"parent": "x"}, 422, "not_an_id"),
        ({"kind": "city_bureau"}, 403, "city_bureau_is_registered_by_the_ledger"),
    ],
)
def test_what_is_wrong_with_a_registration_is_told(
    client: Client, town: Town, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = client.post(ORGANIZATIONS, town.association_head, registration(town, **changes))
    assert answer.status_code == status
    assert code in reasons(answer)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_code_that_another_organization_has_is_a_conflict(client: Client, town: Town) -> None:
    taken = anew(client, town)["credit_code"]
    body = registration(town, credit_code=taken)
    answer = client.post(ORGANIZATIONS, town.association_head, body)
    assert (answer.status_code, reasons(answer)) == (409, {"credit_code_is_claimed"})


def test_a_problem_speaks_the_readers_language(client: Client, town: Town) -> None:
    answers = [
        client.post(
            ORGANIZATIONS, town.reviewer, registration(town), headers={"accept-language": each}
        )
        for each in ("en", "zh-CN,zh;q=0.9")
    ]
    english, chinese = (answer.json() for answer in answers)
    assert english["code"] == chinese["code"] == "actor_has_no_such_role"
    assert english["title"].isascii()
    assert not chinese["title"].isascii()


ACTS: dict[str, tuple[str, str, Any]] = {
    "amend": ("PUT", "/{association}/particulars", {}),
    "authorize": ("POST", "/{association}/authorization", REASON),
    "suspend": ("POST", "/{association}/suspension", SUSPENSION),
    "reinstate": ("POST", "/{association}/reinstatement", REASON),
    "revoke": ("POST", "/{association}/revocation", SUSPENSION),
    "succeed": (
        "POST",
        "/{association}/succession",
        {
            "succession": "merged",
            "successors": [NOBODY],
            "effective_on": "2026-11-20",
            "evidence": [{"title": "合并决定书", "sha256": "ab" * 32}],
            "reason": "社区合并。",
        },
    ),
    "entrust": (
        "POST",
        "/{association}/entrustments",
        {
            "divisions": [STREET],
            "categories": ["community"],
            "valid_from": "2026-11-24",
            "valid_to": "2027-11-24",
            "qualification": [{"title": "登记证书", "sha256": "cd" * 32}],
        },
    ),
    "revoke entrustment": (
        "POST",
        "/{entrusted}/entrustments/{entrustment}/revocation",
        REASON,
    ),
    "add key": (
        "POST",
        "/{association}/keys",
        {"public_key": public_key("association"), "label": "系统"},
    ),
    "revoke key": ("POST", "/{entrusted}/keys/{key}/revocation", REASON),
    "appoint": (
        "POST",
        "/{association}/staff",
        {"roles": ["recorder"], "from_day": "2026-11-24", "name": "苗示例"},
    ),
    "amend person": ("PUT", "/{association}/staff/{person}", {"name": "周示例二"}),
    "release": (
        "POST",
        "/{association}/staff/{person}/release",
        {"roles": ["reviewer"], "from_day": "2026-12-01", "reason": "调任。"},
    ),
}
STATUSES = {"authorize": 409, "reinstate": 409, "succeed": 422, "entrust": 201} | {
    "add key": 201,
    "appoint": 201,
}
"""Act → what a bureau's responsible person is answered; 200 for the others."""


def do(client: Client, town: Town, act: str, by: Any, **options: Any) -> Any:
    method, path, body = ACTS[act]
    names = {name: getattr(town, name) for name in ("association", "entrusted", "entrustment")}
    names |= {"key": town.key.actor.id, "person": town.association_reviewer.actor.id}
    body = anew(client, town, name="新名称协会") if act == "amend" else body
    return client.send(method, ORGANIZATIONS + path.format(**names), by, json=body, **options)


@pytest.mark.parametrize("act", ACTS)
def test_every_act_is_answered_with_its_receipt(client: Client, town: Town, act: str) -> None:
    answer = do(client, town, act, town.district_head)
    assert answer.status_code == STATUSES.get(act, 200), answer.text
    if answer.status_code < 300:
        assert len(answer.json()["receipt"]["entries"]) == 1
        assert answer.headers["etag"] == f'"v{answer.json()["version"]}"'
    if answer.status_code == 201:
        assert UUID(answer.json()["added"]).version == 4


@pytest.mark.parametrize("act", ACTS)
def test_no_act_is_for_strangers(client: Client, house: House, town: Town, act: str) -> None:
    assert do(client, town, act, None).status_code == 401
    assert house.attempts() == []
    for by in (town.reviewer, town.other_head, town.district_reviewer):
        answer = do(client, town, act, by)
        assert answer.status_code == 403, answer.text
    assert len(house.attempts()) == 3
    # A volunteer acts for no organization, whatever she names.
    assert do(client, town, act, VOLUNTEER).status_code == 403


@pytest.mark.parametrize("act", [each for each in ACTS if STATUSES.get(each, 200) < 300])
def test_an_act_on_another_version_is_refused(client: Client, town: Town, act: str) -> None:
    for seen, status in (('"v99"', 412), ("v3", 400), ('"v03"', 400)):
        answer = do(client, town, act, town.district_head, headers={"if-match": seen})
        assert answer.status_code == status
    assert do(client, town, act, town.district_head, headers={"if-match": "*"}).is_success


def test_what_there_is_not_is_not_found(client: Client, town: Town) -> None:
    by, station = town.district_head, f"{ORGANIZATIONS}/{town.station}"
    for path, body in (
        (f"{ORGANIZATIONS}/{NOBODY}/suspension", SUSPENSION),
        (f"{station}/entrustments/{NOBODY}/revocation", REASON),
        (f"{station}/keys/{NOBODY}/revocation", REASON),
    ):
        assert client.post(path, by, body).status_code == 404
    for path in ("", "/history", "/staff", "/keys"):
        assert client.get(f"{ORGANIZATIONS}/{NOBODY}{path}", by).status_code == 404
    assert client.get(f"{ORGANIZATIONS}/x", by).status_code == 422


def test_names_of_people_are_for_their_own_and_for_those_above(
    client: Client, town: Town
) -> None:
    here = f"{ORGANIZATIONS}/{town.station}"
    for by in (town.recorder, town.association_reviewer, town.city_head):
        people = client.get(f"{here}/staff", by).json()["items"]
        assert "吴示例" in [each["name"] for each in people]
        assert "吴示例" in client.get(f"{here}/history", by).text
    for by in (town.other_head, town.entrusted_head, VOLUNTEER):
        for path in ("/staff", "/history", "/keys"):
            answer = client.get(here + path, by)
            assert (answer.status_code, answer.json()["code"]) == (404, "nothing_to_see")
    for path in ("", f"/{town.station}", f"/{town.city}"):
        shown = client.get(ORGANIZATIONS + path, VOLUNTEER).text
        assert not any(f"{each}示例" in shown for each in NAMES)


def test_reading_needs_a_sign_in(client: Client, town: Town) -> None:
    for path in ("", f"/{town.station}", f"/{town.station}/staff", f"/{town.station}/keys"):
        answer = client.get(ORGANIZATIONS + path)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"


def test_an_organization_is_read_as_it_was(client: Client, town: Town) -> None:
    here, by = f"{ORGANIZATIONS}/{town.association}", town.association_head
    before = client.get(here, by).json()
    people = client.get(f"{here}/staff", by).json()
    do(client, town, "amend", by)
    do(client, town, "release", by)
    then = {"as_of": before["seq"] + 1}
    assert client.get(here, by, params=then).json() == before
    assert client.get(f"{here}/staff", by, params=then).json() == people
    listed = client.get(ORGANIZATIONS, by, params=then | {"parent": str(town.district)})
    assert "东华门街道社区志愿者协会" in [row["name"] for row in listed.json()["items"]]
    assert listed.json()["as_of"] == before["seq"] + 1
    assert client.get(here, by, params={"as_of": 0}).status_code == 404
    assert client.get(here, by, params={"as_of": -1}).status_code == 422


def test_a_history_comes_in_pages(client: Client, town: Town) -> None:
    here, by = f"{ORGANIZATIONS}/{town.association}/history", town.association_head
    whole = client.get(here, by).json()
    assert whole["next"] is None
    seen: list[Any] = []
    cursor: dict[str, Any] = {}
    while True:
        page = client.get(here, by, params={"limit": 2, **cursor}).json()
        seen += page["items"]
        if page["next"] is None:
            break
        # What happens meanwhile is no part of it.
        do(client, town, "suspend", town.district_head)
        cursor = {"cursor": page["next"]}
    assert seen == whole["items"]
    assert len(client.get(here, by).json()["items"]) == len(seen) + 1


def test_filters_are_checked(client: Client, town: Town) -> None:
    asked: list[tuple[dict[str, Any], int]] = [
        ({"division": "11"}, 422),
        ({"division": f"{COMMUNITY}001"}, 422),
        ({"name": "\x00"}, 422),
        ({"kind": "party"}, 422),
        ({"parent": "x"}, 422),
        ({"limit": 0}, 422),
        ({"limit": 201}, 422),
        ({"name": "%", "kind": "station"}, 200),
        ({"division": DISTRICT, "status": "authorized", "limit": 200}, 200),
    ]
    answers = [client.get(ORGANIZATIONS, VOLUNTEER, params=each) for each, _ in asked]
    assert [each.status_code for each in answers] == [status for _, status in asked]


def test_a_body_of_another_kind_is_refused(client: Client, town: Town) -> None:
    answer = client.send(
        "POST", ORGANIZATIONS, town.association_head, content="name=x", headers={}
    )
    assert answer.status_code == 415

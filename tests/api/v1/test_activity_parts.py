"""All that is said of an activity, over HTTP: sent, shown, changed, and how it stands."""

from typing import Any

import pytest

from tests.api.v1.client import Client, reasons
from tests.api.v1.test_activities import ACTIVITIES, PAST, VOLUNTEER, anew, registered
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.serving import REVIEWED, activity_said, begin
from tests.application.town import Town

pytestmark = ON_SQLITE
POINT = {
    "longitude_microdegrees": 116_407_413,
    "latitude_microdegrees": 39_904_179,
    "datum": "gcj02",
}
FULL: dict[str, Any] = {
    "recruits_from": "2026-10-10",
    "recruits_until": "2026-10-31",
    "guarantees": ["insurance", "meals"],
    "training_required": True,
    "posts": [{"name": "陪护", "planned": 8, "description": "陪伴老人。", "condition": None}],
    "sign_points": [
        {"address": "文化站门口", "kind": "both", "radius_m": 200, "coordinates": POINT}
    ],
}


def test_all_that_is_sent_is_shown_and_may_be_sent_again(client: Client, town: Town) -> None:
    id_ = registered(client, town, **FULL)
    here = f"{ACTIVITIES}/{id_}"
    read = client.get(here, VOLUNTEER).json()
    assert {name: read["particulars"][name] for name in FULL} == FULL
    assert read["particulars"]["coordinates"] == POINT
    assert (read["phase"], read["back_entry"], read["evidence"]) == ("under_way", False, [])
    assert read["project_no"].startswith("110101-2026-")
    moved = POINT | {"datum": "wgs84"}
    body = anew(client, town, id_, coordinates=moved, posts=[])
    assert client.put(f"{here}/particulars", town.recorder, body).status_code == 200
    item = client.get(f"{here}/history", town.recorder).json()["items"][1]
    changes = {each["field"]: (each["before"], each["after"]) for each in item["changes"]}
    assert changes == {
        "particulars.coordinates.datum": ("gcj02", "wgs84"),
        "particulars.posts": (FULL["posts"][0], None),
    }


def test_what_is_over_is_amended_in_its_parts_as_well(client: Client, town: Town) -> None:
    id_ = registered(client, town, **PAST)
    here = f"{ACTIVITIES}/{id_}"
    read = client.get(here, town.recorder).json()
    assert (read["phase"], read["truth_declared"]) == ("back_entry", True)
    assert read["evidence"] == PAST["evidence"]
    body = anew(client, town, id_, coordinates=None, without_coordinates="unknown")
    opened = client.post(f"{here}/amendments", town.recorder, body).json()["opened"]
    accepted = client.send("POST", f"{here}/amendments/{opened}/acceptance", town.reviewer)
    assert accepted.status_code == 200
    said = client.get(here, town.recorder).json()["particulars"]
    assert (said["coordinates"], said["without_coordinates"]) == (None, "unknown")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"admission_mode": "6"}, "choice_is_unknown", "admission_mode"),
        ({"admission_mode": "back_entry"}, "admission_is_not_of_the_past", "admission_mode"),
        ({"coordinates": None}, "coordinates_are_missing", "coordinates"),
        (
            {"coordinates": POINT | {"latitude_microdegrees": 116_407_413}},
            "latitude_is_out_of_bounds",
            "coordinates.latitude_microdegrees",
        ),
        (
            {"coordinates": POINT | {"longitude_microdegrees": "116.4"}},
            "not_an_integer",
            "coordinates.longitude_microdegrees",
        ),
        ({"posts": [{"name": "陪护"}]}, "field_is_missing", "posts.0.planned"),
        (
            {"posts": [{"name": "陪护", "planned": 0}]},
            "planned_is_out_of_bounds",
            "posts.0.planned",
        ),
        (
            {"sign_points": [{"address": "门口", "kind": "both", "radius_m": 10_000}]},
            "radius_is_out_of_bounds",
            "sign_points.0.radius_m",
        ),
        ({"recruits_from": "2026-11-01"}, "recruiting_is_incomplete", "recruits_until"),
        ({"categories": ["large_event"]}, "paper_is_missing", "agreement"),
    ],
)
def test_what_is_wrong_with_a_part_is_told_with_its_place(
    client: Client, town: Town, changes: dict[str, Any], code: str, field: str
) -> None:
    body = {**activity_said(), **changes}
    answer = client.post(ACTIVITIES, town.recorder, body)
    assert (answer.status_code, reasons(answer)) == (422, {code})
    assert answer.json()["reasons"][0]["field"] == field


def test_an_activity_is_found_by_its_number(client: Client, town: Town) -> None:
    id_ = registered(client, town)
    registered(client, town)
    number = client.get(f"{ACTIVITIES}/{id_}", town.recorder).json()["project_no"]
    found = client.get(ACTIVITIES, town.recorder, params={"project_no": number}).json()
    assert [row["id"] for row in found["items"]] == [id_]
    assert found["items"][0]["project_no"] == number
    mistyped = client.get(ACTIVITIES, town.recorder, params={"project_no": number[:-1] + "x"})
    assert (mistyped.status_code, reasons(mistyped)) == (422, {"project_no_is_mistyped"})


def test_a_head_count_is_open_until_the_end_and_short_from_then_on(
    client: Client, house: House, town: Town
) -> None:
    session = begin(house, town, house.office)
    session.enter()
    here = f"{ACTIVITIES}/{session.activity}"

    def told() -> tuple[Any, ...]:
        read = client.get(here, town.recorder).json()
        return read["phase"], read["recorded"], read["head_count_standing"]

    def listed(standing: str) -> list[str]:
        params = {"head_count": standing}
        rows = client.get(ACTIVITIES, town.recorder, params=params).json()["items"]
        assert all(row["head_count_standing"] == standing for row in rows)
        return [row["id"] for row in rows]

    assert told() == ("under_way", 1, "open")
    assert (listed("open"), listed("short")) == ([str(session.activity)], [])
    house.clock.set(REVIEWED.replace("11-30", "12-01"))
    assert told() == ("over", 1, "short")
    assert (listed("open"), listed("short")) == ([], [str(session.activity)])
    body = anew(client, town, str(session.activity), head_count=1)
    opened = client.post(f"{here}/amendments", town.recorder, body).json()["opened"]
    client.send("POST", f"{here}/amendments/{opened}/acceptance", town.reviewer)
    assert told() == ("over", 1, "agrees")
    assert (listed("agrees"), listed("exceeded")) == ([str(session.activity)], [])
    before = client.get(here, town.recorder, params={"as_of": 1})
    assert before.status_code == 404

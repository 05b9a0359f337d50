"""Rules, calendars and divisions over HTTP."""

from typing import Any
from uuid import UUID

import pytest

from ledger.application.callers import as_volunteer
from ledger.domain.rules import INITIAL_RULES
from ledger.projections.history import spelled
from tests.api.v1.client import Client, reasons
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.town import DISTRICT, STREET, Town

pytestmark = ON_SQLITE
RULES, CALENDARS, DIVISIONS = "/api/v1/rules", "/api/v1/calendars", "/api/v1/divisions"
VOLUNTEER = as_volunteer(UUID("00000000-0000-4000-8000-000000000701"))
CALENDAR = {"year": 2027, "off": ["2027-01-01"], "work": [], "notice": "https://www.gov.cn/x"}


def rule_set(**changes: Any) -> dict[str, Any]:
    first: Any = spelled(INITIAL_RULES)
    said = {"number": 2, "effective_from": "2026-11-25", "reason": "试行。", "basis": "通知。"}
    body: dict[str, Any] = first | said | changes
    return body


def test_the_city_bureau_enacts_rules_that_everybody_reads(client: Client, town: Town) -> None:
    read = client.get(RULES, VOLUNTEER)
    assert [each["number"] for each in read.json()["items"]] == [1]
    answer = client.post(
        RULES,
        town.city_head,
        rule_set(publicity_working_days=5),
        headers={"if-match": read.headers["etag"]},
    )
    assert (answer.status_code, answer.headers["location"]) == (201, f"{RULES}/2")
    second = client.get(f"{RULES}/2", VOLUNTEER).json()
    assert second["rules"]["publicity_working_days"] == 5
    assert (second["reason"], second["effective_from"]) == ("试行。", "2026-11-25")
    assert second["by"] == town.city_head.actor.text()
    stale = client.post(
        RULES, town.city_head, rule_set(number=3), headers={"if-match": read.headers["etag"]}
    )
    assert stale.status_code == 412
    then = client.get(RULES, VOLUNTEER, params={"as_of": read.json()["seq"] + 1})
    assert then.json() == read.json()
    for missing in (f"{RULES}/3", f"{RULES}/0", f"{RULES}/{10**30}"):
        assert client.get(missing, VOLUNTEER).status_code == 404
    assert client.get(f"{RULES}/x", VOLUNTEER).status_code == 422


def test_the_city_bureau_publishes_calendars(client: Client, town: Town) -> None:
    assert client.post(CALENDARS, town.city_head, CALENDAR).status_code == 201
    years = client.get(CALENDARS, VOLUNTEER).json()["items"]
    assert [each["year"] for each in years] == [2025, 2026, 2027]
    assert years[-1]["off"] == ["2027-01-01"]


@pytest.mark.parametrize(("path", "body"), [(RULES, rule_set()), (CALENDARS, CALENDAR)])
def test_nobody_else_makes_rules(
    client: Client, house: House, town: Town, path: str, body: dict[str, Any]
) -> None:
    assert client.post(path, None, body).status_code == 401
    assert client.get(path).status_code == 401
    assert house.attempts() == []
    for by in (town.district_head, town.recorder, VOLUNTEER):
        assert client.post(path, by, body).status_code == 403
    assert len(house.attempts()) == 3


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"late_working_days": 11}, 422, "rule_is_out_of_bounds"),
        ({"effective_from": "2026-11-24"}, 409, "rules_are_retroactive"),
        ({"number": 7}, 409, "rules_are_out_of_order"),
        ({"rounding": "up"}, 422, "choice_is_unknown"),
        ({"publicity_days": 3}, 422, "field_is_unexpected"),
    ],
)
def test_rules_are_checked(
    client: Client, town: Town, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = client.post(RULES, town.city_head, rule_set(**changes))
    assert (answer.status_code, reasons(answer)) == (status, {code})


def test_divisions_ship(client: Client, town: Town) -> None:
    found = client.get(DIVISIONS, VOLUNTEER).json()
    assert len(found) == 117
    street = next(each for each in found if each["code"] == STREET)
    assert street == {
        "code": STREET,
        "name": "北京市东城区东华门街道",
        "level": "street",
        "parent": DISTRICT,
    }
    assert client.get(DIVISIONS).status_code == 401


def test_coverage_is_for_those_whose_area_it_is(client: Client, town: Town) -> None:
    found = client.get(f"{DIVISIONS}/{DISTRICT}/coverage", town.district_reviewer).json()
    assert (found["streets"], found["with_association"], found["with_recorder"]) == (17, 1, 0)
    assert (found["stations"], found["stations_with_recorder"]) == (2, 2)
    first = found["items"][0]
    assert (first["street"], first["associations"]) == (STREET, [str(town.association)])
    for by, division, status in (
        (town.district_head, "110105", 404),
        (town.recorder, DISTRICT, 404),
        (VOLUNTEER, DISTRICT, 404),
        (town.city_head, "11", 422),
        (town.city_head, "110199", 404),
        (None, DISTRICT, 401),
    ):
        answer = client.get(f"{DIVISIONS}/{division}/coverage", by)
        assert answer.status_code == status

"""Statistics over HTTP."""

from tests.api.v1.client import Client
from tests.application.homes import ON_SQLITE
from tests.application.serving import activity_said
from tests.application.town import DISTRICT, Town

pytestmark = ON_SQLITE


def test_statistics_are_read_month_by_month(client: Client, town: Town) -> None:
    client.post("/api/v1/activities", town.recorder, activity_said())
    here = f"/api/v1/organizations/{town.station}/statistics"
    found = client.get(here, town.recorder).json()
    (november,) = found["items"]
    assert (november["month"], november["counts"]["activities"]) == ("2026-11", 1)
    assert found["total"] == november["counts"]
    for path in (here, f"/api/v1/divisions/{DISTRICT}/statistics"):
        asked = {"first_month": "2026-11", "last_month": "2026-11"}
        assert client.get(path, town.district_head, params=asked).json()["items"] == [november]
        later = client.get(path, town.district_head, params={"first_month": "2026-12"})
        assert (later.json()["items"], later.json()["total"]["activities"]) == ([], 0)
        # Before the activity and the claim of its number.
        then = client.get(path, town.district_head, params={"as_of": found["as_of"] - 2})
        assert (then.json()["items"], then.json()["as_of"]) == ([], found["as_of"] - 2)
        assert client.get(path, town.other_recorder).status_code == 404
        assert client.get(path, None).status_code == 401
        wrong = client.get(path, town.district_head, params={"first_month": "2026-13"})
        assert wrong.status_code == 422

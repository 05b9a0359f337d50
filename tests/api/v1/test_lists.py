"""Lists over HTTP: which filters go together, and that all pages are of one list."""

from typing import Any

import pytest

from tests.api.v1.client import Client
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.serving import REVIEWED, Session, begin
from tests.application.town import DISTRICT, Town

pytestmark = ON_SQLITE
AFTERNOON = {"start": "2026-11-20T14:00+08:00", "end": "2026-11-20T16:00+08:00"}


@pytest.fixture
def session(house: House, town: Town) -> Session:
    return begin(house, town, house.office)


def test_no_page_of_publicity_shows_what_is_over(client: Client, session: Session) -> None:
    for changes in ({}, AFTERNOON):
        session.publicized(**changes)

    def page(**params: Any) -> dict[str, Any]:
        asked = {"limit": 1, **params}
        answer = client.get("/api/v1/publicity", session.town.reviewer, params=asked)
        shown: dict[str, Any] = answer.json()
        return shown

    first, then = page(), page(as_of=len(session.house.ledger.rows()))
    assert len(first["items"]) == len(page(cursor=first["next"])["items"]) == 1
    session.house.clock.set(REVIEWED)
    assert page(cursor=first["next"])["items"] == []
    assert len(page(cursor=then["next"])["items"]) == 1


@pytest.mark.parametrize(
    ("path", "beside", "code"),
    [
        ("tasks", False, "division_without_kind"),
        ("publicity", True, "division_beside_organization"),
    ],
)
def test_a_division_that_a_list_cannot_take_is_refused(
    client: Client, town: Town, path: str, code: str, *, beside: bool
) -> None:
    asked = {"division": DISTRICT} | ({"organization": str(town.station)} if beside else {})
    answer = client.get(f"/api/v1/{path}", town.district_head, params=asked)
    (reason,) = answer.json()["reasons"]
    assert (answer.status_code, reason["code"], reason["field"]) == (422, code, "division")

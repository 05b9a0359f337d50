"""The house and its town with an activity that has sign points, and a client of its routes."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest

from ledger.api.v1.presence_routes import presence_routes
from ledger.application.callers import Caller, as_volunteer
from ledger.application.sign_in_codes import Place, SignInCodes
from ledger.application.signing_on_the_spot import OnTheSpot
from ledger.store.throttle_rows import ThrottleRows
from tests.api.v1.client import Client, TownSessions
from tests.application.homes import home, house, postgres_town, sqlite_town, town
from tests.application.house import House
from tests.application.serving import Session, begin
from tests.application.town import Town
from tests.store.ledgers import secret

__all__ = ["home", "house", "postgres_town", "sqlite_town", "town"]


@dataclass(frozen=True)
class Spot:
    """A session of service, and those who sign in there."""

    session: Session
    spot: OnTheSpot
    client: Client

    @property
    def path(self) -> str:
        return f"/api/v1/activities/{self.session.activity}"

    @property
    def code(self) -> str:
        """The code that a screen shows now."""
        return self.spot.codes.shown(
            Place(self.session.activity), self.session.house.clock()
        ).digits

    def sign(self, act: str, by: Caller | None = None, **said: Any) -> httpx.Response:
        """Sign in or out, by herself with the right code unless something else is said."""
        body = {"act": act, "code": self.code, **said}
        answer = self.client.post(f"{self.path}/sign-ins", by or self.herself, body)
        self.session.house.views.projector.catch_up()
        return answer

    def amend(self, by: Caller, volunteer: UUID, **said: Any) -> httpx.Response:
        """Set a session right."""
        path = f"{self.path}/presences/{volunteer}/amendments"
        return self.client.post(path, by, {"session": 1, "reason": "已核对签到表。", **said})

    def rows(self, by: Caller, **params: Any) -> Any:
        """Return who signed in."""
        answer = self.client.get(f"{self.path}/presences", by, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    @property
    def herself(self) -> Caller:
        """The volunteer, by her own account."""
        return as_volunteer(self.session.volunteer)


@pytest.fixture
def spot(house: House, town: Town) -> Spot:
    office, ledger = house.office, house.ledger
    session = begin(house, town, office)
    counts = ThrottleRows(ledger.engine, origin=ledger.origin, secret=secret("seal"))
    codes = SignInCodes(office.index_key, origin=office.origin)
    made = OnTheSpot(office, codes, counts)
    sessions = TownSessions()
    return Spot(session, made, Client(sessions, [presence_routes(sessions, made)]))

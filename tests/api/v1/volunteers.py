"""The routes of volunteers in a house, and what is asked of them."""

from functools import cache
from typing import Any
from uuid import UUID

import httpx
from starlette.requests import Request
from starlette.responses import Response

from ledger.api.v1.consent_routes import consent_routes
from ledger.api.v1.merge_routes import merge_routes
from ledger.api.v1.signed_in import Signed
from ledger.api.v1.volunteer_acts import volunteer_acts
from ledger.api.v1.volunteer_routes import registration_routes, volunteer_routes
from ledger.application.callers import Caller
from ledger.application.opening import AccessParts
from ledger.application.self_registering import SelfRegistrations
from ledger.application.signing_in import SignIns
from ledger.store import chance
from ledger.store.access_rows import AccessRows
from ledger.store.passwords import Passwords
from ledger.store.throttle_rows import ThrottleRows
from tests.api.v1.client import Client, Standing, TownSessions
from tests.application.house import House
from tests.application.volunteering import ENTRY, FILE, NOTICE, WANG
from tests.store.ledgers import secret

VOLUNTEERS = "/api/v1/volunteers"
REGISTRATIONS = "/api/v1/registrations"


def access_of(house: House) -> AccessParts:
    """Return what signing in works with in a house."""
    ledger = house.ledger
    return AccessParts(
        desk=house.office.desk,
        rows=AccessRows(ledger.engine, origin=ledger.origin, secret=secret("seal")),
        throttles=ThrottleRows(ledger.engine, origin=ledger.origin, secret=secret("seal")),
        passwords=Passwords(),
        refusals=house.refusals,
        random_bytes=chance.random_bytes,
    )


class VolunteerSessions(TownSessions):
    """The town's tokens, and those of who has signed in with a password."""

    def __init__(self, sign_ins: Any) -> None:
        super().__init__()
        self._sign_ins = sign_ins

    def find(self, token: str) -> Any:
        """Return who is signed in."""
        found: Signed | None = super().find(token) or self._sign_ins.find(token)
        return found


async def _receive(_: Request) -> Response:
    """Answer a signed submission; what becomes of one is tested elsewhere."""
    return Response(status_code=418)


@cache
def _standing() -> tuple[Client, Standing, Standing, Standing]:
    """Return a client of the routes, and what stands for the parts of a test's own house."""
    office, selves, sign_ins = Standing(), Standing(), Standing()
    sessions = VolunteerSessions(sign_ins)
    routes: Any = office
    by_themselves: Any = selves
    routers = [
        registration_routes(routes, by_themselves),
        volunteer_routes(routes, sessions, _receive),
        volunteer_acts(routes, sessions),
        consent_routes(routes, sessions),
        merge_routes(routes, sessions),
    ]
    return Client(sessions, routers), office, selves, sign_ins


def client_of(house: House) -> Client:
    """Return a client of the routes of volunteers; the one before is of this house by now."""
    client, office, selves, sign_ins = _standing()
    access = access_of(house)
    office.for_(house.office)
    selves.for_(SelfRegistrations(house.office, access))
    sign_ins.for_(SignIns(access))
    client.sessions.signed.clear()
    return client


def said(particulars: dict[str, Any] = WANG, **further: Any) -> dict[str, Any]:
    """Return a registration by an organization, as it is sent."""
    body = {"particulars": particulars, "policy": NOTICE, "consents": [ENTRY]}
    return body | further


def register(client: Client, by: Caller, particulars: dict[str, Any] = WANG) -> UUID:
    """Register somebody; return her id."""
    answer = client.post(VOLUNTEERS, by, said(particulars))
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["id"])


def of(volunteer: UUID, path: str = "") -> str:
    """Return an address of a volunteer."""
    return f"{VOLUNTEERS}/{volunteer}{path}"


def code(answer: httpx.Response) -> tuple[int, str]:
    """Return the status and code of a problem."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


AMENDMENT: dict[str, Any] = {
    "changes": {"contact": "13900000001"},
    "reason": "换了手机号码。",
    "evidence": FILE,
}

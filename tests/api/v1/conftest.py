"""The town behind the JSON API."""

from collections.abc import Sequence
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from ledger.api.v1.activity_routes import activity_routes
from ledger.api.v1.division_routes import division_routes
from ledger.api.v1.export_routes import export_routes
from ledger.api.v1.import_routes import import_routes
from ledger.api.v1.list_routes import list_routes
from ledger.api.v1.notice_routes import notice_routes
from ledger.api.v1.organization_acts import organization_acts
from ledger.api.v1.organization_routes import organization_routes
from ledger.api.v1.record_routes import record_routes
from ledger.api.v1.rule_routes import rule_routes
from ledger.api.v1.statistics_routes import statistics_routes
from ledger.application.change_feed import ChangeFeed
from ledger.store.entry_rows import BoundEntry
from tests.api.v1.client import Client, Standing, TownSessions
from tests.application.homes import home, house, postgres_town, sqlite_town, town
from tests.application.house import House
from tests.store.ledgers import ORIGIN

__all__ = ["home", "house", "postgres_town", "sqlite_town", "town"]


async def _receive(_: Request) -> Response:
    """Answer a signed submission; what becomes of one is tested elsewhere."""
    return Response(status_code=418)


def _no_entries(seqs: Sequence[int]) -> Sequence[BoundEntry]:
    """Return none of the entries; the change feed is tested elsewhere."""
    return ()


@pytest.fixture(scope="session")
def offices() -> Standing:
    """Return what stands for the office of each test's own house."""
    return Standing(origin=ORIGIN)


@pytest.fixture(scope="session")
def clients(offices: Any) -> Client:
    """Return a client of the routes, whose office is that of one test after the other."""
    sessions = TownSessions()
    routers = [
        organization_routes(offices, sessions),
        organization_acts(offices, sessions),
        activity_routes(offices, sessions, _receive),
        rule_routes(offices, sessions),
        division_routes(offices, sessions),
        statistics_routes(offices, sessions),
        import_routes(offices, sessions),
        notice_routes(offices, sessions, mail_is_on=False),
        export_routes(offices, sessions),
        record_routes(offices, sessions, _receive),
        list_routes(offices, sessions, ChangeFeed(offices, _no_entries)),
    ]
    return Client(sessions, routers)


@pytest.fixture
def client(house: House, clients: Client, offices: Standing) -> Client:
    """Return a client of a house."""
    offices.for_(house.office)
    clients.sessions.signed.clear()
    return clients

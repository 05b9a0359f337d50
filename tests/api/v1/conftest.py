"""The town behind the JSON API."""

from collections.abc import Sequence

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
from tests.api.v1.client import Client, TownSessions
from tests.application.homes import home, house, postgres_town, sqlite_town, town
from tests.application.house import House

__all__ = ["home", "house", "postgres_town", "sqlite_town", "town"]


async def _receive(_: Request) -> Response:
    """Answer a signed submission; what becomes of one is tested elsewhere."""
    return Response(status_code=418)


def _no_entries(seqs: Sequence[int]) -> Sequence[BoundEntry]:
    """Return none of the entries; the change feed is tested elsewhere."""
    return ()


@pytest.fixture
def client(house: House) -> Client:
    """Return a client of a house."""
    office, sessions = house.office, TownSessions()
    routers = [
        organization_routes(office, sessions),
        organization_acts(office, sessions),
        activity_routes(office, sessions, _receive),
        rule_routes(office, sessions),
        division_routes(office, sessions),
        statistics_routes(office, sessions),
        import_routes(office, sessions),
        notice_routes(office, sessions, mail_is_on=False),
        export_routes(office, sessions),
        record_routes(office, sessions, _receive),
        list_routes(office, sessions, ChangeFeed(office, _no_entries)),
    ]
    return Client(sessions, routers)

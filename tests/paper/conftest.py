"""A station that copies a sheet of two volunteers into a file, and who looks at both."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import httpx
import pytest

from ledger.api.v1.bodies import Room
from ledger.api.v1.evidence_routes import HELD_BYTES_MAX, evidence_routes
from ledger.api.v1.import_routes import import_routes
from ledger.api.v1.list_routes import list_routes
from ledger.api.v1.paper_routes import paper_routes
from ledger.api.v1.record_acts import record_acts
from ledger.api.v1.record_routes import record_routes
from ledger.application.callers import Caller
from ledger.application.change_feed import ChangeFeed
from ledger.application.evidence_keeping import EvidenceKeeping
from ledger.application.evidence_reading import EvidenceReading
from ledger.application.importing.checking import PaperChecking
from ledger.application.importing.scanning import ScanAttaching
from ledger.projections.views import IMPORTS as IMPORT_VIEW
from ledger.store.entry_rows import BoundEntry
from ledger.store.evidence_files import EvidenceFiles
from ledger.store.view_query import Query
from tests.api.v1.client import Client, Standing, TownSessions
from tests.api.v1.conftest import _receive
from tests.application.filing import HEAD, other, row, text
from tests.application.homes import home, house, postgres_town, sqlite_town, town
from tests.application.house import House
from tests.application.serving import Session, begin
from tests.application.town import Town
from tests.application.volunteering import OUYANG, registered
from tests.evidence.pictures import PNG, png

__all__ = ["home", "house", "postgres_town", "sqlite_town", "town"]

IMPORTS = "/api/v1/imports"


@dataclass(frozen=True)
class Desk:
    """A session of service with two volunteers, whose records stand on a sheet of paper."""

    session: Session
    other: UUID
    client: Client
    files: EvidenceFiles

    @property
    def town(self) -> Town:
        return self.session.town

    def bring(self, *rows: Sequence[Any], by: Caller | None = None, **asked: Any) -> Any:
        """Import a file of paper; return what was told."""
        file: io.BytesIO = text(HEAD, *(rows or (row(), other())))
        answer = self.client.send(
            "POST",
            IMPORTS,
            by or self.town.recorder,
            params={"activity": str(self.session.activity), "carrier": "paper", **asked},
            content=file.getvalue(),
            headers={"content-type": "text/csv"},
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def scan(
        self,
        batch: object,
        *,
        by: Caller | None = None,
        content: bytes = b"",
        media_type: str = PNG,
        **asked: Any,
    ) -> httpx.Response:
        """Send a scan."""
        return self.client.send(
            "POST",
            f"{IMPORTS}/{batch}/scans",
            by or self.town.recorder,
            params={"kind": "sign_in_sheet", **asked},
            content=content or png(),
            headers={"content-type": media_type},
        )

    def scanned(self, batch: object, **asked: Any) -> str:
        """Attach a scan; return the id of the evidence."""
        answer = self.scan(batch, **asked)
        assert answer.status_code == 201, answer.text
        evidence: str = answer.json()["evidence"]
        return evidence

    def look(self, evidence: object, by: Caller | None = None) -> httpx.Response:
        """Look at a scan."""
        return self.client.get(
            f"/api/v1/evidence/{evidence}",
            by or self.town.reviewer,
            params={"purpose": "inspection"},
        )

    def check(self, batch: object, by: Caller | None = None, **said: Any) -> httpx.Response:
        """Say how a batch of two rows stands to its paper: it agrees, if nothing is said."""
        size = self.session.office.views.page(IMPORT_VIEW, Query(limit=1)).size
        counted = {"agrees": True, "rows_on_paper": 2, "persons_on_paper": 2, "as_of": size}
        body = {**counted, **said}
        return self.client.post(f"{IMPORTS}/{batch}/checks", by or self.town.reviewer, body)

    def confirm(self, record: object, by: Caller | None = None) -> httpx.Response:
        """Confirm a record."""
        path = f"/api/v1/records/{record}/confirmation"
        return self.client.send("POST", path, by or self.town.reviewer)

    def read(self, path: str, by: Caller | None = None, **params: Any) -> Any:
        """Return what is read."""
        answer = self.client.get(f"/api/v1/{path}", by or self.town.reviewer, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()


@dataclass(frozen=True)
class Standings:
    """What stands for the parts of a test's own house, in routes that are made once."""

    client: Client
    office: Standing
    keeping: Standing
    reading: Standing
    scanning: Standing
    checking: Standing


@pytest.fixture(scope="session")
def standings() -> Standings:
    sessions, parts = TownSessions(), [Standing() for _ in range(5)]
    office, keeping, reading, scanning, checking = cast("list[Any]", parts)
    routers = [
        import_routes(office, sessions),
        paper_routes(office, sessions, scanning, checking, Room(HELD_BYTES_MAX)),
        evidence_routes(office, sessions, keeping, reading, Room(HELD_BYTES_MAX)),
        record_routes(office, sessions, _receive),
        record_acts(office, sessions),
        list_routes(office, sessions, ChangeFeed(office, _no_entries)),
    ]
    return Standings(Client(sessions, routers), *parts)


@pytest.fixture
def desk(house: House, town: Town, standings: Standings) -> Desk:
    office, ledger = house.office, house.ledger
    session = begin(house, town, office)
    files = EvidenceFiles(ledger.place.folder / "evidence", ledger.vault, origin=ledger.origin)
    keeping, reading = EvidenceKeeping(office, files), EvidenceReading(office, files)
    standings.office.for_(office)
    standings.keeping.for_(keeping)
    standings.reading.for_(reading)
    standings.scanning.for_(ScanAttaching(office, keeping, reading))
    standings.checking.for_(PaperChecking(office, reading))
    standings.client.sessions.signed.clear()
    other_volunteer = registered(office, town.recorder, OUYANG)
    return Desk(session, other_volunteer, standings.client, files)


def _no_entries(seqs: Sequence[int]) -> Sequence[BoundEntry]:
    """Return none of the entries; the change feed is tested elsewhere."""
    return ()

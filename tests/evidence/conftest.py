"""The house and its town, with a folder for files of evidence."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from ledger.api.v1.bodies import Room
from ledger.api.v1.evidence_routes import HELD_BYTES_MAX, evidence_routes
from ledger.application.evidence_keeping import EvidenceKeeping, Upload
from ledger.application.evidence_reading import EvidenceReading
from ledger.domain.codes import EvidenceKind, MediaType
from ledger.store.evidence_files import EvidenceFiles
from tests.api.v1.client import Client, TownSessions
from tests.application.homes import home, house, postgres_town, sqlite_town, town
from tests.application.house import House
from tests.application.serving import Session, begin
from tests.application.town import Town
from tests.application.volunteering import OUYANG, registered
from tests.evidence.pictures import png

__all__ = ["home", "house", "postgres_town", "sqlite_town", "town"]


@dataclass(frozen=True)
class Cabinet:
    """A session of service, the files that are kept of it, and a client."""

    session: Session
    other: UUID
    files: EvidenceFiles
    keeping: EvidenceKeeping
    reading: EvidenceReading
    client: Client

    @property
    def both(self) -> tuple[UUID, UUID]:
        """Both volunteers."""
        return self.session.volunteer, self.other

    def upload(self, *persons: UUID, content: bytes | None = None) -> Upload:
        """Return a photograph of some people."""
        return Upload(
            content=content or png(),
            media_type=MediaType.PNG,
            kind=EvidenceKind.PHOTO,
            activity=self.session.activity,
            persons=persons,
        )

    def keep(self, *persons: UUID, content: bytes | None = None) -> UUID:
        """Keep a photograph of some people; return its id."""
        recorder = self.session.town.recorder
        return self.keeping.keep(recorder, self.upload(*persons, content=content)).value


@pytest.fixture
def cabinet(house: House, town: Town) -> Cabinet:
    office, ledger = house.office, house.ledger
    session = begin(house, town, office)
    files = EvidenceFiles(ledger.place.folder / "evidence", ledger.vault, origin=ledger.origin)
    keeping, reading = EvidenceKeeping(office, files), EvidenceReading(office, files)
    sessions = TownSessions()
    client = Client(
        sessions, [evidence_routes(office, sessions, keeping, reading, Room(HELD_BYTES_MAX))]
    )
    other = registered(office, town.recorder, OUYANG)
    return Cabinet(session, other, files, keeping, reading, client)

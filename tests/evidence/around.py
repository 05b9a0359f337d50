"""What a decision about a file looks at: the station, its activity, and whom it names."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from ledger.domain.activity import Activity
from ledger.domain.codes import EvidenceKind, MediaType
from ledger.domain.evidence_files import EvidenceFile, Surroundings
from ledger.domain.volunteer.state import Volunteer
from tests.domain.town import ACTIVITY, RECORDER, REVIEWER, STATION, VOLUNTEER

__all__ = ["ORIGINAL", "RECORDER", "REVIEWER", "activity", "around", "person"]

ORIGINAL = EvidenceFile(
    id=UUID(int=0xE10),
    file=UUID(int=0xE11),
    sha256="ab" * 32,
    size=1,
    media_type=MediaType.PDF,
    kind=EvidenceKind.SIGN_IN_SHEET,
    persons=(UUID(int=0x701), UUID(int=0x702)),
    activity=ACTIVITY.id,
    record=None,
    redacted_from=None,
    organization=STATION.id,
)


def activity() -> Activity:
    return ACTIVITY


def person(id_: UUID) -> Volunteer:
    return replace(VOLUNTEER, id=id_)


def around(*persons: UUID, **changes: Any) -> Surroundings:
    """Return the surroundings of a file that shows these, at the station."""
    known = Surroundings(
        activity=ACTIVITY,
        organization=STATION,
        acting=STATION,
        shown=tuple(person(each) for each in persons),
    )
    return replace(known, **changes)

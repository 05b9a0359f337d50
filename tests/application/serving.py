"""A session of service in the town: an activity, a volunteer, and what is sent of them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ledger.application import activities
from ledger.application.callers import Caller, as_volunteer
from ledger.application.entering import enter_record, publicize_record
from ledger.application.forms.activity import ActivityForm
from ledger.application.forms.record import RecordForm
from ledger.application.office import Office
from ledger.application.reviewing import Reviewing
from tests.application.house import House
from tests.application.town import COMMUNITY, NOW, Town
from tests.application.volunteering import WANG, registered

ENTERED = NOW
"""A Tuesday; publicity of three working days lasts until Friday the 27th."""
REVIEWED = "2026-11-30 09:00"
EVALUATOR = "00000000-0000-4000-8000-0000000000e1"

EVALUATION = {
    "date": "2026-11-23",
    "punctuality": 5,
    "attitude": 5,
    "skill": 4,
    "evaluator": EVALUATOR,
}
SERVICE: dict[str, Any] = {
    "start": "2026-11-20T09:00+08:00",
    "end": "2026-11-20T12:00+08:00",
    "break_minutes": 30,
    "content": "陪伴老人,打扫居室。",
    "evaluation": EVALUATION,
}
"""A Friday from 9 to 12 in Beijing, half an hour of it a break: 150 minutes."""


def activity_said(**changes: Any) -> dict[str, Any]:
    """Return an activity of November as it is sent."""
    return {
        "name": "重阳助老",
        "starts_on": "2026-11-01",
        "ends_on": "2026-11-30",
        "place": "东华门街道文化站",
        "admission_mode": "public",
        "coordinates": {
            "longitude_microdegrees": 116_407_413,
            "latitude_microdegrees": 39_904_179,
            "datum": "gcj02",
        },
        "division": COMMUNITY,
        "service_objects": ["elderly"],
        "categories": ["community"],
        "content": "陪伴老人,打扫居室。",
        "person_in_charge_name": "张𠮷",
        "head_count": 12,
        "declared": True,
        **changes,
    }


def record_said(activity: UUID, volunteer: UUID, **changes: Any) -> dict[str, Any]:
    """Return a record as it is sent."""
    return {"activity": str(activity), "volunteer": str(volunteer), **SERVICE, **changes}


@dataclass(frozen=True)
class Session:
    """An activity of the station, one volunteer of it, and the office where they are kept."""

    house: House
    town: Town
    office: Office
    activity: UUID
    volunteer: UUID

    @property
    def herself(self) -> Caller:
        """The volunteer as she calls."""
        return as_volunteer(self.volunteer)

    @property
    def reviewing(self) -> Reviewing:
        """The acts that follow an entry."""
        return Reviewing(self.office)

    def enter(self, by: Caller | None = None, **changes: Any) -> UUID:
        """Enter a record; return its id."""
        said = record_said(self.activity, self.volunteer, **changes)
        form = RecordForm.model_validate(said)
        return enter_record(self.office, by or self.town.recorder, form).value

    def publicized(self, **changes: Any) -> UUID:
        """Enter a record and show it."""
        record = self.enter(**changes)
        publicize_record(self.office, self.town.recorder, record)
        return record

    def confirmed(self, **changes: Any) -> UUID:
        """Enter a record, show it, and confirm it when its publicity is over."""
        record = self.publicized(**changes)
        self.house.clock.set(REVIEWED)
        self.reviewing.confirm(self.town.reviewer, record)
        return record


def begin(house: House, town: Town, office: Office) -> Session:
    """Register the activity and the volunteer."""
    form = ActivityForm.model_validate(activity_said())
    activity = activities.register(office, town.recorder, form).value
    return Session(house, town, office, activity, registered(office, town.recorder, WANG))

"""True histories: what the domain decides in random lives, in the order of events."""

import random
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from ledger.application.streams import account_stream
from ledger.domain.activity import ActivityRegistered
from ledger.domain.activity import Particulars as ActivityParticulars
from ledger.domain.event import Actor, Event, Happened
from ledger.domain.organization.events import OrganizationRegistered
from ledger.domain.organization.particulars import Particulars as OrganizationParticulars
from ledger.domain.organization.state import Organization
from ledger.domain.stored import encode_event, instant_text
from ledger.domain.volunteer.events import VolunteerRegistered
from ledger.projections.taken import Taken
from ledger.store.event import NewEvent
from tests.domain.samples_volunteer import REGISTERED
from tests.domain.test_crediting_machine import Lives
from tests.domain.town import (
    ABOVE,
    ACTIVITY,
    ASSOCIATION,
    BOTH,
    BUREAU,
    HERSELF,
    NEIGHBOUR,
    OTHER_STATION,
    RECORDER,
    REVIEWER,
    SECOND_RECORDER,
    SERVICE,
    STATION,
    SUPERVISOR,
    SYSTEM,
)

WEIGHTS = {
    "enter": 4,
    "enter_anew": 3,
    "publicize": 4,
    "wait": 2,
    "confirm": 5,
    "approve": 4,
    "answer": 5,
    "propose": 3,
    "decide_objection": 3,
}
"""How often something is attempted; the others are once."""
BEGAN = datetime.fromisoformat("2026-11-02T01:00:00+00:00")
PEOPLE = [RECORDER, SECOND_RECORDER, BOTH, REVIEWER, ABOVE, SUPERVISOR, HERSELF, NEIGHBOUR]


@dataclass(frozen=True)
class Told:
    """One event of a history."""

    stream: UUID
    event: Any
    by: Actor
    at: datetime
    version: int

    def new(self) -> NewEvent:
        """Return it as it is appended."""
        stored = encode_event(self.event)
        facts: Any = stored.plain
        personal: Any = stored.personal
        return NewEvent(
            stream=str(self.stream),
            type=stored.type,
            shape=stored.shape,
            by=self.by.text(),
            facts=facts,
            personal=personal,
            version=self.version,
        )

    def taken(self, seq: int) -> Taken:
        """Return it as the folds take it in at a place of a log."""
        stored = encode_event(self.event)
        return Taken(
            seq=seq,
            time=instant_text(self.at),
            stream=str(self.stream),
            version=self.version,
            type=stored.type,
            shape=stored.shape,
            by=self.by.text(),
            facts=stored.plain,
            personal=stored.personal,
        )


class History:
    """Events in the order in which they happened."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self._versions: dict[UUID, int] = {}

    def tell(
        self, stream: UUID, event: Event, by: Actor = SYSTEM, at: datetime = BEGAN
    ) -> Told:
        """Let an event have happened."""
        version = self._versions[stream] = self._versions.get(stream, 0) + 1
        self.told.append(Told(stream, event, by, at, version))
        return self.told[-1]


class LivesTold(Lives):
    """Random lives that are told, after those who live them have been made known."""

    def __init__(self) -> None:
        super().__init__()
        self.history = prelude()

    def log(self, stream: UUID, event: Any, by: Actor) -> Happened:
        of_account = event.TYPE.startswith(("credit.", "account."))
        where = account_stream(stream) if of_account else stream
        self.history.tell(where, event, by, self.now)
        return super().log(stream, event, by)


def lives(seed: int, steps: int) -> LivesTold:
    """Return lives of so many steps, each of which may lead to nothing."""
    chance = random.Random(seed)
    lived = LivesTold()
    lived.begin([_service(chance) for _ in range(chance.randint(3, 6))])
    for _ in range(steps):
        _step(lived, chance)
    return lived


def prelude() -> History:
    """Return how a town, its activity and its volunteers came to be known."""
    history = History()
    for organization in (BUREAU, ASSOCIATION, STATION, OTHER_STATION):
        history.tell(organization.id, registered_organization(organization))
    history.tell(ACTIVITY.id, registered_activity(), RECORDER)
    for person, organization_id in ((HERSELF, STATION.id), (NEIGHBOUR, None)):
        history.tell(person.id, registered_volunteer(person.id, organization_id), RECORDER)
    return history


def registered_organization(organization: Organization) -> OrganizationRegistered:
    """Return how an organization of the town was registered."""
    said = organization.particulars
    facts: dict[str, Any] = {
        each.name: getattr(said, each.name) for each in fields(OrganizationParticulars)
    }
    return OrganizationRegistered(
        organization=organization.id,
        kind=organization.kind,
        division=organization.division,
        parent=organization.parent,
        on_behalf_of=organization.parent,
        **facts,
    )


def registered_activity(**changes: Any) -> ActivityRegistered:
    """Return how the town's activity was registered."""
    said = ACTIVITY.particulars
    facts: dict[str, Any] = {
        each.name: getattr(said, each.name) for each in fields(ActivityParticulars)
    }
    facts |= {
        "activity": ACTIVITY.id,
        "project_no": ACTIVITY.project_no,
        "organizer": ACTIVITY.organizer,
        "recording_organization": STATION.id,
        "guiding_organization": None,
        "declared": True,
        "back_entry": False,
        "back_entry_reason": None,
        "evidence": (),
        "truth_declared": False,
        "rules": 1,
    }
    return ActivityRegistered(**facts | changes)


def registered_volunteer(person: UUID, organization: UUID | None) -> VolunteerRegistered:
    """Return how a volunteer was registered."""
    facts: dict[str, Any] = {
        each.name: getattr(REGISTERED, each.name) for each in fields(REGISTERED)
    }
    facts |= {"volunteer": person, "on_behalf_of": organization}
    return VolunteerRegistered(**facts)


def _service(chance: random.Random) -> Any:
    return service_on(chance.randint(19, 20), chance.randint(0, 28), chance.randint(1, 30))


def service_on(day: int, start: int, length: int) -> Any:
    """Return the town's service at half hours from eight o'clock of a day of November."""
    begin = datetime.fromisoformat(f"2026-11-{day:02}T00:00:00+00:00")
    facts = {each.name: getattr(SERVICE, each.name) for each in fields(SERVICE)}
    facts["start"] = begin + timedelta(minutes=30 * start)
    facts["end"] = begin + timedelta(minutes=30 * (start + length))
    return type(SERVICE)(**facts)


def _step(lived: LivesTold, chance: random.Random) -> None:
    choice, by = chance.randint(0, 99), chance.choice(PEOPLE)
    service = _service(chance)
    acts: dict[str, Callable[[], object]] = {
        "enter": lambda: lived.enter(
            by=chance.choice([RECORDER, SECOND_RECORDER, BOTH]),
            named=RECORDER,
            of=chance.choice([HERSELF.id, NEIGHBOUR.id]),
            service=service,
        ),
        "enter_anew": lambda: lived.enter_anew(choice, RECORDER, service),
        "publicize": lambda: lived.publicize(choice, SYSTEM),
        "send_back": lambda: lived.send_back(choice, by),
        "object_to": lambda: lived.object_to(choice, by),
        "decide_objection": lambda: lived.decide_objection(
            choice, by, upheld=chance.random() < 0.5
        ),
        "propose": lambda: lived.propose(choice, by, service),
        "propose_voiding": lambda: lived.propose_voiding(choice, by),
        "reply": lambda: lived.reply(choice, by),
        "answer": lambda: lived.answer(choice, by),
        "confirm": lambda: lived.confirm(choice, by),
        "approve": lambda: lived.approve(choice, by),
        "wait": lambda: lived.wait(chance.choice([1, 4, 9])),
        "merge_or_separate": lived.merge_or_separate,
    }
    (name,) = chance.choices(list(acts), [WEIGHTS.get(each, 1) for each in acts])
    acts[name]()

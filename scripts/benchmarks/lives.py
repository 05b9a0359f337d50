"""Lives of records: volunteers registered, records entered, shown, confirmed and credited.

Events of the real domain about nobody who has ever lived, made without the decisions that
would lead to them: a million in the time that appending takes. Each crowd of volunteers takes
part in one activity of one station, so that their streams lie between each other in the log as
they do where many are recorded at once.
"""

import random
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from benchmarks.town import Recording, Town
from ledger.application.streams import account_stream
from ledger.domain.event import Event
from ledger.domain.stored import encode_event
from ledger.store.appender import Appender
from ledger.store.event import NewEvent, Submission
from tests.domain import samples_account, samples_activity, samples_record, samples_volunteer

CROWD = 40
CREDITED, SHOWN, ENTERED = 4, 1, 1
"""Of each volunteer's records, so many have come so far."""
EVENTS_A_CROWD = 1 + CROWD * (4 + 4 * CREDITED + 2 * SHOWN + ENTERED)


class Template:
    """One event of a kind, of which others are made that differ in some facts."""

    def __init__(self, event: Event, **facts: Any) -> None:
        stored = encode_event(event)
        self._type, self._shape = stored.type, stored.shape
        self._plain: dict[str, Any] = dict(stored.plain)
        self._personal: dict[str, Any] = {
            name: value for group in stored.personal.values() for name, value in group.items()
        }
        self._set(facts, self._plain, self._personal)

    def new(self, stream: str, by: str, version: int, person: str, **facts: Any) -> NewEvent:
        """Return one, with these facts; personal ones are about ``person``."""
        plain, personal = self._plain.copy(), self._personal.copy()
        self._set(facts, plain, personal)
        about: Mapping[str, Any] = {person: personal} if personal else {}
        return NewEvent(stream, self._type, self._shape, by, plain, about, version=version)

    def _set(
        self, facts: Mapping[str, Any], plain: dict[str, Any], personal: dict[str, Any]
    ) -> None:
        for name, value in facts.items():
            (personal if name in self._personal else plain)[name] = value


_FRESH: Mapping[str, Any] = {
    "back_entry_reason": None,
    "evidence": [],
    "late_working_days": 0,
    "latency_minutes": 600,
    "signals": [],
    "channel": "typed",
    "submission_digest": None,
    "record_digest": None,
}


def _sample(samples: tuple[Any, ...], name: str) -> Any:
    return {each.TYPE: each for each in samples}[name]


_RECORDS, _VOLUNTEERS = samples_record.SAMPLES, samples_volunteer
ACTIVITY = Template(
    _sample(samples_activity.SAMPLES, "activity.registered"),
    back_entry=False,
    back_entry_reason=None,
    truth_declared=False,
    admission_mode="public",
    evidence=[],
    head_count=CROWD,
)
REGISTERED = Template(_VOLUNTEERS.REGISTERED)
CLAIMED = Template(_VOLUNTEERS.CLAIMED)
CONSENTED = Template(_VOLUNTEERS.CONSENT_GIVEN)
IDENTIFIED = Template(_VOLUNTEERS.CONFIRMED)
SUBMITTED = Template(_sample(_RECORDS, "record.submitted"), **_FRESH)
PUBLICIZED = Template(_sample(_RECORDS, "record.publicized"), provisional=False)
CONFIRMED = Template(_sample(_RECORDS, "record.confirmed"), awaits=[])
CREDIT = Template(_sample(samples_account.SAMPLES, "credit.entered"))


@dataclass(slots=True)
class Lived:
    """Whom and what a log is about, by the station that recorded it."""

    volunteers: list[tuple[Recording, UUID]] = field(default_factory=list)
    records: list[tuple[Recording, UUID]] = field(default_factory=list)


class Lives:
    """Makes crowds of a town, each time the same ones."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._random = random.Random(town.key.int)  # noqa: S311 - not for secrets
        self._number = 0
        self.lived = Lived()

    def grow(self, appender: Appender, events: int) -> int:
        """Append crowds until there are so many events at least; return how many."""
        crowds = -(-events // EVENTS_A_CROWD)
        answers = []
        for _ in range(crowds):
            answers.append(appender.submit(Submission(uuid.uuid4(), self.crowd())))
            if len(answers) > 2:
                answers.pop(0).result()
        for answer in answers:
            answer.result()
        return crowds * EVENTS_A_CROWD

    def crowd(self) -> list[NewEvent]:
        """Return all events of the next crowd, in the order in which they would come."""
        station = self._town.stations[self._number % len(self._town.stations)]
        self._number += 1
        activity = self._uuid()
        people = [
            _Person(station, activity, self._uuid(), self._random.getrandbits(26))
            for _ in range(CROWD)
        ]
        self.lived.volunteers += [(station, UUID(each.volunteer)) for each in people]
        found = [_activity(station, activity, self._town.today)]
        for person in people:
            found += person.registered(self._uuid())
        for round_ in range(CREDITED + SHOWN + ENTERED):
            records = [self._uuid() for _ in people]
            self.lived.records += [(station, UUID(each)) for each in records]
            for person, record in zip(people, records, strict=True):
                found += person.served(record, round_, self._town.today)
        return found

    def certified(self, station: Recording, records: int) -> tuple[UUID, list[NewEvent]]:
        """Return somebody with so many confirmed records of a station, and all of her events.

        She serves once a day, the last time a week ago.
        """
        activity, today = self._uuid(), self._town.today
        person = _Person(station, activity, self._uuid(), self._random.getrandbits(26))
        found = [_activity(station, activity, today), *person.registered(self._uuid())]
        for number in range(records):
            day = today - timedelta(days=records - number)
            found += person.served(self._uuid(), 0, day, credit=number + 1)
        return UUID(person.volunteer), found

    def activity(self, station: Recording) -> NewEvent:
        """Return one more activity of a station."""
        return _activity(station, self._uuid(), self._town.today)

    def _uuid(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))


class _Person:
    """One volunteer, of whom records are entered."""

    def __init__(self, station: Recording, activity: str, volunteer: str, number: int) -> None:
        self.volunteer = volunteer
        self._number = number
        self._activity = activity
        self._account = str(account_stream(UUID(volunteer)))
        self._organization = str(station.organization)
        self._recorder, self._reviewer = station.recorder.actor, station.reviewer.actor

    def registered(self, identity: str) -> Iterator[NewEvent]:
        """Yield what is known of her before she serves."""
        by, me = self._recorder.text(), self.volunteer
        hers = {"volunteer": me, "on_behalf_of": self._organization}
        yield REGISTERED.new(
            me,
            by,
            1,
            me,
            identity=identity,
            id_number=f"E{self._number:08}",
            contact=f"138{self._number:08}",
            **hers,
        )
        yield CLAIMED.new(identity, by, 1, me, identity=identity, volunteer=me)
        yield CONSENTED.new(me, by, 2, me, consent=identity, **hers)
        yield IDENTIFIED.new(me, by, 3, me, **hers)

    def served(
        self, record: str, round_: int, today: date, credit: int | None = None
    ) -> Iterator[NewEvent]:
        """Yield the life of one record, which ends the sooner, the later it began.

        ``credit`` is its place in the account, if that is another than of its round.
        """
        by, me = self._recorder.text(), self.volunteer
        mine = {"on_behalf_of": self._organization}
        times = _times(today - timedelta(days=CREDITED + SHOWN + ENTERED - round_))
        yield SUBMITTED.new(
            record,
            by,
            1,
            me,
            record=record,
            activity=self._activity,
            volunteer=me,
            organizer=self._organization,
            recorder=str(self._recorder.id),
            **mine,
            **times,
        )
        if round_ == CREDITED + SHOWN:
            return
        shown_until = today + timedelta(days=-1 if round_ < CREDITED else 3)
        yield PUBLICIZED.new(record, by, 2, me, closes_on=shown_until.isoformat(), **mine)
        if round_ == CREDITED:
            return
        reviewer = self._reviewer.text()
        who = str(self._reviewer.id)
        yield CONFIRMED.new(record, reviewer, 3, me, reviewer=who, **mine)
        yield CREDIT.new(
            self._account,
            reviewer,
            credit or round_ + 1,
            me,
            volunteer=me,
            recorded_for=me,
            record=record,
            organization=self._organization,
            start=times["start"],
            end=times["end"],
        )


def _activity(station: Recording, activity: str, today: date) -> NewEvent:
    organization = str(station.organization)
    return ACTIVITY.new(
        activity,
        station.recorder.actor.text(),
        1,
        activity,
        activity=activity,
        organizer=organization,
        recording_organization=organization,
        starts_on=(today - timedelta(days=30)).isoformat(),
        ends_on=(today + timedelta(days=30)).isoformat(),
    )


def _times(day: date) -> dict[str, str]:
    start = datetime(day.year, day.month, day.day, 1, tzinfo=None)  # noqa: DTZ001 - as text
    end = start + timedelta(hours=3)
    return {
        "start": start.isoformat(timespec="microseconds") + "Z",
        "end": end.isoformat(timespec="microseconds") + "Z",
        "evaluation_date": day.isoformat(),
    }

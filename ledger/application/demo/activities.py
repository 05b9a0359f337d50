"""The activities of a demonstration: planned, held, recorded, shown, reviewed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from ledger.application import activities
from ledger.application.callers import Caller, as_volunteer
from ledger.application.demo.agenda import Agenda
from ledger.application.demo.bodies import Body
from ledger.application.demo.entries import Entries, Scanned
from ledger.application.demo.papers import sheet
from ledger.application.demo.troubles import AFTER_REVIEW, BEFORE_REVIEW, WAYS, Troubles
from ledger.application.forms.activity import ActivityForm
from ledger.application.forms.presence import SignForm
from ledger.application.office import Office
from ledger.application.sign_in_codes import Place
from ledger.application.signing_on_the_spot import OnTheSpot
from ledger.domain.civil_time import civil_date
from ledger.domain.codes import Channel, EvidenceKind
from ledger.domain.rules import INITIAL_CALENDAR

KINDS: Sequence[tuple[str, str, str, str]] = (
    ("助老陪伴", "陪伴老人,打扫居室。", "elderly", "community"),
    ("社区环境清洁", "清理楼道和绿地。", "urban_residents", "environment"),
    ("课后辅导", "辅导小学生功课。", "children", "teaching"),
    ("健康义诊引导", "引导居民测量血压。", "patients", "health"),
    ("文化站导览", "讲解社区文化展。", "public", "culture"),
    ("文明出行劝导", "路口劝导行人。", "public", "civility"),
)
_HOURS = (("09:00", "11:30"), ("09:00", "12:00"), ("13:30", "16:00"), ("14:00", "17:00"))
_CHANNELS = (Channel.TYPED, Channel.SIGNED_IN, Channel.PAPER, Channel.IMPORTED)
_TROUBLE = 4
"""Of so many activities, one has a record that goes another way than most."""
_MICRO = 1_000_000
_PLACES: Mapping[str, tuple[float, float]] = {
    "110101": (116.41, 39.93),
    "110105": (116.49, 39.92),
    "110107": (116.20, 39.91),
    "110113": (116.66, 40.13),
    "110116": (116.63, 40.32),
}
"""About where the districts are."""


@dataclass(frozen=True, slots=True)
class Session:
    """One activity of one day, with whom it was held."""

    id: UUID
    body: Body
    day: date
    hours: tuple[str, str]
    content: str
    volunteers: tuple[UUID, ...]

    def records(self, **changes: Any) -> list[dict[str, Any]]:
        """Return a record of each volunteer as it is sent."""
        if self.body.recorder is None or self.body.reviewer is None:
            raise LookupError("an organization that records is wanted")
        start, end = self.hours
        evaluation = {
            "date": self.day.isoformat(),
            "punctuality": 5,
            "attitude": 5,
            "skill": 4,
            "evaluator": str(self.body.reviewer.actor.id),
        }
        return [
            {
                "activity": str(self.id),
                "volunteer": str(volunteer),
                "recorder": str(self.body.recorder.actor.id),
                "start": f"{self.day}T{start}+08:00",
                "end": f"{self.day}T{end}+08:00",
                "break_minutes": 0,
                "content": self.content,
                "evaluation": evaluation,
                **changes,
            }
            for volunteer in self.volunteers
        ]


class Activities:
    """Puts activities on the agenda, each with what becomes of its records."""

    def __init__(
        self, office: Office, entries: Entries, agenda: Agenda, spot: OnTheSpot
    ) -> None:
        self._office = office
        self._spot = spot
        self.entries = entries
        self._agenda = agenda
        self._troubles = Troubles(office, agenda)
        self.held = 0

    def today(self) -> date:
        """Return the day on which the demonstration stands."""
        return civil_date(self._office.desk.now())

    def plan(self, body: Body, day: date, volunteers: Sequence[UUID], number: int) -> None:
        """Hold an activity on a day, and record it within the working days that follow."""
        name, content, objects, category = KINDS[number % len(KINDS)]
        hours = _HOURS[number % len(_HOURS)]
        self.held += 1

        def register() -> None:
            said = self.said(body, day, f"{name}第{number + 1}场", len(volunteers))
            said |= {
                "content": content,
                "service_objects": [objects],
                "categories": [category],
            }
            id_ = self.register(body, said)
            session = Session(id_, body, day, hours, content, tuple(volunteers))
            if _channel(body, number) is Channel.SIGNED_IN:
                self._sign(session)
            entered = INITIAL_CALENDAR.add(day, 1 + number % 4).day
            self._agenda.at(entered, "10:30", lambda: self._enter(session, number))

        self._agenda.at(day - timedelta(days=6), "15:00", register)

    def said(self, body: Body, day: date, name: str, head_count: int) -> dict[str, Any]:
        """Return an activity of one day as it is sent."""
        east, north = _PLACES[body.division[:6]]
        return {
            "name": name,
            "starts_on": day.isoformat(),
            "ends_on": day.isoformat(),
            "admission_mode": "public",
            "place": "社区文化站(演示)",
            "coordinates": {
                "longitude_microdegrees": round(east * _MICRO),
                "latitude_microdegrees": round(north * _MICRO),
                "datum": "gcj02",
            },
            "division": body.division,
            "service_objects": ["public"],
            "categories": ["community"],
            "content": "社区服务。",
            "person_in_charge_name": "负责人示例",
            "head_count": head_count,
            "declared": True,
        }

    def register(self, body: Body, said: Mapping[str, Any]) -> UUID:
        """Register an activity; return its id."""
        if body.recorder is None:
            raise LookupError("an organization that records is wanted")
        form = ActivityForm.model_validate(said)
        return activities.register(self._office, body.recorder, form).value

    def show_later(
        self, body: Body, records: Sequence[UUID], day: date, then: Callable[[date], None]
    ) -> None:
        """Show records on a day; ``then`` is told the day on which they may be reviewed."""

        def show() -> None:
            if body.recorder is not None:
                self.entries.show(body.recorder, records)
            over = INITIAL_CALENDAR.add(day, 3).day
            then(INITIAL_CALENDAR.add(over, 1).day)

        self._agenda.at(day, "16:00", show)

    def _enter(self, session: Session, number: int) -> None:
        body = session.body
        if body.recorder is None or body.reviewer is None:
            return
        channel = _channel(body, number)
        if channel is Channel.API:
            jti = f"demonstration-{number:06}"
            records = self.entries.submit(body, session.records(), jti)
        else:
            on_paper = self._paper(session, body.recorder, channel)
            records = self.entries.enter(body.recorder, session.records(**on_paper), channel)
        today = self.today()
        way = WAYS[number // _TROUBLE % len(WAYS)] if number % _TROUBLE == 0 else ""
        said = session.records()[0]
        shown = INITIAL_CALENDAR.add(today, 1).day

        def review(day: date) -> None:
            self._agenda.at(day, "09:30", lambda: self._review(body, records, said, day, way))

        self.show_later(body, records, shown, review)
        if way in BEFORE_REVIEW:
            volunteer = session.volunteers[0]
            self._agenda.at(
                INITIAL_CALENDAR.add(shown, 1).day,
                "11:15",
                lambda: self._troubles.before_review(body, records[0], volunteer, way),
            )

    def _paper(self, session: Session, recorder: Caller, channel: Channel) -> dict[str, Any]:
        """Keep the sign-in sheet of a session that was recorded on paper."""
        if channel is not Channel.PAPER:
            return {}
        scanned = Scanned(sheet(f"Sign-in sheet {session.id}"), EvidenceKind.SIGN_IN_SHEET)
        evidence = self.entries.keep_scan(recorder, session.id, session.volunteers, scanned)
        return {"evidence": [evidence]}

    def sign(self, session: Session, act: str) -> None:
        """Let everybody of a session sign in or out, ``act``, with the code of the moment."""
        for each in session.volunteers:
            now = self._office.desk.now()
            shown = self._spot.codes.shown(Place(session.id, None), now)
            form = SignForm.model_validate({"act": act, "code": shown.digits})
            self._spot.sign(as_volunteer(each), session.id, form)

    def _sign(self, session: Session) -> None:
        """Let everybody sign in before the beginning and out after the end."""
        start, end = session.hours
        self._agenda.at(session.day, _earlier(start), lambda: self.sign(session, "sign_in"))
        self._agenda.at(session.day, end, lambda: self.sign(session, "sign_out"))

    def _review(
        self, body: Body, records: Sequence[UUID], said: Mapping[str, Any], day: date, way: str
    ) -> None:
        """Confirm what may be; a record that is returned or objected to waits."""
        if body.reviewer is None:
            return
        stays = way in {"returned", "objected"}
        self.entries.confirm(body.reviewer, records[1:] if stays else records)
        if way in AFTER_REVIEW:
            later = INITIAL_CALENDAR.add(day, 2).day
            self._agenda.at(
                later,
                "10:05",
                lambda: self._troubles.after_review(body, records[0], said, later, way),
            )


def _channel(body: Body, number: int) -> Channel:
    """Return how the records of an activity come in."""
    if body.key is not None and number % 2:
        return Channel.API
    return _CHANNELS[number % len(_CHANNELS)]


def _earlier(hour: str) -> str:
    """Return an hour ``HH:MM`` two minutes earlier."""
    hours, minutes = map(int, hour.split(":"))
    at = hours * 60 + minutes - 2
    return f"{at // 60:02}:{at % 60:02}"

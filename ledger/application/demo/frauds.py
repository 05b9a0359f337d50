"""Frauds that are planted in a demonstration, and where: what a supervisor should find.

Each is a pattern that is documented (domain rules, 9.1). The ledger records what is entered,
true or not: it does not refuse these, it makes them findable.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from ledger.application.demo.activities import Activities, Session
from ledger.application.demo.agenda import Agenda
from ledger.application.demo.bodies import Body
from ledger.application.demo.entries import Scanned
from ledger.application.demo.papers import sheet
from ledger.application.demo.people import registration
from ledger.domain.codes import Channel, EvidenceKind
from ledger.domain.rules import INITIAL_CALENDAR


@dataclass(frozen=True, slots=True)
class Planted:
    """One fraud: its pattern in both languages, who did it, and where it is to be seen."""

    number: str
    what_zh: str
    what_en: str
    organization: str
    things: tuple[UUID, ...]


class Frauds:
    """Plants frauds on the agenda of a demonstration."""

    def __init__(self, activities: Activities, agenda: Agenda) -> None:
        self._activities = activities
        self._agenda = agenda
        self.planted: list[Planted] = []

    def sold_hours(self, body: Body, day: date, volunteers: Sequence[UUID]) -> None:
        """F1: one operator books five hours for many strangers at night, without evidence."""

        def act() -> None:
            session = self.session(body, day, "上门助老", volunteers, ("13:00", "18:00"))
            self._agenda.at(day + timedelta(days=1), "02:07", lambda: self._sold(body, session))

        self._agenda.at(day, "08:30", act)

    def _sold(self, body: Body, session: Session) -> None:
        records = self.enter(body, session)
        self._show_and_confirm(body, records, session.day + timedelta(days=1))
        self.tell(
            "F1",
            "出售时长:一名记录人深夜两分钟内为数十名互不相干的人各录入5小时,无任何佐证",
            "hours sold: one recorder enters five hours each for dozens of unrelated "
            "people within two minutes at night, without any evidence",
            body,
            (session.id, *records[:3]),
        )

    def pupils_with_forty_hours(
        self, body: Body, street: str, first: date, numbers: Sequence[int]
    ) -> None:
        """F2 and F8: accounts made in one go, each of which reaches 40 hours exactly."""
        days = [day for n in range(12) if (day := first + timedelta(days=n)).weekday() < 6][:8]

        def begin() -> None:
            if body.recorder is None:
                return
            people = [registration(street[:6], street, each) for each in numbers]
            volunteers = self._activities.entries.register(body.recorder, people)
            for day in days:
                self._agenda.at(day, "20:10", partial(self._pupils, body, day, volunteers))
            self.tell(
                "F2/F8",
                "突击凑时长:同一天批量注册的账号,八次各5小时,恰好各满40小时",
                "bursts: accounts registered in one go, eight times five hours each, "
                "every one of them reaching 40 hours exactly",
                body,
                tuple(volunteers[:3]),
            )

        self._agenda.at(first - timedelta(days=1), "23:40", begin)

    def _pupils(self, body: Body, day: date, volunteers: Sequence[UUID]) -> None:
        session = self.session(body, day, "校园周边清洁", volunteers, ("14:00", "19:00"))
        self._show_and_confirm(body, self.enter(body, session), day)

    def _show_and_confirm(self, body: Body, records: Sequence[UUID], day: date) -> None:
        reviewer = body.reviewer
        if reviewer is None:
            return
        entries = self._activities.entries

        def confirm(over: date) -> None:
            self._agenda.at(over, "09:50", lambda: entries.confirm(reviewer, records))

        shown = INITIAL_CALENDAR.add(day, 1).day
        self._activities.show_later(body, records, shown, confirm)

    def virtual_activity(self, body: Body, day: date, volunteers: Sequence[UUID]) -> None:
        """F5: an activity of 500 people at the end of a quarter, of whom a few are recorded."""

        def act() -> None:
            said = self._activities.said(body, day, "季度志愿服务大行动", 500)
            id_ = self._activities.register(body, said)
            session = Session(id_, body, day, ("09:00", "17:00"), "大行动。", tuple(volunteers))
            self._agenda.at(
                INITIAL_CALENDAR.add(day, 2).day,
                "11:00",
                lambda: self._told_virtual(body, session),
            )

        self._agenda.at(day - timedelta(days=1), "17:50", act)

    def _told_virtual(self, body: Body, session: Session) -> None:
        records = self.enter(body, session)
        self.tell(
            "F5",
            "虚拟活动:季度末登记总人数500人的活动,只录入了很少的人",
            "virtual activity: 500 people announced at the end of a quarter, few recorded",
            body,
            (session.id, *records[:2]),
        )

    def back_entries(self, body: Body, day: date, volunteers: Sequence[UUID]) -> None:
        """F6: one operator's records come months late, all on the same paper."""

        def act() -> None:
            said = self._activities.said(body, day, "入户走访", len(volunteers))
            roll = Scanned(sheet("Roll of visits"), EvidenceKind.STAMPED_ROLL)
            said |= {
                "admission_mode": "back_entry",
                "back_entry_reason": "当时未及时登记。",
                "evidence": [roll.evidence()],
                "truth_declared": True,
            }
            id_ = self._activities.register(body, said)
            session = Session(id_, body, day, ("08:00", "18:00"), "走访。", tuple(volunteers))
            if body.recorder is None:
                return
            entries = self._activities.entries
            evidence = entries.keep_scan(body.recorder, id_, volunteers, roll)
            records = self.enter(
                body,
                session,
                channel=Channel.PAPER,
                back_entry_reason="当时未及时登记。",
                evidence=[evidence],
            )
            self.tell(
                "F6",
                "虚假补录:数月之后由同一人成批补录,十小时不休息,全部依据同一份名册",
                "false back entries: months late, by one recorder in one go, ten hours "
                "without a break, all resting on the same roll",
                body,
                (session.id, *records[:3]),
            )

        self._agenda.at(day + timedelta(days=75), "22:15", act)

    def duties_as_service(self, body: Body, day: date, staff: Sequence[UUID]) -> None:
        """F5: the organizer's own people, on a working day, in working hours."""

        def act() -> None:
            session = self.session(body, day, "服务站值班", staff, ("09:00", "17:00"))
            next_day = INITIAL_CALENDAR.add(day, 1).day
            self._agenda.at(next_day, "09:05", lambda: self._duty(body, session))

        self._agenda.at(day, "08:40", act)

    def _duty(self, body: Body, session: Session) -> None:
        records = self.enter(body, session)
        self.tell(
            "F5/§9.3(1)",
            "职务行为当作志愿服务:工作日工作时间,内容为值班",
            "duty booked as volunteering: on a working day in working hours, and the content "
            "is a duty rota",
            body,
            (session.id, *records[:2]),
        )

    def session(
        self,
        body: Body,
        day: date,
        name: str,
        volunteers: Sequence[UUID],
        hours: tuple[str, str],
    ) -> Session:
        """Register an activity of one day; return it with whom it was held."""
        said = self._activities.said(body, day, name, len(volunteers))
        id_ = self._activities.register(body, said)
        return Session(id_, body, day, hours, f"{name}。", tuple(volunteers))

    def enter(
        self,
        body: Body,
        session: Session,
        *,
        channel: Channel = Channel.TYPED,
        **changes: object,
    ) -> list[UUID]:
        """Enter a record of each who was there; return their ids."""
        if body.recorder is None:
            raise LookupError("an organization that records is wanted")
        records = session.records(**changes)
        return self._activities.entries.enter(body.recorder, records, channel)

    def tell(self, number: str, zh: str, en: str, body: Body, things: tuple[UUID, ...]) -> None:
        """Note where a fraud is to be found."""
        self.planted.append(Planted(number, zh, en, body.name, things))

"""Frauds of a demonstration that rules of counting would find: short stays, too many, no rest.

As `ledger.application.demo.frauds`: each is a documented pattern (domain rules, 9.1), planted
where a supervisor should find it. What the ledger does refuse is in it as a refused attempt.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from ledger.application.demo.activities import Activities, Session
from ledger.application.demo.agenda import Agenda
from ledger.application.demo.bodies import Body
from ledger.application.demo.frauds import Frauds
from ledger.application.desk import ActRefused
from ledger.domain.rules import INITIAL_CALENDAR

_VISITS = (("09:00", "09:40"), ("10:00", "10:30"), ("13:00", "13:20"), ("15:00", "15:30"))
"""Four times in and out on one day; the ledger takes three."""
_RESTLESS_DAYS = 3
_FORESEEN = {"name_says_back_entry", "signed_in_too_often", "presence_is_not_open"}
"""What the ledger refuses of them; any other refusal is a fault of the demonstration."""


class FraudsByRule:
    """Plants them on the agenda of a demonstration."""

    def __init__(self, activities: Activities, agenda: Agenda, frauds: Frauds) -> None:
        self._activities = activities
        self._agenda = agenda
        self._frauds = frauds

    def photographed_and_gone(self, body: Body, day: date, volunteers: Sequence[UUID]) -> None:
        """F3: signed in, photographed and signed out within minutes; four hours are booked."""

        def act() -> None:
            hours = ("09:00", "13:00")
            session = self._frauds.session(body, day, "参观科技馆", volunteers, hours)
            self._agenda.at(day, "08:58", lambda: self._activities.sign(session, "sign_in"))
            self._agenda.at(day, "09:04", lambda: self._activities.sign(session, "sign_out"))
            booked = INITIAL_CALENDAR.add(day, 1).day
            self._agenda.at(booked, "10:10", lambda: self._booked(body, session))

        self._agenda.at(day - timedelta(days=2), "16:10", act)

    def _booked(self, body: Body, session: Session) -> None:
        records = self._frauds.enter(body, session)
        self._frauds.tell(
            "F3",
            "拍照打卡:参观类活动,签到与签退相隔六分钟,却录入四小时",
            "photo check-in: a visit, signed in and out within six minutes, and four hours "
            "booked",
            body,
            (session.id, *records[:3]),
        )

    def signed_too_often(self, body: Body, day: date, volunteers: Sequence[UUID]) -> None:
        """F7: a name that says "补录", then a fourth sign-in on one day; both are refused."""
        hours = ("09:00", "15:30")

        def act() -> None:
            with _foreseen():  # the attempt is in the log; she tries another name
                self._frauds.session(body, day, "补录:文明引导", volunteers, hours)
            session = self._frauds.session(body, day, "文明引导", volunteers, hours)
            for come, gone in _VISITS:
                self._agenda.at(day, come, lambda: self._sign(session, "sign_in"))
                self._agenda.at(day, gone, lambda: self._sign(session, "sign_out"))
            self._frauds.tell(
                "F7",
                "反复签到:活动名称含“补录”被拒后改名登记,一天内第四次签到被拒",
                "signed for again and again: refused under a name that says back entry, the "
                "activity is registered under another; the fourth sign-in of a day is refused",
                body,
                (session.id,),
            )

        self._agenda.at(day - timedelta(days=1), "16:20", act)

    def _sign(self, session: Session, act: str) -> None:
        with _foreseen():
            self._activities.sign(session, act)

    def without_a_rest(self, body: Body, day: date, volunteers: Sequence[UUID]) -> None:
        """F9: eleven hours a day without rest or meal, on days that follow each other."""
        sessions: list[Session] = []

        def act(on: date) -> None:
            session = self._frauds.session(body, on, "全天值守", volunteers, ("08:00", "19:00"))
            sessions.append(session)
            self._agenda.at(on, "20:30", lambda: self._restless(body, sessions))

        for number in range(_RESTLESS_DAYS):
            on = day + timedelta(days=number)
            self._agenda.at(on, "07:30", partial(act, on))

    def _restless(self, body: Body, sessions: Sequence[Session]) -> None:
        records = self._frauds.enter(body, sessions[-1])
        if len(sessions) < _RESTLESS_DAYS:
            return
        self._frauds.tell(
            "F9",
            "不扣休息:连续数日每日十一小时,休息与用餐均为零",
            "no rest taken off: eleven hours a day on days that follow each other, without any "
            "rest or meal",
            body,
            (*(each.id for each in sessions), *records[:1]),
        )


@contextmanager
def _foreseen() -> Iterator[None]:
    try:
        yield
    except ActRefused as error:
        if not {each.code for each in error.refused.reasons} <= _FORESEEN:
            raise

"""A presence as its history left it: sessions, of which only whole ones count."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never
from uuid import UUID

from ledger.domain.civil_time import civil_date
from ledger.domain.event import Happened
from ledger.domain.presence.events import (
    PresenceAmended,
    PresenceEvent,
    PresenceSignedIn,
    PresenceSignedOut,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """From signing in to signing out; without ``signed_out_at`` it counts nothing."""

    number: int
    signed_in_at: datetime
    signed_out_at: datetime | None = None
    is_offline: bool = False
    is_amended: bool = False

    @property
    def day(self) -> date:
        """The civil date of the session."""
        return civil_date(self.signed_in_at)

    def holds(self, start: datetime, end: datetime) -> bool:
        """Return whether a time lies within a session that is whole."""
        return (
            self.signed_out_at is not None
            and self.signed_in_at <= start
            and end <= self.signed_out_at
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """The sessions of one volunteer in one activity, in the order in which they began."""

    activity: UUID
    volunteer: UUID
    sessions: tuple[Session, ...] = ()

    def on(self, day: date) -> tuple[Session, ...]:
        """Return the sessions of a civil date."""
        return tuple(each for each in self.sessions if each.day == day)

    def open_on(self, day: date) -> Session | None:
        """Return the session of a civil date from which she has not signed out."""
        return next((each for each in self.on(day) if each.signed_out_at is None), None)

    def session(self, number: int) -> Session | None:
        """Return a session by its number."""
        return next((each for each in self.sessions if each.number == number), None)

    def holding(self, start: datetime, end: datetime) -> Session | None:
        """Return the whole session within which a time lies."""
        return next((each for each in self.sessions if each.holds(start, end)), None)


def evolve(state: Presence | None, event: PresenceEvent, _: Happened) -> Presence:
    """Return the presence after an event.

    Raises:
        ValueError: She signs out of, or somebody amends, a session that never began.
    """
    known = state or Presence(activity=event.activity, volunteer=event.volunteer)
    if isinstance(event, PresenceSignedIn):
        begun = Session(
            number=event.session, signed_in_at=event.at, is_offline=event.is_offline
        )
        return replace(known, sessions=(*known.sessions, begun))
    before = known.session(event.session)
    if before is None:
        raise ValueError("a session begins with signing in")
    match event:
        case PresenceSignedOut():
            after = replace(
                before,
                signed_out_at=event.at,
                is_offline=before.is_offline or event.is_offline,
            )
        case PresenceAmended():
            after = replace(
                before,
                signed_in_at=event.signed_in_at,
                signed_out_at=event.signed_out_at,
                is_amended=True,
            )
        case _:
            assert_never(event)
    sessions = tuple(after if each is before else each for each in known.sessions)
    return replace(known, sessions=sessions)

"""Signing in and out: on a day of the activity, in pairs, by herself or by a recorder for her.

That the code was right is found before; here stands who may, and which times there can be.
Sessions do not cross midnight, and there are at most three of a person a day: both are practice
of national platforms. A session without its end counts nothing, until a recorder says when she
left and how that is known.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import assert_never
from uuid import UUID

from ledger.domain.acting import check_person
from ledger.domain.activity.state import Activity
from ledger.domain.activity.state import Status as ActivityStatus
from ledger.domain.civil_time import civil_date
from ledger.domain.codes import SignKind
from ledger.domain.event import Act, ActorKind
from ledger.domain.organization.kinds import Role
from ledger.domain.organization.state import Organization
from ledger.domain.presence.commands import AmendPresence, Command, SignIn, SignOut
from ledger.domain.presence.events import (
    PresenceAmended,
    PresenceEvent,
    PresenceSignedIn,
    PresenceSignedOut,
)
from ledger.domain.presence.state import Presence, Session
from ledger.domain.refusal import Refusal, Refused, gathered, refuse
from ledger.domain.volunteer.state import Volunteer
from ledger.domain.words import check_text

SESSIONS_PER_DAY_MAX = 3
"""Of one person in one activity (practice of a large platform)."""
OFFLINE_DAYS_MAX = 7
"""So late may a time come that was taken without a connection; our own bound [P]."""
REASON_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the decision looks at beside the presence.

    ``organization`` records the activity, ``acting`` is in whose name the actor acts, None for
    the volunteer herself; ``volunteer_as_staff`` is she where she works for an organization.
    """

    activity: Activity
    organization: Organization
    acting: Organization | None
    volunteer: Volunteer
    volunteer_as_staff: UUID | None = None


def decide(
    state: Presence | None, command: Command, act: Act, around: Surroundings
) -> tuple[PresenceEvent, ...] | Refused:
    """Return what happens, or every reason why it does not."""
    known = state or Presence(activity=around.activity.id, volunteer=around.volunteer.id)
    match command:
        case SignIn():
            return _sign_in(known, command, act, around)
        case SignOut():
            return _sign_out(known, command, act, around)
        case AmendPresence():
            return _amend(known, command, act, around)
        case _:
            assert_never(command)


def whole_minute(at: datetime) -> datetime:
    """Return an instant without what is less than a minute."""
    return at.astimezone(UTC).replace(second=0, microsecond=0)


def _sign_in(
    known: Presence, command: SignIn, act: Act, around: Surroundings
) -> tuple[PresenceSignedIn, ...] | Refused:
    at = whole_minute(command.at)
    day = civil_date(at)
    refused = gathered(
        _check_signing(command, act, around, day),
        _check_point(command, around, SignKind.SIGN_IN),
        _check_new_session(known, at, day),
    )
    if refused is not None:
        return refused
    return (
        PresenceSignedIn(
            activity=known.activity,
            volunteer=known.volunteer,
            session=len(known.sessions) + 1,
            at=at,
            point=command.point,
            is_within=command.is_within,
            is_offline=command.is_offline,
            on_behalf_of=None if around.acting is None else around.acting.id,
        ),
    )


def _sign_out(
    known: Presence, command: SignOut, act: Act, around: Surroundings
) -> tuple[PresenceSignedOut, ...] | Refused:
    at = whole_minute(command.at)
    day = civil_date(at)
    begun = known.open_on(day)
    refused = gathered(
        _check_signing(command, act, around, day),
        _check_point(command, around, SignKind.SIGN_OUT),
        _check_end(known, begun, at),
    )
    if refused is not None or begun is None:
        return refused or refuse("presence_is_not_open")
    return (
        PresenceSignedOut(
            activity=known.activity,
            volunteer=known.volunteer,
            session=begun.number,
            at=at,
            point=command.point,
            is_within=command.is_within,
            is_offline=command.is_offline,
            on_behalf_of=None if around.acting is None else around.acting.id,
        ),
    )


def _amend(
    known: Presence, command: AmendPresence, act: Act, around: Surroundings
) -> tuple[PresenceAmended, ...] | Refused:
    start, end = whole_minute(command.signed_in_at), whole_minute(command.signed_out_at)
    session = known.session(command.session)
    refused = gathered(
        _check_recorder(act, around),
        _check_day(around, civil_date(start)),
        None if session else Refusal("presence_session_is_unknown", "session"),
        check_text(command.reason, "reason", max=REASON_MAX, lines=True),
        _check_times(known, command.session, start, end, act),
    )
    if refused is not None or around.acting is None:
        return refused or refuse("acting_organization_is_missing")
    return (
        PresenceAmended(
            activity=known.activity,
            volunteer=known.volunteer,
            session=command.session,
            signed_in_at=start,
            signed_out_at=end,
            reason=command.reason,
            on_behalf_of=around.acting.id,
        ),
    )


def _check_signing(
    command: SignIn | SignOut, act: Act, around: Surroundings, day: date
) -> Iterator[Refusal]:
    is_herself = act.by.kind is ActorKind.VOLUNTEER
    if is_herself and act.by.id != around.volunteer.id:
        yield Refusal("actor_is_another_volunteer", "volunteer")
    if not is_herself or command.is_offline:
        yield from _check_recorder(act, around)
    yield from _check_day(around, day)
    if command.at > act.now:
        yield Refusal("sign_time_is_ahead", "taken_at")
    if act.now - command.at > timedelta(days=OFFLINE_DAYS_MAX):
        yield Refusal("sign_time_is_too_old", "taken_at", {"max": OFFLINE_DAYS_MAX})


def _check_recorder(act: Act, around: Surroundings) -> Iterator[Refusal]:
    yield from check_person(act, around.acting, Role.RECORDER)
    if around.acting is not None and around.acting.id != around.organization.id:
        yield Refusal("organization_does_not_record", "activity")
    if act.by.id == around.volunteer_as_staff:
        yield Refusal("recorder_is_volunteer", "volunteer")


def _check_day(around: Surroundings, day: date) -> Iterator[Refusal]:
    if around.activity.status is ActivityStatus.CANCELLED:
        yield Refusal("activity_is_cancelled")
    if not around.activity.holds(day):
        yield Refusal("activity_is_not_today", None, {"day": day.isoformat()})
    standing = around.volunteer.check_standing()
    if standing is not None:
        yield from standing.reasons


def _check_point(
    command: SignIn | SignOut, around: Surroundings, kind: SignKind
) -> Iterator[Refusal]:
    points = around.activity.particulars.sign_points
    fitting = [
        number
        for number, each in enumerate(points, start=1)
        if each.kind in (kind, SignKind.BOTH)
    ]
    if command.point is None:
        if fitting:
            yield Refusal("sign_point_is_missing", "point")
    elif command.point not in fitting:
        yield Refusal("sign_point_is_another", "point")


def _check_new_session(known: Presence, at: datetime, day: date) -> Iterator[Refusal]:
    begun = known.open_on(day)
    if begun is not None:
        yield Refusal("presence_is_open", None, {"session": begun.number})
    if len(known.on(day)) >= SESSIONS_PER_DAY_MAX:
        yield Refusal("signed_in_too_often", None, {"max": SESSIONS_PER_DAY_MAX})
    if any(_overlaps(each, at, at) for each in known.on(day)):
        yield Refusal("presence_overlaps")


def _check_end(known: Presence, begun: Session | None, at: datetime) -> Iterator[Refusal]:
    if begun is None:
        yield Refusal("presence_is_not_open")
    elif at <= begun.signed_in_at:
        yield Refusal("sign_out_is_too_early")
    elif any(_overlaps(each, begun.signed_in_at, at) for each in known.sessions):
        yield Refusal("presence_overlaps")


def _check_times(
    known: Presence, number: int, start: datetime, end: datetime, act: Act
) -> Iterator[Refusal]:
    if end <= start:
        yield Refusal("sign_out_is_too_early", "signed_out_at")
    elif civil_date(start) != civil_date(end):
        yield Refusal("service_crosses_midnight", "signed_out_at")
    if end > act.now:
        yield Refusal("sign_time_is_ahead", "signed_out_at")
    others = (each for each in known.sessions if each.number != number)
    if any(_overlaps(each, start, end) for each in others):
        yield Refusal("presence_overlaps")


def _overlaps(session: Session, start: datetime, end: datetime) -> bool:
    """Return whether a whole session has a moment in common with a time, its end left out."""
    until = session.signed_out_at
    if until is None:
        return False
    return session.signed_in_at < max(end, start + timedelta(minutes=1)) and start < until

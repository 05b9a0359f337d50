"""Signing in and out on the spot: the code is compared, then it is decided and appended.

A position is compared with the sign point's radius on arrival, if she consented to that, and is
kept nowhere. Whoever guesses codes is slowed down; an attempt with a wrong one is an entry.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.desk import Done, Intent
from ledger.application.docket import Docket
from ledger.application.forms.presence import PresenceAmendmentForm, SignForm
from ledger.application.office import Office
from ledger.application.permission import acting_in
from ledger.application.reading import HiddenError, acting_organization, deny, may_read_of
from ledger.application.record_lists import Paging
from ledger.application.same_human import staff_of
from ledger.application.sign_in_codes import Place, ShownCode, SignInCodes
from ledger.application.states import ACTIVITY, ORGANIZATION, PRESENCE, SIGN_IN, VOLUNTEER
from ledger.application.streams import presence_stream
from ledger.domain.activity import Activity
from ledger.domain.activity.posts import SignPoint
from ledger.domain.event import ActorKind
from ledger.domain.presence import (
    AmendPresence,
    Command,
    SignIn,
    SignOut,
    Surroundings,
    decide,
    is_within_radius,
)
from ledger.domain.refusal import Refused, refuse
from ledger.domain.volunteer import Purpose, Volunteer
from ledger.projections.views import PRESENCES
from ledger.store.throttle_rows import Limit
from ledger.store.view_query import Query
from ledger.store.view_reader import AsOf, Page

SIGN, AMEND, SHOW, LIST = (
    "presence.sign",
    "presence.amend",
    "sign_in_code.show",
    "presence.list",
)
WRONG_CODES = Limit(5, timedelta(minutes=10))
"""Wrong codes of one person or key in one activity."""


class Counts(Protocol):
    """Counts attempts for all processes, as `ThrottleRows` does."""

    def count(self, what: str, limit: Limit, *, now: datetime) -> timedelta | None:
        """Count one; return how long to wait where there were too many."""

    def take_back(self, what: str) -> None:
        """Take one back."""


@dataclass(frozen=True, slots=True)
class OnTheSpot:
    """Who signs in and out in the activities of one ledger, from any thread."""

    office: Office
    codes: SignInCodes
    counts: Counts

    def code(self, caller: Caller, activity: UUID, point: int | None) -> ShownCode:
        """Return the code that is shown now, for a person of whose activity it is.

        Raises:
            HiddenError: There is no such activity, or it is not hers to show.
            ActRefused: It has no such sign point.
        """
        office = self.office
        held = office.states.at(ACTIVITY, activity, size=None).state
        if held is None:
            raise HiddenError
        acting = acting_organization(office, caller)
        is_theirs = acting is not None and acting.id == held.recording_organization
        if not is_theirs or caller.actor.kind is not ActorKind.STAFF:
            deny(office, caller, SHOW, activity)
        if (point is None) != (not held.particulars.sign_points) or (
            point is not None and _point(held, point) is None
        ):
            refused = refuse("sign_point_is_missing", "point")
            office.desk.refuse(caller, Intent(act=SHOW, target=activity), refused)
        return self.codes.shown(Place(activity, point), office.desk.now())

    def sign(self, caller: Caller, activity: UUID, form: SignForm) -> Done[UUID]:
        """Sign somebody in or out; return the stream of her presence.

        Raises:
            As `Desk.perform`.
        """
        office, intent = self.office, Intent(act=SIGN, target=activity)
        volunteer = form.volunteer or (None if caller.organization else caller.volunteer)
        refused = self._check_code(caller, activity, form)
        if refused is not None:
            office.desk.refuse(caller, intent, refused)

        def decided(docket: Docket) -> UUID | Refused:
            if volunteer is None:
                return refuse("volunteer_is_not_named", "volunteer")
            around = self._around(docket, caller, activity, volunteer)
            if isinstance(around, Refused):
                return around
            at = form.taken_at if form.offline and form.taken_at else docket.act.now
            kind = SignIn if form.act == "sign_in" else SignOut
            command = kind(
                at=at,
                point=form.point,
                is_within=_is_within(form, around.activity, around.volunteer),
                is_offline=form.offline,
            )
            return _decided(docket, command, around)

        return office.desk.perform(caller, intent, decided)

    def amend(
        self, caller: Caller, activity: UUID, volunteer: UUID, form: PresenceAmendmentForm
    ) -> Done[UUID]:
        """Set a session right; return the stream of the presence.

        Raises:
            As `Desk.perform`.
        """
        command = AmendPresence(
            session=form.session,
            signed_in_at=form.signed_in_at,
            signed_out_at=form.signed_out_at,
            reason=form.reason,
        )

        def decided(docket: Docket) -> UUID | Refused:
            around = self._around(docket, caller, activity, volunteer)
            if isinstance(around, Refused):
                return around
            return _decided(docket, command, around)

        intent = Intent(act=AMEND, target=activity)
        return self.office.desk.perform(caller, intent, decided)

    def present(
        self, caller: Caller, activity: UUID, paging: Paging, *, is_open: bool | None
    ) -> AsOf[Page]:
        """Return who signed in, and who has not signed out; a volunteer is told of herself.

        Raises:
            HiddenError: There is no such activity, or it is not for the caller to see.
        """
        office = self.office
        held = office.states.get(ACTIVITY, activity).state
        if held is None:
            raise HiddenError
        equal: dict[str, str | bool] = {"activity": str(activity)}
        if is_open is not None:
            equal["is_open"] = is_open
        if caller.actor.kind is ActorKind.VOLUNTEER:
            equal["volunteer"] = str(caller.actor.id)
        elif not may_read_of(office, caller, held.recording_organization):
            deny(office, caller, LIST, activity)
        query = Query(
            equal=equal,
            order=("signed_in_at", "volunteer", "session"),
            after=paging.after,
            limit=paging.limit,
            size=paging.size,
        )
        return office.views.page(PRESENCES, query)

    def _check_code(self, caller: Caller, activity: UUID, form: SignForm) -> Refused | None:
        """Return why the code is none; each wrong one counts, for all processes together."""
        if form.offline:
            return None if form.taken_at else refuse("sign_time_is_missing", "taken_at")
        now = self.office.desk.now()
        what = f"sign-in code {activity} by {caller.actor.text()}"
        wait = self.counts.count(what, WRONG_CODES, now=now)
        if wait is not None:
            seconds = int(wait.total_seconds())
            return refuse("sign_in_code_is_slowed_down", None, seconds=seconds)
        if not self.codes.is_right(Place(activity, form.point), form.code or "", now):
            return refuse("sign_in_code_is_wrong", "code")
        self.counts.take_back(what)
        return None

    def _around(
        self, docket: Docket, caller: Caller, activity: UUID, volunteer: UUID
    ) -> Surroundings | Refused:
        held = docket.find(ACTIVITY, activity)
        if held is None:
            return refuse("activity_is_missing")
        organization = docket.read(ORGANIZATION, held.recording_organization)
        person = docket.find(VOLUNTEER, volunteer)
        if person is None:
            return refuse("volunteer_is_unknown", "volunteer")
        if organization is None:
            return refuse("organization_is_missing")
        return Surroundings(
            activity=held,
            organization=organization,
            acting=acting_in(docket, caller),
            volunteer=person,
            volunteer_as_staff=staff_of(
                volunteer, person, lambda stream: docket.read(SIGN_IN, stream)
            ),
        )


def _decided(docket: Docket, command: Command, around: Surroundings) -> UUID | Refused:
    stream = presence_stream(around.activity.id, around.volunteer.id)
    events = decide(docket.read(PRESENCE, stream), command, docket.act, around)
    if isinstance(events, Refused):
        return events
    docket.add(PRESENCE, stream, events)
    return stream


def _is_within(form: SignForm, activity: Activity, volunteer: Volunteer) -> bool | None:
    """Return whether she is near enough, if she agreed that it is looked at (PIPL 28 to 30)."""
    if form.position is None or form.point is None:
        return None
    if not volunteer.has_consent(Purpose.SIGN_IN_PLACE):
        return None
    return is_within_radius(form.position.coordinates(), _point(activity, form.point))


def _point(activity: Activity, number: int) -> SignPoint | None:
    points = activity.particulars.sign_points
    return points[number - 1] if 1 <= number <= len(points) else None

"""Who may sign in and out, which times there can be, and what counts."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.activity import Activity
from ledger.domain.activity.places import Coordinates
from ledger.domain.activity.posts import SignPoint
from ledger.domain.activity.state import Status
from ledger.domain.codes import Datum, SignKind
from ledger.domain.event import ERASED, Act, Happened
from ledger.domain.presence import (
    AmendPresence,
    Presence,
    PresenceSignedIn,
    SignIn,
    SignOut,
    Surroundings,
    decide,
    evolve,
    is_within_radius,
)
from ledger.domain.presence.deciding import whole_minute
from ledger.domain.refusal import Refused
from tests.domain.samples_presence import AMENDED, CAME, SIGNED_IN, SIGNED_OUT, WENT
from tests.domain.specification import Specification
from tests.domain.town import (
    ACTIVITY,
    BESIDE,
    HERSELF,
    NEIGHBOUR,
    OTHER_STATION,
    RECORDER,
    REVIEWER,
    STATION,
    VOLUNTEER,
)

IN = replace(SIGNED_IN, point=None, is_within=None)
OUT = replace(SIGNED_OUT, is_offline=False, on_behalf_of=None)
LATER = WENT + timedelta(hours=1)
HERE = Coordinates(
    longitude_microdegrees=116_407_413, latitude_microdegrees=39_904_179, datum=Datum.GCJ02
)


def surroundings(**changes: Any) -> Surroundings:
    known = Surroundings(
        activity=ACTIVITY, organization=STATION, acting=None, volunteer=VOLUNTEER
    )
    return replace(known, **changes)


def herself(**changes: Any) -> Specification:
    return Specification(decide, evolve, surroundings(**changes))


def staff(**changes: Any) -> Specification:
    return herself(acting=STATION, **changes)


def point(kind: SignKind = SignKind.BOTH, **changes: Any) -> SignPoint:
    said: dict[str, Any] = {"address": "文化站", "radius_m": 100, "coordinates": HERE}
    return SignPoint(kind=kind, **{**said, **changes})


def with_points(*points: SignPoint) -> Activity:
    return replace(ACTIVITY, particulars=replace(ACTIVITY.particulars, sign_points=points))


def test_she_signs_in_and_out_by_herself() -> None:
    at = CAME + timedelta(seconds=42)
    herself().when(SignIn(at=at), by=HERSELF, now=at).then(IN)
    spec = herself().given(IN).when(SignOut(at=WENT), by=HERSELF, now=WENT)
    state: Presence = spec.then(OUT)
    assert state.holding(CAME, WENT) == state.sessions[0]


def test_a_recorder_signs_her_in() -> None:
    spec = staff().when(SignIn(at=CAME), by=RECORDER, now=CAME)
    spec.then(replace(IN, on_behalf_of=STATION.id))


def test_a_session_without_its_end_counts_nothing_until_it_is_amended() -> None:
    spec = staff().given(IN)
    assert spec.state.holding(CAME, CAME + timedelta(minutes=1)) is None
    command = AmendPresence(
        session=1, signed_in_at=CAME, signed_out_at=WENT, reason=str(AMENDED.reason)
    )
    amended = spec.when(command, by=RECORDER, now=LATER).then(AMENDED)
    assert amended.holding(CAME, WENT).is_amended


@pytest.mark.parametrize(
    ("by", "changes", "codes"),
    [
        (NEIGHBOUR, {}, {"actor_is_another_volunteer"}),
        (REVIEWER, {"acting": STATION}, {"actor_has_no_such_role"}),
        (BESIDE, {"acting": OTHER_STATION}, {"organization_does_not_record"}),
        (
            RECORDER,
            {"acting": STATION, "volunteer_as_staff": RECORDER.id},
            {"recorder_is_volunteer"},
        ),
        (
            HERSELF,
            {"activity": replace(ACTIVITY, status=Status.CANCELLED)},
            {"activity_is_cancelled"},
        ),
        (
            HERSELF,
            {"volunteer": replace(VOLUNTEER, particulars=ERASED)},
            {"volunteer_is_erased"},
        ),
    ],
)
def test_who_may_not(by: Any, changes: dict[str, Any], codes: set[str]) -> None:
    herself(**changes).when(SignIn(at=CAME), by=by, now=CAME).then_refused(*codes)


def test_only_on_a_day_of_the_activity() -> None:
    day = CAME + timedelta(days=1)
    herself().when(SignIn(at=day), by=HERSELF, now=day).then_refused("activity_is_not_today")


def test_sessions_follow_each_other_and_end_on_their_day() -> None:
    herself().given(IN).when(SignIn(at=WENT), by=HERSELF, now=WENT).then_refused(
        "presence_is_open"
    )
    herself().when(SignOut(at=WENT), by=HERSELF, now=WENT).then_refused("presence_is_not_open")
    herself().given(IN).when(SignOut(at=CAME), by=HERSELF, now=CAME).then_refused(
        "sign_out_is_too_early"
    )
    yesterday = replace(IN, at=CAME - timedelta(days=1))
    spec = herself().given(yesterday)
    spec.when(SignOut(at=WENT), by=HERSELF, now=WENT).then_refused("presence_is_not_open")
    herself().given(yesterday).when(SignIn(at=CAME), by=HERSELF, now=CAME).then(
        replace(IN, session=2)
    )


def test_three_a_day() -> None:
    spec = herself()
    for number in range(3):
        start = CAME + timedelta(minutes=10 * number)
        spec.given(
            replace(IN, session=number + 1, at=start),
            replace(OUT, session=number + 1, at=start + timedelta(minutes=5)),
        )
    spec.when(SignIn(at=WENT), by=HERSELF, now=WENT).then_refused("signed_in_too_often")


def test_times_taken_offline_are_staffs_alone_and_flagged() -> None:
    command = SignIn(at=CAME, is_offline=True)
    herself().when(command, by=HERSELF, now=LATER).then_refused("actor_is_not_staff")
    kept = replace(IN, is_offline=True, on_behalf_of=STATION.id)
    state = staff().when(command, by=RECORDER, now=LATER).then(kept)
    assert state.sessions[0].is_offline
    late = CAME + timedelta(days=8)
    staff().when(command, by=RECORDER, now=late).then_refused("sign_time_is_too_old")
    early = CAME - timedelta(minutes=1)
    staff().when(command, by=RECORDER, now=early).then_refused("sign_time_is_ahead")


def test_an_offline_time_lies_in_no_other_session() -> None:
    command = SignIn(at=CAME + timedelta(minutes=5), is_offline=True)
    staff().given(IN, OUT).when(command, by=RECORDER, now=LATER).then_refused(
        "presence_overlaps"
    )


@pytest.mark.parametrize(
    ("points", "named", "codes"),
    [
        ((), None, ()),
        ((), 1, ("sign_point_is_another",)),
        ((point(),), None, ("sign_point_is_missing",)),
        ((point(),), 1, ()),
        ((point(),), 2, ("sign_point_is_another",)),
        ((point(SignKind.SIGN_OUT),), 1, ("sign_point_is_another",)),
        ((point(SignKind.SIGN_OUT), point(SignKind.SIGN_IN)), 2, ()),
    ],
)
def test_a_sign_point_is_named_where_there_is_one(
    points: Any, named: int | None, codes: tuple[str, ...]
) -> None:
    spec = herself(activity=with_points(*points))
    spec.when(SignIn(at=CAME, point=named), by=HERSELF, now=CAME)
    if codes:
        spec.then_refused(*codes)
    else:
        spec.then(replace(IN, point=named))


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"session": 2}, {"presence_session_is_unknown"}),
        ({"signed_out_at": CAME}, {"sign_out_is_too_early"}),
        ({"signed_out_at": LATER + timedelta(minutes=1)}, {"sign_time_is_ahead"}),
        ({"signed_in_at": CAME - timedelta(hours=10)}, {"service_crosses_midnight"}),
        ({"reason": ""}, {"text_is_missing"}),
    ],
)
def test_what_cannot_be_amended(changes: dict[str, Any], codes: set[str]) -> None:
    said: dict[str, Any] = {
        "session": 1,
        "signed_in_at": CAME,
        "signed_out_at": WENT,
        "reason": "忘记签退。",
    }
    command = AmendPresence(**{**said, **changes})
    staff().given(IN).when(command, by=RECORDER, now=LATER).then_refused(*codes)


@pytest.mark.parametrize(
    ("east", "changes", "within"),
    [
        (0, {}, True),
        (1_000, {}, True),  # 85 m
        (1_300, {}, False),  # 111 m
        (1_300, {"radius_m": 0}, None),
        (0, {"coordinates": None}, None),
        (0, {"coordinates": replace(HERE, datum=Datum.WGS84)}, None),
    ],
)
def test_the_radius_is_measured(
    east: int, changes: dict[str, Any], within: bool | None
) -> None:
    there = replace(HERE, longitude_microdegrees=HERE.longitude_microdegrees + east)
    assert is_within_radius(there, point(**changes)) is within
    assert is_within_radius(None, point()) is None


minutes = st.integers(0, 12 * 60)
commands = st.lists(st.tuples(st.sampled_from([SignIn, SignOut]), minutes), max_size=12)


@given(commands)
def test_sessions_of_a_day_never_overlap(asked: list[tuple[Any, int]]) -> None:
    """Whatever order times come in: whole sessions are apart, and there are three at most."""
    around = surroundings(acting=STATION)
    state: Presence | None = None
    for kind, minute in asked:
        at: datetime = CAME + timedelta(minutes=minute)
        command = kind(at=at, is_offline=True)
        events = decide(state, command, Act(RECORDER, CAME + timedelta(days=1)), around)
        if isinstance(events, Refused):
            continue
        for event in events:
            state = evolve(state, event, Happened(RECORDER, at, 1))
    sessions = () if state is None else state.sessions
    whole = sorted(
        (each.signed_in_at, each.signed_out_at)
        for each in sessions
        if each.signed_out_at is not None
    )
    assert len(sessions) <= 3
    assert all(start < end for start, end in whole)
    assert all(one[1] <= two[0] for one, two in pairwise(whole))


@given(st.datetimes(timezones=st.just(CAME.tzinfo)))
def test_whole_minutes(at: datetime) -> None:
    cut = whole_minute(at)
    assert cut <= at < cut + timedelta(minutes=1)
    assert (cut.second, cut.microsecond) == (0, 0)


def test_an_event_tells_nothing_of_where_she_was() -> None:
    names = set(PresenceSignedIn.__dataclass_fields__)
    assert not {name for name in names if "degree" in name or "position" in name}
    assert isinstance(IN.volunteer, UUID)

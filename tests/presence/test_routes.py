"""Signing in and out over HTTP: shown, sent, listed, amended; and records that rest on it."""

from typing import Any
from uuid import UUID

import pytest

from ledger.api.v1.presence_routes import QR_PREFIX
from ledger.application.activities import register
from ledger.application.callers import as_volunteer
from ledger.application.desk import ActRefused
from ledger.application.forms.activity import ActivityForm
from ledger.application.record_reading import read_record
from ledger.application.registering import register as register_volunteer
from tests.api.v1.volunteers import code
from tests.application.homes import ON_SQLITE
from tests.application.serving import activity_said
from tests.application.volunteering import FILE, OUYANG, registration
from tests.presence.conftest import Spot

MORNING, NOON, EVENING = "2026-11-24 09:00", "2026-11-24 12:00", "2026-11-24 18:00"
SERVED: dict[str, Any] = {
    "start": "2026-11-24T09:00+08:00",
    "end": "2026-11-24T12:00+08:00",
    "channel": "signed_in",
    "evaluation": {
        "date": "2026-11-24",
        "punctuality": 5,
        "attitude": 5,
        "skill": 5,
        "evaluator": "00000000-0000-4000-8000-0000000000e1",
    },
}


def signed(spot: Spot, *, out: bool = True) -> None:
    """Let her sign in in the morning, and out at noon."""
    clock = spot.session.house.clock
    clock.set(MORNING)
    assert spot.sign("sign_in").status_code == 201
    if out:
        clock.set(NOON)
        assert spot.sign("sign_out").status_code == 201
    clock.set(EVENING)


def entered(spot: Spot, **changes: Any) -> dict[str, Any]:
    """Enter a record of that day; return where it comes from."""
    record = spot.session.enter(**{**SERVED, **changes})
    office, recorder = spot.session.office, spot.session.town.recorder
    provenance: dict[str, Any] = read_record(office, recorder, record).facts["provenance"]
    return provenance


def refused(spot: Spot, **changes: Any) -> tuple[str, ...]:
    with pytest.raises(ActRefused) as error:
        entered(spot, **changes)
    return error.value.refused.codes


def test_a_whole_session_is_where_a_record_comes_from(spot: Spot) -> None:
    signed(spot)
    (row,) = spot.rows(spot.session.town.recorder)
    assert (row["is_open"], row["signed_in_at"], row["signed_out_at"]) == (
        False,
        "2026-11-24T01:00:00Z",
        "2026-11-24T04:00:00Z",
    )
    found = entered(spot)
    assert (found["channel"], found["signals"]) == ("signed_in", [])


def test_without_signing_out_nothing_counts_until_it_is_amended(spot: Spot) -> None:
    signed(spot, out=False)
    town = spot.session.town
    (row,) = spot.rows(town.recorder, is_open=True)
    assert row["volunteer"] == str(spot.session.volunteer)
    assert refused(spot) == ("sign_in_is_incomplete",)
    times = {
        "signed_in_at": "2026-11-24T09:00+08:00",
        "signed_out_at": "2026-11-24T12:00+08:00",
    }
    assert spot.amend(town.reviewer, spot.session.volunteer, **times).status_code == 403
    assert spot.amend(town.recorder, spot.session.volunteer, **times).status_code == 200
    assert entered(spot)["signals"] == ["sign_in_amended"]


@ON_SQLITE
def test_times_beyond_the_session_are_refused_or_flagged(spot: Spot) -> None:
    signed(spot)
    longer = {"end": "2026-11-24T12:30+08:00"}
    assert refused(spot, **longer) == ("service_exceeds_sign_in",)
    assert entered(spot, **longer, channel="typed")["signals"] == ["beyond_sign_in"]
    within = entered(spot, start="2026-11-24T09:30+08:00")
    assert (within["channel"], within["signals"]) == ("signed_in", [])


@ON_SQLITE
def test_nobody_signed_in_so_it_was_not_signed_in(spot: Spot) -> None:
    spot.session.house.clock.set(EVENING)
    assert refused(spot) == ("sign_in_is_incomplete",)
    assert entered(spot, channel="typed")["signals"] == []


@ON_SQLITE
def test_times_taken_offline_are_flagged(spot: Spot) -> None:
    house, recorder = spot.session.house, spot.session.town.recorder
    house.clock.set(EVENING)
    said = {"volunteer": str(spot.session.volunteer), "offline": True, "code": None}
    for act, at in (("sign_in", "09:00"), ("sign_out", "12:00")):
        taken = f"2026-11-24T{at}+08:00"
        assert spot.sign(act, recorder, **said, taken_at=taken).status_code == 201
    assert entered(spot)["signals"] == ["sign_in_offline"]
    (row,) = spot.rows(recorder)
    assert row["is_offline"]
    assert code(spot.sign("sign_in", recorder, **said)) == (422, "sign_time_is_missing")


@ON_SQLITE
def test_the_code_is_shown_by_whose_activity_it_is(spot: Spot) -> None:
    town = spot.session.town
    answer = spot.client.get(f"{spot.path}/sign-in-code", town.reviewer)
    shown = answer.json()
    assert (shown["code"], shown["period_s"]) == (spot.code, 60)
    assert shown["qr_text"] == f"{QR_PREFIX}{spot.session.activity}:0:{spot.code}"
    assert shown["qr_svg"].startswith("<svg")
    assert answer.headers["cache-control"] == "no-store"
    for other in (town.other_recorder, spot.herself, town.association_head):
        answer = spot.client.get(f"{spot.path}/sign-in-code", other)
        assert code(answer) == (404, "nothing_to_see")
    answer = spot.client.get(f"{spot.path}/sign-in-code?point=1", town.reviewer)
    assert code(answer) == (422, "sign_point_is_missing")


@ON_SQLITE
def test_who_guesses_is_slowed_down_and_nobody_else(spot: Spot) -> None:
    wrong = f"{(int(spot.code) + 1) % 10**6:06}"
    for _ in range(5):
        assert code(spot.sign("sign_in", code=wrong)) == (403, "sign_in_code_is_wrong")
    assert code(spot.sign("sign_in")) == (429, "sign_in_code_is_slowed_down")
    assert spot.session.house.attempts()[-1].act == "presence.sign"
    recorder = spot.session.town.recorder
    said = {"volunteer": str(spot.session.volunteer)}
    assert spot.sign("sign_in", recorder, **said).status_code == 201


@ON_SQLITE
def test_a_code_of_some_time_ago_is_none(spot: Spot) -> None:
    old = spot.code
    spot.session.house.clock.set("2026-11-24 10:05")
    assert code(spot.sign("sign_in", code=old)) == (403, "sign_in_code_is_wrong")


@ON_SQLITE
def test_each_signs_in_for_herself(spot: Spot) -> None:
    other = as_volunteer(UUID(int=9))
    said = {"volunteer": str(spot.session.volunteer)}
    assert code(spot.sign("sign_in", other, **said)) == (403, "actor_is_another_volunteer")
    assert code(spot.sign("sign_in", spot.session.town.recorder)) == (
        422,
        "volunteer_is_not_named",
    )
    assert spot.sign("sign_in").status_code == 201
    assert spot.rows(other) == []
    assert len(spot.rows(spot.herself)) == 1


@ON_SQLITE
def test_nothing_of_codes_or_places_is_in_the_log(spot: Spot) -> None:
    digits = spot.code
    position = {
        "longitude_microdegrees": 116_400_001,
        "latitude_microdegrees": 39_900_001,
        "datum": "gcj02",
    }
    assert spot.sign("sign_in", position=position).status_code == 201
    rows = spot.session.house.ledger.rows()
    last = [row.plain for row in rows if row.topic == "presence.signed_in"]
    assert len(last) == 1
    for hidden in (digits, "116400001", "39900001"):
        assert f'"{hidden}"'.encode() not in last[0]
        assert f":{hidden}".encode() not in last[0]


@ON_SQLITE
@pytest.mark.parametrize(
    ("consents", "east", "outside"),
    [(True, 0, False), (True, 2_000, True), (False, 2_000, False)],
    ids=["near", "far", "not looked at"],
)
def test_a_position_is_compared_with_her_consent_alone(
    spot: Spot, consents: bool, east: int, outside: bool
) -> None:
    session = spot.session
    office, recorder = session.office, session.town.recorder
    here = {
        "longitude_microdegrees": 116_407_413,
        "latitude_microdegrees": 39_904_179,
        "datum": "gcj02",
    }
    points = [{"address": "文化站", "kind": "both", "radius_m": 100, "coordinates": here}]
    form = ActivityForm.model_validate(activity_said(sign_points=points))
    activity = register(office, recorder, form).value
    purposes = ["entry_by_organization", *(["sign_in_place"] if consents else [])]
    agreed = [{"purpose": each, "evidence": FILE} for each in purposes]
    volunteer = register_volunteer(office, recorder, registration(OUYANG, *agreed)).value
    shown = spot.client.get(f"/api/v1/activities/{activity}/sign-in-code?point=1", recorder)
    body = {
        "act": "sign_in",
        "code": shown.json()["code"],
        "point": 1,
        "position": {**here, "longitude_microdegrees": 116_407_413 + east},
    }
    path = f"/api/v1/activities/{activity}"
    answer = spot.client.post(f"{path}/sign-ins", as_volunteer(volunteer), body)
    assert answer.status_code == 201, answer.text
    session.house.views.projector.catch_up()
    (row,) = spot.client.get(f"{path}/presences", recorder).json()["items"]
    assert row["is_outside"] is outside

"""What is planned with an activity: whom it takes, where it is, its posts, its papers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.activity import (
    ActivityAmendmentProposed,
    ActivityChanged,
    ActivityRegistered,
    Coordinates,
    Post,
    SignPoint,
)
from ledger.domain.activity.places import check_coordinates, check_place
from ledger.domain.codes import (
    AdmissionMode,
    Datum,
    Guarantee,
    ServiceCategory,
    SignKind,
    WithoutCoordinates,
)
from tests.domain.specification import Specification
from tests.domain.test_activity import (
    AFTER,
    CHANGE,
    DURING,
    PROPOSE,
    REGISTER,
    ROLL,
    SAID,
    plan,
    registered,
    said,
)
from tests.domain.town import RECORDER

POINT = Coordinates(
    longitude_microdegrees=116_407_413, latitude_microdegrees=39_904_179, datum=Datum.WGS84
)
POST = Post(name="陪护", planned=8, description="陪伴老人。", condition=None)
GATE = SignPoint(address="文化站门口", kind=SignKind.BOTH, radius_m=200, coordinates=POINT)
DANGEROUS: dict[str, Any] = {"categories": (ServiceCategory.EMERGENCY,)}
PAPERS: dict[str, Any] = {"risk_notice": "已告知", "agreement": "协议一", "insurance": "保单一"}


def when_registered(**particulars: Any) -> Specification:
    return plan().when(said(**particulars), by=RECORDER, now=DURING)


def back_entry(**particulars: Any) -> Specification:
    command = replace(
        said(**{"admission_mode": AdmissionMode.BACK_ENTRY} | particulars),
        back_entry_reason="纸质活动补登。",
        evidence=(ROLL,),
        truth_declared=True,
    )
    return plan().when(command, by=RECORDER, now=AFTER)


def test_all_of_it_is_said_at_once_and_kept() -> None:
    told = when_registered(
        guarantees=(Guarantee.INSURANCE, Guarantee.MEALS),
        training_required=True,
        posts=(POST, replace(POST, name="摄影")),
        sign_points=(GATE,),
    )
    (event,) = told.then_some(ActivityRegistered)
    assert (event.posts[1].name, event.sign_points) == ("摄影", (GATE,))
    assert event.project_no == told.state.project_no == REGISTER.project_no
    assert told.state.particulars.guarantees == (Guarantee.INSURANCE, Guarantee.MEALS)


@pytest.mark.parametrize(
    ("particulars", "code", "about"),
    [
        ({"admission_mode": None}, "choice_is_missing", "admission_mode"),
        (
            {"admission_mode": AdmissionMode.BACK_ENTRY},
            "admission_is_not_of_the_past",
            "admission_mode",
        ),
        ({"recruits_until": None}, "recruiting_is_incomplete", "recruits_until"),
        ({"recruits_from": None}, "recruiting_is_incomplete", "recruits_from"),
        (
            {"recruits_until": date(2026, 10, 9)},
            "recruiting_ends_before_start",
            "recruits_until",
        ),
        (
            {"recruits_until": date(2026, 11, 21)},
            "recruiting_outlasts_activity",
            "recruits_until",
        ),
        ({"coordinates": None}, "coordinates_are_missing", "coordinates"),
        (
            {"without_coordinates": WithoutCoordinates.ONLINE},
            "coordinates_are_there",
            "without_coordinates",
        ),
        (
            {"coordinates": None, "without_coordinates": WithoutCoordinates.UNKNOWN},
            "coordinates_can_be_known",
            "without_coordinates",
        ),
        (
            {"coordinates": replace(POINT, latitude_microdegrees=116_407_413)},
            "latitude_is_out_of_bounds",
            "coordinates.latitude_microdegrees",
        ),
        ({"guarantees": (Guarantee.MEALS,) * 2}, "choice_repeats", "guarantees"),
        ({"posts": (POST, POST)}, "post_repeats", "posts"),
        (
            {"posts": tuple(replace(POST, name=f"岗位{each}") for each in range(51))},
            "posts_are_too_many",
            "posts",
        ),
        ({"posts": (replace(POST, name=""),)}, "text_is_missing", "posts.0.name"),
        (
            {"posts": (POST, Post(name="二", planned=0, description=None, condition=None))},
            "planned_is_out_of_bounds",
            "posts.1.planned",
        ),
        (
            {"posts": (replace(POST, condition=" 年"),)},
            "text_has_outer_space",
            "posts.0.condition",
        ),
        ({"sign_points": (GATE, GATE)}, "sign_point_repeats", "sign_points"),
        (
            {"sign_points": tuple(replace(GATE, radius_m=each) for each in range(51))},
            "sign_points_are_too_many",
            "sign_points",
        ),
        (
            {"sign_points": (replace(GATE, radius_m=10_000),)},
            "radius_is_out_of_bounds",
            "sign_points.0.radius_m",
        ),
        (
            {"sign_points": (replace(GATE, radius_m=-1),)},
            "radius_is_out_of_bounds",
            "sign_points.0.radius_m",
        ),
        (
            {"sign_points": (replace(GATE, address=""),)},
            "text_is_missing",
            "sign_points.0.address",
        ),
        (
            {
                "sign_points": (
                    replace(
                        GATE, coordinates=replace(POINT, longitude_microdegrees=-180_000_001)
                    ),
                )
            },
            "longitude_is_out_of_bounds",
            "sign_points.0.coordinates.longitude_microdegrees",
        ),
        (
            {"categories": (ServiceCategory.LARGE_EVENT,)},
            "paper_is_missing",
            "agreement",
        ),
    ],
)
def test_what_cannot_be_planned_is_refused(
    particulars: dict[str, Any], code: str, about: str
) -> None:
    when_registered(**particulars).then_refused(code, about=about)


@pytest.mark.parametrize(
    "particulars",
    [
        {"recruits_from": None, "recruits_until": None},
        {"recruits_from": date(2026, 11, 20), "recruits_until": date(2026, 11, 20)},
        {"coordinates": None, "without_coordinates": WithoutCoordinates.ONLINE},
        {"coordinates": None, "without_coordinates": WithoutCoordinates.SEVERAL_PLACES},
        {"sign_points": (replace(GATE, radius_m=0), replace(GATE, radius_m=9_999))},
        {"sign_points": (replace(GATE, coordinates=None),)},
    ],
)
def test_what_may_be_left_out_or_stands_at_its_bound(particulars: dict[str, Any]) -> None:
    when_registered(**particulars).then_some(ActivityRegistered)


@pytest.mark.parametrize("mode", AdmissionMode)
def test_only_what_is_registered_after_its_end_takes_nobody(mode: AdmissionMode) -> None:
    is_past = mode is AdmissionMode.BACK_ENTRY
    when, then = back_entry(admission_mode=mode), when_registered(admission_mode=mode)
    if is_past:
        when.then_some(ActivityRegistered)
        then.then_refused("admission_is_not_of_the_past")
    else:
        when.then_refused("admission_is_of_the_past", about="admission_mode")
        then.then_some(ActivityRegistered)


def test_how_it_was_admitted_stays_whatever_is_said_later() -> None:
    past = replace(SAID, admission_mode=AdmissionMode.BACK_ENTRY)
    amended = replace(PROPOSE, particulars=past)
    registered().when(amended, by=RECORDER, now=AFTER).then_refused(
        "admission_is_not_of_the_past"
    )
    back_entry().when(PROPOSE, by=RECORDER, now=AFTER).then_refused("admission_is_of_the_past")


def test_coordinates_that_nobody_knows_any_more_are_for_old_papers() -> None:
    unknown: dict[str, Any] = {
        "coordinates": None,
        "without_coordinates": WithoutCoordinates.UNKNOWN,
    }
    back_entry(**unknown).then_some(ActivityRegistered)


def test_dangerous_service_names_its_papers_before_it_begins() -> None:
    when_registered(**DANGEROUS).then_refused(*["paper_is_missing"] * 3, "training_is_wanted")
    full = {**DANGEROUS, **PAPERS, "training_required": True}
    when_registered(**full).then_some(ActivityRegistered)
    for missing in PAPERS:
        when_registered(**full | {missing: None}).then_refused(
            "paper_is_missing", about=missing
        )
    changed = replace(CHANGE, particulars=replace(SAID, **DANGEROUS, **PAPERS))
    registered().when(changed, by=RECORDER, now=DURING).then_refused("training_is_wanted")


def test_what_was_done_without_papers_is_a_truthful_record_nevertheless() -> None:
    back_entry(**DANGEROUS).then_some(ActivityRegistered)
    amended = replace(PROPOSE, particulars=replace(SAID, **DANGEROUS))
    registered().when(amended, by=RECORDER, now=AFTER).then_some(ActivityAmendmentProposed)


def test_each_part_changes_by_itself_and_is_told_by_name() -> None:
    changes: Iterator[tuple[str, Any]] = iter(
        {
            "admission_mode": AdmissionMode.CLOSED,
            "coordinates": POINT,
            "guarantees": (),
            "posts": (POST,),
            "recruits_until": date(2026, 11, 1),
            "sign_points": (GATE,),
            "training_required": True,
        }.items()
    )
    for name, value in changes:
        wanted = replace(SAID, **{name: value})
        told = registered().when(replace(CHANGE, particulars=wanted), by=RECORDER, now=DURING)
        (event,) = told.then_some(ActivityChanged)
        assert event.changed == (name,)
        assert told.state.particulars == wanted


DEGREES = st.integers(-200_000_000, 200_000_000)


@given(DEGREES, DEGREES, st.sampled_from(Datum))
def test_coordinates_are_points_of_the_earth(east: int, north: int, datum: Datum) -> None:
    point = Coordinates(longitude_microdegrees=east, latitude_microdegrees=north, datum=datum)
    is_point = abs(east) <= 180_000_000 and abs(north) <= 90_000_000
    assert (not list(check_coordinates(point, "coordinates"))) == is_point


@given(st.none() | st.just(POINT), st.none() | st.sampled_from(WithoutCoordinates))
def test_a_place_has_coordinates_or_a_reason_and_never_both(
    point: Coordinates | None, without: WithoutCoordinates | None
) -> None:
    refused = list(check_place(point, without, is_back_entry=True))
    assert (not refused) == ((point is None) != (without is None))

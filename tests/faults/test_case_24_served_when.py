"""Served in the future, long ago, or by another clock: refused, held, or of one day."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.v1.running import RunningTown, TownBase, again, record_said_of, running
from tests.api.v1.settling import REVIEWED
from tests.application.serving import EVALUATION, activity_said
from tests.faults.conftest import Shown

BY = "station.recorder"
SHOWN = "2026-12-04 09:00"
"""The Friday after: publicity that opened on Monday, `REVIEWED`, is over."""
SPRING = {"starts_on": "2026-03-01", "ends_on": "2026-03-31"}
BACK = {
    "back_entry_reason": "活动当日系统停用,名册为纸质。",
    "evidence": [{"kind": "sign_in_sheet", "sha256": "ab" * 32}],
}
OF_THE_PAST = {"admission_mode": "back_entry", "truth_declared": True}
"""What is said of an activity that is registered after its end."""
IN_SPRING = {
    "start": "2026-03-07T09:00+08:00",
    "end": "2026-03-07T12:00+08:00",
    "evaluation": EVALUATION | {"date": "2026-03-09"},
}


def served(town: RunningTown, start: str, end: str, **changes: Any) -> tuple[int, set[str]]:
    """Try to enter a service that must be refused."""
    said = record_said_of(town, "activity", "wang", start=start, end=end, **changes)
    return town.refused("/records", BY, said)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-30T08:00+08:00", "2026-11-30T23:00+08:00"),
        ("2026-12-01T08:00+08:00", "2026-12-01T09:00+08:00"),
        ("2036-11-30T08:00+08:00", "2036-11-30T09:00+08:00"),
        ("9999-12-31T08:00+08:00", "9999-12-31T09:00+08:00"),
        # By the wall clock of its own zone it is over; by the instant it is not.
        ("2026-11-30T05:00-05:00", "2026-11-30T06:00-05:00"),
    ],
)
@pytest.mark.case(24, "service in the future")
def test_what_is_not_over_was_not_served(
    town: RunningTown, start: str, end: str, shown: Shown
) -> None:
    shown.by(f"POST /records at {REVIEWED} in Beijing, of {start} to {end}")
    size = town.size()
    status, codes = served(town, start, end)
    assert (status, codes) == (422, {"service_is_not_over"})
    (attempt,) = town.attempts(size - 1)
    assert attempt[1:] == ("record.submit", {"service_is_not_over"})
    assert town.size() == size + 1
    shown.saw(answer=422, entries="act.refused")


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("2026-11-24T09:00", "2026-11-24T10:00", "not_a_moment"),
        ("2026-11-24 09:00+08:00", "2026-11-24T10:00+08:00", "not_a_moment"),
        ("2026-11-24T09:00:30+08:00", "2026-11-24T10:00+08:00", "not_a_moment"),
        ("2026-11-24T09:00+08:60", "2026-11-24T10:00+08:00", "not_a_moment"),
        ("2026-11-24T09:00[Asia/Shanghai]", "2026-11-24T10:00+08:00", "not_a_moment"),
        ("2026-02-29T09:00+08:00", "2026-11-24T10:00+08:00", "not_a_moment"),
        # One day in UTC, two in Beijing.
        ("2026-11-24T15:00Z", "2026-11-24T17:00Z", "service_crosses_midnight"),
        # Later by the wall clock, earlier as an instant.
        ("2026-11-24T09:00+08:00", "2026-11-24T10:00+10:00", "service_ends_before_start"),
    ],
)
@pytest.mark.case(24, "zones: what is no instant, or another one than it looks")
def test_an_instant_has_its_offset_and_a_day_is_beijings(
    town: RunningTown, start: str, end: str, code: str, shown: Shown
) -> None:
    shown.by(f"POST /records of {start} to {end}")
    status, codes = served(town, start, end)
    assert status == 422
    assert code in codes
    shown.saw(answer=422, code=code)


@pytest.mark.parametrize(
    ("start", "end", "day"),
    [
        ("2026-11-21T23:00Z", "2026-11-22T02:00Z", "2026-11-22"),
        ("2026-11-22T21:00-05:00", "2026-11-22T22:00-05:00", "2026-11-23"),
        ("2026-11-24T10:30+09:30", "2026-11-24T11:30+09:30", "2026-11-24"),
    ],
)
@pytest.mark.case(24, "zones: one instant in several spellings; dates stay dates")
def test_a_service_is_of_its_day_in_beijing_and_its_dates_are_as_they_were_sent(
    town: RunningTown, start: str, end: str, day: str, shown: Shown
) -> None:
    shown.by(f"POST /records of {start} to {end}; then read")
    evaluation = EVALUATION | {"date": "2026-11-25"}
    record = town.enter(start=start, end=end, break_minutes=0, evaluation=evaluation)
    rows = town.read("/records", BY, first_day=day, last_day=day, limit=200)["items"]
    assert record in [row["id"] for row in rows]
    service = town.read(f"/records/{record}", BY)["service"]
    assert service["evaluation_date"] == "2026-11-25"
    shown.saw(day=day, evaluation_date="2026-11-25")


@pytest.mark.case(24, "service of last spring: a back entry")
def test_what_comes_months_late_needs_reason_evidence_and_a_second_approval(
    town_base: TownBase, tmp_path: Path, shown: Shown
) -> None:
    shown.by("POST /activities and /records of March at the end of November")
    with running(town_base, tmp_path, at=REVIEWED) as town:
        record = back_entered(town)
        town.post(f"/records/{record}/publicity", BY)
    with again(town.shell, town.places, at=SHOWN) as town:
        before = town.minutes("wang")
        town.post(f"/records/{record}/confirmation", "station.reviewer")
        assert (town.stage(record), town.minutes("wang")) == ("held", before)
        approve, why = f"/records/{record}/approval", {"reason": "已核对纸质名册。"}
        for by in ("station.reviewer", "station.reviewer2"):
            status, codes = town.refused(approve, by, why)
            assert status == 403
            assert "approver_is_not_above" in codes
        town.post(approve, "association.reviewer", why)
        assert (town.stage(record), town.minutes("wang")) == ("confirmed", before + 150)
    shown.saw(without_reason=422, confirmed="held", approved_from_above="credited")


def back_entered(town: RunningTown) -> str:
    """Register an activity of March, and enter a record of it; return its id."""
    late = activity_said(**SPRING)
    status, codes = town.refused("/activities", BY, late)
    assert status == 422
    assert codes >= {"back_entry_reason_is_missing", "back_entry_evidence_is_missing"}
    town.places.ids["spring"] = town.post("/activities", BY, late | BACK | OF_THE_PAST)["id"]
    said = record_said_of(town, "spring", "wang", **IN_SPRING)
    size = town.size()
    status, codes = town.refused("/records", BY, said)
    assert status == 422
    assert codes == {"back_entry_reason_is_missing", "back_entry_evidence_is_missing"}
    assert [each[1] for each in town.attempts(size - 1)] == ["record.submit"]
    record: str = town.post("/records", BY, said | BACK)["id"]
    row = town.read(f"/records/{record}", BY)
    assert set(row["provenance"]["signals"]) == {"late", "back_entry"}
    return record

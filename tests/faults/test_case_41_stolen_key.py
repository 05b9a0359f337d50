"""A stolen key enters 500 hours within two minutes: they are held, and who is above sees it."""

from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.api.v1.running import RunningTown, TownBase, again, running
from tests.api.v1.settling import REVIEWED
from tests.application.serving import EVALUATION, SERVICE
from tests.application.volunteering import ENTRY, NOTICE, WANG
from tests.faults.conftest import Shown

AT_ONCE = 10
SHOWN = "2026-12-04 09:00"
VOLUNTEERS = [str(UUID(int=0x4100 + number)) for number in range(5)]
DAYS = range(1, 11)
MINUTES = 600
LIMIT = 12_000
"""Minutes that one actor enters within an hour without being noticed (`RuleSet`)."""


def volunteer(number: int, id_: str) -> dict[str, Any]:
    said = WANG | {"id_type": "passport", "id_number": f"E4100000{number}"}
    body = {"particulars": said, "policy": NOTICE, "consents": [ENTRY]}
    return {"act": "volunteer.register", "id": id_, **body}


def record(town: RunningTown, activity: str, whose: str, day: int) -> dict[str, Any]:
    return {
        "act": "record.submit",
        "activity": activity,
        "volunteer": whose,
        "recorder": town.id("entrusted.recorder"),
        **SERVICE,
        "start": f"2026-11-{day:02}T08:00+08:00",
        "end": f"2026-11-{day:02}T18:00+08:00",
        "break_minutes": 0,
        "evaluation": EVALUATION,
    }


def stolen(town: RunningTown) -> list[str]:
    """Enter ten hours of each of ten days for five people, over ten connections at once."""
    people = [volunteer(number, id_) for number, id_ in enumerate(VOLUNTEERS)]
    begun = town.submit(
        town.signed(
            {"act": "activity.register", **town.activity_said()}, *people, jti="jti-begin-41"
        )
    )
    assert begun.status_code == 201, begun.text
    activity = begun.json()["items"][0]["id"]
    contents = [
        town.signed(record(town, activity, whose, day), jti=f"jti-stolen-{number:03}")
        for number, (whose, day) in enumerate(product(VOLUNTEERS, DAYS))
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(town.submit, contents))
    assert {each.status_code for each in answers} == {201}
    return [each.json()["items"][0]["id"] for each in answers]


def show(town: RunningTown, records: list[str]) -> None:
    items = [{"act": "record.publicize", "id": each} for each in records]
    assert town.submit(town.signed(*items, jti="jti-shown-041")).status_code == 201


@pytest.mark.case(41, "stolen key: 500 hours in two minutes")
def test_what_comes_faster_than_anybody_serves_is_held_for_the_body_above(
    town_base: TownBase, tmp_path: Path, shown: Shown
) -> None:
    shown.by(f"50 signed records of ten hours over {AT_ONCE} connections at once")
    with running(town_base, tmp_path, at=REVIEWED) as town:
        records = stolen(town)
        show(town, records)
        velocity = [
            each.facts["record"]
            for each in town.entries("record.submitted")
            if "velocity" in each.facts["signals"]
        ]
    with again(town.shell, town.places, at=SHOWN) as town:
        held_until_approved(town, velocity[-2:])
        waiting = town.read("/tasks", "district.head", kind="approve", division="110101")
        assert velocity[-1] in [each["record"] for each in waiting["items"]]
        # What came at the same moment was not counted then: it is now.
        counted = [each for each in records if each not in velocity and counts(town, each)]
        assert len(counted) * MINUTES <= LIMIT
    shown.saw(
        hours=500,
        held_at_once=len(velocity) * MINUTES // 60,
        counted_without_approval=len(counted) * MINUTES // 60,
        waiting_above=waiting["items"][0]["kind"],
    )


def counts(town: RunningTown, record: str) -> bool:
    """Confirm a record; return whether it counts without anybody else."""
    town.post(f"/records/{record}/confirmation", "entrusted.reviewer")
    return town.stage(record, "entrusted.head") == "confirmed"


def held_until_approved(town: RunningTown, records: list[str]) -> None:
    """Confirm two of them; both wait, one is approved by a person of the bureau above."""
    for each in records:
        town.post(f"/records/{each}/confirmation", "entrusted.reviewer")
        assert town.stage(each, "entrusted.head") == "held"
    approved, *_ = records
    path, why = f"/records/{approved}/approval", {"reason": "已向志愿者本人核实。"}
    assert credited(town, approved) == 0
    status, codes = town.refused(path, "entrusted.reviewer", why)
    assert status == 403
    assert codes >= {"approver_is_not_above", "approver_is_reviewer"}
    town.post(path, "district.reviewer", why)
    assert credited(town, approved) == MINUTES


def credited(town: RunningTown, record: str) -> int:
    """Return what is credited of a record to its volunteer."""
    whose = town.read(f"/records/{record}", "entrusted.head")["volunteer"]
    account = town.read(f"/volunteers/{whose}/account", "entrusted.head")
    return sum(each["minutes"] for each in account["items"] if each["record"] == record)

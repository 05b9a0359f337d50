"""Ids of somebody else, and fields that only the ledger sets: nothing there, nothing taken."""

import uuid
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import httpx
import pytest

from tests.api.v1.examples import Operation, operations
from tests.api.v1.running import RunningTown, record_said_of, told
from tests.application.serving import EVALUATION
from tests.faults.conftest import Shown

STRANGERS = ("other.reviewer", "entrusted.head", "ouyang")
"""A person of another station, one of another organization, and another volunteer."""
UNKNOWN = str(uuid.UUID(int=0x49 << 64))
HIDDEN = ("record", "volunteer")
"""Kinds of things that strangers never see."""
ASSIGNED: Mapping[str, Any] = {
    "status": "approved",
    "stage": "confirmed",
    "reviewer": UNKNOWN,
    "approver": UNKNOWN,
    "recorded_at": "2026-11-01T09:00+08:00",
    "version": 7,
    "minutes": 6_000,
    "counts": True,
    "on_behalf_of": UNKNOWN,
    "by": f"staff:{UNKNOWN}",
    "role": "administrator",
}
"""What only the ledger says of a thing."""
UNKNOWN_THERE = (
    "/sessions",
    "/me/password",
    "/me/joining",
    "/invitations/acceptance",
    "/founding",
    "/registrations",
    "/verifications",
)
"""Operations by whoever comes: attempts are lines of the security log, if anything."""
MINUTE: Mapping[str, Any] = {
    "start": "2026-11-25T09:00+08:00",
    "end": "2026-11-25T09:01+08:00",
    "break_minutes": 0,
    "evaluation": EVALUATION | {"date": "2026-11-25"},
}
"""A service that no other one overlaps."""


@cache
def documented(town: RunningTown) -> tuple[Operation, ...]:
    return tuple(operations(town.service.client.get("/api/v1/openapi.json").json()))


def send(
    town: RunningTown, each: Operation, by: str | None, ids: Mapping[str, str]
) -> httpx.Response:
    body = {} if each.example is None else {"json": with_ids(each.example, ids)}
    return town.send(each.method, each.at(**ids), by, **body)


def with_ids(example: Any, ids: Mapping[str, str]) -> Any:
    """Let a body that names another registration name the station's."""
    there = {"into", "out_of"} & set(example)
    return example | dict.fromkeys(there, ids["volunteer"])


def ids_of(town: RunningTown, record: str) -> dict[str, str]:
    """Return what belongs to the station, for every name that a path has a place for."""
    station = {
        "organization": town.id("station"),
        "person": town.id("station.recorder"),
        "activity": town.id("activity"),
        "volunteer": town.id("wang"),
        "record": record,
    }
    inner = (
        *("amendment", "objection", "correction", "entrustment", "key", "sign_in"),
        *("certificate", "evidence", "import_id"),
    )
    outer = {"submission": UNKNOWN, "division": "110101", "number": "1"}
    return {**dict.fromkeys(inner, UNKNOWN), **outer, **station}


def about(town: RunningTown, *kinds: str) -> Iterator[Operation]:
    """Yield the operations on things of some kinds."""
    for each in documented(town):
        first = each.path.removeprefix("/api/v1/").partition("{")[2].partition("}")[0]
        if first in kinds:
            yield each


def answered(answer: httpx.Response) -> tuple[int, Any]:
    return answer.status_code, answer.json()


def actor(town: RunningTown, by: str) -> str:
    """Return who somebody is to the log."""
    person = town.places.people[by]
    kind = "volunteer" if person.organization is None else "staff"
    return f"{kind}:{person.id}"


def only_refused(town: RunningTown, by: str, size: int) -> int:
    """Return how many attempts of somebody were noted; nothing else was appended."""
    entries = town.entries(after=size - 1)
    assert {(each.type, each.by) for each in entries} <= {("act.refused", actor(town, by))}
    return len(entries)


@pytest.mark.parametrize("by", STRANGERS)
@pytest.mark.case(49, "ids of another tenant: records, volunteers")
def test_what_is_anothers_is_not_there(town: RunningTown, by: str, shown: Shown) -> None:
    shown.by(f"every operation on a record or volunteer of the station, by {by}")
    ids = ids_of(town, town.enter(**MINUTE))
    nobodys = ids | dict.fromkeys(HIDDEN, UNKNOWN)
    size, seen = town.size(), 0
    for each in about(town, *HIDDEN):
        before = town.size()
        answer = answered(send(town, each, by, ids))
        assert answer == answered(send(town, each, by, nobodys)), each
        assert answer[0] == 404, each
        assert town.size() > before, f"not noted: {each}"
        seen += 1
    assert seen > 20
    shown.saw(operations=seen, answer=404, entries_act_refused=only_refused(town, by, size))


@pytest.mark.parametrize("by", STRANGERS)
@pytest.mark.case(49, "ids of another tenant: its activities")
def test_activities_of_others_are_not_hers_to_change(
    town: RunningTown, by: str, shown: Shown
) -> None:
    shown.by(f"every operation on an activity of the station, by {by}")
    ids = ids_of(town, UNKNOWN)
    size, seen = town.size(), 0
    for each in about(town, "activity"):
        answer = send(town, each, by, ids)
        if each.method == "GET" and each.path.endswith("{activity}") and by == "ouyang":
            assert answer.status_code == 200  # volunteers choose among all activities
            continue
        if each.method == "GET" and each.path.endswith("/presences") and by == "ouyang":
            assert (
                answer.json()["items"] == []
            )  # she is told when she was there herself, if ever
            continue
        assert answer.status_code in ((404,) if by != "ouyang" else (403, 404, 409)), each
        seen += 1
    noted = only_refused(town, by, size)
    assert noted == seen
    shown.saw(operations=seen, entries_act_refused=noted)


@pytest.mark.parametrize("by", STRANGERS)
@pytest.mark.case(49, "ids of another tenant: the organization itself")
def test_organizations_of_others_are_in_the_directory_and_no_more(
    town: RunningTown, by: str, shown: Shown
) -> None:
    shown.by(f"every operation on the station, by {by}")
    ids = ids_of(town, UNKNOWN)
    size, seen = town.size(), 0
    for each in about(town, "organization"):
        answer = send(town, each, by, ids)
        if each.method == "GET" and each.path.endswith("{organization}"):
            assert answer.status_code == 200
            continue
        assert answer.status_code in ((404,) if each.method == "GET" else (403, 404)), each
        seen += 1
    noted = only_refused(town, by, size)
    assert noted == seen
    shown.saw(operations=seen, entries_act_refused=noted)


@pytest.mark.case(49, "ids of another tenant: its submissions")
def test_what_another_system_sent_is_not_there(town: RunningTown, shown: Shown) -> None:
    shown.by("GET /submissions/… of the entrusted organization, by others, also in its name")
    item = {"act": "activity.register", **town.activity_said()}
    sent = town.submit(town.signed(item, jti="jti-anothers-1")).json()["submission"]
    in_its_name = {"ledger-organization": town.id("entrusted")}
    for by, headers in (("station.head", {}), ("station.head", in_its_name), ("ouyang", {})):
        size = town.size()
        answer = answered(town.send("GET", f"/submissions/{sent}", by, headers=headers))
        assert answer == answered(town.get(f"/submissions/{UNKNOWN}", by))
        assert answer[0] == 404
        assert only_refused(town, by, size) == 1
    assert town.read(f"/submissions/{sent}", "entrusted.head")["submission"] == sent
    shown.saw(answer=404, entries_act_refused=3)


@pytest.mark.case(49, "another tenant's ids in bodies, headers and filters")
def test_ids_of_others_within_a_request_are_of_no_use(town: RunningTown, shown: Shown) -> None:
    shown.by("a foreign activity, a foreign recorder, a foreign organization header, filters")
    record = town.take("wang")
    size = town.size()
    said = record_said_of(town, "activity", "wang")
    status, codes = town.refused("/records", "other.recorder", said)
    assert (status, codes) == (403, {"organization_does_not_record"})
    recorder = {"recorder": town.id("other.recorder")}
    answer = town.refused("/records", "station.recorder", said | recorder)
    assert answer == (403, {"recorder_is_another_person"})
    header = {"ledger-organization": town.id("station")}
    path = f"/records/{record}/confirmation"
    status, codes = town.refused(path, "other.reviewer", **header)
    assert (status, codes) == (403, {"actor_has_no_such_role"})
    assert len(town.attempts(size - 1)) == 3
    for path in ("/records", "/tasks", "/changes", "/volunteers"):
        answer = told(town.get(path, "other.recorder", organization=town.id("station")))
        assert answer == (404, {"nothing_to_see"}), path
    page = town.read("/publicity", "station.recorder", organization=town.id("station"), limit=1)
    foreign = town.get(
        "/publicity", "other.recorder", organization=town.id("station"), cursor=page["next"]
    )
    assert told(foreign) == (400, {"cursor_is_unusable"})
    shown.saw(acts=403, lists=404, cursor=400)


@pytest.mark.case(49, "mass assignment")
def test_fields_that_only_the_ledger_sets_are_refused_by_name(
    town: RunningTown, shown: Shown
) -> None:
    shown.by(f"{', '.join(ASSIGNED)} in the example body of every operation that takes one")
    by, ids = "station.recorder", ids_of(town, town.enter(**MINUTE))
    size, seen = town.size(), 0
    for each in documented(town):
        if each.example is None:
            continue
        answer = town.send(each.method, each.at(**ids), by, json=ASSIGNED | each.example)
        wanted = set(ASSIGNED) - set(each.example)
        told_of = {reason["field"] for reason in answer.json()["reasons"]}
        assert answer.status_code in (409, 422), each
        assert wanted <= told_of, each
        seen += 1
    assert seen > 40
    assert only_refused(town, by, size) == seen - len(UNKNOWN_THERE)
    shown.saw(operations=seen, answer=422, entries_act_refused=seen)

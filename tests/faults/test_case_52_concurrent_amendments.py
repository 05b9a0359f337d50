"""Two who change one thing at once: one of them does, the other is told, nothing is lost."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx
import pytest

from ledger.certificates.es256 import read_token
from ledger.certificates.sd_jwt import parse as read_sd_jwt
from ledger.certificates.status_list import status_in
from tests.api.v1.running import RunningTown, told
from tests.application.volunteering import GROUND
from tests.faults.conftest import Shown

REPLY = {"text": "情况属实。"}


def at_once(*acts: Callable[[], httpx.Response]) -> list[httpx.Response]:
    """Let several act at the same moment; return the answers in their order."""
    ready = Barrier(len(acts))

    def act(each: Callable[[], httpx.Response]) -> httpx.Response:
        ready.wait()
        return each()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def one_won(answers: Sequence[httpx.Response], *lost: tuple[int, str]) -> httpx.Response:
    """Return the answer to the only one who succeeded; the others were told why not."""
    (won,) = (each for each in answers if each.is_success)
    for each in answers:
        if each is not won:
            status, codes = told(each)
            assert any((status, code) in lost for code in codes), each.text
    return won


def read(town: RunningTown, record: str, **params: Any) -> tuple[dict[str, Any], str]:
    """Return a record with its ETag."""
    answer = town.get(f"/records/{record}", "station.reviewer", **params)
    assert answer.status_code == 200
    return answer.json(), answer.headers["etag"]


def proposal(record: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return what is sent to have a record as it is but for some changes."""
    service = record["service"]
    evaluation = {name: service[name] for name in ("punctuality", "attitude", "skill")}
    said = {
        "start": f"{service['start'][:16]}Z",
        "end": f"{service['end'][:16]}Z",
        "break_minutes": service["break_minutes"],
        "content": service["content"],
        "evaluation": evaluation
        | {"date": service["evaluation_date"], "evaluator": service["evaluator"]},
        "reason": "休息时间填错。",
    }
    return said | changes


def amended(town: RunningTown, record: str, **changes: Any) -> str:
    """Have a record amended, by all whom it takes; return the ETag that it had before."""
    before, etag = read(town, record)
    path = f"/records/{record}/amendments"
    opened = town.post(path, "station.reviewer2", proposal(before, **changes))["opened"]
    town.post(f"{path}/{opened}/reply", "wang", REPLY)
    town.post(f"{path}/{opened}/acceptance", "station.reviewer")
    return etag


@pytest.mark.parametrize("with_etag", [True, False])
@pytest.mark.case(52, "two amendments of one record at once")
def test_of_two_proposals_at_once_one_is_open(
    town: RunningTown, with_etag: bool, shown: Shown
) -> None:
    shown.by(f"two clients propose at once, {'with' if with_etag else 'without'} If-Match")
    record = town.confirmed("wang")
    before, etag = read(town, record)
    path = f"/records/{record}/amendments"
    headers = {"if-match": etag} if with_etag else {}
    people = {"station.recorder": 0, "station.reviewer2": 15}
    for by in people:
        town.sign_in(by)

    def propose(by: str) -> Callable[[], httpx.Response]:
        said = proposal(before, break_minutes=people[by])
        return lambda: town.send("POST", path, by, json=said, headers=headers)

    answers = at_once(*map(propose, people))
    lost = (412, "changed_meanwhile") if with_etag else (409, "amendment_is_open")
    won = one_won(answers, lost)
    current, _ = read(town, record)
    assert current["amendment"]["id"] == won.json()["opened"]
    assert current["minutes"] == before["minutes"] == 150
    shown.saw(open=1, the_other=f"{lost[0]} {lost[1]}")


@pytest.mark.case(52, "an amendment accepted twice at once")
def test_of_two_acceptances_at_once_one_counts(town: RunningTown, shown: Shown) -> None:
    shown.by("two reviewers accept one amendment at once, and a third rejects it")
    record, minutes = town.confirmed("wang"), town.minutes("wang")
    before, _ = read(town, record)
    path = f"/records/{record}/amendments"
    opened = town.post(path, "wang", proposal(before, break_minutes=0))["opened"]
    for by in ("station.reviewer", "station.reviewer2", "association.reviewer"):
        town.sign_in(by)
    answers = at_once(
        lambda: town.send("POST", f"{path}/{opened}/acceptance", "station.reviewer"),
        lambda: town.send("POST", f"{path}/{opened}/acceptance", "station.reviewer2"),
        lambda: town.send(
            "POST",
            f"{path}/{opened}/rejection",
            "association.reviewer",
            json={"reason": "否。"},
        ),
    )
    won = one_won(answers, (409, "amendment_is_not_open"))
    assert won.json()["version"] == before["version"] + 2
    is_accepted = won is not answers[2]
    assert read(town, record)[0]["minutes"] == (180 if is_accepted else 150)
    assert town.minutes("wang") == minutes + (30 if is_accepted else 0)
    shown.saw(decided="once", the_others="409 amendment_is_not_open")


@pytest.mark.case(52, "an amended version amended again")
def test_an_amended_record_is_amended_from_the_version_that_it_has(
    town: RunningTown, shown: Shown
) -> None:
    shown.by("an amendment decided upon the version before the last one, then upon the last")
    record = town.confirmed("wang")
    old = amended(town, record, break_minutes=0)
    size = town.size()
    current, _ = read(town, record)
    path = f"/records/{record}/amendments"
    said = proposal(current, break_minutes=10)
    answer = town.refused(path, "station.reviewer2", said, **{"if-match": old})
    assert answer == (412, {"changed_meanwhile"})
    amended(town, record, break_minutes=10)
    minutes = [read(town, record, as_of=at)[0]["minutes"] for at in (size, town.size())]
    assert minutes == [180, 170]
    history = town.read(f"/records/{record}/history", "wang")["items"]
    accepted = [each for each in history if each["type"] == "amendment.accepted"]
    changes = [
        (change["before"], change["after"])
        for each in accepted
        for change in each["changes"]
        if change["field"] == "service.break_minutes"
    ]
    assert changes == [(30, 0), (0, 10)]
    shown.saw(upon_the_old="412", history="30 → 0 → 10")


@pytest.mark.case(52, "two identities merged both ways at once")
def test_of_two_merges_at_once_one_counts_and_it_can_be_undone(
    town: RunningTown, shown: Shown
) -> None:
    shown.by("A into B and B into A at once, while a record of A is confirmed; then separated")
    by, record = "district.head", town.take("wang")
    names = ("wang", "ouyang")
    town.confirmed("ouyang")
    before = {name: town.minutes(name, by) for name in names}
    assert all(before.values())
    a, b = map(town.id, names)
    town.sign_in("station.reviewer")
    *merges, confirmed = at_once(
        lambda: town.send("POST", f"/volunteers/{a}/merge", by, json={"into": b, **GROUND}),
        lambda: town.send("POST", f"/volunteers/{b}/merge", by, json={"into": a, **GROUND}),
        lambda: town.send("POST", f"/records/{record}/confirmation", "station.reviewer"),
    )
    assert confirmed.status_code == 200
    one_won(
        merges,
        *(
            (409, code)
            for code in ("volunteer_is_merged", "volunteer_has_absorbed", "account_is_merged")
        ),
    )
    into, gone = ("ouyang", "wang") if merges[0].is_success else ("wang", "ouyang")
    assert town.minutes(into, by) == sum(before.values()) + 150
    assert town.minutes(gone, by) == 0
    undone = {"out_of": town.id(into), **GROUND}
    town.post(f"/volunteers/{town.id(gone)}/separation", by, undone)
    before["wang"] += 150
    assert {name: town.minutes(name, by) for name in names} == before
    assert town.stage(record) == "confirmed"
    shown.saw(merged=1, the_other=409, minutes_lost=0, separated="as before")


@pytest.mark.case(52, "a record amended after a certificate of it was issued")
def test_a_certificate_says_what_was_amended_since(town: RunningTown, shown: Shown) -> None:
    shown.by("she prints a certificate and takes its credential; its record is amended twice")
    record, station = town.confirmed("wang"), town.id("station")
    handler = {"roles": ["handler"], "from_day": "2026-11-30", "name": "何示例"}
    town.post(f"/organizations/{station}/staff", "station.head", handler)
    checked = {"method": "document_seen", "evidence": "cd" * 32}
    town.post(f"/volunteers/{town.id('wang')}/confirmation", "station.reviewer2", checked)
    asked = {"issuer": station, "mode": "self_printed"}
    path = f"/certificates/{town.post('/certificates', 'wang', asked)['id']}"
    token = read_sd_jwt(town.get(f"{path}/credential", "wang").text).token
    seen = [town.read(path, "wang")["status"]["status"]]
    for minutes in (0, 30):
        amended(town, record, break_minutes=minutes)
        seen.append(town.read(path, "wang")["status"]["status"])
    changes = town.read(path, "wang")["status"]["changes"]
    assert seen == ["valid", "changed", "changed"]
    # A list is served for a while; nobody has asked for one before.
    assert listed_of(town, token.claims) == 3
    assert [(each["record"], each["facts"]) for each in changes] == [(record, [])]
    listed = town.read("/certificates", "wang")["items"]
    assert [(each["status"], each["changed"]) for each in listed] == [("changed", 1)]
    shown.saw(then="valid", since="changed", in_status_list=3)


def listed_of(town: RunningTown, claims: dict[str, Any]) -> int:
    """Return the status of a certificate in the list that its credential names."""
    place = claims["status"]["status_list"]
    number = place["uri"].rpartition("/")[2]
    answer = town.get(f"/status-lists/{number}")
    assert answer.status_code == 200, answer.text
    listed = read_token(answer.text, media_type="statuslist+jwt").claims
    assert listed["sub"] == place["uri"]
    return status_in(listed, place["idx"])

"""A submission that comes again: the same receipt, whoever sends it and however often."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.api.v1.running import RunningTown, told
from tests.faults.conftest import Shown

AT_ONCE = 8


def activity(town: RunningTown, jti: str, **changes: str) -> bytes:
    """Return a submission of one activity."""
    item = {"act": "activity.register", **town.activity_said(**changes)}
    return town.signed(item, jti=jti)


def all_at_once(town: RunningTown, contents: list[bytes]) -> list[httpx.Response]:
    with ThreadPoolExecutor(len(contents)) as pool:
        return list(pool.map(town.submit, contents))


def received(town: RunningTown, jti: str) -> int:
    """Return how many submissions the log has under a name."""
    return sum(each.facts["jti"] == jti for each in town.entries("submission.received"))


@pytest.mark.case(40, "captured submission sent again")
def test_the_same_bytes_lead_to_the_same_receipt(town: RunningTown, shown: Shown) -> None:
    shown.by("the same bytes three times, the last to another address of the API")
    content = activity(town, "jti-replayed-1")
    first = town.submit(content)
    assert first.status_code == 201
    size = town.size()
    for path in ("/submissions", "/activities"):
        again = town.submit(content, path)
        assert (again.status_code, again.json()) == (200, first.json())
    assert town.size() == size
    assert received(town, "jti-replayed-1") == 1
    shown.saw(first=201, again=200, receipts="equal", entries_of_the_replay=0)


@pytest.mark.case(40, "itemised submission sent again, an item of which was refused")
def test_what_was_refused_is_refused_for_the_same_reasons(
    town: RunningTown, shown: Shown
) -> None:
    shown.by("the same bytes twice: one item accepted, one with a name that is too long")
    items = [
        {"act": "activity.register", **town.activity_said(name=name)}
        for name in ("新的活动", "长" * 2_000)
    ]
    content = town.signed(*items, jti="jti-replayed-3", mode="itemised")
    (_, first), (_, again) = (town.submit(content).json()["items"] for _ in range(2))
    reasons = [[each["code"] for each in item["reasons"]] for item in (first, again)]
    assert reasons == [["text_is_too_long"]] * 2
    assert str(first["reasons"][0]["details"]["max"]) in first["reasons"][0]["text"]
    assert "first answer gave its details" in again["reasons"][0]["text"]
    shown.saw(codes="equal", details="of the first answer alone")


@pytest.mark.case(40, "captured submission sent many times at once")
def test_of_many_at_once_one_is_taken_in(town: RunningTown, shown: Shown) -> None:
    shown.by(f"the same bytes over {AT_ONCE} connections at once")
    answers = all_at_once(town, [activity(town, "jti-replayed-2")] * AT_ONCE)
    assert sorted(each.status_code for each in answers) == [200] * (AT_ONCE - 1) + [201]
    assert len({each.text for each in answers}) == 1
    assert received(town, "jti-replayed-2") == 1
    shown.saw(taken_in=1, same_receipt=AT_ONCE)


@pytest.mark.case(40, "same idempotency key, another body")
def test_other_bytes_under_the_same_jti_are_refused(town: RunningTown, shown: Shown) -> None:
    shown.by("another body under the `jti` of one that was taken in")
    assert town.submit(activity(town, "jti-reused-01")).status_code == 201
    size = town.size()
    answer = told(town.submit(activity(town, "jti-reused-01", name="另一个活动")))
    assert answer == (409, {"jti_is_used"})
    key = f"key:{town.id('key')}"
    assert town.attempts(size - 1) == [(key, "submission.submit", {"jti_is_used"})]
    shown.saw(answer=409, entries="act.refused")


@pytest.mark.case(40, "same idempotency key, other bodies at once")
def test_of_different_bodies_at_once_one_is_taken_in(town: RunningTown, shown: Shown) -> None:
    shown.by(f"{AT_ONCE} bodies under one `jti` at once")
    contents = [activity(town, "jti-raced-001", name=f"活动第{n}场") for n in range(AT_ONCE)]
    answers = all_at_once(town, contents)
    assert sorted(each.status_code for each in answers) == [201] + [409] * (AT_ONCE - 1)
    assert received(town, "jti-raced-001") == 1
    winner = next(n for n, each in enumerate(answers) if each.status_code == 201)
    again = town.submit(contents[winner])
    assert (again.status_code, again.json()) == (200, answers[winner].json())
    shown.saw(taken_in=1, conflicts=AT_ONCE - 1)


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"aud": "sandbox.ledger.invalid/log/110000"}, "submission_is_for_another_ledger"),
        ({"iat": 1_600_000_000}, "submission_is_stale"),
    ],
)
@pytest.mark.case(40, "submission captured elsewhere, or long ago")
def test_what_was_signed_for_elsewhere_or_long_ago_is_refused(
    town: RunningTown, members: dict[str, Any], code: str, shown: Shown
) -> None:
    shown.by(f"an honest signature over a manifest with {members}")
    item = {"act": "activity.register", **town.activity_said()}
    answer = told(town.submit(town.signed(item, jti="jti-captured-1", **members)))
    assert answer == (422, {code})
    shown.saw(answer=422, code=code)

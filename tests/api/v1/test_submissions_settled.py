"""Submissions taken in together: told when all can be read, and with 202 where some cannot."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest
from starlette.responses import Response

from ledger.api.v1 import submission_routes
from ledger.api.v1.submission_routes import Counter


class SlowViews:
    """Views that hold the entries below a size, and are asked how long to wait."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.waits: list[tuple[int, float]] = []

    def wait_until(self, seq: int, timeout_s: float = 5.0) -> bool:
        self.waits.append((seq, timeout_s))
        return seq < self.size


def taken(*lasts: int) -> Sequence[Response]:
    made = []
    for last in lasts:
        response = vars(submission_routes)["_Taken"](b"{}", 201)
        response.last = last
        made.append(response)
    return made


@pytest.mark.parametrize(
    ("size", "statuses"), [(10, [201, 201, 201]), (5, [201, 202, 202]), (0, [202, 202, 202])]
)
def test_one_wait_is_for_all_of_a_turn(size: int, statuses: list[int]) -> None:
    views = SlowViews(size)
    counter = Counter(cast("Any", SimpleNamespace(views=views)), cast("Any", None))
    answers = taken(4, 9, 6)
    counter.wait([*answers, cast("Any", object())], 5.0)
    assert [each.status_code for each in answers] == statuses
    awaited = [each.headers.get("ledger-awaited") for each in answers]
    assert awaited == [
        None if status == 201 else str(last)
        for status, last in zip(statuses, (4, 9, 6), strict=True)
    ]
    assert views.waits[0] == (9, 5.0)
    assert all(timeout == 0 for _, timeout in views.waits[1:])


def test_what_was_refused_or_left_waits_for_nothing() -> None:
    counter = Counter(cast("Any", None), cast("Any", None))
    assert counter.has_to_wait(taken(4)[0])
    assert not counter.has_to_wait(Response(status_code=401))
    assert not counter.has_to_wait(cast("Any", object()))

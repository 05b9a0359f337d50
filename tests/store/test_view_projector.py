"""The projector follows the log by itself, tells who waits, and says when it cannot."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from ledger.projections.views import ORGANIZATIONS
from ledger.store.event import HeadTamperedError
from ledger.store.view_query import Query
from tests.projections.histories import prelude
from tests.projections.viewed import Viewed, viewed
from tests.store.ledgers import Place

TOLD = prelude().told
PATIENCE_S = 60.0


@pytest.fixture
def house(place: Place) -> Iterator[Viewed]:
    """Return a ledger without entries."""
    with viewed(place) as opened:
        yield opened


def wait_for(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_who_has_appended_reads_it_after_waiting(house: Viewed) -> None:
    projector = house.projector()
    projector.start()
    try:
        for seq, each in enumerate(TOLD):
            house.append([each])
            assert projector.wait_until(seq, PATIENCE_S)
            assert house.reader.position() > seq
    finally:
        projector.close()


def test_waiting_for_what_does_not_come_ends(house: Viewed) -> None:
    projector = house.projector()
    projector.start()
    try:
        assert not projector.wait_until(0, 0.05)
    finally:
        projector.close()


def test_without_a_thread_who_waits_folds_herself(house: Viewed) -> None:
    house.append(TOLD)
    projector = house.projector()
    assert projector.wait_until(len(TOLD) - 1, 0)
    assert not projector.wait_until(len(TOLD), 0)


def test_what_another_process_folded_is_noticed(house: Viewed) -> None:
    mine, other = house.projector(), house.projector()
    house.append(TOLD[:3])
    mine.start()
    try:
        assert mine.wait_until(2, PATIENCE_S)
        house.append(TOLD[3:])
        other.catch_up()
        assert mine.wait_until(len(TOLD) - 1, PATIENCE_S)
    finally:
        mine.close()


def test_what_another_process_appended_is_found_by_looking(house: Viewed, place: Place) -> None:
    projector = house.projector()
    projector.start()
    try:
        with viewed(place, found=False) as elsewhere:
            elsewhere.append(TOLD)
        wait_for(lambda: house.reader.position() == len(TOLD))
    finally:
        projector.close()


def test_trouble_is_told_and_ends_when_its_cause_does(house: Viewed) -> None:
    house.append(TOLD)
    head = house.ledger.as_dba
    projector = house.projector()
    head("UPDATE heads SET size = size - 1")
    projector.start()
    try:
        wait_for(lambda: projector.is_in_trouble)
        assert isinstance(projector.trouble, HeadTamperedError)
        assert not projector.wait_until(0, 0.05)
        head("UPDATE heads SET size = size + 1")
        assert projector.wait_until(len(TOLD) - 1, PATIENCE_S)
        wait_for(lambda: not projector.is_in_trouble)
    finally:
        projector.close()


def test_filling_anew_goes_on_beside_who_follows(house: Viewed) -> None:
    house.append(TOLD)
    following = house.projector()
    following.start()
    try:
        assert following.wait_until(len(TOLD) - 1, PATIENCE_S)
        want = house.dump()
        told: list[tuple[int, int]] = []
        reached = house.projector(batch_max=2).rebuild(lambda *at: told.append(at))
        assert reached == len(TOLD)
        assert told[-1] == (len(TOLD), len(TOLD))
        assert house.dump() == want
    finally:
        following.close()


def test_many_wait_at_once(house: Viewed) -> None:
    projector = house.projector()
    projector.start()
    seen: list[bool] = []
    threads = [
        threading.Thread(target=lambda n=n: seen.append(projector.wait_until(n, PATIENCE_S)))
        for n in range(len(TOLD))
    ]
    try:
        for thread in threads:
            thread.start()
        house.append(TOLD)
        for thread in threads:
            thread.join()
    finally:
        projector.close()
    assert seen == [True] * len(TOLD)


def test_a_closed_projector_follows_no_more(house: Viewed) -> None:
    projector = house.projector()
    projector.start()
    projector.close()
    house.append(TOLD)
    assert house.reader.position() == 0
    assert not house.reader.rows(ORGANIZATIONS, Query()).value.rows

"""Following the log: nobody is woken too late, whichever process appended."""

import multiprocessing
import threading
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import pytest
from eventsourcing.persistence import Notification

from ledger.store.recorder import LogApplicationRecorder, LogSubscription
from tests.store.ledgers import ACTOR, ORIGIN, Ledger, Place, noted, opened, submission
from tests.store.workers import append_some

PATIENCE_S = 30.0


def followed(subscription: LogSubscription, count: int) -> list[int]:
    """Return the next notification ids; fail rather than wait for ever."""
    alarm = threading.Timer(PATIENCE_S, subscription.stop)
    alarm.start()
    try:
        return [each.id for each in islice(subscription, count)]
    finally:
        alarm.cancel()


def test_a_follower_sees_what_is_there_and_what_comes(ledger: Ledger) -> None:
    ledger.append(noted(), noted())
    with ledger.recorder.subscribe(gt=1) as subscription:
        assert followed(subscription, 1) == [2]
        ledger.append(noted())
        assert followed(subscription, 1) == [3]


def test_a_follower_of_a_topic_sees_no_other(ledger: Ledger) -> None:
    with ledger.recorder.subscribe(topics=["record.noted"]) as subscription:
        stranger = Ledger(ledger.place)
        ledger.append(noted())
        assert followed(subscription, 1) == [1]
        ledger.append(noted())
        stranger.append(noted())
        assert followed(subscription, 2) == [2, 3]
        stranger.close()
    with ledger.recorder.subscribe(topics=["never.happens"]) as subscription:
        threading.Timer(0.5, subscription.stop).start()
        assert list(subscription) == []


def test_a_follower_does_not_search_twice_for_a_topic(ledger: Ledger) -> None:
    ledger.append(noted(), noted())
    recorder = Counting(ledger.engine, ledger.appender, origin=ORIGIN, actor=ACTOR)
    with recorder.subscribe(topics=["never.happens"]) as subscription:
        threading.Timer(0.5, subscription.stop).start()
        assert list(subscription) == []
    assert recorder.starts[0] == 0
    assert set(recorder.starts[1:]) == {2}


class Counting(LogApplicationRecorder):
    """Remembers from where on it was asked to read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.starts: list[int | None] = []

    def select_notifications(self, *args: Any, **kwargs: Any) -> Sequence[Notification]:
        self.starts.append(kwargs["start"])
        return super().select_notifications(*args, **kwargs)


@pytest.fixture
def another_process(ledger: Ledger) -> Iterator[None]:
    """Append three entries from another process."""
    context = multiprocessing.get_context("forkserver")
    process = context.Process(target=append_some, args=(ledger.place, 1, 3))
    process.start()
    yield
    process.join()
    assert process.exitcode == 0


def test_a_follower_sees_what_another_process_appends(
    ledger: Ledger, another_process: None
) -> None:
    with ledger.recorder.subscribe() as subscription:
        assert followed(subscription, 3) == [1, 2, 3]


class Late(LogApplicationRecorder):
    """Appends an entry right after the first look, before the follower begins to wait."""

    looked = False

    def select_notifications(self, *args: Any, **kwargs: Any) -> Sequence[Notification]:
        found = super().select_notifications(*args, **kwargs)
        if not self.looked:
            self.looked = True
            self._appender.append(submission(noted()))
        return found


def test_what_is_appended_between_looking_and_waiting_wakes_the_follower(
    ledger: Ledger,
) -> None:
    """Without the poll: whoever loses the wake-up waits for as long as the test does."""
    recorder = Late(ledger.engine, ledger.appender, origin=ORIGIN, actor=ACTOR)
    woken: list[int] = []

    def wait(*, beyond: int, timeout_s: float) -> None:
        ledger.appender.wait_for_growth(beyond=beyond, timeout_s=PATIENCE_S)
        woken.append(beyond)

    subscription = LogSubscription(recorder, None, (), wait)
    assert followed(subscription, 1) == [1]
    assert woken == [0]


def test_a_follower_that_stops_ends(ledger: Ledger) -> None:
    subscription = ledger.recorder.subscribe()
    subscription.stop()
    assert list(subscription) == []


def test_many_pages_are_followed_without_gap(place: Place, ledger: Ledger) -> None:
    for _ in range(3):
        ledger.append(*[noted() for _ in range(400)])
    with opened(place) as reader, reader.recorder.subscribe() as subscription:
        assert followed(subscription, 1200) == list(range(1, 1201))

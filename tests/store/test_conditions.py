"""Streams that must stand where they were read: asked at the commit, not at the decision."""

import threading
import uuid
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.proof.errors import MalformedError
from ledger.store.event import (
    UNCHANGED_MAX,
    Appended,
    NewEvent,
    StreamDamagedError,
    StreamMovedOn,
    Submission,
    Tracking,
    TrackingMovedOn,
)
from tests.store.ledgers import Ledger, noted, opened, some_uuid, submission, times

THREADS = 50


def resting_on(
    unchanged: Mapping[str, int], *events: NewEvent, tracking: Tracking | None = None
) -> Submission:
    """Return a submission whose decision rests on streams at these versions."""
    return Submission(uuid.uuid4(), events, tracking, unchanged)


def queue(ledger: Ledger, *submissions: Submission) -> "list[Future[Appended]]":
    """Queue submissions that are taken on by one commit, in this order."""
    with ledger.locked():
        first = ledger.begin(noted())
        answers = [ledger.appender.submit(each) for each in submissions]
    first.result()
    return answers


def moved_on(refused: BaseException | None) -> tuple[str, int, int]:
    assert isinstance(refused, StreamMovedOn)
    return refused.stream, refused.want, refused.got


def test_what_rests_on_a_stream_as_it_stands_is_appended(ledger: Ledger) -> None:
    organization, other = some_uuid(), some_uuid()
    ledger.append(noted(stream=organization), noted(stream=organization))
    resting = resting_on({organization: 2, other: 0}, noted())
    assert ledger.appender.append(resting) == Appended(2, 1)
    with opened(ledger.place) as restarted:
        resting = resting_on({organization: 2, other: 0}, noted())
        assert restarted.appender.append(resting) == Appended(3, 1)
    assert ledger.codes() == []


@pytest.mark.parametrize("named", [0, 1, 3, 2**60])
def test_what_rests_on_another_version_is_refused(ledger: Ledger, named: int) -> None:
    organization = some_uuid()
    ledger.append(noted(stream=organization), noted(stream=organization))
    for each in (ledger, Ledger(ledger.place)):
        with pytest.raises(StreamMovedOn) as refused:
            each.appender.append(resting_on({organization: named}, noted(), noted()))
        assert moved_on(refused.value) == (organization, 2, named)
        if each is not ledger:
            each.close()
    assert ledger.append(noted()) == Appended(2, 1)


def test_a_stream_that_does_not_exist_is_at_version_0(ledger: Ledger) -> None:
    organization = some_uuid()
    with pytest.raises(StreamMovedOn) as refused:
        ledger.appender.append(resting_on({organization: 1}, noted()))
    assert moved_on(refused.value) == (organization, 0, 1)
    assert ledger.seqs() == []


def test_a_stream_that_moves_within_the_commit_refuses_what_comes_after(ledger: Ledger) -> None:
    organization, fresh = some_uuid(), some_uuid()
    ledger.append(noted(stream=organization))
    before, suspended, after, created, exists, unconcerned = queue(
        ledger,
        resting_on({organization: 1}, noted()),
        submission(noted(stream=organization, version=2)),
        resting_on({organization: 1}, noted()),
        submission(noted(stream=fresh, version=1)),
        resting_on({fresh: 0}, noted()),
        resting_on({organization: 2, fresh: 1}, noted()),
    )
    assert [before.result(), suspended.result()] == [Appended(2, 1), Appended(3, 1)]
    assert moved_on(after.exception()) == (organization, 2, 1)
    assert created.result() == Appended(4, 1)
    assert moved_on(exists.exception()) == (fresh, 1, 0)
    assert unconcerned.result() == Appended(5, 1)
    assert ledger.codes() == []


def test_a_refused_submission_moves_no_stream(ledger: Ledger) -> None:
    one, two = some_uuid(), some_uuid()
    ledger.append(noted(stream=one))
    refused, accepted = queue(
        ledger, resting_on({one: 0}, noted(stream=two)), resting_on({two: 0}, noted())
    )
    assert moved_on(refused.exception()) == (one, 1, 0)
    assert accepted.result() == Appended(2, 1)


def test_its_own_events_do_not_move_what_a_submission_rests_on(ledger: Ledger) -> None:
    stream = some_uuid()
    first = resting_on({stream: 0}, noted(stream=stream), noted(stream=stream))
    assert ledger.appender.append(first) == Appended(0, 2)
    assert ledger.appender.append(resting_on({stream: 2}, noted(stream=stream))).count == 1
    with pytest.raises(StreamMovedOn):
        ledger.appender.append(resting_on({stream: 2}, noted(stream=stream)))


def test_a_position_is_recorded_only_while_the_streams_stand(ledger: Ledger) -> None:
    organization = some_uuid()
    ledger.append(noted(stream=organization))
    position = Tracking("elsewhere", 5)
    with pytest.raises(StreamMovedOn):
        ledger.appender.append(resting_on({organization: 0}, tracking=position))
    assert ledger.recorder.max_tracking_id("elsewhere") is None
    answer = ledger.appender.append(resting_on({organization: 1}, tracking=position))
    assert answer == Appended(1, 0)
    assert ledger.recorder.max_tracking_id("elsewhere") == 5
    with pytest.raises(TrackingMovedOn):
        ledger.appender.append(resting_on({organization: 1}, tracking=position))


def test_a_refused_position_can_be_recorded_by_the_next(ledger: Ledger) -> None:
    organization = some_uuid()
    refused, recorded = queue(
        ledger,
        resting_on({organization: 1}, tracking=Tracking("elsewhere", 5)),
        resting_on({organization: 0}, tracking=Tracking("elsewhere", 5)),
    )
    assert moved_on(refused.exception()) == (organization, 0, 1)
    assert recorded.result().count == 0


@pytest.mark.parametrize("writers", [1, 2])
def test_nothing_lands_after_what_it_must_not_follow(ledger: Ledger, writers: int) -> None:
    """One suspends the organization while others append for it, through one writer or two."""
    organization = some_uuid()
    ledger.append(noted(stream=organization))
    halfway = threading.Barrier(THREADS + 1)

    def record(thread: int) -> list[int]:
        """Append while one may, and return where."""
        seqs: list[int] = []
        appender = (other, ledger)[thread % writers].appender
        for turn in range(200):
            if turn == 1:
                halfway.wait()
            try:
                answer = appender.append(resting_on({organization: 1}, noted(), noted()))
            except StreamMovedOn:
                return seqs
            seqs += [answer.first_seq, answer.first_seq + 1]
        raise AssertionError("never refused")

    def suspend() -> int:
        halfway.wait()
        return other.append(noted(stream=organization, version=2)).first_seq

    with opened(ledger.place) as other, ThreadPoolExecutor(THREADS + 1) as pool:
        suspended = pool.submit(suspend)
        landed = [pool.submit(record, thread) for thread in range(THREADS)]
        seqs = sorted(seq for each in landed for seq in each.result())
    assert suspended.result() == len(ledger.seqs()) - 1
    assert seqs == list(range(1, suspended.result()))
    assert len(seqs) >= 2 * THREADS
    assert ledger.codes() == []


@pytest.mark.parametrize("named", [0, 1, 2])
def test_nothing_rests_on_a_stream_whose_last_row_was_edited(
    ledger: Ledger, named: int
) -> None:
    organization = some_uuid()
    ledger.append(*[noted() for _ in range(300)])
    ledger.append(noted(stream=organization), noted(stream=organization), noted())
    ledger.as_dba("UPDATE entries SET plain = NULL WHERE seq = 301")
    with opened(ledger.place) as restarted:
        refused, accepted = queue(
            restarted, resting_on({organization: named}, noted()), resting_on({}, noted())
        )
        error = refused.exception()
        assert isinstance(error, StreamDamagedError)
        assert (error.stream, error.seq) == (organization, 301)
        assert accepted.result() == Appended(304, 1)


def test_nothing_rests_on_a_stream_that_another_one_was_made_to_look_like(
    ledger: Ledger,
) -> None:
    """An organization that exists no more in its own rows, and one that never existed."""
    organization, other = some_uuid(), some_uuid()
    ledger.append(noted(stream=organization), noted())
    claimed = other.replace("-", "") if ledger.place.on_sqlite else other
    ledger.as_dba("UPDATE entries SET stream = :other WHERE seq = 0", other=claimed)
    for stream, version in ((organization, 0), (organization, 1)):
        with pytest.raises(StreamDamagedError) as missed:
            ledger.appender.append(resting_on({stream: version}, noted()))
        assert (missed.value.stream, missed.value.seq) == (organization, 0)
    with opened(ledger.place) as restarted, pytest.raises(StreamDamagedError) as damaged:
        restarted.appender.append(resting_on({other: 1}, noted()))
    assert (damaged.value.stream, damaged.value.seq) == (other, 0)


@pytest.mark.parametrize(
    "unchanged",
    [
        {"not a uuid": 1},
        {some_uuid().upper(): 1},
        {some_uuid(): -1},
        {some_uuid(): True},
        {some_uuid(): 1.0},
        {some_uuid(): None},
        {some_uuid(): 0 for _ in range(UNCHANGED_MAX + 1)},
    ],
)
def test_what_names_no_version_of_a_stream_never_waits(unchanged: dict[str, int]) -> None:
    with pytest.raises(MalformedError):
        resting_on(unchanged, noted())


def test_so_many_streams_may_be_named(ledger: Ledger) -> None:
    resting = resting_on({some_uuid(): 0 for _ in range(UNCHANGED_MAX)}, noted())
    assert ledger.appender.append(resting) == Appended(0, 1)


def test_what_was_named_cannot_be_changed_while_it_waits(ledger: Ledger) -> None:
    organization = some_uuid()
    named = {organization: 1}
    resting = resting_on(named, noted())
    named[organization] = 0
    with pytest.raises(StreamMovedOn) as refused:
        ledger.appender.append(resting)
    assert moved_on(refused.value) == (organization, 0, 1)


def test_a_commit_takes_on_no_end_of_named_streams(ledger: Ledger) -> None:
    """What is read under the lock is bounded, as the events of a commit are."""
    crowd = {some_uuid(): 0 for _ in range(1_000)}  # a tenth of what one commit reads
    answers = queue(ledger, *[resting_on(crowd, noted()) for _ in range(12)])
    assert [each.result() for each in answers] == [Appended(at, 1) for at in range(1, 13)]
    commits = list(times(ledger).values())
    assert [commits.count(each) for each in sorted(set(commits))] == [1, 10, 2]


@dataclass(frozen=True)
class Step:
    """One submission of a drawn history: streams by number, and how late they were read."""

    writes: list[int]
    rests: dict[int, int]


NUMBERS = st.integers(0, 2)
STEPS = st.lists(
    st.builds(
        Step,
        st.lists(NUMBERS, min_size=1, max_size=3),
        st.dictionaries(NUMBERS, st.sampled_from([0, 0, 0, 1]), max_size=2),
    ),
    min_size=4,
    max_size=12,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_the_order_of_the_log_agrees_with_every_condition(
    ledger: Ledger, steps: list[Step]
) -> None:
    """In one commit as one by one: each is judged by the log as those before it leave it."""
    streams = [some_uuid() for _ in range(3)]
    versions = dict.fromkeys(streams, 0)
    submissions, fits = [], []
    for step in steps:
        rests = {streams[number]: late for number, late in step.rests.items()}
        named = {stream: max(0, versions[stream] - late) for stream, late in rests.items()}
        events = [noted(stream=streams[number]) for number in step.writes]
        submissions.append(resting_on(named, *events))
        fits.append(all(versions[stream] == at for stream, at in named.items()))
        for event in events if fits[-1] else ():
            versions[event.stream] += 1
    answers = queue(ledger, *submissions)
    assert [each.exception() is None for each in answers] == fits
    accepted = [pair for pair in zip(submissions, answers, strict=True) if fits.pop(0)]
    starts = {answer.result().first_seq: each.unchanged for each, answer in accepted}
    stored = dict.fromkeys(streams, 0)
    for row in ledger.rows()[min(starts) :]:
        for stream, at in starts.get(row.seq, {}).items():
            assert stored[stream] == at
        stored[str(row.stream)] += 1
    assert stored == versions

"""Many threads, many processes, many ledgers: one order, no fork, nothing lost."""

import multiprocessing
import threading
from collections.abc import Iterable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent

from ledger.store.event import Appended, StreamMovedOn
from tests.store.ledgers import Ledger, Place, founded, noted, registered, some_uuid, submission
from tests.store.workers import Acknowledged, append_some

THREADS = 16
PROCESSES = 3


def check_all_present(ledger: Ledger, acknowledged: Iterable[Acknowledged]) -> None:
    """The log has no gap, holds what was acknowledged where it was, and nothing else."""
    stored: dict[str, list[int]] = {}
    for row in ledger.rows():
        stored.setdefault(str(row.submission), []).append(row.seq)
    wanted = {
        id_: list(range(first, first + count))
        for each in acknowledged
        for id_, first, count in each
    }
    assert stored == wanted
    assert ledger.seqs() == list(range(len(ledger.seqs())))
    assert ledger.codes() == []


def test_many_threads_append_without_a_fork(ledger: Ledger) -> None:
    start = threading.Barrier(THREADS)
    persons = [some_uuid() for _ in range(4)]

    def append(thread: int) -> Acknowledged:
        start.wait()
        acknowledged = []
        for _ in range(8):
            job = submission(noted(), registered(persons[thread % 4]))
            appended = ledger.appender.append(job)
            acknowledged.append((str(job.id), appended.first_seq, appended.count))
        return acknowledged

    with ThreadPoolExecutor(THREADS) as pool:
        check_all_present(ledger, list(pool.map(append, range(THREADS))))
    assert len(ledger.seqs()) == THREADS * 16


def test_many_processes_append_without_a_fork(ledger: Ledger) -> None:
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        others = [pool.submit(append_some, ledger.place, 15, 3) for _ in range(PROCESSES)]
        with ThreadPoolExecutor(4) as threads:
            jobs = [submission(noted()) for _ in range(40)]
            answers = list(threads.map(ledger.appender.append, jobs))
        ours = [
            (str(job.id), answer.first_seq, answer.count)
            for job, answer in zip(jobs, answers, strict=True)
        ]
        check_all_present(ledger, [ours, *(other.result() for other in others)])
    assert len(ledger.seqs()) == PROCESSES * 45 + 40


def test_of_many_who_decided_upon_the_same_version_one_wins(ledger: Ledger) -> None:
    stream, start = some_uuid(), threading.Barrier(THREADS)

    def decide(version: int) -> bool:
        start.wait()
        try:
            ledger.append(noted(stream=stream, version=version))
        except StreamMovedOn:
            return False
        return True

    for version in (1, 2, 3):
        with ThreadPoolExecutor(THREADS) as pool:
            assert sum(pool.map(decide, [version] * THREADS)) == 1
    assert ledger.seqs() == [0, 1, 2]
    assert ledger.codes() == []


def test_conflicts_through_the_recorder_burn_no_id(ledger: Ledger) -> None:
    originator = UUID(some_uuid())

    def insert(number: int) -> bool:
        stored = StoredEvent(originator, number // 4, "topic", b"state")
        try:
            ledger.recorder.insert_events([stored])
        except IntegrityError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        inserted = sum(pool.map(insert, range(40)))
    ids = [each.id for each in ledger.recorder.select_notifications(start=1, limit=100)]
    assert ids == list(range(1, inserted + 1))
    assert ledger.codes() == []


@pytest.fixture
def two_places(postgres_url: str, tmp_path: Path) -> tuple[Place, Place]:
    """Return where two ledgers share one PostgreSQL database."""
    folders = tmp_path / "one", tmp_path / "two"
    for folder in folders:
        folder.mkdir()
    one, two = folders
    return (
        Place(postgres_url, one, "ledger.example.gov.cn/log/110000"),
        Place(postgres_url, two, "ledger.example.gov.cn/log/310000"),
    )


def test_two_ledgers_in_one_database_do_not_wait_for_each_other(
    two_places: tuple[Place, Place],
) -> None:
    with founded(two_places[0]) as one, founded(two_places[1]) as two:
        with one.locked():
            waiting: Future[Appended] = one.begin(noted())
            for _ in range(3):
                assert two.submit(noted()).result(timeout=60).count == 1
            assert not waiting.done()
        assert waiting.result() == Appended(0, 1)


def test_two_ledgers_in_one_database_do_not_see_each_other(
    two_places: tuple[Place, Place],
) -> None:
    stream, person = some_uuid(), some_uuid()
    with founded(two_places[0]) as one, founded(two_places[1]) as two:
        for each in (one, two):
            event = registered(person, stream=stream)
            assert each.append(event, noted(stream=stream, version=2)) == Appended(0, 2)
        assert one.recorder.max_notification_id() == two.recorder.max_notification_id() == 2
        assert len(one.recorder.select_notifications(start=1, limit=10)) == 2
        assert len(one.recorder.select_events(UUID(stream))) == 2
        assert [row.entry for row in one.rows()] != [row.entry for row in two.rows()]
        one.vault.destroy(person)
        assert two.vault.key_for_opening(person) is not None
        one.publisher.publish()
        two.publisher.publish()
        assert two.codes() == []

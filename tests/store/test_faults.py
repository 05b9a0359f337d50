"""A database that fails at any statement of an append: all or nothing, and no wrong answer."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ledger.store.event import (
    Appended,
    OutcomeUnknownError,
    StreamMovedOn,
    Submission,
    Tracking,
)
from tests.postgres.server import Server
from tests.store.conftest import tables
from tests.store.faults import Faults, commits, faulty
from tests.store.ledgers import (
    Ledger,
    Place,
    founded,
    noted,
    opened,
    registered,
    some_uuid,
    submission,
)

MakeJob = Callable[[int], Submission]


def many_rows(position: int) -> Submission:
    """Return a submission whose rows PostgreSQL takes by COPY."""
    events = [noted() for _ in range(9)]
    tracking = Tracking("upstream", position)
    return submission(registered(some_uuid()), *events, tracking=tracking)


def few_rows(position: int) -> Submission:
    """Return a submission that is inserted row by row."""
    return submission(registered(some_uuid()), tracking=Tracking("upstream", position))


def no_rows(position: int) -> Submission:
    """Return a submission that says only how far its writer has followed another."""
    return submission(tracking=Tracking("upstream", position))


@pytest.fixture
def faults(ledger: Ledger) -> Faults:
    """Return what makes the ledger's database fail."""
    ledger.engine.dispose()
    return faulty(ledger)


@pytest.fixture
def postgresql_ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    """Return a ledger on PostgreSQL."""
    with tables("postgresql", request).copy(tmp_path) as place, founded(place) as ledger:
        yield ledger


def answer(ledger: Ledger, job: Submission) -> Appended | Exception:
    """Return what the appender says to a submission."""
    try:
        return ledger.appender.append(job)
    except Exception as error:  # noqa: BLE001 - whichever error the driver has
        return error


def check(place: Place, job: Submission, said: Appended | Exception) -> None:
    """After a restart, all of the submission is there or nothing, as the answer says."""
    with opened(place) as ledger:
        stored = ledger.submission_seqs(job.id)
        tracked = ledger.recorder.max_tracking_id("upstream") or 0
        assert job.tracking is not None
        whole = tracked == job.tracking.notification_id
        assert len(stored) == (len(job.events) if whole else 0)
        match said:
            case Appended(first_seq, count):
                assert whole
                assert stored == list(range(first_seq, first_seq + count))
            case OutcomeUnknownError():
                assert said.submission == job.id
            case _:
                assert not whole
        assert ledger.seqs() == list(range(len(ledger.seqs())))
        assert ledger.codes() == []


def fail_everywhere(
    ledger: Ledger, faults: Faults, make_job: MakeJob, arm: Callable[[int], None]
) -> tuple[list[str], list[Appended | Exception]]:
    """Append while the first, the second, … statement fails, until none is left to fail."""
    struck: list[str] = []
    said: list[Appended | Exception] = []
    for at in range(100):
        ledger.append(noted())  # connections are there
        job = make_job(at + 1)
        arm(at)
        said.append(answer(ledger, job))
        faults.disarm()
        check(ledger.place, job, said[-1])
        if not faults.failed:
            break
        struck += faults.failed
    assert isinstance(said[-1], Appended)
    assert any(commits(statement) for statement in struck)
    return struck, said


@pytest.mark.parametrize("persisted", [False, True], ids=["lost", "persisted"])
@pytest.mark.parametrize("make_job", [many_rows, few_rows, no_rows])
def test_an_append_cut_at_any_statement_is_all_or_nothing(
    ledger: Ledger, faults: Faults, make_job: MakeJob, persisted: bool
) -> None:
    struck, said = fail_everywhere(
        ledger, faults, make_job, lambda at: faults.arm(at=at, persisted=persisted)
    )
    assert not any(isinstance(each, OutcomeUnknownError) for each in said)
    # Only a commit that took place is acknowledged though its statement reported failure.
    for statement, each in zip(struck, said, strict=False):
        if isinstance(each, Appended):
            assert persisted or statement.startswith("SELECT 1")
            assert commits(statement) or statement.startswith("SELECT 1")


@pytest.mark.parametrize("persisted", [False, True], ids=["lost", "persisted"])
def test_where_the_database_cannot_be_asked_the_outcome_is_unknown(
    ledger: Ledger, faults: Faults, persisted: bool
) -> None:
    _, said = fail_everywhere(
        ledger, faults, many_rows, lambda at: faults.arm(at=at, persisted=persisted, count=50)
    )
    unknown = [each for each in said if isinstance(each, OutcomeUnknownError)]
    # One for each statement of the commit itself: the head and COMMIT.
    assert len(unknown) == (2 if ledger.place.on_sqlite else 1)
    assert all(each.__cause__ is not None for each in unknown)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("make_job", [many_rows, few_rows, no_rows])
def test_an_append_whose_connection_is_cut_is_all_or_nothing(
    postgresql_ledger: Ledger, make_job: MakeJob, after: bool
) -> None:
    postgresql_ledger.engine.dispose()
    faults = faulty(postgresql_ledger)
    fail_everywhere(
        postgresql_ledger,
        faults,
        make_job,
        lambda at: faults.arm(at=at, persisted=after, kill=True),
    )


def test_one_failure_is_told_to_every_submitter_of_the_commit(
    ledger: Ledger, faults: Faults
) -> None:
    with opened(ledger.place) as other, other.locked():
        first = ledger.begin(noted())
        others = [ledger.submit(noted()) for _ in range(5)]
        faults.arm(at=0, count=1000)
    assert first.exception() is not None
    assert all(each.exception() is not None for each in others)
    faults.disarm()
    with opened(ledger.place) as reopened:
        stored = reopened.seqs()
    assert len(stored) <= 1  # the first may have been unknown
    assert ledger.append(noted()).first_seq == len(stored)
    assert ledger.codes() == []


@pytest.mark.parametrize("persisted", [False, True], ids=["lost", "persisted"])
def test_a_refusal_rests_on_what_was_committed(
    ledger: Ledger, faults: Faults, persisted: bool
) -> None:
    stream = some_uuid()
    with opened(ledger.place) as other, other.locked():
        first = ledger.begin(noted())
        accepted = ledger.submit(noted(stream=stream, version=1))
        refused = ledger.submit(noted(stream=stream, version=1))
        faults.fail_commit(number=2, persisted=persisted)
    assert first.result() == Appended(0, 1)
    if persisted:
        assert accepted.result() == Appended(1, 1)
        assert isinstance(refused.exception(), StreamMovedOn)
    else:
        # Nobody was first, so nobody is told so.
        assert refused.exception() is accepted.exception() is not None
        assert not isinstance(refused.exception(), StreamMovedOn)
    with opened(ledger.place) as reopened:
        assert reopened.seqs() == list(range(1 + persisted))


@pytest.mark.parametrize("persisted", [False, True], ids=["lost", "persisted"])
def test_positions_of_one_commit_have_one_outcome(
    ledger: Ledger, faults: Faults, persisted: bool
) -> None:
    with opened(ledger.place) as other, other.locked():
        first = ledger.begin(noted())
        answers = [ledger.appender.submit(no_rows(position)) for position in (1, 2, 3)]
        faults.fail_commit(number=2, persisted=persisted)
    assert first.result() == Appended(0, 1)
    assert [each.exception() is None for each in answers] == [persisted] * 3
    with opened(ledger.place) as reopened:
        assert reopened.recorder.max_tracking_id("upstream") == (3 if persisted else None)


def test_what_was_acknowledged_survives_the_crash_of_the_server(
    postgres_server: Server, tmp_path: Path
) -> None:
    place = Place(postgres_server.url(postgres_server.create_database()), tmp_path)
    with founded(place) as ledger:
        said: list[tuple[Submission, Appended | Exception]] = []
        under_way = threading.Event()

        def append_until_it_fails() -> None:
            while not said or isinstance(said[-1][1], Appended):
                job = few_rows(len(said) + 1)
                said.append((job, answer(ledger, job)))
                if len(said) == 20:
                    under_way.set()

        thread = threading.Thread(target=append_until_it_fails)
        thread.start()
        under_way.wait()
        postgres_server.kill()
        thread.join()
        postgres_server.start()
        acknowledged = {job.id: each for job, each in said if isinstance(each, Appended)}
        stored = {row.submission: row.seq for row in ledger.rows()}
        assert {id_: each.first_seq for id_, each in acknowledged.items()}.items() <= (
            stored.items()
        )
        assert len(stored) <= len(said)
        assert ledger.append(noted()).first_seq == len(stored)
        assert ledger.codes() == []

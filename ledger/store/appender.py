"""Append: many submitters, one commit, each accepted or refused alone.

One thread of a process takes whatever waits, writes it as one transaction under the head's
lock and answers each submitter. There is no timer: while one commit is under way the next
batch gathers by itself. Acknowledged means durable.
"""

import threading
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from queue import Empty, SimpleQueue

import sqlalchemy as sa

from ledger.proof.shapes import Shapes
from ledger.store import chance
from ledger.store.batch import Job
from ledger.store.committing import Committer
from ledger.store.event import Appended, Submission
from ledger.store.limits import Limits
from ledger.store.log_memory import LogMemory
from ledger.store.observing import AppendObserver, Unobserved
from ledger.store.preparing import prepare_all
from ledger.store.register import HeadRegister
from ledger.store.vault import Vault

BATCH_EVENTS_MAX = 1_000
"""A commit takes on no further submission beyond so many events."""
UNCHANGED_AN_EVENT = 10
"""So many unchanged streams are asked for in the time of one event, and count as one."""


class Appender:
    """The one door through which entries come into a ledger, from any number of threads."""

    def __init__(  # noqa: PLR0913 - each is a part of the ledger
        self,
        engine: sa.Engine,
        vault: Vault,
        *,
        origin: str,
        seal_key: bytes,
        shapes: Shapes,
        register: HeadRegister | None,
        limits: Limits | None = None,
        clock: Callable[[], datetime] = chance.now,
        observer: AppendObserver | None = None,
        memory: LogMemory | None = None,
    ) -> None:
        """Register every commit before it is acknowledged; without a register, do not.

        Without one, whoever can rewind the database can cut off what was acknowledged since
        the last checkpoint: for measuring, not for keeping records. Without ``limits`` the
        log grows as far as it likes, and under any clock. ``memory`` is what the process
        remembers of the log, if it shares it.
        """
        self._shapes = shapes
        self._committer = Committer(
            engine,
            vault,
            origin=origin,
            seal_key=seal_key,
            shapes=shapes,
            register=register,
            limits=limits,
            clock=clock,
            grown=self._has_grown,
            memory=memory,
        )
        self._observer = observer or Unobserved()
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._closing = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._grown = threading.Condition()
        self._size = 0

    def append(self, submission: Submission) -> Appended:
        """Append all events of a submission, or none; wait until they are durable.

        When it raises a refusal or MalformedError, nothing was appended.

        Raises:
            MalformedError: A fact is outside the log's world or the published shape.
            StreamMovedOn: Somebody else wrote to a stream first, or to an unchanged one.
            StreamDamagedError: The last row of a stream is not the log's own entry.
            TrackingMovedOn: The tracking position does not advance.
            PersonErased: An event holds personal facts about an erased person.
            ProofError: A person's data key does not open with the key-encryption key.
            HeadTamperedError: The head row is not the one the service stored.
            RolledBackError: The database does not continue the head register.
            UnwitnessedError: The log is too far ahead of its witnesses.
            ClockInDoubtError: The clock is too far ahead of what is known.
            PlantedRowError: A row that nobody appended stands in the way.
            LedgerMissingError: There is no such ledger.
            StorageLostError: A write was lost in this process, which writes no more.
            OutcomeUnknownError: The connection broke during the commit, or the register's
                disk refused; `find` tells.
            sqlalchemy.exc.DBAPIError, or the driver's own error: The database refused;
                nothing was appended.
        """
        return self.submit(submission).result()

    def submit(self, submission: Submission) -> "Future[Appended]":
        """Queue a submission and return at once; the future answers as `append` does.

        While it waits it can be cancelled; once its commit has begun, it no longer can.
        """
        events = prepare_all(
            submission.events, shapes=self._shapes, random_bytes=chance.random_bytes
        )
        answer: Future[Appended] = Future()
        answer.add_done_callback(self._observer.answered)
        with self._closing:
            if self._closed:
                raise RuntimeError("the appender is closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="appender", daemon=True)
                self._thread.start()
            self._jobs.put(Job(submission, events, answer))
        return answer

    def find(self, submission_id: uuid.UUID, *, from_seq: int = 0) -> Appended | None:
        """Return where the entries of a submission are, or None where they are not.

        For whoever got no answer: it waits behind every append that is under way, so what
        it says is final, and what it finds is as durable and as registered as what `append`
        acknowledges. ``from_seq`` is where the log ended before, to spare a long search.

        Raises:
            StorageLostError: A write was lost in this process; ask another one.
            OSError: The register's disk refused, so nothing is promised yet; ask again.
            ProofError: Rows of the submission were changed; audit the log.
            HeadTamperedError, RolledBackError, LedgerMissingError: As `append`.
            sqlalchemy.exc.DBAPIError, or the driver's own error: The database refused.
        """
        self._observer.check()
        return self._committer.find(submission_id, from_seq=from_seq)

    def close(self) -> None:
        """Commit what waits, then stop. Later submissions are refused."""
        with self._closing:
            self._closed = True
            thread, self._thread = self._thread, None
            self._jobs.put(None)
        if thread is not None:
            thread.join()
        self._committer.close()

    def wait_for_growth(self, *, beyond: int, timeout_s: float) -> bool:
        """Return whether this process has seen the log grow beyond a size, before the timeout.

        Only a hint to look again soon: other processes append without being heard here.
        """
        with self._grown:
            return self._grown.wait_for(lambda: self._size > beyond, timeout=timeout_s)

    def _run(self) -> None:
        while True:
            job = self._jobs.get()
            if job is None:
                return
            gathered, last = self._gather(job)
            # From here on nobody can cancel: whoever did so before has appended nothing.
            batch = [each for each in gathered if each.answer.set_running_or_notify_cancel()]
            try:
                if batch:
                    self._commit(batch)
            except BaseException as error:  # noqa: BLE001 - handed to every submitter
                _answer(batch, error)
            if last:
                return

    def _commit(self, batch: Sequence[Job]) -> None:
        self._observer.check()
        start = time.monotonic()
        self._committer.commit(batch)
        stored = sum(len(job.events) for job in batch if job.answer.exception() is None)
        if stored:
            self._observer.committed(entries=stored, seconds=time.monotonic() - start)

    def _has_grown(self, size: int) -> None:
        with self._grown:
            self._size = max(self._size, size)
            self._grown.notify_all()

    def _gather(self, first: Job) -> tuple[list[Job], bool]:
        batch, events = [first], _work(first)
        while events < BATCH_EVENTS_MAX:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                break
            if job is None:
                return batch, True
            batch.append(job)
            events += _work(job)
        return batch, False


def _work(job: Job) -> int:
    return len(job.events) + len(job.submission.unchanged) // UNCHANGED_AN_EVENT


def _answer(batch: Sequence[Job], error: BaseException) -> None:
    for job in batch:
        if not job.answer.done():
            job.answer.set_exception(error)

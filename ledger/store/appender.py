"""Append: many submitters, one commit, each accepted or refused alone.

One thread of a process takes whatever waits, writes it as one transaction under the head's
lock and answers each submitter. There is no timer: while one commit is under way the next
batch gathers by itself. Acknowledged means durable.
"""

import threading
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from queue import Empty, SimpleQueue

import sqlalchemy as sa

from ledger.proof.merkle import Edge
from ledger.proof.shapes import Shapes
from ledger.store import chance
from ledger.store.batch import Batch, Job, are_tracked, link_batch
from ledger.store.continuity import Continuity
from ledger.store.event import (
    Appended,
    OutcomeUnknownError,
    Submission,
)
from ledger.store.linking import prepare
from ledger.store.register import HeadRegister
from ledger.store.vault import Vault
from ledger.store.writing import writing

BATCH_EVENTS_MAX = 1_000
"""A commit takes on no further submission beyond so many events."""


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
        clock: Callable[[], datetime] = chance.now,
    ) -> None:
        """Register every commit before it is acknowledged; without a register, do not.

        Without one, whoever can rewind the database can cut off what was acknowledged since
        the last checkpoint: for measuring, not for keeping records.
        """
        self._engine = engine
        self._vault = vault
        self._origin = origin
        self._seal_key = seal_key
        self._shapes = shapes
        self._clock = clock
        self._continuity = (
            None if register is None else Continuity(engine, register, origin=origin)
        )
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
            StreamMovedOn: Somebody else wrote to a stream first.
            TrackingMovedOn: The tracking position does not advance.
            PersonErased: An event holds personal facts about an erased person.
            ProofError: A person's data key does not open with the key-encryption key.
            HeadTamperedError: The head row is not the one the service stored.
            RolledBackError: The database does not continue the head register.
            LedgerMissingError: There is no such ledger.
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
        events = [
            prepare(event, shapes=self._shapes, random_bytes=chance.random_bytes)
            for event in submission.events
        ]
        answer: Future[Appended] = Future()
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
        it says is final. ``from_seq`` is where the log ended before, to spare a long search.
        """
        with writing(self._engine, self._origin) as writer:
            writer.lock().open(self._seal_key)
            found = writer.submitted([submission_id], from_seq=from_seq)
            writer.settle()
        return Appended(*found[submission_id]) if submission_id in found else None

    def close(self) -> None:
        """Commit what waits, then stop. Later submissions are refused."""
        with self._closing:
            self._closed = True
            thread, self._thread = self._thread, None
            self._jobs.put(None)
        if thread is not None:
            thread.join()

    def wait_for_growth(self, *, beyond: int, timeout_s: float) -> None:
        """Return when this process has seen the log grow beyond a size, or at the timeout.

        Only a hint to look again soon: other processes append without being heard here.
        """
        with self._grown:
            self._grown.wait_for(lambda: self._size > beyond, timeout=timeout_s)

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

    def _gather(self, first: Job) -> tuple[list[Job], bool]:
        batch, events = [first], len(first.events)
        while events < BATCH_EVENTS_MAX:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                break
            if job is None:
                return batch, True
            batch.append(job)
            events += len(job.events)
        return batch, False

    def _commit(self, batch: Sequence[Job]) -> None:
        linked: Batch | None = None
        registered: Edge | None = None
        committing = False
        try:
            with writing(self._engine, self._origin) as writer:
                head = writer.lock().open(self._seal_key)
                if self._continuity is not None:
                    # Under the lock, so nobody can commit and register meanwhile.
                    _, registered = self._continuity.check(lambda: head)
                linked = link_batch(writer, head, batch, vault=self._vault, clock=self._clock)
                if not linked.accepted:
                    linked.answer_refused()
                    return
                writer.write(linked.chain.rows, linked.chain.subtrees, linked.trackings)
                # Dead before this line: nothing is stored. Dead after it: ask `_read_back`.
                committing = True
                writer.commit(linked.chain.head, seal_key=self._seal_key)
        except Exception as error:
            if linked is None or not committing:
                raise
            self._read_back(linked, error, registered)
        else:
            self._acknowledge(linked, registered)

    def _acknowledge(self, linked: Batch, registered: Edge | None) -> None:
        """Register the new head, then answer: the entries are durable from the commit on."""
        unregistered: Exception | None = None
        try:
            if self._continuity is not None:
                self._continuity.advance(linked.chain.head, checked=registered)
        except Exception as error:  # noqa: BLE001 - told to every submitter
            unregistered = error
        for job, first_seq in linked.accepted:
            if unregistered is None:
                job.answer.set_result(Appended(first_seq, len(job.events)))
            else:
                # Stored, but not out of a database administrator's reach: no promise is given.
                job.answer.set_exception(_unknown(job, unregistered))
        linked.answer_refused()
        with self._grown:
            self._size = max(self._size, linked.chain.head.size)
            self._grown.notify_all()

    def _read_back(self, linked: Batch, error: Exception, registered: Edge | None) -> None:
        """Learn from the database whether a commit that reported a failure took place.

        Raises:
            The error, where it did not or cannot be told; who has no answer yet gets it.
        """
        jobs = [job for job, _ in linked.accepted]
        try:
            with writing(self._engine, self._origin) as writer:
                # Whoever gets the lock knows that the interrupted transaction has ended.
                writer.lock()
                found = writer.submitted(
                    [job.submission.id for job in jobs], from_seq=linked.first_seq
                )
                names = {tracking.application_name for tracking in linked.trackings}
                tracked = writer.tracked(sorted(names))
                writer.settle()
        except Exception as unreachable:
            for job in jobs:
                job.answer.set_exception(_unknown(job, unreachable))
            raise error from unreachable  # for those who were refused: nothing of theirs is in
        # One transaction: what is true of one submission is true of all.
        took_place = (
            bool(found) if linked.chain.rows else are_tracked(tracked, linked.trackings)
        )
        if not took_place:
            raise error
        self._acknowledge(linked, registered)


def _unknown(job: Job, cause: Exception) -> OutcomeUnknownError:
    unknown = OutcomeUnknownError(job.submission.id)
    unknown.__cause__ = cause
    return unknown


def _answer(batch: Sequence[Job], error: BaseException) -> None:
    for job in batch:
        if not job.answer.done():
            job.answer.set_exception(error)

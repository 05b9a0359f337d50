"""Append: many submitters, one commit, each accepted or refused alone.

One thread of a process takes whatever waits, writes it as one transaction under the head's
lock and answers each submitter. There is no timer: while one commit is under way the next
batch gathers by itself. Acknowledged means durable.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, SimpleQueue

import sqlalchemy as sa

from ledger.proof.errors import ProofError
from ledger.proof.shapes import Shapes
from ledger.store import chance
from ledger.store.event import (
    Appended,
    OutcomeUnknownError,
    PersonErased,
    StreamMovedOn,
    Submission,
    Tracking,
    TrackingMovedOn,
)
from ledger.store.head import Head
from ledger.store.linking import Chain, PreparedEvent, prepare
from ledger.store.vault import Vault
from ledger.store.writer import Writer
from ledger.store.writing import writing

BATCH_EVENTS_MAX = 1_000
"""A commit takes on no further submission beyond so many events."""


@dataclass(frozen=True, slots=True)
class _Job:
    submission: Submission
    events: Sequence[PreparedEvent]
    answer: "Future[Appended]"


class Appender:
    """The one door through which entries come into a ledger, from any number of threads."""

    def __init__(
        self,
        engine: sa.Engine,
        vault: Vault,
        *,
        origin: str,
        seal_key: bytes,
        shapes: Shapes,
        clock: Callable[[], datetime] = chance.now,
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._origin = origin
        self._seal_key = seal_key
        self._shapes = shapes
        self._clock = clock
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
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
            LedgerMissingError: There is no such ledger.
            OutcomeUnknownError: The connection broke during the commit.
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
            self._jobs.put(_Job(submission, events, answer))
        return answer

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

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
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

    def _commit(self, batch: Sequence[_Job]) -> None:
        linked: _Linked | None = None
        committing = False
        try:
            with writing(self._engine, self._origin) as writer:
                head = writer.lock().open(self._seal_key)
                linked = self._link(writer, head, batch)
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
            self._read_back(linked, error)
        else:
            self._acknowledge(linked)

    def _link(self, writer: Writer, head: Head, batch: Sequence[_Job]) -> "_Linked":
        """Extend the head by every submission that fits; set aside those that do not."""
        streams = {prepared.event.stream for job in batch for prepared in job.events}
        persons = {person for job in batch for event in job.events for person in event.personal}
        tracked = writer.tracked(
            sorted(
                {
                    job.submission.tracking.application_name
                    for job in batch
                    if job.submission.tracking
                }
            )
        )
        keys = self._vault.keys_for_sealing(persons) if persons else {}
        chain = Chain(head, writer.tails(sorted(streams)), chance.random_bytes, self._clock())
        linked = _Linked(chain, head.size)
        for job in batch:
            try:
                chain.check_versions(job.events)
                data_keys = _open_keys(keys, job.events)
                _check_tracking(tracked, job.submission.tracking)
            except (StreamMovedOn, PersonErased, TrackingMovedOn, ProofError) as refusal:
                linked.refused.append((job, refusal))
                continue
            linked.accepted.append((job, chain.head.size))
            for prepared in job.events:
                chain.link(prepared, data_keys=data_keys, submission=job.submission.id)
            if job.submission.tracking:
                linked.trackings.append(job.submission.tracking)
        return linked

    def _acknowledge(self, linked: "_Linked") -> None:
        # The entries are durable from here on, whatever happens to the answers.
        for job, first_seq in linked.accepted:
            job.answer.set_result(Appended(first_seq, len(job.events)))
        linked.answer_refused()
        with self._grown:
            self._size = max(self._size, linked.chain.head.size)
            self._grown.notify_all()

    def _read_back(self, linked: "_Linked", error: Exception) -> None:
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
        except Exception as unreachable:
            for job in jobs:
                unknown = OutcomeUnknownError(job.submission.id)
                unknown.__cause__ = unreachable
                job.answer.set_exception(unknown)
            raise error from unreachable  # for those who were refused: nothing of theirs is in
        # One transaction: what is true of one submission is true of all.
        took_place = (
            bool(found) if linked.chain.rows else _are_tracked(tracked, linked.trackings)
        )
        if not took_place:
            raise error
        self._acknowledge(linked)


@dataclass(slots=True)
class _Linked:
    """What one commit will store, and whom it answers, with each one's first seq."""

    chain: Chain
    first_seq: int
    accepted: list[tuple[_Job, int]] = field(default_factory=list)
    refused: list[tuple[_Job, Exception]] = field(default_factory=list)
    trackings: list[Tracking] = field(default_factory=list)

    def answer_refused(self) -> None:
        """Tell who was refused, once what they were refused for can be read."""
        for job, refusal in self.refused:
            job.answer.set_exception(refusal)


def _open_keys(
    keys: Mapping[str, bytes | PersonErased | ProofError], events: Iterable[PreparedEvent]
) -> dict[str, bytes]:
    opened: dict[str, bytes] = {}
    for person in {person for prepared in events for person in prepared.personal}:
        key = keys[person]
        if isinstance(key, PersonErased | ProofError):
            raise key
        opened[person] = key
    return opened


def _check_tracking(tracked: dict[str, int], tracking: Tracking | None) -> None:
    if tracking is None:
        return
    before = tracked.get(tracking.application_name)
    if before is not None and tracking.notification_id <= before:
        raise TrackingMovedOn(
            tracking.application_name, want=before + 1, got=tracking.notification_id
        )
    tracked[tracking.application_name] = tracking.notification_id


def _are_tracked(tracked: Mapping[str, int], trackings: Sequence[Tracking]) -> bool:
    wanted = {each.application_name: each.notification_id for each in trackings}
    return bool(wanted) and all(tracked.get(name) == at for name, at in wanted.items())


def _answer(batch: Sequence[_Job], error: BaseException) -> None:
    for job in batch:
        if not job.answer.done():
            job.answer.set_exception(error)

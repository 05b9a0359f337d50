"""One commit: what fits is linked, written and sealed under one lock, then registered."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa

from ledger.proof.merkle import Edge
from ledger.proof.shapes import Shapes
from ledger.store import chance
from ledger.store.batch import (
    Batch,
    Job,
    are_tracked,
    followed_in,
    persons_of,
    streams_of,
)
from ledger.store.clock_record import ClockRecord
from ledger.store.continuity import Continuity
from ledger.store.event import Appended, OutcomeUnknownError, StorageLostError
from ledger.store.head import Head
from ledger.store.limits import Limits, Room
from ledger.store.linking import Chain
from ledger.store.log_memory import LogMemory
from ledger.store.register import HeadRegister
from ledger.store.storage_faults import is_storage_lost
from ledger.store.tails import Tails
from ledger.store.vault import Vault
from ledger.store.writer import Begun, Writer
from ledger.store.writing import WritingConnection, writing


class Committer:
    """Commits batches of submissions, one after the other, and answers each submitter."""

    def __init__(  # noqa: PLR0913 - each is a part of the ledger
        self,
        engine: sa.Engine,
        vault: Vault,
        *,
        origin: str,
        seal_key: bytes,
        shapes: Shapes,
        register: HeadRegister | None,
        limits: Limits | None,
        clock: Callable[[], datetime],
        grown: Callable[[int], None],
        memory: LogMemory | None,
    ) -> None:
        """Tell ``grown`` of each new size, once it is registered."""
        self._engine = engine
        self._vault = vault
        self._origin = origin
        self._seal_key = seal_key
        self._limits = limits
        self._clock = clock
        self._grown = grown
        self._connection = WritingConnection(engine, origin)
        self._continuity = (
            None if register is None else Continuity(engine, register, origin=origin)
        )
        self._tails = Tails(engine, origin=origin, memory=memory)
        self._clock_record = ClockRecord(engine, origin=origin, shapes=shapes)
        self._lost: Exception | None = None

    def commit(self, jobs: Sequence[Job]) -> None:
        """Commit what fits, and answer everybody.

        Raises:
            What concerns all that have no answer yet, as `Appender.append` says.
        """
        if self._lost is not None:
            raise StorageLostError from self._lost
        try:
            self._commit(jobs)
        except Exception as error:
            self._remember(error)
            raise

    def find(self, submission: uuid.UUID, *, from_seq: int) -> Appended | None:
        """Return where a submission's entries are, as safely as a commit acknowledges them.

        From any thread. Where the register has the head already, nothing is written.

        Raises:
            As `Appender.find`.
        """
        if self._lost is not None:
            raise StorageLostError from self._lost
        try:
            return self._find(submission, from_seq)
        except Exception as error:
            self._remember(error)
            raise

    def _find(self, submission: uuid.UUID, from_seq: int) -> Appended | None:
        registered: Edge | None = None
        with writing(self._engine, self._origin) as writer:
            head = writer.lock().open(self._seal_key)
            if self._continuity is not None:
                _, registered = self._continuity.check(lambda: head)
            found = writer.submitted([submission], from_seq=from_seq, below=head.size)
            writer.settle()
        # Whoever committed it may have died, or been refused, before it was registered.
        if self._continuity is not None:
            self._continuity.advance(head, checked=registered)
        # Another commit of this process may have lost a write while this one read.
        if self._lost is not None:
            raise StorageLostError from self._lost
        return Appended(*found[submission]) if submission in found else None

    def _remember(self, error: Exception) -> None:
        """After a lost write no later success is to be believed: this was the last commit."""
        if self._lost is None and is_storage_lost(error):
            self._lost = error

    def _commit(self, jobs: Sequence[Job]) -> None:
        batch: Batch | None = None
        registered: Edge | None = None
        committing = False
        streams, followed = streams_of(jobs), followed_in(jobs)
        try:
            with self._connection.begun(streams, followed) as (writer, begun):
                head = begun.head.open(self._seal_key)
                if self._continuity is not None:
                    # Under the lock, so nobody can commit and register meanwhile.
                    _, registered = self._continuity.check(lambda: head)
                batch = self._batch(jobs, streams, head, begun, writer)
                batch.take(jobs)
                if not batch.accepted:
                    batch.answer_refused()
                    return
                new = batch.chain.finish()
                writer.write(batch.chain, batch.trackings)
                # Dead before this line: nothing is stored. Dead after it: ask `_read_back`.
                committing = True
                writer.commit(new, seal_key=self._seal_key)
        except Exception as error:
            if batch is None or not committing:
                raise
            if is_storage_lost(error):
                # What is read now may stand in memory alone: it proves nothing of the disk.
                for job, _ in batch.accepted:
                    job.answer.set_exception(_unknown(job, error))
                raise
            self._read_back(batch, error)
        self._acknowledge(batch, registered)

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _batch(
        self,
        jobs: Sequence[Job],
        streams: Sequence[str],
        head: Head,
        begun: Begun,
        writer: Writer,
    ) -> Batch:
        persons = persons_of(jobs)
        keys = self._vault.keys_for_sealing(persons) if persons else {}
        damaged = self._tails.check(head, streams, begun.tails)
        chain = Chain(head, begun.tails, chance.random_bytes, self._clock())
        batch = Batch(chain, Room(), damaged, keys, begun.tracked)
        if self._limits is not None:
            batch.room = self._limits.room(head, now=chain.now)
            if self._limits.is_behind(head, now=chain.now):
                batch.first = self._clock_record.due(writer, chain, self._tails)
        return batch

    def _acknowledge(self, batch: Batch, registered: Edge | None) -> None:
        """Register the new head, then answer: the entries are durable from the commit on."""
        unregistered: Exception | None = None
        head = batch.chain.head
        self._tails.remember(batch.chain.linked_tails())
        try:
            if self._continuity is not None:
                self._continuity.advance(head, checked=registered)
        except Exception as error:  # noqa: BLE001 - told to every submitter
            unregistered = error
            self._remember(error)
        # Sooner than the answers: who signs need not wait until all are awake.
        self._grown(head.size)
        for job, first_seq in batch.accepted:
            if unregistered is None:
                job.answer.set_result(batch.appended(job, first_seq))
            else:
                # Stored, but not out of a database administrator's reach: no promise is given.
                job.answer.set_exception(_unknown(job, unregistered))
        batch.answer_refused()

    def _read_back(self, batch: Batch, error: Exception) -> None:
        """Return if a commit that reported a failure took place all the same.

        Raises:
            The error, where it did not or cannot be told; who has no answer yet gets it.
        """
        jobs = [job for job, _ in batch.accepted]
        chain = batch.chain
        ids = {row.submission for row in chain.rows}
        try:
            with writing(self._engine, self._origin) as writer:
                # Whoever gets the lock knows that the interrupted transaction has ended.
                size = writer.lock().opened(self._seal_key)[0].size
                found = writer.submitted(list(ids), from_seq=chain.first_seq, below=size)
                names = {tracking.application_name for tracking in batch.trackings}
                tracked = writer.tracked(sorted(names))
                writer.settle()
        except Exception as unreachable:
            for job in jobs:
                job.answer.set_exception(_unknown(job, unreachable))
            raise error from unreachable  # for those who were refused: nothing of theirs is in
        # One transaction: what is true of one submission is true of all.
        took_place = bool(found) if chain.rows else are_tracked(tracked, batch.trackings)
        if not took_place:
            raise error


def _unknown(job: Job, cause: Exception) -> OutcomeUnknownError:
    unknown = OutcomeUnknownError(job.submission.id)
    unknown.__cause__ = cause
    return unknown

"""One commit's worth of submissions: which of them fit, and why the others are refused."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from ledger.proof.errors import ProofError
from ledger.store.event import (
    Appended,
    PersonErased,
    StreamDamagedError,
    StreamMovedOn,
    Submission,
    Tracking,
    TrackingMovedOn,
    UnwitnessedError,
)
from ledger.store.limits import Room
from ledger.store.linking import Chain
from ledger.store.preparing import PreparedEvent
from ledger.store.written import Written

DataKeys = Mapping[str, bytes | PersonErased | ProofError]
"""Person → her data key, or why there is none."""


@dataclass(frozen=True, slots=True)
class Job:
    """A submission that waits, prepared, and where its answer goes."""

    submission: Submission
    events: Sequence[PreparedEvent]
    answer: "Future[Appended]"


@dataclass(slots=True)
class Batch:
    """What one commit will store, and whom it answers, with each one's first seq.

    ``damaged`` are streams that must not be built upon, ``keys`` the data keys of all persons
    in it, ``tracked`` the positions so far. ``first`` is what the log itself records before
    the first event of others; without any, it waits for them.
    """

    chain: Chain
    room: Room
    damaged: Mapping[str, StreamDamagedError]
    keys: DataKeys
    tracked: dict[str, int]
    first: tuple[uuid.UUID, PreparedEvent] | None = None
    accepted: list[tuple[Job, int]] = field(default_factory=list)
    refused: list[tuple[Job, Exception]] = field(default_factory=list)
    trackings: list[Tracking] = field(default_factory=list)

    def take(self, jobs: Iterable[Job]) -> None:
        """Extend the head by every submission that fits; set aside those that do not."""
        for job in jobs:
            try:
                self._take(job)
            except (
                StreamMovedOn,
                StreamDamagedError,
                PersonErased,
                TrackingMovedOn,
                UnwitnessedError,
                ProofError,
            ) as refusal:
                self.refused.append((job, refusal))

    def _take(self, job: Job) -> None:
        """Link one submission's events, or raise and leave no trace of it."""
        chain, tracking = self.chain, job.submission.tracking
        self.room.check(size=chain.size, count=len(job.events))
        if self.damaged:
            _check_streams(self.damaged, job)
        if job.submission.unchanged:
            chain.check_unchanged(job.submission.unchanged)
        chain.check_versions(job.events)
        data_keys = _open_keys(self.keys, job.events) if self.keys else {}
        if tracking is not None:
            _check_tracking(self.tracked, tracking)
            self.trackings.append(tracking)
        if self.first is not None and job.events:
            id_, event = self.first
            chain.link(event, data_keys={}, submission=id_)
            self.first = None
        self.accepted.append((job, chain.size))
        for prepared in job.events:
            chain.link(prepared, data_keys=data_keys, submission=job.submission.id)

    def appended(self, job: Job, first_seq: int) -> Appended:
        """Return what is answered to one that was accepted."""
        start, count = first_seq - self.chain.first_seq, len(job.events)
        linked = zip(self.chain.rows[start : start + count], job.events, strict=True)
        written = [Written(row.seq, row.entry, row.leaf, event) for row, event in linked]
        return Appended(first_seq, count, written)

    def answer_refused(self) -> None:
        """Tell who was refused, once what they were refused for can be read."""
        for job, refusal in self.refused:
            job.answer.set_exception(refusal)


def streams_of(jobs: Sequence[Job]) -> list[str]:
    """Return the streams that submissions write to or rest on, each once."""
    streams = {prepared.event.stream: None for job in jobs for prepared in job.events}
    for job in jobs:
        if job.submission.unchanged:
            streams.update(dict.fromkeys(job.submission.unchanged))
    return list(streams)


def persons_of(jobs: Iterable[Job]) -> set[str]:
    """Return whom the personal facts of submissions are about."""
    return {person for job in jobs for event in job.events for person in event.personal}


def followed_in(jobs: Iterable[Job]) -> list[str]:
    """Return the applications whose positions submissions record, each once."""
    trackings = (job.submission.tracking for job in jobs)
    return sorted({each.application_name for each in trackings if each is not None})


def _check_streams(damaged: Mapping[str, StreamDamagedError], job: Job) -> None:
    for stream in streams_of([job]):
        if stream in damaged:
            raise damaged[stream]


def _open_keys(keys: DataKeys, events: Iterable[PreparedEvent]) -> dict[str, bytes]:
    opened: dict[str, bytes] = {}
    for person in {person for prepared in events for person in prepared.personal}:
        key = keys[person]
        if isinstance(key, PersonErased | ProofError):
            raise key
        opened[person] = key
    return opened


def _check_tracking(tracked: dict[str, int], tracking: Tracking) -> None:
    before = tracked.get(tracking.application_name)
    if before is not None and tracking.notification_id <= before:
        raise TrackingMovedOn(
            tracking.application_name, want=before + 1, got=tracking.notification_id
        )
    tracked[tracking.application_name] = tracking.notification_id


def are_tracked(tracked: Mapping[str, int], trackings: Sequence[Tracking]) -> bool:
    """Return whether these are the positions that were recorded last."""
    wanted = {each.application_name: each.notification_id for each in trackings}
    return bool(wanted) and all(tracked.get(name) == at for name, at in wanted.items())

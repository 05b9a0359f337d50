"""One commit's worth of submissions: which of them fit, and why the others are refused."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime

from ledger.proof.errors import ProofError
from ledger.store import chance
from ledger.store.event import (
    Appended,
    PersonErased,
    StreamMovedOn,
    Submission,
    Tracking,
    TrackingMovedOn,
)
from ledger.store.head import Head
from ledger.store.linking import Chain, PreparedEvent
from ledger.store.vault import Vault
from ledger.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Job:
    """A submission that waits, prepared, and where its answer goes."""

    submission: Submission
    events: Sequence[PreparedEvent]
    answer: "Future[Appended]"


def link_batch(
    writer: Writer,
    head: Head,
    batch: Sequence[Job],
    *,
    vault: Vault,
    clock: Callable[[], datetime],
) -> "Batch":
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
    keys = vault.keys_for_sealing(persons) if persons else {}
    chain = Chain(head, writer.tails(sorted(streams)), chance.random_bytes, clock())
    linked = Batch(chain, head.size)
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


@dataclass(slots=True)
class Batch:
    """What one commit will store, and whom it answers, with each one's first seq."""

    chain: Chain
    first_seq: int
    accepted: list[tuple[Job, int]] = field(default_factory=list)
    refused: list[tuple[Job, Exception]] = field(default_factory=list)
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


def are_tracked(tracked: Mapping[str, int], trackings: Sequence[Tracking]) -> bool:
    """Return whether these are the positions that were recorded last."""
    wanted = {each.application_name: each.notification_id for each in trackings}
    return bool(wanted) and all(tracked.get(name) == at for name, at in wanted.items())

"""Heads that somebody was once shown: each must be signed, and the log begin with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ledger.audit.finding import Code, Finding, Tally, Unchecked
from ledger.audit.source import Mark
from ledger.proof.checkpoint import Checkpoint, parse_checkpoint, verify_lines
from ledger.proof.entry import parse_time
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.merkle import Edge
from ledger.proof.note import SignedNote, VerifierKey, parse_note
from ledger.proof.policy import NO_QUORUM, Policy


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom the auditor believes: the log's keys, and a policy that names witnesses.

    ``own_word`` is true where the keys come from the very thing that is being checked.
    """

    log_keys: tuple[VerifierKey, ...]
    policy: Policy | None = None
    own_word: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """A mark whose root waits to be compared; ``edge`` is that of its stretch alone."""

    keeper: str
    checkpoint: Checkpoint
    edge: Edge


@dataclass(frozen=True, slots=True)
class Stretch:
    """Leaves and times of a part of the log; a time is None where no entry could be read."""

    start: int
    leaves: Sequence[bytes]
    times: Sequence[str | None]


class MarkCheck:
    """Checks the marks of one stretch of the log."""

    def __init__(self, origin: str, trust: Trust, clock_bound_s: int, tally: Tally) -> None:
        self._origin = origin
        self._trust = trust
        self._bound_s = clock_bound_s
        self._tally = tally
        self.notes = 0

    def check(self, marks: Iterable[Mark], stretch: Stretch) -> tuple[list[Seen], Edge]:
        """Check the marks inside a stretch, ascending by size.

        Returns what is to be compared once the tree before the stretch is known, and the
        edge of the whole stretch.
        """
        seen: list[Seen] = []
        edge = Edge()
        for mark in marks:
            while edge.size < mark.size - stretch.start:
                edge.append(stretch.leaves[edge.size])
            checkpoint = self.open(mark, stretch)
            if checkpoint is not None and _belongs(mark, stretch):
                seen.append(Seen(mark.keeper, checkpoint, edge.copy()))
        while edge.size < len(stretch.leaves):
            edge.append(stretch.leaves[edge.size])
        return seen, edge

    def open(self, mark: Mark, stretch: Stretch) -> Checkpoint | None:
        """Return the checkpoint of a mark, or None after having noted what is wrong with it."""
        if isinstance(mark.head, Checkpoint):
            return mark.head
        belongs = _belongs(mark, stretch)
        self.notes += belongs
        try:
            checkpoint, note = self._verify(mark.size, mark.head)
            timestamps = self._witnessed(note)
            if not timestamps and belongs:
                self._not_witnessed(mark)
            for timestamp in timestamps:
                self._check_clock(mark.size, timestamp, stretch)
        except (MalformedError, ProofError) as error:
            if belongs:
                detail = f"{mark.keeper}, size {mark.size}: {getattr(error, 'step', 'note')}"
                finding = Finding(
                    Code.CHECKPOINT_SIGNATURE, None, detail, error.want, error.got
                )
                self._tally.add(finding)
            return None
        return checkpoint

    def _verify(self, size: int, data: bytes) -> tuple[Checkpoint, SignedNote]:
        note = parse_note(data)
        checkpoint = parse_checkpoint(note.text)
        if (checkpoint.origin, checkpoint.size) != (self._origin, size):
            raise ProofError(
                "checkpoint", [self._origin, size], [checkpoint.origin, checkpoint.size]
            )
        signed = [key for key in self._trust.log_keys if verify_lines(note, key)]
        if not signed:
            raise ProofError(
                "signature",
                [key.text() for key in self._trust.log_keys],
                [line.name for line in note.signatures],
            )
        return checkpoint, note

    def _witnessed(self, note: SignedNote) -> list[int]:
        """Return when witnesses of the policy saw it; nothing where no quorum of them did."""
        if self._trust.policy is None or self._trust.policy.quorum == NO_QUORUM:
            return []
        try:
            cosignatures = self._trust.policy.verify(note).cosignatures
        except ProofError as error:
            if error.step != "quorum":
                raise
            return []
        return [cosignature.timestamp for cosignature in cosignatures]

    def _not_witnessed(self, mark: Mark) -> None:
        """Without its quorum the newest checkpoint of an export is not to be relied upon."""
        policy = self._trust.policy
        if mark.newest and policy is not None and policy.quorum != NO_QUORUM:
            detail = f"{mark.keeper}, size {mark.size}"
            finding = Finding(Code.CHECKPOINT_QUORUM, None, detail, policy.quorum)
            self._tally.add(finding)
        else:
            self._tally.leave(Unchecked.NOT_WITNESSED)

    def _check_clock(self, size: int, timestamp: int, stretch: Stretch) -> None:
        """Entries before a cosignature are not younger than it, those after not older."""
        at = size - stretch.start
        before = stretch.times[at - 1] if at > 0 else None
        after = stretch.times[at] if at < len(stretch.times) else None
        latest, earliest = timestamp + self._bound_s, timestamp - self._bound_s
        if before is not None and parse_time(before).timestamp() > latest:
            self._doubt(size - 1, f"at most {_instant(latest)}", before)
        if after is not None and parse_time(after).timestamp() < earliest:
            self._doubt(size, f"at least {_instant(earliest)}", after)

    def _doubt(self, seq: int, want: str, got: str) -> None:
        detail = "further from a witness's time than allowed"
        self._tally.add(Finding(Code.CLOCK_IN_DOUBT, seq, detail, want, got))


def _belongs(mark: Mark, stretch: Stretch) -> bool:
    """A mark at the very start belongs to the stretch before, if there is one."""
    return mark.size > stretch.start or mark.size == 0


def _instant(seconds: int) -> str:
    # A witness may sign any 63 bits as its time, whether there is such a year or not.
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%FT%TZ}"
    except (ValueError, OverflowError, OSError):
        return f"{seconds} s after 1970"

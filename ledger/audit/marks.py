"""Heads that somebody was once shown: each must be signed, and the log begin with it.

A stretch knows only the keys that the auditor trusts. What none of them signs is left to the
whole, which has learned from the log itself which other keys there were.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import ceil

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
class Opened:
    """A mark whose form is right: who of the given keys signs it, and whether a quorum saw it.

    ``signers`` are places among the given keys, none where no key of them signs; None for a
    head register, which nobody signs. ``strangers`` are the key IDs of further lines that
    bear the log's name.
    """

    checkpoint: Checkpoint
    signers: tuple[int, ...] | None = None
    witnessed: bool = False
    strangers: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A mark whose root waits to be compared; ``edge`` is that of its stretch alone."""

    mark: Mark
    opened: Opened
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
            # Of what a database keeps as a size, half an entry counts as one.
            edge.extend(stretch.leaves[edge.size : ceil(mark.size - stretch.start)])
            opened = self.open(mark, stretch)
            if opened is not None and _belongs(mark, stretch):
                unsigned = opened.signers == ()
                # Held only until the whole has looked: a note may be long.
                kept = mark if unsigned else replace(mark, head=opened.checkpoint)
                seen.append(Seen(kept, opened, edge.copy()))
        edge.extend(stretch.leaves[edge.size :])
        return seen, edge

    def open(self, mark: Mark, stretch: Stretch) -> Opened | None:
        """Return what a mark shows, or None after having noted what is wrong with it."""
        if isinstance(mark.head, Checkpoint):
            return Opened(mark.head)
        belongs = _belongs(mark, stretch)
        self.notes += belongs
        try:
            opened, timestamps = self._verify(mark.size, mark.head)
            for timestamp in timestamps:
                self._check_clock(mark.size, timestamp, stretch)
        except (MalformedError, ProofError) as error:
            if belongs:
                self._unsigned(mark, getattr(error, "step", "note"), error.want, error.got)
            return None
        if opened.signers and not opened.witnessed and belongs:
            self.not_witnessed(mark)
        return opened

    def unsigned(self, mark: Mark) -> None:
        """Say that none of the keys signs a mark."""
        keys = [key.text() for key in self._trust.log_keys]
        self._unsigned(mark, "signature", keys, None)

    def _unsigned(self, mark: Mark, step: str, want: object, got: object) -> None:
        detail = f"{mark.keeper}, size {mark.size}: {step}"
        self._tally.add(Finding(Code.CHECKPOINT_SIGNATURE, None, detail, want, got))

    def _verify(self, size: int, data: bytes) -> tuple[Opened, list[int]]:
        note = parse_note(data)
        checkpoint = parse_checkpoint(note.text)
        if (checkpoint.origin, checkpoint.size) != (self._origin, size):
            raise ProofError(
                "checkpoint", [self._origin, size], [checkpoint.origin, checkpoint.size]
            )
        keys = self._trust.log_keys
        signers = tuple(place for place, key in enumerate(keys) if verify_lines(note, key))
        known = {key.id for key in keys}
        strangers = {
            line.key_id
            for line in note.signatures
            if line.name == self._origin and line.key_id not in known
        }
        timestamps = self._witnessed(note)
        opened = Opened(checkpoint, signers, bool(timestamps), tuple(sorted(strangers)))
        return opened, timestamps

    def _witnessed(self, note: SignedNote) -> list[int]:
        """Return when witnesses of the policy saw it; nothing where no quorum of them did.

        Raises:
            ProofError: A line of a witness fails.
        """
        policy = self._trust.policy
        if policy is None or policy.quorum == NO_QUORUM:
            return []
        cosignatures = list(policy.cosignatures(note))
        agreed = policy.is_quorum([cosignature.witness for cosignature in cosignatures])
        return [cosignature.timestamp for cosignature in cosignatures] if agreed else []

    def not_witnessed(self, mark: Mark) -> None:
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
        before = stretch.times[at - 1] if 0 < at <= len(stretch.times) else None
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

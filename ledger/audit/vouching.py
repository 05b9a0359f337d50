"""Whether those who signed a checkpoint may vouch for its size, as far as can be established.

What a key of the log is worth at a size (`docs/keys.md` has the same as a table):

- in force and certainly not retired since: its word is enough;
- in force, but retired since, or maybe: only with a quorum of witnesses, on this checkpoint
  or on a later one of the same tree;
- known only from the log: as above, once a trusted key vouches for the rotation;
- not in force at that size: its word is worth nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise

from ledger.audit.finding import Code, Finding, Tally, Unchecked
from ledger.audit.key_history import KeyHistory, Term
from ledger.proof.note import VerifierKey

RUNS_MAX = 10_000


class Word(IntEnum):
    """What a signature is worth; of several the best counts."""

    NOT_IN_FORCE = 0
    CANNOT_TELL = 1
    COUNTS = 2


@dataclass(slots=True)
class Run:
    """Checkpoints in a row by the same keys, with no rotation between; sizes ascending."""

    signers: tuple[VerifierKey, ...]
    keeper: str
    first: int
    last: int
    count: int = 1


@dataclass(slots=True)
class Runs:
    """All checkpoints that agree with the tree, kept as runs: memory grows with the keys."""

    runs: list[Run] = field(default_factory=list)
    covered: int = 0
    """The largest size at which a quorum of witnesses has seen this tree."""
    beyond: int = 0

    def add(
        self,
        signers: tuple[VerifierKey, ...],
        keeper: str,
        size: int,
        *,
        rotations: Sequence[int],
    ) -> None:
        """Take in the next checkpoint; ``rotations`` are the seqs of those known so far."""
        last = self.runs[-1] if self.runs else None
        if (
            last is not None
            and last.signers == signers
            and last.last <= size
            and _term(last.last, rotations) == _term(size, rotations)
        ):
            last.last = size
            last.count += 1
        elif len(self.runs) < RUNS_MAX:
            self.runs.append(Run(signers, keeper, size, size))
        else:
            self.beyond += 1


class Vouching:
    """Judges signers by the history of keys and by whom the auditor trusts."""

    def __init__(
        self, history: KeyHistory, trusted: Sequence[VerifierKey], signed: Runs
    ) -> None:
        self._history = history
        self._trusted = trusted
        self._signed = signed
        self._established = set[VerifierKey]()
        self._establish()

    def report(self, tally: Tally) -> None:
        """Name what was signed out of term, and count what rests on a key in doubt."""
        for run in self._signed.runs:
            word = self.judge(run.signers, run.last)
            if word is Word.NOT_IN_FORCE:
                tally.add(self.finding(run))
            elif word is Word.CANNOT_TELL:
                tally.leave(Unchecked.KEY_ROTATION, count=run.count)
        doubts = self._signed.beyond + self._history.gaps
        if doubts:
            tally.leave(Unchecked.KEY_ROTATION, count=doubts)

    def judge(self, signers: Sequence[VerifierKey], size: int) -> Word:
        """Return what all signers of a checkpoint are worth together."""
        return max(
            (self._word(key, size, signers) for key in signers), default=Word.CANNOT_TELL
        )

    def finding(self, run: Run) -> Finding:
        """Return what is to be said of checkpoints by keys that were not in force."""
        more = f", {run.count} from size {run.first} on" if run.count > 1 else ""
        terms = [term for term in self._history.terms() if term.covers(run.last)]
        return Finding(
            Code.CHECKPOINT_KEY_NOT_IN_FORCE,
            None,
            f"{run.keeper}, size {run.last}{more}",
            [term.key.label for term in terms],
            [key.label for key in run.signers],
        )

    def _word(self, key: VerifierKey, size: int, signers: Sequence[VerifierKey]) -> Word:
        term = self._history.find(key)
        chain = self._history.chains[key.type]
        alike = [each for each in self._trusted if each.type is key.type]
        if term is None and chain and not self._history.unread:
            return Word.NOT_IN_FORCE
        if term is not None and not term.covers(size):
            return Word.NOT_IN_FORCE
        if term is not None and key not in self._established:
            return Word.CANNOT_TELL
        if self._is_current(term, alike, signers) or size <= self._signed.covered:
            return Word.COUNTS
        return Word.CANNOT_TELL

    def _is_current(
        self,
        term: Term | None,
        alike: Sequence[VerifierKey],
        signers: Sequence[VerifierKey],
    ) -> bool:
        """Return whether no other key can have taken this one's place.

        Where all trusted keys of a kind have signed, whichever is in force has.
        """
        if set(alike) <= set(signers) and alike:
            return term is None or term.until is None
        chain = [] if term is None else self._history.chains[term.key.type]
        named = {each.key for each in chain}
        return term is not None and term.until is None and set(alike) <= named

    def _establish(self) -> None:
        """Believe a key that the log names because a believed one vouches for its rotation."""
        for chain in self._history.chains.values():
            self._established |= {term.key for term in chain if term.key in self._trusted}
            for older, newer in pairwise(chain):
                if older.key in self._established and self._hands_over(older):
                    self._established.add(newer.key)
            for newer, older in pairwise(reversed(chain)):
                if newer.key in self._established and any(self._signed_in(newer)):
                    self._established.add(older.key)

    def _hands_over(self, older: Term) -> bool:
        """Return whether the old key and a quorum vouch for the tree that ends in its end."""
        return older.until is not None and (
            older.until <= self._signed.covered
            and any(run.first <= older.until <= run.last for run in self._signed_in(older))
        )

    def _signed_in(self, term: Term) -> Iterator[Run]:
        """Yield what a key has signed while it was in force."""
        for run in self._signed.runs:
            if term.key in run.signers and term.covers(run.first):
                yield run


def _term(size: int, rotations: Sequence[int]) -> int:
    """Return a number that is another one on either side of a rotation, and at it."""
    return sum((seq < size) + (seq + 1 < size) for seq in rotations)

"""Who signed which mark, judged by the keys that the log names and those that are trusted."""

from dataclasses import replace

from ledger.audit.finding import Tally, Unchecked
from ledger.audit.key_history import KeyEvents, KeyHistory
from ledger.audit.marks import MarkCheck, Opened, Seen, Stretch, Trust
from ledger.audit.source import Mark
from ledger.audit.vouching import RUNS_MAX, Run, Runs, Vouching, Word
from ledger.proof.checkpoint import Checkpoint
from ledger.proof.note import VerifierKey

STRANGERS_MAX = 1_000


class SignedMarks:
    """Takes in the marks in order of their sizes, each after the entries before it."""

    def __init__(self, trust: Trust, *, origin: str, clock_bound_s: int) -> None:
        self._trust = trust
        self._origin = origin
        self._clock_bound_s = clock_bound_s
        self._signed = Runs()
        self._unsigned: list[Mark] = []
        self._strangers: dict[bytes, int] = {}
        self._rotations: list[int] = []
        self.tally = Tally()
        self.learn(KeyEvents())

    def learn(self, events: KeyEvents) -> None:
        """Take in which keys the log has named so far."""
        self.history = KeyHistory(events, origin=self._origin)
        self._rotations = events.rotations()
        named = [term.key for term in self.history.terms()]
        trusted = self._trust.log_keys
        # A log that names no trusted key may name whom it likes: it has no word here.
        more = (
            tuple(key for key in named if key not in trusted) if set(named) & {*trusted} else ()
        )
        self._keys = (*trusted, *more)
        trust = Trust(self._keys, self._trust.policy, self._trust.own_word)
        self._check = MarkCheck(self._origin, trust, self._clock_bound_s, self.tally)

    def take(self, seen: Seen, *, agreed: bool) -> bool:
        """Take in a mark that agrees with the tree, or not; return whether anybody signed it.

        What none of the trusted keys signs is looked at again with those that the log names.
        """
        opened: Opened | None = seen.opened
        if agreed and seen.opened.witnessed:
            self._signed.covered = max(self._signed.covered, seen.opened.checkpoint.size)
        if seen.opened.signers == ():
            opened = self._look_again(seen.mark, agreed=agreed)
        if opened is None:
            return False
        if agreed and opened.signers is not None:
            self._add(seen.mark.keeper, opened)
        return True

    def beyond(self, mark: Mark, size: int) -> Checkpoint | None:
        """Return the head that a mark larger than the log shows, if it is worth anything."""
        opened = self._check.open(mark, Stretch(size, (), ()))
        if opened is None or opened.signers is None:
            return None if opened is None else opened.checkpoint
        if not opened.signers:
            self._check.unsigned(mark)
            return None
        signers = self._of(opened)
        vouching = Vouching(self.history, self._trust.log_keys, self._signed)
        if vouching.judge(signers, mark.size) is Word.NOT_IN_FORCE:
            run = Run(signers, mark.keeper, mark.size, mark.size)
            self.tally.add(vouching.finding(run))
            return None
        return opened.checkpoint

    def conclude(self) -> None:
        """Judge all signers now that every rotation and every quorum is known."""
        for finding in self.history.findings:
            self.tally.add(finding)
        for mark in self._unsigned:
            if mark.size <= self._signed.covered:
                self.tally.leave(Unchecked.KEY_ROTATION)
            else:
                self._check.unsigned(mark)
        Vouching(self.history, self._trust.log_keys, self._signed).report(self.tally)
        known = {key.id for key in self._keys}
        for key_id, count in self._strangers.items():
            if key_id not in known:
                self.tally.leave(Unchecked.SIGNATURE_KEY_UNKNOWN, key_id.hex(), count=count)

    def _look_again(self, mark: Mark, *, agreed: bool) -> Opened | None:
        # As the last of a stretch, so that what is wrong with it is said here.
        opened = self._check.open(mark, Stretch(mark.size - 1, (), ()))
        if opened is None or opened.signers:
            return opened
        if agreed and self.history.unread and len(self._unsigned) < RUNS_MAX:
            # An event that nobody could read may name its key: a quorum is to decide.
            self._unsigned.append(replace(mark, head=opened.checkpoint))
        else:
            self._check.unsigned(mark)
        return None

    def _add(self, keeper: str, opened: Opened) -> None:
        size = opened.checkpoint.size
        self._signed.add(self._of(opened), keeper, size, rotations=self._rotations)
        for key_id in opened.strangers:
            if key_id in self._strangers or len(self._strangers) < STRANGERS_MAX:
                self._strangers[key_id] = self._strangers.get(key_id, 0) + 1

    def _of(self, opened: Opened) -> tuple[VerifierKey, ...]:
        return tuple(self._keys[place] for place in opened.signers or ())

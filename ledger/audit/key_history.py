"""Which key vouches for which sizes, as the log itself tells it (log format, section 5).

Entry 0 names the first key, and each `key.rotated` at seq N the next: the old one vouches
for sizes up to N + 1, the new one from N + 1 on. Ed25519 and ML-DSA-44 keys succeed one
another apart; entry 0 names no ML-DSA-44 key, so the first rotation tells which was there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ledger.audit.finding import Code, Finding
from ledger.proof.canonical import Value
from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.errors import MalformedError
from ledger.proof.note import KeyType, VerifierKey, parse_note, parse_vkey
from ledger.proof.shapes import KEY_ROTATED, LEDGER_OPENED

EVENTS_MAX = 1_000
"""Of a log that rotates its key more often than that, the rest counts as unread."""
_NEEDED = {
    LEDGER_OPENED: {"key", "origin", "predecessor"},
    KEY_ROTATED: {"key", "previous_key"},
}


@dataclass(slots=True)
class KeyEvents:
    """The events of a log that name its keys, ascending by seq, as their facts have them.

    ``unread`` counts the events whose facts nobody could read: each may be one of these;
    ``withheld`` counts those that surely are.
    """

    found: list[tuple[int, Mapping[str, Value]]] = field(default_factory=list)
    unread: int = 0
    withheld: int = 0

    def take(self, seq: int, facts: Mapping[str, Value]) -> None:
        """Keep an event if it names a key."""
        needed = _NEEDED.get(str(facts.get("type")))
        if needed is None:
            return
        if needed <= facts.keys():
            self._keep([(seq, facts)])
        else:
            self.withheld += 1

    def absorb(self, later: "KeyEvents") -> None:
        """Take in the events of a later part of the log."""
        self.unread += later.unread
        self.withheld += later.withheld
        self._keep(later.found)

    def rotations(self) -> list[int]:
        """Return where a key is said to be rotated, ascending."""
        return [seq for seq, facts in self.found if facts.get("type") == KEY_ROTATED]

    def _keep(self, found: list[tuple[int, Mapping[str, Value]]]) -> None:
        room = EVENTS_MAX - len(self.found)
        self.found += found[:room]
        self.unread += len(found[room:])


@dataclass(slots=True)
class Term:
    """A key and the sizes for which it may vouch; ``until`` is None for the current one."""

    key: VerifierKey
    since: int
    until: int | None = None

    def covers(self, size: int) -> bool:
        """Return whether the key may vouch for a checkpoint of this size."""
        return self.since <= size and (self.until is None or size <= self.until)


class KeyHistory:
    """All keys of a log, in the order in which they were in force.

    ``findings`` tell of broken links. A rotation that does not hold puts no key in force.
    """

    def __init__(self, events: KeyEvents, *, origin: str) -> None:
        self._origin = origin
        self.unread = events.unread
        self.findings: list[Finding] = []
        self.gaps = events.withheld
        """Rotations that were withheld, or that do not follow from the one read before."""
        self.chains: dict[KeyType, list[Term]] = {KeyType.ED25519: [], KeyType.MLDSA44: []}
        for seq, facts in events.found:
            if facts.get("type") == LEDGER_OPENED:
                self._open(seq, facts)
            else:
                self._rotate(seq, facts)

    def terms(self) -> list[Term]:
        """Return every key with its sizes, Ed25519 first, the oldest first."""
        return [term for chain in self.chains.values() for term in chain]

    def find(self, key: VerifierKey) -> Term | None:
        """Return the sizes of a key, or None where the log does not name it."""
        chain = self.chains.get(key.type, ())
        return next((term for term in chain if term.key == key), None)

    def may_sign(self, key: VerifierKey, size: int) -> bool:
        """Return whether nothing speaks against a key of the log at this size.

        A key that the log does not name may be one that it names where it was cut off.
        """
        term = self.find(key)
        return term is None or term.covers(size)

    def _open(self, seq: int, facts: Mapping[str, Value]) -> None:
        key = self._own_key(facts.get("key"))
        wrong = [
            name
            for name, right in (
                ("seq", seq == 0),
                ("origin", facts.get("origin") == self._origin),
                ("key", key is not None and key.type is KeyType.ED25519),
                ("predecessor", self._is_predecessor(facts.get("predecessor"))),
            )
            if not right
        ]
        if wrong:
            detail = f"ledger.opened: {', '.join(wrong)}"
            want = "at seq 0: this log's name and Ed25519 key, and null or another's checkpoint"
            self.findings.append(Finding(Code.LEDGER_OPENED, seq, detail, want))
        elif key is not None:
            self.chains[key.type].append(Term(key, since=0))

    def _is_predecessor(self, predecessor: Value) -> bool:
        """Null, or the signed checkpoint with which another log was closed."""
        if predecessor is None:
            return True
        try:
            note = parse_note(str(predecessor).encode("utf-8"))
            return parse_checkpoint(note.text).origin != self._origin
        except MalformedError:
            return False

    def _rotate(self, seq: int, facts: Mapping[str, Value]) -> None:
        key, named = self._own_key(facts.get("key")), facts.get("previous_key")
        previous = self._own_key(named)
        if key is None or (previous is None and named is not None):
            self._broken(seq, "a key that is none of this log", self._origin, None)
            return
        chain = self.chains[key.type]
        if not chain and previous is not None and previous.type is key.type:
            chain.append(Term(previous, since=0))  # nothing earlier says which key it was
        known = [term.key for term in self.terms()]
        if key in known:
            self._broken(seq, "back to a key that was in force before", "a new key", key.label)
        elif chain and previous == chain[-1].key:
            self._succeed(key, seq)
        elif not chain and previous is None and key.type is KeyType.MLDSA44:
            chain.append(Term(key, since=seq + 1))
        elif chain and previous is not None and previous not in known and self.unread:
            self.gaps += 1  # another rotation may lie between, which nobody could read
        else:
            want = chain[-1].key.text() if chain else None
            got = None if previous is None else previous.text()
            self._broken(seq, "previous_key is not the key in force", want, got)

    def _succeed(self, key: VerifierKey, seq: int) -> None:
        chain = self.chains[key.type]
        chain[-1].until = seq + 1
        chain.append(Term(key, since=seq + 1))

    def _own_key(self, text: Value) -> VerifierKey | None:
        """Return a key that may sign this log's checkpoints, or None for anything else."""
        try:
            key = parse_vkey(text) if isinstance(text, str) else None
        except MalformedError:
            return None
        fits = key is not None and key.name == self._origin and key.type in self.chains
        return key if fits else None

    def _broken(self, seq: int, detail: str, want: object, got: object) -> None:
        self.findings.append(Finding(Code.KEY_ROTATION_BROKEN, seq, detail, want, got))

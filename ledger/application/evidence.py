"""What others were shown of a log: checkpoints it signed, in receipts and with witnesses.

What is larger than the database shows that entries are missing, and receipts tell which.
What is smaller must be a beginning of it. Nothing counts that no key of the log signs.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import sqlalchemy as sa

from ledger.application.witness_testimony import WitnessWord
from ledger.audit.key_history import KeyHistory
from ledger.proof.checkpoint import Checkpoint, parse_checkpoint, verify_lines
from ledger.proof.disclosure import disclosed_facts, parse_proven_event, verify_disclosure
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.merkle import verify_inclusion
from ledger.proof.note import SignedNote, VerifierKey, parse_note
from ledger.proof.policy import Policy
from ledger.proof.shapes import Shapes
from ledger.proof.tlog_proof import parse_tlog_proof
from ledger.store.contradiction import Contradiction
from ledger.store.event import RolledBackError
from ledger.store.register import HeadRegister
from ledger.store.tree import StoredTree


@dataclass(frozen=True, slots=True)
class Shown:
    """A head of the log that somebody keeps; ``note`` is None where nobody signed it."""

    keeper: str
    checkpoint: Checkpoint
    note: bytes | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """An entry that somebody can prove: its place, and what its receipt shows of it."""

    seq: int
    type: str
    time: str
    shown: Shown


@dataclass(frozen=True, slots=True)
class Missing:
    """Entries that were signed for and are not held: from ``first`` on, ``count`` of them."""

    first: int
    count: int
    shown: Shown
    receipts: tuple[Receipt, ...]

    @property
    def last(self) -> int:
        """The last entry that is missing."""
        return self.first + self.count - 1


@dataclass(frozen=True, slots=True)
class Verifier:
    """Reads evidence about one log: whose keys count, and which shapes are published.

    With a ``history``, a key counts only for the sizes for which it was in force.
    """

    origin: str
    keys: Sequence[VerifierKey]
    shapes: Shapes
    history: KeyHistory | None = None

    def open(self, keeper: str, data: bytes) -> Shown:
        """Return what a signed note shows.

        Raises:
            MalformedError: It is no signed checkpoint.
            ProofError: No key that counts at its size signs it, or it is of another log.
        """
        note = parse_note(data)
        return Shown(keeper, self._checked(note), note.encode())

    def receipt(self, name: str, data: bytes) -> Receipt:
        """Return what a receipt (``.tlog-proof``) proves.

        Raises:
            MalformedError: It is no receipt of this log.
            ProofError: It does not hold.
        """
        proof = parse_tlog_proof(data)
        checkpoint = self._checked(proof.note)
        event = parse_proven_event(proof.extra or b"")
        verify_inclusion(
            event.entry.leaf(),
            leaf_index=proof.index,
            tree_size=checkpoint.size,
            path=proof.path,
            root=checkpoint.root,
        )
        verify_disclosure(event.disclosure, facts=event.entry.facts, shapes=self.shapes)
        shown = Shown(f"receipt {name}", checkpoint, proof.note.encode())
        kind = disclosed_facts(event.disclosure).get("type")
        return Receipt(proof.index, str(kind), event.entry.time, shown)

    def _checked(self, note: SignedNote) -> Checkpoint:
        checkpoint = parse_checkpoint(note.text)
        if checkpoint.origin != self.origin:
            raise ProofError("checkpoint: origin", self.origin, checkpoint.origin)
        counting = [
            key
            for key in self.keys
            if self.history is None or self.history.may_sign(key, checkpoint.size)
        ]
        if not [key for key in counting if verify_lines(note, key)]:
            got = [line.name for line in note.signatures]
            raise ProofError("signature", f"a key of {self.origin}", got)
        return checkpoint


def registered(register: HeadRegister, origin: str) -> list[Shown]:
    """Return what the head register says, and the contradicted head that lies beside it.

    Raises:
        MalformedError: One of the files is damaged.
    """
    shown = []
    edge = register.read()
    if edge is not None:
        shown.append(Shown("head register", Checkpoint(origin, edge.size, edge.root())))
    seen = Contradiction(register.path).seen()
    if seen is not None:
        shown.append(Shown("head that was contradicted", seen))
    return shown


def heard(
    verifier: Verifier, words: Iterable[WitnessWord], policy: Policy, *, size: int
) -> tuple[list[Shown], list[str]]:
    """Return what witnesses hold that the log signed, and who says that it was no larger.

    Whoever shows a checkpoint has to have cosigned it, or anybody in between could show an
    old one. One that only names a size is believed if that is not larger than ``size``.
    """
    shown: list[Shown] = []
    agreeing: list[str] = []
    keys = {witness.name: witness.key for witness in policy.witnesses}
    for word in words:
        if word.note is None:
            if word.size is not None and word.size <= size:
                agreeing.append(word.witness)
            continue
        with suppress(MalformedError, ProofError, KeyError):
            each = verifier.open(f"witness {word.witness}", word.note)
            shown.append(each)
            cosigned = verify_lines(parse_note(word.note), keys[word.witness])
            if cosigned and each.checkpoint.size <= size:
                agreeing.append(word.witness)
    return shown, agreeing


def find_missing(
    engine: sa.Engine, *, origin: str, size: int, shown: Iterable[Shown],
    receipts: Collection[Receipt] = (),
) -> Missing | None:  # fmt: skip
    """Return what a log of ``size`` stored entries lacks, or None where it lacks nothing.

    Raises:
        RolledBackError: The log does not begin with what somebody was shown: it was forked.
    """
    largest: Shown | None = None
    with engine.connect() as connection:
        tree = StoredTree(connection, origin=origin)
        for each in shown:
            if each.checkpoint.size <= size:
                _compare(tree, each.checkpoint)
            elif largest is None or each.checkpoint.size > largest.checkpoint.size:
                largest = each
    if largest is None:
        return None
    count = largest.checkpoint.size - size
    known = sorted((each for each in receipts if each.seq >= size), key=lambda each: each.seq)
    return Missing(size, count, largest, tuple(known))


def _compare(tree: StoredTree, want: Checkpoint) -> None:
    try:
        got = Checkpoint(want.origin, want.size, tree.root(tree_size=want.size)).text()
    except ProofError as error:
        got = str(error)
    if got != want.text():
        raise RolledBackError(want=want.text(), got=got)


def read_evidence(
    verifier: Verifier, files: Iterable[tuple[str, bytes]]
) -> tuple[list[Shown], list[Receipt]]:
    """Return what files show, each a receipt or a signed checkpoint.

    Raises:
        MalformedError: One is neither.
        ProofError: One does not hold.
    """
    shown: list[Shown] = []
    receipts: list[Receipt] = []
    for name, data in files:
        try:
            shown.append(verifier.open(f"file {name}", data))
        except MalformedError:
            receipts.append(verifier.receipt(name, data))
    return [*shown, *(each.shown for each in receipts)], receipts

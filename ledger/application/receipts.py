"""Receipts 回执: the entries of one append, each with its proof under a signed checkpoint.

A receipt is made anew whenever it is asked for, and is the same each time: it rests on the
first stored checkpoint that covers its entries. (Where several processes sign at the same
moment, a smaller one may be stored later; both receipts hold.) Plain facts are disclosed,
personal ones withheld: whoever keeps a receipt keeps nothing of a person.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from ledger.proof.canonical import Value
from ledger.proof.checkpoint import Checkpoint, parse_checkpoint
from ledger.proof.disclosure import plain_text
from ledger.proof.errors import ProofError
from ledger.proof.facts import ToldFacts
from ledger.proof.merkle import Subtree, leaf_hash
from ledger.proof.neighbours import prove_neighbours
from ledger.proof.note import SignedNote, parse_note
from ledger.proof.personal import PersonalDigests
from ledger.proof.tlog_proof import TlogProof
from ledger.store.covering import IsSigned, first_covering
from ledger.store.event import Appended
from ledger.store.proven_rows import bind
from ledger.store.schema import entries
from ledger.store.together import TogetherFor
from ledger.store.tree_memory import TreeMemory
from ledger.store.written import Written

_ROWS = (
    sa.select(entries.c.seq, entries.c.entry, entries.c.plain, entries.c.personal)
    .where(entries.c.log == sa.bindparam("log"))
    .where(entries.c.seq >= sa.bindparam("first"), entries.c.seq < sa.bindparam("end"))
    .order_by(entries.c.seq)
)


@dataclass(frozen=True, slots=True)
class ReceiptEntry:
    """One entry of a receipt; ``proof`` is the content of a `.tlog-proof` file.

    ``facts`` are its plain facts, which the proof discloses.
    """

    seq: int
    stream: str
    version: int
    type: str
    proof: str
    facts: Mapping[str, Value] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What proves an append; ``checkpoint`` is the signed note under which each proof holds."""

    submission: UUID
    checkpoint: str
    entries: tuple[ReceiptEntry, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the receipt as it is handed out."""
        return {
            "submission": str(self.submission),
            "checkpoint": self.checkpoint,
            "entries": [
                {
                    "seq": each.seq,
                    "stream": each.stream,
                    "version": each.version,
                    "type": each.type,
                    "proof": each.proof,
                }
                for each in self.entries
            ],
        }


@dataclass(frozen=True, slots=True)
class _Covered:
    """A signed checkpoint, and what proofs under it are put together from."""

    note: SignedNote
    checkpoint: Checkpoint
    subtree: Subtree


class _Hashed(NamedTuple):
    """An entry with what its commitment was made of."""

    seq: int
    entry: bytes
    leaf: bytes
    told: ToldFacts
    personal: PersonalDigests
    facts: Mapping[str, Value]


class Receipts:
    """Makes receipts of one ledger; who ask at once share a signature and a reading."""

    def __init__(
        self,
        engine: sa.Engine,
        *,
        origin: str,
        publish: Callable[[], bytes],
        is_signed: IsSigned,
        tree: TreeMemory | None = None,
    ) -> None:
        """``publish`` signs all that is committed, and stores the note.

        ``tree`` is what the process remembers of the log's tree.
        """
        self._tree = tree or TreeMemory(origin=origin)
        self._engine = engine
        self._origin = origin
        self._publish = publish
        self._is_signed = is_signed
        self._make = TogetherFor(self._made_for_all)

    def checkpoint(self) -> tuple[Checkpoint, str]:
        """Return a checkpoint of all that is committed, with the note that is signed over it.

        Raises:
            As `Publisher.publish`.
        """
        note = self._publish()
        return parse_checkpoint(parse_note(note).text), note.decode("utf-8")

    def of(self, appended: Appended, submission: UUID) -> Receipt:
        """Return the receipt of what was appended.

        Raises:
            ProofError: What is stored does not add up to the checkpoint; audit the log.
            As `Publisher.publish`.
        """
        return self.of_all([(appended, submission)])[0]

    def of_all(self, asked: Sequence[tuple[Appended, UUID]]) -> Sequence[Receipt]:
        """Return the receipts of several appends, each with its submission.

        Raises:
            As `of`.
        """
        return self._make(asked)

    def _made_for_all(
        self, asked: Sequence[Sequence[tuple[Appended, UUID]]]
    ) -> Sequence[Sequence[Receipt]]:
        receipts = iter(self._made([one for each in asked for one in each]))
        return [list(islice(receipts, len(each))) for each in asked]

    def _made(self, asked: Sequence[tuple[Appended, UUID]]) -> Sequence[Receipt]:
        notes = self._known_notes([each.first_seq + each.count for each, _ in asked])
        # Nobody has signed so far yet: it is done now, for all who wait for it.
        newest = b"" if all(notes) else self._publish()
        # Another snapshot than before: what was signed just now is in it.
        with self._engine.connect() as connection:
            rows = self._hashed(connection, [each for each, _ in asked])
            try:
                return self._put_together(connection, asked, rows, notes, newest)
            except ProofError:
                # What is remembered may have been read while rows were damaged.
                self._tree.forget()
                return self._put_together(connection, asked, rows, notes, newest)

    def _known_notes(self, sizes: Sequence[int]) -> Sequence[bytes | None]:
        """Return for each size the first stored note that covers it."""
        if not sizes:
            return []
        with self._engine.connect() as connection:
            if self._covering(connection, min(sizes)) is None:
                return [None] * len(sizes)
            return [self._covering(connection, size) for size in sizes]

    def _put_together(
        self,
        connection: sa.Connection,
        asked: Sequence[tuple[Appended, UUID]],
        rows: Sequence[Sequence[_Hashed]],
        notes: Sequence[bytes | None],
        newest: bytes,
    ) -> Sequence[Receipt]:
        covered = {
            note: self._under(connection, note) for note in {found or newest for found in notes}
        }
        return [
            _receipt(submission, own, covered[found or newest])
            for (_, submission), own, found in zip(asked, rows, notes, strict=True)
        ]

    def _covering(self, connection: sa.Connection, size: int) -> bytes | None:
        return first_covering(
            connection, origin=self._origin, size=size, is_signed=self._is_signed
        )

    def _under(self, connection: sa.Connection, text: bytes) -> _Covered:
        note = parse_note(text)
        checkpoint = parse_checkpoint(note.text)
        tree = self._tree.over(connection)
        return _Covered(note, checkpoint, tree.subtree(tree_size=checkpoint.size))

    def _hashed(
        self, connection: sa.Connection, asked: Sequence[Appended]
    ) -> Sequence[Sequence[_Hashed]]:
        """Return the entries of each append, found to commit to the facts beside them."""
        for each in asked:
            for own in each.written:
                self._tree.put(0, own.seq, own.leaf)
        return [
            [_written(own) for own in each.written] or self._read(connection, each)
            for each in asked
        ]

    def _read(self, connection: sa.Connection, appended: Appended) -> Sequence[_Hashed]:
        first, end = appended.first_seq, appended.first_seq + appended.count
        values = {"log": self._origin, "first": first, "end": end}
        rows = connection.execute(_ROWS, values).all()
        if len(rows) != appended.count:
            raise ProofError("receipt", appended.count, len(rows))
        return [_bound(row) for row in rows]


def _written(own: Written) -> _Hashed:
    event = own.event
    return _Hashed(
        own.seq, own.entry, own.leaf, event.told(), event.personal_digests, event.plain
    )


def _bound(row: Any) -> _Hashed:
    bound = bind(row)
    leaf = leaf_hash(row.entry)
    return _Hashed(row.seq, row.entry, leaf, bound.told, bound.personal, bound.plain.facts)


def _receipt(submission: UUID, hashed: Sequence[_Hashed], under: _Covered) -> Receipt:
    """Return the proofs of neighbouring entries; one that does not hold is never returned."""
    paths = prove_neighbours(
        under.subtree,
        leaves=[each.leaf for each in hashed],
        first=hashed[0].seq,
        tree_size=under.checkpoint.size,
        root=under.checkpoint.root,
    )
    proven = (_entry(each, path, under.note) for each, path in zip(hashed, paths, strict=True))
    return Receipt(submission, under.note.encode().decode("utf-8"), tuple(proven))


def _entry(hashed: _Hashed, path: Sequence[bytes], note: SignedNote) -> ReceiptEntry:
    extra = plain_text(hashed.entry, hashed.told, hashed.personal)
    proof = TlogProof(hashed.seq, tuple(path), note, extra).encode().decode("utf-8")
    facts = hashed.facts
    stream, version, event = facts["stream"], facts["version"], facts["type"]
    if not (isinstance(stream, str) and isinstance(version, int) and isinstance(event, str)):
        raise ProofError("receipt", "the standard facts", "others")
    return ReceiptEntry(hashed.seq, stream, version, event, proof, facts)

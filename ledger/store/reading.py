"""The auditor's reader over a database: rows as they lie there, believed by nobody yet."""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

import sqlalchemy as sa

from ledger.audit.finding import Code, Finding, Unchecked
from ledger.audit.source import KeptEntry, KeptHead, Link, Mark
from ledger.proof.checkpoint import Checkpoint
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.merkle import SIZE_MAX, leaf_hash
from ledger.store.cosignature_rows import cosigned_marks, plain_marks, stray_cosignatures
from ledger.store.event import HeadTamperedError
from ledger.store.head import HeadRow
from ledger.store.link_reading import FURTHER, kept_entry, links_as_kept, rehashed_links
from ledger.store.raw_rows import PAGE, RawReader, as_bytes, with_hyphens
from ledger.store.register import HeadRegister
from ledger.store.strays import stray_boxes, stray_subtrees
from ledger.store.vault import Vault

FAULTS_MAX = 100
"""So many rows that cosign nothing are named of each stretch of the log."""
_PERSONS_PAGE = 1_000
_SPARSE_ENTRIES = 65_536


class DatabaseSource:
    """`LogSource` over the tables of one ledger."""

    keeps_facts = True
    rehash_links = False

    def __init__(
        self,
        engine: sa.Engine,
        *,
        origin: str,
        register: HeadRegister | None = None,
        vault: Vault | None = None,
        seal_key: bytes | None = None,
    ) -> None:
        """Read with whatever secrets are at hand; without them, less can be checked."""
        self.origin = origin
        self._raw = RawReader(engine)
        self._register = register
        self._vault = vault
        self._seal_key = seal_key
        self._fault: Finding | None = None
        self._faults: list[Finding] = []
        self._engine = engine

    @cached_property
    def _cosignatures_kept(self) -> bool:
        return sa.inspect(self._engine).has_table("cosignatures")

    def size(self) -> int:
        """Return the size of the head row, or, where it is gone, what the rows amount to."""
        with self._raw.reading() as connection:
            query = "SELECT size FROM heads WHERE log = ?"
            size = self._raw.select(connection, query, self.origin).scalar()
            if type(size) is int and 0 <= size <= SIZE_MAX:
                return size
            return self._end(connection, below=SIZE_MAX)

    def held(self, size: int) -> int:
        """Return up to where there are rows, without one that lies far off by itself."""
        with self._raw.reading() as connection:
            end = self._end(connection, below=size)
            query = "SELECT count(*) FROM entries WHERE log = ? AND seq >= 0 AND seq < ?"
            count = int(self._raw.select(connection, query, self.origin, end).scalar() or 0)
            sparse = end > 2 * count + _SPARSE_ENTRIES
            return self._end(connection, below=count) if sparse else end

    def unavailable(self) -> Sequence[Unchecked]:
        """Return whether there is no head register; one that cannot be read is a fault."""
        absent = self.registered() is None and self._fault is None
        return [Unchecked.REGISTER_ABSENT] if absent else []

    def head(self) -> KeptHead:
        """Return the head row, and whether its seal is the service's."""
        query = "SELECT size, leaf, time, edge, mac FROM heads WHERE log = ?"
        with self._raw.reading() as connection:
            found = self._raw.select(connection, query, self.origin).one_or_none()
        if found is None:
            return KeptHead(None, gone=True)
        size, leaf, time, edge, mac = found
        if type(size) is not int or not isinstance(time, str):
            return KeptHead(None, sealed=None if self._seal_key is None else False)
        row = HeadRow(self.origin, size, as_bytes(leaf), time, as_bytes(edge), as_bytes(mac))
        try:
            head = row.unsealed()
        except MalformedError:
            return KeptHead(None, sealed=None if self._seal_key is None else False)
        return KeptHead(head.edge, head.leaf, head.time, self._is_sealed(row))

    def entries(self, start: int, stop: int) -> Iterator[KeptEntry]:
        """Yield rows in order of seq, each with its boxes."""
        with self._raw.reading() as connection:
            for first in range(start, stop, PAGE):
                last = min(stop, first + PAGE)
                boxed = self._boxes(connection, first, last)
                leaves = self._leaves(connection, first, last)
                rest = "WHERE log = ? AND seq >= ? AND seq < ? ORDER BY entries.seq"
                values = (self.origin, first, last)
                for row in self._raw.records(connection, FURTHER, rest, *values):
                    kept = kept_entry(row, boxed.get(row[0], ()))
                    leaf = leaves.get(kept.seq, b"")
                    yield kept if kept.leaf == leaf else _with_wrong_leaf(kept, leaf)

    def entry_texts(self, start: int, stop: int) -> list[bytes]:
        """Return the entries' bytes alone, ascending by seq.

        Raises:
            ProofError: Rows are missing there.
        """
        query = "SELECT entry FROM entries WHERE log = ? AND seq >= ? AND seq < ? ORDER BY seq"
        with self._raw.reading() as connection:
            found = self._raw.select(connection, query, self.origin, start, stop)
            texts = [as_bytes(row[0]) for row in found]
        if len(texts) != stop - start:
            raise ProofError(f"stored entries from {start} on", stop - start, len(texts))
        return texts

    def beyond(self, size: int) -> Sequence[int]:
        """Return rows that lie after the end of the log."""
        # In one statement, so in one snapshot: what was appended since the size was read is
        # covered by the head that was committed with it, and has no gaps.
        query = (
            "SELECT seq FROM entries WHERE log = ? AND (seq < 0 OR (seq >= ? AND ("
            "seq >= COALESCE((SELECT size FROM heads WHERE log = ?), 0) OR seq >= ? +"
            " (SELECT count(*) FROM entries WHERE log = ? AND seq >= ?)"
            "))) ORDER BY seq LIMIT 100"
        )
        values = (self.origin, size, self.origin, size, self.origin, size)
        with self._raw.reading() as connection:
            return [row[0] for row in self._raw.select(connection, query, *values)]

    def strays(self, size: int) -> Sequence[tuple[int | None, str]]:
        """Return boxes and roots of subtrees that lie beyond the end of the log."""
        with self._raw.reading() as connection:
            return [
                *stray_boxes(self._raw, connection, self.origin, size),
                *stray_subtrees(self._raw, connection, self.origin, size),
            ]

    def stray_cosignatures(self) -> Sequence[str]:
        """Return where cosignatures are kept of a size without a checkpoint."""
        if not self._cosignatures_kept:
            return ()
        with self._raw.reading() as connection:
            return list(stray_cosignatures(self._raw, connection, self.origin))

    def links(self, first: str, last: str, *, size: int) -> Iterator[Link]:
        """Yield links in the order of the index by stream."""
        bounds = (self._raw.uuid(first), self._raw.uuid(last))
        read = rehashed_links if self.rehash_links else links_as_kept
        with self._raw.reading() as connection:
            yield from read(self._raw, connection, self.origin, size, *bounds)

    def kept_hashes(self, level: int, start: int, stop: int) -> Sequence[bytes | None]:
        """Return the stored roots of whole subtrees; those of level 0 are the leaves."""
        query = (
            "SELECT number, hash FROM subtrees"
            " WHERE log = ? AND number >= ? AND number < ? AND level = ?"
        )
        with self._raw.reading() as connection:
            if level == 0:
                found = self._leaves(connection, start, stop)
            else:
                rows = self._raw.tuples(connection, query, self.origin, start, stop, level)
                found = {row[0]: as_bytes(row[1]) for row in rows}
        return [found.get(number) for number in range(start, stop)]

    def _leaves(self, connection: sa.Connection, start: int, stop: int) -> dict[int, bytes]:
        """Return the leaves as proofs read them: out of an index of their own."""
        query = "SELECT seq, leaf FROM entries WHERE log = ? AND seq >= ? AND seq < ?"
        rows = self._raw.tuples(connection, query, self.origin, start, stop)
        return {row[0]: as_bytes(row[1]) for row in rows}

    def marks(self, start: int, stop: int) -> Iterator[Mark]:
        """Yield stored checkpoints with the cosignatures that they were given."""
        raw, origin, sizes = self._raw, self.origin, (start, stop)
        with raw.reading() as connection:
            if self._cosignatures_kept:
                yield from cosigned_marks(raw, connection, origin, sizes, self._misplaced)
            else:
                yield from plain_marks(raw, connection, origin, sizes)

    def _misplaced(self, where: str) -> None:
        if len(self._faults) < FAULTS_MAX:
            self._faults.append(Finding(Code.COSIGNATURE_DIFFERS, None, where))

    def registered(self) -> Checkpoint | None:
        """Return the head of the head register; one that cannot be read is a fault."""
        return self._registered

    @cached_property
    def _registered(self) -> Checkpoint | None:
        try:
            edge = self._register.peek() if self._register is not None else None
        except MalformedError as error:
            self._fault = Finding(Code.FILE_MALFORMED, None, error.what, error.want)
            return None
        return None if edge is None else Checkpoint(self.origin, edge.size, edge.root())

    def largest_mark(self) -> int:
        """Return the size of the largest stored or registered head."""
        query = "SELECT max(size) FROM checkpoints WHERE log = ? AND size <= ?"
        with self._raw.reading() as connection:
            stored = self._raw.select(connection, query, self.origin, SIZE_MAX).scalar() or 0
        registered = self.registered()
        return max(int(stored), registered.size if registered is not None else 0)

    def take_faults(self) -> Sequence[Finding]:
        """Return what is wrong with the head register, and which rows cosign nothing.

        A database without an answer raises.
        """
        told, self._faults = self._faults, []
        return told if self._fault is None else [self._fault, *told]

    def data_keys(self, persons: Collection[str]) -> Mapping[str, bytes | None] | None:
        """Return the data keys from the vault; a key that does not unwrap opens nothing."""
        if self._vault is None:
            return None
        known = [person for person in persons if _is_uuid(person)]
        keys: dict[str, bytes | None] = {}
        for start in range(0, len(known), _PERSONS_PAGE):
            page = known[start : start + _PERSONS_PAGE]
            try:
                keys.update(self._vault.keys_for_opening(page))
            except (ProofError, TypeError):
                keys.update((person, self._data_key(person)) for person in page)
        return keys

    def _data_key(self, person: str) -> bytes | None:
        if self._vault is None:
            return None
        try:
            return self._vault.key_for_opening(person)
        except (ProofError, TypeError):
            return None

    def _is_sealed(self, row: HeadRow) -> bool | None:
        if self._seal_key is None:
            return None
        try:
            row.opened(self._seal_key)  # a closed log is still the service's own
        except (HeadTamperedError, MalformedError):
            return False
        return True

    def _end(self, connection: sa.Connection, *, below: int) -> int:
        query = "SELECT max(seq) FROM entries WHERE log = ? AND seq >= 0 AND seq < ?"
        last = self._raw.select(connection, query, self.origin, below).scalar()
        return 0 if last is None else int(last) + 1

    def _boxes(
        self, connection: sa.Connection, start: int, stop: int
    ) -> dict[int, tuple[tuple[str, bytes], ...]]:
        query = (
            "SELECT seq, person, box FROM boxes"
            " WHERE log = ? AND seq >= ? AND seq < ? ORDER BY seq, person"
        )
        found: dict[int, list[tuple[str, bytes]]] = {}
        for seq, person, box in self._raw.select(connection, query, self.origin, start, stop):
            found.setdefault(seq, []).append((with_hyphens(person), as_bytes(box)))
        return {seq: tuple(each) for seq, each in found.items()}


def _is_uuid(person: str) -> bool:
    try:
        return str(uuid.UUID(person)) == person
    except ValueError:
        return False


def _with_wrong_leaf(kept: KeptEntry, by_index: bytes) -> KeptEntry:
    """Return an entry with the leaf that is not its own, of its row or of the index."""
    return kept._replace(leaf=by_index) if kept.leaf == leaf_hash(kept.entry) else kept

"""The auditor's reader over a database: rows as they lie there, believed by nobody yet."""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from ledger.audit.finding import Finding
from ledger.audit.links import link_of
from ledger.audit.source import Columns, KeptEntry, KeptHead, Link, Mark
from ledger.proof.checkpoint import Checkpoint
from ledger.proof.errors import MalformedError, ProofError
from ledger.store.event import HeadTamperedError
from ledger.store.head import HeadRow
from ledger.store.register import HeadRegister
from ledger.store.schema import boxes, checkpoints, entries, heads, subtrees
from ledger.store.vault import Vault

_PAGE = 2_000
_BEYOND_MAX = 100
_KEPT = "seq, entry, leaf, stream, version, originator_version, topic, plain, personal"


class DatabaseSource:
    """`LogSource` over the tables of one ledger."""

    keeps_facts = True

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
        self._engine = engine
        self._register = register
        self._vault = vault
        self._seal_key = seal_key

    def size(self) -> int:
        """Return the size of the head row, or, where it is gone, what the rows amount to."""
        with self._engine.connect() as connection:
            size = connection.execute(
                sa.select(heads.c.size).where(heads.c.log == self.origin)
            ).scalar()
            if type(size) is int and size >= 0:
                return size
            last = sa.select(sa.func.max(entries.c.seq)).where(entries.c.log == self.origin)
            return int(connection.execute(last).scalar() or -1) + 1

    def head(self) -> KeptHead:
        """Return the head row, and whether its seal is the service's."""
        query = sa.select(*heads.c).where(heads.c.log == self.origin)
        with self._engine.connect() as connection:
            found = connection.execute(query).one_or_none()
        if found is None:
            return KeptHead(None, b"", "", sealed=False)
        row = HeadRow(*(_plain(value) for value in found))
        try:
            head = row.unsealed()
        except MalformedError:
            return KeptHead(None, row.leaf, row.time, sealed=False)
        return KeptHead(head.edge, head.leaf, head.time, self._is_sealed(row))

    def entries(self, start: int, stop: int) -> Iterator[KeptEntry]:
        """Yield rows in order of seq, each with its boxes."""
        with self._engine.connect() as connection:
            boxed = self._boxes(connection, start, stop)
            for row in self._rows(connection, start, stop):
                yield _kept(row, boxed.get(row[0], ()))

    def entry_texts(self, start: int, stop: int) -> list[bytes]:
        """Return the entries' bytes alone, ascending by seq."""
        query = (
            sa.select(entries.c.entry)
            .where(entries.c.log == self.origin, entries.c.seq >= start, entries.c.seq < stop)
            .order_by(entries.c.seq)
        )
        with self._engine.connect() as connection:
            return [bytes(row.entry) for row in connection.execute(query)]

    def beyond(self, size: int) -> Sequence[int]:
        """Return rows that lie after the end of the log."""
        query = (
            sa.select(entries.c.seq)
            .where(
                entries.c.log == self.origin,
                sa.or_(entries.c.seq >= size, entries.c.seq < 0),
            )
            .order_by(entries.c.seq)
            .limit(_BEYOND_MAX)
        )
        with self._engine.connect() as connection:
            # What was appended since the size was read is covered by a newer head.
            newer = max(size, self.size())
            return [row.seq for row in connection.execute(query) if not size <= row.seq < newer]

    def links(self, first: str, last: str, *, size: int) -> Iterator[Link]:
        """Yield links in the order of the index by stream."""
        query = (
            sa.select(
                entries.c.seq,
                entries.c.leaf,
                entries.c.stream,
                entries.c.version,
                entries.c.originator_version,
                entries.c.topic,
                entries.c.plain,
            )
            .where(
                entries.c.log == self.origin,
                entries.c.seq < size,
                entries.c.stream.between(uuid.UUID(first), uuid.UUID(last)),
            )
            .order_by(entries.c.stream, entries.c.originator_version)
        )
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=_PAGE).execute(query):
                columns = Columns(
                    str(row.stream), row.version, row.originator_version, row.topic
                )
                leaf, plain = bytes(row.leaf), _plain(row.plain)
                link = link_of(KeptEntry(row.seq, b"", leaf, columns, plain), leaf)
                if link is not None:
                    yield link

    def kept_hashes(self, level: int, start: int, stop: int) -> Sequence[bytes | None]:
        """Return the stored roots of whole subtrees; those of level 0 are the leaves."""
        query = sa.select(subtrees.c.number, subtrees.c.hash).where(
            subtrees.c.log == self.origin,
            subtrees.c.level == level,
            subtrees.c.number >= start,
            subtrees.c.number < stop,
        )
        if level == 0:
            query = sa.select(entries.c.seq, entries.c.leaf).where(
                entries.c.log == self.origin, entries.c.seq >= start, entries.c.seq < stop
            )
        with self._engine.connect() as connection:
            found = {row[0]: bytes(row[1]) for row in connection.execute(query)}
        return [found.get(number) for number in range(start, stop)]

    def marks(self, start: int, stop: int) -> Iterator[Mark]:
        """Yield stored checkpoints, and the head register's head in its place."""
        registered = self._registered()
        if registered is not None and not start <= registered.size <= stop:
            registered = None
        query = (
            sa.select(checkpoints.c.size, checkpoints.c.note)
            .where(
                checkpoints.c.log == self.origin,
                checkpoints.c.size >= start,
                checkpoints.c.size <= stop,
            )
            .order_by(checkpoints.c.size)
        )
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=_PAGE).execute(query):
                if registered is not None and registered.size <= row.size:
                    yield Mark("head register", registered.size, registered)
                    registered = None
                yield Mark("stored checkpoint", row.size, bytes(row.note))
        if registered is not None:
            yield Mark("head register", registered.size, registered)

    def largest_mark(self) -> int:
        """Return the size of the largest stored or registered head."""
        query = sa.select(sa.func.max(checkpoints.c.size)).where(
            checkpoints.c.log == self.origin
        )
        with self._engine.connect() as connection:
            stored = connection.execute(query).scalar() or 0
        registered = self._registered()
        return max(stored, registered.size if registered is not None else 0)

    def take_faults(self) -> Sequence[Finding]:
        """Return nothing: a database that cannot be read raises."""
        return ()

    def data_keys(self, persons: Collection[str]) -> Mapping[str, bytes | None] | None:
        """Return the data keys from the vault; a key that does not unwrap opens nothing."""
        if self._vault is None:
            return None
        try:
            return self._vault.keys_for_opening(persons)
        except ProofError:
            return dict.fromkeys(persons)

    def _registered(self) -> Checkpoint | None:
        edge = self._register.read() if self._register is not None else None
        return None if edge is None else Checkpoint(self.origin, edge.size, edge.root())

    def _is_sealed(self, row: HeadRow) -> bool | None:
        if self._seal_key is None:
            return None
        try:
            row.open(self._seal_key)
        except HeadTamperedError:
            return False
        return True

    def _rows(self, connection: sa.Connection, start: int, stop: int) -> Iterator[Any]:
        # The driver's own rows: building typed ones takes longer than hashing them.
        mark = "?" if self._engine.dialect.name == "sqlite" else "%s"
        query = (
            f"SELECT {_KEPT} FROM entries WHERE log = {mark} AND seq >= {mark}"  # noqa: S608 - names of ours
            f" AND seq < {mark} ORDER BY seq"
        )
        cursor: Any = connection.connection.cursor()
        try:
            cursor.execute(query, (self.origin, start, stop))
            while page := cursor.fetchmany(_PAGE):
                yield from page
        finally:
            cursor.close()

    def _boxes(
        self, connection: sa.Connection, start: int, stop: int
    ) -> dict[int, tuple[tuple[str, bytes], ...]]:
        query = (
            sa.select(boxes.c.seq, boxes.c.person, boxes.c.box)
            .where(boxes.c.log == self.origin, boxes.c.seq >= start, boxes.c.seq < stop)
            .order_by(boxes.c.seq, boxes.c.person)
        )
        found: dict[int, tuple[tuple[str, bytes], ...]] = {}
        for row in connection.execute(query):
            found[row.seq] = (*found.get(row.seq, ()), (str(row.person), bytes(row.box)))
        return found


def _kept(row: Any, boxed: tuple[tuple[str, bytes], ...]) -> KeptEntry:
    seq, entry, leaf, stream, version, originator_version, topic, plain, personal = row
    return KeptEntry(
        seq=seq,
        entry=_as_bytes(entry),
        leaf=_as_bytes(leaf),
        columns=Columns(_with_hyphens(stream), version, originator_version, topic),
        plain=_plain(plain),
        personal=_plain(personal),
        boxes=boxed,
    )


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _as_bytes(value: Any) -> bytes:
    # SQLite keeps whatever type it was given by hand; the audit names what is no bytes.
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    return bytes(value) if isinstance(value, (bytes, memoryview)) else b""


def _with_hyphens(stream: Any) -> str:
    text = str(stream)
    if len(text) != len(uuid.UUID(int=0).hex):
        return text
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

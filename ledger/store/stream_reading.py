"""One stream's whole history, for a decision: every row is proved before it is believed.

Each row's facts must add up to its entry and name its place; versions follow each other from
1, and each event names the leaf of the one before. So the last entry, once it is found in the
tree under the sealed head, vouches for all. What was proved once is remembered as it was
stored, personal facts in their boxes, and only what came after it is read again.

That a stream ends where its rows end is true as far as the audit reads them, not here, but
where this reader has seen a later row: an append that rests on it asks again (`tails`).
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa

from ledger.audit.links import continues
from ledger.audit.source import Link
from ledger.proof.box import Place, open_box
from ledger.proof.canonical import Value
from ledger.proof.entry import NOTHING_BEFORE, parse_time
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.facts import STANDARD_FACTS, PersonalDigests, check_uuid, parse_personal
from ledger.store.event import LedgerMissingError, StreamDamagedError
from ledger.store.head import Head, HeadRow
from ledger.store.linking import Tail
from ledger.store.proven_rows import verify_under
from ledger.store.raw_rows import RawReader, as_bytes, with_hyphens
from ledger.store.tails import prove_place
from ledger.store.tree_memory import TreeMemory
from ledger.store.vault import Vault

REMEMBERED_BYTES_MAX = 32 * 1024 * 1024
"""So much of proved rows is remembered, of the streams that were read last."""
_ROW_BYTES = 512
"""What a remembered row takes beside its facts, about."""
_FIRST = -(2**63)
_IN_STREAM = (
    "WHERE entries.log = ? AND entries.stream = ? AND entries.originator_version >= ?"
    " ORDER BY entries.originator_version"
)
_BOXES = (
    "SELECT boxes.seq, boxes.person, boxes.box FROM entries"  # noqa: S608 - names of ours
    f" JOIN boxes ON boxes.log = entries.log AND boxes.seq = entries.seq {_IN_STREAM}"
)
_HEAD = "SELECT size, leaf, time, edge, mac FROM heads WHERE log = ?"
_DAMAGE = (MalformedError, ProofError, IndexError, KeyError)


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event as the log has it; ``time`` is when it was sequenced, in UTC.

    ``facts`` are its own plain facts, without the six standard ones. ``personal`` are those
    about natural persons, by person; who was erased is absent.
    """

    seq: int
    time: datetime
    stream: str
    version: int
    type: str
    shape: int
    by: str
    facts: Mapping[str, Value] = field(repr=False)
    personal: Mapping[str, Mapping[str, Value]] = field(repr=False)


class _Row(NamedTuple):
    """A row as it lies there, believed by nobody yet."""

    seq: int
    version: int
    originator_version: int
    leaf: bytes
    entry: bytes
    plain: bytes | None
    personal: bytes | None


class _Proven(NamedTuple):
    """What is remembered of a row that was found to be the log's own."""

    link: Link
    originator_version: int
    time: str
    plain: bytes
    personal: PersonalDigests
    boxes: Mapping[str, bytes]

    def size(self) -> int:
        boxed = sum(map(len, self.boxes.values()))
        names = sum(map(len, self.personal.values()))
        return _ROW_BYTES + len(self.plain) + boxed + _ROW_BYTES * names


class StreamReader:
    """Reads the streams of one ledger, from any thread."""

    def __init__(
        self,
        engine: sa.Engine,
        vault: Vault,
        *,
        origin: str,
        seal_key: bytes,
        remembered_bytes_max: int = REMEMBERED_BYTES_MAX,
        tree: TreeMemory | None = None,
    ) -> None:
        """Believe what lies under a head that is sealed with ``seal_key``.

        ``tree`` is what the process remembers of the log's tree.
        """
        self._tree = tree or TreeMemory(origin=origin)
        self._raw = RawReader(engine)
        self._vault = vault
        self._origin = origin
        self._seal_key = seal_key
        self._remembered = _Remembered(remembered_bytes_max)

    def read(self, stream: str) -> Sequence[StoredEvent]:
        """Return the events of a stream in order, from version 1 to its last; none if none.

        The events of one moment: a decision that rests on them says so by their number, as
        the version of an event or in `Submission.unchanged`.

        Raises:
            StreamDamagedError: A row of the stream is not the log's own, or one is missing,
                or a box of personal facts that could be opened is or holds another.
            HeadTamperedError: The head row is not the one that the service stored.
            LedgerMissingError: There is no such ledger.
            ProofError: A person's data key does not open with the key-encryption key.
            MalformedError: The stream is no UUID in lower case with hyphens.
            sqlalchemy.exc.DBAPIError: The database refused.
        """
        check_uuid(stream, what="stream")
        known = self._remembered.get(stream)
        with self._raw.reading() as connection:
            first = known[-1].originator_version if known else _FIRST
            values = (self._origin, self._raw.uuid(stream), first)
            rows = self._rows(connection, values)
            if known:
                _expect_again(known[-1], rows)
                rows = rows[1:]
            boxed = self._boxes(connection, values) if any(r.personal for r in rows) else {}
            proven = list(known)
            for row in rows:
                proven.append(self._prove(row, stream, proven, boxed.get(row.seq, {})))
            if rows:
                self._prove_last(connection, stream, rows[-1])
        if rows:
            self._remembered.put(stream, tuple(proven))
        return self._opened(proven)

    def _rows(self, connection: sa.Connection, values: tuple[object, ...]) -> list[_Row]:
        found = self._raw.records(
            connection, ("entry", "plain", "personal"), _IN_STREAM, *values
        )
        return [
            _Row(*row[:3], *(None if each is None else as_bytes(each) for each in row[4:]))
            for row in found
        ]

    def _boxes(
        self, connection: sa.Connection, values: tuple[object, ...]
    ) -> dict[int, dict[str, bytes]]:
        boxed: dict[int, dict[str, bytes]] = {}
        for seq, person, box in self._raw.select(connection, _BOXES, *values):
            boxed.setdefault(seq, {})[with_hyphens(person)] = as_bytes(box)
        return boxed

    def _prove(
        self, row: _Row, stream: str, before: Sequence[_Proven], boxes: Mapping[str, bytes]
    ) -> _Proven:
        """Return what a row says, found to be the next of its stream."""
        try:
            tail = Tail(row.seq, row.version, row.originator_version, row.leaf)
            entry, plain = prove_place(row, stream, tail)
            if (entry.log, entry.seq) != (self._origin, row.seq):
                raise ProofError("entry", [self._origin, row.seq], [entry.log, entry.seq])
            previous = str(plain.facts["previous"])
            link = Link(stream, row.version, row.seq, row.leaf, previous)
            last = before[-1].link if before else Link(stream, 0, -1, NOTHING_BEFORE, None)
            if not continues(link, last):
                raise ProofError("link", last, link)
            personal = parse_personal(row.personal)
        except _DAMAGE as error:
            raise StreamDamagedError(stream, row.seq) from error
        number, text = row.originator_version, row.plain or b""
        return _Proven(link, number, entry.time, text, personal, boxes)

    def _prove_last(self, connection: sa.Connection, stream: str, row: _Row) -> None:
        # After the rows, so that each that was committed lies below this head.
        head = self._head(connection)
        try:
            verify_under(row, head, self._tree.over(connection))
        except _DAMAGE:
            # What is remembered may have been read while rows were damaged.
            self._tree.forget()
            try:
                verify_under(row, head, self._tree.over(connection))
            except _DAMAGE as error:
                raise StreamDamagedError(stream, row.seq) from error

    def _head(self, connection: sa.Connection) -> Head:
        found = self._raw.select(connection, _HEAD, self._origin).one_or_none()
        if found is None:
            raise LedgerMissingError(self._origin)
        size, leaf, time, edge, mac = found
        row = HeadRow(self._origin, size, as_bytes(leaf), time, as_bytes(edge), as_bytes(mac))
        return row.opened(self._seal_key)[0]

    def _opened(self, proven: Sequence[_Proven]) -> list[StoredEvent]:
        persons = {person for each in proven for person in each.personal}
        keys = self._vault.keys_for_opening(persons) if persons else {}
        return [_event(each, self._personal(each, keys)) for each in proven]

    def _personal(
        self, proven: _Proven, keys: Mapping[str, bytes | None]
    ) -> dict[str, Mapping[str, Value]]:
        """Return the personal facts that can be opened, found to be those committed to."""
        opened: dict[str, Mapping[str, Value]] = {}
        stream, version, seq, *_ = proven.link
        for person, digests in proven.personal.items():
            key = keys[person]
            if key is None:
                continue
            place = Place(self._origin, stream, version, person)
            try:
                group = open_box(proven.boxes[person], data_key=key, place=place)
                if group.digests() != digests:
                    raise ProofError("box", "what the entry commits to", "not")
            except _DAMAGE as error:
                raise StreamDamagedError(stream, seq) from error
            opened[person] = group.facts
        return opened


def _expect_again(last: _Proven, rows: Sequence[_Row]) -> None:
    """Return if what was the last row stands there as it did: the log never loses an entry."""
    stream, version, seq, leaf, _ = last.link
    want = (seq, version, last.originator_version, leaf)
    if not rows or rows[0][:4] != want:
        raise StreamDamagedError(stream, seq)


def _event(proven: _Proven, personal: Mapping[str, Mapping[str, Value]]) -> StoredEvent:
    # Read anew each time: whoever got the values before may have changed them.
    facts: dict[str, Any] = orjson.loads(proven.plain)["facts"]
    standard = {name: facts.pop(name) for name in STANDARD_FACTS}
    return StoredEvent(
        seq=proven.link.seq,
        time=parse_time(proven.time),
        stream=standard["stream"],
        version=standard["version"],
        type=standard["type"],
        shape=standard["shape"],
        by=standard["by"],
        facts=facts,
        personal=personal,
    )


class _Remembered:
    """Proved rows by stream, bounded by what they take."""

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._streams: OrderedDict[str, tuple[Sequence[_Proven], int]] = OrderedDict()
        self._bytes = 0
        self._entering = threading.Lock()

    def get(self, stream: str) -> Sequence[_Proven]:
        """Return what is remembered of a stream."""
        with self._entering:
            if stream not in self._streams:
                return ()
            self._streams.move_to_end(stream)
            return self._streams[stream][0]

    def put(self, stream: str, rows: Sequence[_Proven]) -> None:
        """Remember a stream's rows in the place of those before; forget the ones used least."""
        size = sum(row.size() for row in rows)
        with self._entering:
            self._bytes -= self._streams.pop(stream, ((), 0))[1]
            if size > self._bytes_max:
                return
            self._bytes += size
            self._streams[stream] = rows, size
            while self._bytes > self._bytes_max:
                _, (_, freed) = self._streams.popitem(last=False)
                self._bytes -= freed

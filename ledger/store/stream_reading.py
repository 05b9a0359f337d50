"""One stream's whole history, for a decision: every row is proved before it is believed.

Each row's facts must add up to its entry and name its place; versions follow each other from
1, and each event names the leaf of the one before. So the last entry, once it is found in the
tree under the sealed head, vouches for all. What was proved once is remembered as it was
stored, personal facts in their boxes, and only what came after it is read again.

That a stream ends where its rows end is true as far as the audit reads them, not here, but
where this reader has seen a later row: an append that rests on it asks again (`tails`).
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import islice

import sqlalchemy as sa

from ledger.audit.links import continues
from ledger.audit.source import Link
from ledger.proof.entry import NOTHING_BEFORE
from ledger.proof.errors import ProofError
from ledger.proof.facts import check_uuid
from ledger.store.event import LedgerMissingError, StreamDamagedError
from ledger.store.head import Head, HeadRow
from ledger.store.linking import Tail
from ledger.store.log_memory import LogMemory
from ledger.store.proven_rows import verify_under
from ledger.store.raw_rows import RawReader, as_bytes
from ledger.store.stream_memory import REMEMBERED_BYTES_MAX, ProvenRow, RememberedRows
from ledger.store.stream_opening import DAMAGE, Answer, StoredEvent, StreamBoxes
from ledger.store.stream_rows import FIRST, StreamRow, StreamRows
from ledger.store.tails import prove_place
from ledger.store.together import TogetherFor
from ledger.store.tree_memory import RememberedTree
from ledger.store.vault import Vault

AT_ONCE_MAX = 200
"""Streams of one statement."""
_HEAD = "SELECT size, leaf, time, edge, mac FROM heads WHERE log = ?"


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
        memory: LogMemory | None = None,
    ) -> None:
        """Believe what lies under a head that is sealed with ``seal_key``.

        ``memory`` is what the process remembers of the log, if it shares it.
        """
        self._memory = memory or LogMemory.of(origin)
        self._raw = RawReader(engine)
        self._rows = StreamRows(self._raw, origin=origin)
        self._together = TogetherFor(self._answers_to_all)
        self._boxes = StreamBoxes(vault, origin=origin)
        self._origin = origin
        self._seal_key = seal_key
        self._remembered = RememberedRows(remembered_bytes_max)

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
        answer = self.read_many([stream])[stream]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def read_many(self, streams: Collection[str]) -> Mapping[str, Answer]:
        """Return the events of several streams, or for each the error that `read` raises.

        Raises:
            HeadTamperedError, LedgerMissingError, MalformedError: As `read`.
            sqlalchemy.exc.DBAPIError: The database refused.
        """
        asked = list(dict.fromkeys(streams))
        for stream in asked:
            check_uuid(stream, what="stream")
        return dict(zip(asked, self._together(asked), strict=True))

    def _answers_to_all(self, asked: Sequence[Sequence[str]]) -> Sequence[Sequence[Answer]]:
        """Return the answers for all who ask at once, each with values of its own."""
        answers = iter(self._answers([stream for each in asked for stream in each]))
        return [list(islice(answers, len(each))) for each in asked]

    def _answers(self, asked: Sequence[str]) -> Sequence[Answer]:
        streams = list(dict.fromkeys(asked))
        proven: dict[str, Sequence[ProvenRow] | Exception] = {}
        for start in range(0, len(streams), AT_ONCE_MAX):
            proven |= self._proven(streams[start : start + AT_ONCE_MAX])
        keys = self._boxes.keys(proven.values())
        return [self._boxes.opened(proven[stream], keys) for stream in asked]

    def _proven(
        self, streams: Sequence[str]
    ) -> Mapping[str, Sequence[ProvenRow] | StreamDamagedError]:
        known = {stream: self._remembered.get(stream) for stream in streams}
        firsts = {
            stream: rows[-1].originator_version if rows else FIRST
            for stream, rows in known.items()
        }
        with self._raw.reading() as connection:
            rows = self._rows.of(connection, firsts)
            boxed = [row.seq for each in rows.values() for row in each if row.personal]
            boxes = self._rows.boxes(connection, boxed)
            # After the rows, so that each that was committed lies below this head.
            head = self._head(connection) if any(rows.values()) else None
            tree = self._memory.tree.over(connection)
            found: dict[str, Sequence[ProvenRow] | StreamDamagedError] = {}
            for stream in streams:
                try:
                    found[stream] = self._continued(
                        stream, known[stream], rows[stream], boxes, (head, tree)
                    )
                except StreamDamagedError as error:
                    found[stream] = error
        return found

    def _continued(
        self,
        stream: str,
        known: Sequence[ProvenRow],
        rows: Sequence[StreamRow],
        boxes: Mapping[int, Mapping[str, bytes]],
        under: tuple[Head | None, RememberedTree],
    ) -> Sequence[ProvenRow]:
        """Return what was known of a stream with what has come since, found to be the log's."""
        head, tree = under
        if known:
            _expect_again(known[-1], rows)
            rows = rows[1:]
        if not rows or head is None:
            return known
        proven = list(known)
        for row in rows:
            proven.append(self._prove(row, stream, proven, boxes.get(row.seq, {})))
        last = rows[-1]
        self._prove_last(stream, last, head, tree)
        tail = Tail(last.seq, last.version, last.originator_version, last.leaf)
        self._memory.tails.remember({stream: tail})
        self._remembered.put(stream, tuple(proven))
        return proven

    def _prove(
        self,
        row: StreamRow,
        stream: str,
        before: Sequence[ProvenRow],
        boxes: Mapping[str, bytes],
    ) -> ProvenRow:
        """Return what a row says, found to be the next of its stream."""
        try:
            tail = Tail(row.seq, row.version, row.originator_version, row.leaf)
            entry, plain, _, personal = prove_place(row, stream, tail)
            if (entry.log, entry.seq) != (self._origin, row.seq):
                raise ProofError("entry", [self._origin, row.seq], [entry.log, entry.seq])
            previous = str(plain.facts["previous"])
            link = Link(stream, row.version, row.seq, row.leaf, previous)
            last = before[-1].link if before else Link(stream, 0, -1, NOTHING_BEFORE, None)
            if not continues(link, last):
                raise ProofError("link", last, link)
        except DAMAGE as error:
            raise StreamDamagedError(stream, row.seq) from error
        number, text = row.originator_version, row.plain or b""
        return ProvenRow(link, number, entry.time, text, personal, boxes)

    def _prove_last(
        self, stream: str, row: StreamRow, head: Head, tree: RememberedTree
    ) -> None:
        try:
            verify_under(row, head, tree)
        except DAMAGE:
            # What is remembered may have been read while rows were damaged.
            self._memory.tree.forget()
            try:
                verify_under(row, head, tree)
            except DAMAGE as error:
                raise StreamDamagedError(stream, row.seq) from error

    def _head(self, connection: sa.Connection) -> Head:
        found = self._raw.select(connection, _HEAD, self._origin).one_or_none()
        if found is None:
            raise LedgerMissingError(self._origin)
        size, leaf, time, edge, mac = found
        row = HeadRow(self._origin, size, as_bytes(leaf), time, as_bytes(edge), as_bytes(mac))
        return row.opened(self._seal_key)[0]


def _expect_again(last: ProvenRow, rows: Sequence[StreamRow]) -> None:
    """Return if what was the last row stands there as it did: the log never loses an entry."""
    stream, version, seq, leaf, _ = last.link
    want = (seq, version, last.originator_version, leaf)
    if not rows or rows[0][:4] != want:
        raise StreamDamagedError(stream, seq)

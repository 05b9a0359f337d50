"""The stretches put together: one tree, one head, every mark, every stream, one verdict."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ledger.audit.chunk import CHUNK_ENTRIES, CHUNK_HEIGHT, ChunkReport, Question
from ledger.audit.facts_check import Declarations
from ledger.audit.finding import Code, Finding, Tally, Unchecked
from ledger.audit.links import SUM_MODULUS, Gap, StreamCheck
from ledger.audit.marks import Seen
from ledger.audit.signed_marks import SignedMarks
from ledger.audit.source import Link, LogSource, with_register
from ledger.proof.checkpoint import Checkpoint
from ledger.proof.merkle import Edge

LEVEL_HEIGHT = 8
GAPS_MAX = 100_000
"""Gaps that may still be explained by events whose facts are gone."""


@dataclass(slots=True)
class StreamReport:
    """What one share of the streams adds to the whole."""

    sum: int
    count: int
    gaps: list[Gap]


def chunks(size: int) -> Iterator[tuple[int, int]]:
    """Yield where each stretch of a log of that size starts and stops."""
    for start in range(0, size, CHUNK_ENTRIES):
        yield start, min(size, start + CHUNK_ENTRIES)


def check_streams(links: Iterable[Link], tally: Tally) -> StreamReport:
    """Check streams that are read one after the other."""
    check, gaps = StreamCheck(), list[Gap]()
    for found in check.check(links):
        if isinstance(found, Finding):
            tally.add(found)
        elif len(gaps) < GAPS_MAX:
            gaps.append(found)
        else:
            tally.add(found.finding())
    return StreamReport(check.sum, check.count, gaps)


class Verdict:
    """Takes in the stretches in order, then the streams, then speaks."""

    def __init__(self, source: LogSource, question: Question) -> None:
        self._source = source
        self._question = question
        self.tally = Tally()
        self.edge = Edge()
        self._declarations = Declarations()
        # In this order: what is published later than this line is not held against the log.
        self._largest_mark = source.largest_mark()
        self._head = source.head()
        edge = self._head.edge if self._head is not None else None
        claimed = source.size() if edge is None else edge.size
        self.size = min(claimed, source.held(claimed))
        self._gone = claimed - self.size
        self._links = 0
        # As many as there are events whose facts are gone or withheld.
        self._hidden: set[str] = set()
        self._last: tuple[bytes, str | None] | None = None
        self._inconsistent: list[tuple[Seen, Checkpoint, int]] = []
        self._agreed_size = 0
        self._notes = 0
        self._marks = SignedMarks(
            question.trust, origin=source.origin, clock_bound_s=question.clock_bound_s
        )
        self._faulty: set[str] = set()

    def take(self, report: ChunkReport) -> None:
        """Take in the next stretch."""
        self.tally.absorb([report.tally])
        self._take_faults(report.faults)
        self._notes += report.notes
        self._declarations.absorb(report.declarations)
        self._links = (self._links + report.links) % SUM_MODULUS
        self._hidden.update(report.hidden)
        self._last = report.last
        self._marks.learn(self._declarations.keys)
        for seen in report.seen:
            self._compare(seen)
        if report.edge.size == CHUNK_ENTRIES:
            root = report.edge.peaks[0]
            self.edge.add_subtree(root, height=CHUNK_HEIGHT, completed=self._check_kept)
        else:
            self.edge = _joined(self.edge, report.edge)

    def take_streams(self, reports: Iterable[tuple[StreamReport, Tally]]) -> None:
        """Take in all shares of the streams; they must be the links of the stretches."""
        total = 0
        for report, tally in reports:
            self.tally.absorb([tally])
            for gap in report.gaps:
                if not gap.is_hidden(self._hidden):
                    self.tally.add(gap.finding())
            total = (total + report.sum) % SUM_MODULUS
        if total != self._links:
            detail = "streams read in their own order are not those of the log: index damaged"
            self.tally.add(Finding(Code.STREAM_UNREAD, None, detail))

    def conclude(self) -> Checkpoint:
        """Compare with all that is kept beside the entries; return what was found to be."""
        if self._gone:
            detail = f"{self._gone} from here on" if self._gone > 1 else ""
            self.tally.add(Finding(Code.ENTRY_MISSING, self.size, detail))
        for finding in self._declarations.undeclared(self.tally):
            self.tally.add(finding)
        self._check_erasures()
        checkpoint = Checkpoint(self._source.origin, self.edge.size, self.edge.root())
        self._check_head()
        self._check_strays()
        self._check_marks_beyond(checkpoint)
        self._marks.conclude()
        self.tally.absorb([self._marks.tally])
        self._report_inconsistent()
        self._take_faults(self._source.take_faults())
        for what in self._source.unavailable():
            self.tally.leave(what)
        if not self._notes:
            self.tally.leave(Unchecked.CHECKPOINT_ABSENT)
        if self._question.trust.own_word:
            self.tally.leave(Unchecked.KEY_NOT_TRUSTED)
        return checkpoint

    def _take_faults(self, faults: Iterable[Finding]) -> None:
        """Name each thing that could not be read once, however often it was tried."""
        for fault in faults:
            if fault.detail not in self._faulty:
                self._faulty.add(fault.detail)
                self.tally.add(fault)

    def _check_erasures(self) -> None:
        """Nobody who was erased can be opened again, as a restored vault would have it."""
        persons = sorted({person for _, person in self._declarations.erased})
        for person in persons:
            keys = self._source.data_keys([person])
            if keys is not None and keys.get(person) is not None:
                detail = "the data key of an erased person is back"
                finding = Finding(Code.ERASURE_UNDONE, None, detail, "no key", person)
                self.tally.add(finding)

    def _compare(self, seen: Seen) -> None:
        root, checkpoint = _joined(self.edge, seen.edge).root(), seen.opened.checkpoint
        agreed = root == checkpoint.root
        if not self._marks.take(seen, agreed=agreed):
            return
        if agreed:
            self._agreed_size = checkpoint.size
        else:
            found = Checkpoint(self._source.origin, checkpoint.size, root)
            self._inconsistent.append((seen, found, self._agreed_size))
            # The first and the last say all; a forked log may have signed thousands.
            del self._inconsistent[1:-1]

    def _check_kept(self, height: int, index: int, root: bytes) -> None:
        level, rest = divmod(height, LEVEL_HEIGHT)
        if rest:
            return
        (kept,) = self._source.kept_hashes(level, index, index + 1)
        if kept != root:
            detail = f"level {level}, number {index}"
            got = None if kept is None else kept.hex()
            finding = Finding(Code.SUBTREE_DIFFERS, index << height, detail, root.hex(), got)
            self.tally.add(finding)

    def _check_head(self) -> None:
        head = self._head
        if head is None:
            self.tally.leave(Unchecked.HEAD_ABSENT)
            return
        if head.gone:
            self.tally.add(Finding(Code.HEAD_DIFFERS, None, "the head row is gone"))
            return
        if head.sealed is None:
            self.tally.leave(Unchecked.HEAD_SEAL_WITHOUT_KEY)
        elif not head.sealed:
            self.tally.add(Finding(Code.HEAD_SEAL, None, "not sealed by the service"))
        want = self._last or (bytes(32), None)
        if head.edge != self.edge or head.leaf != want[0] or want[1] not in (None, head.time):
            finding = Finding(
                Code.HEAD_DIFFERS,
                None,
                "the head is not that of the entries",
                [self.edge.size, self.edge.root().hex()],
                None if head.edge is None else [head.edge.size, head.edge.root().hex()],
            )
            self.tally.add(finding)

    def _check_strays(self) -> None:
        """Nothing is kept beyond the log's end, and nothing that cosigns no checkpoint."""
        for seq in self._source.beyond(self.edge.size):
            self.tally.add(Finding(Code.ENTRY_BEYOND_HEAD, seq, "", self.edge.size, seq))
        for stray, what in self._source.strays(self.size + self._gone):
            self.tally.add(Finding(Code.ROW_BEYOND_HEAD, stray, what, self.edge.size))
        for where in self._source.stray_cosignatures():
            self.tally.add(Finding(Code.COSIGNATURE_DIFFERS, None, where))

    def _check_marks_beyond(self, checkpoint: Checkpoint) -> None:
        """Heads larger than the log: it was rolled back."""
        largest: Checkpoint | None = None
        note: bytes | None = None
        first, last = checkpoint.size + 1, self._largest_mark
        marks = self._source.marks(first, last)
        for mark in with_register(marks, self._question.registered, first, last):
            self._notes += isinstance(mark.head, bytes)
            head = self._marks.beyond(mark, checkpoint.size)
            if head is not None:
                largest, note = head, mark.head if isinstance(mark.head, bytes) else note
        if largest is not None:
            detail = f"rolled back: {largest.size - checkpoint.size} entries are gone"
            finding = Finding(
                Code.CHECKPOINT_INCONSISTENT,
                checkpoint.size,
                detail,
                largest.text(),
                checkpoint.text(),
                note,
            )
            self.tally.add(finding)

    def _report_inconsistent(self) -> None:
        for seen, found, agreed_size in self._inconsistent:
            finding = Finding(
                Code.CHECKPOINT_INCONSISTENT,
                # Up to here the log is what a checkpoint says: the change is not earlier.
                agreed_size,
                f"{seen.mark.keeper} of size {found.size} has another root",
                seen.opened.checkpoint.text(),
                found.text(),
                self._note_of(seen),
            )
            self.tally.add(finding)

    def _note_of(self, seen: Seen) -> bytes | None:
        """Return the note of a mark, read again: it is not held while the log is read."""
        size = seen.mark.size
        for mark in self._source.marks(size, size):
            if mark.keeper == seen.mark.keeper and isinstance(mark.head, bytes):
                return mark.head
        return None


def _joined(before: Edge, stretch: Edge) -> Edge:
    """Return the edge of a tree followed by a stretch that begins at a perfect boundary."""
    joined = before.copy()
    for peak, height in zip(stretch.peaks, _heights(stretch.size), strict=True):
        joined.add_subtree(peak, height=height)
    return joined


def _heights(size: int) -> list[int]:
    return [height for height in range(size.bit_length() - 1, -1, -1) if size >> height & 1]

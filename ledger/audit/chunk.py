"""One stretch of the log, re-read and re-hashed: entries, links, facts, tree and marks.

Stretches begin at multiples of `CHUNK_ENTRIES`, so each is one perfect subtree of the
tree and can be checked by itself, in a process of its own, in memory that does not grow
with the log.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ledger.audit.by_sight import BySight, Known
from ledger.audit.facts_check import Declarations, FactsCheck
from ledger.audit.finding import Code, Finding, Tally, Unchecked
from ledger.audit.links import SUM_MODULUS, link_number, link_of, text_number
from ledger.audit.marks import MarkCheck, Seen, Stretch, Trust
from ledger.audit.source import KeptEntry, LogSource, with_register
from ledger.proof.canonical import Value
from ledger.proof.checkpoint import Checkpoint
from ledger.proof.entry import NOTHING_BEFORE, Entry, parse_entry
from ledger.proof.errors import MalformedError
from ledger.proof.merkle import Edge, leaf_hash, root_of
from ledger.proof.shapes import Shapes

CHUNK_HEIGHT = 14
CHUNK_ENTRIES = 1 << CHUNK_HEIGHT
PAGE_ENTRIES = 512
WIDTH = 256
ABSENT_LEAF = bytes(32)
"""Stands in the tree for an entry that is gone, so that the tree cannot come out right."""


@dataclass(frozen=True, slots=True)
class Question:
    """What every stretch is checked against."""

    shapes: Shapes
    trust: Trust
    clock_bound_s: int
    from_seq: int = 0
    registered: Checkpoint | None = None
    """What the head register said when the audit began."""


@dataclass(slots=True)
class ChunkReport:
    """What one stretch adds to the whole.

    ``links`` sums up the links it holds; ``hidden`` has the leaves, in hex, of the entries
    whose place in a stream is not shown.
    """

    start: int
    stop: int
    tally: Tally = field(default_factory=Tally)
    edge: Edge = field(default_factory=Edge)
    last: tuple[bytes, str | None] | None = None
    seen: list[Seen] = field(default_factory=list)
    declarations: Declarations = field(default_factory=Declarations)
    links: int = 0
    hidden: set[str] = field(default_factory=set)
    notes: int = 0
    faults: Sequence[Finding] = ()


def check_chunk(source: LogSource, question: Question, start: int, stop: int) -> ChunkReport:
    """Check the entries from ``start`` (a multiple of `CHUNK_ENTRIES`) up to ``stop``."""
    report = ChunkReport(start, stop)
    reader = _Reader(source, question, report)
    reader.read()
    _check_kept_hashes(source, report, reader.leaves)
    marks = MarkCheck(source.origin, question.trust, question.clock_bound_s, report.tally)
    stretch = Stretch(start, reader.leaves, reader.times)
    shown = with_register(source.marks(start, stop), question.registered, start, stop)
    report.seen, report.edge = marks.check(shown, stretch)
    report.notes = marks.notes
    report.faults = source.take_faults()
    return report


class _Reader:
    """Walks over the entries of one stretch."""

    def __init__(self, source: LogSource, question: Question, report: ChunkReport) -> None:
        self._source = source
        self._question = question
        self._report = report
        self._tally = report.tally
        self._facts = FactsCheck(
            source.origin, question.shapes, report.tally, report.declarations
        )
        self._by_sight = BySight(source.origin, question.shapes)
        self.leaves: list[bytes] = []
        self.times: list[str | None] = []
        self._prev: bytes | None = NOTHING_BEFORE
        self._time: str | None = None

    def read(self) -> None:
        """Check every entry that should be there, whether it is or not."""
        start, stop = self._report.start, self._report.stop
        self._look_back(start)
        due = start
        # Facts are held for a page at a time; a single event's may be large.
        for first in range(start, stop, PAGE_ENTRIES):
            kept_entries = list(self._source.entries(first, min(stop, first + PAGE_ENTRIES)))
            data_keys = self._data_keys(kept_entries)
            for kept in kept_entries:
                if kept.seq < due:
                    self._found(Code.ENTRY_TWICE, kept.seq, "two entries claim one place")
                    continue
                self._missing(due, kept.seq)
                self._take(kept, data_keys)
                due = kept.seq + 1
        self._missing(due, stop)
        if self.leaves:
            self._report.last = (self.leaves[-1], self._time)

    def _look_back(self, start: int) -> None:
        """Learn the hash and time that the first entry must continue."""
        if start == 0:
            return
        self._prev = None
        for kept in self._source.entries(start - 1, start):
            self._prev = leaf_hash(kept.entry)
            try:
                self._time = parse_entry(kept.entry).time
            except MalformedError:
                self._time = None  # named where that entry itself is read

    def _data_keys(
        self, kept_entries: Sequence[KeptEntry]
    ) -> Mapping[str, bytes | None] | None:
        persons = {person for kept in kept_entries for person, _ in kept.boxes}
        return self._source.data_keys(sorted(persons)) if persons else {}

    def _missing(self, due: int, until: int) -> None:
        if due == until:
            return
        detail = f"{until - due} from here on" if until - due > 1 else ""
        self._found(Code.ENTRY_MISSING, due, detail)
        self._report.declarations.keys.unread += until - due
        self.leaves += [ABSENT_LEAF] * (until - due)
        self.times += [None] * (until - due)
        self._prev = None

    def _take(self, kept: KeptEntry, data_keys: Mapping[str, bytes | None] | None) -> None:
        leaf = leaf_hash(kept.entry)
        if kept.seq < self._question.from_seq:
            self._pass_over(kept, leaf)
            return
        known = self._by_sight.know(kept, leaf, prev=self._prev, not_before=self._time)
        if known is not None:
            self._take_known(kept, leaf, known, data_keys)
            return
        if kept.leaf is not None and kept.leaf != leaf:
            self._found(Code.LEAF_DIFFERS, kept.seq, "", leaf.hex(), kept.leaf.hex())
        facts = None
        try:
            entry = parse_entry(kept.entry)
        except MalformedError as error:
            self._found(Code.ENTRY_NOT_CANONICAL, kept.seq, error.what, error.want)
            self.times.append(None)
        else:
            self._check_entry(kept, entry)
            if kept.plain is None and kept.disclosure is None and not self._source.keeps_facts:
                self._tally.leave(Unchecked.FACTS_ABSENT)
            else:
                facts = self._facts.check(kept, entry, data_keys)
            self.times.append(entry.time)
        self._report.declarations.keys.unread += facts is None
        self._add_link(kept, leaf, facts)
        self._prev = leaf
        self.leaves.append(leaf)

    def _take_known(
        self,
        kept: KeptEntry,
        leaf: bytes,
        known: Known,
        data_keys: Mapping[str, bytes | None] | None,
    ) -> None:
        """Take in an entry that is what it must be; its boxes are still to be opened."""
        if known.personal or kept.boxes:
            facts: dict[str, Value] = {
                "stream": known.facts.stream.decode(),
                "version": known.facts.version,
            }
            self._facts.check_boxes(kept, facts, known.personal, data_keys)
        self._report.links = (self._report.links + text_number(known.link)) % SUM_MODULUS
        self._time = known.time
        self.times.append(known.time)
        self._prev = leaf
        self.leaves.append(leaf)

    def _pass_over(self, kept: KeptEntry, leaf: bytes) -> None:
        """Before the asked for position: only what later entries and the tree rest on."""
        self._tally.leave(Unchecked.NOT_READ_AGAIN)
        self._report.declarations.keys.unread += 1
        self._prev = leaf
        self.leaves.append(leaf)
        try:
            self._time = parse_entry(kept.entry).time
        except MalformedError:
            self._time = None
        self.times.append(self._time)
        self._add_link(kept, leaf, None)

    def _check_entry(self, kept: KeptEntry, entry: Entry) -> None:
        if entry.log != self._source.origin:
            self._found(Code.ENTRY_WRONG_LOG, kept.seq, "", self._source.origin, entry.log)
        if entry.seq != kept.seq:
            self._found(Code.ENTRY_WRONG_SEQ, kept.seq, "", kept.seq, entry.seq)
        if self._prev is not None and entry.prev != self._prev:
            self._found(Code.ENTRY_WRONG_PREV, kept.seq, "", self._prev.hex(), entry.prev.hex())
        if self._time is not None and entry.time < self._time:
            self._found(Code.ENTRY_TIME_BACK, kept.seq, "", self._time, entry.time)
        self._time = entry.time

    def _add_link(
        self, kept: KeptEntry, leaf: bytes, facts: Mapping[str, Value] | None
    ) -> None:
        link = link_of(kept, leaf, facts)
        if link is not None:
            self._report.links = (self._report.links + link_number(link)) % SUM_MODULUS
        elif self._source.keeps_facts:
            self._report.hidden.add(leaf.hex())
            self._tally.leave(Unchecked.STREAM_WITHOUT_FACTS)

    def _found(
        self, code: Code, seq: int, detail: str, want: object = None, got: object = None
    ) -> None:
        self._tally.add(Finding(code, seq, detail, want, got))


def _check_kept_hashes(source: LogSource, report: ChunkReport, leaves: Sequence[bytes]) -> None:
    """Compare the kept roots of 256 leaves each; larger ones are compared by the whole."""
    first, count = report.start // WIDTH, len(leaves) // WIDTH
    kept = source.kept_hashes(1, first, first + count)
    for number in range(count):
        covered = leaves[number * WIDTH : (number + 1) * WIDTH]
        if ABSENT_LEAF in covered:
            continue  # The entry is named as missing; nobody can say what root it made.
        want = root_of(covered)
        if kept[number] != want:
            got = kept[number]
            finding = Finding(
                Code.SUBTREE_DIFFERS,
                (first + number) * WIDTH,
                f"level 1, number {first + number}",
                want.hex(),
                None if got is None else got.hex(),
            )
            report.tally.add(finding)

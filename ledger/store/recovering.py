"""Which copy of each entry is the one that the log has: found from the last entry backwards.

An entry names the leaf before it, so who knows the last leaf knows which bytes each earlier
entry must have, whoever offers them. Nothing is believed for where it comes from: the tree
of what was chosen has to have the root that was signed or registered.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ledger.audit.chunk import ABSENT_LEAF, CHUNK_ENTRIES, CHUNK_HEIGHT, PAGE_ENTRIES
from ledger.audit.facts_check import FactsCheck
from ledger.audit.finding import Tally
from ledger.audit.source import KeptEntry, LogSource
from ledger.proof.entry import NOTHING_BEFORE, parse_entry
from ledger.proof.errors import MalformedError
from ledger.proof.merkle import Edge, edge_of, leaf_hash, root_of
from ledger.proof.shapes import Shapes
from ledger.proof.tile import TILE_WIDTH
from ledger.store.head import BEFORE_ANY

OWN, GONE = 0, -1
"""Places among the sources: the log's own database is asked first; some things none has."""


@dataclass(frozen=True, slots=True)
class Pick:
    """The entries from ``start`` up to ``stop`` are to be taken from a source."""

    start: int
    stop: int
    source: int


@dataclass(slots=True)
class Plan:
    """A whole log put together from several copies of it, nothing of it written yet.

    ``picks`` and ``missing`` ascend; ``missing`` holds (start, stop). ``roots`` are those of
    the sizes that were asked for, ``tiles`` the roots of 256 leaves each, in order. What is
    ``missing`` stands in the tree by its leaf, where the next entry names it.
    """

    size: int
    edge: Edge = field(default_factory=Edge)
    leaf: bytes = NOTHING_BEFORE
    time: str = BEFORE_ANY
    picks: list[Pick] = field(default_factory=list)
    missing: list[tuple[int, int]] = field(default_factory=list)
    roots: dict[int, bytes] = field(default_factory=dict)
    tiles: list[bytes] = field(default_factory=list)

    def subtrees(self) -> Iterator[tuple[int, int, bytes]]:
        """Yield level, number and root of every whole subtree of 256^level leaves."""
        level, roots = 1, self.tiles
        while roots:
            yield from ((level, number, root) for number, root in enumerate(roots))
            whole = len(roots) // TILE_WIDTH
            roots = [
                root_of(roots[n * TILE_WIDTH : (n + 1) * TILE_WIDTH]) for n in range(whole)
            ]
            level += 1


def last_leaves(sources: Sequence[LogSource], size: int) -> list[bytes]:
    """Return what the last entry's leaf may be, as any source has it, each once."""
    found = (leaf_hash(kept.entry) for each in sources for kept in each.entries(size - 1, size))
    return list(dict.fromkeys(found))


def plan_recovery(
    sources: Sequence[LogSource],
    *,
    shapes: Shapes,
    size: int,
    marks: Collection[int],
    last: bytes | None,
) -> Plan:
    """Return the log of ``size`` entries that ends in a leaf, None where nobody knows one.

    Memory does not grow with the log but for one hash for each 256 entries.
    """
    return _Walk(sources, shapes, Plan(size), last).walk(sorted(marks))


class _Walk:
    def __init__(
        self, sources: Sequence[LogSource], shapes: Shapes, plan: Plan, last: bytes | None
    ) -> None:
        self._sources = sources
        self._shapes = shapes
        self._plan = plan
        self._needed = last
        self._chosen: list[Pick] = []
        self._lost: set[int] = set()

    def walk(self, marks: Sequence[int]) -> Plan:
        plan, roots = self._plan, list[bytes]()
        ends: dict[int, Edge] = {}
        tail: list[bytes] = []
        for start in reversed(range(0, plan.size, CHUNK_ENTRIES)):
            leaves = self._stretch(start, min(plan.size, start + CHUNK_ENTRIES))
            stop = start + len(leaves)
            ends |= {m: edge_of(leaves[: m - start]) for m in marks if start < m <= stop}
            whole = range(0, len(leaves) - TILE_WIDTH + 1, TILE_WIDTH)
            plan.tiles[:0] = [root_of(leaves[at : at + TILE_WIDTH]) for at in whole]
            if len(leaves) == CHUNK_ENTRIES:
                roots.insert(0, root_of(leaves))
            else:
                tail = leaves
        plan.edge = _joined(roots, edge_of(tail))
        for mark, end in ends.items():
            plan.roots[mark] = _joined(roots[: (mark - 1) // CHUNK_ENTRIES], end).root()
        plan.roots |= {mark: Edge().root() for mark in marks if mark == 0}
        plan.picks = _ascending([each for each in self._chosen if each.source > OWN])
        gone = _ascending([each for each in self._chosen if each.source < OWN])
        plan.missing = [(each.start, each.stop) for each in gone]
        return plan

    def _stretch(self, start: int, stop: int) -> list[bytes]:
        leaves: list[bytes] = []
        for first in reversed(range(start, stop, PAGE_ENTRIES)):
            leaves += self._page(first, min(stop, first + PAGE_ENTRIES))
        return leaves[::-1]

    def _page(self, start: int, stop: int) -> list[bytes]:
        """Return the leaves of some entries, the last one first."""
        offers = [_Offer(source, start, stop, self._shapes) for source in self._sources]
        leaves = []
        for seq in reversed(range(start, stop)):
            needed, self._needed = self._needed, None
            best, whole = _best(offers, seq, needed, self._lost)
            self._choose(seq, best if whole and best is not None else GONE)
            if best is None:
                leaves.append(needed or ABSENT_LEAF)
                continue
            kept = offers[best].kept[seq]
            leaves.append(leaf_hash(kept.entry))
            try:
                entry = parse_entry(kept.entry)
            except MalformedError:
                continue
            self._needed = entry.prev
            if seq == self._plan.size - 1:
                self._plan.leaf, self._plan.time = leaves[-1], entry.time
        return leaves

    def _choose(self, seq: int, source: int) -> None:
        last = self._chosen[-1] if self._chosen else None
        if last is not None and last.source == source and last.start == seq + 1:
            self._chosen[-1] = Pick(seq, last.stop, source)
        else:
            self._chosen.append(Pick(seq, seq + 1, source))


class _Offer:
    """What one source has of a page, and how much is wrong with each of its rows."""

    def __init__(self, source: LogSource, start: int, stop: int, shapes: Shapes) -> None:
        entries = source.entries(start, stop)
        self.kept = {kept.seq: kept for kept in entries if type(kept.seq) is int}
        self._origin = source.origin
        self._shapes = shapes
        persons = {person for kept in self.kept.values() for person, _ in kept.boxes}
        keys: Mapping[str, bytes | None] | None = {}
        self._keys = source.data_keys(sorted(persons)) if persons else keys

    def fits(self, seq: int, needed: bytes | None) -> bool:
        kept = self.kept.get(seq)
        return kept is not None and needed in (None, leaf_hash(kept.entry))

    def faults(self, seq: int, lost: set[int]) -> tuple[int, int]:
        """Return how many things beside an entry are wrong, and how many missing.

        ``lost`` are entries whose plain facts a later one declares lost; what this one
        declares is added. Undeclared, facts that are missing are wrong: a person's may be
        brought back by the vault, plain ones by nothing.
        """
        kept: KeptEntry = self.kept[seq]
        tally = Tally()
        check = FactsCheck(self._origin, self._shapes, tally)
        try:
            check.check(kept, parse_entry(kept.entry), self._keys)
        except MalformedError:
            return 1, 0
        lost.update(check.declarations.lost)
        missing = check.declarations.missing
        wrong_leaf = kept.leaf != leaf_hash(kept.entry)
        undeclared = (seq, "") in missing and seq not in lost
        return len(tally.findings) + wrong_leaf + undeclared, len(missing)


def _best(
    offers: Sequence[_Offer], seq: int, needed: bytes | None, lost: set[int]
) -> tuple[int | None, bool]:
    """Return the first source whose row is whole, else the one with the least wrong.

    Also whether nothing is wrong there; something may still be missing.
    """
    best, least = None, (0, 0)
    for source, offer in enumerate(offers):
        if not offer.fits(seq, needed):
            continue
        faults = offer.faults(seq, lost)
        if best is None or faults < least:
            best, least = source, faults
        if least == (0, 0):
            break
    return best, not least[0]


def _ascending(chosen: Sequence[Pick]) -> list[Pick]:
    return sorted(chosen, key=lambda each: each.start)


def _joined(roots: Sequence[bytes], end: Edge) -> Edge:
    """Return the edge of whole stretches followed by a part of one."""
    edge = Edge()
    for root in roots:
        edge.add_subtree(root, height=CHUNK_HEIGHT)
    heights = [h for h in range(end.size.bit_length() - 1, -1, -1) if end.size >> h & 1]
    for peak, height in zip(end.peaks, heights, strict=True):
        edge.add_subtree(peak, height=height)
    return edge

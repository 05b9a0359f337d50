"""Somebody who knows the log format and rewrites a tail with every hash right, but no key.

Nothing of the store's writing code is used: this is what an attacker would write from
`docs/log-format.md`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from ledger.audit.source import KeptEntry
from ledger.proof.canonical import Value
from ledger.proof.entry import NOTHING_BEFORE, Entry, parse_entry
from ledger.proof.facts import FactGroup, commitment, merge_digests, parse_group
from ledger.proof.merkle import Edge, edge_of, leaf_hash, root_of
from ledger.proof.personal import parse_personal
from ledger.store.head import Head
from tests.audit.house import House, edits
from tests.audit.outsider import Statement
from tests.audit.plan import ORIGIN, SIZE, WIDTH


@dataclass
class Row:
    """One row as the forger wants it; ``previous`` None means the true one."""

    seq: int
    entry: Entry
    seed: bytes
    facts: dict[str, Value]
    personal: bytes | None = None
    stored_leaf: bytes = b""
    columns: dict[str, object] = field(default_factory=dict)
    previous: str | None = None

    @property
    def stream(self) -> str:
        return str(self.facts["stream"])


class Forger:
    """Reads all rows, lets them be changed, links them anew and writes them."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.rows = [_read(kept) for kept in house.wiring.source.entries(0, SIZE)]
        self.edge = Edge()

    def invent(self, stream: str, **facts: Value) -> Row:
        """Return a record at the end that nobody ever entered."""
        last = self.rows[-1]
        named: dict[str, Value] = {
            **self.rows[1].facts,
            "stream": stream,
            "version": 1,
            "previous": "0" * 64,
            **facts,
        }
        row = Row(len(self.rows), last.entry, bytes(range(32)), named)
        self.rows.append(row)
        return row

    def rewrite(self, start: int, change: Callable[[Row], None] | None = None) -> None:
        """Change the row at ``start``, link everything from there on, and store it."""
        if change is not None:
            change(self.rows[start])
        self.link(start)
        self.store(start)

    def link(self, start: int) -> None:
        """Compute previous, commitment, prev and leaf of all rows from ``start`` on."""
        tails: dict[str, bytes] = {}
        before = NOTHING_BEFORE
        for row in self.rows:
            if row.seq >= start:
                true = tails.get(row.stream, NOTHING_BEFORE).hex()
                row.facts["previous"] = row.previous or true
                groups = [FactGroup(row.seed, row.facts).digests()]
                groups += parse_personal(row.personal).values()
                facts = commitment(list(merge_digests(groups).values()))
                entry = row.entry
                row.entry = Entry(entry.log, row.seq, entry.time, before, facts)
                row.stored_leaf = row.entry.leaf()
            before = tails[row.stream] = row.stored_leaf
        self.edge = edge_of([row.stored_leaf for row in self.rows])

    def store(self, start: int) -> None:
        """Write rows, kept subtrees and the head; the seal of the head stays as it was."""
        statements: list[Statement] = []
        for row in self.rows[start:]:
            if row.seq >= SIZE:
                statements.append(self._insertion(row))
            columns = {
                "entry": row.entry.text(),
                "leaf": row.stored_leaf,
                "plain": FactGroup(row.seed, row.facts).text(),
                **row.columns,
            }
            statements += edits(row.seq, **columns)
        leaves = [row.stored_leaf for row in self.rows]
        for number in range(start // WIDTH, len(leaves) // WIDTH):
            root = root_of(leaves[number * WIDTH : (number + 1) * WIDTH])
            query = "UPDATE subtrees SET hash = ? WHERE {log} AND level = 1 AND number = ?"
            statements.append((query, (root, number)))
        head = self.head()
        peaks = b"".join(head.edge.peaks)
        query = "UPDATE heads SET size = ?, leaf = ?, time = ?, edge = ? WHERE {log}"
        statements.append((query, (head.size, head.leaf, head.time, peaks)))
        self._house.lie_all(statements)

    def head(self) -> Head:
        last = self.rows[-1]
        return Head(ORIGIN, self.edge, last.stored_leaf, last.entry.time)

    def seal(self) -> None:
        """Seal the head as well: now it is somebody who stole the service's key."""
        mac = self.head().seal(self._house.wiring.seal_key)
        self._house.lie("UPDATE heads SET mac = ? WHERE {log}", mac)

    def _insertion(self, row: Row) -> Statement:
        uuid = self._house.outsider.uuid
        version = row.facts["version"]
        values = (
            *(ORIGIN, row.seq, b"", b"", uuid(row.stream), version, version),
            *(row.facts["type"], None, row.personal, uuid(row.stream)),
        )
        return "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values


def _read(kept: KeptEntry) -> Row:
    group = parse_group(kept.plain or b"")
    return Row(
        seq=kept.seq,
        entry=parse_entry(kept.entry),
        seed=group.seed,
        facts=dict(group.facts),
        personal=kept.personal,
        stored_leaf=leaf_hash(kept.entry),
    )

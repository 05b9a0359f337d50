"""Rows of streams as they lie there, believed by nobody yet: of one stream, or of many."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from ledger.store.raw_rows import RawReader, as_bytes, with_hyphens

FIRST = -(2**63)
"""Below every version that a row can have."""
_FURTHER = ("entry", "plain", "personal")
_ORDER = "ORDER BY entries.stream, entries.originator_version"
_FROM = "entries.log = ? AND entries.stream = ? AND entries.originator_version >= ?"
_BOXES = "SELECT seq, person, box FROM boxes WHERE log = ?"
_BOXES_MAX = 500
"""Asked for at once; SQLite takes no more than 32,766 values in a statement."""


class StreamRow(NamedTuple):
    """A row as it lies there."""

    seq: int
    version: int
    originator_version: int
    leaf: bytes
    entry: bytes
    plain: bytes | None
    personal: bytes | None


class StreamRows:
    """Reads rows of one log by stream."""

    def __init__(self, raw: RawReader, *, origin: str) -> None:
        self._raw = raw
        self._origin = origin

    def of(
        self, connection: sa.Connection, firsts: Mapping[str, int]
    ) -> Mapping[str, Sequence[StreamRow]]:
        """Return rows of streams in their order, each from a version of its own on."""
        condition, values = self._condition(firsts)
        found = self._raw.records(connection, _FURTHER, f"WHERE {condition} {_ORDER}", *values)
        rows: dict[str, list[StreamRow]] = {stream: [] for stream in firsts}
        for row in found:
            texts = (None if each is None else as_bytes(each) for each in row[4:])
            rows.setdefault(with_hyphens(row[3]), []).append(StreamRow(*row[:3], *texts))
        return rows

    def boxes(
        self, connection: sa.Connection, seqs: Sequence[int]
    ) -> Mapping[int, Mapping[str, bytes]]:
        """Return the boxes of entries, by their positions and persons."""
        boxed: dict[int, dict[str, bytes]] = {}
        for start in range(0, len(seqs), _BOXES_MAX):
            some = seqs[start : start + _BOXES_MAX]
            query = f"{_BOXES} AND seq IN ({_marks(some)})"
            for seq, person, box in self._raw.select(connection, query, self._origin, *some):
                boxed.setdefault(seq, {})[with_hyphens(person)] = as_bytes(box)
        return boxed

    def _condition(self, firsts: Mapping[str, int]) -> tuple[str, list[object]]:
        """Return which rows are asked for.

        The log stands in each part: beside them, SQLite would go through all of it.
        """
        whole = [self._raw.uuid(each) for each, first in firsts.items() if first == FIRST]
        parts, values = [], list[object]()
        if whole:
            parts.append(f"(entries.log = ? AND entries.stream IN ({_marks(whole)}))")
            values += [self._origin, *whole]
        for stream, first in firsts.items():
            if first != FIRST:
                parts.append(f"({_FROM})")
                values += [self._origin, self._raw.uuid(stream), first]
        return " OR ".join(parts), values


def _marks(values: Iterable[object]) -> str:
    return ", ".join("?" for _ in values)

"""Rows that are kept for entries that are not: nothing of the log's own is beyond its end.

Each search is one statement, so one snapshot: what was appended since the size was read has
come together with its entries.
"""

from collections.abc import Iterator

import sqlalchemy as sa

from ledger.proof.tile import TILE_WIDTH
from ledger.store.raw_rows import RawReader

STRAYS_MAX = 100
_LEVELS = range(1, 8)
"""Of subtrees that a log of less than 2^63 entries can have."""
_POWERS = " ".join(f"WHEN {level} THEN {TILE_WIDTH**level}" for level in _LEVELS)
_LASTS = " ".join(
    f"WHEN number >= 0 AND number < {2**63 // TILE_WIDTH**level - 1} AND level = {level}"
    f" THEN (number + 1) * {TILE_WIDTH**level} - 1"
    for level in _LEVELS
)


def stray_boxes(
    raw: RawReader, connection: sa.Connection, origin: str, size: int
) -> Iterator[tuple[int | None, str]]:
    """Yield where boxes lie that belong to no entry, in no log of this size or larger."""
    query = (
        "SELECT DISTINCT seq FROM boxes WHERE log = ? AND (seq < 0 OR seq >= ?) AND NOT EXISTS"  # noqa: S608 - a number of ours
        " (SELECT 1 FROM entries WHERE entries.log = boxes.log AND entries.seq = boxes.seq)"
        f" ORDER BY seq LIMIT {STRAYS_MAX}"
    )
    for (seq,) in raw.select(connection, query, origin, size):
        yield _place(seq), "boxes"


def stray_subtrees(
    raw: RawReader, connection: sa.Connection, origin: str, size: int
) -> Iterator[tuple[int | None, str]]:
    """Yield kept roots of subtrees whose last entry is not there, in no log of this size."""
    query = (
        "SELECT level, number FROM subtrees WHERE log = ? AND ("  # noqa: S608 - numbers of ours
        f"level NOT BETWEEN {_LEVELS[0]} AND {_LEVELS[-1]} OR number < 0"
        f" OR (number >= ? / CASE level {_POWERS} END AND NOT EXISTS"
        " (SELECT 1 FROM entries WHERE entries.log = subtrees.log"
        f" AND entries.seq = CASE {_LASTS} END)))"
        f" ORDER BY level, number LIMIT {STRAYS_MAX}"
    )
    for level, number in raw.select(connection, query, origin, size):
        seq = None
        if type(level) is int and level in _LEVELS and type(number) is int:
            seq = number * TILE_WIDTH**level
        yield seq, f"subtrees, level {level}, number {number}"


def _place(seq: object) -> int | None:
    """Return a position, or None where somebody wrote something else there."""
    return seq if type(seq) is int else None

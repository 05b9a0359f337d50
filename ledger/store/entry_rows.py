"""Entries read by their positions, each with the plain facts that it commits to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ledger.proof.canonical import Value
from ledger.proof.errors import MalformedError, ProofError
from ledger.store.event import StreamDamagedError
from ledger.store.proven_rows import bound_event
from ledger.store.schema import entries


@dataclass(frozen=True, slots=True)
class BoundEntry:
    """An entry whose facts are those that it commits to; ``time`` is as the entry has it."""

    seq: int
    time: str
    facts: Mapping[str, Value]


def bound_entries(
    engine: sa.Engine, *, origin: str, seqs: Sequence[int]
) -> Sequence[BoundEntry]:
    """Return entries in the order of their positions.

    That they are the log's own at these positions, their proofs show.

    Raises:
        StreamDamagedError: A row is missing, its facts are lost, or they are not its entry's.
    """
    query = (
        sa.select(entries.c.seq, entries.c.entry, entries.c.plain, entries.c.personal)
        .where(entries.c.log == origin, entries.c.seq.in_(sorted(seqs)))
        .order_by(entries.c.seq)
    )
    with engine.connect() as connection:
        rows: Sequence[Any] = connection.execute(query).all()
    found = {row.seq for row in rows}
    for seq in seqs:
        if seq not in found:
            raise StreamDamagedError("", seq)
    return [_bound(row, origin) for row in rows]


def _bound(row: Any, origin: str) -> BoundEntry:
    try:
        entry, plain = bound_event(row)
        if (entry.log, entry.seq) != (origin, row.seq):
            raise ProofError("entry", [origin, row.seq], [entry.log, entry.seq])
    except (MalformedError, ProofError) as error:
        raise StreamDamagedError("", row.seq) from error
    return BoundEntry(entry.seq, entry.time, plain.facts)

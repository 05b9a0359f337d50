"""Which files of evidence the log names, read from the entries that say that they are kept."""

from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from ledger.proof.canonical import Value
from ledger.proof.errors import MalformedError
from ledger.store.entry_rows import bound_entries
from ledger.store.evidence_files import Kept
from ledger.store.schema import entries

EVIDENCE_KEPT: Final = "evidence.kept"
_AT_ONCE = 500


def kept_evidence(engine: sa.Engine, *, origin: str) -> Iterator[Kept]:
    """Yield every file that an entry names, in the order of the log.

    The rows are found by their topic, a copy of a fact that an audit compares: whoever
    concludes that a file is named by no entry audits first.

    Raises:
        As `bound_entries`.
    """
    query = (
        sa.select(entries.c.seq)
        .where(entries.c.log == origin, entries.c.topic == EVIDENCE_KEPT)
        .order_by(entries.c.seq)
    )
    with engine.connect() as connection:
        seqs = list(connection.execute(query).scalars())
    for start in range(0, len(seqs), _AT_ONCE):
        some = seqs[start : start + _AT_ONCE]
        for entry in bound_entries(engine, origin=origin, seqs=some):
            if entry.facts.get("type") == EVIDENCE_KEPT:
                yield _kept(entry.facts)


def _kept(facts: Mapping[str, Value]) -> Kept:
    match facts:
        case {
            "file": str(file),
            "size": int(size),
            "sha256": str(sha256),
            "persons": list(persons),
        }:
            shown = tuple(UUID(each) for each in persons if isinstance(each, str))
            return Kept(file=UUID(file), size=size, sha256=sha256, persons=shown)
        case _:
            raise MalformedError(EVIDENCE_KEPT, "file, size, sha256 and persons", sorted(facts))

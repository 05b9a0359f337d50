"""Cosignatures as they lie there, for an auditor: each with its checkpoint, or named.

What is no cosignature by its form is left out of the note that it would spoil: one junk row
is not to take a signed checkpoint out of the evidence, nor out of an export.
"""

import itertools
from collections.abc import Callable, Iterator

import sqlalchemy as sa

from ledger.audit.source import Mark
from ledger.proof.checkpoint import TIMESTAMP_BYTES
from ledger.proof.errors import MalformedError
from ledger.proof.note import parse_signature_lines
from ledger.store.raw_rows import RawReader, as_bytes
from ledger.store.strays import STRAYS_MAX

STORED = "stored checkpoint"


def cosigned_marks(
    raw: RawReader,
    connection: sa.Connection,
    origin: str,
    sizes: tuple[int, int],
    tell: Callable[[str], None],
) -> Iterator[Mark]:
    """Yield stored checkpoints from one size to another, both included, ascending.

    Each with the latest line of each witness; ``tell`` is told which rows hold none.
    """
    query = (
        "SELECT k.size, k.note, c.witness, c.time, c.line FROM checkpoints k"
        " LEFT JOIN cosignatures c ON c.log = k.log AND c.size = k.size"
        " WHERE k.log = ? AND k.size >= ? AND k.size <= ?"
        " ORDER BY k.size, c.witness, c.time"
    )
    rows = raw.pages(connection, query, origin, *sizes)
    for size, found in itertools.groupby(rows, key=lambda row: row[0]):
        note, lines = b"", dict[str, bytes]()
        for _, text, witness, time, line in found:
            note = as_bytes(text)
            fault = _fault(witness, time, as_bytes(line)) if line is not None else None
            if fault is not None:
                tell(f"size {size}, {witness}: {fault}")
            elif line is not None:
                lines[witness] = as_bytes(line)
        yield Mark(STORED, size, note + b"".join(lines.values()))


def plain_marks(
    raw: RawReader, connection: sa.Connection, origin: str, sizes: tuple[int, int]
) -> Iterator[Mark]:
    """Yield them from tables of before there were witnesses."""
    query = (
        "SELECT size, note FROM checkpoints"
        " WHERE log = ? AND size >= ? AND size <= ? ORDER BY size"
    )
    for size, note in raw.pages(connection, query, origin, *sizes):
        yield Mark(STORED, size, as_bytes(note))


def stray_cosignatures(raw: RawReader, connection: sa.Connection, origin: str) -> Iterator[str]:
    """Yield where cosignatures are kept of a size without a checkpoint, the first hundred."""
    query = (
        "SELECT DISTINCT c.size, c.witness FROM cosignatures c WHERE c.log = ?"  # noqa: S608 - a number of ours
        " AND NOT EXISTS (SELECT 1 FROM checkpoints k WHERE k.log = c.log AND k.size = c.size)"
        f" ORDER BY c.size, c.witness LIMIT {STRAYS_MAX}"
    )
    for size, witness in raw.select(connection, query, origin):
        yield f"size {size}, {witness}: no checkpoint of this size is kept"


def _fault(witness: object, time: object, text: bytes) -> str | None:
    """Return what keeps a row from being a cosignature, whoever is to verify it."""
    try:
        line, *more = parse_signature_lines(text.decode())
    except (MalformedError, UnicodeDecodeError):
        return "not one signature line"
    if more:
        return "not one signature line"
    if f"{line.name}+{line.key_id.hex()}" != witness:
        return "a line of another key"
    if int.from_bytes(line.blob[:TIMESTAMP_BYTES], "big") != time:
        return "a line of another time"
    return None

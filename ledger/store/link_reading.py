"""Links read from the index by stream: quickly as they are kept, or each hashed again.

A link needs an entry's leaf and its ``previous``. Quickly, the leaf is the one kept beside
the entry, and ``previous`` is cut from the text of the facts without reading it. Where one
of the two lies, the links do not add up to those of the entries, and are all hashed again.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from ledger.audit.links import link_of
from ledger.audit.source import Columns, KeptEntry, Link
from ledger.proof.merkle import HASH_BYTES, leaf_hash
from ledger.store.raw_rows import COMMON, RawReader, as_bytes, with_hyphens

FURTHER = ("topic", "entry", "plain", "personal")
"""What `kept_entry` needs beside the columns that all rows begin with."""
LINKS_AT_ONCE = 4_096

_PREVIOUS = b'"previous":"'
_IN_STREAMS = "WHERE log = ? AND seq >= 0 AND seq < ? AND stream BETWEEN ? AND ?"
_AFTER = "AND (stream, originator_version) > (?, ?)"
_BY_STREAM = "ORDER BY entries.stream, entries.originator_version"
"""The columns themselves: what is read under their names may be a text of them."""


def kept_entry(row: Any, boxed: tuple[tuple[str, bytes], ...] = ()) -> KeptEntry:
    """Return an entry from a row of the common columns and `FURTHER`."""
    seq, version, originator_version, stream, leaf, topic, entry, plain, personal = row
    return KeptEntry(
        seq,
        as_bytes(entry),
        as_bytes(leaf),
        Columns(with_hyphens(stream), version, originator_version, topic),
        None if plain is None else as_bytes(plain),
        None if personal is None else as_bytes(personal),
        boxed,
    )


def rehashed_links(
    raw: RawReader, connection: sa.Connection, origin: str, size: int, first: str, last: str
) -> Iterator[Link]:
    """Yield the links of some streams with the leaves that their entries have."""
    columns = ", ".join((*COMMON, *FURTHER))
    query = f"SELECT {columns} FROM entries {_IN_STREAMS} {_BY_STREAM}"  # noqa: S608 - names of ours
    for row in raw.pages(connection, query, origin, size, first, last):
        kept = kept_entry(row)
        link = link_of(kept, leaf_hash(kept.entry))
        if link is not None and type(kept.seq) is int:
            yield link


def links_as_kept(
    raw: RawReader, connection: sa.Connection, origin: str, size: int, first: str, last: str
) -> Iterator[Link]:
    """Yield the links of some streams as their rows show them at first sight."""
    for row in _rows(raw, connection, (origin, size, first, last)):
        link = _as_kept(row)
        if link is not None:
            yield link


def _rows(
    raw: RawReader, connection: sa.Connection, values: tuple[object, ...]
) -> Iterator[Any]:
    """Yield rows stream by stream: on PostgreSQL page by page, each where one ended."""
    if raw.on_sqlite:
        rest = f"{_IN_STREAMS} {_BY_STREAM}"
        yield from raw.records(connection, ["plain"], rest, *values)
        return
    after, more = "", values
    while True:
        rest = f"{_IN_STREAMS} {after} {_BY_STREAM} LIMIT {LINKS_AT_ONCE}"
        page = list(raw.records(connection, ["plain"], rest, *more))
        yield from page
        if len(page) < LINKS_AT_ONCE:
            return
        _, _, number, stream, *_ = page[-1]
        after, more = _AFTER, (*values, str(stream), number)


def _as_kept(row: Any) -> Link | None:
    seq, version, number, stream, leaf, plain = row
    leaf, stream = as_bytes(leaf), with_hyphens(stream)
    plain = None if plain is None else as_bytes(plain)
    at = -1 if plain is None else plain.find(_PREVIOUS)
    # Inside of another fact there may be a second one: which is which is for a parser to say.
    if plain is None or at < 0 or type(version) is not int or plain.count(_PREVIOUS) > 1:
        columns = Columns(stream, version, number, "")
        return link_of(KeptEntry(seq, b"", leaf, columns, plain), leaf)
    start = at + len(_PREVIOUS)
    previous = plain[start : start + 2 * HASH_BYTES].decode("utf-8", "replace")
    return Link(stream, version, seq, leaf, previous)

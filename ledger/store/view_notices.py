"""Reading inboxes: one person's notices newest first, under each id that she has or had.

Each id is read in its own order and the pages are merged, so that an inbox of several ids costs
what so many pages cost. What two of her ids were told by one entry is one notice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa

from ledger.projections.views import NOTICES, NOTICES_SEEN, VOLUNTEERS
from ledger.store.raw_rows import RawReader
from ledger.store.view_query import Query, as_of_size, select
from ledger.store.view_reader import AsOf, Row, ViewReader

UNREAD_MAX = 1_000
"""Whoever has more unread notices is told that she has so many."""
_KINDS_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxAsked:
    """Whose notices: under these ids, as staff of these organizations (empty: for herself).

    ``below`` is an entry before which they come; ``unread`` leaves out what was seen.
    """

    recipients: Sequence[str]
    organizations: Sequence[str] = ("",)
    below: int | None = None
    limit: int = 50
    size: int | None = None
    unread: bool = False


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One notice, and whether she has seen it."""

    row: Row
    is_seen: bool


@dataclass(frozen=True, slots=True)
class InboxFound:
    """Some notices, newest first; ``unread`` counts all that she has not seen, to a bound."""

    rows: Sequence[InboxRow]
    has_more: bool
    unread: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What she has not been told of: how many of which kind, and the last one's entry."""

    kinds: Mapping[str, int]
    through: int


def read_inbox(reader: ViewReader, asked: InboxAsked) -> AsOf[InboxFound]:
    """Return a page of somebody's notices, with what she has seen of them at that moment.

    Raises:
        sqlalchemy.exc.DBAPIError: The database refused.
    """

    def read(raw: RawReader, connection: sa.Connection, log: str) -> InboxFound:
        marks = _marks(raw, connection, log, asked)
        lists = [
            _rows(raw, connection, log, replace(asked, recipients=(each,)), marks[each])
            for each in asked.recipients
        ]
        merged = merge(*lists, key=lambda found: -int(found.row["seq"]))
        told = (next(same) for _, same in groupby(merged, key=lambda found: found.row["seq"]))
        rows = list(islice(told, asked.limit + 1))
        more = len(rows) > asked.limit
        return InboxFound(
            rows[: asked.limit], more, _unread(raw, connection, log, asked, marks)
        )

    return reader.at_once(read, size=asked.size)


def last_notices(
    reader: ViewReader, asked: InboxAsked, through: int
) -> AsOf[Mapping[str, int]]:
    """Return the last notice under each id up to an entry, if it was not seen before."""

    def read(raw: RawReader, connection: sa.Connection, log: str) -> Mapping[str, int]:
        marks, last = _marks(raw, connection, log, asked), {}
        for each in asked.recipients:
            query, values = _where("max(seq)", asked, each)
            query += " AND seq <= ?"
            found = raw.select(connection, query, log, *values, through).scalar()
            if found is not None and found > marks[each]:
                last[each] = int(found)
        return last

    return reader.at_once(read)


def waiting(
    reader: ViewReader, asked: InboxAsked, *, after: int, through: int | None = None
) -> AsOf[Waiting]:
    """Return what came after an entry, up to another one, and was not seen since."""

    def read(raw: RawReader, connection: sa.Connection, log: str) -> Waiting:
        marks = _marks(raw, connection, log, asked)
        found: dict[int, str] = {}
        for each in asked.recipients:
            query, values = _where("seq, kind", asked, each)
            query += " AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?"
            since = max(after, marks[each])
            until = through if through is not None else 2**53
            rows = raw.select(connection, query, log, *values, since, until, _KINDS_MAX)
            found |= {int(row[0]): str(row[1]) for row in rows}
        kinds: dict[str, int] = {}
        for kind in found.values():
            kinds[kind] = kinds.get(kind, 0) + 1
        return Waiting(kinds, max(found, default=after))

    return reader.at_once(read)


def new_recipients(reader: ViewReader, *, start: int, stop: int) -> AsOf[Sequence[str]]:
    """Return who is told something by the entries from ``start`` up to ``stop``."""
    query = "SELECT DISTINCT recipient FROM view_notices WHERE log = ? AND seq >= ? AND seq < ?"

    def read(raw: RawReader, connection: sa.Connection, log: str) -> Sequence[str]:
        return [str(row[0]) for row in raw.select(connection, query, log, start, stop)]

    return reader.at_once(read)


def seen_at(reader: ViewReader, recipient: str, seq: int, size: int | None) -> str | None:
    """Return when a volunteer had seen the notice of an entry; None if she has not.

    What the registration into which hers is merged has seen counts, as long as it is.
    """
    as_of, sizes = as_of_size(VOLUNTEERS, size)
    merged = f'SELECT "into" FROM view_volunteers WHERE log = ? AND volunteer = ? AND {as_of}'  # noqa: S608 - a condition of ours
    query = (
        "SELECT min(seen_at) FROM view_notices_seen WHERE log = ? AND recipient = ?"
        " AND through >= ? AND seen_by IN (?, ?)"
    )

    def read(raw: RawReader, connection: sa.Connection, log: str) -> str | None:
        into = raw.select(connection, merged, log, recipient, *sizes).scalar()
        values: list[Any] = [recipient, seq, recipient, into or recipient]
        if size is not None:
            values.append(size)
        bound = "" if size is None else " AND since < ?"
        found = raw.select(connection, query + bound, log, *values).scalar()
        return None if found is None else str(found)

    return reader.at_once(read).value


def _marks(
    raw: RawReader, connection: sa.Connection, log: str, asked: InboxAsked
) -> dict[str, int]:
    """Return up to where each id's notices were seen by her whose inbox it is; -1 where none.

    What another human saw, with whose registration one of these was merged once, is not hers.
    """
    as_of, sizes = as_of_size(NOTICES_SEEN, asked.size)
    hers = ", ".join("?" for _ in asked.recipients)
    query = (
        "SELECT max(through) FROM view_notices_seen WHERE log = ? AND recipient = ?"  # noqa: S608 - a condition of ours
        f" AND seen_by IN ({hers}) AND {as_of}"
    )
    marks: dict[str, int] = {}
    for each in asked.recipients:
        found = raw.select(connection, query, log, each, *asked.recipients, *sizes).scalar()
        marks[each] = -1 if found is None else int(found)
    return marks


def _rows(
    raw: RawReader, connection: sa.Connection, log: str, asked: InboxAsked, mark: int
) -> list[InboxRow]:
    least = mark + 1 if asked.unread else None
    most = None if asked.below is None else asked.below - 1
    query = Query(
        equal={"recipient": asked.recipients[0]},
        among={"organization": asked.organizations},
        between={"seq": (least, most)},
        order=("seq",),
        descending=True,
        limit=asked.limit + 1,
        size=asked.size,
    )
    statement, values = select(NOTICES, query, log, on_sqlite=raw.on_sqlite)
    names = (*NOTICES.names, "since")
    found = raw.select(connection, statement, *values)
    rows = [dict(zip(names, each, strict=True)) for each in found]
    return [InboxRow(row, int(row["seq"]) <= mark) for row in rows]


def _unread(
    raw: RawReader,
    connection: sa.Connection,
    log: str,
    asked: InboxAsked,
    marks: Mapping[str, int],
) -> int:
    parts: list[str] = []
    values: list[Any] = []
    for each in asked.recipients:
        query, said = _where("seq", asked, each)
        bound = "" if asked.size is None else " AND seq < ?"
        parts.append(f"{query} AND seq > ?{bound}")
        values += [log, *said, marks[each], *([] if asked.size is None else [asked.size])]
    both = " UNION ".join(parts)
    query = f"SELECT count(*) FROM (SELECT seq FROM ({both}) AS told LIMIT ?) AS counted"  # noqa: S608 - names of ours
    return int(raw.select(connection, query, *values, UNREAD_MAX).scalar() or 0)


def _where(columns: str, asked: InboxAsked, recipient: str) -> tuple[str, list[Any]]:
    marks = ", ".join("?" for _ in asked.organizations)
    return (
        f"SELECT {columns} FROM view_notices WHERE log = ? AND recipient = ?"  # noqa: S608 - names of ours
        f" AND organization IN ({marks})",
        [recipient, *asked.organizations],
    )

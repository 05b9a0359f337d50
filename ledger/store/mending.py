"""Identical rows put in the place of missing and damaged ones, in one transaction.

The triggers that forbid changes are lifted inside it and stand again when it ends, also
those that somebody had taken away. Before it ends every entry is read and hashed again:
another tree than the one that was planned undoes everything.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from ledger.proof.checkpoint import Checkpoint, parse_checkpoint
from ledger.proof.merkle import SIZE_MAX, Edge, leaf_hash
from ledger.proof.note import parse_note
from ledger.store.backing_up import newest_note
from ledger.store.copying import Snapshot, Taker, snapshot, taking_over
from ledger.store.event import RolledBackError
from ledger.store.head import Head, sealed_row
from ledger.store.recovering import OWN, Pick, Plan
from ledger.store.schema import (
    IMMUTABLE,
    PASSING,
    boxes,
    checkpoints,
    entries,
    heads,
    metadata,
    subtrees,
    trackings,
)
from ledger.store.standing import Standing

_ROWS = (entries, boxes)
_BESIDE = (*_ROWS, heads, subtrees, checkpoints, *PASSING)


@dataclass(eq=False)
class StrayEntriesError(Exception):
    """Rows lie beyond all that was ever sealed, registered or signed; nothing was changed.

    ``seqs`` are at most a hundred of them.
    """

    seqs: list[int]


class RecoveryDiffersError(Exception):
    """The database did not keep the rows it was given; nothing was changed."""


def mend(
    engines: Sequence[sa.Engine],
    plan: Plan,
    *,
    origin: str,
    seal_key: bytes,
    is_signed: Callable[[bytes], bool],
    discard: bool,
) -> None:
    """Carry out a plan on the first of the databases, under a held head; durable on return.

    ``is_signed`` tells whether a note is a checkpoint that this log signed. ``discard`` lets
    rows go that lie beyond the plan, of checkpoints those that the log never signed.

    Raises:
        RolledBackError: Rows may go, and there is a checkpoint of the log that needs them.
        StrayEntriesError: There are some, and they may not go.
        RecoveryDiffersError: What was read back is not the planned tree.
        sqlalchemy.exc.DBAPIError: The database refused.
    """
    head = Head(origin, plan.edge, plan.leaf, plan.time)
    with taking_over(engines[OWN], origin) as taker, lifted_triggers(taker.connection):
        if discard:
            _check_nothing_beyond(taker, plan, is_signed)
        _clear_beyond(taker, plan.size, discard=discard)
        for pick in plan.picks:
            _delete(taker, _ROWS, pick.start, pick.stop)
        for pick in plan.picks:
            _insert(taker, engines[pick.source], pick)
        _mend_subtrees(taker, plan)
        for engine in engines[OWN + 1 :]:
            with snapshot(engine, origin) as rows:
                _mend_checkpoints(taker, rows, plan.size, is_signed)
                _fill(taker, rows, plan.size)
        if discard:
            _drop_unsigned(taker, plan.size, is_signed)
        _check(taker, plan)
        _put_head(taker, head, seal_key)


@contextmanager
def lifted_triggers(connection: sa.Connection) -> Iterator[None]:
    """Let rows be changed until the block ends; every table's triggers stand afterwards."""
    on_sqlite = connection.dialect.name == "sqlite"
    for table in IMMUTABLE:
        if on_sqlite:
            for act in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table.name}_no_{act}")
        else:
            connection.exec_driver_sql(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")
    yield
    for table in IMMUTABLE:
        if on_sqlite:
            for act in ("UPDATE", "DELETE"):
                connection.exec_driver_sql(
                    f"CREATE TRIGGER {table.name}_no_{act.lower()} BEFORE {act} ON {table.name}"
                    f" BEGIN SELECT RAISE(ABORT, '{table.name} are never changed'); END"
                )
        else:
            connection.exec_driver_sql(f"ALTER TABLE {table.name} ENABLE TRIGGER USER")


def _clear_beyond(taker: Taker, size: int, *, discard: bool) -> None:
    query = sa.select(entries.c.seq).where(entries.c.log == taker.origin, entries.c.seq >= size)
    seqs = list(taker.connection.execute(query.order_by(entries.c.seq).limit(100)).scalars())
    if seqs and not discard:
        raise StrayEntriesError(seqs)
    if seqs:
        _delete(taker, _ROWS, size, SIZE_MAX)


def _check_nothing_beyond(taker: Taker, plan: Plan, is_signed: Callable[[bytes], bool]) -> None:
    """Return if the log signed nothing larger than the plan, beyond which rows are to go."""
    rows = Snapshot(taker.connection, taker.origin)
    note = newest_note(rows, SIZE_MAX, is_signed=is_signed)
    if note is None:
        return
    want = parse_checkpoint(parse_note(note).text)
    if want.size > plan.size:
        got = Checkpoint(taker.origin, plan.size, plan.edge.root())
        raise RolledBackError(want=want.text(), got=got.text())


def _drop_unsigned(taker: Taker, size: int, is_signed: Callable[[bytes], bool]) -> None:
    """Let checkpoints beyond a size go that the log never signed: they say nothing of it."""
    rows = Snapshot(taker.connection, taker.origin).rows(checkpoints, "AND size > ?", size)
    unsigned = [
        at for _, at, note in rows if not isinstance(note, bytes) or not is_signed(note)
    ]
    for each in unsigned:
        place: Any = (checkpoints.c.log == taker.origin, checkpoints.c.size == each)
        taker.connection.execute(sa.delete(checkpoints).where(*place))


def _delete(taker: Taker, tables: Sequence[sa.Table], start: int, stop: int) -> None:
    for table in tables:
        taker.connection.execute(
            sa.delete(table).where(
                table.c.log == taker.origin, table.c.seq >= start, table.c.seq < stop
            )
        )


def _insert(taker: Taker, engine: sa.Engine, pick: Pick) -> None:
    with snapshot(engine, taker.origin) as rows:
        for table in _ROWS:
            within = ("AND seq >= ? AND seq < ?", pick.start, pick.stop)
            taker.insert(table, rows.rows(table, *within))


def _mend_subtrees(taker: Taker, plan: Plan) -> None:
    """Store the roots that the entries have, and no others."""
    wanted = {(level, number): root for level, number, root in plan.subtrees()}
    wrong = []
    for _, level, number, root in Snapshot(taker.connection, taker.origin).rows(subtrees):
        place: Any = (level, number)
        if wanted.get(place) == root:
            del wanted[place]
        else:
            wrong.append(place)
    for level, number in wrong:
        taker.connection.execute(
            sa.delete(subtrees).where(
                subtrees.c.log == taker.origin,
                subtrees.c.level == level,
                subtrees.c.number == number,
            )
        )
    taker.insert(subtrees, ((taker.origin, *place, root) for place, root in wanted.items()))


def _mend_checkpoints(
    taker: Taker, rows: Snapshot, size: int, is_signed: Callable[[bytes], bool]
) -> None:
    """Take over signed checkpoints of whose size none, or none that the log signed, is kept."""
    for _, at, note in rows.rows(checkpoints, "AND size <= ?", size):
        if not isinstance(note, bytes) or not is_signed(note):
            continue
        place = (checkpoints.c.log == taker.origin, checkpoints.c.size == at)
        query = sa.select(checkpoints.c.note).where(*place)
        kept = taker.connection.execute(query).scalar()
        if kept is not None and is_signed(bytes(kept)):
            continue
        taker.connection.execute(sa.delete(checkpoints).where(*place))
        taker.insert(checkpoints, [(taker.origin, at, note)])


def _fill(taker: Taker, rows: Snapshot, size: int) -> None:
    """Add what else a source keeps and the database does not; what is there stays."""
    beyond = rows.size() > size
    for table in metadata.sorted_tables:
        if table in _BESIDE or (table is trackings and beyond):
            continue  # A position followed beyond the log's end would skip events.
        within = ("AND size <= ?", size) if "size" in table.c else ("",)
        insert = _insert_ignoring(taker.connection, table)
        names = [column.name for column in table.columns]
        for row in rows.rows(table, *within):
            taker.connection.execute(insert, dict(zip(names, row, strict=True)))


def _insert_ignoring(connection: sa.Connection, table: sa.Table) -> sa.Executable:
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def _check(taker: Taker, plan: Plan) -> None:
    edge = Edge()
    within = ("AND seq < ?", plan.size)
    for _, seq, entry, leaf, *_ in Snapshot(taker.connection, taker.origin).rows(
        entries, *within
    ):
        if seq != edge.size or not isinstance(entry, bytes) or leaf != leaf_hash(entry):
            raise RecoveryDiffersError(seq)
        edge.append(leaf_hash(entry))
    if edge != plan.edge:
        raise RecoveryDiffersError(edge.size)


def _put_head(taker: Taker, head: Head, seal_key: bytes) -> None:
    row = sealed_row(head, seal_key, Standing.HELD)
    taker.connection.execute(sa.delete(heads).where(heads.c.log == head.origin))
    columns = (row.log, row.size, row.leaf, row.time, row.edge, row.mac)
    taker.insert(heads, [columns])

"""The tables of the views, and of how far they follow the log; all can be made anew from it.

Texts compare byte by byte on either database, so that an order is the same on both, and a
page follows the one before it.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from ledger.projections.view import History, Kind, Order, View
from ledger.projections.views import VIEWS

view_metadata = sa.MetaData()

PREFIX = "view_"
"""Before each name: the log's own tables may stand in the same database."""
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TYPES: Mapping[Kind, Any] = {
    Kind.TEXT: _TEXT,
    Kind.INTEGER: sa.BigInteger(),
    Kind.BOOLEAN: sa.Boolean(),
    Kind.BYTES: sa.LargeBinary(),
}

view_positions = sa.Table(
    "view_positions",
    view_metadata,
    sa.Column("log", _TEXT, primary_key=True),
    # So many entries are folded: the views are as of this size of the log.
    sa.Column("position", sa.BigInteger, nullable=False),
    # How often the views were emptied, so that nobody goes on with rows from before.
    sa.Column("generation", sa.BigInteger, nullable=False),
    # Which release's folds these rows are of (`ledger.projections.views.FOLDS`).
    sa.Column("folds", sa.BigInteger, nullable=False),
    # The size that a rebuilding has to reach; null when it has.
    sa.Column("goal", sa.BigInteger),
    # Of the last entry that is folded, in hex; empty where there is none. A log that was put
    # back from a backup, and has grown otherwise since, does not go on from there.
    sa.Column("leaf", sa.Text, nullable=False, server_default=""),
)
"""One row a log; whoever folds holds its lock."""


def table_name(view: View) -> str:
    """Return what the table of a view is called."""
    return f"{PREFIX}{view.name}"


def _table(view: View) -> sa.Table:
    key = [_column(view, name, is_key=True) for name in view.key]
    since = sa.Column(
        "since",
        sa.BigInteger,
        primary_key=view.history is History.KEPT,
        nullable=False,
        autoincrement=False,
    )
    rest = [_column(view, name, is_key=False) for name in view.columns]
    table = sa.Table(
        table_name(view),
        view_metadata,
        sa.Column("log", _TEXT, primary_key=True),
        *key,
        since,
        sa.Column("until", sa.BigInteger),
        *rest,
    )
    for order in view.orders:
        _index(table, order)
    return table


def _column(view: View, name: str, *, is_key: bool) -> sa.Column[object]:
    return sa.Column(
        name,
        TYPES[view.kind(name)],
        primary_key=is_key,
        nullable=view.is_optional(name),
        autoincrement=False,
    )


def _index(table: sa.Table, order: Order) -> None:
    where = condition(order)
    held = sa.text(where) if where else None
    sa.Index(
        f"{PREFIX}{order.name}",
        *(table.c[name] for name in ("log", *order.columns)),
        unique=order.unique,
        sqlite_where=held,
        postgresql_where=held,
    )


def condition(order: Order) -> str:
    """Return which rows an index holds, in SQL; nothing where it holds all."""
    parts = ["until IS NULL"] if order.current else []
    if order.where is not None:
        column, value = order.where
        parts.append(f"{column} = '{value}'")
    return " AND ".join(parts)


TABLES: Mapping[View, sa.Table] = {view: _table(view) for view in VIEWS}

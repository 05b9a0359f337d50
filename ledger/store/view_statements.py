"""What is said to the database about a view, on SQLite and on PostgreSQL; names are ours.

Many rows are asked for, closed or added by one statement: SQLite is given them as JSON or one
after the other on the same statement, PostgreSQL as arrays.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

import orjson

from ledger.projections.rows import Version
from ledger.projections.view import History, Key, Kind, Values, View
from ledger.store.view_tables import table_name

_POSTGRESQL_TYPES = {
    Kind.TEXT: "text",
    Kind.INTEGER: "bigint",
    Kind.BOOLEAN: "boolean",
    Kind.BYTES: "bytea",
}


def quoted(name: str) -> str:
    """Return a name of ours as SQL has it."""
    return f'"{name}"'


_NOTHING = "\x00"


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements about one view; parameters are ``?`` on SQLite, ``%s`` on PostgreSQL.

    ``load`` takes `wanted` keys, ``close`` what `ended` has; ``add`` is for SQLite and for
    rows that take the place of others.
    """

    table: str
    columns: tuple[str, ...]
    load: str
    close: str
    add: str


@cache
def statements(view: View, *, on_sqlite: bool) -> Statements:
    """Return the statements about a view."""
    table = quoted(table_name(view))
    bound, looked_at = _columns(view)
    columns = ("log", *view.key, "since", *bound, "until", *looked_at)
    return Statements(
        table=table,
        columns=columns,
        load=_load(view, table, on_sqlite=on_sqlite),
        close=_close(view, table, on_sqlite=on_sqlite),
        add=_add(view, table, columns, on_sqlite=on_sqlite),
    )


def _columns(view: View) -> tuple[list[str], list[str]]:
    """Return the columns whose values any driver takes as they are, and the others.

    SQLite's driver looks for an adapter of whatever is neither text nor number, 2 µs for each
    None or boolean: for these it is given U+0000, which no fact holds, and numbers.
    """
    bound: list[str] = []
    looked_at: list[str] = []
    for name in view.columns:
        special = view.is_optional(name) or view.kind(name) is Kind.BOOLEAN
        (looked_at if special else bound).append(name)
    return bound, looked_at


@cache
def row_maker(view: View, *, on_sqlite: bool) -> Callable[[str, Version], Sequence[Any]]:
    """Return what makes a row of a view, in the order of `Statements.columns`."""
    bound, looked_at = (_getter(names) for names in _columns(view))

    def make(log: str, version: Version) -> Sequence[Any]:
        key, values, since, until = version
        return (log, *key, since, *bound(values), until, *looked_at(values))

    def make_bound(log: str, version: Version) -> Sequence[Any]:
        key, values, since, until = version
        ended = _NOTHING if until is None else until
        return (log, *key, since, *bound(values), ended, *map(_bound, looked_at(values)))

    return make_bound if on_sqlite else make


def _getter(names: Sequence[str]) -> Callable[[Values], Sequence[Any]]:
    if len(names) > 1:
        return itemgetter(*names)
    if not names:
        return lambda _: ()
    (only,) = names
    return lambda values: (values[only],)


def _bound(value: Any) -> Any:
    return _NOTHING if value is None else 1 if value is True else 0 if value is False else value


def _load(view: View, table: str, *, on_sqlite: bool) -> str:
    found = ", ".join(f"t.{quoted(name)}" for name in (*view.key, "since", *view.columns))
    if on_sqlite:
        single = len(view.key) == 1
        values = ["w.value"] if single else _members(len(view.key))
        source, log = "json_each(?1) AS w CROSS JOIN", "?2"
    else:
        values = [f"w.k{number}" for number in range(len(view.key))]
        arrays = ", ".join(f"%s::{_POSTGRESQL_TYPES[kind]}[]" for kind in view.key.values())
        names = ", ".join(f"k{number}" for number in range(len(view.key)))
        source, log = f"unnest({arrays}) AS w({names}) JOIN", "%s"
    same = " AND ".join(
        f"t.{quoted(name)} = {value}" for name, value in zip(view.key, values, strict=True)
    )
    # Names of ours alone are put together here and below; values are parameters.
    return (
        f"SELECT {found} FROM {source} {table} AS t"  # noqa: S608
        f" ON t.log = {log} AND {same} AND t.until IS NULL"
    )


def _members(count: int) -> list[str]:
    return [f"json_extract(w.value, '$[{number}]')" for number in range(count)]


def _close(view: View, table: str, *, on_sqlite: bool) -> str:
    if on_sqlite:
        same = " AND ".join(f"{quoted(name)} = ?" for name in (*view.key, "since"))
        return f"UPDATE {table} SET until = ? WHERE log = ? AND {same}"  # noqa: S608
    kinds = [*view.key.values(), Kind.INTEGER, Kind.INTEGER]
    arrays = ", ".join(f"%s::{_POSTGRESQL_TYPES[kind]}[]" for kind in kinds)
    names = [*(f"k{number}" for number in range(len(view.key))), "since", "until"]
    same = " AND ".join(
        f"t.{quoted(name)} = w.k{number}" for number, name in enumerate(view.key)
    )
    return (
        f"UPDATE {table} AS t SET until = w.until"  # noqa: S608
        f" FROM unnest({arrays}) AS w({', '.join(names)})"
        f" WHERE t.log = %s AND {same} AND t.since = w.since"
    )


def _add(view: View, table: str, columns: Sequence[str], *, on_sqlite: bool) -> str:
    names = ", ".join(map(quoted, columns))
    if on_sqlite:
        nothing = (
            "NULLIF(?, char(0))" if view.is_optional(name) else "?" for name in columns[1:]
        )
        source = f"VALUES (?, {', '.join(nothing)})"
    else:
        kinds = [Kind.TEXT, *(view.kind(name) for name in columns[1:])]
        arrays = ", ".join(f"%s::{_POSTGRESQL_TYPES[kind]}[]" for kind in kinds)
        source = f"SELECT * FROM unnest({arrays})"  # noqa: S608
    insert = f"INSERT INTO {table} ({names}) {source}"
    if view.history is not History.NONE:
        return insert
    key = ", ".join(map(quoted, ("log", *view.key)))
    sets = ", ".join(
        f"{quoted(name)} = excluded.{quoted(name)}" for name in ("since", *view.columns)
    )
    return f"{insert} ON CONFLICT ({key}) DO UPDATE SET {sets}"


def wanted(view: View, keys: Sequence[Key], log: str, *, on_sqlite: bool) -> tuple[Any, ...]:
    """Return the parameters of `Statements.load`."""
    if not on_sqlite:
        return (*arrays(keys, len(view.key)), log)
    asked: Iterable[Any] = (key[0] for key in keys) if len(view.key) == 1 else keys
    return orjson.dumps(list(asked)).decode(), log


def ended(view: View, rows: Sequence[tuple[Key, int, int]]) -> tuple[list[Any], ...]:
    """Return the parameters of `Statements.close` on PostgreSQL, but for the log's name."""
    flat = [(*key, since, until) for key, since, until in rows]
    return tuple(arrays(flat, len(view.key) + 2))


def arrays(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    """Return rows as one array a column, as `unnest` takes them."""
    return [[row[number] for row in rows] for number in range(width)]

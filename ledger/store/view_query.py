"""Which rows of a view are asked for, as SQL: conditions, order, page, and as of which size.

Names are looked up among the view's own, so nothing but values comes from outside. A page
begins after the last row of the one before it, never by counting rows: the thousandth costs
what the first does.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from ledger.projections.view import Cell, History, View
from ledger.store.view_statements import quoted, statements
from ledger.store.view_tables import table_name

Cursor: TypeAlias = tuple[Cell, ...]
LAST = "\U0010ffff"
"""No text that begins with another one comes after that with this character behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Rows whose columns equal values, are among some, begin with texts, or lie between bounds.

    ``between`` has the least and the greatest value of a column, each None where there is
    none. Rows come in the order of ``order``, then of the key; ``after`` is the `cursor` of
    the row before the page. ``size`` None is now.
    """

    equal: Mapping[str, Cell] = field(default_factory=dict)
    among: Mapping[str, Collection[str]] = field(default_factory=dict)
    prefix: Mapping[str, str] = field(default_factory=dict)
    between: Mapping[str, tuple[Cell, Cell]] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    descending: bool = False
    after: Cursor | None = None
    limit: int = 100
    size: int | None = None


def order_of(view: View, query: Query) -> tuple[str, ...]:
    """Return by which columns rows are told apart and put in order.

    Raises:
        KeyError: There is no such column: a programmer's mistake.
        ValueError: One may hold nothing, or holds one value alone: a programmer's mistake.
    """
    columns = (*query.order, *(name for name in view.key if name not in query.order))
    for name in columns:
        view.kind(name)  # what is no name of ours never comes into a statement
        if name not in query.equal and view.is_optional(name) and not _is_given(name, query):
            raise ValueError(f"{name} may hold nothing")
    return tuple(name for name in columns if name not in query.equal)


def _is_given(name: str, query: Query) -> bool:
    return name in query.prefix or name in query.between


def cursor(view: View, query: Query, row: Mapping[str, Any]) -> Cursor:
    """Return what `Query.after` is for the rows that follow one."""
    return tuple(row[name] for name in order_of(view, query))


def select(view: View, query: Query, log: str, *, on_sqlite: bool) -> tuple[str, list[Any]]:
    """Return the statement with ``?`` for its values, and these.

    Raises:
        KeyError, ValueError: There is no such column, it is no order, or the view has no
            history: a programmer's mistake.
    """
    said = statements(view, on_sqlite=on_sqlite)
    columns = order_of(view, query)
    conditions, values = conditions_of(view, _without_passed(query, columns), log)
    if query.after is not None:
        names = ", ".join(map(quoted, columns))
        marks = ", ".join("?" for _ in columns)
        conditions.append(f"({names}) {'<' if query.descending else '>'} ({marks})")
        values += query.after
    way = " DESC" if query.descending else ""
    order = ", ".join(f"{quoted(name)}{way}" for name in columns)
    names = ", ".join(map(quoted, (*view.names, "since")))
    statement = (
        f"SELECT {names} FROM {said.table}"  # noqa: S608 - names of ours
        f" WHERE {' AND '.join(conditions)}"
        f"{' ORDER BY ' + order if order else ''} LIMIT ?"
    )
    return statement, [*values, query.limit]


def _without_passed(query: Query, columns: Sequence[str]) -> Query:
    """Return a query without the bound beyond which its page begins anyway.

    SQLite would seek that bound rather than the cursor, and walk through all pages between.
    """
    if not query.after or not columns:
        return query
    name, at = columns[0], query.after[0]
    least, greatest = query.between.get(name, (None, None))
    if name in query.prefix:
        least, greatest = query.prefix[name], query.prefix[name] + LAST
    bound = greatest if query.descending else least
    if bound is None or not _is_passed(bound, at, descending=query.descending):
        return query
    left = (least, None) if query.descending else (None, greatest)
    prefix = {each: text for each, text in query.prefix.items() if each != name}
    return replace(query, prefix=prefix, between={**query.between, name: left})


def _is_passed(bound: Any, at: Any, *, descending: bool) -> bool:
    return bool(at <= bound if descending else at >= bound)


def conditions_of(view: View, query: Query, log: str) -> tuple[list[str], list[Any]]:
    """Return which rows are asked for, without the page.

    Raises:
        KeyError, ValueError: As `select`.
    """
    conditions = ["log = ?"]
    values: list[Any] = [log]
    found: list[tuple[str, Any]] = []
    for name, value in query.equal.items():
        found.append((f"{_column(view, name)} {'IS NULL' if value is None else '= ?'}", value))
    for name, text in query.prefix.items():
        found += [
            (f"{_column(view, name)} >= ?", text),
            (f"{_column(view, name)} < ?", text + LAST),
        ]
    for name, (least, greatest) in query.between.items():
        found += [
            (f"{_column(view, name)} >= ?", least),
            (f"{_column(view, name)} <= ?", greatest),
        ]
    for condition, value in found:
        if value is not None or condition.endswith("IS NULL"):
            conditions.append(condition)
            values += [] if value is None else [value]
    for name, some in query.among.items():
        # Of none, no row is asked for.
        marks = ", ".join("?" for _ in some)
        conditions.append(f"{_column(view, name)} IN ({marks})" if some else "1 = 0")
        values += some
    as_of, sizes = as_of_size(view, query.size)
    conditions.append(as_of)
    values += sizes
    lasting = [name for name in query.equal if name in view.lasting]
    if query.size is not None and lasting:
        # Which rows they are, the index of the current ones tells; their versions, the key.
        same = [
            f"{quoted(n)} {'IS NULL' if query.equal[n] is None else '= ?'}" for n in lasting
        ]
        conditions.append(among_current(view, " AND ".join(same)))
        values += [log, *(query.equal[n] for n in lasting if query.equal[n] is not None)]
    return conditions, values


def among_current(view: View, condition: str) -> str:
    """Return the condition that a row's current version fulfils one, of the log named first."""
    (key,) = map(quoted, view.key)
    return (
        f"{key} IN (SELECT {key} FROM {table_name(view)}"  # noqa: S608 - names of ours
        f" WHERE log = ? AND {condition} AND until IS NULL)"
    )


def as_of_size(view: View, size: int | None) -> tuple[str, Sequence[int]]:
    """Return which versions of rows are those of a size; None is now.

    Raises:
        ValueError: The view keeps no history: a programmer's mistake.
    """
    if size is None:
        return "until IS NULL", ()
    if view.history is History.NONE:
        raise ValueError(f"{view.name} is known as of now alone")
    return "since < ? AND (until IS NULL OR until >= ?)", (size, size)


def _column(view: View, name: str) -> str:
    view.kind(name)
    return quoted(name)

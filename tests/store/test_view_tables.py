"""The tables of the views: what the migration makes, and whatever a row may hold."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from ledger.projections.rows import Changed, Erasing
from ledger.projections.view import History, Key, Kind, Values, View
from ledger.projections.views import PERSONS, VIEWS, VOLUNTEER_TOKENS
from ledger.store.migration import check_newest, migrate
from ledger.store.view_engine import connect_views, reading_views
from ledger.store.view_tables import TABLES, view_metadata
from ledger.store.view_writing import Position, writing_views
from tests.store.ledgers import Place

LOG = "ledger.example.gov.cn/log/110000"
TRICKY = "a\tb\\c\nd\r\\N'\"𠮷%s?"


@pytest.fixture
def engine(place: Place) -> Iterator[sa.Engine]:
    """Return a store of views without rows."""
    made = connect_views(place.views_url)
    yield made
    made.dispose()


@pytest.fixture
def alone(empty_url: str) -> Iterator[sa.Engine]:
    """Return a store that has nothing but what the migrations of views make."""
    made = connect_views(empty_url)
    migrate(made, "views")
    yield made
    made.dispose()


def test_the_migrations_make_the_tables_that_are_used(alone: sa.Engine) -> None:
    engine = alone
    check_newest(engine, "views")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": "views_version", "compare_type": True}
        )
        assert compare_metadata(context, view_metadata) == []
        inspector = sa.inspect(connection)
        for table in view_metadata.tables.values():
            stored = {each["name"]: each for each in inspector.get_indexes(table.name)}
            assert stored.keys() == {index.name for index in table.indexes}
            # Rows are written without the names of their columns.
            order = [each["name"] for each in inspector.get_columns(table.name)]
            assert order == [column.name for column in table.columns]
            for index in table.indexes:
                got = stored[str(index.name)]
                assert got["column_names"] == [column.name for column in index.columns]
                assert bool(got["unique"]) is bool(index.unique)
                where = index.dialect_options[engine.dialect.name]["where"]
                options: Any = got.get("dialect_options", {})
                told = options.get(f"{engine.dialect.name}_where")
                assert (where is None) is (told is None)


def test_every_key_and_index_begins_with_the_log() -> None:
    for table in view_metadata.tables.values():
        assert table.primary_key.columns[0].name == "log"
        for index in table.indexes:
            assert index.columns[0].name == "log", index.name


def test_migrating_again_changes_nothing(engine: sa.Engine) -> None:
    migrate(engine, "views")
    check_newest(engine, "views")


def some_key(view: View) -> Key:
    return tuple(TRICKY if kind is Kind.TEXT else 2**53 - 1 for kind in view.key.values())


FULL: dict[Kind, Any] = {
    Kind.TEXT: TRICKY,
    Kind.INTEGER: -(2**53) + 1,
    Kind.BOOLEAN: True,
    Kind.BYTES: bytes(range(256)),
}
BARE: dict[Kind, Any] = {Kind.TEXT: "", Kind.INTEGER: 0, Kind.BOOLEAN: False, Kind.BYTES: b""}
NAMED: dict[Kind, Any] = FULL | {Kind.TEXT: "None"}
"""Somebody may be called as Python calls nothing."""


def values_of(view: View, of: dict[Kind, Any], *, nothing: bool) -> Values:
    return {
        name: None if nothing and column.optional else of[column.kind]
        for name, column in view.columns.items()
    }


@pytest.mark.parametrize("nothing", [False, True], ids=["something", "nothing"])
@pytest.mark.parametrize("of", [FULL, BARE, NAMED], ids=["full", "bare", "None"])
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_row_is_read_as_it_was_written(
    engine: sa.Engine, view: View, of: dict[Kind, Any], *, nothing: bool
) -> None:
    key, values = some_key(view), values_of(view, of, nothing=nothing)
    with writing_views(engine, LOG) as writer:
        assert writer.begin() == Position()
        writer.write(Changed(added={view: [(key, values, 7, None)]}))
        writer.commit()
    with writing_views(engine, LOG) as writer:
        writer.begin()
        assert writer.load(view, [key, some_other(view)]) == {key: (values, 7)}
    with writing_views(engine, "another") as writer:
        writer.begin()
        assert writer.load(view, [key]) == {}


def some_other(view: View) -> Key:
    return tuple("x" if kind is Kind.TEXT else 0 for kind in view.key.values())


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_row_that_is_replaced_is_closed_or_gone(engine: sa.Engine, view: View) -> None:
    key, before = some_key(view), values_of(view, BARE, nothing=True)
    after = values_of(view, FULL, nothing=False)
    if view.history is History.APPENDED:
        return
    with writing_views(engine, LOG) as writer:
        writer.begin()
        writer.write(Changed(added={view: [(key, before, 7, None)]}))
        ended = {view: [(key, 7, 9)]} if view.history is History.KEPT else {}
        writer.write(Changed(ended=ended, added={view: [(key, after, 9, None)]}))
        writer.commit()
    with writing_views(engine, LOG) as writer:
        writer.begin()
        assert writer.load(view, [key]) == {key: (after, 9)}
    table = TABLES[view]
    with engine.connect() as connection:
        spans = connection.execute(sa.select(table.c.since, table.c.until)).all()
    kept = view.history is History.KEPT
    assert sorted(map(tuple, spans)) == ([(7, 9), (9, None)] if kept else [(9, None)])


def test_forgetting_reaches_every_version_and_nobody_else(engine: sa.Engine) -> None:
    box = {"is_erased": False, "box": b"box"}
    tokens: Any = {VOLUNTEER_TOKENS: [((p, "name"), {"token": p}, 1, None) for p in ("a", "b")]}
    with writing_views(engine, LOG) as writer:
        writer.begin()
        versions: Any = [(("a",), box, 1, 2), (("a",), box, 2, None), (("b",), box, 1, None)]
        erased = [Erasing(PERSONS, ("a",), "box"), Erasing(VOLUNTEER_TOKENS, ("a",), None)]
        writer.write(Changed(added={PERSONS: versions, **tokens}, erased=erased))
        writer.commit()
    with engine.connect() as connection:
        persons = TABLES[PERSONS]
        query = sa.select(persons.c.person, persons.c.box).order_by(persons.c.since)
        found = [(row.person, row.box) for row in connection.execute(query)]
        assert sorted(found, key=str) == [("a", None), ("a", None), ("b", b"box")]
        left = sa.select(TABLES[VOLUNTEER_TOKENS].c.volunteer)
        assert list(connection.execute(left).scalars()) == ["b"]


def test_a_transaction_that_is_not_committed_has_not_been(engine: sa.Engine) -> None:
    with writing_views(engine, LOG) as writer:
        writer.begin()
        writer.move(Position(position=5))
    with writing_views(engine, LOG) as writer:
        assert writer.begin() == Position()
        writer.move(Position(position=5, generation=2, goal=9))
        writer.commit()
    with writing_views(engine, LOG) as writer:
        assert writer.begin() == Position(position=5, generation=2, goal=9)


def test_who_reads_sees_one_moment(engine: sa.Engine) -> None:
    def position(connection: sa.Connection) -> int:
        query = "SELECT coalesce(max(position), 0) FROM view_positions"
        return int(connection.exec_driver_sql(query).scalar() or 0)

    with reading_views(engine).connect() as connection:
        assert position(connection) == 0
        with writing_views(engine, LOG) as writer:
            writer.begin()
            writer.move(Position(position=5))
            writer.commit()
        assert position(connection) == 0
    with reading_views(engine).connect() as connection:
        assert position(connection) == 5


def test_nobody_waits_for_the_disk(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 1
        else:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "off"

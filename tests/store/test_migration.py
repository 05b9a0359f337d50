"""Migrations change tables, never what they say; and the tables are those of the schema."""

import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import ledger.store.migration as migration_module
from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.note import SignatureLine, parse_note
from ledger.store.engine import connect
from ledger.store.migration import (
    MigrationRefusedError,
    migrate,
    migrate_within,
    newest_revision,
)
from ledger.store.schema import IMMUTABLE, metadata, vault_metadata
from tests.store.ledgers import Ledger, Place, noted, opened, registered, some_uuid

VERSIONS = Path(migration_module.__file__).parent / "migrations" / "log"
REVISION = '''"""A revision made up for a test."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Do as the test says."""
'''


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """Return a folder with the migrations that there are."""
    folder = tmp_path / "versions"
    shutil.copytree(VERSIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def revise(versions: Path, *statements: str) -> None:
    """Write the next revision."""
    body = "".join(f"    {statement}\n" for statement in statements)
    (versions / "0005_next.py").write_text(REVISION + body)


def executed(ledger: Ledger, statement: str, table: str) -> list[str]:
    """Return lines of a revision that changes rows, past the triggers."""
    if ledger.place.on_sqlite:
        past = [f'op.execute("DROP TRIGGER IF EXISTS {table}_no_{act}")' for act in ACTS]
    else:
        past = [f'op.execute("ALTER TABLE {table} DISABLE TRIGGER ALL")']
    return [*past, f'op.execute("{statement}")']


ACTS = ("update", "delete")
LINE = SignatureLine(
    "w", bytes([1, 2, 3, 4]), (1).to_bytes(8, "big") + b"of a witness that nobody knows"
).text()


def run(ledger: Ledger, versions: Path) -> None:
    """Migrate by the revisions of a folder, in one transaction."""
    with ledger.engine.begin() as connection:
        migrate_within(connection, "log", versions)


def content(ledger: Ledger) -> dict[str, Sequence[Any]]:
    """Return every row of every table, and the revision."""
    with ledger.engine.connect() as connection:
        tables = [*metadata.sorted_tables, sa.table("log_version", sa.column("version_num"))]
        return {
            table.name: sorted(connection.execute(sa.select(table)).all(), key=repr)
            for table in tables
        }


def fill(ledger: Ledger) -> None:
    """Put a row into every table."""
    ledger.append(*[registered(some_uuid()) for _ in range(300)])
    size = parse_checkpoint(parse_note(ledger.publisher.publish()).text).size
    with ledger.engine.begin() as connection:
        table = metadata.tables["trackings"]
        row = {"log": ledger.origin, "application_name": "upstream", "notification_id": 5}
        connection.execute(sa.insert(table), row)
        said = {"log": ledger.origin, "witness": "w+01020304", "time": 1}
        table = metadata.tables["cosignatures"]
        connection.execute(sa.insert(table), {**said, "size": size, "line": LINE})
        table = metadata.tables["witness_losses"]
        connection.execute(sa.insert(table), {**said, "cosigned": 300, "claimed": 0})
        for table, row in _access(ledger.origin):
            connection.execute(sa.insert(table), row)
    assert all(content(ledger).values())


def _access(log: str) -> list[tuple[sa.Table, dict[str, object]]]:
    """Return a row for each table of those who sign in."""
    who = {"log": log, "sign_in": UUID(int=1)}
    rows: dict[str, dict[str, object]] = {
        "sign_in_names": {**who, "name_key": "ab", "name": "Ab", "credential": "cd"},
        "credentials": {**who, "digest": "ab", "encoded": "$argon2id$"},
        "sessions": {
            **who,
            "token_digest": b"t",
            "created_at": 1,
            "expires_at": 2,
            "mac": b"m",
        },
        "throttles": {"log": log, "key_digest": b"k", "window_start": 1, "failures": 1},
    }
    return [(metadata.tables[name], row) for name, row in rows.items()]


@pytest.mark.parametrize("store", ["log", "vault", "views"])
def test_the_last_file_is_where_all_others_lead(store: str) -> None:
    folder = VERSIONS.parent / store
    config = Config()
    config.set_main_option("script_location", str(folder.parent))
    config.set_main_option("version_locations", str(folder))
    config.set_main_option("path_separator", "os")
    heads = ScriptDirectory.from_config(config).get_heads()
    assert heads == [newest_revision(folder)]


@pytest.mark.parametrize("store", ["log", "vault"])
def test_a_fresh_database_is_what_the_schema_says(empty_url: str, store: Any) -> None:
    engine = connect(empty_url)
    migrate(engine, store)
    wanted = metadata if store == "log" else vault_metadata
    options = {
        "compare_type": True,
        "compare_server_default": True,
        "version_table": f"{store}_version",
    }
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, wanted) == []
    engine.dispose()


@pytest.mark.parametrize("tables", [metadata, vault_metadata], ids=["log", "vault"])
def test_the_log_is_the_first_column_of_every_key(tables: sa.MetaData) -> None:
    for table in tables.sorted_tables:
        assert table.primary_key.columns[0].name == "log"
        for index in table.indexes:
            assert index.columns[0].name == "log", index.name
        for constraint in table.constraints:
            if isinstance(constraint, sa.UniqueConstraint):
                assert constraint.columns[0].name == "log", constraint.name
        assert not any(column.unique or column.index for column in table.columns)


def test_nothing_in_the_database_is_unique_without_the_log(ledger: Ledger) -> None:
    inspector = sa.inspect(ledger.engine)
    for table in metadata.sorted_tables:
        keys: list[Sequence[str | None]] = [
            inspector.get_pk_constraint(table.name)["constrained_columns"]
        ]
        keys += [each["column_names"] for each in inspector.get_unique_constraints(table.name)]
        keys += [each["column_names"] for each in inspector.get_indexes(table.name)]
        assert {key[0] for key in keys if key} == {"log"}, table.name


def test_rows_of_the_log_are_never_changed(ledger: Ledger) -> None:
    fill(ledger)
    before = content(ledger)
    for table in IMMUTABLE:
        acts = [f"UPDATE {table.name} SET log = 'x'", f"DELETE FROM {table.name}"]
        if not ledger.place.on_sqlite:
            acts += [f"TRUNCATE {table.name}", f"TRUNCATE {table.name} CASCADE"]
        for act in acts:
            with pytest.raises(sa.exc.DBAPIError), ledger.engine.begin() as connection:
                connection.execute(sa.text(act))
    assert content(ledger) == before


LIES = {
    "drops a row": ("DELETE FROM entries WHERE seq = 299", "entries"),
    "drops all rows": ("DELETE FROM boxes", "boxes"),
    "edits an entry": ("UPDATE entries SET leaf = plain WHERE seq = 7", "entries"),
    "edits facts": ("UPDATE entries SET plain = personal WHERE seq = 0", "entries"),
    "edits a submission": (
        "UPDATE entries SET submission = stream WHERE seq = 0",
        "entries",
    ),
    "drops a box": ("DELETE FROM boxes WHERE seq = 1", "boxes"),
    "drops a subtree": ("DELETE FROM subtrees", "subtrees"),
    "rewinds the head": ("UPDATE heads SET size = 0", "heads"),
    "drops a checkpoint": ("DELETE FROM checkpoints", "checkpoints"),
    "drops a cosignature": ("DELETE FROM cosignatures", "cosignatures"),
    "forgives a witness": ("DELETE FROM witness_losses", "witness_losses"),
    "renames somebody": ("UPDATE sign_in_names SET name_key = 'cd'", "sign_in_names"),
    "drops a password": ("DELETE FROM credentials", "credentials"),
    "forgets a position": ("DELETE FROM trackings", "trackings"),
    "adds a box": (
        "INSERT INTO boxes SELECT log, seq + 1, person, box FROM boxes WHERE seq = 5",
        "boxes",
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_migration_that_changes_what_is_said_is_undone(
    ledger: Ledger, versions: Path, lie: str
) -> None:
    fill(ledger)
    before = content(ledger)
    statement, table = LIES[lie]
    revise(versions, *executed(ledger, statement, table))
    with pytest.raises(MigrationRefusedError) as refused:
        run(ledger, versions)
    assert refused.value.table == table
    assert refused.value.want[0] == len(before[table])
    assert content(ledger) == before
    assert ledger.append(noted()).first_seq == 300
    assert ledger.codes() == []


def test_a_migration_that_drops_a_table_is_undone(ledger: Ledger, versions: Path) -> None:
    fill(ledger)
    before = content(ledger)
    revise(versions, 'op.drop_table("checkpoints")')
    with pytest.raises(MigrationRefusedError) as refused:
        run(ledger, versions)
    assert refused.value.table == "checkpoints"
    assert refused.value.got[0] == 0
    assert content(ledger) == before


def test_a_migration_that_fails_is_undone(ledger: Ledger, versions: Path) -> None:
    fill(ledger)
    before = content(ledger)
    added = 'op.add_column("entries", sa.Column("more", sa.Text))'
    revise(versions, added, 'op.drop_table("never_was")')
    with pytest.raises(sa.exc.DBAPIError):
        run(ledger, versions)
    assert content(ledger) == before
    columns = sa.inspect(ledger.engine).get_columns("entries")
    assert "more" not in {column["name"] for column in columns}


def test_an_honest_migration_passes(ledger: Ledger, versions: Path) -> None:
    fill(ledger)
    before = ledger.rows()
    revise(versions, 'op.add_column("entries", sa.Column("more", sa.Text))')
    run(ledger, versions)
    assert ledger.rows() == before
    columns = sa.inspect(ledger.engine).get_columns("entries")
    assert "more" in {column["name"] for column in columns}
    ledger.append(noted())
    assert ledger.codes() == []


def test_a_database_that_is_up_to_date_is_opened_while_others_append(ledger: Ledger) -> None:
    """Their rows must not look like changes."""
    stop = threading.Event()

    def append() -> None:
        while not stop.is_set():
            ledger.append(noted())

    thread = threading.Thread(target=append)
    thread.start()
    try:
        with opened(ledger.place) as other:
            for _ in range(20):
                migrate(other.engine, "log")
    finally:
        stop.set()
        thread.join()
    assert ledger.codes() == []


def test_appends_wait_for_a_migration(ledger: Ledger, versions: Path) -> None:
    fill(ledger)
    revise(versions, 'op.add_column("entries", sa.Column("more", sa.Text))')
    begin = {"sqlite_begin": "BEGIN IMMEDIATE"}
    with ledger.engine.execution_options(**begin).begin() as connection:
        migrate_within(connection, "log", versions)
        with opened(ledger.place) as other:
            answer = other.begin(noted())
            assert not answer.done()
            connection.commit()
            assert answer.result().first_seq == 300
    assert ledger.codes() == []


def test_many_may_open_a_new_database_at_once(empty_url: str, tmp_path: Path) -> None:
    engines = [connect(empty_url) for _ in range(4)]
    failures: list[BaseException] = []

    def open_it(engine: sa.Engine) -> None:
        try:
            migrate(engine, "log")
        except BaseException as error:  # noqa: BLE001 - shown below
            failures.append(error)

    threads = [threading.Thread(target=open_it, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with opened(Place(empty_url, tmp_path)) as made:
        made.found()
        assert made.append(noted()).first_seq == 0
    for engine in engines:
        engine.dispose()

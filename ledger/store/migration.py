"""A migration changes tables, never what they say: all is re-hashed before and after.

The whole upgrade is one transaction. If a row of the log is not afterwards byte for byte
what it was, the transaction is rolled back and the old tables stand.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import sqlalchemy as sa

from ledger.store.engine import SQLITE_BEGIN

_MIGRATIONS = Path(__file__).parent / "migrations"
_PAGE = 2_000

_CONTENT: dict[str, dict[str, tuple[str, str]]] = {
    "log": {
        "entries": (
            "log, seq, entry, leaf, stream, version, originator_version, topic,"
            " plain, personal, submission",
            "log, seq",
        ),
        "boxes": ("log, seq, person, box", "log, seq, person"),
        "heads": ("log, size, leaf, time, edge, mac", "log"),
        "subtrees": ("log, level, number, hash", "log, level, number"),
        "checkpoints": ("log, size, note", "log, size"),
        "trackings": (
            "log, application_name, notification_id",
            "log, application_name, notification_id",
        ),
        "cosignatures": ("log, size, witness, time, line", "log, size, witness, time"),
        "witness_losses": ("log, witness, cosigned, claimed, time", "log, witness"),
        "sign_in_names": ("log, name_key, name, sign_in, credential", "log, name_key"),
        "credentials": ("log, sign_in, digest, encoded", "log, sign_in, digest"),
    },
    "vault": {"data_keys": ("log, person, wrapped, closed", "log, person")},
    # Nothing that the log would not give back.
    "views": {},
}
"""What must be the same after every migration, table by table, in a fixed order of rows."""

Store = Literal["log", "vault", "views"]


@dataclass(eq=False)
class MigrationMissingError(Exception):
    """The database's tables are older than this software, or newer; nothing was read.

    Older ones are brought up to date by ``ledger migrate``.
    """

    store: str


@dataclass(eq=False)
class MigrationRefusedError(Exception):
    """The content differed after the upgrade; the old tables stand, nothing was lost.

    ``table`` is where it differed; ``want`` and ``got`` are the number of rows and the
    hash over them before and after.
    """

    table: str
    want: tuple[int, str]
    got: tuple[int, str]


def migrate(engine: sa.Engine, store: Store) -> None:
    """Bring a database to the newest revision, all or nothing.

    A database that is there already is not read. Else appends wait, and other processes
    that would migrate find it done.

    Raises:
        MigrationRefusedError: A row was lost or changed on the way; nothing was done.
    """
    with engine.execution_options(**{SQLITE_BEGIN: "BEGIN IMMEDIATE"}).begin() as connection:
        migrate_within(connection, store, _MIGRATIONS / store)


def migrate_within(connection: sa.Connection, store: Store, versions: Path) -> None:
    """Run the migrations of a folder inside the caller's transaction, and compare.

    Raises:
        MigrationRefusedError: A row was lost or changed; the caller must roll back.
    """
    if _is_newest(connection, store, versions):
        return
    # Only here: each start asks whether tables are the newest, and hardly ever they are not.
    from ledger.store.upgrading import upgrade  # noqa: PLC0415

    _keep_others_out(connection, store)
    before = content_hashes(connection, store)
    upgrade(connection, versions, version_table=_version_table(store))
    after = content_hashes(connection, store)
    for table, want in before.items():
        if after.get(table) != want:
            raise MigrationRefusedError(table, want, after.get(table, (0, "")))


def check_newest(engine: sa.Engine, store: Store) -> None:
    """Return if a database's tables are the newest, without changing anything.

    Raises:
        MigrationMissingError: They are not.
    """
    with engine.connect() as connection:
        if not _is_newest(connection, store, _MIGRATIONS / store):
            raise MigrationMissingError(store)


def _is_newest(connection: sa.Connection, store: Store, versions: Path) -> bool:
    table = _version_table(store)
    if not sa.inspect(connection).has_table(table):
        return False
    present = connection.exec_driver_sql(f"SELECT version_num FROM {table}")  # noqa: S608 - ours
    return present.scalars().all() == [newest_revision(versions)]


def newest_revision(versions: Path) -> str:
    """Return the revision that the last file of a folder of migrations leads to."""
    return max(path.name for path in versions.glob("[0-9]*_*.py")).partition("_")[0]


def _version_table(store: Store) -> str:
    return f"{store}_version"


def _keep_others_out(connection: sa.Connection, store: Store) -> None:
    """Wait for writers and hold them off, or their rows would look like changes."""
    if connection.dialect.name == "sqlite":
        return  # BEGIN IMMEDIATE has done it
    connection.exec_driver_sql(
        "SELECT pg_advisory_xact_lock(hashtextextended('ledger migrations', 0))"
    )
    for table in _existing(connection, store):
        connection.exec_driver_sql(f"LOCK TABLE {table} IN EXCLUSIVE MODE")


def content_hashes(connection: sa.Connection, store: Store) -> dict[str, tuple[int, str]]:
    """Return for each table that exists the number of its rows and a hash over all of them."""
    hashes = {}
    for table in _existing(connection, store):
        columns, order = _CONTENT[store][table]
        query = f"SELECT {columns} FROM {table} ORDER BY {order}"  # noqa: S608 - names of ours
        hashes[table] = _hash_rows(connection, query)
    return hashes


def _existing(connection: sa.Connection, store: Store) -> list[str]:
    existing = set(sa.inspect(connection).get_table_names())
    return [table for table in _CONTENT[store] if table in existing]


def _hash_rows(connection: sa.Connection, query: str) -> tuple[int, str]:
    digest, count = hashlib.sha256(), 0
    # For this query alone: set on the connection, it would make each later statement of
    # the migration a cursor, which PostgreSQL refuses.
    options = {"yield_per": _PAGE}
    rows = connection.exec_driver_sql(query, execution_options=options)
    for row in rows:
        count += 1
        for value in row:
            text = (
                bytes(value) if isinstance(value, (bytes, memoryview)) else repr(value).encode()
            )
            digest.update(len(text).to_bytes(8, "big") + text)
    return count, digest.hexdigest()

"""A migration changes tables, never what they say: all is re-hashed before and after.

The whole upgrade is one transaction. If a row of the log is not afterwards byte for byte
what it was, the transaction is rolled back and the old tables stand.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"
_PAGE = 2_000

_CONTENT = {
    "log": {
        "entries": (
            "log, seq, entry, leaf, stream, version, originator_version, topic,"
            " plain, personal",
            "log, seq",
        ),
        "boxes": ("log, seq, person, box", "log, seq, person"),
        "heads": ("log, size, leaf, time, edge, mac", "log"),
        "checkpoints": ("log, size, note", "log, size"),
    },
    "vault": {"data_keys": ("log, person, wrapped, closed", "log, person")},
}
"""What must be the same after every migration, table by table, in a fixed order of rows."""

Store = Literal["log", "vault"]


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

    Raises:
        MigrationRefusedError: A row was lost or changed on the way; nothing was done.
    """
    with engine.begin() as connection:
        migrate_within(connection, store, _MIGRATIONS / store)


def migrate_within(connection: sa.Connection, store: Store, versions: Path) -> None:
    """Run the migrations of a folder inside the caller's transaction, and compare.

    Raises:
        MigrationRefusedError: A row was lost or changed; the caller must roll back.
    """
    before = content_hashes(connection, store)
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["version_table"] = f"{store}_version"
    command.upgrade(config, "heads")
    after = content_hashes(connection, store)
    for table, want in before.items():
        if after.get(table) != want:
            raise MigrationRefusedError(table, want, after.get(table, (0, "")))


def content_hashes(connection: sa.Connection, store: Store) -> dict[str, tuple[int, str]]:
    """Return for each table that exists the number of its rows and a hash over all of them."""
    existing = set(sa.inspect(connection).get_table_names())
    return {
        table: _hash_rows(connection, f"SELECT {columns} FROM {table} ORDER BY {order}")  # noqa: S608 - names of ours
        for table, (columns, order) in _CONTENT[store].items()
        if table in existing
    }


def _hash_rows(connection: sa.Connection, query: str) -> tuple[int, str]:
    digest, count = hashlib.sha256(), 0
    rows = connection.execution_options(yield_per=_PAGE).exec_driver_sql(query)
    for row in rows:
        count += 1
        for value in row:
            text = (
                bytes(value) if isinstance(value, (bytes, memoryview)) else repr(value).encode()
            )
            digest.update(len(text).to_bytes(8, "big") + text)
    return count, digest.hexdigest()

"""Tables as a new ledger has them: migrated once in this process, then copied as a file."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from ledger.store.engine import connect
from ledger.store.migration import Store, migrate


def make_tables(database_url: str, store: Store) -> None:
    """Do as `migrate`; where an SQLite database is not there yet, by a copy of its file."""
    url = sa.make_url(database_url)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
        Path(str(url.database)).write_bytes(_migrated(store))
        return
    _migrate(database_url, store)


@cache
def _migrated(store: Store) -> bytes:
    """Return the file of an SQLite database with a store's tables and no row."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "tables.sqlite"
        _migrate(f"sqlite:///{file}", store)
        assert [each.name for each in Path(folder).iterdir()] == [file.name]  # no WAL beside it
        return file.read_bytes()


def _migrate(database_url: str, store: Store) -> None:
    engine = connect(database_url)
    try:
        migrate(engine, store)
    finally:
        engine.dispose()

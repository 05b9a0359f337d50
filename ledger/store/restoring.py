"""A backup's rows put back into a database that holds none of that log, all or nothing.

They come under a held head: until everything else is in its place, nobody extends them,
and a restore that was interrupted is recognised and ends where it would have.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from ledger.store.backing_up import (
    COPY_FILES,
    VAULT_FILE,
    head_row,
    tables_of,
)
from ledger.store.copy_file import open_copy
from ledger.store.copying import (
    Row,
    Snapshot,
    TableSum,
    Taker,
    compare_sums,
    copy_log,
    snapshot,
    taking_over,
)
from ledger.store.engine import connect
from ledger.store.event import HeadTamperedError, LedgerExistsError, LedgerMissingError
from ledger.store.head import Head, HeadRow, sealed_row
from ledger.store.migration import MigrationMissingError, Store, check_newest, migrate
from ledger.store.schema import data_keys, heads
from ledger.store.standing import Standing


@contextmanager
def readable_backup(folder: Path, store: Store, *, scratch: Path) -> Iterator[Path]:
    """Yield a folder whose file has the newest tables: the backup's own, or a newer copy of it.

    The backup itself is never written to. ``scratch`` is where a copy of it may lie.

    Raises:
        MigrationRefusedError: Its rows would not survive the step to newer tables.
        MigrationMissingError: It was made by newer software than this.
    """
    engine = open_copy(folder / COPY_FILES[store])
    try:
        check_newest(engine, store)
    except MigrationMissingError:
        engine.dispose()
    else:
        engine.dispose()
        yield folder
        return
    with TemporaryDirectory(dir=scratch, prefix=".restore-") as name:
        newer = Path(name)
        for path in folder.iterdir():
            if path.is_file():
                shutil.copyfile(path, newer / path.name)
        engine = connect(f"sqlite:///{newer / COPY_FILES[store]}")
        migrate(engine, store)
        # On the driver's connection: inside a transaction the mode cannot change.
        pooled = engine.raw_connection()
        driver: Any = pooled.driver_connection
        driver.execute("PRAGMA journal_mode=DELETE")
        pooled.close()
        engine.dispose()
        yield newer


def take_over_rows(
    source: sa.Engine,
    engine: sa.Engine,
    *,
    origin: str,
    seal_key: bytes,
    progress: Callable[[int, int], None],
) -> Head:
    """Put all rows of a log into another database, under a held head; return it.

    All in one transaction, compared with what was read before it counts. Rows that an
    interrupted call with the same source has left are taken for what they are.

    Raises:
        LedgerExistsError: There are other rows of this log; nothing was changed.
        CopyDiffersError: The database did not keep what it was given; nothing was changed.
        HeadTamperedError: The head in the source was not sealed by this service.
    """
    tables = tables_of("log")
    with snapshot(source, origin) as rows, taking_over(engine, origin) as taker:
        head, _ = head_row(rows).opened(seal_key)
        if not taker.is_empty(tables):
            _recognise(rows, taker, tables, seal_key)
            return head
        copied = copy_log(rows, taker, tables, progress=progress)
        compare_sums(copied, [taker.sum(table) for table in tables])
        _seal(taker.connection, head, seal_key, Standing.HELD)
        return head


def restore_vault_rows(folder: Path, engine: sa.Engine, *, origin: str) -> int:
    """Put back the data keys of persons of whom the vault knows nothing; return how many.

    What the vault says already stands: a key that was destroyed stays so.
    """
    source = open_copy(folder / VAULT_FILE)
    try:
        with snapshot(source, origin) as rows, taking_over(engine, origin) as taker:
            known = {row[1] for row in Snapshot(taker.connection, origin).rows(data_keys)}
            missing: list[Row] = [row for row in rows.rows(data_keys) if row[1] not in known]
            taker.insert(data_keys, missing)
            return len(missing)
    finally:
        source.dispose()


def read_standing(engine: sa.Engine, *, origin: str, seal_key: bytes) -> tuple[Head, Standing]:
    """Return the stored head and what it is sealed as.

    Raises:
        LedgerMissingError: There is none.
        HeadTamperedError: Its seal is none of the service's.
    """
    query = sa.select(*heads.c).where(heads.c.log == origin)
    with engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise LedgerMissingError(origin)
    columns = (row.log, row.size, bytes(row.leaf), row.time, bytes(row.edge), bytes(row.mac))
    return HeadRow(*columns).opened(seal_key)


@dataclass(frozen=True, slots=True)
class SealedHead:
    """Vouches for a stored head by its seal alone: for rows that nobody else may read yet."""

    engine: sa.Engine
    origin: str
    seal_key: bytes

    def check(self) -> Head:
        """Return the stored head.

        Raises:
            As `read_standing`.
        """
        return read_standing(self.engine, origin=self.origin, seal_key=self.seal_key)[0]


def change_standing(
    engine: sa.Engine, head: Head, *, seal_key: bytes, before: Standing, after: Standing
) -> None:
    """Seal a head anew, if it is still the one that was meant; durable when it returns.

    Raises:
        HeadTamperedError: It is another one by now; nothing was changed.
    """
    with taking_over(engine, head.origin) as taker:
        query = sa.select(heads.c.mac).where(heads.c.log == head.origin)
        if taker.connection.dialect.name != "sqlite":
            query = query.with_for_update()
        mac = taker.connection.execute(query).scalar()
        if mac is None or bytes(mac) != head.seal(seal_key, before):
            raise HeadTamperedError
        _seal(taker.connection, head, seal_key, after)


def _recognise(rows: Snapshot, taker: Taker, tables: list[sa.Table], seal_key: bytes) -> None:
    """Return if what is there is what an interrupted restore of this backup has left.

    Raises:
        LedgerExistsError: It is something else.
    """
    mine = head_row(rows)
    try:
        _, standing = head_row(Snapshot(taker.connection, mine.log)).opened(seal_key)
    except Exception as error:
        raise LedgerExistsError(mine.log) from error
    want: list[TableSum] = [rows.sum(table) for table in tables]
    got = [taker.sum(table) for table in tables]
    if standing is not Standing.HELD or want != got:
        raise LedgerExistsError(mine.log)


def _seal(connection: sa.Connection, head: Head, seal_key: bytes, standing: Standing) -> None:
    row = sealed_row(head, seal_key, standing)
    connection.execute(sa.update(heads).where(heads.c.log == head.origin).values(mac=row.mac))

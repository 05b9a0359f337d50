"""A backup: rows of one moment in a portable file, and what they are to be held against.

    log.sqlite          every row of the log, whichever database it came from
    checkpoint          the newest signed checkpoint of these rows
    register            the head register as it was just before
    policy, origin      the log's public keys and its name
    trusted_policy      the policy that names the witnesses, where one was configured
    manifest.json       sizes and digests of all of it; written last

Neither the secrets nor the vault are in it. Without its manifest it is no backup.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ledger.proof.checkpoint import Checkpoint, parse_checkpoint
from ledger.proof.errors import MalformedError
from ledger.proof.merkle import EMPTY_ROOT
from ledger.proof.note import parse_note
from ledger.store.copy_file import create_copy, open_copy, sync_copy
from ledger.store.copying import (
    Snapshot,
    TableSum,
    compare_sums,
    copy_log,
    snapshot,
    taking_over,
)
from ledger.store.durable_file import PUBLIC, create_file, sync_folder
from ledger.store.exporting import ExportExistsError
from ledger.store.head import Head, HeadRow
from ledger.store.manifest import Manifest, write_manifest
from ledger.store.migration import Store, check_newest
from ledger.store.schema import PASSING, checkpoints, heads, metadata, vault_metadata

LOG_FILE, VAULT_FILE = "log.sqlite", "vault.sqlite"
REGISTER, POLICY, ORIGIN, CHECKPOINT = "register", "policy", "origin", "checkpoint"
TRUSTED_POLICY = "trusted_policy"
COPY_FILES: Mapping[Store, str] = {"log": LOG_FILE, "vault": VAULT_FILE}


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy that was found to hold what was read, not yet audited."""

    folder: Path
    head: Head
    tables: tuple[TableSum, ...]


def tables_of(store: Store) -> list[sa.Table]:
    """Return the tables of a store that a copy has, in a fixed order."""
    tables = (metadata if store == "log" else vault_metadata).sorted_tables
    return [table for table in tables if table not in PASSING]


def begin_backup(folder: Path) -> None:
    """Create the folder of a backup, open to its owner alone.

    Raises:
        ExportExistsError: Something is there; it is untouched.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ExportExistsError(str(folder))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    sync_folder(folder.parent)


def write_log_copy(
    engine: sa.Engine,
    folder: Path,
    *,
    origin: str,
    progress: Callable[[int, int], None],
) -> Copied:
    """Copy all rows of a log as they are at one moment; durable when it returns.

    Raises:
        MigrationMissingError: The database's tables are older than this software.
        CopyDiffersError: What was written is not what was read.
    """
    tables = _write_copy(engine, folder, "log", origin, progress)
    with opened_copy(folder, "log", origin) as rows:
        head = head_row(rows).unsealed()
        note = newest_note(rows, head.size)
    if note is not None:
        create_file(folder / CHECKPOINT, note, mode=PUBLIC)
    return Copied(folder, head, tables)


def write_vault_copy(engine: sa.Engine, folder: Path, *, origin: str, made: str) -> Manifest:
    """Copy all data keys of a ledger, wrapped as they are; durable when it returns.

    Raises:
        As `write_log_copy`.
    """
    tables = _write_copy(engine, folder, "vault", origin, lambda _done, _size: None)
    nothing = Checkpoint(origin, 0, EMPTY_ROOT)
    return write_manifest(folder, [VAULT_FILE], "vault", nothing, made, tables)


def finish_backup(copied: Copied, *, made: str) -> Manifest:
    """Write the manifest of a log's backup: from now on it is one."""
    names = sorted(path.name for path in copied.folder.iterdir() if path.is_file())
    checkpoint = copied.head.checkpoint()
    return write_manifest(copied.folder, names, "log", checkpoint, made, copied.tables)


@contextmanager
def opened_copy(folder: Path, store: Store, origin: str) -> Iterator[Snapshot]:
    """Yield the rows of a backup's file."""
    engine = open_copy(folder / COPY_FILES[store])
    try:
        with snapshot(engine, origin) as rows:
            yield rows
    finally:
        engine.dispose()


def head_row(rows: Snapshot) -> HeadRow:
    """Return the head row of a log's rows, not yet believed.

    Raises:
        MalformedError: There is none.
    """
    found = list(rows.rows(heads))
    if len(found) != 1:
        raise MalformedError("head row", "one", len(found))
    return HeadRow(*found[0])  # type: ignore[arg-type] # `unsealed` checks the types


def newest_note(
    rows: Snapshot, size: int, *, is_signed: Callable[[bytes], bool] | None = None
) -> bytes | None:
    """Return the stored checkpoint of the largest size up to one, None where there is none.

    What counts is the size in the note: somebody may have put it into another's row. With
    ``is_signed`` only what the log signed counts, so that nothing beside it hides it.
    """
    newest: bytes | None = None
    best = -1
    for row in rows.rows(checkpoints, last_first=True):
        note: Any = row[2]
        at = _size_of(note) if isinstance(note, bytes) else -1
        if best < at <= size and (is_signed is None or is_signed(note)):
            newest, best = note, at
    return newest


def _size_of(note: bytes) -> int:
    """Return the size of which a stored note speaks, -1 where it is no checkpoint."""
    try:
        return parse_checkpoint(parse_note(note).text).size
    except MalformedError:
        return -1


def _write_copy(
    engine: sa.Engine,
    folder: Path,
    store: Store,
    origin: str,
    progress: Callable[[int, int], None],
) -> tuple[TableSum, ...]:
    check_newest(engine, store)
    path, tables = folder / COPY_FILES[store], tables_of(store)
    copy = create_copy(path, store)
    with snapshot(engine, origin) as rows, taking_over(copy, origin) as taker:
        sums = copy_log(rows, taker, tables, progress=progress)
    copy.dispose()
    sync_copy(path)
    with opened_copy(folder, store, origin) as written:
        compare_sums(sums, [written.sum(table) for table in tables])
    sync_folder(folder)
    return tuple(sums)

"""Imports as they are read: each run of a file, its scans and checks, the row of a record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from ledger.application.callers import Caller
from ledger.application.office import Office
from ledger.application.reading import HiddenError, deny, may_read_of, readable_record
from ledger.application.states import IMPORT, ROW, ForeignStreamError, Read, fold
from ledger.application.streams import row_stream
from ledger.domain.codes import Carrier
from ledger.domain.event import Erased
from ledger.domain.imports import (
    Check,
    FirstImportBegun,
    Import,
    ImportBegun,
    ImportChecked,
    ImportFinished,
    ImportScanAttached,
    RowKept,
    Scan,
    check_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRun:
    """One run: by whom, when, and what became of the rows; ``finished_at`` None was cut off."""

    by: str
    keyed_by: UUID
    begun_at: datetime
    activity: UUID | None
    finished_at: datetime | None = None
    rows: int | None = None
    accepted: int | None = None
    duplicates: int | None = None
    refused: int | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadImport:
    """A file that was imported, with all its runs, and how often it was compared."""

    id: UUID
    organization: UUID
    digest: str
    bytes: int
    format: str
    version: int
    carrier: Carrier
    runs: tuple[ReadRun, ...]
    scans: tuple[Scan, ...]
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class KnownImport:
    """An import that the caller may see, and the last entry that it rests on."""

    state: Import
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadKept:
    """The row of a record; ``cells`` None is erased."""

    import_id: UUID
    file_digest: str
    sheet: int
    row: int
    cells: Mapping[str, str] | None


def readable_import(office: Office, caller: Caller, import_id: UUID) -> KnownImport:
    """Return an import of an organization that the caller answers for.

    Raises:
        HiddenError: There is none, or it is another's; the attempt is written down.
        As `States.get`.
    """
    try:
        known = office.states.get(IMPORT, import_id, fresh=True)
    except ForeignStreamError:
        raise HiddenError from None
    if known.state is None:
        raise HiddenError
    if not may_read_of(office, caller, known.state.organization):
        deny(office, caller, "import.read", import_id)
    return KnownImport(known.state, known.seq)


def read_import(office: Office, caller: Caller, import_id: UUID) -> ReadImport:
    """Return an import of an organization that the caller answers for.

    Raises:
        HiddenError: There is none, or it is another's.
        As `States.events`.
    """
    readable_import(office, caller, import_id)
    events = office.states.events(IMPORT, import_id)
    known = fold(IMPORT, events)
    first = events[0].event
    if known.state is None or not isinstance(first, ImportBegun | FirstImportBegun):
        raise HiddenError
    return ReadImport(
        id=first.id,
        organization=first.organization,
        digest=first.digest,
        bytes=first.bytes,
        format=first.format,
        version=known.version,
        carrier=known.state.carrier,
        runs=tuple(_runs(events)),
        scans=known.state.scans,
        checks=tuple(_checks(events)),
    )


def _checks(events: Sequence[Read]) -> Iterator[Check]:
    scans = 0
    for each in events:
        scans += isinstance(each.event, ImportScanAttached)
        if isinstance(each.event, ImportChecked):
            yield check_of(each.event, each.happened, scans=scans)


def _runs(events: Sequence[Read]) -> Iterator[ReadRun]:
    runs: list[dict[str, Any]] = []
    for each in events:
        event, by = each.event, each.happened.by
        if isinstance(event, ImportBegun | FirstImportBegun):
            run = {"by": by.text(), "begun_at": each.happened.at, "activity": event.activity}
            keyed_by = event.keyed_by if isinstance(event, ImportBegun) else by.id
            runs.append({**run, "keyed_by": keyed_by})
        elif isinstance(event, ImportFinished):
            runs[-1] |= {
                "finished_at": each.happened.at,
                "rows": event.rows,
                "accepted": event.accepted,
                "duplicates": event.duplicates,
                "refused": event.refused,
                "codes": event.codes,
            }
    return (ReadRun(**run) for run in runs)


def read_kept_row(office: Office, caller: Caller, record: UUID) -> ReadKept:
    """Return the row that a record was made from, to whom may see the record.

    Raises:
        HiddenError: There is none, or she may not.
        As `States.events`.
    """
    readable_record(office, caller, record)
    events = office.states.events(ROW, row_stream(record))
    kept = events[0].event if events else None
    if not isinstance(kept, RowKept):
        raise HiddenError
    cells = None if isinstance(kept.text, Erased) else orjson.loads(kept.text)
    return ReadKept(
        import_id=kept.import_id,
        file_digest=kept.file_digest,
        sheet=kept.sheet,
        row=kept.row,
        cells=cells,
    )

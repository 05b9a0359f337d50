"""Imports as they are read: each run of a file with its end, and the row behind a record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from ledger.application.callers import Caller
from ledger.application.office import Office
from ledger.application.reading import HiddenError, deny, may_read_of, readable_record
from ledger.application.states import IMPORT, ROW
from ledger.application.streams import row_stream
from ledger.domain.event import Erased
from ledger.domain.imports import ImportBegun, ImportFinished, RowKept


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRun:
    """One run: by whom, when, and what became of the rows; ``finished_at`` None was cut off."""

    by: str
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
    """A file that was imported, with all its runs."""

    id: UUID
    organization: UUID
    digest: str
    bytes: int
    format: str
    runs: tuple[ReadRun, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadKept:
    """The row of a record; ``cells`` None is erased."""

    import_id: UUID
    file_digest: str
    sheet: int
    row: int
    cells: Mapping[str, str] | None


def read_import(office: Office, caller: Caller, import_id: UUID) -> ReadImport:
    """Return an import of an organization that the caller answers for.

    Raises:
        HiddenError: There is none, or it is another's.
        As `States.events`.
    """
    events = office.states.events(IMPORT, import_id)
    first = events[0].event if events else None
    if not isinstance(first, ImportBegun):
        raise HiddenError
    if not may_read_of(office, caller, first.organization):
        deny(office, caller, "import.read", import_id)
    runs: list[dict[str, Any]] = []
    for each in events:
        event = each.event
        if isinstance(event, ImportBegun):
            by, at = each.happened.by.text(), each.happened.at
            runs.append({"by": by, "begun_at": at, "activity": event.activity})
        elif isinstance(event, ImportFinished):
            runs[-1] |= {
                "finished_at": each.happened.at,
                "rows": event.rows,
                "accepted": event.accepted,
                "duplicates": event.duplicates,
                "refused": event.refused,
                "codes": event.codes,
            }
    return ReadImport(
        id=first.id,
        organization=first.organization,
        digest=first.digest,
        bytes=first.bytes,
        format=first.format,
        runs=tuple(ReadRun(**run) for run in runs),
    )


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

"""What became of the records of one imported file: counted from the rows of views."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from ledger.store.raw_rows import RawReader
from ledger.store.view_reader import AsOf, ViewReader

_OF_FILE = (
    " FROM view_import_rows i JOIN view_records r ON r.log = i.log AND r.record = i.record"
    " AND r.until IS NULL WHERE i.log = ? AND i.import_id = ? AND i.until IS NULL"
)
_COUNTED = (
    "SELECT count(*), count(CASE WHEN r.stage = 'voided' THEN 1 END),"
    " count(CASE WHEN r.stage = 'confirmed' THEN 1 END),"
    " count(DISTINCT CASE WHEN r.stage <> 'voided' THEN r.volunteer END),"
    " count(CASE WHEN r.stage <> 'voided' AND r.submitted_at > ? THEN 1 END)" + _OF_FILE
)
_ATTENDED = (
    "SELECT r.activity, count(DISTINCT CASE WHEN r.stage <> 'voided' THEN r.volunteer END)"
    + _OF_FILE
    + " GROUP BY r.activity ORDER BY r.activity LIMIT ?"
)
_ENTERED_FROM = (
    "SELECT count(DISTINCT r.record) FROM view_import_rows i"
    " JOIN view_records r ON r.log = i.log AND r.record = i.record"
    " WHERE i.log = ? AND i.import_id = ? AND i.until IS NULL"
    # Each entry and each entry anew wrote one row of this stage.
    " AND r.stage = 'submitted' AND r.since >= ?"
)
_NAMED = (
    "SELECT DISTINCT r.volunteer" + _OF_FILE + " AND r.stage <> ? AND i.sheet >= ?"
    ' AND i.sheet <= ? AND i."row" >= ? AND i."row" <= ? ORDER BY r.volunteer LIMIT ?'
)


@dataclass(frozen=True, slots=True)
class FileCounts:
    """Records of a file: all, voided and confirmed ones.

    Of those not voided, ``volunteers`` counts the different ones whom they are of, and
    ``entered_later`` those that were entered after an instant.
    """

    records: int
    voided: int
    confirmed: int
    volunteers: int
    entered_later: int


@dataclass(frozen=True, slots=True)
class FileRows:
    """Some rows of a file: of one sheet or of all (None), from one number to another.

    Where records were voided, their rows are among them only ``with_voided``.
    """

    sheet: int | None = None
    first: int | None = None
    last: int | None = None
    with_voided: bool = False


ALL_ROWS = FileRows()

_LARGEST = 2**53 - 1


def file_counts(reader: ViewReader, import_id: str, since: str) -> AsOf[FileCounts]:
    """Return what became of the records of a file; ``since`` is an instant as facts have it."""

    def read(raw: RawReader, connection: sa.Connection, log: str) -> FileCounts:
        return FileCounts(*raw.select(connection, _COUNTED, since, log, import_id).one())

    return reader.at_once(read)


def file_entered_from(reader: ViewReader, import_id: str, size: int) -> AsOf[int]:
    """Return how many records of a file were entered after the log's first ``size`` entries."""

    def read(raw: RawReader, connection: sa.Connection, log: str) -> int:
        return int(raw.select(connection, _ENTERED_FROM, log, import_id, size).scalar() or 0)

    return reader.at_once(read)


def file_attendance(
    reader: ViewReader, import_id: str, limit: int
) -> AsOf[Sequence[tuple[str, int]]]:
    """Return activities of a file's records, each with how many volunteers count there."""

    def read(raw: RawReader, connection: sa.Connection, log: str) -> list[tuple[str, int]]:
        found = raw.select(connection, _ATTENDED, log, import_id, limit)
        return [(activity, int(count)) for activity, count in found]

    return reader.at_once(read)


def file_volunteers(
    reader: ViewReader, import_id: str, rows: FileRows, limit: int
) -> AsOf[Sequence[str]]:
    """Return whom rows of a file are of, each once, at most so many."""
    sheets = (rows.sheet, rows.sheet) if rows.sheet is not None else (0, _LARGEST)
    first = 0 if rows.first is None else rows.first
    last = _LARGEST if rows.last is None else rows.last

    def read(raw: RawReader, connection: sa.Connection, log: str) -> list[str]:
        left_out = "" if rows.with_voided else "voided"
        values = (log, import_id, left_out, *sheets, first, last, limit)
        found = raw.select(connection, _NAMED, *values)
        return [volunteer for (volunteer,) in found]

    return reader.at_once(read)

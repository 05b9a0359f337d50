"""Exports as tests read them: as the importer opens them, and as rows by header."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from ledger.application.callers import Caller
from ledger.application.exporting.columns import COLUMNS
from ledger.application.exporting.tables import Export, TableOrder, export_table
from ledger.application.importing.opening import Opened, digest_of, open_file
from ledger.application.record_lists import RecordFilter
from ledger.domain.sheets.cells import Cell
from tests.application.serving import Session

DANGERS = (
    "=1+1",
    "@SUM(A1)",
    "-2+3",
    "＋1",
    "＝HYPERLINK(1)",
    "说“是”,\n=第二行;'x",
    "_x0041_𠮷🙂",
    "0012",
    "3-4",
)
"""Contents of records that a careless program runs, parts or rewrites."""


def export(session: Session, by: Caller | None = None, **asked: Any) -> Export:
    """Export the records of the station, as CSV if nothing else is said."""
    wanted = {name: asked.pop(name) for name in list(asked) if name in RecordFilter.__slots__}
    order = TableOrder(wanted=RecordFilter(**wanted), **{"format": "csv", **asked})
    return export_table(session.office, by or session.town.recorder, order)


def content_of(made: Export) -> io.BytesIO:
    """Return the whole of a file."""
    return io.BytesIO(b"".join(made.content))


def opened(file: io.BytesIO) -> Opened:
    """Return a file as an import opens it."""
    found = open_file(file, digest_of(file))
    assert isinstance(found, Opened)
    return found


def rows_of(file: io.BytesIO) -> Sequence[Mapping[str, Cell]]:
    """Return the rows of an export by the names of its columns."""
    wanted = len(COLUMNS)
    rows = [list(each.cells)[:wanted] for each in opened(file).rows()]
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]

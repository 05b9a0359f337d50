"""Exported rows as CSV: CRLF, everything quoted, and nothing in it that a program runs.

UTF-8 with its mark, by which Excel knows it, or GB 18030. What a program would run or change is
marked (`ledger.domain.sheets.inert`). The first row says what the file is and as of when; an
import looks for the header below it, and takes it for no record.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from ledger.application.exporting.columns import Value
from ledger.domain.sheets.inert import inert

Encoding = Literal["utf-8", "gb18030"]
CSV = "text/csv"
_MARK = "\ufeff"
_CHUNK_CHARACTERS = 64 * 1024


def csv_file(
    rows: Iterable[Sequence[Value]],
    *,
    title: Sequence[Value],
    header: Sequence[str],
    encoding: Encoding,
) -> Iterator[bytes]:
    """Yield a CSV file piece by piece."""
    text = io.StringIO(newline="")
    if encoding == "utf-8":
        text.write(_MARK)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([_cell(each) for each in title])
    writer.writerow(header)
    for row in rows:
        writer.writerow([_cell(each) for each in row])
        if text.tell() > _CHUNK_CHARACTERS:
            yield _taken(text, encoding)
    yield _taken(text, encoding)


def _cell(value: Value) -> str:
    if value is None:
        return ""
    return inert(value) if isinstance(value, str) else str(value)


def _taken(text: io.StringIO, encoding: Encoding) -> bytes:
    """Return what was written, and begin anew."""
    content = text.getvalue()
    text.seek(0)
    text.truncate()
    return content.encode(encoding)

"""Text of rows (CSV): UTF-8 with and without its mark, GB 18030, UTF-16 as Excel writes it."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from ledger.application.importing.tables import (
    COLUMNS_MAX,
    Line,
    Table,
    UnusableFileError,
    check_rows,
)
from ledger.domain.sheets.inert import uttered

CELL_CHARACTERS_MAX = 131_072
"""Of one cell: where a quotation mark was never closed, it is the rest of the file."""
_CHUNK = 1024 * 1024
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DELIMITERS = ",;\t，；"
_QUOTED = re.compile(r'(?:^|(?<=[,;\t，；\r\n]))"(?:[^"]|"")*(?:"|$)')
"""A cell in quotation marks: what stands in it parts nothing."""
_HEAD = 4_096


@dataclass(frozen=True, slots=True)
class DelimitedSheet:
    """The one sheet of a text file."""

    file: BinaryIO
    encoding: str
    delimiter: str
    name: str = ""

    def lines(self) -> Iterator[Line]:
        """Yield its rows in order; lines within quotation marks are of one cell.

        Raises:
            UnusableFileError: A cell is not closed.
        """
        self.file.seek(0)
        text = io.TextIOWrapper(self.file, self.encoding, newline="")
        try:
            for number, cells in enumerate(csv.reader(text, delimiter=self.delimiter), 1):
                yield Line(number, [uttered(each) for each in cells[:COLUMNS_MAX]])
        except csv.Error:
            raise UnusableFileError("file_is_damaged") from None
        finally:
            text.detach()


def open_delimited(file: BinaryIO) -> Table:
    """Return the table of a text file.

    Raises:
        UnusableFileError: It is no text, in none of these encodings, or has too many rows.
    """
    encoding = _encoding(file)
    file.seek(0)
    head = file.read(_HEAD).decode(encoding, errors="ignore").lstrip("\ufeff \r\n\t")
    if not head:
        raise UnusableFileError("file_is_empty")
    if head.startswith(("<", "{", "%PDF")):
        raise UnusableFileError("file_is_no_table")
    sheet = DelimitedSheet(file, encoding, _delimiter(head))
    rows = 0
    for rows, _ in enumerate(sheet.lines(), 1):
        check_rows(rows)
    return Table("csv", rows, (sheet,))


def _encoding(file: BinaryIO) -> str:
    file.seek(0)
    head = file.read(2)
    wide = head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        if _is_text(file, encoding):
            return encoding
    raise UnusableFileError("file_is_no_table")


def _is_text(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(_CHUNK):
            if _NO_TEXT.search(decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(head: str) -> str:
    """Return what parts the cells: of the signs in question the most frequent one."""
    bare = _QUOTED.sub("", head)
    return max(_DELIMITERS, key=bare.count)

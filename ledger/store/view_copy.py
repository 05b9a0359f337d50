r"""Rows as PostgreSQL's COPY takes them in text: several times as fast as INSERT.

Columns are separated by tabs, rows by newlines (PostgreSQL manual, COPY). Most rows have
nothing in them that would have to be escaped: a few hundred are formatted at once, at the
speed of C, and escaped cell by cell only if it turns out that they had to be. Nothing is
``None``, as Python formats it; a text that says so has a backslash in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any

from ledger.projections.view import Kind, View
from ledger.store.view_statements import quoted, statements

_ROWS = 500
_NOTHING = "None"
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@cache
def copy_statement(view: View) -> str:
    """Return the statement that takes rows of a view from a `TextCopy`."""
    said = statements(view, on_sqlite=False)
    names = ", ".join(map(quoted, said.columns))
    return f"COPY {said.table} ({names}) FROM STDIN (NULL '{_NOTHING}', ENCODING 'UTF8')"


def copy_in(cursor: Any, view: View, rows: Iterable[Sequence[Any]]) -> None:
    """Copy rows into a view's table: tuples with the columns of `Statements.columns`.

    Raises:
        As ``rows``, and UnicodeEncodeError: A row could not be made or is no text. The driver
            would call either a query that was cancelled, which could be tried again.
        psycopg2.Error: The database refused.
    """
    text = TextCopy(view, rows)
    try:
        cursor.copy_expert(copy_statement(view), text)
    except Exception as error:
        if text.error is not None:
            raise text.error from error
        raise


class TextCopy:
    """A file that `copy_expert` reads: the next piece is made when it is asked for.

    ``error`` is why there is no next piece, if so.
    """

    def __init__(self, view: View, rows: Iterable[Sequence[Any]]) -> None:
        """``rows`` are tuples with the columns of `Statements.columns`, in that order."""
        has_bytes = any(column.kind is Kind.BYTES for column in view.columns.values())
        width = len(statements(view, on_sqlite=False).columns)
        self._pieces = _pieces(rows, width, has_bytes=has_bytes)
        self.error: Exception | None = None

    def read(self, _size: int = -1) -> bytes:
        """Return the next piece, whatever size is asked for; empty at the end."""
        try:
            return next(self._pieces, "").encode()
        except Exception as error:
            self.error = error
            raise


def _pieces(rows: Iterable[Sequence[Any]], width: int, *, has_bytes: bool) -> Iterator[str]:
    left = iter(rows)
    line = "\t".join(["%s"] * width) + "\n"
    while some := list(islice(left, _ROWS)):
        piece = "" if has_bytes else "".join([line % row for row in some])
        if has_bytes or not _is_plain(piece, some, width):
            piece = "".join(["\t".join(map(_cell, row)) + "\n" for row in some])
        yield piece


def _is_plain(piece: str, rows: Sequence[Sequence[Any]], width: int) -> bool:
    """Return whether rows that were formatted as they are say what they should."""
    return (
        "\\" not in piece
        and "\r" not in piece
        and piece.count("\n") == len(rows)
        and piece.count("\t") == len(rows) * (width - 1)
        and not any(_NOTHING in row for row in rows)
    )


def _cell(value: Any) -> str:
    if type(value) is str:
        return "\\None" if value == _NOTHING else value.translate(_ESCAPED)
    if isinstance(value, (bytes, memoryview)):
        return f"\\\\x{bytes(value).hex()}"
    return str(value)

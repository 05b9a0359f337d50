"""Pages of lists of which a reader sees some rows alone: filled up with those that she sees."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from ledger.application.office import Office
from ledger.projections.view import View
from ledger.store.view_query import Query, cursor
from ledger.store.view_reader import AsOf, Page, Row

T = TypeVar("T")

READ_AT_ONCE = 500
"""Rows that are looked through for one page; all of them are of one moment."""


def chosen_page(
    office: Office, view: View, query: Query, choose: Callable[[Row], T | None]
) -> tuple[list[T], AsOf[Page]]:
    """Return a page of rows, and what ``choose`` makes of each; of which None, is left out.

    A page is as full as it can be, so that nobody sees where rows are left out, and the next
    one begins after its last row. Only where too many follow each other that are left out,
    it begins after the last one that was looked at.

    Raises:
        As `ViewReader.rows`, and as ``choose``.
    """
    read = replace(query, limit=max(query.limit, READ_AT_ONCE))
    answer = office.views.page(view, read)
    items: list[T] = []
    rows: list[Row] = []
    after = answer.value.after
    for row in answer.value.rows:
        item = choose(row)
        if item is None:
            continue
        if len(items) == query.limit:
            after = cursor(view, query, rows[-1])
            break
        items.append(item)
        rows.append(row)
    return items, AsOf(Page(rows, after), answer.size, answer.is_rebuilding)

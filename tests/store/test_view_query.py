"""A page that follows another is sought by its cursor, however many pages were before it."""

import pytest

from ledger.projections.views import RECORDS
from ledger.store.view_query import Query, select

PASSED = 3
"""How often the column is named: selected, compared with the cursor, in the order."""
Bounds = tuple[str | None, str | None]


def further(after: str, bounds: Bounds, *, descending: bool) -> tuple[str, list[object]]:
    """Return the statement of the page after a record that is shown until a day."""
    query = Query(
        equal={"stage": "publicized"},
        between={"closes_on": bounds},
        order=("closes_on",),
        descending=descending,
        after=(after, "r"),
    )
    return select(RECORDS, query, "log", on_sqlite=True)


@pytest.mark.parametrize(
    ("after", "descending", "bounds"),
    [
        ("2026-12-01", False, ("2026-11-01", None)),
        ("2026-11-01", False, ("2026-11-01", None)),
        ("2026-12-01", True, (None, "2026-12-31")),
    ],
)
def test_the_bound_behind_the_cursor_is_not_asked_for(
    after: str, *, descending: bool, bounds: Bounds
) -> None:
    statement, values = further(after, bounds, descending=descending)
    assert statement.count('"closes_on"') == PASSED
    assert values == ["log", "publicized", after, "r", 100]


def test_the_bound_ahead_of_the_cursor_is() -> None:
    statement, values = further("2026-12-01", ("2026-11-01", "2026-12-31"), descending=False)
    assert '"closes_on" <= ?' in statement
    assert values == ["log", "publicized", "2026-12-31", "2026-12-01", "r", 100]


@pytest.mark.parametrize(
    ("after", "descending", "bounds"),
    [
        ("2026-10-01", False, ("2026-11-01", None)),
        ("2027-01-01", True, (None, "2026-12-31")),
    ],
)
def test_a_cursor_from_beyond_a_bound_brings_nothing_from_there(
    after: str, *, descending: bool, bounds: Bounds
) -> None:
    statement, values = further(after, bounds, descending=descending)
    assert statement.count('"closes_on"') == PASSED + 1
    assert values == ["log", "publicized", bounds[0] or bounds[1], after, "r", 100]


def test_the_beginning_of_a_text_is_passed_as_a_bound_is() -> None:
    query = Query(
        prefix={"division": "110101"},
        order=("division",),
        after=("110101001000", "r"),
    )
    statement, values = select(RECORDS, query, "log", on_sqlite=True)
    assert '"division" >= ?' not in statement
    assert '"division" <= ?' in statement
    assert values[1].startswith("110101")
    assert values[2:] == ["110101001000", "r", 100]

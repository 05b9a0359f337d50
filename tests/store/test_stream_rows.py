"""Rows of streams are found by the index of streams, however long the log is."""

from typing import Any

import pytest
import sqlalchemy as sa

from ledger.store.raw_rows import RawReader
from ledger.store.stream_rows import FIRST, StreamRows
from tests.store.ledgers import Ledger

STREAMS = [f"{number:032x}"[:8] + "-0000-4000-8000-" + f"{number:012x}" for number in range(3)]


@pytest.mark.parametrize(
    "firsts",
    [
        dict.fromkeys(STREAMS, FIRST),
        dict.fromkeys(STREAMS, 2),
        {STREAMS[0]: FIRST, STREAMS[1]: 1, STREAMS[2]: FIRST},
        {STREAMS[0]: 1},
    ],
    ids=["from their beginning", "from where they are known", "some of each", "one"],
)
def test_no_row_of_another_stream_is_looked_at(
    sqlite_ledger: Ledger, firsts: dict[str, int]
) -> None:
    asked: list[tuple[str, Any]] = []

    class Noting(RawReader):
        def records(self, connection: Any, further: Any, rest: str, *values: object) -> Any:
            asked.append((rest, values))
            return super().records(connection, further, rest, *values)

    with sqlite_ledger.engine.connect() as connection:
        rows = StreamRows(Noting(sqlite_ledger.engine), origin=sqlite_ledger.origin)
        assert rows.of(connection, firsts) == {stream: [] for stream in firsts}
        ((rest, values),) = asked
        plan = plan_of(connection, f"SELECT * FROM entries {rest}", values)
    searches = [step for step in plan if "entries" in step]
    assert searches
    assert all("(log=? AND stream=?" in step for step in searches), plan


def plan_of(connection: sa.Connection, query: str, values: Any) -> list[str]:
    """Return how SQLite goes about a query."""
    found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)
    return [str(row[-1]) for row in found]

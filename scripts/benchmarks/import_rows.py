"""Importing a workbook: rows a second beside the recorder's events, and memory as it grows."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from benchmarks.databases import Database
from benchmarks.events import Events
from benchmarks.filling import Errand, volunteers_for, write_workbook
from benchmarks.growth_rows import Sizes
from benchmarks.ledgers import LedgerContender, new_ledger
from benchmarks.rounds import Effort, Spread, together
from benchmarks.tables import Goal, Table, rate
from benchmarks.town import new_town

PER_COMMIT = 1_000
ENTRIES_A_ROW = 2
"""The record and the row as it stood."""
RATE_GOAL, MEMORY_GOAL = Goal(at_least=0.1), Goal(at_most=1.2)


@dataclass(frozen=True, slots=True)
class Imported:
    """What one import came to: rows a second, and the MiB of its process at most."""

    rate: float
    mib: float


def measure(
    database: Database, effort: Effort, sizes: Sizes, say: Callable[[str], None]
) -> Iterator[Table]:
    """Yield the table of one database."""
    table = Table(
        f"Import of {sizes.small:,} and of {sizes.large:,} rows, {database.name}",
        (
            "rows",
            "rows/s",
            "memory, MiB",
            f"recorder at {PER_COMMIT:,} a commit, events/s",
            "entries ÷ events",
            "rows ÷ events",
            "goal",
        ),
        notes=[
            "A workbook (.xlsx) into a ledger that has its volunteers and one activity, as "
            "`ledger import` does it: one process decides and commits 500 rows at a time, a "
            "second one reads ahead of it where the file is large, a third one folds. The time "
            "is that from the opened file to its last row, the memory that of the first "
            "process. Each row is two entries with personal facts, the record and the row as "
            "it stood; the goal is for rows. The recorder's events have none; it is measured "
            "before and after each import. What a process remembers of a ledger is bounded, "
            "and full after some 20,000 records. The workbook has its texts in its cells "
            "(inline strings); one that Excel wrote has them beside the sheet and is read in a "
            "tenth less of time."
        ],
    )
    imported: list[Imported] = []
    for size in (sizes.small, sizes.large):
        say(f"import, {database.name}: {size:,} rows")
        with ExitStack() as stack:
            recorder = LedgerContender(stack.enter_context(new_ledger(database)), Events(7))
            stack.callback(recorder.close)
            before = _recorded(recorder, effort)
            found = _imported(database, size)
            recorded = Spread.of([before, _recorded(recorder, effort)])
        imported.append(found)
        ratio = found.rate / recorded.median
        table.add(
            f"{size:,}",
            f"{found.rate:,.0f}",
            f"{found.mib:.0f}",
            rate(recorded),
            f"{ENTRIES_A_ROW * ratio:.2f}",
            f"{ratio:.2f}",
            RATE_GOAL.verdict(ratio),
        )
    small, large = imported
    grown = large.mib / small.mib
    table.add("ratio", "", f"{grown:.2f}", "", "", "", MEMORY_GOAL.verdict(grown))
    yield table


def _recorded(recorder: LedgerContender, effort: Effort) -> float:
    """Return how many events a second the recorder appends by itself."""
    commits = max(1, round(effort.seconds * 20))
    works = recorder.prepare(per_commit=PER_COMMIT, submitters=1, commits=commits)
    return commits * PER_COMMIT / together(works)


def _imported(database: Database, rows: int) -> Imported:
    """Import so many rows into a new town.

    Raises:
        RuntimeError: Some of them were refused, or the process failed.
    """
    people = volunteers_for(rows)
    with new_town(database, volunteers=people, head_count=people) as town:
        file = town.settings.data_dir.parent / "records.xlsx"
        write_workbook(file, town, rows)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.filling"],
            input=Errand.of(town, file).text(),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr)
    said = json.loads(done.stdout)
    if said["accepted"] != rows:
        raise RuntimeError(
            f"{said['accepted']} of {rows} rows were accepted: {said['refused']}"
        )
    return Imported(rows / said["seconds"], said["kib"] / 1024)

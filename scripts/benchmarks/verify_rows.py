"""Full verification by two processes, beside one that reads the rows and hashes them once."""

import hashlib
import time
from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.databases import Database
from benchmarks.events import Events
from benchmarks.ledgers import Ledger, new_ledger
from benchmarks.rounds import Effort, in_turns
from benchmarks.tables import Goal, Table, rate, ratio
from ledger.application.auditing import audit

PROCESSES = 2
READ_AT_ONCE = 2_048
PERSONAL_PART = 4
"""With personal facts a quarter of the entries do: each box is sealed and opened."""
GOAL = Goal(at_least=0.15)


def measure(
    database: Database, effort: Effort, size_plain: int, say: Callable[[str], None]
) -> Iterator[Table]:
    """Yield the table of one database, for a log of so many entries."""
    table = Table(
        f"Verification of {size_plain:,} entries, {database.name}",
        ("facts", "audit, entries/s", "read and hash once, entries/s", "audit ÷ read", "goal"),
        notes=[
            f"The audit is the whole of it, entries, facts, streams and tree, in {PROCESSES} "
            "processes, their start included; reading is one process and nothing else."
        ],
    )
    for personal, size in ((False, size_plain), (True, size_plain // PERSONAL_PART)):
        say(f"verification, {database.name}: {size:,} entries, personal facts: {personal}")
        with new_ledger(database) as ledger:
            ledger.grow(size, Events(4, personal=personal))
            runs = {
                "audit": partial(_audited, ledger, size),
                "read": partial(_read, ledger, size),
            }
            _read(ledger, size)
            rates = in_turns(runs, effort.turns)
        found = rates.ratio("audit", "read")
        table.add(
            f"12 plain, 3 personal ({size:,} entries)" if personal else "12 plain",
            rate(rates.rate("audit")),
            rate(rates.rate("read")),
            ratio(found),
            "" if personal else GOAL.verdict(found.median),
        )
    yield table


def _audited(ledger: Ledger, size: int) -> float:
    began = time.perf_counter()
    report = audit(
        ledger,
        ledger.question(),
        scope="bench",
        progress=lambda _done, _size: None,
        processes=PROCESSES,
    )
    seconds = time.perf_counter() - began
    if not report.ok or report.checkpoint.size != size:
        raise RuntimeError(f"the audit found {report.tally.findings[:3]}")
    return size / seconds


def _read(ledger: Ledger, size: int) -> float:
    """Read every row as the audit's reader does, and hash entry and facts in one go."""
    source, sha256 = ledger(), hashlib.sha256
    began = time.perf_counter()
    found = 0
    for start in range(0, size, READ_AT_ONCE):
        for kept in source.entries(start, min(size, start + READ_AT_ONCE)):
            sha256(kept.entry + (kept.plain or b"") + (kept.personal or b"")).digest()
            found += 1
    seconds = time.perf_counter() - began
    if found != size:
        raise RuntimeError(f"{found} rows of {size}")
    return size / seconds

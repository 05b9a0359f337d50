"""Growth: a small and a large log side by side; what must not depend on the size does not."""

import json
import math
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from benchmarks.databases import Database
from benchmarks.events import ORIGIN, Events
from benchmarks.ledgers import Ledger, LedgerContender, new_ledger
from benchmarks.rounds import Contender, Effort, Spread, compare, in_turns
from benchmarks.tables import Goal, Table, rate, ratio
from ledger.proof.merkle import prove_inclusion
from ledger.proof.suite import SUITE
from ledger.store.tree import StoredTree

SMALL, LARGE = "small", "large"
PROOFS = 200
APPEND_GOAL, MEMORY_GOAL = Goal(at_most=1.2), Goal(at_most=1.2)
VERIFY_GOAL, PROOF_GOAL = Goal(at_most=1.2), Goal(at_most=1)
MEMORY = ("nothing", "verify", "export", "append")
"""In this order: only the last one makes the logs longer."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many entries the two logs have at first."""

    small: int
    large: int


def measure(
    database: Database, effort: Effort, sizes: Sizes, say: Callable[[str], None]
) -> Iterator[Table]:
    """Yield the table of one database."""
    table = Table(
        f"Growth from {sizes.small:,} to {sizes.large:,} entries, {database.name}",
        ("what", f"at {sizes.small:,}", f"at {sizes.large:,}", "ratio", "goal"),
        notes=[
            "Ratios of rates are small ÷ large, of everything else large ÷ small. "
            "Verification is by one process. Memory is the largest resident set of a fresh "
            "process; `nothing` is one that only starts."
        ],
    )
    with ExitStack() as stack:
        ledgers: dict[str, Ledger] = {}
        for seed, (name, size) in enumerate(((SMALL, sizes.small), (LARGE, sizes.large))):
            say(f"growth, {database.name}: filling a log with {size:,} entries")
            ledgers[name] = stack.enter_context(new_ledger(database))
            ledgers[name].grow(size, Events(10 + seed))
        _processes(table, ledgers, sizes, say)
        _proofs(table, ledgers, sizes, effort)
        say(f"growth, {database.name}: appending")
        _appends(table, ledgers, effort)
    yield table


def _appends(table: Table, ledgers: dict[str, Ledger], effort: Effort) -> None:
    with ExitStack() as stack:
        contenders: dict[str, Contender] = {}
        for seed, (name, ledger) in enumerate(ledgers.items()):
            contender = LedgerContender(ledger, Events(20 + seed))
            stack.callback(contender.close)
            contenders[name] = contender
        for per_commit in (1, 1_000):
            rates = compare(contenders, effort, per_commit=per_commit, submitters=1)
            found = rates.ratio(SMALL, LARGE)
            table.add(
                f"append, {per_commit:,} a commit, events/s",
                rate(rates.rate(SMALL)),
                rate(rates.rate(LARGE)),
                ratio(found),
                APPEND_GOAL.verdict(found.median),
            )


def _proofs(table: Table, ledgers: dict[str, Ledger], sizes: Sizes, effort: Effort) -> None:
    both = {SMALL: sizes.small, LARGE: sizes.large}
    runs = {name: _proving(ledgers[name], size) for name, size in both.items()}
    rates = in_turns(runs, effort.turns)
    times = {name: Spread.of([1e3 / each for each in rates.by_name[name]]) for name in both}
    found = rates.ratio(SMALL, LARGE)
    small, large = (f"{times[name].median:.2f}" for name in both)
    table.add("inclusion proof, ms", small, large, ratio(found), "")
    counts = {name: _counted(ledgers[name], size) for name, size in both.items()}
    for index, what in enumerate(("queries", "path, hashes", "hashes computed")):
        few, many = (counts[name][index] for name in both)
        goal = ""
        if what == "path, hashes":
            levels = {name: math.ceil(math.log2(size)) for name, size in both.items()}
            few_max, many_max = (counts[name][index] / levels[name] for name in both)
            goal = f"≤ log2(n): {PROOF_GOAL.verdict(max(few_max, many_max)).split(': ')[1]}"
        table.add(
            f"inclusion proof, {what}, at most",
            f"{few}",
            f"{many}",
            f"{many / few:.2f}",
            goal,
        )


def _proving(ledger: Ledger, size: int) -> Callable[[], float]:
    def run() -> float:
        began = time.perf_counter()
        for seq in _places(size):
            _prove(ledger, seq, size)
        return PROOFS / (time.perf_counter() - began)

    return run


def _prove(ledger: Ledger, seq: int, size: int) -> int:
    """Prove one entry as a reader's request does, with nothing left over from the last."""
    with ledger.engine.connect() as connection:
        tree = StoredTree(connection, origin=ORIGIN)
        path = prove_inclusion(tree.subtree(tree_size=size), leaf_index=seq, tree_size=size)
        return len(path)


def _counted(ledger: Ledger, size: int) -> tuple[int, int, int]:
    """Return the most queries, hashes in the path and hashes computed of any proof."""
    most = [0, 0, 0]
    for seq in _places(size):
        with _counting(ledger) as counts:
            path = _prove(ledger, seq, size)
        most = [max(a, b) for a, b in zip(most, [counts[0], path, counts[1]], strict=True)]
    return most[0], most[1], most[2]


@contextmanager
def _counting(ledger: Ledger) -> Iterator[list[int]]:
    """Yield how many queries were sent and how many hashes computed until the end."""
    counts, hashed = [0, 0], SUITE.hash

    def query(*_ignored: object) -> None:
        counts[0] += 1

    def counting(data: bytes) -> bytes:
        counts[1] += 1
        return hashed(data)

    sa.event.listen(ledger.engine, "before_cursor_execute", query)
    object.__setattr__(SUITE, "hash", counting)  # it is frozen against its users
    try:
        yield counts
    finally:
        object.__setattr__(SUITE, "hash", hashed)
        sa.event.remove(ledger.engine, "before_cursor_execute", query)


def _places(size: int) -> list[int]:
    chance = random.Random(size)  # noqa: S311 - the same places in every run
    return [chance.randrange(size) for _ in range(PROOFS)]


def _processes(
    table: Table, ledgers: dict[str, Ledger], sizes: Sizes, say: Callable[[str], None]
) -> None:
    both = {SMALL: sizes.small, LARGE: sizes.large}
    memory: dict[str, dict[str, float]] = {}
    rates: dict[str, float] = {}
    for task in MEMORY:
        memory[task] = {}
        for name, size in both.items():
            say(f"growth: {task} of {size:,} entries in a process of its own")
            seconds, memory[task][name] = _child(task, size, ledgers[name])
            if task == "verify":
                rates[name] = size / seconds
    few, many = rates[SMALL], rates[LARGE]
    verdict = VERIFY_GOAL.verdict(few / many)
    table.add(
        "verification, entries/s", f"{few:,.0f}", f"{many:,.0f}", f"{few / many:.2f}", verdict
    )
    for task in MEMORY:
        few, many = memory[task][SMALL], memory[task][LARGE]
        verdict = "" if task == "nothing" else MEMORY_GOAL.verdict(many / few)
        cells = f"{few:.0f}", f"{many:.0f}", f"{many / few:.2f}"
        table.add(f"memory, {task}, MiB", *cells, verdict)


def _child(task: str, size: int, ledger: Ledger) -> tuple[float, float]:
    """Return how many seconds a task took, and the MiB of its process at most."""
    ledger.close()
    asked = [sys.executable, "-m", "benchmarks.child", task, str(size)]
    asked += [ledger.folder, ledger.url, ledger.vault_url]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        raise RuntimeError(done.stderr)
    said = json.loads(done.stdout)
    return said["seconds"], said["kib"] / 1024

"""``python -m benchmarks``: which rows, how long, and where the tables go."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from benchmarks import append_rows, checkpoint_rows, growth_rows, machine, verify_rows
from benchmarks.databases import KINDS, Database, Kind, databases
from benchmarks.growth_rows import Sizes
from benchmarks.rounds import Effort
from benchmarks.tables import Table

ROWS = ("append", "checkpoint", "verify", "growth")
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: effort of each figure, and entries of the logs."""

    effort: Effort
    verified: int
    growth: Sizes


FULL = Plan(Effort(seconds=0.5, turns=5, events_max=64_000), 200_000, Sizes(10_000, 1_000_000))
QUICK = Plan(Effort(seconds=0.05, turns=3, events_max=8_000), 10_000, Sizes(1_000, 10_000))


def main() -> None:
    """Measure what was asked for; tables go to the output, progress to the error output."""
    asked = _asked()
    with ExitStack() as stack:
        files: list[TextIO] = [sys.stdout]
        if asked.out is not None:
            out = (asked.folder / asked.out).open("w", encoding="utf-8")
            files.append(stack.enter_context(out))
        for text in _measured(asked, _planned(asked)):
            for file in files:
                print(text, file=file, flush=True)


def _measured(asked: argparse.Namespace, plan: Plan) -> Iterator[str]:
    began = time.monotonic()
    kinds: list[Kind] = [asked.database] if asked.database else list(KINDS)
    with databases(kinds) as found:
        yield "# Benchmarks\n\n" + machine.described(found.values())
        for row in asked.rows or ROWS:
            for database in found.values():
                for table in _tables(row, database, plan):
                    yield table.text()
    effort = plan.effort
    turns = f"{effort.turns} turns of about {effort.seconds:g} s for each figure"
    yield f"Measured in {time.monotonic() - began:.0f} s, {turns}."


def _tables(row: str, database: Database, plan: Plan) -> Iterator[Table]:
    if row == "append":
        return append_rows.measure(database, plan.effort, _say)
    if row == "checkpoint":
        return checkpoint_rows.measure(database, plan.effort, _say)
    if row == "verify":
        return verify_rows.measure(database, plan.effort, plan.verified, _say)
    return growth_rows.measure(database, plan.effort, plan.growth, _say)


def _planned(asked: argparse.Namespace) -> Plan:
    plan = QUICK if asked.quick else FULL
    effort = plan.effort
    effort = replace(
        effort, seconds=asked.seconds or effort.seconds, turns=asked.turns or effort.turns
    )
    growth = Sizes(*asked.growth) if asked.growth else plan.growth
    return Plan(effort, asked.verified or plan.verified, growth)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument(
        "rows", metavar="ROW", nargs="*", choices=[[], *ROWS], help=", ".join(ROWS)
    )
    parser.add_argument("--quick", action="store_true", help="a short run, small logs")
    parser.add_argument("--out", type=Path, help="write the tables to this file as well")
    parser.add_argument("--database", choices=KINDS, help="only this one")
    parser.add_argument("--seconds", type=float, help="about how long each turn takes")
    parser.add_argument("--turns", type=int, help="how many turns each figure rests on")
    parser.add_argument("--verified", type=int, help="entries of the log that is verified")
    parser.add_argument(
        "--growth", type=int, nargs=2, metavar=("FEW", "MANY"), help="entries of the two logs"
    )
    parser.add_argument("--folder", type=Path, default=Path.cwd(), help=argparse.SUPPRESS)
    return parser.parse_args()


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

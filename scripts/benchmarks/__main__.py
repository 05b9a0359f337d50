"""``python -m benchmarks``: which rows, how long, and where the tables go."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from benchmarks import (
    append_rows,
    certificate_rows,
    checkpoint_rows,
    growth_rows,
    http_rows,
    import_rows,
    machine,
    reading_rows,
    verify_rows,
    view_rows,
)
from benchmarks.databases import KINDS, Database, Kind, databases
from benchmarks.growth_rows import Sizes
from benchmarks.rounds import Effort
from benchmarks.tables import Table

ROWS = (
    *("append", "checkpoint", "verify", "growth"),
    *("http", "import", "views", "reads", "certificates"),
)
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: effort of each figure, entries of the logs, and volunteers."""

    effort: Effort
    verified: int
    growth: Sizes
    volunteers: int
    read: Mapping[Kind, Sizes]
    imported: Sizes
    certified: Sequence[int]


FULL = Plan(
    Effort(seconds=0.5, turns=5, events_max=64_000),
    verified=200_000,
    growth=Sizes(10_000, 1_000_000),
    volunteers=3_000,
    # A million in SQLite as well would take as long again as all other rows of these.
    read={"sqlite": Sizes(10_000, 100_000), "postgresql": Sizes(10_000, 1_000_000)},
    imported=Sizes(20_000, 100_000),
    certified=(10, 100, 1_000),
)
QUICK = Plan(
    Effort(seconds=0.05, turns=3, events_max=8_000),
    verified=10_000,
    growth=Sizes(1_000, 10_000),
    volunteers=200,
    read=dict.fromkeys(KINDS, Sizes(1_000, 10_000)),
    imported=Sizes(1_000, 4_000),
    certified=(10, 100),
)


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
    effort = plan.effort
    measures: dict[str, Callable[[], Iterator[Table]]] = {
        "append": lambda: append_rows.measure(database, effort, _say),
        "checkpoint": lambda: checkpoint_rows.measure(database, effort, _say),
        "verify": lambda: verify_rows.measure(database, effort, plan.verified, _say),
        "growth": lambda: growth_rows.measure(database, effort, plan.growth, _say),
        "http": lambda: http_rows.measure(database, effort, plan.volunteers, _say),
        "import": lambda: import_rows.measure(database, effort, plan.imported, _say),
        "views": lambda: view_rows.measure(database, effort, _say),
        "reads": lambda: reading_rows.measure(database, effort, plan.read[database.kind], _say),
        "certificates": lambda: certificate_rows.measure(
            database, effort, plan.read[database.kind], plan.certified, _say
        ),
    }
    return measures[row]()


def _planned(asked: argparse.Namespace) -> Plan:
    plan = QUICK if asked.quick else FULL
    effort = plan.effort
    effort = replace(
        effort, seconds=asked.seconds or effort.seconds, turns=asked.turns or effort.turns
    )
    return Plan(
        effort,
        asked.verified or plan.verified,
        Sizes(*asked.growth) if asked.growth else plan.growth,
        asked.volunteers or plan.volunteers,
        dict.fromkeys(KINDS, Sizes(*asked.size)) if asked.size else plan.read,
        Sizes(*asked.imported) if asked.imported else plan.imported,
        asked.certified or plan.certified,
    )


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
    parser.add_argument("--volunteers", type=int, help="of whom records are submitted by HTTP")
    parser.add_argument(
        "--size", type=int, nargs=2, metavar=("FEW", "MANY"), help="events of the ledgers read"
    )
    parser.add_argument(
        "--imported", type=int, nargs=2, metavar=("FEW", "MANY"), help="rows of the workbooks"
    )
    parser.add_argument(
        "--certified", type=_numbers, metavar="N,N…", help="records of each certificate"
    )
    parser.add_argument("--folder", type=Path, default=Path.cwd(), help=argparse.SUPPRESS)
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(each) for each in text.split(",")]


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

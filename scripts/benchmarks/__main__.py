"""``python -m benchmarks``: which rows, how long, and where the tables go."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import append_rows, machine
from benchmarks.databases import KINDS, Database, Kind, databases
from benchmarks.rounds import Effort
from benchmarks.tables import Table

FULL, QUICK = Effort(seconds=0.5, turns=5), Effort(seconds=0.08, turns=3)
Measure = Callable[[Database, Effort, Callable[[str], None]], Iterator[Table]]
ROWS: dict[str, Measure] = {"append": append_rows.measure}


def main() -> None:
    """Measure what was asked for; tables go to the output, progress to the error output."""
    asked = _asked()
    effort = QUICK if asked.quick else FULL
    effort = Effort(asked.seconds or effort.seconds, asked.turns or effort.turns)
    began = time.monotonic()
    out = None
    if asked.out is not None:
        out = (asked.folder / asked.out).open("w", encoding="utf-8")

    def write(text: str) -> None:
        for file in (sys.stdout, out):
            if file is not None:
                print(text, file=file, flush=True)

    kinds: list[Kind] = [asked.database] if asked.database else list(KINDS)
    with databases(kinds) as found:
        write("# Benchmarks\n\n" + machine.described(found.values()))
        for row in asked.rows or ROWS:
            for database in found.values():
                for table in ROWS[row](database, effort, _say):
                    write(table.text())
    write(
        f"Measured in {time.monotonic() - began:.0f} s, {effort.turns} turns of about {effort.seconds:g} s each."
    )
    if out is not None:
        out.close()


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
    parser.add_argument("--folder", type=Path, default=Path.cwd(), help=argparse.SUPPRESS)
    return parser.parse_args()


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

"""kill -9: what was acknowledged is there, and at most the one submission under way."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.ledgers import Ledger, noted, opened

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("lines", [1, 40])
def test_what_was_acknowledged_survives_kill(ledger: Ledger, lines: int) -> None:
    place = ledger.place
    command = [
        sys.executable,
        "-m",
        "tests.store.workers",
        place.database_url,
        str(place.folder),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        acknowledged = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        rest = process.stdout.read().splitlines(keepends=True)
    acknowledged += [line for line in rest if line.endswith("\n")]

    with opened(place) as reopened:
        # Whoever gets the lock knows that the killed process's transaction has ended.
        with reopened.locked():
            stored = reopened.seqs()
        firsts = [int(line) for line in acknowledged]
        assert firsts == list(range(0, 3 * len(firsts), 3))
        assert stored == list(range(len(stored)))
        assert len(stored) in (3 * len(firsts), 3 * len(firsts) + 3)
        assert reopened.append(noted()).first_seq == len(stored)
        reopened.publisher.publish()
        assert reopened.codes() == []

"""Anyone can follow the log from a position, by HTTP and the specifications alone."""

import base64
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.service import Service, serving
from tests.api.stranger import Follower, Refused
from tests.shell import ORIGIN, Shell

ROOT = Path(__file__).parents[2]
VISITS_MAX = 20_000
PAUSE_S = 0.05
"""A visitor who found nothing new leaves the processor to who appends."""
APPENDS = 20
APPENDED = 400

APPENDING = (
    "import sys, json\n"
    "from pathlib import Path\n"
    "from tests.shell import Shell\n"
    "shell = Shell(Path(sys.argv[1]), json.loads(sys.argv[2]))\n"
    "for count in map(int, sys.argv[3:]):\n"
    "    shell.append(count, publish=False)\n"
)


def follower(service: Service, shell: Shell) -> Follower:
    def fetch(path: str) -> tuple[int, bytes]:
        response = service.client.get(f"/log/110000/{path}")
        return response.status_code, response.content

    vkey = (shell.data_dir / "policy").read_text("utf-8").split()[1]
    key = base64.b64decode(vkey.split("+", 2)[2])[1:]
    return Follower(fetch, ORIGIN, key)


@pytest.fixture(params=["sqlite", "postgresql"])
def shell(request: pytest.FixtureRequest, tmp_path: Path) -> Shell:
    """Return a folder with a ledger of 300 entries on either database."""
    env = {}
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
        env = {"LEDGER_DATABASE_URL": url, "LEDGER_VAULT_URL": url}
    made = Shell(tmp_path, env)
    made.init()
    made.append(299)
    return made


def counts() -> Iterator[int]:
    """Yield how many entries each append adds: over borders of bundles, by ones and by many."""
    left = APPENDED
    for number in range(APPENDS):
        count = min(left, (1, 2, 3, 5, 40)[number % 5])
        left -= count
        yield count
    yield left


def appending(shell: Shell) -> "subprocess.Popen[bytes]":
    arguments = [str(shell.folder), json.dumps(shell.env), *map(str, counts())]
    return subprocess.Popen([sys.executable, "-c", APPENDING, *arguments], cwd=ROOT)


def test_a_stranger_follows_while_another_process_appends(shell: Shell) -> None:
    with serving(shell) as service:
        reader = follower(service, shell)
        assert reader.visit() == 300
        writer = appending(shell)
        grown = []
        for _ in range(VISITS_MAX):
            grown.append(reader.visit())
            if reader.size == 300 + APPENDED:
                break
            if not grown[-1]:
                time.sleep(PAUSE_S)
        assert writer.wait(60) == 0
        assert reader.size == len(reader.entries) == 300 + APPENDED
        # He was not handed all at once: he followed.
        assert sum(1 for count in grown if count) > 1
        assert reader.visit() == 0


def test_he_goes_on_from_where_he_stopped(shell: Shell) -> None:
    with serving(shell) as service:
        first = follower(service, shell)
        first.visit()
        shell.append(250)
        second = follower(service, shell)
        second.size, second.peaks, second.entries = first.size, first.peaks, first.entries[-1:]
        asked: list[str] = []
        fetch = second.fetch

        def noting(path: str) -> tuple[int, bytes]:
            asked.append(path)
            return fetch(path)

        second.fetch = noting
        assert second.visit() == 250
        # Only from his position on.
        assert asked == ["checkpoint", "tile/entries/001", "tile/entries/002.p/38"]


def test_he_notices_another_past(shell: Shell) -> None:
    with serving(shell) as service:
        reader = follower(service, shell)
        reader.visit()
        height, peak = reader.peaks[0]
        reader.peaks[0] = height, bytes(len(peak))
        shell.append(1)
        with pytest.raises(Refused):
            reader.visit()

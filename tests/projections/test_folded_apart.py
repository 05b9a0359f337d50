"""The process that folds for the service: it folds the same, and lives no longer than it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ledger.store import view_projector
from ledger.store.chance import random_uuid
from ledger.store.event import NewEvent, Submission
from ledger.store.folding_apart import FoldingApart
from ledger.wiring.parts import Wiring, open_ledger
from ledger.wiring.viewing import Views, compared_views, open_views
from tests.api.service import serving
from tests.projections.histories import lives
from tests.shell import Shell
from tests.store.test_folding_apart import is_alive, process_of

PATIENCE_S = 60.0
FOLLOWS = """
import sys, time
from pathlib import Path
from ledger.settings import Settings
from ledger.wiring.parts import open_ledger
from ledger.wiring.viewing import open_views
from tests.store.test_folding_apart import process_of

views = open_views(open_ledger(Settings(data_dir=Path("var"), _env_file=None)))
apart = vars(views.projector)["_apart"]
while not apart.is_ready():
    time.sleep(0.01)
print(process_of(apart), flush=True)
time.sleep(600)
"""


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a process be begun for the first entry already."""
    monkeypatch.setattr(view_projector, "APART_AFTER", 0)


@pytest.fixture
def events() -> list[NewEvent]:
    """Return a history of some hundred entries."""
    return [each.new() for each in lives(23, 300).history.told]


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Return a folder with an empty ledger."""
    shell = Shell(tmp_path)
    shell.init()
    return shell


@contextmanager
def followed(shell: Shell) -> Iterator[tuple[Wiring, Views, FoldingApart]]:
    """Yield a ledger whose views follow it, as the service's do."""
    wiring = open_ledger(shell.settings())
    views = open_views(wiring)
    views.projector.start()
    try:
        yield wiring, views, vars(views.projector)["_apart"]
    finally:
        views.close()
        wiring.close()


def wait_for(reached: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def append(wiring: Wiring, views: Views, events: list[NewEvent]) -> None:
    """Append a few at a time, and wait until each of them is folded."""
    for first in range(0, len(events), 20):
        some = Submission(random_uuid(), events[first : first + 20])
        done = wiring.appender.append(some)
        assert views.projector.wait_until(done.first_seq + done.count - 1, PATIENCE_S)


def test_it_folds_what_the_service_would(shell: Shell, events: list[NewEvent]) -> None:
    with followed(shell) as (wiring, views, apart):
        append(wiring, views, events[:40])
        wait_for(apart.is_ready)
        here: list[int] = []
        folding = vars(views.projector)["_folding"]
        folding.__dict__["_fold"] = lambda start, _: here.append(start)
        append(wiring, views, events[40:])
        assert here == []
        with compared_views(wiring, views, progress=lambda *_: None) as compared:
            assert compared.size == 1 + len(events)
            assert list(compared.differences) == []


def test_when_it_is_killed_the_service_goes_on(shell: Shell, events: list[NewEvent]) -> None:
    with followed(shell) as (wiring, views, apart):
        append(wiring, views, events[:40])
        wait_for(apart.is_ready)
        pid = process_of(apart)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        append(wiring, views, events[40:])
        assert not views.projector.is_in_trouble
        with compared_views(wiring, views, progress=lambda *_: None) as compared:
            assert list(compared.differences) == []


def test_signals_to_the_service_and_its_group_do_not_end_it(shell: Shell) -> None:
    with followed(shell) as (_, views, apart):
        wait_for(apart.is_ready)
        pid = process_of(apart)
        assert pid is not None
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(pid, each)
        assert apart.catch_up(lambda _: None) == views.reader.position()
    assert not is_alive(pid)


def test_it_ends_when_the_service_is_killed(shell: Shell) -> None:
    service = subprocess.Popen(
        [sys.executable, "-c", FOLLOWS],
        cwd=shell.folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert service.stdout is not None
    pid = int(service.stdout.readline())
    assert is_alive(pid)
    service.kill()
    service.communicate()
    wait_for(lambda: not is_alive(pid))


def test_what_is_printed_there_by_mistake_is_no_answer(shell: Shell) -> None:
    with followed(shell) as (_, _, apart):
        wait_for(apart.is_ready)
        folder = Path(f"/proc/{process_of(apart)}/fd")
        where = [(folder / number).readlink() for number in ("1", "2")]
        assert where[0] == where[1]


def test_closing_does_not_wait_until_all_is_folded(
    shell: Shell, events: list[NewEvent]
) -> None:
    with followed(shell) as (wiring, views, apart):
        append(wiring, views, events[:20])
        wait_for(apart.is_ready)
        pid = process_of(apart)
        views.projector.close()
        assert pid is not None
        assert not is_alive(pid)
        wiring.appender.append(Submission(random_uuid(), events[20:]))
        position = views.reader.position()
        assert position < 1 + len(events)
        # Whoever asks from now on folds herself.
        assert views.projector.wait_until(len(events), 0)


def test_a_service_that_has_ended_leaves_no_process_behind(shell: Shell) -> None:
    with serving(shell) as service:

        def has_begun_one() -> bool:
            shell.append(60)
            return bool(children_of(service.process.pid))

        wait_for(has_begun_one)
        begun = children_of(service.process.pid)
        os.kill(service.process.pid, signal.SIGTERM)
        service.process.wait(PATIENCE_S)
        assert not any(is_alive(each) for each in begun)


def children_of(pid: int) -> list[int]:
    """Return what a process and its threads have begun."""
    return [
        int(child)
        for thread in Path(f"/proc/{pid}/task").iterdir()
        for child in (thread / "children").read_text("ascii").split()
    ]

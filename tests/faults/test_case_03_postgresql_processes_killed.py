"""kill -9 inside PostgreSQL: one backend in its commit, the postmaster, and all at once."""

import os
import signal
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.faults.appending import FAILED, Workload
from tests.faults.conftest import Shown
from tests.faults.scene import Running, Scene, found_scene, wait_until
from tests.faults.tracing import Tracer, killed_at
from tests.postgres.server import Server

ENDLESS = Workload(submissions=100_000)
UNDER_WAY = 12


@pytest.fixture
def scene(postgres_server: Server, tmp_path: Path) -> Scene:
    """Return a ledger on a server of the test's own."""
    url = postgres_server.url(postgres_server.create_database())
    return found_scene(tmp_path, LEDGER_DATABASE_URL=url)


def under_way(scene: Scene) -> Running:
    """Start a process that appends for ever, and wait until it has begun to."""
    running = scene.append(ENDLESS)
    wait_until(lambda: len(scene.told().acknowledged) >= UNDER_WAY)
    return running


def backend_of(url: str) -> int:
    """Return the process of PostgreSQL that serves the one appending client."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    query = (
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    with engine.connect() as connection:
        pid: int = connection.execute(sa.text(query)).scalar_one()
    return pid


def children_of(parent: int) -> list[int]:
    """Return the processes that a process has started and that are still there."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [int(pid) for pid in children.split()]


def answers(url: str) -> bool:
    """Return whether the server takes connections: while it recovers it does not."""
    try:
        with sa.create_engine(url, poolclass=sa.NullPool).connect():
            return True
    except sa.exc.OperationalError:
        return False


def check(scene: Scene, running: Running, shown: Shown) -> None:
    """The client was told the truth, and what it was told of is there."""
    wait_until(lambda: answers(scene.shell.env["LEDGER_DATABASE_URL"]))
    scene.end_clients()
    assert running.wait() in (0, FAILED)
    refused = set(scene.told().refused.values())
    shown.saw(**scene.check(), client_told=", ".join(sorted(refused)) or "nothing")


@pytest.mark.tool("strace")
@pytest.mark.case(3, "kill −9 of a PostgreSQL backend in its commit")
def test_a_backend_killed_in_its_commit(
    scene: Scene, postgres_server: Server, tmp_path: Path, shown: Shown
) -> None:
    shown.by("strace inject=fdatasync:signal=SIGKILL on the backend: as it flushes its commit")
    running = under_way(scene)
    backend = backend_of(scene.shell.env["LEDGER_DATABASE_URL"])
    tracer = Tracer(backend, killed_at("fdatasync", 1), tmp_path / "backend.strace")
    assert tracer.wait() > 0
    check(scene, running, shown)


@pytest.mark.case(3, "kill −9 of the postmaster while commits run")
def test_the_postmaster_killed(scene: Scene, postgres_server: Server, shown: Shown) -> None:
    shown.by("kill −9 of the postmaster alone; its backends end as they notice")
    running = under_way(scene)
    orphans = children_of(postgres_server.pid)
    os.kill(postgres_server.pid, signal.SIGKILL)
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in orphans))
    postgres_server.kill()  # only to reap it
    postgres_server.start()
    check(scene, running, shown)


@pytest.mark.case(3, "kill −9 of all PostgreSQL processes at once")
def test_every_process_of_the_server_killed(
    scene: Scene, postgres_server: Server, shown: Shown
) -> None:
    shown.by("kill −9 of the postmaster and of all its children, as in a crash of the machine")
    running = under_way(scene)
    postgres_server.kill()
    postgres_server.start()
    check(scene, running, shown)

"""The server that the tests use is a real one: it writes to the disk and survives a crash."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from tests.postgres.cluster import Cluster
from tests.postgres.server import Server, _children


def run(url: str, *statements: str) -> list[tuple[object, ...]]:
    """Return the rows of the last statement, all of them in one transaction."""
    engine = create_engine(url, poolclass=NullPool)
    rows: list[tuple[object, ...]] = []
    with engine.begin() as connection:
        for statement in statements:
            result = connection.execute(text(statement))
            rows = [tuple(row) for row in result] if result.returns_rows else []
    return rows


def test_it_is_a_recent_version(postgres_url: str) -> None:
    [(version,)] = run(postgres_url, "SHOW server_version_num")
    assert int(str(version)) >= 15_00_00


def test_it_writes_to_the_disk_and_is_reached_by_nobody_else(
    postgres_server: Server,
) -> None:
    want = {
        "data_checksums": "on",
        "fsync": "on",
        "listen_addresses": "",
        "server_encoding": "UTF8",
        "synchronous_commit": "on",
    }
    url = postgres_server.url("postgres")
    assert {name: run(url, f"SHOW {name}")[0][0] for name in want} == want
    assert postgres_server.folder.stat().st_mode & 0o777 == 0o700


def test_two_databases_are_separate(postgres: Cluster, postgres_url: str) -> None:
    run(postgres_url, "CREATE TABLE only_here (n int)")
    with postgres.database() as other:
        assert run(other, "SELECT to_regclass('only_here')") == [(None,)]


def test_a_database_is_copied_from_a_template(postgres: Cluster) -> None:
    template = postgres.create_database()
    run(postgres.url(template), "CREATE TABLE copied AS SELECT 7 AS n")
    with postgres.database(template=template) as copy:
        assert run(copy, "SELECT n FROM copied") == [(7,)]
    postgres.drop_database(template)


def test_a_database_is_dropped_in_spite_of_connections(postgres: Cluster) -> None:
    engine = create_engine(postgres.url(name := postgres.create_database()))
    connection = engine.connect()
    postgres.drop_database(name)
    with pytest.raises(OperationalError):
        connection.execute(text("SELECT 1"))
    connection.invalidate()
    connection.close()
    engine.dispose()
    with pytest.raises(OperationalError):
        run(postgres.url(name), "SELECT 1")


def test_what_was_committed_survives_kill(postgres_server: Server) -> None:
    url = postgres_server.url("postgres")
    run(url, "CREATE TABLE kept AS SELECT 7 AS n")
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("INSERT INTO kept VALUES (8)"))
        postgres_server.kill()
        connection.invalidate()
    with pytest.raises(OperationalError):
        run(url, "SELECT 1")
    postgres_server.start()
    assert run(url, "SELECT n FROM kept") == [(7,)]


def test_it_stops_and_starts_again(postgres_server: Server) -> None:
    before = postgres_server.pid
    for mode in ("smart", "fast", "immediate"):
        postgres_server.restart(mode)
    assert postgres_server.pid != before
    assert run(postgres_server.url("postgres"), "SELECT 1") == [(1,)]


def test_nothing_is_left() -> None:
    with Server() as server:
        folder, pids = server.folder, [server.pid, *_children(server.pid)]
    assert not folder.exists()
    assert not [pid for pid in pids if Path("/proc", str(pid)).exists()]


def test_nothing_is_left_of_a_killed_run() -> None:
    script = (
        "from tests.postgres.server import Server\n"
        "import os, signal\n"
        "server = Server().__enter__()\n"
        "print(server.folder, server.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    folder, pid = done.stdout.split()
    deadline = time.monotonic() + 20
    while Path(folder).exists() or Path("/proc", pid).exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)

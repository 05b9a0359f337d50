"""A standby that streams from a primary, and what befalls such a pair.

It is a base backup of the primary (`pg_basebackup`) that follows it under a name of its own,
so that the primary can be told to wait for it (`synchronous_standby_names`).
"""

import subprocess
import time

from sqlalchemy import NullPool, create_engine

from tests.postgres.cluster import Cluster
from tests.postgres.server import Server

DEADLINE_S = 60

FOLLOW = """
unix_socket_directories = '{folder}'
cluster_name = '{name}'
primary_conninfo = 'host={primary} user=postgres application_name={name}'
recovery_target_timeline = 'latest'
wal_retrieve_retry_interval = 100ms
wal_keep_size = 256MB
"""


class Standby(Server):
    """A server that follows another until it is promoted.

    As a context manager it starts as a copy of the primary, and at the end nothing is left.
    """

    def __init__(self, primary: Server, *, name: str = "standby") -> None:
        self.name = name
        self._primary = primary
        super().__init__()

    def cut_off(self) -> None:
        """Let it receive nothing more, as when the line to the primary is cut."""
        configure(self, "primary_conninfo", "")
        wait_until(self, "SELECT count(*) = 0 FROM pg_stat_wal_receiver")

    def reconnect(self) -> None:
        """Undo `cut_off`: it fetches what it has missed."""
        reset(self, "primary_conninfo")

    def _initialise(self) -> None:
        done = subprocess.run(
            [
                *(self._programs / "pg_basebackup", "--pgdata", self.data),
                *("--host", self._primary.folder, "--username=postgres"),
                *("--wal-method=stream", "--checkpoint=fast", "--no-sync"),
            ],
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
            **self._account,
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        _follow(self, self._primary, name=self.name)


def rejoin(old: Server, primary: Server, *, name: str) -> None:
    """Make a standby of an old primary that is down, and start it (`pg_rewind`).

    What it has and the new primary has not is undone.
    """
    source = f"host={primary.folder} user=postgres dbname=postgres"
    done = subprocess.run(
        [
            *(old._programs / "pg_rewind", "--target-pgdata", old.data),
            *("--source-server", source),
        ],
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
        **old._account,
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    _follow(old, primary, name=name)
    old.start()


def _follow(server: Server, primary: Server, *, name: str) -> None:
    follow = FOLLOW.format(folder=server.folder, name=name, primary=primary.folder)
    with (server.data / "postgresql.conf").open("a") as conf:
        conf.write(follow)
    # What the primary was told at run time, it was told alone.
    (server.data / "postgresql.auto.conf").write_text("")
    (server.data / "standby.signal").touch()


def promote(server: Server) -> None:
    """Make a primary of a standby, from all that it has received; it takes writes on return."""
    [(promoted,)] = rows(server, f"SELECT pg_promote(wait_seconds => {DEADLINE_S})")
    assert promoted, server.log.read_text()[-4000:]


def rows(cluster: Cluster, query: str) -> list[tuple[object, ...]]:
    """Return what a superuser's query gives, outside any transaction."""
    url = cluster.url("postgres")
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def wait_until(cluster: Cluster, query: str) -> None:
    """Return when a query that gives one truth value gives true."""
    deadline = time.monotonic() + DEADLINE_S
    while rows(cluster, query) != [(True,)]:
        assert time.monotonic() < deadline, query
        time.sleep(0.01)


def configure(cluster: Cluster, name: str, value: str) -> None:
    """Change a setting of a running server."""
    cluster._execute(f"ALTER SYSTEM SET {name} = '{value}'")
    cluster._execute("SELECT pg_reload_conf()")


def reset(cluster: Cluster, name: str) -> None:
    """Take a change by `configure` back."""
    cluster._execute(f"ALTER SYSTEM RESET {name}")
    cluster._execute("SELECT pg_reload_conf()")


def make_synchronous(primary: Cluster, *, name: str) -> None:
    """Let each commit on the primary wait until the standby of that name has it on its disk."""
    configure(primary, "synchronous_standby_names", f"FIRST 1 ({name})")
    wait_until(
        primary,
        "SELECT count(*) = 1 FROM pg_stat_replication"
        f" WHERE application_name = '{name}' AND sync_state = 'sync'",
    )


def let_go(primary: Cluster) -> None:
    """Let no commit wait for a standby, those that wait now included."""
    reset(primary, "synchronous_standby_names")


def wait_for_held_commit(primary: Cluster) -> int:
    """Return the process of a commit that waits for the standby, once there is one."""
    held = (
        "FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND backend_type = 'client backend'"
    )
    wait_until(primary, f"SELECT count(*) > 0 {held}")
    [(pid,)] = rows(primary, f"SELECT pid {held}")
    assert isinstance(pid, int)
    return pid

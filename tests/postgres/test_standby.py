"""The primary dies, the standby is promoted: nothing acknowledged is lost, or it is refused."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg2
import pytest
import sqlalchemy as sa

from ledger.store.chance import random_uuid
from ledger.store.event import Appended, RolledBackError, Submission, system_actor
from ledger.store.schema import entries
from ledger.wiring.parts import Wiring, open_ledger
from tests.api.service import served
from tests.postgres import standby
from tests.postgres.appending import Account, events
from tests.postgres.server import Server
from tests.postgres.standby import Standby
from tests.shell import Shell

ROOT = Path(__file__).parents[2]
SUBMITTERS = 6
SOUND, ROLLED_BACK = 0, 3


@dataclass
class Pair:
    """A ledger on a primary, and the standby that follows it."""

    shell: Shell
    primary: Server
    standby: Standby

    def point_at(self, server: Server) -> None:
        """Let the ledger of the same data folder use another server."""
        self.shell.env["LEDGER_DATABASE_URL"] = server.url("ledger")

    @contextmanager
    def ledger(self) -> Iterator[Wiring]:
        opened = open_ledger(self.shell.settings())
        try:
            yield opened
        finally:
            opened.close()

    def append(self, count: int) -> Appended:
        """Append one submission in this process; publish what is there then."""
        with self.ledger() as ledger:
            appended = ledger.appender.append(submission(ledger, count))
            ledger.publisher.publish()
        return appended

    def append_until(self, lines: int, server: Server) -> Account:
        """Let a process append until it has said so much, then kill the server under it."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.postgres.appending", str(SUBMITTERS)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=self.shell.environment(LEDGER_DATA_DIR=str(self.shell.data_dir)),
        )
        account = Account()
        with process:
            assert process.stdout is not None
            while len(account.acknowledged) < lines:
                account.read(process.stdout.readline())
            server.kill()
            for line in process.stdout:
                account.read(line)
        assert process.returncode == 0
        return account

    def refused(self, *command: object) -> "subprocess.CompletedProcess[str]":
        """Run a command that must find a rollback, and leave register and log as they are."""
        before = (self.shell.data_dir / "head").read_bytes(), self.seqs()
        done = self.shell.run(*command)
        assert done.returncode == ROLLED_BACK, done.stderr
        with self.ledger() as ledger, pytest.raises(RolledBackError):
            ledger.appender.append(submission(ledger, 1))
        assert ((self.shell.data_dir / "head").read_bytes(), self.seqs()) == before
        return done

    def seqs(self) -> list[int]:
        return [seq for _, seq in self.stored()]

    def stored(self) -> list[tuple[object, int]]:
        """Return submission and position of every entry, in order."""
        query = sa.select(entries.c.submission, entries.c.seq).order_by(entries.c.seq)
        with self.ledger() as ledger, ledger.engine.connect() as connection:
            return [(row.submission, row.seq) for row in connection.execute(query)]

    def verify(self, folder: str) -> None:
        """Let the auditor, and the verifier that shares no code with him, read everything."""
        shell = self.shell
        done = shell.run("audit", "verify")
        assert done.returncode == SOUND, done.stdout
        assert shell.run("audit", "export", folder, "--facts").returncode == SOUND
        command: list[str | Path] = [
            *(sys.executable, ROOT / "scripts/verify_log.py", shell.folder / folder),
            *("--policy", shell.data_dir / "policy"),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == SOUND, done.stdout


def submission(ledger: Wiring, count: int) -> Submission:
    return Submission(random_uuid(), events(system_actor(ledger.origin), count))


@pytest.fixture
def pair(postgres_server: Server, tmp_path: Path) -> Iterator[Pair]:
    """Return a new ledger on a primary with a standby that it does not wait for."""
    postgres_server._execute("CREATE DATABASE ledger TEMPLATE template0")
    shell = Shell(tmp_path, {"LEDGER_DATABASE_URL": postgres_server.url("ledger")})
    shell.init()
    standby.configure(postgres_server, "wal_keep_size", "256MB")  # for `pg_rewind`
    with Standby(postgres_server) as follower:
        yield Pair(shell, postgres_server, follower)


@pytest.fixture
def synchronous_pair(pair: Pair) -> Pair:
    """Return a new ledger on a primary that waits for its standby."""
    standby.make_synchronous(pair.primary, name=pair.standby.name)
    return pair


def _hold(account: Account, stored: list[tuple[object, int]]) -> None:
    """Each acknowledged submission is where it was said; any other is there once, or not."""
    places: dict[object, list[int]] = {}
    for name, seq in stored:
        places.setdefault(name, []).append(seq)
    for name, appended in account.acknowledged.items():
        first = appended.first_seq
        assert places[name] == list(range(first, first + appended.count))
    for name, count in account.unanswered.items():
        seqs = places.get(name, [])
        assert seqs == list(range(seqs[0], seqs[0] + count)) if seqs else True


def test_nothing_acknowledged_is_lost_over_three_failovers(
    synchronous_pair: Pair,
) -> None:
    pair = synchronous_pair
    primary: Server = pair.primary
    follower = pair.standby
    with ExitStack() as servers:
        for number, lines in enumerate((1, 30, 200)):
            account = pair.append_until(lines, primary)
            standby.promote(follower)
            pair.point_at(follower)
            with pair.ledger() as ledger:
                ledger.publisher.check()
            _hold(account, pair.stored())
            assert pair.append(2).first_seq == len(pair.seqs()) - 2
            primary = follower
            follower = servers.enter_context(Standby(primary, name=f"standby_{number}"))
            standby.make_synchronous(primary, name=follower.name)
        pair.verify("out")


def test_a_service_that_knows_both_servers_goes_on_without_a_restart(
    synchronous_pair: Pair,
) -> None:
    pair = synchronous_pair
    shell = pair.shell
    shell.env["LEDGER_DATABASE_URL"] = (
        f"postgresql://postgres@/ledger?host={pair.primary.folder}&host={pair.standby.folder}"
        "&target_session_attrs=read-write"
    )
    with served(shell) as address, pair.ledger() as ledger:
        pair.primary.kill()
        assert httpx.get(f"{address}/readyz").status_code == 503
        # Nothing is written to a server that only reads.
        with pytest.raises(psycopg2.OperationalError):
            ledger.appender.append(submission(ledger, 1))
        standby.promote(pair.standby)
        assert ledger.appender.append(submission(ledger, 3)) == Appended(1, 3)
        ready = httpx.get(f"{address}/readyz")
        assert (ready.status_code, ready.json()["size"]) == (200, 4)
        checkpoint = httpx.get(f"{address}/log/110000/checkpoint")
        assert checkpoint.text.splitlines()[1] == "4"


def test_a_standby_that_lagged_is_refused(pair: Pair) -> None:
    pair.append(3)
    size = len(pair.seqs())
    standby.wait_until(
        pair.primary, "SELECT replay_lsn = pg_current_wal_lsn() FROM pg_stat_replication"
    )
    pair.standby.cut_off()
    # The primary waits for nobody, so these are acknowledged and nowhere else.
    account = pair.append_until(20, pair.primary)
    acknowledged = max(each.first_seq + each.count for each in account.acknowledged.values())
    standby.promote(pair.standby)
    pair.point_at(pair.standby)
    assert len(pair.seqs()) == size
    done = pair.refused("serve", "--port", 0)
    _, registered, *_ = (pair.shell.data_dir / "head").read_text().splitlines()
    assert int(registered) >= acknowledged
    assert f"\n{registered}\n" in done.stderr
    assert f"\n{size}\n" in done.stderr
    assert pair.shell.run("audit", "verify").returncode == 1


@pytest.mark.parametrize("tail", [0, 5], ids=["behind", "with a tail of its own"])
def test_an_old_primary_that_comes_back_is_refused(synchronous_pair: Pair, tail: int) -> None:
    pair = synchronous_pair
    size = len(pair.seqs())
    pair.standby.cut_off()
    if tail:
        with pair.ledger() as ledger:
            # On the old primary's disk, and acknowledged to nobody.
            unanswered = ledger.appender.submit(submission(ledger, tail))
            standby.wait_for_held_commit(pair.primary)
            pair.primary.kill()
            assert unanswered.exception() is not None
    else:
        pair.primary.kill()
    standby.promote(pair.standby)
    pair.point_at(pair.standby)
    assert pair.append(2).first_seq == size
    pair.verify("out")

    pair.primary.start()
    pair.point_at(pair.primary)
    assert len(pair.seqs()) == size + tail
    done = pair.refused("serve", "--port", 0)
    assert f"\n{size + 2}\n" in done.stderr


def test_an_old_primary_is_rewound_and_follows(synchronous_pair: Pair) -> None:
    pair = synchronous_pair
    size = len(pair.seqs())
    pair.standby.cut_off()
    with pair.ledger() as ledger:
        unanswered = ledger.appender.submit(submission(ledger, 5))
        standby.wait_for_held_commit(pair.primary)
        pair.primary.kill()
        assert unanswered.exception() is not None
    standby.promote(pair.standby)
    pair.point_at(pair.standby)
    assert pair.append(2).first_seq == size

    standby.rejoin(pair.primary, pair.standby, name="rejoined")
    standby.make_synchronous(pair.standby, name="rejoined")
    assert pair.append(3).first_seq == size + 2
    pair.standby.kill()
    standby.promote(pair.primary)
    pair.point_at(pair.primary)
    assert pair.append(1).first_seq == size + 5
    pair.verify("out")

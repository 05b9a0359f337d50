"""Signed submissions over HTTP: beside an empty POST to the same process, and the recorder."""

import json
import math
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.checkpoint_rows import p99
from benchmarks.databases import Database
from benchmarks.events import ORIGIN, Events
from benchmarks.ledgers import LedgerContender, new_ledger
from benchmarks.rounds import Effort, Rates, Spread, in_turns, together
from benchmarks.submitting import Posted, Source
from benchmarks.tables import Goal, Table, milliseconds, rate, ratio
from benchmarks.town import Town, new_town

CONNECTIONS, CONNECTIONS_OF_MANY = 32, 4
RECORDS = 100
LONGER = 4
"""A turn takes so many times as long as elsewhere: one in a hundred is looked for."""
DEADLINE_S = 60
FIRST_MAX, FIRST_A_SECOND = 4, 80
"""How many submissions on each connection tell how fast it goes, and warm up."""
PATIENCE = 1.5
"""So many times as many submissions are signed as are likely to be posted."""
VOLUNTEERS_AN_ACTIVITY = 100
RATE_GOAL, P99_GOAL = Goal(at_least=0.2), Goal(at_most=10)
RECORDER_GOAL = Goal(at_least=0.15)
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Kept:
    """What each turn of one kind of request came to."""

    p50s: list[float] = field(default_factory=list)
    p99s: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    client: list[float] = field(default_factory=list)

    def add(self, posted: Posted, cpu_s: float) -> None:
        """Keep a turn; ``cpu_s`` is the processor's time that the service took for it."""
        times = sorted(posted.times)
        self.p50s.append(times[len(times) // 2])
        self.p99s.append(p99(times))
        self.cpu.append(cpu_s / len(times))
        self.client.append(posted.busy_s / posted.seconds)


class Service:
    """`ledger serve` with one worker, on a free port, over a town."""

    def __init__(self, town: Town) -> None:
        self._town = town
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.port: int = server.getsockname()[1]

    def __enter__(self) -> Self:
        self._log = self._town.settings.data_dir.parent / "serve.log"
        module = [sys.executable, "-m", "benchmarks.serving"]
        asked = [*module, "serve", "--port", f"{self.port}"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - of ours
                asked,
                env={**os.environ, **self._town.environment()},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + DEADLINE_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._process.kill()
                raise RuntimeError(self._log.read_text("utf-8"))
            time.sleep(0.05)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.communicate(timeout=DEADLINE_S)

    def cpu_s(self) -> float:
        """Return the processor's time that the service's processes have taken so far."""
        return sum(map(_cpu_s, _family(str(self._process.pid))))

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


def _family(pid: str) -> list[str]:
    """Return a process and all that it and its threads have begun, and those theirs."""
    begun = [
        child
        for thread in Path(f"/proc/{pid}/task").iterdir()
        for child in (thread / "children").read_text("ascii").split()
    ]
    return [pid, *(each for child in begun for each in _family(child))]


def _cpu_s(pid: str) -> float:
    stat = Path(f"/proc/{pid}/stat").read_text("ascii")
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / TICKS


class Client:
    """The process that posts."""

    def __init__(self, service: Service, town: Town) -> None:
        self._service = service
        self._process = subprocess.Popen(  # noqa: S603 - of ours
            [sys.executable, "-m", "benchmarks.submitting", f"{service.port}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._write(Source.of(town, ORIGIN).text())

    def sign(self, number: int, records: int) -> None:
        """Sign so many submissions beforehand."""
        self._ask(sign=number, records=records)

    def post(self, records: int, connections: int, seconds: float, kept: Kept) -> float:
        """Post for so long, and keep what it came to; return the requests a second.

        Raises:
            RuntimeError: Something was not accepted, or was answered before it can be read.
        """
        before = self._service.cpu_s()
        said = self._ask(post=records, connections=connections, seconds=seconds)
        posted = Posted(**said)
        if posted.statuses.keys() != {"201" if records else "204"}:
            raise RuntimeError(f"the service answered {posted.statuses}")
        kept.add(posted, self._service.cpu_s() - before)
        return len(posted.times) / posted.seconds

    def close(self) -> None:
        """End it."""
        self._process.communicate(timeout=DEADLINE_S)

    def _ask(self, **asked: Any) -> dict[str, Any]:
        self._write(json.dumps(asked))
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not line:
            raise RuntimeError("the client has ended")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _write(self, line: str) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(f"{line}\n")
            self._process.stdin.flush()


def measure(
    database: Database, effort: Effort, volunteers: int, say: Callable[[str], None]
) -> Iterator[Table]:
    """Yield the tables of one database."""
    say(f"http, {database.name}: a town with {volunteers:,} volunteers")
    crowds = math.ceil(volunteers / VOLUNTEERS_AN_ACTIVITY)
    with new_town(
        database, volunteers=volunteers, activities=crowds, head_count=VOLUNTEERS_AN_ACTIVITY
    ) as town:
        with _served(town) as client:
            say(f"http, {database.name}: one record a submission, {CONNECTIONS} connections")
            yield _single(database, effort, client)
        with _served(town) as client:
            say(f"http, {database.name}: {RECORDS} records a submission")
            yield _many(database, effort, client)


@contextmanager
def _served(town: Town) -> Iterator[Client]:
    with Service(town) as service:
        client = Client(service, town)
        try:
            yield client
        finally:
            client.close()


def _single(database: Database, effort: Effort, client: Client) -> Table:
    seconds = effort.seconds * LONGER
    kept = {"empty": Kept(), "submission": Kept()}
    _sign_enough(client, 1, CONNECTIONS, effort)
    client.post(0, CONNECTIONS, seconds, Kept())
    runs = {
        name: partial(client.post, records, CONNECTIONS, seconds, kept[name])
        for name, records in (("empty", 0), ("submission", 1))
    }
    rates = in_turns(runs, effort.turns)
    return _single_table(database, rates, kept)


def _single_table(database: Database, rates: Rates, kept: dict[str, Kept]) -> Table:
    table = Table(
        f"One signed submission of one record over HTTP, {database.name}",
        ("POST", "a second", "p50, ms", "p99, ms", "processor, µs", "client busy"),
        notes=[
            f"`ledger serve` with one worker; {CONNECTIONS} connections of another process, "
            "which has signed everything before. A submission is answered when it is "
            "committed, registered, signed for and folded into the views; each is about "
            "another volunteer, of whom the service remembers nothing yet. *Processor* is "
            "the time of the service for one request, in all its threads; *client busy* the "
            "part of the time in which the client had something to do."
        ],
    )
    for name, each in kept.items():
        table.add(
            name,
            rate(rates.rate(name)),
            milliseconds(Spread.of(each.p50s)),
            milliseconds(Spread.of(each.p99s)),
            f"{Spread.of(each.cpu).median * 1e6:,.0f}",
            f"{Spread.of(each.client).median:.0%}",
        )
    faster = rates.ratio("submission", "empty")
    pairs = zip(kept["submission"].p99s, kept["empty"].p99s, strict=True)
    slower = Spread.of([ours / theirs for ours, theirs in pairs])
    table.add("submission ÷ empty", ratio(faster), "", ratio(slower), "", "")
    table.add(
        "goal", RATE_GOAL.verdict(faster.median), "", P99_GOAL.verdict(slower.median), "", ""
    )
    return table


def _many(database: Database, effort: Effort, client: Client) -> Table:
    seconds, kept = effort.seconds * LONGER, Kept()
    _sign_enough(client, RECORDS, CONNECTIONS_OF_MANY, effort)
    with ExitStack() as stack:
        ours = LedgerContender(stack.enter_context(new_ledger(database)), Events(5))
        stack.callback(ours.close)
        commits = max(1, round(effort.seconds * 100))

        def append() -> float:
            works = ours.prepare(per_commit=RECORDS, submitters=1, commits=commits)
            return commits * RECORDS / together(works)

        def submit() -> float:
            return RECORDS * client.post(RECORDS, CONNECTIONS_OF_MANY, seconds, kept)

        append()
        rates = in_turns({"submissions": submit, "recorder": append}, effort.turns)
    return _many_table(database, rates, kept)


def _many_table(database: Database, rates: Rates, kept: Kept) -> Table:
    found = rates.ratio("submissions", "recorder")
    table = Table(
        f"Submissions of {RECORDS} records over HTTP, {database.name}",
        (
            "records/s",
            "p50, ms",
            "processor, µs a record",
            f"recorder at {RECORDS} a commit, events/s",
            "records ÷ events",
            "goal",
        ),
        notes=[
            f"{CONNECTIONS_OF_MANY} connections. Each record is two entries, what was decided "
            "and the statement that was signed, both with personal facts; the recorder's "
            "events have none, and no head register."
        ],
    )
    table.add(
        rate(rates.rate("submissions")),
        milliseconds(Spread.of(kept.p50s)),
        f"{Spread.of(kept.cpu).median * 1e6 / RECORDS:,.0f}",
        rate(rates.rate("recorder")),
        ratio(found),
        RECORDER_GOAL.verdict(found.median),
    )
    return table


def _sign_enough(client: Client, records: int, connections: int, effort: Effort) -> None:
    """Sign what all turns will post, by how fast a first one went; warms up by that."""
    seconds = effort.seconds * LONGER
    # Where turns are too short to tell anything, one on each connection is enough.
    first = connections * min(FIRST_MAX, max(1, round(effort.seconds * FIRST_A_SECOND)))
    client.sign(first, records)
    kept = Kept()
    found = client.post(records, connections, seconds, kept)
    wanted = math.ceil(found * seconds * effort.turns * PATIENCE) + connections * effort.turns
    client.sign(wanted, records)

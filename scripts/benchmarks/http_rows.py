"""Signed submissions over HTTP: beside an empty POST to the same process, and the recorder."""

import json
import math
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from benchmarks.checkpoint_rows import p99
from benchmarks.databases import Database
from benchmarks.events import ORIGIN, Events
from benchmarks.http_service import DEADLINE_S, Service
from benchmarks.ledgers import LedgerContender, new_ledger
from benchmarks.rounds import Effort, Rates, Spread, in_turns, together
from benchmarks.submitting import Posted, Source
from benchmarks.tables import Goal, Table, milliseconds, rate, ratio
from benchmarks.town import Town, new_town

CONNECTIONS, CONNECTIONS_OF_MANY = 32, 4
RECORDS = 100
LONGER = 4
"""A turn takes so many times as long as elsewhere: one in a hundred is looked for."""
FIRST_MAX, FIRST_A_SECOND = 4, 80
"""How many submissions on each connection tell how fast it goes, and warm up."""
PATIENCE = 1.5
"""So many times as many submissions are signed as are likely to be posted."""
VOLUNTEERS_AN_ACTIVITY = 100
RATE_GOAL, P99_GOAL = Goal(at_least=0.2), Goal(at_most=10)
RECORDER_GOAL = Goal(at_least=0.15)
UNKNOWN, KNOWN = SUBMISSIONS = "volunteer unknown", "volunteer known"


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


class Client:
    """The process that posts."""

    def __init__(self, service: Service, town: Town) -> None:
        self._service = service
        self._volunteers = len(town.volunteers)
        self._signed = 0
        self._left: dict[int, int] = {}
        self._process = subprocess.Popen(  # noqa: S603 - of ours
            [sys.executable, "-m", "benchmarks.submitting", f"{service.port}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._write(Source.of(town, ORIGIN).text())

    def sign(self, number: int, records: int) -> None:
        """Sign so many submissions beforehand."""
        self._signed += number * records
        self._left[records] = self._left.get(records, 0) + number
        self._ask(sign=number, records=records)

    def meet_all(self) -> None:
        """Post all that is signed, and a record of each volunteer who is in none of it yet."""
        rest = -self._signed % self._volunteers
        self.sign(math.ceil(rest / RECORDS), RECORDS)
        for records, left in list(self._left.items()):
            if left:
                self.post(records, CONNECTIONS_OF_MANY, DEADLINE_S, Kept())

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
        if records:
            self._left[records] -= len(posted.times)
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
    kept = {name: Kept() for name in ("empty", *SUBMISSIONS)}
    table = _single_table(database)
    client.post(0, CONNECTIONS, seconds, Kept())
    for name in SUBMISSIONS:
        _sign_enough(client, 1, CONNECTIONS, effort)
        runs = {
            each: partial(client.post, records, CONNECTIONS, seconds, kept[each])
            for each, records in (("empty", 0), (name, 1))
        }
        rates = in_turns(runs, effort.turns)
        _add_single(table, name, rates, kept)
        kept["empty"] = Kept()
        client.meet_all()
    return table


def _single_table(database: Database) -> Table:
    return Table(
        f"One signed submission of one record over HTTP, {database.name}",
        ("POST", "a second", "p50, ms", "p99, ms", "processor, µs", "client busy"),
        notes=[
            f"`ledger serve` with one worker; {CONNECTIONS} connections of another process, "
            "which has signed everything before. A submission is answered when it is "
            f"committed, registered, signed for and folded into the views. *{UNKNOWN}*: of "
            "its volunteer the service, which has just begun, remembers nothing yet; "
            f"*{KNOWN}*: there was another record of hers before. *Processor* is the time of "
            "the service for one request, in all its processes; *client busy* the part of "
            "the time in which the client had something to do."
        ],
    )


def _add_single(table: Table, name: str, rates: Rates, kept: dict[str, Kept]) -> None:
    for each in ("empty", name):
        found = kept[each]
        table.add(
            each,
            rate(rates.rate(each)),
            milliseconds(Spread.of(found.p50s)),
            milliseconds(Spread.of(found.p99s)),
            f"{Spread.of(found.cpu).median * 1e6:,.0f}",
            f"{Spread.of(found.client).median:.0%}",
        )
    faster = rates.ratio(name, "empty")
    pairs = zip(kept[name].p99s, kept["empty"].p99s, strict=True)
    slower = Spread.of([ours / theirs for ours, theirs in pairs])
    table.add(f"{name} ÷ empty", ratio(faster), "", ratio(slower), "", "")
    table.add(
        "goal", RATE_GOAL.verdict(faster.median), "", P99_GOAL.verdict(slower.median), "", ""
    )


def _many(database: Database, effort: Effort, client: Client) -> Table:
    seconds, table = effort.seconds * LONGER, _many_table(database)
    with ExitStack() as stack:
        ours = LedgerContender(stack.enter_context(new_ledger(database)), Events(5))
        stack.callback(ours.close)
        commits = max(1, round(effort.seconds * 100))

        def append() -> float:
            works = ours.prepare(per_commit=RECORDS, submitters=1, commits=commits)
            return commits * RECORDS / together(works)

        append()
        for name in SUBMISSIONS:
            kept = Kept()
            _sign_enough(client, RECORDS, CONNECTIONS_OF_MANY, effort)
            post = partial(client.post, RECORDS, CONNECTIONS_OF_MANY, seconds, kept)
            submit = partial(_times, RECORDS, post)
            rates = in_turns({"submissions": submit, "recorder": append}, effort.turns)
            _add_many(table, name, rates, kept)
            client.meet_all()
    return table


def _times(number: int, measure_rate: Callable[[], float]) -> float:
    return number * measure_rate()


def _many_table(database: Database) -> Table:
    return Table(
        f"Submissions of {RECORDS} records over HTTP, {database.name}",
        (
            "submission",
            "records/s",
            "p50, ms",
            "processor, µs a record",
            f"recorder at {RECORDS} a commit, events/s",
            "records ÷ events",
            "goal",
        ),
        notes=[
            f"{CONNECTIONS_OF_MANY} connections; *{UNKNOWN}* and *{KNOWN}* as above. Each "
            "record is two entries, what was decided and the statement that was signed, both "
            "with personal facts; the recorder's events have none, and no head register."
        ],
    )


def _add_many(table: Table, name: str, rates: Rates, kept: Kept) -> None:
    found = rates.ratio("submissions", "recorder")
    table.add(
        name,
        rate(rates.rate("submissions")),
        milliseconds(Spread.of(kept.p50s)),
        f"{Spread.of(kept.cpu).median * 1e6 / RECORDS:,.0f}",
        rate(rates.rate("recorder")),
        ratio(found),
        RECORDER_GOAL.verdict(found.median),
    )


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

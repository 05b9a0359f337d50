"""A process of its own that posts over kept-alive connections, as fast as it is answered.

python -m benchmarks.submitting PORT

Its first line says of what records are made; then it reads one JSON object a line and answers
each with one. ``{"sign": N, "records": R}`` signs so many submissions of so many records, each
about another volunteer or another time, while no clock runs. ``{"post": R, "connections": C,
"seconds": S}`` posts what was signed with so many records, an empty body where that is 0.
Nothing else is done while the clock runs than to look for the end of each answer and for its
status.
"""

import asyncio
import json
import sys
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from benchmarks.town import KEY_NAME, Town
from ledger.store import chance
from tests.application.signing import submission
from tests.application.town import private_key

SUBMISSIONS_PATH, EMPTY_PATH = "/api/v1/submissions", "/bench/empty"
DAYS = 25
"""Service is of the last days; of so many, so that it is inside the activity."""
HOURS = range(8, 20)
_LENGTH = b"content-length: "
_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Source:
    """Of what records are made; ids as texts."""

    aud: str
    key: str
    recorder: str
    today: str
    activities: Sequence[str]
    volunteers: Sequence[str]

    @classmethod
    def of(cls, town: Town, origin: str) -> "Source":
        """Return what a town's entrusted organization records."""
        return cls(
            origin,
            str(town.key),
            str(town.entrusted.recorder.actor.id),
            town.today.isoformat(),
            [str(each) for each in town.activities],
            [str(each) for each in town.volunteers],
        )

    def text(self) -> str:
        """Return it as one line."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of posting: the seconds of each answer, and how long all of it took.

    ``busy_s`` is the processor's time that the client itself took.
    """

    times: Sequence[float]
    seconds: float
    busy_s: float
    statuses: Mapping[str, int]


class Signer:
    """Signs submissions that the ledger has no reason to refuse."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._key = private_key(KEY_NAME)
        self._numbers = count()
        self._today = date.fromisoformat(source.today)

    def sign(self, records: int) -> bytes:
        """Return a request with the next submission."""
        body = submission(
            self._key,
            self._source.key,
            [self._record(next(self._numbers)) for _ in range(records)],
            jti=str(chance.random_uuid()),
            iat=int(chance.now().timestamp()),
            aud=self._source.aud,
        )
        return request(SUBMISSIONS_PATH, "application/jose+json", body)

    def _record(self, number: int) -> dict[str, Any]:
        """Return a record of each volunteer, then a second of each at another time …."""
        source = self._source
        volunteers, activities = source.volunteers, source.activities
        turn, place = divmod(number, len(volunteers))
        days, hours = divmod(turn, len(HOURS))
        day = self._today - timedelta(days=1 + days % DAYS)
        start = datetime.fromisoformat(f"{day}T{HOURS[hours]:02}:00:00+08:00")
        return {
            "act": "record.submit",
            "activity": activities[place % len(activities)],
            "volunteer": volunteers[place],
            "recorder": source.recorder,
            "start": start.isoformat(timespec="minutes"),
            "end": (start + timedelta(minutes=55)).isoformat(timespec="minutes"),
            "break_minutes": 5,
            "content": "陪伴老人,打扫居室。",
            "evaluation": {
                "date": day.isoformat(),
                "punctuality": 5,
                "attitude": 5,
                "skill": 4,
                "evaluator": source.recorder,
            },
        }


class _Connection(asyncio.Protocol):
    """Posts one body after the other, each when the one before is answered."""

    def __init__(self, supply: Callable[[], bytes | None]) -> None:
        self.times: list[float] = []
        self.statuses: dict[str, int] = {}
        self.done = asyncio.get_running_loop().create_future()
        self._supply = supply
        self._received = b""
        self._began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def begin(self) -> None:
        """Post the first."""
        self._next()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head = self._received.find(_END)
        if head < 0 or len(self._received) < head + len(_END) + self._length(head):
            return
        self.times.append(time.perf_counter() - self._began)
        status = self._received[9:12].decode("ascii")
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self._received = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the service hung up"))

    def close(self) -> None:
        """Hang up."""
        self._transport.close()

    def _next(self) -> None:
        content = self._supply()
        if content is None:
            self.done.set_result(None)
            return
        self._began = time.perf_counter()
        self._transport.write(content)

    def _length(self, head: int) -> int:
        at = self._received.find(_LENGTH, 0, head + 2)
        if at < 0:
            return 0
        return int(self._received[at + len(_LENGTH) : self._received.index(b"\r", at)])


def request(path: str, kind: str, body: bytes) -> bytes:
    """Return a whole request."""
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: {kind}\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body


async def post(
    port: int, connections: int, seconds: float, bodies: Callable[[], bytes | None]
) -> Posted:
    """Post from so many connections for so long, or until there is nothing left to post."""
    loop = asyncio.get_running_loop()
    until = float("inf")

    def supply() -> bytes | None:
        return bodies() if time.perf_counter() < until else None

    pairs = [
        await loop.create_connection(lambda: _Connection(supply), "127.0.0.1", port)
        for _ in range(connections)
    ]
    protocols = [protocol for _, protocol in pairs]
    busy, began = time.process_time(), time.perf_counter()
    until = began + seconds
    for each in protocols:
        each.begin()
    await asyncio.gather(*(each.done for each in protocols))
    taken, busy = time.perf_counter() - began, time.process_time() - busy
    statuses: dict[str, int] = {}
    for each in protocols:
        each.close()
        for status, number in each.statuses.items():
            statuses[status] = statuses.get(status, 0) + number
    return Posted([one for each in protocols for one in each.times], taken, busy, statuses)


def main() -> None:
    """Do what each line asks for."""
    port, source = int(sys.argv[1]), Source(**json.loads(sys.stdin.readline()))
    signer = Signer(source)
    signed: defaultdict[int, deque[bytes]] = defaultdict(deque)
    empty = request(EMPTY_PATH, "application/octet-stream", b"")
    for line in sys.stdin:
        asked = json.loads(line)
        if "sign" in asked:
            records = asked["records"]
            signed[records].extend(signer.sign(records) for _ in range(asked["sign"]))
            print("{}", flush=True)
            continue
        supply = _supply(signed[asked["post"]]) if asked["post"] else lambda: empty
        posted = asyncio.run(post(port, asked["connections"], asked["seconds"], supply))
        print(json.dumps(asdict(posted)), flush=True)


def _supply(bodies: deque[bytes]) -> Callable[[], bytes | None]:
    return lambda: bodies.popleft() if bodies else None


if __name__ == "__main__":
    main()

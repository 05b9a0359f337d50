"""What is appended: one type of event with twelve facts, in about 650 bytes of JSON."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

import orjson

from ledger.proof.canonical import Value
from ledger.proof.facts import STANDARD_FACTS
from ledger.proof.shapes import LOG_SHAPES, Shape, Shapes
from ledger.store.event import NewEvent

ORIGIN = "bench.ledger.invalid/log/110000"
TYPE = "record.entered"
STAFF = "staff:00000000-0000-4000-8000-000000000002"
EVENTS_A_STREAM = 8
_OWN = ("activity", "evidence", "minutes", "note", "place", "served_on")
_PERSONAL = ("id_number", "name", "telephone")
PERSONAL_TYPE = "volunteer.described"
SHAPES = LOG_SHAPES | Shapes(
    [
        Shape(TYPE, 1, tuple(sorted((*STANDARD_FACTS, *_OWN)))),
        Shape(PERSONAL_TYPE, 1, tuple(sorted((*STANDARD_FACTS, *_OWN, *_PERSONAL)))),
    ]
)
_NOTE = (
    "社区图书馆整理图书与引导读者，由活动组织方当场签到并核对起止时间，审核人已看过现场照片；"
)


@dataclass(frozen=True, slots=True)
class Event:
    """One event; ``personal`` are facts about a person, by person."""

    stream: str
    version: int
    type: str
    facts: dict[str, Value]
    personal: dict[str, dict[str, Value]]

    def new(self) -> NewEvent:
        """Return what the ledger takes."""
        return NewEvent(
            self.stream, self.type, 1, STAFF, self.facts, self.personal, version=self.version
        )

    def state(self) -> bytes:
        """Return the same facts as another store keeps them: JSON of all that is said."""
        said = {
            **self.facts,
            "by": STAFF,
            "previous": "0" * 64,
            "shape": 1,
            "stream": self.stream,
            "type": self.type,
            "version": self.version,
        }
        return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)


class Events:
    """An endless supply; two of the same seed never meet in one ledger's streams twice."""

    def __init__(self, seed: int = 0, *, personal: bool = False) -> None:
        # Not for secrets: the same events in every run.
        self._random = random.Random(seed)  # noqa: S311
        self._personal = personal
        self._people = [self._uuid() for _ in range(50)]

    def take(self, count: int) -> list[Event]:
        """Return so many events, in streams of their own."""
        found: list[Event] = []
        while len(found) < count:
            found += self._stream()
        return found[:count]

    def shared_out(
        self, submitters: int, commits: int, per_commit: int
    ) -> list[list[list[Event]]]:
        """Return for each submitter the events of each of its commits."""
        return [_cut(self.take(commits * per_commit), per_commit) for _ in range(submitters)]

    def _stream(self) -> Iterator[Event]:
        chance, stream = self._random, self._uuid()
        first = Event(stream, 1, TYPE, {}, {})
        for version in range(1, EVENTS_A_STREAM + 1):
            facts: dict[str, Value] = {
                "activity": self._uuid(),
                "evidence": f"{chance.getrandbits(256):064x}",
                "minutes": chance.randrange(30, 480),
                "note": f"{_NOTE}编号{chance.getrandbits(32):08x}",
                "place": "北京市示例区示例街道综合文化服务中心二层",
                "served_on": f"2026-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
            }
            event = replace(first, version=version, facts=facts)
            yield self._about_a_person(event) if self._personal else event

    def _about_a_person(self, event: Event) -> Event:
        number = self._random.randrange(10**8)
        facts: dict[str, Value] = {
            "id_number": f"1101011980{number:08}",
            "name": "张示例",
            "telephone": f"139{number:08}",
        }
        person = self._random.choice(self._people)
        return replace(event, type=PERSONAL_TYPE, personal={person: facts})

    def _uuid(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))


def _cut(events: list[Event], size: int) -> list[list[Event]]:
    return [events[start : start + size] for start in range(0, len(events), size)]

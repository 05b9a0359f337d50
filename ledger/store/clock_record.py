"""A clock that stands behind the log is recorded in the log itself, once an episode.

The log's time never goes back: while the clock is behind, every entry has the time of the
one before. So an episode is known by that time, and `clock.doubted` stands in the log once
for each: fact `head` is the time at which the log stands still, `clock` what the clock said.
"""

import uuid

import sqlalchemy as sa

from ledger.proof.entry import format_time, parse_entry
from ledger.proof.shapes import CLOCK_DOUBTED, Shapes
from ledger.store import chance
from ledger.store.event import NewEvent, system_actor
from ledger.store.linking import Chain, Tail
from ledger.store.preparing import PreparedEvent, prepare_all
from ledger.store.schema import entries
from ledger.store.tails import Tails
from ledger.store.writer import Writer


class ClockRecord:
    """Says when an entry about the clock is due, and what it says."""

    def __init__(self, engine: sa.Engine, *, origin: str, shapes: Shapes) -> None:
        self._engine = engine
        self._origin = origin
        self._shapes = shapes
        self.stream = str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://{origin}/clock"))

    def due(
        self, writer: Writer, chain: Chain, tails: Tails
    ) -> tuple[uuid.UUID, PreparedEvent] | None:
        """Return the event to record first, with an id; None if this episode has one.

        Call it while the clock is behind, under the head's lock.

        Raises:
            StreamDamagedError: The last row of the clock's stream is not the log's.
        """
        found = writer.tails([self.stream])
        for damaged in tails.check(chain.head, [self.stream], found).values():
            raise damaged
        tail = found.get(self.stream)
        if tail is not None and self._time(tail) == chain.head.time:
            return None
        chain.tails |= found
        facts = {"clock": format_time(chain.now), "head": chain.head.time}
        actor = system_actor(self._origin)
        event = NewEvent(self.stream, CLOCK_DOUBTED, 1, actor, facts)
        [prepared] = prepare_all([event], shapes=self._shapes, random_bytes=chance.random_bytes)
        return chance.random_uuid(), prepared

    def _time(self, tail: Tail) -> str:
        query = sa.select(entries.c.entry).where(
            entries.c.log == self._origin, entries.c.seq == tail.seq
        )
        with self._engine.connect() as connection:
            return parse_entry(connection.execute(query).scalar_one()).time

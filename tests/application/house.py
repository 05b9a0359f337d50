"""A running house: a real ledger with an office over it, and a clock that a test sets."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from ledger.application.desk import ActRefused, Desk
from ledger.application.office import Office
from ledger.application.published_shapes import SHAPES
from ledger.application.receipts import Receipts
from ledger.application.refusals import Refusals
from ledger.application.states import States
from ledger.proof.checkpoint import open_checkpoint
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.facts import parse_group
from ledger.store import chance
from ledger.store.publishing import Publisher
from ledger.store.security_log import SecurityLog
from ledger.store.stream_reading import StreamReader
from ledger.store.throttle_rows import ThrottleRows
from tests.application.caught_up import CaughtUpViews
from tests.application.clock import Clock
from tests.store.ledgers import Ledger, Place, secret


@dataclass(frozen=True)
class Attempt:
    """What somebody attempted and was refused, as the log has it."""

    by: str
    act: str
    target: UUID | None
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Strangers:
    """Knows of nobody that she is one person in two capacities, but whom a test names."""

    pairs: dict[UUID, UUID] = field(default_factory=dict)

    def staff_of(self, volunteer: UUID) -> UUID | None:
        return self.pairs.get(volunteer)


class House:
    """A ledger that is open in this process, and everything that a use case works with."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self.ledger = ledger
        self.clock = clock
        self.colleagues = Strangers()
        self.views = CaughtUpViews(ledger, clock)

    @cached_property
    def office(self) -> Office:
        return self.another_office()

    def another_office(self) -> Office:
        """Return an office of its own memory, as another process has it."""
        ledger = self.ledger
        reader = StreamReader(
            ledger.engine, ledger.vault, origin=ledger.origin, seal_key=secret("seal")
        )
        desk = Desk(
            States(reader),
            ledger.appender,
            self.refusals,
            now=self.clock,
            random_uuid=chance.random_uuid,
        )
        return Office(
            origin=ledger.origin,
            desk=desk,
            views=self.views.answers,
            receipts=self.receipts,
            colleagues=self.colleagues,
            index_key=secret("index"),
        )

    @cached_property
    def refusals(self) -> Refusals:
        ledger = self.ledger
        return Refusals(
            ledger.appender,
            SecurityLog(ledger.place.folder / "security", now=self.clock),
            ThrottleRows(ledger.engine, origin=ledger.origin, secret=secret("index")),
            origin=ledger.origin,
            now=self.clock,
            random_uuid=chance.random_uuid,
        )

    def attempts(self) -> list[Attempt]:
        """Return what was refused so far, in the order of the log."""
        rows = [row for row in self.ledger.rows() if row.topic == "act.refused"]
        return [_attempt(parse_group(row.plain).facts) for row in rows]

    @cached_property
    def receipts(self) -> Receipts:
        ledger = self.ledger
        publisher = Publisher(
            ledger.engine,
            ledger.register,
            origin=ledger.origin,
            seal_key=secret("seal"),
            keys=lambda _size: ledger.signing_keys,
            clock=self.clock,
        )
        return Receipts(
            ledger.engine,
            origin=ledger.origin,
            publish=publisher.publish,
            is_signed=self._is_signed,
        )

    def close(self) -> None:
        self.views.close()
        self.ledger.close()

    def _is_signed(self, note: bytes) -> bool:
        key = self.ledger.signing_keys[0].verifier_key
        try:
            open_checkpoint(note, key, origin=self.ledger.origin)
        except (MalformedError, ProofError):
            return False
        return True


@contextmanager
def housed(place: Place, *, now: str, found: bool = False) -> Iterator[House]:
    """Open a house over a ledger, founded now or before."""
    clock = Clock(now)
    house = House(Ledger(place, shapes=SHAPES, clock=clock), clock)
    try:
        if found:
            house.ledger.found()
        yield house
    finally:
        house.close()


def codes_of(refused: ActRefused) -> set[str]:
    """Return why something was refused."""
    return set(refused.refused.codes)


def _attempt(facts: Mapping[str, Any]) -> Attempt:
    target = facts["target"]
    return Attempt(
        by=facts["by"],
        act=facts["act"],
        target=None if target is None else UUID(target),
        codes=tuple(facts["codes"]),
    )

"""A running house: a real ledger with an office over it, and a clock that a test sets."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.desk import ActRefused, Desk, Intent
from ledger.application.office import Office
from ledger.application.published_shapes import SHAPES
from ledger.application.receipts import Receipts
from ledger.application.states import States
from ledger.domain.refusal import Refused
from ledger.proof.checkpoint import open_checkpoint
from ledger.proof.errors import MalformedError, ProofError
from ledger.store import chance
from ledger.store.publishing import Publisher
from ledger.store.stream_reading import StreamReader
from tests.application.clock import Clock
from tests.application.slow_views import SlowViews
from tests.store.ledgers import Ledger, Place, secret


@dataclass
class RememberedRefusals:
    """Remembers what was refused, instead of the log."""

    told: list[tuple[Caller, Intent, Refused]] = field(default_factory=list)

    def check(self) -> None:
        return

    def record(self, caller: Caller, intent: Intent, refused: Refused) -> None:
        self.told.append((caller, intent, refused))

    @property
    def last(self) -> tuple[str, tuple[str, ...]]:
        """The act that was refused last, and why."""
        _, intent, refused = self.told[-1]
        return intent.act, refused.codes


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
        self.refusals = RememberedRefusals()
        self.colleagues = Strangers()

    @cached_property
    def office(self) -> Office:
        return self.another_office()

    def another_office(self) -> Office:
        """Return an office of its own memory, as another process has it."""
        ledger = self.ledger
        reader = StreamReader(
            ledger.engine, ledger.vault, origin=ledger.origin, seal_key=secret("seal")
        )
        states = States(reader)
        return Office(
            origin=ledger.origin,
            desk=Desk(
                states,
                ledger.appender,
                self.refusals,
                now=self.clock,
                random_uuid=chance.random_uuid,
            ),
            views=SlowViews(ledger, states, self.clock),
            receipts=self.receipts,
            colleagues=self.colleagues,
            index_key=secret("index"),
        )

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
    ledger = Ledger(place, shapes=SHAPES, clock=clock)
    try:
        if found:
            ledger.found()
        yield House(ledger, clock)
    finally:
        ledger.close()


def codes_of(refused: ActRefused) -> set[str]:
    """Return why something was refused."""
    return set(refused.refused.codes)

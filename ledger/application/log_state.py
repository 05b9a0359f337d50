"""How a log stands: committed, signed, registered and witnessed how far, and can it grow."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from ledger.application.health import Health
from ledger.application.witnessing import WitnessState
from ledger.proof.errors import MalformedError
from ledger.store.head import Head
from ledger.store.publishing import Publisher
from ledger.store.reading import DatabaseSource
from ledger.store.register import HeadRegister
from ledger.store.schema import checkpoints
from ledger.store.storage_faults import DiskNearlyFull

FREE_BYTES_MIN = 8 * 1024 * 1024
"""Room for some commits of the largest size, with what the database writes beside them."""


@dataclass(frozen=True, slots=True)
class ViewsState:
    """How the views stand: of how many entries they are, and what keeps them from more.

    ``failures`` counts entries that could not be folded; their streams are frozen.
    ``is_in_trouble`` while nothing can be folded, ``is_rebuilding`` while they are filled anew.
    """

    position: int
    failures: int
    is_in_trouble: bool
    is_rebuilding: bool


@dataclass(frozen=True, slots=True)
class MailState:
    """How mail about notices stands: sent and given up in all, people who wait for some.

    ``is_stuck`` while the mail server takes none.
    """

    sent: int
    failed: int
    waiting: int
    is_stuck: bool


@dataclass(frozen=True, slots=True)
class LogState:
    """Sizes of one log at a moment; ``witnessed`` is None where no quorum is asked for.

    ``registered`` is None where the head register cannot be read. ``trouble`` says why the
    log cannot be extended, if it cannot.
    """

    size: int
    signed: int
    registered: int | None
    witnessed: int | None
    trouble: Exception | None
    witnesses: tuple[WitnessState, ...] = ()
    views: ViewsState | None = None
    mail: MailState | None = None

    @property
    def unwitnessed(self) -> int:
        """How many entries no quorum has cosigned, where one is asked for."""
        return 0 if self.witnessed is None else max(0, self.size - self.witnessed)

    @property
    def register_behind(self) -> int:
        """How many committed entries the head register did not know of."""
        return max(0, self.size - (self.registered or 0))


class LogStateReader:
    """Asks database, register and disk how one log stands; nothing is signed for it."""

    def __init__(  # noqa: PLR0913 - each says a part of it
        self,
        engine: sa.Engine,
        source: DatabaseSource,
        publisher: Publisher,
        register: HeadRegister,
        *,
        folders: Sequence[Path],
        witnessed: Callable[[], int | None],
        witnesses: Callable[[], Sequence[WitnessState]],
        limit: Callable[[Head], None],
        health: Health,
    ) -> None:
        """Look for room in ``folders``; ``limit`` raises where the log may not grow now."""
        self._engine = engine
        self._source = source
        self._publisher = publisher
        self._register = register
        self._folders = folders
        self._witnessed = witnessed
        self._witnesses = witnesses
        self._limit = limit
        self._health = health

    def check(self) -> None:
        """Return if an append would be taken: registers the head if it continues the register.

        Raises:
            StorageLostError: A write was lost in this process.
            DiskNearlyFull: There is little room left.
            As `Publisher.check`, and what ``limit`` raises.
        """
        self._health.check()
        head = self._publisher.check()
        self._limit(head)
        for folder in self._folders:
            free = shutil.disk_usage(folder).free
            if free < FREE_BYTES_MIN:
                raise DiskNearlyFull(folder, want=FREE_BYTES_MIN, got=free)

    def read(self) -> LogState:
        """Return how the log stands, also where it is damaged.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: The database cannot be asked.
        """
        try:
            registered = self._register.peek()
        except MalformedError:
            registered = None
        query = sa.select(sa.func.max(checkpoints.c.size)).where(
            checkpoints.c.log == self._source.origin
        )
        with self._engine.connect() as connection:
            signed = connection.execute(query).scalar()
        size = self._source.size()
        trouble: Exception | None = None
        try:
            self.check()
        except Exception as error:  # noqa: BLE001 - whatever it is, the log cannot be extended
            trouble = error
        return LogState(
            size=size,
            signed=signed or 0,
            registered=None if registered is None else registered.size,
            witnessed=self._witnessed(),
            trouble=trouble,
            witnesses=tuple(self._witnesses()),
        )

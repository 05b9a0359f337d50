"""The ledger under measurement: made for the occasion, with its keys, in its own folder."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa

from benchmarks.databases import Database
from benchmarks.events import ORIGIN, SHAPES, Event, Events
from benchmarks.rounds import Work
from ledger.audit.chunk import Question
from ledger.audit.marks import Trust
from ledger.proof.note import KeyType
from ledger.proof.signers import SigningKey
from ledger.store.appender import Appender
from ledger.store.engine import connect
from ledger.store.event import Submission
from ledger.store.founding import found_ledger
from ledger.store.keyfiles import (
    create_secret,
    create_signing_key,
    read_secret,
    read_signing_key,
)
from ledger.store.migration import migrate
from ledger.store.publishing import Publisher
from ledger.store.reading import DatabaseSource
from ledger.store.register import HeadRegister
from ledger.store.vault import Vault

LOADED_AT_ONCE = 1_000
CLOCK_BOUND_S = 300


@dataclass(frozen=True)
class Ledger:
    """One ledger by its folder and its two databases; it can be sent to another process."""

    folder: str
    url: str
    vault_url: str

    def __reduce__(self) -> tuple[type["Ledger"], tuple[str, str, str]]:
        # Connections stay where they were made.
        return Ledger, (self.folder, self.url, self.vault_url)

    @cached_property
    def engine(self) -> sa.Engine:
        """The log's database."""
        return connect(self.url)

    @cached_property
    def vault(self) -> Vault:
        """The store of data keys."""
        key = read_secret(self._path("vault.key"))
        return Vault(connect(self.vault_url), origin=ORIGIN, key_encryption_key=key)

    @cached_property
    def seal_key(self) -> bytes:
        """The key of the head row's seal."""
        return read_secret(self._path("seal.key"))

    @cached_property
    def signing_key(self) -> SigningKey:
        """The log's own key."""
        return read_signing_key(self._path("log.key"))

    @cached_property
    def register(self) -> HeadRegister:
        """The head outside the database."""
        return HeadRegister(self._path("head"), origin=ORIGIN)

    def appender(self, *, registered: bool = False) -> Appender:
        """Return a new appender, with or without the head register."""
        return Appender(
            self.engine,
            self.vault,
            origin=ORIGIN,
            seal_key=self.seal_key,
            shapes=SHAPES,
            register=self.register if registered else None,
        )

    @cached_property
    def publisher(self) -> Publisher:
        """Signs heads."""
        return Publisher(
            self.engine,
            self.register,
            origin=ORIGIN,
            seal_key=self.seal_key,
            keys=lambda _size: [self.signing_key],
        )

    def __call__(self) -> DatabaseSource:
        """Return an auditor's reader of this process's own."""
        return DatabaseSource(
            connect(self.url),
            origin=ORIGIN,
            register=self.register,
            vault=self.vault,
            seal_key=self.seal_key,
        )

    def question(self) -> Question:
        """Return what an audit of this ledger asks."""
        return Question(SHAPES, Trust((self.signing_key.verifier_key,)), CLOCK_BOUND_S)

    def grow(self, count: int, events: Events) -> None:
        """Append so many events, a thousand a commit, and sign the head."""
        appender = self.appender()
        try:
            for start in range(0, count, LOADED_AT_ONCE):
                taken = events.take(min(LOADED_AT_ONCE, count - start))
                appender.append(submission(taken))
        finally:
            appender.close()
        self.publisher.publish()

    def close(self) -> None:
        """Let go of the connections that were made."""
        if "engine" in self.__dict__:
            self.engine.dispose()
        if "vault" in self.__dict__:
            self.vault.close_connections()

    def _path(self, name: str) -> Path:
        return Path(self.folder) / name


@contextmanager
def new_ledger(database: Database) -> Iterator[Ledger]:
    """Yield an empty ledger, and remove it afterwards."""
    with database.place() as folder, database.url(folder, "log") as url:
        ledger = Ledger(str(folder), url, f"sqlite:///{folder / 'vault.sqlite'}")
        create_signing_key(folder / "log.key", name=ORIGIN, kind=KeyType.ED25519)
        create_secret(folder / "seal.key")
        create_secret(folder / "vault.key")
        migrate(ledger.engine, "log")
        ledger.vault.prepare()
        found_ledger(ledger.engine, ledger.register, origin=ORIGIN, seal_key=ledger.seal_key)
        try:
            yield ledger
        finally:
            ledger.close()


class LedgerContender:
    """Appends to a ledger, without register and signature."""

    def __init__(self, ledger: Ledger, events: Events) -> None:
        self._events = events
        self._appender = ledger.appender()

    def prepare(self, *, per_commit: int, submitters: int, commits: int) -> list[Work]:
        """Return work of which nothing but the append is left to do."""
        shares = self._events.shared_out(submitters, commits, per_commit)
        return [self._work([submission(events) for events in share]) for share in shares]

    def close(self) -> None:
        """Stop the appender."""
        self._appender.close()

    def _work(self, submissions: list[Submission]) -> Work:
        def work() -> None:
            for submission in submissions:
                self._appender.append(submission)

        return work


def submission(events: list[Event]) -> Submission:
    """Return events as one submission, under a fresh id."""
    return Submission(uuid.uuid4(), [event.new() for event in events])

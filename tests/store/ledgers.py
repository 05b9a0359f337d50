"""A ledger on a real database, for tests and for the processes that they start."""

import hashlib
import itertools
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ledger.application.auditing import audit
from ledger.audit.chunk import Question
from ledger.audit.finding import Code
from ledger.audit.marks import Trust
from ledger.proof.canonical import Value
from ledger.proof.facts import STANDARD_FACTS
from ledger.proof.note import KeyType
from ledger.proof.shapes import LOG_SHAPES, Shape, Shapes
from ledger.proof.signers import SigningKey
from ledger.store.appender import Appender
from ledger.store.engine import connect
from ledger.store.event import Appended, NewEvent, Submission, Tracking
from ledger.store.founding import found_ledger
from ledger.store.publishing import Publisher
from ledger.store.reading import DatabaseSource
from ledger.store.recorder import LogProcessRecorder
from ledger.store.register import HeadRegister
from ledger.store.schema import IMMUTABLE, entries
from ledger.store.vault import Vault
from ledger.store.writing import writing
from tests.store.tables import make_tables

ORIGIN = "ledger.example.gov.cn/log/110000"
ACTOR = "system:00000000-0000-4000-8000-000000000001"
STAFF = "staff:00000000-0000-4000-8000-000000000002"


def _shape(event_type: str, *names: str) -> Shape:
    return Shape(event_type, 1, tuple(sorted((*STANDARD_FACTS, *names))))


SHAPES = LOG_SHAPES | Shapes(
    [
        _shape("record.noted", "note"),
        _shape("person.registered", "district", "id_number", "name"),
        _shape("pair.registered", "guardian_name", "name"),
    ]
)

_numbers = itertools.count(1)


def secret(name: str) -> bytes:
    """Return 32 bytes that every process of a test knows."""
    return hashlib.sha256(name.encode()).digest()


def some_uuid() -> str:
    """Return a UUID that no other call of this process returns."""
    return str(uuid.uuid4())


def noted(
    note: str = "noted", *, stream: str | None = None, version: int | None = None
) -> NewEvent:
    """Return an event without personal facts."""
    return NewEvent(
        stream=stream or some_uuid(),
        type="record.noted",
        shape=1,
        by=STAFF,
        facts={"note": note},
        version=version,
    )


def registered(person: str, *, stream: str | None = None) -> NewEvent:
    """Return an event with personal facts about a person who never lived."""
    number = next(_numbers)
    return NewEvent(
        stream=stream or some_uuid(),
        type="person.registered",
        shape=1,
        by=STAFF,
        facts={"district": "110101"},
        personal={
            person: {
                "name": f"张示例{number}",
                "id_number": f"11010118000101{number % 10000:04}",
            }
        },
    )


def submission(*events: NewEvent, tracking: Tracking | None = None) -> Submission:
    """Return a submission under a new id."""
    return Submission(uuid.uuid4(), events, tracking)


@dataclass(frozen=True)
class Place:
    """Where a ledger is; another process can be told of it."""

    database_url: str
    folder: Path
    origin: str = ORIGIN
    migrated: bool = False
    """Whether all tables are there already, of the log, the vault and the views."""

    @property
    def vault_url(self) -> str:
        return f"sqlite:///{self.folder / 'vault.sqlite'}"

    @property
    def views_url(self) -> str:
        beside = f"sqlite:///{self.folder / 'projections.sqlite'}"
        return beside if self.on_sqlite else self.database_url

    @property
    def on_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


@dataclass
class Ledger:
    """A ledger that is open in this process; its parts are made when they are asked for."""

    place: Place
    shapes: Shapes = SHAPES
    signing_keys: Sequence[SigningKey] = field(
        default_factory=lambda: [SigningKey(ORIGIN, KeyType.ED25519, secret("ed25519"))]
    )
    clock: Callable[[], datetime] | None = None

    @property
    def origin(self) -> str:
        return self.place.origin

    @cached_property
    def engine(self) -> sa.Engine:
        return connect(self.place.database_url)

    @cached_property
    def vault(self) -> Vault:
        return Vault(
            connect(self.place.vault_url),
            origin=self.origin,
            key_encryption_key=secret("key-encryption key"),
        )

    @cached_property
    def register(self) -> HeadRegister:
        return HeadRegister(self.place.folder / "head", origin=self.origin)

    @cached_property
    def appender(self) -> Appender:
        more: dict[str, Any] = {} if self.clock is None else {"clock": self.clock}
        return Appender(
            self.engine,
            self.vault,
            origin=self.origin,
            seal_key=secret("seal"),
            shapes=self.shapes,
            register=self.register,
            **more,
        )

    @cached_property
    def recorder(self) -> LogProcessRecorder:
        return LogProcessRecorder(self.engine, self.appender, origin=self.origin, actor=ACTOR)

    @cached_property
    def publisher(self) -> Publisher:
        return Publisher(
            self.engine,
            self.register,
            origin=self.origin,
            seal_key=secret("seal"),
            keys=lambda _size: self.signing_keys,
        )

    @cached_property
    def source(self) -> DatabaseSource:
        return DatabaseSource(
            self.engine,
            origin=self.origin,
            register=self.register,
            vault=self.vault,
            seal_key=secret("seal"),
        )

    def append(self, *events: NewEvent) -> Appended:
        return self.appender.append(submission(*events))

    def submit(self, *events: NewEvent) -> "Future[Appended]":
        return self.appender.submit(submission(*events))

    def begin(self, *events: NewEvent) -> "Future[Appended]":
        """Queue a submission and wait until its commit has begun, without those after it."""
        answer = self.submit(*events)
        deadline = time.monotonic() + 60
        while not (answer.running() or answer.done()):
            assert time.monotonic() < deadline
            time.sleep(0.001)
        return answer

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock of the head, as another process's append does."""
        with writing(self.engine, self.origin) as writer:
            writer.lock()
            yield

    def found(self) -> None:
        """Create the tables, the vault and an empty log."""
        if not self.place.migrated:
            make_tables(self.place.database_url, "log")
            make_tables(self.place.vault_url, "vault")
        found_ledger(self.engine, self.register, origin=self.origin, seal_key=secret("seal"))

    def close(self) -> None:
        if "appender" in self.__dict__:
            self.appender.close()
        if "vault" in self.__dict__:
            self.vault.close_connections()
        if "engine" in self.__dict__:
            self.engine.dispose()

    def rows(self) -> Sequence[sa.Row[Any]]:
        """Return all entries as they are stored, ascending by seq."""
        query = sa.select(entries).where(entries.c.log == self.origin).order_by(entries.c.seq)
        with self.engine.connect() as connection:
            return connection.execute(query).all()

    def seqs(self) -> list[int]:
        return [row.seq for row in self.rows()]

    def submission_seqs(self, id_: uuid.UUID) -> list[int]:
        return [row.seq for row in self.rows() if row.submission == id_]

    def codes(self) -> list[Code]:
        """Return what the auditor finds: nothing, if the ledger is sound."""
        trust = Trust(tuple(key.verifier_key for key in self.signing_keys))
        question = Question(self.shapes, trust, clock_bound_s=300)
        report = audit(
            lambda: self.source,
            question,
            scope="database",
            progress=lambda done, size: None,
            processes=1,
        )
        return [finding.code for finding in report.tally.findings]

    def as_dba(self, *statements: str, **values: Value | bytes) -> None:
        """Change rows by hand, past the triggers, as the owner of a database can."""
        with self.engine.begin() as connection:
            for table in IMMUTABLE:
                if self.place.on_sqlite:
                    connection.execute(
                        sa.text(f"DROP TRIGGER IF EXISTS {table.name}_no_update")
                    )
                    connection.execute(
                        sa.text(f"DROP TRIGGER IF EXISTS {table.name}_no_delete")
                    )
                else:
                    connection.execute(sa.text(f"ALTER TABLE {table.name} DISABLE TRIGGER ALL"))
            for statement in statements:
                used = {k: v for k, v in values.items() if f":{k}" in statement}
                connection.execute(sa.text(statement), used)


@contextmanager
def opened(place: Place, **options: Any) -> Iterator[Ledger]:
    """Open a ledger that exists, as after a restart."""
    ledger = Ledger(place, **options)
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def founded(place: Place, **options: Any) -> Iterator[Ledger]:
    """Found a ledger and open it."""
    with opened(place, **options) as ledger:
        ledger.found()
        yield ledger


def times(ledger: Ledger) -> Mapping[int, bytes]:
    """Return the time in each entry, by seq: entries of one commit have the same."""
    return {row.seq: row.entry.split(b'"time":"')[1][:27] for row in ledger.rows()}

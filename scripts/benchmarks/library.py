"""The eventsourcing library's own recorders, with a connection for each submitter."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eventsourcing.persistence import ApplicationRecorder, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore
from sqlalchemy import make_url

from benchmarks.databases import Database
from benchmarks.events import Event, Events
from benchmarks.rounds import Work

SUBMITTERS_MAX = 64
PATIENCE_S = 60


class LibraryContender:
    """Appends to the library's recorder; the events' state is the JSON of their facts."""

    def __init__(self, recorder: ApplicationRecorder, events: Events) -> None:
        self._recorder = recorder
        self._events = events

    def prepare(self, *, per_commit: int, submitters: int, commits: int) -> list[Work]:
        """Return work of which nothing but the append is left to do."""
        shares = self._events.shared_out(submitters, commits, per_commit)
        return [
            self._work([[_stored(event) for event in events] for events in share])
            for share in shares
        ]

    def _work(self, batches: list[list[StoredEvent]]) -> Work:
        def work() -> None:
            for batch in batches:
                self._recorder.insert_events(batch)

        return work


@contextmanager
def new_recorder(database: Database) -> Iterator[ApplicationRecorder]:
    """Yield the library's recorder over an empty database, and remove it afterwards."""
    with database.place() as folder, database.url(folder, "library") as url:
        if database.kind == "sqlite":
            yield from _sqlite(folder)
        else:
            yield from _postgresql(url)


def _sqlite(folder: Path) -> Iterator[ApplicationRecorder]:
    datastore = SQLiteDatastore(
        str(folder / "library.sqlite"),
        pool_size=SUBMITTERS_MAX,
        pool_timeout=PATIENCE_S,
        lock_timeout=PATIENCE_S,
    )
    recorder = SQLiteApplicationRecorder(datastore)
    recorder.create_table()
    try:
        yield recorder
    finally:
        datastore.close()


def _postgresql(url: str) -> Iterator[ApplicationRecorder]:
    parsed = make_url(url)
    datastore = PostgresDatastore(
        parsed.database or "",
        str(parsed.query.get("host", parsed.host or "")),
        parsed.port or 5432,
        parsed.username or "",
        str(parsed.password or ""),
        pool_size=SUBMITTERS_MAX,
        connect_timeout=PATIENCE_S,
    )
    with datastore:
        datastore.pool.open(wait=True, timeout=PATIENCE_S)
        recorder = PostgresApplicationRecorder(datastore)
        recorder.create_table()
        yield recorder


def _stored(event: Event) -> StoredEvent:
    return StoredEvent(uuid.UUID(event.stream), event.version, event.type, event.state())

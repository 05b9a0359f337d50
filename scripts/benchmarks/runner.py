"""The eventsourcing library's own runner of a projection: a transaction for each event."""

import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL
from sqlalchemy import make_url

from benchmarks.events import Event, Events

INSERTED_AT_ONCE = 500
"""The recorder hangs from a thousand on (`benchmarks.append_rows`)."""
DEADLINE_S = 300


class Entered(Aggregate.Event):
    """An event with the facts that all who are measured have."""

    facts: Mapping[str, Any]


class Counts(PostgresTrackingRecorder):
    """A view of one row: how many events there were."""

    def __init__(self, datastore: PostgresDatastore, **options: Any) -> None:
        super().__init__(datastore, **options)
        self.sql_create_statements.append(
            SQL(
                "CREATE TABLE IF NOT EXISTS counts (name text PRIMARY KEY, events bigint)"
            ).format()
        )

    def count(self, name: str, tracking: Tracking) -> None:
        """Count one event, and say that it is counted."""
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute(
                "INSERT INTO counts VALUES (%s, 1)"
                " ON CONFLICT (name) DO UPDATE SET events = counts.events + 1",
                (name,),
            )
            self._insert_tracking(cursor, tracking)


class Counting(Projection[Counts]):
    """Counts events of each kind, and notes when the first and the last came."""

    name = "counting"

    def __init__(self, view: Counts) -> None:
        super().__init__(view)
        self.first: float | None = None
        self.last = 0.0
        self.awaited = 0
        self.done = threading.Event()

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """Count it."""
        if self.first is None:
            self.first = time.perf_counter()
        self.view.count(type(domain_event).__name__, tracking)
        if tracking.notification_id >= self.awaited > 0:
            self.last = time.perf_counter()
            self.done.set()


class LibraryRunner:
    """Follows events of an application that is appended to while no clock runs."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._application = Application[uuid.UUID](env=self._environment)
        self._events = Events(6)

    def run(self, events: int) -> float:
        """Append so many, follow them; return how many a second, from the first on."""
        self._append(events)
        last = self._application.recorder.max_notification_id() or 0
        runner = ProjectionRunner(
            application_class=Application[uuid.UUID],
            projection_class=Counting,
            view_class=Counts,
            env=self._environment,
        )
        with runner:
            projection = runner.projection
            if not isinstance(projection, Counting):
                raise TypeError(projection)
            projection.awaited = last
            if not projection.done.wait(DEADLINE_S):
                raise TimeoutError
        return events / (projection.last - (projection.first or 0.0))

    def close(self) -> None:
        """Let go of the database."""
        self._application.close()

    def _append(self, events: int) -> None:
        mapper, recorder = self._application.mapper, self._application.recorder
        for start in range(0, events, INSERTED_AT_ONCE):
            taken = self._events.take(min(INSERTED_AT_ONCE, events - start))
            recorder.insert_events([mapper.to_stored_event(_entered(each)) for each in taken])


def _entered(event: Event) -> Entered:
    facts: dict[str, Any] = {
        "originator_id": uuid.UUID(event.stream),
        "originator_version": event.version,
        "timestamp": Entered.create_timestamp(),
        "facts": event.facts,
    }
    return Entered(**facts)


@contextmanager
def new_runner(url: str) -> Iterator[LibraryRunner]:
    """Yield the library's runner over an empty PostgreSQL database."""
    parsed = make_url(url)
    runner = LibraryRunner(
        {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": parsed.database or "",
            "POSTGRES_HOST": str(parsed.query.get("host", parsed.host or "")),
            "POSTGRES_PORT": str(parsed.port or 5432),
            "POSTGRES_USER": parsed.username or "",
            "POSTGRES_PASSWORD": str(parsed.password or ""),
        }
    )
    try:
        yield runner
    finally:
        runner.close()

"""The eventsourcing library's own test cases, against our recorders on both databases.

After each of them the log must still stand up to the auditor.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from eventsourcing import persistence
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.popo import POPOFactory
from eventsourcing.tests import persistence as cases
from eventsourcing.utils import Environment

from ledger.store.recorder import (
    LogAggregateRecorder,
    LogApplicationRecorder,
    LogProcessRecorder,
    LogTrackingRecorder,
)
from tests.store.conftest import tables
from tests.store.ledgers import ACTOR, ORIGIN, Ledger, founded


class OnSqlite:
    """Gives a test case of unittest a fresh ledger, and audits it afterwards."""

    backend: ClassVar[str] = "sqlite"
    ledger: Ledger

    @pytest.fixture(autouse=True)
    def _on_a_fresh_ledger(
        self, request: pytest.FixtureRequest, tmp_path: Path
    ) -> Iterator[None]:
        with (
            tables(self.backend, request).copy(tmp_path) as place,
            founded(place) as self.ledger,
        ):
            yield
            assert self.ledger.codes() == []
            assert self.ledger.seqs() == list(range(len(self.ledger.seqs())))


class OnPostgresql(OnSqlite):
    """The same on PostgreSQL."""

    backend: ClassVar[str] = "postgresql"


class AggregateRecorderCase(OnSqlite, cases.AggregateRecorderTestCase):
    __test__ = False

    def create_recorder(self) -> persistence.AggregateRecorder:
        made = self.ledger
        return LogAggregateRecorder(made.engine, made.appender, origin=ORIGIN, actor=ACTOR)


class TestAggregateRecorderOnSqlite(AggregateRecorderCase):
    __test__ = True


class TestAggregateRecorderOnPostgresql(OnPostgresql, AggregateRecorderCase):
    __test__ = True


class ApplicationRecorderCase(OnSqlite, cases.ApplicationRecorderTestCase[Any]):
    __test__ = False

    def create_recorder(self) -> persistence.ApplicationRecorder:
        made = self.ledger
        return LogApplicationRecorder(made.engine, made.appender, origin=ORIGIN, actor=ACTOR)

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestApplicationRecorderOnSqlite(ApplicationRecorderCase):
    __test__ = True


class TestApplicationRecorderOnPostgresql(OnPostgresql, ApplicationRecorderCase):
    __test__ = True


class ProcessRecorderCase(OnSqlite, cases.ProcessRecorderTestCase):
    __test__ = False

    def create_recorder(self) -> persistence.ProcessRecorder:
        made = self.ledger
        return LogProcessRecorder(made.engine, made.appender, origin=ORIGIN, actor=ACTOR)


class TestProcessRecorderOnSqlite(ProcessRecorderCase):
    __test__ = True


class TestProcessRecorderOnPostgresql(OnPostgresql, ProcessRecorderCase):
    __test__ = True


class TrackingRecorderCase(OnSqlite, cases.TrackingRecorderTestCase):
    __test__ = False

    def create_recorder(self) -> persistence.TrackingRecorder:
        made = self.ledger
        return LogTrackingRecorder(made.engine, made.appender, origin=ORIGIN)


class TestTrackingRecorderOnSqlite(TrackingRecorderCase):
    __test__ = True


class TestTrackingRecorderOnPostgresql(OnPostgresql, TrackingRecorderCase):
    __test__ = True


class NonInterleavingCase(OnSqlite, cases.NonInterleavingNotificationIDsBaseCase):
    __test__ = False

    def create_recorder(self) -> persistence.ApplicationRecorder:
        made = self.ledger
        return LogApplicationRecorder(made.engine, made.appender, origin=ORIGIN, actor=ACTOR)


class TestNonInterleavingOnSqlite(NonInterleavingCase):
    __test__ = True


class TestNonInterleavingOnPostgresql(OnPostgresql, NonInterleavingCase):
    __test__ = True


class Kennel(Aggregate):
    """An aggregate of an application that knows nothing of this log."""

    @event("Opened")
    def __init__(self, name: str) -> None:
        self.name = name
        self.tricks: list[str] = []

    @event("TrickAdded")
    def add_trick(self, trick: str) -> None:
        self.tricks.append(trick)


class OverTheLog(POPOFactory):
    """Gives an application the recorder of a ledger."""

    given: ClassVar[Ledger]

    def application_recorder(self) -> persistence.ApplicationRecorder:
        return self.given.recorder


class Kennels(Application[UUID]):
    """Keeps kennels in whatever ledger it is given."""

    def construct_factory(self, env: Environment) -> persistence.InfrastructureFactory[Any]:
        return OverTheLog(env)


def test_an_application_of_the_library_keeps_its_aggregates_in_the_log(ledger: Ledger) -> None:
    OverTheLog.given = ledger
    with Kennels() as application:
        kennel = Kennel("示例")
        kennel.add_trick("roll over")
        application.save(kennel)
        kennel.add_trick("play dead")
        [recording] = application.save(kennel)

        found: Kennel = application.repository.get(kennel.id)
        assert (found.name, found.tricks) == ("示例", ["roll over", "play dead"])
        assert recording.notification.id == 3
        ids = [each.id for each in application.notification_log.select(start=1, limit=10)]
        assert ids == [1, 2, 3]
    assert ledger.codes() == []


def test_an_application_of_the_library_is_told_of_a_conflict(ledger: Ledger) -> None:
    OverTheLog.given = ledger
    with Kennels() as application:
        kennel = Kennel("示例")
        application.save(kennel)
        one: Kennel = application.repository.get(kennel.id)
        other: Kennel = application.repository.get(kennel.id)
        one.add_trick("sit")
        other.add_trick("stand")
        application.save(one)
        with pytest.raises(persistence.IntegrityError):
            application.save(other)
    assert ledger.seqs() == [0, 1]


def test_an_unknown_aggregate_has_no_events(ledger: Ledger) -> None:
    assert ledger.recorder.select_events(uuid4()) == []

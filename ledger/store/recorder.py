"""The eventsourcing library's recorders over the log: its events are entries like any other.

An event of an application that knows nothing of this log becomes `opaque.recorded`, its
topic and state being facts. Notification ids are ``seq`` + 1, gap-free and in the order of
commit; `originator_version` is the library's own number of an event in its aggregate.
"""

import base64
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from eventsourcing import persistence

from ledger.proof.canonical import Value, encode
from ledger.proof.facts import parse_group
from ledger.proof.shapes import OPAQUE
from ledger.store import chance
from ledger.store.appender import Appender
from ledger.store.event import (
    Appended,
    NewEvent,
    OutcomeUnknownError,
    StreamMovedOn,
    Submission,
    Tracking,
    TrackingMovedOn,
)
from ledger.store.schema import entries, trackings

POLL_S = 0.1
"""How long a follower waits before it looks again, whether or not it was woken."""

_PAGE = 500
_SELECTED = (
    entries.c.seq,
    entries.c.stream,
    entries.c.originator_version,
    entries.c.topic,
    entries.c.plain,
)


class LogAggregateRecorder(persistence.AggregateRecorder):
    """Reads and writes the events of aggregates; ids are nobody's business here."""

    def __init__(
        self, engine: sa.Engine, appender: Appender, *, origin: str, actor: str
    ) -> None:
        """Record as ``actor``, who is named in the fact ``by`` of each event."""
        self._engine = engine
        self._appender = appender
        self._origin = origin
        self._actor = actor

    def insert_events(
        self, stored_events: Sequence[persistence.StoredEvent], **_: Any
    ) -> Sequence[int] | None:
        """Append the events, all or none; durable when it returns.

        Raises:
            IntegrityError: One of them was stored before, or the stream has moved on.
            OperationalError: The database failed; nothing was stored, or (with
                `OutcomeUnknownError` as cause) it could not be learned whether it was.
            MalformedError: The originator is no UUID, or a topic cannot be committed to.
        """
        self._insert(stored_events, None)
        return None

    def select_events(
        self,
        originator_id: uuid.UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[persistence.StoredEvent]:
        """Return events of one aggregate by their own numbers, ascending unless ``desc``."""
        number = entries.c.originator_version
        query = sa.select(*_SELECTED).where(
            entries.c.log == self._origin, entries.c.stream == _uuid(originator_id)
        )
        if gt is not None:
            query = query.where(number > gt)
        if lte is not None:
            query = query.where(number <= lte)
        query = query.order_by(number.desc() if desc else number).limit(limit)
        return [
            persistence.StoredEvent(
                originator_id=originator_id,
                originator_version=row.originator_version,
                topic=row.topic,
                state=_state(row.plain),
            )
            for row in self._rows(query)
        ]

    def _insert(
        self,
        stored_events: Sequence[persistence.StoredEvent],
        tracking: persistence.Tracking | None,
    ) -> Sequence[int]:
        if not stored_events and tracking is None:
            return []
        events = [_opaque(event, self._actor) for event in stored_events]
        submission = Submission(chance.random_uuid(), events, _position(tracking))
        appended = _append(self._appender, submission, self._engine.dialect.dbapi)
        return [appended.first_seq + 1 + index for index in range(appended.count)]

    def _rows(self, query: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        try:
            with self._engine.connect() as connection:
                return connection.execute(query).all()
        except sa.exc.SQLAlchemyError as error:
            raise persistence.OperationalError(str(error)) from error


class LogApplicationRecorder(LogAggregateRecorder, persistence.ApplicationRecorder):
    """Also reads the whole log in order, and follows it."""

    def insert_events(
        self, stored_events: Sequence[persistence.StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Append the events as `LogAggregateRecorder` does; return their notification ids."""
        return self._insert(stored_events, kwargs.get("tracking"))

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[persistence.Notification]:
        """Return events of the log by notification id, which is ``seq`` + 1, ascending."""
        query = sa.select(*_SELECTED).where(entries.c.log == self._origin)
        if start is not None:
            first = start - 1 if inclusive_of_start else start
            query = query.where(entries.c.seq >= first)
        if stop is not None:
            query = query.where(entries.c.seq <= stop - 1)
        if topics:
            query = query.where(entries.c.topic.in_(topics))
        return [
            persistence.Notification(
                id=row.seq + 1,
                originator_id=row.stream,
                originator_version=row.originator_version,
                topic=row.topic,
                state=_state(row.plain),
            )
            for row in self._rows(query.order_by(entries.c.seq).limit(limit))
        ]

    def max_notification_id(self) -> int | None:
        """Return the last notification id, or None while the log is empty."""
        query = sa.select(sa.func.max(entries.c.seq)).where(entries.c.log == self._origin)
        last: int | None = self._rows(query)[0][0]
        return None if last is None else last + 1

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> "LogSubscription":
        """Return an iterator over the events after ``gt`` that waits for new ones."""
        return LogSubscription(self, gt, topics, self._appender.wait_for_growth)


class LogTrackingRecorder(persistence.TrackingRecorder):
    """Keeps how far an application has followed others; a position only ever advances."""

    _appender: Appender
    _engine: sa.Engine
    _origin: str

    def __init__(self, engine: sa.Engine, appender: Appender, *, origin: str) -> None:
        self._engine = engine
        self._appender = appender
        self._origin = origin

    def insert_tracking(self, tracking: persistence.Tracking) -> None:
        """Record a position; durable when it returns.

        Raises:
            IntegrityError: The position, or a later one, was recorded before.
            OperationalError: As `LogAggregateRecorder.insert_events`.
        """
        submission = Submission(chance.random_uuid(), (), _position(tracking))
        _append(self._appender, submission, self._engine.dialect.dbapi)

    def max_tracking_id(self, application_name: str) -> int | None:
        """Return the last recorded position of an application, or None."""
        query = sa.select(sa.func.max(trackings.c.notification_id)).where(
            trackings.c.log == self._origin,
            trackings.c.application_name == application_name,
        )
        with self._engine.connect() as connection:
            last: int | None = connection.execute(query).scalar()
        return last


class LogProcessRecorder(
    LogTrackingRecorder, LogApplicationRecorder, persistence.ProcessRecorder
):
    """Everything at once: an event and the position that caused it are one commit."""

    def __init__(
        self, engine: sa.Engine, appender: Appender, *, origin: str, actor: str
    ) -> None:
        LogApplicationRecorder.__init__(self, engine, appender, origin=origin, actor=actor)


class LogSubscription(persistence.Subscription[persistence.ApplicationRecorder]):
    """Follows the log; woken by this process's commits, and looking by itself for others'."""

    def __init__(
        self,
        recorder: persistence.ApplicationRecorder,
        gt: int | None,
        topics: Sequence[str],
        wait_for_growth: Callable[..., object],
    ) -> None:
        super().__init__(recorder, gt, topics)
        self._wait_for_growth = wait_for_growth
        self._waiting: list[persistence.Notification] = []

    def __next__(self) -> persistence.Notification:
        while not self._has_been_stopped:
            if self._waiting:
                return self._waiting.pop()
            seen = self._recorder.max_notification_id() or 0
            self._pull(seen)
            if not self._waiting:
                # An entry that came between the pull and this line is beyond `seen`.
                self._wait_for_growth(beyond=seen, timeout_s=POLL_S)
        raise StopIteration

    def _pull(self, seen: int) -> None:
        found = self._recorder.select_notifications(
            start=self._last_notification_id or 0,
            limit=_PAGE,
            topics=self._topics,
            inclusive_of_start=False,
        )
        if found:
            self._last_notification_id = found[-1].id
            self._waiting = list(reversed(found))
        if len(found) < _PAGE:
            # Nothing else up to there is asked for, so it is not searched again.
            self._last_notification_id = max(self._last_notification_id or 0, seen)


def _append(appender: Appender, submission: Submission, driver: Any) -> Appended:
    """Append, and speak of failures in the library's words."""
    try:
        return appender.append(submission)
    except (StreamMovedOn, TrackingMovedOn) as refusal:
        raise persistence.IntegrityError(str(refusal)) from refusal
    except OutcomeUnknownError as unknown:
        raise persistence.OperationalError(str(unknown)) from unknown
    except driver.IntegrityError as error:
        raise persistence.IntegrityError(str(error)) from error
    except (driver.Error, sa.exc.SQLAlchemyError) as error:
        raise persistence.OperationalError(str(error)) from error


def _opaque(stored: persistence.StoredEvent, actor: str) -> NewEvent:
    facts: dict[str, Value] = {
        "originator_version": stored.originator_version,
        "state": base64.b64encode(stored.state).decode("ascii"),
        "topic": stored.topic,
    }
    return NewEvent(str(_uuid(stored.originator_id)), OPAQUE, 1, actor, facts)


def _position(tracking: persistence.Tracking | None) -> Tracking | None:
    if tracking is None:
        return None
    return Tracking(tracking.application_name, tracking.notification_id)


def _state(plain: bytes | None) -> bytes:
    """Return the state of an opaque event; of any other, its plain facts as JCS."""
    if plain is None:
        raise persistence.PersistenceError("the facts of this event were lost")
    facts = parse_group(plain).facts
    if facts["type"] == OPAQUE:
        return base64.b64decode(str(facts["state"]), validate=True)
    return encode(dict(facts))


def _uuid(originator_id: uuid.UUID | str) -> uuid.UUID:
    if isinstance(originator_id, uuid.UUID):
        return originator_id
    return uuid.UUID(originator_id)

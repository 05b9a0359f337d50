"""One decision's papers: the states that it read, and the events that it leads to.

What was read is named in the submission by its version, and what is written follows it: if
anything of it has moved on by the time of the commit, nothing is appended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast
from uuid import UUID

from ledger.application.states import ForeignStreamError, Kind, Known, States
from ledger.domain.event import Act, Event, Happened
from ledger.domain.stored import encode_event
from ledger.store.event import NewEvent, Submission

S = TypeVar("S")


@dataclass(slots=True)
class _Paper:
    """A stream in a docket: as it was read, and as it is with what was added."""

    kind: Kind[Any]
    known: Known[Any]
    state: Any
    version: int


@dataclass(slots=True)
class Docket:
    """What one decision rests on and leads to; made anew for each attempt.

    ``is_fresh`` says that every state was read for this attempt: only then is a refusal final.
    """

    states: States
    act: Act
    is_fresh: bool = False
    _papers: dict[tuple[str, UUID], _Paper] = field(default_factory=dict)
    _events: list[NewEvent] = field(default_factory=list)

    def read(self, kind: Kind[S], stream: UUID) -> S | None:
        """Return a state, with what this docket adds to it; None where there is no such thing.

        Raises:
            As `States.get`.
        """
        return cast("S | None", self._paper(kind, stream).state)

    def find(self, kind: Kind[S], stream: UUID) -> S | None:
        """Return a state that somebody names; another kind of thing is none.

        Raises:
            As `States.get`, but for that.
        """
        try:
            return self.read(kind, stream)
        except ForeignStreamError:
            return None

    def version(self, kind: Kind[Any], stream: UUID) -> int:
        """Return the version at which a stream stands, with what this docket adds to it."""
        return self._paper(kind, stream).version

    def add(self, kind: Kind[Any], stream: UUID, events: Sequence[Event]) -> None:
        """Append events to a stream, as decided upon the state that was read."""
        paper = self._paper(kind, stream)
        for event in events:
            paper.version += 1
            happened = Happened(self.act.by, self.act.now, paper.version)
            paper.state = kind.evolve(paper.state, event, happened)
            self._events.append(self._new(stream, event, paper.version))

    def begin(self, kind: Kind[S], stream: UUID) -> S | None:
        """Return what stands in a stream that is thought to be new; it usually is not read.

        If there is one after all, the append is refused and the next attempt reads it.
        """
        key = (kind.name, stream)
        if not self.is_fresh and key not in self._papers:
            self._papers[key] = _Paper(kind, Known(None, 0, -1), None, 0)
        return self.read(kind, stream)

    def note(self, stream: UUID, event: Event, *, version: int | None = None) -> None:
        """Append an event that no decision about its stream's state stands behind.

        ``version`` None is whichever comes next.
        """
        self._events.append(self._new(stream, event, version))

    def has_moved_on(self) -> bool:
        """Return whether a stream is at another version by now than it was read at.

        If none is, all states were read as of one moment.
        """
        return any(
            self.states.get(paper.kind, stream, fresh=True).version != paper.known.version
            for (_, stream), paper in self._papers.items()
        )

    @property
    def count(self) -> int:
        """How many events are to be appended so far."""
        return len(self._events)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be appended."""
        return not self._events

    def submission(self, id_: UUID) -> Submission:
        """Return what is to be appended, on condition of everything that was read."""
        written = {event.stream for event in self._events}
        unchanged = {
            str(stream): paper.known.version
            for (_, stream), paper in self._papers.items()
            if str(stream) not in written
        }
        return Submission(id_, tuple(self._events), unchanged=unchanged)

    def streams(self) -> set[UUID]:
        """Return every stream that was read or is written to."""
        return {stream for _, stream in self._papers} | {
            UUID(event.stream) for event in self._events
        }

    def _paper(self, kind: Kind[Any], stream: UUID) -> _Paper:
        key = (kind.name, stream)
        if key not in self._papers:
            known = self.states.get(kind, stream, fresh=self.is_fresh, absent=True)
            self._papers[key] = _Paper(kind, known, known.state, known.version)
        return self._papers[key]

    def _new(self, stream: UUID, event: Event, version: int | None) -> NewEvent:
        stored = encode_event(event)
        facts: Mapping[str, Any] = stored.plain
        personal: Mapping[str, Mapping[str, Any]] = stored.personal
        return NewEvent(
            stream=str(stream),
            type=stored.type,
            shape=stored.shape,
            by=self.act.by.text(),
            facts=facts,
            personal=personal,
            version=version,
        )

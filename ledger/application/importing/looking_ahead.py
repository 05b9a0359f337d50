"""What a batch of rows will read, read at once: whom it names, where, and what they served."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from ledger.application.importing.naming import activity_of, volunteer_of
from ledger.application.importing.rows import ReadRow
from ledger.application.importing.sessions import (
    Foreseen,
    Sessions,
    recorded_sessions,
    session_of,
)
from ledger.application.office import Office
from ledger.application.states import (
    IDENTITY,
    PRESENCE,
    RECORD,
    ROW,
    SIGN_IN,
    VOLUNTEER,
    ForeignStreamError,
    Kind,
)
from ledger.application.streams import (
    identity_stream,
    presence_stream,
    row_stream,
    sign_in_stream,
)
from ledger.domain.refusal import Refused
from ledger.domain.sheets.row import Said


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is seen ahead of the decision on some rows; nothing is concluded from it.

    ``foreseen`` are the sessions of the rows, by sheet and number, ``served`` who served on
    which days, ``named`` whom the rows name, by activity.
    """

    foreseen: Mapping[tuple[int, int], Foreseen]
    served: frozenset[tuple[UUID, date]]
    named: Mapping[UUID, set[UUID]]

    def recorded(self, office: Office) -> Sessions:
        """Return what the views have of whom the rows name, on the days that they name."""
        return recorded_sessions(office, self.served)


def look_ahead(office: Office, activity: UUID | None, rows: Sequence[ReadRow]) -> Ahead:
    """Let the states be remembered that some rows rest on, and return what is seen there."""
    looking = _Looking(office, activity, rows)
    looking.read_persons()
    foreseen: dict[tuple[int, int], Foreseen] = {}
    served: set[tuple[UUID, date]] = set()
    named: dict[UUID, set[UUID]] = {}
    for read, said, where, volunteer in looking.found():
        session = session_of(read, said, where, volunteer)
        foreseen[read.sheet, read.number] = Foreseen(volunteer, session)
        served.add((volunteer, said.day))
        named.setdefault(where, set()).add(volunteer)
    looking.read_records(foreseen.values())
    return Ahead(foreseen, frozenset(served), named)


@dataclass(frozen=True, slots=True)
class _Looking:
    """Looks at states as they are remembered, whatever has come to them since."""

    office: Office
    activity: UUID | None
    rows: Sequence[ReadRow]

    def read_persons(self) -> None:
        """Read who is named, unless it is remembered."""
        states, key = self.office.states, self.office.index_key
        states.prefetch(
            (IDENTITY, identity_stream(key, said.id_type, said.id_number))
            for said in self._said()
            if said.id_number is not None
        )
        holders = {holder for said in self._said() if (holder := self._holder(said))}
        states.prefetch((VOLUNTEER, holder) for holder in holders)
        states.prefetch((SIGN_IN, sign_in_stream(holder)) for holder in holders)

    def read_records(self, foreseen: Collection[Foreseen]) -> None:
        """Read what is recorded of these sessions, unless it is remembered."""
        states = self.office.states
        records = [each.session.record for each in foreseen]
        states.prefetch((RECORD, each) for each in records)
        states.prefetch((ROW, row_stream(each)) for each in records)
        present = {(each.session.activity, each.volunteer) for each in foreseen}
        states.prefetch((PRESENCE, presence_stream(*each)) for each in present)
        states.prefetch((RECORD, said.record) for said in self._said() if said.record)

    def found(self) -> Iterator[tuple[ReadRow, Said, UUID, UUID]]:
        """Yield rows with the activity and the volunteer that they name."""
        for each in self.rows:
            said = each.said
            if isinstance(said, Refused):
                continue
            activity = activity_of(self._peek, self.office, said.activity, self.activity)
            if isinstance(activity, Refused):
                continue
            volunteer = volunteer_of(self._peek, self.office, said)
            if not isinstance(volunteer, Refused):
                yield each, said, activity.id, volunteer

    def _said(self) -> Iterator[Said]:
        for each in self.rows:
            if not isinstance(each.said, Refused):
                yield each.said

    def _holder(self, said: Said) -> UUID | None:
        if said.id_number is None:
            return said.volunteer
        stream = identity_stream(self.office.index_key, said.id_type, said.id_number)
        identity = self._peek(IDENTITY, stream)
        holder: UUID | None = None if identity is None else identity.holder
        return holder

    def _peek(self, kind: Kind[Any], stream: UUID) -> Any:
        """Return a state as it is remembered."""
        try:
            return self.office.states.get(kind, stream, absent=True).state
        except ForeignStreamError:
            return None

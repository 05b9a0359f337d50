"""What a batch of rows will read, read at once: whom it names, where, and what they served."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ledger.application.importing.batches import ReadRow, session_of
from ledger.application.importing.naming import activity_of, volunteer_of
from ledger.application.importing.sessions import Sessions, recorded_sessions
from ledger.application.office import Office
from ledger.application.states import (
    IDENTITY,
    RECORD,
    ROW,
    SIGN_IN,
    VOLUNTEER,
    ForeignStreamError,
    Kind,
)
from ledger.application.streams import identity_stream, row_stream, sign_in_stream
from ledger.domain.refusal import Refused
from ledger.domain.sheets.row import Said


@dataclass(frozen=True, slots=True)
class Ahead:
    """Looks ahead of the decision on some rows; nothing is concluded from what it sees."""

    office: Office
    activity: UUID | None
    rows: Sequence[ReadRow]

    def prefetch(self) -> None:
        """Let the states be remembered that the rows rest on."""
        states, key = self.office.states, self.office.index_key
        states.prefetch(
            (IDENTITY, identity_stream(key, said.id_type, said.id_number))
            for said in self._said()
            if said.id_number is not None
        )
        holders = {holder for said in self._said() if (holder := self._holder(said))}
        states.prefetch((VOLUNTEER, holder) for holder in holders)
        states.prefetch((SIGN_IN, sign_in_stream(holder)) for holder in holders)
        records = [
            session_of(said, activity, volunteer, read.row).record
            for read, said, activity, volunteer in self._found()
        ]
        states.prefetch((RECORD, each) for each in records)
        states.prefetch((ROW, row_stream(each)) for each in records)
        states.prefetch((RECORD, said.record) for said in self._said() if said.record)

    def recorded(self) -> Sessions:
        """Return what is recorded of those whom the rows name, on the days that they name."""
        found = self._found()
        return recorded_sessions(
            self.office, [(volunteer, said.day) for _, said, _, volunteer in found]
        )

    def named(self) -> dict[UUID, set[UUID]]:
        """Return whom the rows name, by activity."""
        named: dict[UUID, set[UUID]] = {}
        for _, _, activity, volunteer in self._found():
            named.setdefault(activity, set()).add(volunteer)
        return named

    def _said(self) -> Iterator[Said]:
        for each in self.rows:
            if not isinstance(each.said, Refused):
                yield each.said

    def _found(self) -> Iterator[tuple[ReadRow, Said, UUID, UUID]]:
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

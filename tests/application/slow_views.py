"""Views of a small ledger, made anew out of its streams whenever somebody asks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from ledger.application.states import ACTIVITY, ORGANIZATION, RECORD, Kind, States
from ledger.domain.activity import Recorded
from ledger.domain.civil_time import civil_date
from ledger.domain.organization import Organization, Role
from ledger.domain.record import Record
from ledger.domain.record.codes import Stage
from tests.application.clock import Clock
from tests.store.ledgers import Ledger

S = TypeVar("S")


@dataclass(frozen=True)
class SlowViews:
    """Reads every stream of a kind; nothing is ever behind."""

    ledger: Ledger
    states: States
    clock: Clock

    def wait_until(self, seq: int, timeout_s: float = 0) -> bool:
        return True

    def recorded_in(self, activity: UUID) -> Recorded:
        records = [each for each in self._records() if each.activity == activity]
        days = [civil_date(each.service.start) for each in records]
        return Recorded(
            first_day=min(days, default=None),
            last_day=max(days, default=None),
            volunteers=len({each.volunteer for each in records}),
            confirmed=sum(each.stage is Stage.CONFIRMED for each in records),
        )

    def other_volunteers(self, activity: UUID, volunteer: UUID) -> int:
        return len(self.volunteers_in(activity) - {volunteer})

    def volunteers_in(self, activity: UUID) -> frozenset[UUID]:
        return frozenset(
            each.volunteer for each in self._records() if each.activity == activity
        )

    def actor_minutes(self, actor: str, since: datetime) -> int:
        return 0

    def employers(self, person: UUID) -> Sequence[UUID]:
        today = self.clock.today
        return [
            each.id
            for each in self._organizations()
            if any(each.has_role(person, role, today) for role in Role)
        ]

    def organization_of_key(self, key: UUID) -> UUID | None:
        holders = (each.id for each in self._organizations() if each.key(key))
        return next(holders, None)

    def organizations_of(self, volunteer: UUID) -> Sequence[UUID]:
        return [each.organization for each in self._records() if each.volunteer == volunteer]

    def has_organizations(self) -> bool:
        return any(True for _ in self._organizations())

    def page(self, view: Any, query: Any) -> Any:
        raise NotImplementedError

    def activities(self) -> Iterator[Any]:
        return self._all(ACTIVITY)

    def _organizations(self) -> Iterator[Organization]:
        return self._all(ORGANIZATION)

    def _records(self) -> Iterator[Record]:
        return self._all(RECORD)

    def _all(self, kind: Kind[S]) -> Iterator[S]:
        first = {row.stream: row.topic for row in reversed(self.ledger.rows())}
        for stream, topic in first.items():
            if topic in kind.types:
                state = self.states.get(kind, UUID(str(stream)), fresh=True).state
                if state is not None:
                    yield state

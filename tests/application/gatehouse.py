"""The gate of a house: its sign-ins over real rows, with passwords that cost a test little."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from argon2.profiles import CHEAPEST

from ledger.application.accepting import Acceptances
from ledger.application.callers import Caller, as_volunteer
from ledger.application.desk import ActRefused, Desk, Intent
from ledger.application.docket import Docket
from ledger.application.inviting import Invitations, Invited, Invitee
from ledger.application.opening import AccessParts
from ledger.application.signing_in import Session, Signed, SignIns
from ledger.domain.refusal import Refused
from ledger.store import chance
from ledger.store.access_rows import AccessRows
from ledger.store.passwords import Passwords
from ledger.store.throttle_rows import ThrottleRows
from tests.application.house import House
from tests.store.ledgers import secret

PASSWORD = "four words that rhyme"
OTHER_PASSWORD = "another four that do not"
ADDRESS, ELSEWHERE = "192.0.2.7", "198.51.100.9"


class Gate:
    """Who comes in to a house, as one process knows them."""

    def __init__(self, house: House, *, desk: Desk | None = None) -> None:
        ledger = house.ledger
        self.house = house
        self.parts = AccessParts(
            desk=desk or house.office.desk,
            rows=AccessRows(ledger.engine, origin=ledger.origin, secret=secret("seal")),
            throttles=ThrottleRows(ledger.engine, origin=ledger.origin, secret=secret("seal")),
            passwords=Passwords(CHEAPEST),
            refusals=house.refusals,
            random_bytes=chance.random_bytes,
        )
        self.sign_ins = SignIns(self.parts)
        self.invitations = Invitations(self.parts, origin=ledger.origin)
        self.acceptances = Acceptances(self.parts)

    def another(self) -> "Gate":
        """Return the gate as another process has it."""
        return Gate(self.house, desk=self.house.another_office().desk)

    def invite(self, by: Caller, staff: UUID, *, at: UUID | None = None) -> Invited:
        """Invite a staff person."""
        return self.invitations.invite(by, Invitee(staff=staff, appointed_by=at)).value

    def accept(self, token: str, name: str, password: str = PASSWORD) -> Signed:
        """Take an invitation."""
        return self.acceptances.accept(token, name, password, ADDRESS).value

    def let_in(self, by: Caller, person: Caller, name: str) -> Signed:
        """Invite a staff person, who takes it."""
        token = self.invite(by, person.actor.id, at=person.organization).token
        return self.accept(token, name)

    def sign_in(self, name: str, password: str = PASSWORD, address: str = ADDRESS) -> Session:
        """Sign in."""
        return self.sign_ins.sign_in(name, password, address)

    def turned_away(
        self, name: str, password: str = PASSWORD, address: str = ADDRESS
    ) -> tuple[str, ...]:
        """Return for which reasons somebody does not get in."""
        return refused_for(lambda: self.sign_in(name, password, address))

    def register(self, volunteer: UUID, name: str, password: str = PASSWORD) -> UUID:
        """Open the sign-in of a volunteer, without whatever else is registered of her."""
        caller = as_volunteer(volunteer)
        with self.acceptances.for_herself(name, password) as joining:

            def decided(docket: Docket) -> UUID | Refused:
                return joining(docket, volunteer) or volunteer

            intent = Intent(act="volunteer.register", target=volunteer)
            return self.parts.desk.perform(caller, intent, decided).value

    def as_dba(self, statement: str, **values: object) -> None:
        """Change rows by hand, as the owner of a database can."""
        types = {name: sa.Uuid() for name, value in values.items() if isinstance(value, UUID)}
        text = sa.text(statement).bindparams(
            *(sa.bindparam(name, type_=kind) for name, kind in types.items())
        )
        with self.house.ledger.engine.begin() as connection:
            connection.execute(text, values)

    def lines(self) -> list[dict[str, Any]]:
        """Return the lines of the security log that tell of a refusal."""
        path = self.house.ledger.place.folder / "security" / "security.log"
        if not path.exists():
            return []
        found = [json.loads(line) for line in path.read_text("ascii").splitlines()]
        return [line for line in found if line["event"] == "act.refused"]

    def entries(self) -> int:
        """Return how many entries the log has."""
        return len(self.house.ledger.rows())


@pytest.fixture
def gate(house: House) -> Gate:
    """Return the gate of the house."""
    return Gate(house)


def refused_for(attempt: Callable[[], object]) -> tuple[str, ...]:
    """Return for which reasons something is refused."""
    with pytest.raises(ActRefused) as refused:
        attempt()
    return refused.value.refused.codes

"""Whatever is called, also by a database's owner: no session without a password.

The machine knows which password opens which name. It says of every attempt whether it leads to
a session, and of every session that there ever was whether it still is one.
"""

import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ledger.application.desk import ActRefused
from ledger.application.signing_in import Session
from ledger.application.streams import sign_in_stream
from ledger.domain.access import Ground
from ledger.store.passwords import credential_digest
from ledger.store.schema import sessions
from tests.application.gatehouse import Gate
from tests.application.house import housed
from tests.application.town import FOUNDED
from tests.store.ledgers import Place

PEOPLE = [UUID(int=0x700 + number) for number in range(3)]
NAMES = ["wang.jixiang", "Wang.JIXIANG", "ouyang.shili", "zhao.shili"]
PASSWORDS = ["four words that rhyme", "another four that do not", "five words of nobody else's"]
FORGED = "a password of the DBA's"

who, names, passwords = (
    st.sampled_from(PEOPLE),
    st.sampled_from(NAMES),
    st.sampled_from(PASSWORDS),
)
numbers = st.integers(0, 20)


@dataclass
class Hers:
    """What opens a sign-in, and since which time that it was opened."""

    name: str
    password: str
    epoch: int
    is_forged: bool = False


@dataclass(frozen=True)
class Begun:
    """A session that there was: whose, and since which opening."""

    session: Session
    owner: UUID
    epoch: int


class SigningIn(RuleBasedStateMachine):
    """Sign-ins as they are used, misused and tampered with, beside what has to hold of them."""

    def __init__(self) -> None:
        super().__init__()
        self._closing = ExitStack()
        folder = Path(tempfile.mkdtemp())
        self._closing.callback(shutil.rmtree, folder)
        place = Place(f"sqlite:///{folder / 'log.sqlite'}", folder)
        self.house = self._closing.enter_context(housed(place, now=FOUNDED, found=True))
        gate = Gate(self.house)
        self.gates = [gate, gate.another()]
        self.forged = PasswordHasher.from_parameters(CHEAPEST).hash(FORGED)
        self.hers: dict[UUID, Hers] = {}
        self.known: set[UUID] = set()
        self.begun: list[Begun] = []
        self.alive: set[str] = set()
        """Tokens that must be good; of those that a tampered row has, nothing is promised."""
        self.kept: list[dict[str, Any]] = []
        self.epochs = 0

    def teardown(self) -> None:
        self._closing.close()

    def owner_of(self, name: str) -> UUID | None:
        same = (who for who, hers in self.hers.items() if hers.name.lower() == name.lower())
        return next(same, None)

    def succeeds(self, attempt: Any) -> Any:
        """Return what an attempt returns, None where it is refused."""
        try:
            return attempt() or True
        except ActRefused:
            return None

    def end_all(self, owner: UUID) -> None:
        ended = {each.session.token for each in self.begun if each.owner == owner}
        self.alive -= ended

    @rule(who=who, name=names, password=passwords)
    def register(self, who: UUID, name: str, password: str) -> None:
        may = who not in self.known and self.owner_of(name) is None
        done = self.succeeds(lambda: self.gates[0].register(who, name, password))
        assert bool(done) == may
        if done:
            self.epochs += 1
            self.known.add(who)
            self.hers[who] = Hers(name, password, self.epochs)

    @rule(number=st.integers(0, 1), name=names, password=st.sampled_from([*PASSWORDS, FORGED]))
    def sign_in(self, number: int, name: str, password: str) -> None:
        self.house.clock.advance(minutes=15)  # nobody is slowed down here
        owner = self.owner_of(name)
        hers = None if owner is None else self.hers[owner]
        may = hers is not None and not hers.is_forged and hers.password == password
        session = self.succeeds(lambda: self.gates[number].sign_in(name, password))
        assert bool(session) == may
        if session and owner is not None and hers is not None:
            assert session.signed.volunteer == owner
            self.begun.append(Begun(session, owner, hers.epoch))
            self.alive.add(session.token)

    @precondition(lambda self: self.begun)
    @rule(number=numbers)
    def sign_out(self, number: int) -> None:
        token = self.begun[number % len(self.begun)].session.token
        self.gates[1].sign_ins.sign_out(token)
        self.alive.discard(token)

    @precondition(lambda self: self.begun)
    @rule(number=numbers, old=passwords, new=passwords)
    def change_password(self, number: int, old: str, new: str) -> None:
        self.house.clock.advance(minutes=15)
        begun = self.begun[number % len(self.begun)]
        hers = self.hers.get(begun.owner)
        may = hers is not None and not hers.is_forged and hers.password == old != new

        def change() -> None:
            self.gates[0].sign_ins.change_password(begun.session.signed, old, new)

        assert bool(self.succeeds(change)) == may
        if hers is not None and may:
            self.epochs += 1
            self.hers[begun.owner] = Hers(hers.name, new, self.epochs)
            self.end_all(begun.owner)

    @precondition(lambda self: self.begun)
    @rule(number=numbers)
    def close(self, number: int) -> None:
        begun = self.begun[number % len(self.begun)]
        signed = begun.session.signed
        close = self.gates[1].invitations.close
        done = self.succeeds(lambda: close(signed.caller, signed.sign_in, Ground.OWN_REQUEST))
        assert bool(done) == (self.hers.pop(begun.owner, None) is not None)
        self.end_all(begun.owner)

    @rule(who=who)
    def forge_a_password(self, who: UUID) -> None:
        """The database's owner puts a password of his in the place of hers."""
        self.gates[0].as_dba(
            "UPDATE credentials SET encoded = :forged, digest = :digest WHERE sign_in = :it",
            forged=self.forged,
            digest=credential_digest(self.forged),
            it=sign_in_stream(who),
        )
        if who in self.hers:
            self.hers[who].is_forged = True

    @rule()
    def keep_the_sessions(self) -> None:
        with self.house.ledger.engine.connect() as connection:
            rows = connection.execute(sessions.select()).all()
        self.kept = [dict(row._mapping) for row in rows]

    @rule()
    def put_the_sessions_back(self) -> None:
        """Rows of before come back: signed out, of another password, of who was closed out."""
        with self.house.ledger.engine.begin() as connection:
            connection.execute(sessions.delete())
            if self.kept:
                connection.execute(sessions.insert(), self.kept)
        self.alive.clear()

    @rule(who=who)
    def turn_every_session_to_somebody(self, who: UUID) -> None:
        self.gates[0].as_dba("UPDATE sessions SET sign_in = :it", it=sign_in_stream(who))
        self.alive.clear()

    @rule()
    def lengthen_every_session(self) -> None:
        self.gates[0].as_dba("UPDATE sessions SET expires_at = expires_at + 3600")
        self.alive.clear()

    @invariant()
    def a_session_is_hers_under_the_password_in_force(self) -> None:
        now = self.house.clock()
        for each in self.begun:
            found = [gate.sign_ins.find(each.session.token) for gate in self.gates]
            assert found[0] == found[1]
            if found[0] is not None:
                assert found[0].volunteer == each.owner
                assert self.hers[each.owner].epoch == each.epoch
                assert now < each.session.expires_at
            elif now < each.session.expires_at:
                assert each.session.token not in self.alive


TestSigningIn = SigningIn.TestCase
TestSigningIn.settings = settings(max_examples=12, stateful_step_count=25, deadline=None)

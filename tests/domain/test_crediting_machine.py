"""Random lives of many records and a few volunteers: what must hold, holds after every step."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ledger.domain import account, crediting, record
from ledger.domain.account import Account, AccountEvent, Joined, absorb, separate
from ledger.domain.codes import Channel
from ledger.domain.event import Act, Actor, Happened
from ledger.domain.interval import Interval
from ledger.domain.record import (
    AcceptAmendment,
    AmendmentAccepted,
    ApproveRecord,
    ConfirmRecord,
    CreditingCommand,
    DecideObjection,
    ObjectionDecided,
    ObjectionKind,
    ProposeAmendment,
    ProposeVoiding,
    PublicizeRecord,
    RaiseObjection,
    Record,
    RecordApproved,
    RecordConfirmed,
    RecordEvent,
    RecordVoided,
    RejectAmendment,
    ReplyToAmendment,
    ResubmitRecord,
    ReturnRecord,
    Service,
    Stage,
    SubmitRecord,
    Surroundings,
    VoidRecord,
)
from ledger.domain.refusal import Refused
from ledger.domain.volunteer.state import Volunteer
from tests.domain.story import SHOWN
from tests.domain.town import (
    ABOVE,
    AROUND,
    BOTH,
    HERSELF,
    NEIGHBOUR,
    RECORDER,
    REVIEWER,
    SECOND_RECORDER,
    SERVICE,
    SUPERVISOR,
    SYSTEM,
    VOLUNTEER,
    beijing,
    employer,
)

PEOPLE = {each: replace(VOLUNTEER, id=each) for each in (HERSELF.id, NEIGHBOUR.id)}
CHOICE = st.integers(0, 99)
RECORDERS = st.sampled_from([RECORDER, SECOND_RECORDER, BOTH])
STAFF = st.sampled_from([REVIEWER, ABOVE, SUPERVISOR, BOTH, RECORDER])
ANYBODY = st.sampled_from([REVIEWER, ABOVE, HERSELF, NEIGHBOUR, SUPERVISOR, BOTH, RECORDER])
CONFIRMING = (RecordConfirmed, RecordApproved, AmendmentAccepted, RecordVoided)

SERVICES = st.builds(
    lambda day, start, length, rest: replace(
        SERVICE,
        start=beijing(f"2026-11-{day:02} 08:00") + timedelta(minutes=30 * start),
        end=beijing(f"2026-11-{day:02} 08:00") + timedelta(minutes=30 * (start + length)),
        break_minutes=rest,
    ),
    st.integers(19, 20),
    st.integers(0, 28),
    st.integers(1, 30),
    st.sampled_from([0, 0, 15]),
)


class Lives(RuleBasedStateMachine):
    """Everything that a ledger's people can ask for, in any order, by anybody."""

    @initialize(services=st.lists(SERVICES, min_size=3, max_size=8))
    def begin(self, services: list[Service]) -> None:
        """Begin with records whose publicity is over, some of them of the same hours."""
        self.now = SHOWN
        self.step = 0
        self.records: dict[UUID, Record] = {}
        self.histories: dict[UUID, list[tuple[Any, Happened]]] = {}
        self.accounts: dict[UUID, Account] = {each: Account.of(each) for each in PEOPLE}
        self.into: dict[UUID, UUID] = {}
        for number, service in enumerate(services):
            of = [*PEOPLE][number % 2]
            self.enter(by=[RECORDER, BOTH][number % 2], named=RECORDER, of=of, service=service)
            self.publicize(5 * number + 1, SYSTEM)
        self.wait(4)
        for number in range(0, len(services), 2):
            self.confirm(5 * number + 1, REVIEWER)

    @rule(by=RECORDERS, named=RECORDERS, of=st.sampled_from([*PEOPLE]), service=SERVICES)
    def enter(self, by: Actor, named: Actor, of: UUID, service: Service) -> None:
        command = SubmitRecord(
            record=self.fresh(),
            recorder=named.id if self.step % 4 == 0 else by.id,
            channel=Channel.TYPED,
            service=service,
        )
        fresh = 12_000 if self.step % 5 == 0 else 0
        around = replace(self.around(of, by), actor_minutes=fresh)
        self.happen(command.record, record.decide(None, command, Act(by, self.now), around), by)

    @rule(choice=CHOICE, by=RECORDERS, service=SERVICES)
    def enter_anew(self, choice: int, by: Actor, service: Service) -> None:
        command = ResubmitRecord(recorder=by.id, channel=Channel.TYPED, service=service)
        self.ask(self.choose(choice, Stage.RETURNED), by, command)

    @rule(choice=CHOICE, by=st.sampled_from([SYSTEM, RECORDER, HERSELF]))
    def publicize(self, choice: int, by: Actor) -> None:
        self.ask(self.choose(choice, Stage.SUBMITTED), by, PublicizeRecord())

    @rule(choice=CHOICE, by=STAFF)
    def send_back(self, choice: int, by: Actor) -> None:
        if choice % 4 == 0:  # or little else would ever happen
            chosen = self.choose(choice, Stage.PUBLICIZED, Stage.HELD)
            self.ask(chosen, by, ReturnRecord(reason="退回"))

    @rule(choice=CHOICE, by=st.sampled_from([HERSELF, NEIGHBOUR, REVIEWER]))
    def object_to(self, choice: int, by: Actor) -> None:
        command = RaiseObjection(
            objection=self.fresh(), objector=by.id, kind=ObjectionKind.OTHER, text="异议"
        )
        self.ask(self.choose(choice, Stage.PUBLICIZED, Stage.HELD), by, command)

    @rule(choice=CHOICE, by=STAFF, upheld=st.booleans())
    def decide_objection(self, choice: int, by: Actor, *, upheld: bool) -> None:
        objected = [each for each in self.records.values() if each.objections]
        if objected:
            chosen = objected[choice % len(objected)]
            objection = chosen.objections[0].id
            self.ask(
                chosen, by, DecideObjection(objection=objection, upheld=upheld, reason="查")
            )

    @rule(choice=CHOICE, by=ANYBODY, service=SERVICES)
    def propose(self, choice: int, by: Actor, service: Service) -> None:
        command = ProposeAmendment(amendment=self.fresh(), service=service, reason="错")
        self.ask(self.choose(choice, Stage.CONFIRMED), by, command)

    @rule(choice=CHOICE, by=ANYBODY)
    def propose_voiding(self, choice: int, by: Actor) -> None:
        command = ProposeVoiding(amendment=self.fresh(), reason="错")
        self.ask(self.choose(choice, Stage.CONFIRMED, Stage.RETURNED), by, command)

    @rule(choice=CHOICE, by=st.sampled_from([HERSELF, NEIGHBOUR]))
    def reply(self, choice: int, by: Actor) -> None:
        chosen = self.choose_proposed(choice)
        if chosen and chosen.amendment:
            command = ReplyToAmendment(amendment=chosen.amendment.id, text="好")
            self.ask(chosen, by, command)

    @rule(choice=CHOICE, by=STAFF)
    def answer(self, choice: int, by: Actor) -> None:
        """Accept what is proposed, or reject it."""
        chosen = self.choose_proposed(choice)
        if chosen is None or chosen.amendment is None:
            return
        amendment = chosen.amendment.id
        if choice % 7 == 1:
            self.ask(chosen, by, RejectAmendment(amendment=amendment, reason="否"))
        elif chosen.amendment.service is None:
            self.credit(chosen, by, VoidRecord(amendment=amendment, reason="废"))
        else:
            self.credit(chosen, by, AcceptAmendment(amendment=amendment))

    @rule(choice=CHOICE, by=ANYBODY)
    def confirm(self, choice: int, by: Actor) -> None:
        self.credit(self.choose(choice, Stage.PUBLICIZED), by, ConfirmRecord())

    @rule(choice=CHOICE, by=STAFF)
    def approve(self, choice: int, by: Actor) -> None:
        self.credit(self.choose(choice, Stage.HELD), by, ApproveRecord(reason="核"))

    @rule(days=st.sampled_from([1, 4, 9]))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule()
    def merge_or_separate(self) -> None:
        kept, gone = (self.accounts[each] for each in PEOPLE)
        answer = separate(kept, gone) if self.into else absorb(kept, gone)
        if isinstance(answer, Joined):
            self.into = {} if self.into else {gone.volunteer: kept.volunteer}
            self.append(kept.volunteer, answer.kept, REVIEWER)
            self.append(gone.volunteer, answer.merged, REVIEWER)

    def choose(self, choice: int, *stages: Stage) -> Record | None:
        """Choose a record: mostly one that stands where the next step can be taken."""
        choice, odd = divmod(choice, 5)
        fitting = [each for each in self.records.values() if each.stage in stages]
        among = [*self.records.values()] if odd == 0 or not fitting else fitting
        return among[choice % len(among)] if among else None

    def choose_proposed(self, choice: int) -> Record | None:
        proposed = [each for each in self.records.values() if each.amendment]
        return proposed[choice % len(proposed)] if proposed else None

    def fresh(self) -> UUID:
        self.step += 1
        return UUID(int=0x20_000 + self.step)

    def around(self, of: UUID, by: Actor) -> Surroundings:
        volunteer: Volunteer = replace(PEOPLE[of], into=self.into.get(of))
        return replace(AROUND, volunteer=volunteer, acting=employer(by))

    def ask(self, chosen: Record | None, by: Actor, command: Any) -> None:
        if chosen is not None:
            around = self.around(chosen.volunteer, by)
            answer = record.decide(chosen, command, Act(by, self.now), around)
            self.happen(chosen.id, answer, by)

    def credit(self, chosen: Record | None, by: Actor, command: CreditingCommand) -> None:
        if chosen is None:
            return
        owner = self.into.get(chosen.volunteer, chosen.volunteer)
        around = self.around(chosen.volunteer, by)
        act = Act(by, self.now)
        answer = crediting.decide(chosen, self.accounts[owner], command, act, around)
        if not isinstance(answer, Refused):
            self.happen(chosen.id, answer.record, by)
            self.append(owner, answer.account, by)

    def happen(
        self, stream: UUID, answer: tuple[RecordEvent, ...] | Refused, by: Actor
    ) -> None:
        if isinstance(answer, Refused):
            return
        for event in answer:
            happened = self.log(stream, event, by)
            self.records[stream] = record.evolve(self.records.get(stream), event, happened)

    def append(self, stream: UUID, events: tuple[AccountEvent, ...], by: Actor) -> None:
        for event in events:
            happened = self.log(stream, event, by)
            self.accounts[stream] = account.evolve(self.accounts[stream], event, happened)

    def log(self, stream: UUID, event: Any, by: Actor) -> Happened:
        history = self.histories.setdefault(stream, [])
        happened = Happened(by, self.now, len(history) + 1)
        history.append((event, happened))
        return happened

    @invariant()
    def what_is_credited_is_exactly_what_is_confirmed(self) -> None:
        credited = {
            each.record: (each.recorded_for, each.start, each.end, each.minutes)
            for held in self.accounts.values()
            for each in held.credits
        }
        assert credited == {
            each.id: (
                each.volunteer,
                each.service.start,
                each.service.end,
                each.service.minutes,
            )
            for each in self.records.values()
            if each.stage is Stage.CONFIRMED
        }

    @invariant()
    def no_instant_of_one_account_counts_twice(self) -> None:
        for held in self.accounts.values():
            intervals = [Interval(each.start, each.end) for each in held.credits]
            assert all(before.end <= after.start for before, after in pairwise(intervals))

    @invariant()
    def a_total_is_the_sum_of_its_days(self) -> None:
        for held in self.accounts.values():
            days = {each.day for each in held.credits}
            assert held.total_minutes == sum(held.minutes_on(day) for day in days)

    @invariant()
    def what_was_held_counts_only_with_an_approval(self) -> None:
        for each in self.records.values():
            if each.is_credited:
                assert bool(each.awaits) is (each.approver is not None)

    @invariant()
    def nobody_decided_about_her_own_entry_or_proposal(self) -> None:
        for stream in self.records:
            recorders, proposer = set(), None
            for event, happened in self.histories[stream]:
                recorders |= {getattr(event, "recorder", None)} - {None}
                if isinstance(event, record.AmendmentProposed | record.VoidingProposed):
                    proposer = happened.by.id
                if isinstance(event, (*CONFIRMING, ObjectionDecided)):
                    assert happened.by.id not in recorders
                if isinstance(event, AmendmentAccepted | RecordVoided):
                    assert happened.by.id != proposer

    @invariant()
    def replay_equals_live(self) -> None:
        for stream, live in self.records.items():
            state: Record | None = None
            for event, happened in self.histories[stream]:
                state = record.evolve(state, event, happened)
            assert state == live
        for stream, held in self.accounts.items():
            kept: Account | None = None
            for event, happened in self.histories.get(stream, []):
                kept = account.evolve(kept, event, happened)
            assert (kept or Account.of(stream)) == held


TestLives = Lives.TestCase
TestLives.settings = settings(stateful_step_count=50, deadline=None)


def test_the_machine_reaches_what_it_is_about() -> None:
    """Nothing above would fail if every command were refused."""
    lives = Lives()
    lives.begin([SERVICE])
    (only,) = lives.records.values()
    assert only.stage is Stage.CONFIRMED
    lives.propose(1, HERSELF, replace(SERVICE, break_minutes=0))
    lives.answer(2, ABOVE)
    assert lives.accounts[HERSELF.id].total_minutes == 180
    lives.merge_or_separate()
    lives.propose_voiding(1, HERSELF)
    lives.answer(2, REVIEWER)
    (only,) = lives.records.values()
    assert only.stage is Stage.VOIDED

"""Random lives through the use cases: many people, two processes, days passing.

Whatever is asked for, in whichever order and by whom, what `tests.application.lively` checks
holds after every step; at the end the log is sound and the views are what it makes of them.
"""

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ledger.application.callers import Caller
from ledger.application.desk import ActRefused
from ledger.application.entering import enter_record, publicize_record, resubmit_record
from ledger.application.forms.record import (
    AmendmentForm,
    ObjectionDecisionForm,
    ObjectionForm,
    RecordForm,
    ResubmissionForm,
    VoidingForm,
)
from ledger.application.forms.volunteer import MergeForm, SeparationForm
from ledger.application.merging import merge, separate
from ledger.application.office import Office
from ledger.application.reading import HiddenError
from ledger.application.reviewing import Reviewing
from ledger.application.states import RECORD
from ledger.domain.record import Record, Stage
from tests.application.homes import TownBase
from tests.application.lively import (
    ABOVE,
    EVERYBODY,
    NOBODY,
    RECORDERS,
    REVIEWERS,
    Lively,
    Team,
    accounts_of,
    check_credits,
    check_end,
    check_objectors,
    check_second_person,
    check_views,
    enlivened,
    humans,
    opened,
    records_of,
    views_differ,
)
from tests.application.serving import SERVICE, record_said
from tests.application.volunteering import GROUND

CHOICE = st.integers(0, 999)
STEPS = 30
SERVICES = st.builds(
    lambda day, start, length, rest: {
        **SERVICE,
        "start": f"2026-11-{day:02}T{start:02}:00+08:00",
        "end": f"2026-11-{day:02}T{start + length:02}:00+08:00",
        "break_minutes": rest,
    },
    st.integers(19, 20),
    st.integers(8, 16),
    st.integers(1, 6),
    st.sampled_from([0, 0, 15]),
)


def confirmed(by: Caller, record: UUID, office: Office) -> UUID:
    """Confirm a record; return it."""
    return Reviewing(office).confirm(by, record).value


class Lives(RuleBasedStateMachine):
    """Everything that the town's people can ask for, in any order, by anybody."""

    def __init__(self, lively: Lively, done: dict[str, int]) -> None:
        super().__init__()
        self.lively, self.done = lively, done
        self.folder = Path(mkdtemp(prefix="life-"))
        self.open = ExitStack()
        self.open.callback(shutil.rmtree, self.folder)
        shutil.copytree(lively.folder, self.folder / "town")
        self.house = self.open.enter_context(opened(self.folder / "town"))
        self.offices = (self.house.office, self.house.another_office())
        self.fresh = self.house.another_office()
        self.records: list[UUID] = []
        self.standing: dict[UUID, Record] = {}
        self.changed: set[UUID] = set()

    @initialize(services=st.lists(SERVICES, min_size=4, max_size=7))
    def begin(self, services: list[dict[str, Any]]) -> None:
        """Begin with records whose publicity is over, some of them confirmed."""
        for number, service in enumerate(services):
            by = self.lively.named(RECORDERS[number % 3][0])
            self.enter_in(number % 3, (number + number // 3) % 3, number, by, service)
        for number, record in enumerate(self.records):
            by = self.lively.named(RECORDERS[number % 3][0])
            publicize_record(self.offices[number % 2], by, record)
        self.wait(9)
        for number, record in enumerate(self.records[::2]):
            by = self.lively.named(REVIEWERS[2 * number % 3][1])
            self.attempt(number, partial(confirmed, by, record))

    @rule(choice=CHOICE, service=SERVICES)
    def enter(self, choice: int, service: dict[str, Any]) -> None:
        number = choice % 3
        by = self.person(choice // 3, *RECORDERS[number])
        self.enter_in(number, choice // 9 % 3, choice, by, service)

    @precondition(lambda self: self.there_is(Stage.SUBMITTED))
    @rule(choice=CHOICE)
    def publicize(self, choice: int) -> None:
        chosen, by = self.choose(choice, RECORDERS, Stage.SUBMITTED)
        self.on(choice, chosen, lambda office, it: publicize_record(office, by, it.id))

    @precondition(lambda self: self.there_is(Stage.RETURNED))
    @rule(choice=CHOICE, service=SERVICES)
    def resubmit(self, choice: int, service: dict[str, Any]) -> None:
        chosen, by = self.choose(choice, RECORDERS, Stage.RETURNED)
        form = ResubmissionForm.model_validate(service)
        self.on(choice, chosen, lambda office, it: resubmit_record(office, by, it.id, form))

    @rule(choice=CHOICE)
    def object_to(self, choice: int) -> None:
        chosen, by = self.choose(choice, NOBODY, Stage.PUBLICIZED, Stage.HELD)
        form = ObjectionForm.model_validate({"kind": "other", "text": "异议"})
        self.on(choice, chosen, lambda office, it: Reviewing(office).object_to(by, it.id, form))

    @precondition(lambda self: any(each.objections for each in self.standing.values()))
    @rule(choice=CHOICE, upheld=st.booleans())
    def decide(self, choice: int, upheld: bool) -> None:
        stages = (Stage.PUBLICIZED, Stage.HELD, Stage.RETURNED, Stage.VOIDED)
        chosen, by = self.choose(choice, REVIEWERS, *stages)
        form = ObjectionDecisionForm.model_validate({"upheld": upheld, "reason": "查"})

        def act(office: Office, it: Record) -> Any:
            named = it.objections[0].id if it.objections else UUID(int=choice)
            return Reviewing(office).decide_objection(by, it.id, named, form)

        self.on(choice, chosen, act)

    @rule(choice=CHOICE)
    def send_back(self, choice: int) -> None:
        chosen, by = self.choose(choice, REVIEWERS, Stage.PUBLICIZED, Stage.HELD)
        if choice % 3 == 0:  # or little else would ever happen
            self.on(
                choice,
                chosen,
                lambda office, it: Reviewing(office).return_record(by, it.id, "退回"),
            )

    @rule(choice=CHOICE)
    def confirm(self, choice: int) -> None:
        chosen, by = self.choose(choice, REVIEWERS, Stage.PUBLICIZED)
        self.on(choice, chosen, lambda office, it: Reviewing(office).confirm(by, it.id))

    @precondition(lambda self: self.there_is(Stage.HELD))
    @rule(choice=CHOICE)
    def approve(self, choice: int) -> None:
        chosen, by = self.choose(choice, ABOVE, Stage.HELD)
        self.on(choice, chosen, lambda office, it: Reviewing(office).approve(by, it.id, "核"))

    @rule(choice=CHOICE, service=SERVICES)
    def propose(self, choice: int, service: dict[str, Any]) -> None:
        chosen, by = self.choose(choice, (RECORDERS, REVIEWERS)[choice % 2], Stage.CONFIRMED)
        form = AmendmentForm.model_validate(service | {"reason": "错"})

        def act(office: Office, it: Record) -> Any:
            reviewing = Reviewing(office)
            named = reviewing.propose_amendment(by, it.id, form).value
            # She answers at once, or not at all.
            if choice % 2:
                reviewing.reply(self.lively.herself(it.volunteer), it.id, named, "好")

        self.on(choice, chosen, act)

    @rule(choice=CHOICE)
    def propose_voiding(self, choice: int) -> None:
        chosen, by = self.choose(choice, REVIEWERS, Stage.CONFIRMED, Stage.RETURNED)
        form = VoidingForm.model_validate({"reason": "错"})
        self.on(
            choice,
            chosen,
            lambda office, it: Reviewing(office).propose_voiding(by, it.id, form),
        )

    @precondition(lambda self: any(each.amendment for each in self.standing.values()))
    @rule(choice=CHOICE)
    def answer(self, choice: int) -> None:
        """Accept what is proposed, or reject it."""
        proposed = [each for each in self.standing.values() if each.amendment]
        chosen = proposed[choice % len(proposed)]
        if chosen.amendment is None:
            return
        named, is_voiding = chosen.amendment.id, chosen.amendment.service is None
        by = self.person(
            choice, *self.lively.team(chosen, REVIEWERS), *self.lively.team(chosen, ABOVE)
        )

        def act(office: Office, it: Record) -> Any:
            if choice % 7 == 1:
                return Reviewing(office).reject(by, it.id, named, "否")
            if is_voiding:
                return Reviewing(office).void(by, it.id, named, "废")
            return Reviewing(office).accept(by, it.id, named)

        self.on(choice, chosen, act)

    @rule(choice=CHOICE)
    def merge_or_separate(self, choice: int) -> None:
        by = self.person(choice, "district_head")
        volunteers = self.lively.volunteers
        one, other = volunteers[choice % 3], volunteers[(choice // 3) % 3]
        if one == other:
            return
        into = MergeForm.model_validate({"into": str(other), **GROUND})
        out_of = SeparationForm.model_validate({"out_of": str(other), **GROUND})

        def act(office: Office) -> Any:
            if choice % 2:
                return merge(office, by, one, into)
            return separate(office, by, one, out_of)

        self.attempt(choice, act)

    @rule(days=st.sampled_from([1, 4, 9]))
    def wait(self, days: int) -> None:
        self.house.clock.advance(days=days)

    def enter_in(
        self, activity: int, volunteer: int, choice: int, by: Caller, service: dict[str, Any]
    ) -> None:
        lively = self.lively
        said = record_said(lively.activities[activity], lively.volunteers[volunteer], **service)
        form = RecordForm.model_validate(said)
        entered = self.attempt(choice, lambda office: enter_record(office, by, form).value)
        if entered is not None:
            self.records.append(entered)
            self.changed.add(entered)

    def attempt(self, choice: int, act: Callable[[Office], Any]) -> Any:
        """Let one of two processes do it; None where it is refused."""
        size = len(self.house.ledger.seqs())
        try:
            done = act(self.offices[choice % 2])
        except (ActRefused, HiddenError):
            types = [row.topic for row in self.house.ledger.rows()[size:]]
            assert types == ["act.refused"]
            return None
        self.done["any"] = self.done.get("any", 0) + 1
        return done

    def on(
        self, choice: int, chosen: Record | None, act: Callable[[Office, Record], Any]
    ) -> None:
        if chosen is not None:
            self.attempt(choice, lambda office: act(office, chosen))
            self.changed.add(chosen.id)

    def person(self, choice: int, *fitting: str) -> Caller:
        """Return somebody: mostly one who may."""
        odd, number = divmod(choice, 4)
        if number == 0 and odd % 3 == 0:
            return self.lively.herself(self.volunteer(odd))
        among = EVERYBODY if number == 0 or not fitting else fitting
        return self.lively.named(among[odd % len(among)])

    def volunteer(self, choice: int) -> UUID:
        return self.lively.volunteers[(choice // 3) % 3]

    def choose(self, choice: int, team: Team, *stages: Stage) -> tuple[Record | None, Caller]:
        """Choose a record, mostly one for which it is time, and somebody for it."""
        records = [*self.standing.values()]
        number, odd = divmod(choice, 5)
        fit = [each for each in records if each.stage in stages]
        among = records if odd == 0 or not fit else fit
        if not among:
            return None, self.person(choice)
        chosen = among[number % len(among)]
        return chosen, self.person(choice, *self.lively.team(chosen, team))

    def there_is(self, stage: Stage) -> bool:
        return any(each.stage is stage for each in self.standing.values())

    @invariant()
    def what_holds(self) -> None:
        # In the order of their entry: that of a set of ids is another one each time.
        changed = [each for each in self.records if each in self.changed]
        for each in records_of(self.fresh, changed):
            self.standing[each.id] = each
        records = [*self.standing.values()]
        accounts = accounts_of(self.fresh, self.lively.volunteers)
        check_credits(records, accounts)
        check_views(self.house, records, accounts)
        for each in records:
            if each.id in self.changed:
                herself = humans(self.fresh, self.lively, each.volunteer)
                history = self.fresh.states.events(RECORD, each.id)
                check_second_person(history, herself)
                check_objectors(history, self.lively)
                check_end(history)
        self.changed.clear()

    def teardown(self) -> None:
        with self.open:
            for office in self.offices:
                for record in self.records:
                    office.states.forget([record])
                    known = office.states.get(RECORD, record)
                    assert known == self.fresh.states.at(RECORD, record, size=None)
            assert views_differ(self.house, self.folder) == []
            assert self.house.ledger.codes() == []


@pytest.fixture(scope="module")
def lively(sqlite_town: TownBase, tmp_path_factory: pytest.TempPathFactory) -> Lively:
    return enlivened(sqlite_town, tmp_path_factory.mktemp("lively") / "town")


def test_whatever_happens_what_counts_was_confirmed_by_another(lively: Lively) -> None:
    done: dict[str, int] = {}
    run_state_machine_as_test(
        partial(Lives, lively, done),  # type: ignore[arg-type]
        settings=settings(
            max_examples=settings().max_examples // 16,
            stateful_step_count=STEPS,
            deadline=None,
        ),
    )
    assert done["any"] > 0

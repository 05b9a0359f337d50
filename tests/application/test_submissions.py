"""Signed submissions through the use cases: proved, idempotent, all or none, or one by one."""

import json
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from ledger.application import staffing
from ledger.application.callers import as_key
from ledger.application.desk import ActRefused, Done, Wanted
from ledger.application.forms.staff import KeyForm, KeyRevocationForm
from ledger.application.key_holders import UnprovenSignatureError
from ledger.application.reading import HiddenError
from ledger.application.signed_body import UnusableSubmissionError, parse_body, read_manifest
from ledger.application.states import ORGANIZATION, RECORD, SUBMISSION, States
from ledger.application.states import VOLUNTEER as VOLUNTEER_KIND
from ledger.application.submission_attempt import Attempt, Turn, prefetch
from ledger.application.submissions import Apart, Outcome, Submissions
from ledger.domain.codes import Channel
from ledger.domain.record import RecordSubmitted
from ledger.domain.record.codes import Signal
from ledger.domain.submissions import StatementKept, SubmissionReceived
from ledger.store.stream_opening import StoredEvent
from tests.application.house import House, codes_of
from tests.application.serving import activity_said, record_said
from tests.application.signing import private_key, submission
from tests.application.town import STREET, Town, public_key
from tests.application.volunteering import ENTRY, NOTICE, OUYANG, WANG

ADDRESS = "192.0.2.7"
ACTIVITY, VOLUNTEER, SECOND = (UUID(int=number) for number in (0xAC1, 0x701, 0x702))


@dataclass(frozen=True)
class System:
    """The entrusted organization's system: signs with its key, and sends."""

    house: House
    town: Town
    submissions: Submissions

    def bytes_of(self, *items: Mapping[str, Any], **members: Any) -> bytes:
        iat = int(self.house.clock().timestamp())
        said: dict[str, Any] = {"iat": iat, "jti": "jti-00000001"} | members
        kid = str(self.town.key.actor.id)
        return submission(self.town.private_key, kid, items, **said)

    def send(self, *items: Mapping[str, Any], **members: Any) -> Outcome:
        return self.submissions.receive(self.bytes_of(*items, **members), ADDRESS)

    def volunteer(self, volunteer: UUID, said: Mapping[str, Any] = WANG) -> dict[str, Any]:
        return {
            "act": "volunteer.register",
            "id": str(volunteer),
            "particulars": said,
            "policy": NOTICE,
            "consents": [ENTRY],
        }

    def activity(self, **changes: Any) -> dict[str, Any]:
        said = activity_said(division=STREET, **changes)
        return {"act": "activity.register", "id": str(ACTIVITY), **said}

    def record(self, volunteer: UUID = VOLUNTEER, **changes: Any) -> dict[str, Any]:
        recorder = str(self.town.entrusted_recorder.actor.id)
        said = record_said(ACTIVITY, volunteer, recorder=recorder, **changes)
        return {"act": "record.submit", **said}

    def prepared(self) -> "System":
        """Register the activity and two volunteers."""
        items = (self.activity(), self.volunteer(VOLUNTEER), self.volunteer(SECOND, OUYANG))
        self.send(*items, jti="jti-preparing")
        return self


@pytest.fixture
def system(house: House, town: Town) -> System:
    return System(house, town, Submissions(house.office, house.refusals)).prepared()


def test_one_submission_registers_and_records_together(system: System) -> None:
    outcome = system.send(system.record(), jti="jti-together-2")
    (item,) = outcome.items
    assert item.thing is not None
    state = system.house.office.states.get(RECORD, item.thing).state
    assert state is not None
    assert (state.volunteer, state.service.minutes) == (VOLUNTEER, 150)


def test_a_record_says_by_which_signature_it_came(system: System) -> None:
    content = system.bytes_of(system.record())
    outcome = system.submissions.receive(content, ADDRESS)
    thing = outcome.items[0].thing
    assert thing is not None
    entered = system.house.office.states.events(RECORD, thing)[0].event
    assert isinstance(entered, RecordSubmitted)
    assert entered.channel is Channel.API
    assert entered.submission_digest == parse_body(content).digest
    received, kept = (
        each.event for each in system.house.office.states.events(SUBMISSION, outcome.submission)
    )
    assert isinstance(received, SubmissionReceived)
    assert isinstance(kept, StatementKept)
    assert received.digest == entered.submission_digest
    assert json.loads(received.jws).keys() == {"payload", "protected", "signature"}
    assert kept.digest == entered.record_digest
    assert kept.text == json.loads(content)["records"][0]
    assert kept.person == VOLUNTEER


def test_the_receipt_proves_every_entry(system: System) -> None:
    outcome = system.send(system.record(), system.record(SECOND))
    types = [each.type for each in outcome.receipt.entries]
    assert types == [
        "record.submitted",
        "record.submitted",
        "submission.received",
        "statement.kept",
        "statement.kept",
    ]
    assert [each.seq for each in outcome.receipt.entries] == list(
        range(outcome.appended.first_seq, outcome.appended.first_seq + 5)
    )


def test_the_same_bytes_lead_to_the_same_receipt(system: System) -> None:
    content = system.bytes_of(system.record())
    first = system.submissions.receive(content, ADDRESS)
    system.send(system.record(SECOND), jti="jti-between-00")
    size = len(system.house.ledger.rows())
    system.house.clock.advance(days=30)
    again = system.submissions.receive(content, ADDRESS)
    assert (again.receipt, again.items, again.is_known) == (first.receipt, first.items, True)
    assert len(system.house.ledger.rows()) == size


@pytest.mark.parametrize("how", ["threads", "together"])
def test_of_many_at_once_each_is_answered_for_itself(system: System, how: str) -> None:
    """Good ones, one twice, a refused one and a forged one, all in the same moment."""
    house = system.house
    good = [
        system.bytes_of(
            system.record(id=str(UUID(int=0x900 + each))),
            jti=f"jti-at-once-{each:02}",
        )
        for each in range(10)
    ]
    refused = system.bytes_of(system.record(UUID(int=0xDEAD)), jti="jti-refused-1")
    forged = good[0].replace(b'"signature": "', b'"signature": "AAAA', 1)
    size = len(house.ledger.rows())

    def received(content: bytes) -> Outcome | Exception:
        try:
            return system.submissions.receive(content, ADDRESS)
        except Exception as error:  # noqa: BLE001 - looked at below
            return error

    asked = [*good, good[3], refused, forged]
    if how == "threads":
        with ThreadPoolExecutor(13) as threads:
            *outcomes, again, no, nobody = threads.map(received, asked)
    else:
        found = system.submissions.receive_all([(each, ADDRESS) for each in asked])
        # What was received twice and what is refused are left to be done by themselves.
        assert [isinstance(each, Apart) for each in found] == [*[False] * 10, True, True, True]
        *outcomes, again, no, nobody = [
            received(content) if isinstance(each, Apart) else each
            for each, content in zip(found, asked, strict=True)
        ]
    taken = [each for each in outcomes if isinstance(each, Outcome)]
    assert [each.items[0].thing for each in taken] == [
        UUID(int=0x900 + each) for each in range(10)
    ]
    assert all(len(each.receipt.entries) == each.appended.count for each in taken)
    assert all(
        each.stream == str(outcome.submission) or each.stream == str(outcome.items[0].thing)
        for outcome in taken
        for each in outcome.receipt.entries
    )
    assert isinstance(again, Outcome)
    assert again.submission == taken[3].submission
    assert [again.is_known, taken[3].is_known].count(True) == 1
    assert isinstance(no, ActRefused)
    assert isinstance(nobody, UnprovenSignatureError | UnusableSubmissionError)
    entries = sum(each.appended.count for each in taken)
    assert len(house.ledger.rows()) >= size + entries + 1


def test_other_bytes_under_the_same_jti_are_refused(system: System) -> None:
    system.send(system.record())
    with pytest.raises(ActRefused) as refused:
        system.send(system.record(SECOND))
    assert codes_of(refused.value) == {"jti_is_used"}
    assert system.house.attempts()[-1].by == system.town.key.actor.text()


def test_another_organizations_jti_is_its_own(system: System) -> None:
    outcome = system.send(system.record())
    strangers = system.town.other_recorder
    for caller in (strangers, replace(strangers, organization=system.town.entrusted)):
        with pytest.raises(HiddenError):
            system.submissions.find(caller, outcome.submission)
        assert system.house.attempts()[-1].act == "submission.read"
    mine = system.submissions.find(system.town.entrusted_recorder, outcome.submission)
    assert mine.receipt == outcome.receipt


def test_one_refused_item_refuses_all(system: System) -> None:
    bad = system.record(SECOND, end="2026-11-20T08:00+08:00")
    size = len(system.house.ledger.rows())
    with pytest.raises(ActRefused) as refused:
        system.send(system.record(), bad)
    (reason,) = refused.value.refused.reasons
    assert (reason.code, reason.about) == ("service_ends_before_start", "records.1.end")
    added = system.house.ledger.rows()[size:]
    assert [row.topic for row in added] == ["act.refused"]


def test_asked_for_item_by_item_the_others_are_accepted(system: System) -> None:
    bad = system.record(SECOND, end="2026-11-20T08:00+08:00")
    outcome = system.send(system.record(), bad, {"act": "record.delete"}, mode="itemised")
    good, ended, unknown = outcome.items
    assert good.thing is not None
    assert [each.code for each in ended.reasons] == ["service_ends_before_start"]
    assert [each.code for each in unknown.reasons] == ["act_is_unknown"]
    again = system.submissions.find(system.town.entrusted_recorder, outcome.submission)
    assert [each.thing for each in again.items] == [good.thing, None, None]
    assert [[reason.code for reason in each.reasons] for each in again.items] == [
        [],
        ["service_ends_before_start"],
        ["act_is_unknown"],
    ]
    refused = [each for each in system.house.attempts() if each.act == "submission.submit"]
    assert [each.codes for each in refused[-2:]] == [
        ("service_ends_before_start",),
        ("act_is_unknown",),
    ]


def test_an_id_of_another_kind_of_thing_is_that_items_refusal_alone(system: System) -> None:
    organization = str(system.town.entrusted)
    outcome = system.send(
        system.record(),
        system.record(SECOND) | {"id": organization},
        system.record(SECOND) | {"activity": organization},
        system.record(UUID(organization)),
        mode="itemised",
    )
    codes = [{reason.code for reason in each.reasons} for each in outcome.items]
    assert codes == [
        set(),
        {"thing_is_another"},
        {"activity_is_missing"},
        {"volunteer_is_unknown"},
    ]


def test_a_new_key_is_known_wherever_its_organization_is_remembered(
    system: System, house: House, town: Town
) -> None:
    elsewhere = house.another_office()
    elsewhere.states.get(ORGANIZATION, town.entrusted)
    said = {"public_key": public_key("new"), "label": "新密钥"}
    form = KeyForm.model_validate(said)
    added = staffing.add_key(house.office, town.entrusted_head, town.entrusted, form).value
    content = submission(
        private_key("new"),
        str(added),
        [system.record()],
        iat=int(house.clock().timestamp()),
        jti="jti-new-key-1",
    )
    outcome = Submissions(elsewhere, house.refusals).receive(content, ADDRESS)
    assert outcome.items[0].thing is not None


def test_a_person_is_registered_once_also_within_one_submission(system: System) -> None:
    twice = system.volunteer(UUID(int=0x703), OUYANG)
    outcome = system.send(twice, system.volunteer(UUID(int=0x704), OUYANG), mode="itemised")
    codes = [reason.code for each in outcome.items for reason in each.reasons]
    assert codes == ["person_is_registered", "person_is_registered"]


def test_a_thousand_records_are_one_act(system: System) -> None:
    items = [
        system.record(
            start=f"2026-11-{1 + number // 60:02}T10:{number % 60:02}+08:00",
            end=f"2026-11-{1 + number // 60:02}T11:{number % 60:02}+08:00",
            break_minutes=0,
        )
        for number in range(1_000)
    ]
    outcome = system.send(*items)
    assert len({each.thing for each in outcome.items}) == 1_000
    assert outcome.appended.count == 2_001


def test_a_key_that_was_revoked_signs_no_more(system: System) -> None:
    form = KeyRevocationForm.model_validate({"reason": "密钥外泄。"})
    key = system.town.key.actor.id
    staffing.revoke_key(
        system.house.office, system.town.entrusted_head, system.town.entrusted, key, form
    )
    with pytest.raises(ActRefused) as refused:
        system.send(system.record())
    assert codes_of(refused.value) == {"key_is_not_in_force"}


def test_a_key_revoked_while_its_submission_is_on_the_way_is_refused_at_the_commit(
    system: System,
) -> None:
    office = system.house.another_office()
    submissions = Submissions(office, system.house.refusals)
    # This process has seen the key in force; another one revokes it.
    office.states.get(ORGANIZATION, system.town.entrusted)
    form = KeyRevocationForm.model_validate({"reason": "密钥外泄。"})
    key = system.town.key.actor.id
    staffing.revoke_key(
        system.house.office, system.town.entrusted_head, system.town.entrusted, key, form
    )
    with pytest.raises(ActRefused) as refused:
        submissions.receive(system.bytes_of(system.record()), ADDRESS)
    assert codes_of(refused.value) == {"key_is_not_in_force"}


def test_a_signature_of_nobody_known_asks_for_nothing(system: System) -> None:
    items, iat = [system.record()], int(system.house.clock().timestamp())
    stranger = submission(private_key("stranger"), str(UUID(int=0x666)), items, iat=iat)
    with pytest.raises(UnprovenSignatureError):
        system.submissions.receive(stranger, ADDRESS)
    kid = str(system.town.key.actor.id)
    forged = submission(private_key("stranger"), kid, items, iat=iat)
    with pytest.raises(UnprovenSignatureError):
        system.submissions.receive(forged, ADDRESS)
    attempt = system.house.attempts()[-1]
    assert attempt.by.startswith("system:")
    assert attempt.codes == ("signature_is_unproven",)


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"aud": "sandbox.ledger.invalid/log/110000"}, "submission_is_for_another_ledger"),
        ({"iat": 0}, "submission_is_stale"),
        ({"iat": 4_000_000_000}, "submission_is_from_the_future"),
        ({"jti": "short"}, "jti_is_malformed"),
        ({"mode": "as you like"}, "choice_is_unknown"),
        ({"role": "administrator"}, "field_is_unexpected"),
        ({"iat": True}, "not_an_integer"),
    ],
)
def test_a_manifest_is_for_this_ledger_and_of_today(
    system: System, members: dict[str, Any], code: str
) -> None:
    with pytest.raises(ActRefused) as refused:
        system.send(system.record(), **members)
    assert codes_of(refused.value) == {code}
    assert system.house.attempts()[-1].by == system.town.key.actor.text()


def test_what_has_no_form_of_a_submission_is_nobodys(system: System) -> None:
    with pytest.raises(UnusableSubmissionError):
        system.submissions.receive(b"{}", ADDRESS)


def test_fields_that_only_the_ledger_knows_are_refused_by_name(system: System) -> None:
    said: dict[str, Any] = {
        "stage": "confirmed",
        "reviewer": str(SECOND),
        "recorded_at": "2026-11-01",
    }
    with pytest.raises(ActRefused) as refused:
        system.send(system.record(**said))
    told = {(each.code, each.about) for each in refused.value.refused.reasons}
    assert told == {("field_is_unexpected", f"records.0.{name}") for name in said}


def test_a_key_speaks_for_its_own_organization_alone(system: System) -> None:
    station = activity_said()
    foreign = {"act": "record.submit", **record_said(UUID(int=0xFFF), VOLUNTEER)}
    with pytest.raises(ActRefused) as refused:
        system.send(foreign)
    assert "activity_is_missing" in codes_of(refused.value)
    outside = {"act": "activity.register", **station, "division": "110105001"}
    with pytest.raises(ActRefused) as refused:
        system.send(outside)
    assert codes_of(refused.value) & {
        "division_outside_entrustment",
        "division_outside_organization",
    }


def test_five_hundred_hours_in_two_minutes_are_held(system: System) -> None:
    """Fault case 41: a stolen key enters faster than anybody serves."""
    limit = 0
    for number in range(5):
        items = [
            system.record(
                start=f"2026-11-{1 + day:02}T08:00+08:00",
                end=f"2026-11-{1 + day:02}T20:00+08:00",
                break_minutes=0,
            )
            for day in range(number * 4, number * 4 + 4)
        ]
        outcome = system.send(*items, jti=f"jti-stolen-{number:04}")
        for each in outcome.items:
            assert each.thing is not None
            state = system.house.office.states.get(RECORD, each.thing).state
            assert state is not None
            limit += "velocity" in [str(signal) for signal in state.signals]
    assert limit > 0


def test_one_turn_counts_what_its_submissions_before_have_entered(system: System) -> None:
    """The views cannot know it yet: the second volunteer of an activity for one is too many."""
    office, small = system.house.office, UUID(int=0xAC2)
    system.send({**system.activity(head_count=1), "id": str(small)}, jti="jti-small-one")
    caller = as_key(UUID(str(system.town.key.actor.id)), system.town.entrusted)
    turn, attempts = Turn(), []
    for number, volunteer in enumerate((VOLUNTEER, SECOND)):
        item = {**system.record(volunteer), "activity": str(small)}
        body = parse_body(system.bytes_of(item, jti=f"jti-one-turn-{number}"))
        attempts.append(Attempt(office, caller, body, read_manifest(body)))
        attempts[-1].join(turn)
    prefetch(office, turn)
    wanted = [Wanted(caller, each.decide, each.stream) for each in attempts]
    done = [each for each in office.desk.try_together(wanted) if isinstance(each, Done)]
    things = [each.value[0].thing for each in done]
    states = [office.states.get(RECORD, each).state for each in things if each is not None]
    signals = [() if each is None else each.signals for each in states]
    assert [Signal.OVER_HEAD_COUNT in each for each in signals] == [False, True]


def test_a_stream_that_cannot_be_read_is_its_own_readers_trouble() -> None:
    """Others whose streams are read beside it do not hear of it."""
    broken = StoredEvent(
        seq=1,
        time=datetime(2026, 11, 20, tzinfo=UTC),
        stream=str(VOLUNTEER),
        version=1,
        type="volunteer.registered",
        shape=99,
        by=f"staff:{SECOND}",
        facts={},
        personal={},
    )

    class Streams:
        def read(self, stream: str) -> Sequence[StoredEvent]:
            return [broken] if stream == str(VOLUNTEER) else []

        def read_many(
            self, streams: Collection[str]
        ) -> Mapping[str, Sequence[StoredEvent] | Exception]:
            return {each: self.read(each) for each in streams}

    states = States(Streams())
    states.prefetch([(VOLUNTEER_KIND, VOLUNTEER), (VOLUNTEER_KIND, SECOND)])
    assert states.get(VOLUNTEER_KIND, SECOND, absent=True).version == 0
    with pytest.raises(KeyError):
        states.get(VOLUNTEER_KIND, VOLUNTEER)

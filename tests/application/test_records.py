"""The life of a record through the use cases: entered, shown, reviewed, amended, counted."""

from uuid import UUID

import pytest

from ledger.application import activities
from ledger.application.callers import Caller, as_volunteer
from ledger.application.desk import ActRefused, Expected, VersionMismatch
from ledger.application.docket import Docket
from ledger.application.entering import publicize_record, resubmit_record
from ledger.application.forms.activity import ChangeForm
from ledger.application.forms.record import (
    AmendmentForm,
    ObjectionDecisionForm,
    ObjectionForm,
    ResubmissionForm,
    VoidingForm,
)
from ledger.application.reading import HiddenError
from ledger.application.record_lists import (
    Paging,
    RecordFilter,
    TaskFilter,
    list_changes,
    list_publicity,
    list_records,
    list_tasks,
    masked_names,
)
from ledger.application.record_reading import read_record, record_history
from ledger.application.states import ACCOUNT, RECORD, SIGN_IN
from ledger.application.streams import account_stream, sign_in_stream
from ledger.domain.access.events import SignInInvited, SignInOpened
from ledger.domain.event import Act
from ledger.domain.record import Stage
from tests.application.homes import ON_SQLITE
from tests.application.house import House, codes_of
from tests.application.serving import REVIEWED, SERVICE, Session, activity_said, begin
from tests.application.town import COMMUNITY, Town
from tests.application.volunteering import OUYANG, registered

LATER = "2026-12-14 09:00"
LONGER = SERVICE | {"end": "2026-11-20T13:00+08:00", "reason": "结束时间填错。"}


@pytest.fixture
def session(house: House, town: Town) -> Session:
    return begin(house, town, house.office)


def reply_until(session: Session, record: UUID) -> object:
    """Return until when the volunteer is told that her reply is waited for."""
    return read_record(session.office, session.herself, record).facts["amendment"][
        "reply_until"
    ]


def stage(session: Session, record: UUID) -> Stage:
    state = session.office.states.get(RECORD, record).state
    assert state is not None
    return state.stage


def minutes(session: Session) -> int:
    account = session.office.states.get(ACCOUNT, account_stream(session.volunteer)).state
    return 0 if account is None else account.total_minutes


def join(session: Session, volunteer: UUID) -> None:
    """Let the station's reviewer sign in as a volunteer too, by one sign-in: one human."""
    sign_in = sign_in_stream(volunteer)
    invited = SignInInvited(
        sign_in=sign_in,
        staff=session.town.reviewer.actor.id,
        volunteer=volunteer,
        invitation="1a" * 32,
        expires_at=session.house.clock(),
        on_behalf_of=session.town.station,
    )
    opened = SignInOpened(sign_in=sign_in, credential="c4" * 32, invitation="1a" * 32)
    docket = Docket(
        session.office.states, Act(as_volunteer(volunteer).actor, session.house.clock())
    )
    docket.add(SIGN_IN, sign_in, (invited, opened))
    session.house.ledger.appender.append(docket.submission(session.office.desk.random_uuid()))


def test_a_record_counts_once_it_was_shown_and_confirmed_by_another_person(
    session: Session,
) -> None:
    record = session.enter()
    assert (stage(session, record), minutes(session)) == (Stage.SUBMITTED, 0)
    publicize_record(session.office, session.town.recorder, record)
    assert stage(session, record) is Stage.PUBLICIZED
    with pytest.raises(ActRefused) as early:
        session.reviewing.confirm(session.town.reviewer, record)
    assert codes_of(early.value) == {"publicity_is_not_over"}
    session.house.clock.set(REVIEWED)
    session.reviewing.confirm(session.town.reviewer, record)
    assert (stage(session, record), minutes(session)) == (Stage.CONFIRMED, 150)


@ON_SQLITE
def test_confirming_and_crediting_are_one_submission(session: Session) -> None:
    record = session.publicized()
    session.house.clock.set(REVIEWED)
    done = session.reviewing.confirm(session.town.reviewer, record)
    rows = session.house.ledger.submission_seqs(done.submission)
    assert len(rows) == done.appended.count == 2


@ON_SQLITE
def test_what_an_entry_leaves_out_is_the_activitys_and_stays_as_it_was(
    session: Session,
) -> None:
    record = session.confirmed()
    said = activity_said(place="景山街道文化站", reason="换了地点。")
    del said["declared"]
    form = ChangeForm.model_validate(said)
    activities.change(session.office, session.town.recorder, session.activity, form)
    service = read_record(session.office, session.herself, record).facts["service"]
    assert (service["place"], service["division"]) == (activity_said()["place"], COMMUNITY)
    later = session.enter(start="2026-11-21T09:00+08:00", end="2026-11-21T10:30+08:00")
    service = read_record(session.office, session.herself, later).facts["service"]
    assert service["place"] == "景山街道文化站"


@ON_SQLITE
def test_nobody_reviews_what_she_entered(session: Session) -> None:
    record = session.publicized()
    session.house.clock.set(REVIEWED)
    with pytest.raises(ActRefused) as refused:
        session.reviewing.confirm(session.town.recorder, record)
    assert "reviewer_is_recorder" in codes_of(refused.value)
    attempt = session.house.attempts()[-1]
    assert attempt.by == session.town.recorder.actor.text()
    assert (attempt.act, attempt.target) == ("record.confirm", record)
    assert "reviewer_is_recorder" in attempt.codes
    assert minutes(session) == 0


@ON_SQLITE
def test_nobody_reviews_her_own_service_as_staff(session: Session) -> None:
    join(session, session.volunteer)
    record = session.publicized()
    session.house.clock.set(REVIEWED)
    with pytest.raises(ActRefused) as refused:
        session.reviewing.confirm(session.town.reviewer, record)
    assert codes_of(refused.value) == {"reviewer_is_volunteer"}


def test_no_two_credits_of_one_person_overlap(session: Session) -> None:
    first = session.publicized()
    second = session.publicized(start="2026-11-20T11:59+08:00", end="2026-11-20T14:00+08:00")
    session.house.clock.set(REVIEWED)
    session.reviewing.confirm(session.town.reviewer, first)
    with pytest.raises(ActRefused) as refused:
        session.reviewing.confirm(session.town.reviewer, second)
    assert codes_of(refused.value) == {"credit_overlaps"}
    assert minutes(session) == 150


@ON_SQLITE
def test_an_upheld_objection_returns_a_record_which_is_entered_anew(session: Session) -> None:
    record = session.publicized()
    form = ObjectionForm.model_validate({"kind": "wrong_time", "text": "只到十一点。"})
    objection = session.reviewing.object_to(session.herself, record, form).value
    session.house.clock.set(REVIEWED)
    with pytest.raises(ActRefused) as refused:
        session.reviewing.confirm(session.town.reviewer, record)
    assert codes_of(refused.value) == {"objection_is_open"}
    decision = ObjectionDecisionForm.model_validate({"upheld": True, "reason": "情况属实。"})
    session.reviewing.decide_objection(session.town.reviewer, record, objection, decision)
    assert stage(session, record) is Stage.RETURNED
    anew = ResubmissionForm.model_validate(SERVICE | {"end": "2026-11-20T11:00+08:00"})
    resubmit_record(session.office, session.town.recorder, record, anew)
    assert stage(session, record) is Stage.SUBMITTED


def decide_objection(session: Session, by: Caller, record: UUID, objection: UUID) -> None:
    form = ObjectionDecisionForm.model_validate({"upheld": False, "reason": "有签到记录。"})
    session.reviewing.decide_objection(by, record, objection, form)


@ON_SQLITE
@pytest.mark.parametrize("names_her", [True, False])
def test_who_writes_an_objection_down_does_not_decide_it(
    session: Session, names_her: bool
) -> None:
    record, town = session.publicized(), session.town
    said = {"kind": "other", "text": "异议"}
    # Whom she names is anybody, even what is no person at all.
    said |= {"objector": str(session.activity)} if names_her else {}
    form = ObjectionForm.model_validate(said)
    objection = session.reviewing.object_to(town.reviewer, record, form).value
    with pytest.raises(ActRefused) as refused:
        decide_objection(session, town.reviewer, record, objection)
    assert codes_of(refused.value) == {"decider_is_objector"}
    decide_objection(session, town.second_reviewer, record, objection)


@ON_SQLITE
@pytest.mark.parametrize("by", ["herself", "second_reviewer"])
def test_nobody_decides_as_staff_what_she_objected_to_as_a_volunteer(
    session: Session, by: str
) -> None:
    record, town = session.publicized(), session.town
    other = registered(session.office, town.recorder, OUYANG)
    join(session, other)
    form = ObjectionForm.model_validate(
        {"kind": "other", "text": "异议", "objector": str(other)}
    )
    caller = as_volunteer(other) if by == "herself" else town.second_reviewer
    objection = session.reviewing.object_to(caller, record, form).value
    with pytest.raises(ActRefused) as refused:
        decide_objection(session, town.reviewer, record, objection)
    assert codes_of(refused.value) == {"decider_is_objector"}
    decide_objection(session, town.association_reviewer, record, objection)


@ON_SQLITE
def test_an_amendment_waits_for_the_volunteers_reply_and_changes_the_credit(
    session: Session,
) -> None:
    record = session.confirmed()
    form = AmendmentForm.model_validate(LONGER)
    amendment = session.reviewing.propose_amendment(session.town.recorder, record, form).value
    with pytest.raises(ActRefused) as refused:
        session.reviewing.accept(session.town.second_reviewer, record, amendment)
    assert codes_of(refused.value) == {"reply_is_awaited"}
    assert refused.value.refused.reasons[0].details["last"] == "2026-12-07"
    assert reply_until(session, record) == "2026-12-07"
    session.reviewing.reply(session.herself, record, amendment, "情况属实。")
    assert reply_until(session, record) is None
    session.reviewing.accept(session.town.second_reviewer, record, amendment)
    assert minutes(session) == 210


@ON_SQLITE
def test_who_proposed_an_amendment_does_not_decide_about_it(session: Session) -> None:
    record = session.confirmed()
    form = AmendmentForm.model_validate(LONGER)
    amendment = session.reviewing.propose_amendment(
        session.town.second_reviewer, record, form
    ).value
    session.reviewing.reply(session.herself, record, amendment, "情况属实。")
    with pytest.raises(ActRefused) as refused:
        session.reviewing.accept(session.town.second_reviewer, record, amendment)
    assert codes_of(refused.value) == {"reviewer_is_proposer"}


@ON_SQLITE
def test_a_voided_record_counts_no_more_and_stays_in_the_history(session: Session) -> None:
    record = session.confirmed()
    form = VoidingForm.model_validate({"reason": "重复录入。"})
    voiding = session.reviewing.propose_voiding(session.town.recorder, record, form).value
    session.house.clock.set(LATER)
    session.reviewing.void(session.town.reviewer, record, voiding, "核实为重复。")
    assert (stage(session, record), minutes(session)) == (Stage.VOIDED, 0)
    types = [each.type for each in record_history(session.office, session.herself, record)]
    assert types == [
        "record.submitted",
        "record.publicized",
        "record.confirmed",
        "voiding.proposed",
        "record.voided",
    ]


def test_a_history_says_who_what_when_why_before_and_after(session: Session) -> None:
    record = session.confirmed()
    form = AmendmentForm.model_validate(LONGER)
    amendment = session.reviewing.propose_amendment(session.town.recorder, record, form).value
    session.reviewing.reply(session.herself, record, amendment, "情况属实。")
    session.reviewing.accept(session.town.second_reviewer, record, amendment)
    *_, proposed, replied, accepted = record_history(session.office, session.herself, record)
    assert (proposed.type, proposed.reason) == ("amendment.proposed", LONGER["reason"])
    assert replied.by == session.herself.actor
    assert accepted.by == session.town.second_reviewer.actor
    ends = {each.field: each for each in accepted.changes}["service.end"]
    assert (ends.before, ends.after) == (
        "2026-11-20T04:00:00.000000Z",
        "2026-11-20T05:00:00.000000Z",
    )


def test_a_record_is_read_as_it_was(session: Session) -> None:
    record = session.confirmed()
    size = len(session.house.ledger.rows())
    form = VoidingForm.model_validate({"reason": "重复录入。"})
    voiding = session.reviewing.propose_voiding(session.town.recorder, record, form).value
    session.house.clock.set(LATER)
    session.reviewing.void(session.town.reviewer, record, voiding, "核实为重复。")
    before = read_record(session.office, session.herself, record, size=size)
    after = read_record(session.office, session.herself, record)
    assert (before.facts["stage"], before.facts["counts"]) == ("confirmed", True)
    assert (after.facts["stage"], after.facts["counts"]) == ("voided", False)
    assert before.facts["hours"] == "2.50"


@ON_SQLITE
def test_a_record_is_hidden_from_whom_it_does_not_concern(session: Session) -> None:
    record = session.enter()
    for caller in (session.town.other_recorder, session.town.entrusted_reviewer):
        with pytest.raises(HiddenError):
            read_record(session.office, caller, record)
        attempt = session.house.attempts()[-1]
        assert (attempt.act, attempt.codes) == ("record.read", ("not_in_scope",))
    for caller in (session.town.association_reviewer, session.town.district_head):
        assert read_record(session.office, caller, record).id == record


def test_of_two_who_act_upon_one_version_the_second_is_told(session: Session) -> None:
    record = session.publicized()
    version = session.office.states.get(RECORD, record).version
    seen = Expected(RECORD, record, version)
    session.reviewing.return_record(session.town.reviewer, record, "请核对。", expected=seen)
    with pytest.raises(VersionMismatch) as moved:
        session.reviewing.return_record(
            session.town.second_reviewer, record, "请核对。", expected=seen
        )
    assert (moved.value.want, moved.value.got) == (version, version + 1)


def test_what_another_process_decided_is_noticed_at_the_commit(session: Session) -> None:
    record = session.publicized()
    session.house.clock.set(REVIEWED)
    other = session.house.another_office()
    assert other.states.get(RECORD, record).state is not None
    session.reviewing.confirm(session.town.reviewer, record)
    with pytest.raises(ActRefused) as refused:
        type(session.reviewing)(other).confirm(session.town.second_reviewer, record)
    assert codes_of(refused.value) == {"record_is_confirmed"}
    assert minutes(session) == 150


def test_publicity_shows_who_it_is_masked(session: Session) -> None:
    record = session.publicized()
    shown = list_publicity(
        session.office,
        session.herself,
        organization=session.town.station,
        division=None,
        paging=Paging(),
    ).value.rows
    assert [row["record"] for row in shown] == [str(record)]
    assert masked_names(session.office, shown) == {str(session.volunteer): "王*"}


def test_lists_are_of_what_concerns_the_caller(session: Session) -> None:
    record = session.publicized()
    office, town = session.office, session.town

    def listed(caller: object, **wanted: UUID) -> list[str]:
        found = list_records(office, caller, RecordFilter(**wanted), Paging())  # type: ignore[arg-type]
        return [row["record"] for row in found.value.rows]

    assert listed(session.herself) == [str(record)]
    assert listed(town.reviewer) == [str(record)]
    assert listed(town.district_head, organization=town.station) == [str(record)]
    assert listed(town.other_recorder) == []
    with pytest.raises(HiddenError):
        listed(town.other_recorder, organization=town.station)
    with pytest.raises(HiddenError):
        listed(session.herself, organization=town.station)


def test_what_waits_is_listed_for_who_has_to_do_it(session: Session) -> None:
    record = session.enter()

    def waiting() -> list[str]:
        tasks = list_tasks(session.office, session.town.recorder, TaskFilter(), Paging())
        return [row["kind"] for row in tasks.value.rows if row["record"] == str(record)]

    assert waiting() == ["publicize"]
    publicize_record(session.office, session.town.recorder, record)
    assert waiting() == ["review"]
    session.house.clock.set(REVIEWED)
    session.reviewing.confirm(session.town.reviewer, record)
    assert waiting() == []


def test_the_feed_has_what_concerns_an_organization_from_a_position_on(
    session: Session,
) -> None:
    size = len(session.house.ledger.rows())
    record = session.publicized()
    found = list_changes(
        session.office, session.town.recorder, organization=None, after=size, limit=100
    )
    assert [(row["type"], row["stream"]) for row in found.value.rows] == [
        ("record.submitted", str(record)),
        ("record.publicized", str(record)),
    ]
    none = list_changes(
        session.office, session.town.other_recorder, organization=None, after=size, limit=100
    )
    assert none.value.rows == []


def test_a_receipt_proves_every_entry_and_is_the_same_each_time(session: Session) -> None:
    record = session.publicized()
    session.house.clock.set(REVIEWED)
    done = session.reviewing.confirm(session.town.reviewer, record)
    receipt = session.office.receipts.of(done.appended, done.submission)
    assert [each.type for each in receipt.entries] == ["record.confirmed", "credit.entered"]
    session.enter(start="2026-11-23T09:00+08:00", end="2026-11-23T10:00+08:00")
    assert session.office.receipts.of(done.appended, done.submission) == receipt

"""Entering a record: complete, possible, by a named recorder; late is told, not refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.activity import Status
from ledger.domain.codes import Channel, EvidenceKind, ServiceObject
from ledger.domain.event import ERASED, Actor
from ledger.domain.evidence import Evidence
from ledger.domain.organization.kinds import Status as Standing
from ledger.domain.record import (
    RecordResubmitted,
    RecordSubmitted,
    ResubmitRecord,
    ReturnRecord,
    Service,
    Signal,
    Stage,
    SubmitRecord,
)
from tests.domain.story import RECORD, SHOWN, SUBMIT, elsewhere, publicized, story, submitted
from tests.domain.town import (
    ABOVE,
    ACTIVITY,
    AROUND,
    BESIDE,
    HERSELF,
    KEY,
    NEIGHBOUR,
    RECORDER,
    REVIEWER,
    SECOND_RECORDER,
    SERVICE,
    STATION,
    SYSTEM,
    VOLUNTEER,
    beijing,
)

ROLL = Evidence(kind=EvidenceKind.STAMPED_ROLL, sha256="ab" * 32)


def entered(command: SubmitRecord = SUBMIT, **around: Any) -> RecordSubmitted:
    told = story(replace(AROUND, **around)).when(command, by=RECORDER, now=SHOWN)
    (event,) = told.then_some(RecordSubmitted)
    assert isinstance(event, RecordSubmitted)
    return event


def of(**service: Any) -> SubmitRecord:
    return replace(SUBMIT, service=replace(SERVICE, **service))


def ended(day: str) -> Any:
    """Return the activity, its last day this one, and the session on it."""
    particulars = replace(
        ACTIVITY.particulars,
        starts_on=date.fromisoformat(day),
        ends_on=date.fromisoformat(day),
    )
    return replace(ACTIVITY, particulars=particulars)


def on(day: str, **command: Any) -> SubmitRecord:
    service = replace(
        SERVICE,
        start=beijing(f"{day} 09:00"),
        end=beijing(f"{day} 12:00"),
        evaluation_date=date.fromisoformat(day),
    )
    return replace(SUBMIT, service=service, **command)


def test_a_record_holds_the_ten_items_and_where_it_comes_from() -> None:
    event = entered()
    assert event.minutes == 150
    assert (event.activity, event.organizer) == (ACTIVITY.id, ACTIVITY.organizer)
    assert event.person_in_charge == ACTIVITY.person_in_charge
    assert (event.volunteer, event.recorder) == (HERSELF.id, RECORDER.id)
    assert (event.channel, event.on_behalf_of) == (Channel.TYPED, STATION.id)
    assert (event.late_working_days, event.signals, event.rules) == (0, (), 1)
    assert event.latency_minutes == (3 * 24 + 22) * 60
    assert Service(**{name: getattr(event, name) for name in Service.__slots__}) == SERVICE


def test_the_same_record_is_not_entered_twice() -> None:
    submitted().when(SUBMIT, by=RECORDER, now=SHOWN).then_refused("record_is_known")


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (HERSELF, "actor_is_not_staff"),
        (SYSTEM, "actor_is_not_staff"),
        (REVIEWER, "actor_has_no_such_role"),
    ],
)
def test_only_a_recorder_of_the_organization_enters(by: Actor, code: str) -> None:
    command = replace(SUBMIT, recorder=by.id)
    codes = [code, "recorder_is_volunteer"] if by is HERSELF else [code]
    story().when(command, by=by, now=SHOWN).then_refused(*codes)


def test_a_recorder_of_another_organization_does_not_enter() -> None:
    command = replace(SUBMIT, recorder=BESIDE.id)
    story().when(command, by=BESIDE, now=SHOWN).then_refused("organization_does_not_record")
    above = replace(SUBMIT, recorder=ABOVE.id)
    story().when(above, by=ABOVE, now=SHOWN).then_refused(
        "organization_does_not_record", "actor_has_no_such_role"
    )


def test_who_enters_answers_for_it_and_a_key_names_who_does() -> None:
    story().when(SUBMIT, by=SECOND_RECORDER, now=SHOWN).then_refused(
        "recorder_is_another_person", about="recorder"
    )
    story().when(SUBMIT, by=KEY, now=SHOWN).then_some(RecordSubmitted)
    story().when(replace(SUBMIT, recorder=REVIEWER.id), by=KEY, now=SHOWN).then_refused(
        "recorder_is_not_appointed", about="recorder"
    )


def test_a_key_that_is_revoked_enters_nothing() -> None:
    revoked = replace(STATION, keys=(replace(STATION.keys[0], is_revoked=True),))
    story(replace(AROUND, organization=revoked)).when(SUBMIT, by=KEY, now=SHOWN).then_refused(
        "key_is_not_in_force"
    )


def test_nobody_records_her_own_service() -> None:
    around = replace(AROUND, volunteer_as_staff=RECORDER.id)
    story(around).when(SUBMIT, by=RECORDER, now=SHOWN).then_refused(
        "recorder_is_volunteer", about="recorder"
    )


def test_an_organization_out_of_force_records_nothing() -> None:
    suspended = replace(STATION, status=Standing.SUSPENDED)
    story(replace(AROUND, organization=suspended)).when(
        SUBMIT, by=RECORDER, now=SHOWN
    ).then_refused("acting_organization_not_in_force", "organization_is_suspended")


def test_a_service_outside_the_organizations_area_is_refused() -> None:
    story().when(of(division="110105002"), by=RECORDER, now=SHOWN).then_refused(
        "division_outside_organization"
    )


def test_nothing_is_recorded_of_a_volunteer_who_is_too_young_or_erased() -> None:
    born = replace(VOLUNTEER.particulars, birth_date=date(2024, 1, 1))  # type: ignore[type-var]
    for volunteer, codes in (
        (
            replace(VOLUNTEER, particulars=born),
            ("volunteer_is_too_young", "guardian_consent_is_missing"),
        ),
        (replace(VOLUNTEER, particulars=ERASED), ("volunteer_is_erased",)),
    ):
        story(replace(AROUND, volunteer=volunteer)).when(
            SUBMIT, by=RECORDER, now=SHOWN
        ).then_refused(*codes)


def test_nothing_is_recorded_in_a_cancelled_activity() -> None:
    cancelled = replace(ACTIVITY, status=Status.CANCELLED)
    story(replace(AROUND, activity=cancelled)).when(
        SUBMIT, by=RECORDER, now=SHOWN
    ).then_refused("activity_is_cancelled")


@pytest.mark.parametrize(
    ("service", "code", "about"),
    [
        ({"end": beijing("2026-11-20 09:00")}, "service_ends_before_start", "end"),
        (
            {"end": beijing("2026-11-20 12:00").replace(second=1)},
            "time_is_no_whole_minute",
            "end",
        ),
        (
            {"start": beijing("2026-11-20 09:00").replace(microsecond=1)},
            "time_is_no_whole_minute",
            "start",
        ),
        ({"end": beijing("2026-11-21 00:00")}, "service_crosses_midnight", "end"),
        ({"break_minutes": 180}, "breaks_leave_no_time", "break_minutes"),
        ({"break_minutes": -1}, "break_is_negative", "break_minutes"),
        ({"place": " "}, "text_has_outer_space", "place"),
        ({"place": "场" * 201}, "text_is_too_long", "place"),
        ({"service_objects": ()}, "choice_is_missing", "service_objects"),
        (
            {"service_objects": SERVICE.service_objects * 2},
            "choice_repeats",
            "service_objects",
        ),
        ({"post": ""}, "text_is_missing", "post"),
        ({"content": ""}, "text_is_missing", "content"),
        ({"content": ERASED}, "text_is_missing", "content"),
        ({"content": "a\u202eb"}, "text_has_forbidden_character", "content"),
        (
            {"evaluation_date": date(2026, 11, 19)},
            "evaluation_precedes_service",
            "evaluation_date",
        ),
        ({"evaluation_date": date(2026, 11, 25)}, "evaluation_is_in_future", "evaluation_date"),
        ({"punctuality": 0}, "rating_is_out_of_bounds", "punctuality"),
        ({"attitude": 6}, "rating_is_out_of_bounds", "attitude"),
        ({"skill": -1}, "rating_is_out_of_bounds", "skill"),
        ({"evaluation_text": ""}, "text_is_missing", "evaluation_text"),
    ],
)
def test_what_cannot_have_been_served_is_refused(
    service: dict[str, Any], code: str, about: str
) -> None:
    story().when(of(**service), by=RECORDER, now=SHOWN).then_refused(code, about=about)


def test_a_division_is_judged_by_its_form_too() -> None:
    story().when(of(division="9"), by=RECORDER, now=SHOWN).then_refused(
        "division_is_malformed", "division_outside_organization"
    )


def test_midnight_is_the_next_day_and_one_minute_before_is_not() -> None:
    event = entered(of(end=beijing("2026-11-20 23:59"), break_minutes=0))
    assert event.minutes == 14 * 60 + 59


def test_a_service_is_over_when_it_is_recorded() -> None:
    today = ended("2026-11-24")
    around = replace(AROUND, activity=today)
    command = on("2026-11-24")
    story(around).when(command, by=RECORDER, now=beijing("2026-11-24 11:59")).then_refused(
        "service_is_not_over", about="end"
    )
    story(around).when(command, by=RECORDER, now=beijing("2026-11-24 12:00")).then_some(
        RecordSubmitted
    )


@pytest.mark.parametrize("hour", [12, 16, 23])
def test_a_time_beyond_every_calendar_is_refused_like_any_other(hour: int) -> None:
    at = datetime(9999, 12, 31, hour, tzinfo=UTC)
    for command in (of(start=at, end=at), of(end=at), of(start=at)):
        story().when(command, by=RECORDER, now=SHOWN).then_refused("service_is_not_over")
    story().when(of(end=at), by=SECOND_RECORDER, now=SHOWN).then_refused(
        "service_is_not_over", "recorder_is_another_person"
    )
    first = datetime(1, 1, 1, tzinfo=UTC)
    early = of(start=first, end=first, evaluation_date=date.min)
    story().when(early, by=RECORDER, now=SHOWN).then_refused(
        "service_ends_before_start",
        "day_outside_activity",
        "volunteer_is_too_young",
        "guardian_consent_is_missing",
    )


@pytest.mark.parametrize("day", ["2026-10-31", "2026-11-21"])
def test_a_service_lies_within_its_activity(day: str) -> None:
    story().when(on(day), by=RECORDER, now=SHOWN).then_refused(
        "day_outside_activity", about="start"
    )


def test_all_that_is_wrong_is_said_at_once() -> None:
    command = of(break_minutes=200, punctuality=9, content="")
    story().when(command, by=SECOND_RECORDER, now=SHOWN).then_refused(
        "recorder_is_another_person",
        "breaks_leave_no_time",
        "rating_is_out_of_bounds",
        "text_is_missing",
    )


@pytest.mark.parametrize(
    ("evidence", "code"),
    [
        (
            (Evidence(kind=EvidenceKind.PHOTO, sha256="AB" * 32),),
            "evidence_digest_is_malformed",
        ),
        ((ROLL, ROLL), "evidence_repeats"),
        (
            tuple(replace(ROLL, sha256=f"{number:064x}") for number in range(21)),
            "evidence_is_too_much",
        ),
    ],
)
def test_evidence_is_named_by_its_digest_each_once(
    evidence: tuple[Evidence, ...], code: str
) -> None:
    story().when(replace(SUBMIT, evidence=evidence), by=RECORDER, now=SHOWN).then_refused(
        code, about="evidence"
    )


# 2026-09-28 + 10 working days = 2026-10-16: a holiday week and a make-up Saturday between.


@pytest.mark.parametrize(
    ("now", "late"),
    [("2026-10-16 23:59", 0), ("2026-10-17 00:00", 0), ("2026-10-19 00:00", 1)],
)
def test_ten_working_days_after_the_end_it_is_late(now: str, late: int) -> None:
    told = story(replace(AROUND, activity=ended("2026-09-28")))
    told.when(on("2026-09-28"), by=RECORDER, now=beijing(now))
    (event,) = told.then_some(RecordSubmitted)
    assert event.late_working_days == late
    assert event.signals == ((Signal.LATE,) if late else ())


def test_after_thirty_working_days_it_is_a_back_entry_with_reason_and_evidence() -> None:
    around, now = replace(AROUND, activity=ended("2026-09-28")), beijing("2026-11-16 09:00")
    bare = on("2026-09-28")
    story(around).when(bare, by=RECORDER, now=beijing("2026-11-13 23:59")).then_some(
        RecordSubmitted
    )
    story(around).when(bare, by=RECORDER, now=now).then_refused(
        "back_entry_reason_is_missing", "back_entry_evidence_is_missing"
    )
    full = replace(bare, evidence=(ROLL,), back_entry_reason="纸质记录补录。")
    told = story(around).when(full, by=RECORDER, now=now)
    (event,) = told.then_some(RecordSubmitted)
    assert event.signals == (Signal.LATE, Signal.BACK_ENTRY)
    assert (event.back_entry_reason, event.evidence) == ("纸质记录补录。", (ROLL,))
    odd = replace(full, back_entry_reason="\u0000")
    story(around).when(odd, by=RECORDER, now=now).then_refused(
        "text_has_forbidden_character", about="back_entry_reason"
    )


def test_what_is_served_in_an_activity_that_was_back_entered_is_a_back_entry() -> None:
    around = {"activity": replace(ACTIVITY, back_entry=True)}
    told = story(replace(AROUND, **around)).when(SUBMIT, by=RECORDER, now=SHOWN)  # type: ignore[arg-type]
    told.then_refused("back_entry_reason_is_missing", "back_entry_evidence_is_missing")


@pytest.mark.parametrize(("before", "is_too_fast"), [(11_850, False), (11_851, True)])
def test_who_enters_faster_than_anybody_serves_is_noticed(
    before: int, is_too_fast: bool
) -> None:
    assert (Signal.VELOCITY in entered(actor_minutes=before).signals) is is_too_fast


@pytest.mark.parametrize(("others", "is_too_many"), [(11, False), (12, True)])
def test_more_volunteers_than_took_part_are_noticed(others: int, is_too_many: bool) -> None:
    assert (Signal.OVER_HEAD_COUNT in entered(other_volunteers=others).signals) is is_too_many


INSTANTS = st.datetimes(timezones=st.just(UTC))
ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=5)
ANY_SERVICE = st.fixed_dictionaries(
    {},
    optional={
        "start": INSTANTS,
        "end": INSTANTS,
        "break_minutes": st.integers(),
        "place": ANY_TEXT | st.none(),
        "division": ANY_TEXT,
        "service_objects": st.lists(st.sampled_from(ServiceObject), max_size=3).map(tuple),
        "post": ANY_TEXT | st.none(),
        "content": ANY_TEXT,
        "evaluation_date": st.dates(),
        "punctuality": st.integers(),
        "evaluation_text": ANY_TEXT | st.none(),
    },
)


@given(ANY_SERVICE, st.none() | ANY_TEXT, ANY_TEXT)
def test_whatever_is_entered_is_answered(
    service: dict[str, Any], reason: str | None, digest: str
) -> None:
    evidence = (replace(ROLL, sha256=digest),)
    command = replace(of(**service), back_entry_reason=reason, evidence=evidence)
    story().when(command, by=RECORDER, now=SHOWN)


RETURN = ReturnRecord(reason="休息时间未填。")
AGAIN = ResubmitRecord(
    recorder=SECOND_RECORDER.id,
    channel=Channel.TYPED,
    service=replace(SERVICE, break_minutes=60),
)


def test_a_returned_record_is_entered_anew_also_by_somebody_else() -> None:
    told = publicized().when(RETURN, by=REVIEWER, now=SHOWN)
    told.when(AGAIN, by=SECOND_RECORDER, now=SHOWN).then_some(RecordResubmitted)
    state = told.state.record
    assert (state.stage, state.publicity) == (Stage.SUBMITTED, None)
    assert state.service.minutes == 120
    assert (state.recorder, state.recorders) == (
        SECOND_RECORDER.id,
        (RECORDER.id, SECOND_RECORDER.id),
    )


def test_only_a_returned_record_is_entered_anew_and_by_the_same_rules() -> None:
    submitted().when(AGAIN, by=SECOND_RECORDER, now=SHOWN).then_refused("record_is_submitted")
    publicized().when(AGAIN, by=SECOND_RECORDER, now=SHOWN).then_refused("record_is_publicized")
    returned = publicized().when(RETURN, by=REVIEWER, now=SHOWN)
    wrong = replace(AGAIN, service=replace(SERVICE, skill=9))
    returned.when(wrong, by=SECOND_RECORDER, now=SHOWN).then_refused("rating_is_out_of_bounds")
    story().when(AGAIN, by=SECOND_RECORDER, now=SHOWN).then_refused("record_is_missing")


def test_of_a_merged_registration_nothing_new_is_entered_but_what_was_returned() -> None:
    merged = replace(AROUND, volunteer=replace(VOLUNTEER, into=NEIGHBOUR.id))
    story(merged).when(SUBMIT, by=RECORDER, now=SHOWN).then_refused("volunteer_is_merged")
    returned = publicized().when(RETURN, by=REVIEWER, now=SHOWN)
    elsewhere(returned, merged).when(AGAIN, by=SECOND_RECORDER, now=SHOWN).then_some(
        RecordResubmitted
    )
    young = replace(VOLUNTEER.particulars, birth_date=date(2024, 1, 1))  # type: ignore[type-var]
    for particulars, codes in (
        (ERASED, ("volunteer_is_erased",)),
        (young, ("volunteer_is_too_young", "guardian_consent_is_missing")),
    ):
        volunteer = replace(merged.volunteer, particulars=particulars)
        elsewhere(returned, replace(merged, volunteer=volunteer)).when(
            AGAIN, by=SECOND_RECORDER, now=SHOWN
        ).then_refused(*codes)


MISTAKES: tuple[Callable[[], object], ...] = (
    lambda: replace(SERVICE, start=SERVICE.start.replace(tzinfo=None)),
    lambda: story(replace(AROUND, organization=replace(STATION, id=UUID(int=1)))).when(SUBMIT),
)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_what_only_a_mistake_in_the_program_can_ask_is_an_error(
    mistake: Callable[[], object],
) -> None:
    with pytest.raises(ValueError, match="wanted"):
        mistake()


def test_the_id_of_the_record_is_the_one_it_was_entered_with() -> None:
    assert submitted().state.record.id == RECORD

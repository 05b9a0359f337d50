"""Publicity before a record counts; objections hold it; a reviewer may send it back."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from ledger.domain.account import CreditEntered
from ledger.domain.event import ERASED, Actor
from ledger.domain.record import (
    ConfirmRecord,
    DecideObjection,
    ObjectionDecided,
    ObjectionRaised,
    PublicizeRecord,
    RaiseObjection,
    RecordConfirmed,
    RecordPublicized,
    RecordReturned,
    ReturnRecord,
    Stage,
)
from ledger.domain.record.codes import ObjectionKind
from ledger.domain.rules import INITIAL_BOOK
from ledger.domain.working_days import Calendar, WorkingYear
from tests.domain.specification import Specification
from tests.domain.story import (
    OBJECT,
    OBJECTION,
    REVIEWED,
    SHOWN,
    SUBMIT,
    confirmed,
    elsewhere,
    publicized,
    story,
    submitted,
)
from tests.domain.town import (
    ABOVE,
    AROUND,
    ASSOCIATION,
    BESIDE,
    BOTH,
    HERSELF,
    KEY,
    NEIGHBOUR,
    RECORDER,
    REVIEWER,
    SECOND_REVIEWER,
    STATION,
    SYSTEM,
    VOLUNTEER,
    beijing,
)

PUBLICIZE = PublicizeRecord()
CONFIRM = ConfirmRecord()
RETURN = ReturnRecord(reason="休息时间未填。")
DISMISS = DecideObjection(objection=OBJECTION, upheld=False, reason="有签到记录。")
UPHOLD = DecideObjection(objection=OBJECTION, upheld=True, reason="当天确未到场。")


def objected() -> Specification:
    return publicized().when(OBJECT, by=NEIGHBOUR, now=SHOWN)


def test_a_record_is_shown_for_three_working_days() -> None:
    submitted().when(PUBLICIZE, by=RECORDER, now=SHOWN).then(
        RecordPublicized(
            opens_on=date(2026, 11, 24),
            closes_on=date(2026, 11, 27),
            provisional=False,
            rules=1,
            on_behalf_of=STATION.id,
        )
    )


@pytest.mark.parametrize("by", [SYSTEM, KEY, REVIEWER, ABOVE])
def test_the_ledger_itself_may_show_it_or_whoever_answers_for_it(by: Actor) -> None:
    submitted().when(PUBLICIZE, by=by, now=SHOWN).then_some(RecordPublicized)


def test_nobody_else_shows_it_and_nobody_shows_it_twice() -> None:
    submitted().when(PUBLICIZE, by=BESIDE, now=SHOWN).then_refused(
        "organization_does_not_answer"
    )
    submitted().when(PUBLICIZE, by=HERSELF, now=SHOWN).then_refused("actor_is_not_staff")
    publicized().when(PUBLICIZE, by=SYSTEM, now=SHOWN).then_refused("record_is_publicized")


def test_it_is_confirmed_from_the_day_after_its_publicity() -> None:
    publicized().when(CONFIRM, by=REVIEWER, now=beijing("2026-11-27 23:59")).then_refused(
        "publicity_is_not_over"
    )
    publicized().when(CONFIRM, by=REVIEWER, now=REVIEWED).then_some(
        RecordConfirmed, CreditEntered
    )


def test_it_is_not_confirmed_before_it_is_shown() -> None:
    submitted().when(CONFIRM, by=REVIEWER, now=REVIEWED).then_refused("record_is_submitted")


def test_rules_that_ask_for_no_publicity_let_it_be_confirmed_at_once() -> None:
    none = replace(INITIAL_BOOK.sets[0], publicity_working_days=0)
    around = replace(AROUND, book=replace(INITIAL_BOOK, sets=(none,)))
    for told in (submitted(around), publicized(around)):
        told.when(CONFIRM, by=REVIEWER, now=SHOWN)
        assert told.state.record.stage is Stage.CONFIRMED


def test_a_provisional_last_day_is_reckoned_anew_once_its_year_is_published() -> None:
    opens = beijing("2026-12-31 09:00")
    told = submitted().when(PUBLICIZE, by=SYSTEM, now=opens)
    (shown,) = told.then_some(RecordPublicized)
    assert (shown.closes_on, shown.provisional) == (date(2027, 1, 5), True)
    holidays = (date(2027, 1, 1), date(2027, 1, 4))
    year = WorkingYear(year=2027, off=holidays, work=(), notice="n")
    calendar = Calendar((*INITIAL_BOOK.calendar.years, year))
    known = replace(AROUND, book=replace(INITIAL_BOOK, calendar=calendar))
    elsewhere(told, known).when(
        CONFIRM, by=REVIEWER, now=beijing("2027-01-07 23:59")
    ).then_refused("publicity_is_not_over")
    for around, day in ((AROUND, "2027-01-06"), (known, "2027-01-08")):
        elsewhere(told, around).when(
            CONFIRM, by=REVIEWER, now=beijing(f"{day} 00:00")
        ).then_some(RecordConfirmed, CreditEntered)


def test_what_was_published_as_final_stays_final() -> None:
    changed = replace(INITIAL_BOOK.calendar.years[1], off=(date(2026, 11, 27),))
    calendar = Calendar((INITIAL_BOOK.calendar.years[0], changed))
    around = replace(AROUND, book=replace(INITIAL_BOOK, calendar=calendar))
    elsewhere(publicized(), around).when(CONFIRM, by=REVIEWER, now=REVIEWED).then_some(
        RecordConfirmed, CreditEntered
    )


def test_an_open_objection_holds_the_confirmation() -> None:
    objected().when(CONFIRM, by=REVIEWER, now=REVIEWED).then_refused("objection_is_open")
    told = objected().when(DISMISS, by=REVIEWER, now=SHOWN)
    told.then_some(ObjectionDecided)
    assert told.state.record.stage is Stage.PUBLICIZED
    told.when(CONFIRM, by=REVIEWER, now=REVIEWED).then_some(RecordConfirmed, CreditEntered)


def test_an_upheld_objection_returns_the_record_and_its_publicity_is_void() -> None:
    told = objected().when(UPHOLD, by=REVIEWER, now=SHOWN)
    told.then_some(ObjectionDecided)
    assert (told.state.record.stage, told.state.record.publicity) == (Stage.RETURNED, None)


def test_a_decision_on_an_objection_has_a_reason() -> None:
    objected().when(replace(DISMISS, reason=""), by=REVIEWER, now=SHOWN).then_refused(
        "text_is_missing", about="reason"
    )


def test_each_objection_is_decided_and_none_is_lost() -> None:
    second = replace(OBJECT, objection=UUID(int=5), objector=HERSELF.id, contact="010-12345678")
    told = objected().when(second, by=HERSELF, now=SHOWN)
    (raised,) = told.then_some(ObjectionRaised)
    assert (raised.contact, raised.on_behalf_of) == ("010-12345678", None)
    told.when(DISMISS, by=REVIEWER, now=SHOWN).when(CONFIRM, by=REVIEWER, now=REVIEWED)
    told.then_refused("objection_is_open")
    told.when(DISMISS, by=REVIEWER, now=SHOWN).then_refused(
        "objection_is_not_open", about="objection"
    )


def test_somebody_of_any_organization_may_write_an_objection_down() -> None:
    told = publicized().when(OBJECT, by=BESIDE, now=SHOWN)
    (raised,) = told.then_some(ObjectionRaised)
    assert raised.objector == NEIGHBOUR.id


def test_a_volunteer_objects_as_herself_and_a_key_not_at_all() -> None:
    publicized().when(OBJECT, by=HERSELF, now=SHOWN).then_refused(
        "objector_is_another_person", about="objector"
    )
    publicized().when(OBJECT, by=KEY, now=SHOWN).then_refused("actor_is_not_staff")


def test_an_objection_says_something() -> None:
    said = RaiseObjection(
        objection=OBJECTION,
        objector=NEIGHBOUR.id,
        kind=ObjectionKind.OTHER,
        text="",
        contact=" 1",
    )
    publicized().when(said, by=NEIGHBOUR, now=SHOWN).then_refused(
        "text_is_missing", "text_has_outer_space"
    )


def test_only_what_is_shown_and_not_credited_is_objected_to() -> None:
    submitted().when(OBJECT, by=NEIGHBOUR, now=SHOWN).then_refused("record_is_submitted")
    confirmed().when(OBJECT, by=NEIGHBOUR, now=REVIEWED).then_refused("record_is_confirmed")


def test_who_recorded_or_objected_does_not_decide_the_objection() -> None:
    objected().when(DISMISS, by=RECORDER, now=SHOWN).then_refused(
        "actor_has_no_such_role", "reviewer_is_recorder"
    )
    own = publicized().when(replace(OBJECT, objector=REVIEWER.id), by=REVIEWER, now=SHOWN)
    own.when(DISMISS, by=REVIEWER, now=SHOWN).then_refused("decider_is_objector")
    own.when(DISMISS, by=SECOND_REVIEWER, now=SHOWN).then_some(ObjectionDecided)


def test_who_wrote_an_objection_down_does_not_decide_it_either() -> None:
    told = publicized().when(OBJECT, by=REVIEWER, now=SHOWN)
    told.then_some(ObjectionRaised)
    told.when(DISMISS, by=REVIEWER, now=SHOWN).then_refused("decider_is_objector")
    told.when(DISMISS, by=SECOND_REVIEWER, now=SHOWN).then_some(ObjectionDecided)


def test_who_objects_as_a_volunteer_does_not_decide_as_staff() -> None:
    around = replace(AROUND, objector_as_staff=REVIEWER.id)
    told = elsewhere(objected(), around)
    told.when(UPHOLD, by=REVIEWER, now=SHOWN).then_refused("decider_is_objector")
    told.when(UPHOLD, by=SECOND_REVIEWER, now=SHOWN).then_some(ObjectionDecided)


def test_a_reviewer_returns_what_is_wrong_with_a_reason() -> None:
    for told in (submitted(), publicized()):
        told.when(RETURN, by=REVIEWER, now=SHOWN).then(
            RecordReturned(
                volunteer=HERSELF.id, reason="休息时间未填。", on_behalf_of=STATION.id
            )
        )
    publicized().when(ReturnRecord(reason=""), by=REVIEWER, now=SHOWN).then_refused(
        "text_is_missing"
    )
    confirmed().when(RETURN, by=REVIEWER, now=REVIEWED).then_refused("record_is_confirmed")
    publicized().when(RETURN, by=REVIEWER, now=SHOWN).when(
        RETURN, by=REVIEWER, now=SHOWN
    ).then_refused("record_is_returned")


def test_a_reviewer_above_confirms_as_well_and_it_says_for_whom() -> None:
    told = publicized().when(CONFIRM, by=ABOVE, now=REVIEWED)
    event = told.then_some(RecordConfirmed, CreditEntered)[0]
    assert (event.reviewer, event.on_behalf_of) == (ABOVE.id, ASSOCIATION.id)


def test_who_recorded_never_confirms_whatever_else_she_is() -> None:
    command = replace(SUBMIT, recorder=BOTH.id)
    told = story().when(command, by=BOTH, now=SHOWN).when(PUBLICIZE, by=SYSTEM, now=SHOWN)
    told.when(CONFIRM, by=BOTH, now=REVIEWED).then_refused("reviewer_is_recorder")
    told.when(RETURN, by=BOTH, now=REVIEWED).then_refused("reviewer_is_recorder")


def test_who_served_never_confirms() -> None:
    around = replace(AROUND, volunteer_as_staff=REVIEWER.id)
    publicized(around).when(CONFIRM, by=REVIEWER, now=REVIEWED).then_refused(
        "reviewer_is_volunteer"
    )


@pytest.mark.parametrize(
    ("by", "codes"),
    [
        (KEY, ["actor_is_not_staff"]),
        (SYSTEM, ["actor_is_not_staff"]),
        (HERSELF, ["actor_is_not_staff", "reviewer_is_volunteer"]),
        (BESIDE, ["organization_does_not_answer"]),
    ],
)
def test_only_a_reviewer_of_who_answers_for_it_confirms(by: Actor, codes: list[str]) -> None:
    publicized().when(CONFIRM, by=by, now=REVIEWED).then_refused(*codes)


def test_a_successor_answers_for_what_was_recorded_before_it() -> None:
    succeeded = replace(STATION, successors=(UUID(int=0x404),))
    around = replace(AROUND, organization=succeeded)
    publicized(around).when(CONFIRM, by=BESIDE, now=REVIEWED).then_some(
        RecordConfirmed, CreditEntered
    )


def test_of_an_erased_volunteer_nothing_is_said_in_words() -> None:
    erased = replace(AROUND, volunteer=replace(VOLUNTEER, particulars=ERASED))
    for command, by in ((OBJECT, NEIGHBOUR), (RETURN, REVIEWER)):
        elsewhere(publicized(), erased).when(command, by=by, now=SHOWN).then_refused(
            "volunteer_is_erased"
        )
    elsewhere(objected(), erased).when(DISMISS, by=REVIEWER, now=SHOWN).then_refused(
        "volunteer_is_erased"
    )
    elsewhere(publicized(), erased).when(CONFIRM, by=REVIEWER, now=REVIEWED).then_some(
        RecordConfirmed, CreditEntered
    )

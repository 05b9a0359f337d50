"""What is told when nobody knows whether something was appended."""

import errno
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import NoReturn
from uuid import UUID

import pytest

from ledger.application.desk import Desk, Done, Wanted
from ledger.application.docket import Docket
from ledger.application.entering import Sent, enter_in, enter_record
from ledger.application.forms.record import RecordForm
from ledger.application.record_surroundings import RecordDesk
from ledger.application.states import RECORD
from ledger.domain.refusal import Refused, refuse
from ledger.store import chance
from ledger.store.appender import Appender
from ledger.store.event import Appended, OutcomeUnknownError, Submission
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.serving import begin, record_said
from tests.application.town import Town

pytestmark = ON_SQLITE


@dataclass(frozen=True)
class Breaking:
    """Appends, breaks before it can tell, and breaks again when it is asked."""

    appender: Appender

    def append(self, submission: Submission) -> NoReturn:
        self.appender.append(submission)
        raise OutcomeUnknownError(submission.id)

    def submit(self, submission: Submission) -> "Future[Appended]":
        self.appender.append(submission)
        broken: Future[Appended] = Future()
        broken.set_exception(OutcomeUnknownError(submission.id))
        return broken

    def find(self, submission_id: UUID) -> NoReturn:
        raise OSError(errno.ENOSPC, "no space left")


def test_what_breaks_while_it_is_looked_up_is_still_unknown(house: House, town: Town) -> None:
    """Whoever were told of another error might take back what the log already names."""
    session = begin(house, town, house.office)
    desk = Desk(
        house.office.desk.states,
        Breaking(house.ledger.appender),
        house.refusals,
        now=house.clock,
        random_uuid=chance.random_uuid,
    )
    form = RecordForm.model_validate(record_said(session.activity, session.volunteer))
    size = len(house.ledger.rows())
    with pytest.raises(OutcomeUnknownError):
        enter_record(replace(house.office, desk=desk), town.recorder, form)
    assert len(house.ledger.rows()) == size + 1


def test_of_acts_tried_together_an_unknown_outcome_is_told_to_its_own(
    house: House, town: Town
) -> None:
    session = begin(house, town, house.office)
    desk = Desk(
        house.office.desk.states,
        Breaking(house.ledger.appender),
        house.refusals,
        now=house.clock,
        random_uuid=chance.random_uuid,
    )
    record = chance.random_uuid()

    def decide(docket: Docket) -> UUID | Refused:
        form = RecordForm.model_validate(record_said(session.activity, session.volunteer))
        return enter_in(RecordDesk(house.office, town.recorder, docket), record, form, Sent())

    (found,) = desk.try_together([Wanted(town.recorder, decide, chance.random_uuid())])
    assert isinstance(found, OutcomeUnknownError)


def test_of_acts_tried_together_one_that_comes_too_late_is_left_to_be_done_again(
    house: House, town: Town
) -> None:
    """Both open the same stream, as decided on the same states: one of them is first."""
    session = begin(house, town, house.office)
    desk, record = house.office.desk, chance.random_uuid()
    form = RecordForm.model_validate(record_said(session.activity, session.volunteer))

    def decide(docket: Docket) -> UUID | Refused:
        return enter_in(RecordDesk(house.office, town.recorder, docket), record, form, Sent())

    def refuse_it(_docket: Docket) -> UUID | Refused:
        return refuse("record_is_known")

    wanted = [
        Wanted(town.recorder, each, chance.random_uuid())
        for each in (decide, decide, refuse_it)
    ]
    first, second, refused = desk.try_together(wanted)
    assert isinstance(first, Done)
    assert (first.value, second, refused) == (record, None, None)
    assert len(house.office.states.events(RECORD, record)) == 1

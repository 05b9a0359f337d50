"""What is told when nobody knows whether something was appended."""

import errno
from dataclasses import dataclass, replace
from typing import NoReturn
from uuid import UUID

import pytest

from ledger.application.desk import Desk
from ledger.application.entering import enter_record
from ledger.application.forms.record import RecordForm
from ledger.store import chance
from ledger.store.appender import Appender
from ledger.store.event import OutcomeUnknownError, Submission
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

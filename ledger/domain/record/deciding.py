"""One command, one decision about a record alone: events, or every reason why not."""

from typing import assert_never

from ledger.domain.event import Act
from ledger.domain.record.amending import propose, propose_voiding, reject, reply
from ledger.domain.record.commands import (
    Command,
    DecideObjection,
    ProposeAmendment,
    ProposeVoiding,
    PublicizeRecord,
    RaiseObjection,
    RejectAmendment,
    ReplyToAmendment,
    ResubmitRecord,
    ReturnRecord,
    SubmitRecord,
)
from ledger.domain.record.entering import resubmit, submit
from ledger.domain.record.events import RecordEvent
from ledger.domain.record.parties import Surroundings
from ledger.domain.record.showing import (
    decide_objection,
    publicize,
    raise_objection,
    return_record,
)
from ledger.domain.record.state import Record
from ledger.domain.refusal import Refused, refuse


def decide(
    state: Record | None, command: Command, act: Act, around: Surroundings
) -> tuple[RecordEvent, ...] | Refused:
    """Return what a command leads to; what credits minutes is decided elsewhere.

    Raises:
        ValueError: The surroundings are those of another record: a programmer's mistake.
    """
    check_surroundings(state, around)
    if isinstance(command, SubmitRecord):
        return submit(state, command, act, around)
    if state is None:
        return refuse("record_is_missing")
    match command:
        case ResubmitRecord():
            return resubmit(state, command, act, around)
        case PublicizeRecord() | RaiseObjection() | DecideObjection() | ReturnRecord():
            return _show(state, command, act, around)
        case _:
            return _amend(state, command, act, around)


def check_surroundings(state: Record | None, around: Surroundings) -> None:
    """Make sure that a record is judged by its own surroundings.

    Raises:
        ValueError: They are those of another one: a programmer's mistake.
    """
    if around.organization.id != around.activity.recording_organization:
        raise ValueError("the organization that records the activity is wanted")
    own = (around.activity.id, around.volunteer.id)
    if state is not None and (state.activity, state.volunteer) != own:
        raise ValueError("the record's own activity and volunteer are wanted")


def _show(
    state: Record,
    command: PublicizeRecord | RaiseObjection | DecideObjection | ReturnRecord,
    act: Act,
    around: Surroundings,
) -> tuple[RecordEvent, ...] | Refused:
    match command:
        case PublicizeRecord():
            return publicize(state, act, around)
        case RaiseObjection():
            return raise_objection(state, command, act, around)
        case DecideObjection():
            return decide_objection(state, command, act, around)
        case ReturnRecord():
            return return_record(state, command, act, around)
        case _:
            assert_never(command)


def _amend(
    state: Record,
    command: ProposeAmendment | ProposeVoiding | ReplyToAmendment | RejectAmendment,
    act: Act,
    around: Surroundings,
) -> tuple[RecordEvent, ...] | Refused:
    match command:
        case ProposeAmendment():
            return propose(state, command, act, around)
        case ProposeVoiding():
            return propose_voiding(state, command, act, around)
        case ReplyToAmendment():
            return reply(state, command, act, around)
        case RejectAmendment():
            return reject(state, command, act, around)
        case _:
            assert_never(command)

"""Entering service records: one by one, or many as one act."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.desk import Done, Expected, Intent
from ledger.application.docket import Docket
from ledger.application.forms.record import RecordForm, ResubmissionForm
from ledger.application.office import Office
from ledger.application.record_surroundings import Entered, RecordDesk
from ledger.application.states import (
    ACCOUNT,
    RECORD,
    SIGN_IN,
    VOLUNTEER,
    ForeignStreamError,
)
from ledger.application.streams import account_stream, sign_in_stream
from ledger.domain.activity import Activity
from ledger.domain.codes import SCAN_KINDS, Channel
from ledger.domain.evidence import Evidence
from ledger.domain.record import (
    Command,
    PublicizeRecord,
    Record,
    ResubmitRecord,
    Service,
    SubmitRecord,
    Surroundings,
    decide,
)
from ledger.domain.refusal import Refusal, Refused

ENTER, RESUBMIT, PUBLICIZE = "record.submit", "record.resubmit", "record.publicize"


class Entry(Protocol):
    """What is entered, as a form or the row of a file says it.

    ``recorder`` None is whoever enters it.
    """

    @property
    def recorder(self) -> UUID | None: ...  # noqa: D102
    @property
    def channel(self) -> Channel: ...  # noqa: D102
    @property
    def back_entry_reason(self) -> str | None: ...  # noqa: D102
    def service(self, activity: Activity) -> Service: ...  # noqa: D102
    def evidences(self) -> tuple[Evidence, ...]: ...  # noqa: D102


class NewEntry(Entry, Protocol):
    """An entry of a new record: where it was served, and by whom."""

    @property
    def activity(self) -> UUID: ...  # noqa: D102
    @property
    def volunteer(self) -> UUID: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """How an entry came in: by which channel, and in which signed submission, if in one.

    The digests are SHA-256 in lower-case hex: of the submission, and of this item in it.
    ``is_row`` says that it is the row of a file.
    """

    channel: Channel | None = None
    submission_digest: str | None = None
    record_digest: str | None = None
    is_row: bool = False


def enter_record(office: Office, caller: Caller, form: RecordForm) -> Done[UUID]:
    """Enter a record.

    Raises:
        As `Desk.perform`.
    """
    record = office.desk.random_uuid()

    def decided(docket: Docket) -> UUID | Refused:
        desk = RecordDesk(office, caller, docket)
        return enter_in(desk, record, form, Sent())

    return office.desk.perform(caller, Intent(act=ENTER), decided)


def enter_in(desk: RecordDesk, record: UUID, form: NewEntry, sent: Sent) -> UUID | Refused:
    """Enter a record in a docket; return its id."""
    around = desk.around(form.activity, form.volunteer, entering=True)
    if isinstance(around, Refused):
        return around
    if not sent.is_row:
        around = _with_scans(desk, around, form, sent)
    said = _entry(desk, form, around, sent)
    command = SubmitRecord(record=record, is_row=sent.is_row, **said)
    state = desk.docket.begin(RECORD, record)
    return _entered(desk, state, record, command, around)


def resubmit_record(
    office: Office,
    caller: Caller,
    record: UUID,
    form: ResubmissionForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Enter a returned record anew.

    Raises:
        As `Desk.perform`.
    """

    def decided(docket: Docket) -> UUID | Refused:
        return resubmit_in(RecordDesk(office, caller, docket), record, form, Sent())

    intent = Intent(act=RESUBMIT, target=record)
    return office.desk.perform(caller, intent, decided, expected=expected)


def resubmit_in(
    desk: RecordDesk, record: UUID, form: ResubmissionForm, sent: Sent
) -> UUID | Refused:
    """Enter a returned record anew in a docket; return its id."""
    found = desk.of(record)
    if isinstance(found, Refused):
        return found
    state, _ = found
    around = desk.around(state.activity, state.volunteer, entering=True)
    if isinstance(around, Refused):
        return around
    around = _with_scans(desk, around, form, sent)
    command = ResubmitRecord(**_entry(desk, form, around, sent))
    return _entered(desk, state, record, command, around)


def publicize_record(
    office: Office, caller: Caller, record: UUID, *, expected: Expected | None = None
) -> Done[UUID]:
    """Show a record from today on.

    Raises:
        As `Desk.perform`.
    """
    intent = Intent(act=PUBLICIZE, target=record)

    def decided(docket: Docket) -> UUID | Refused:
        return publicize_in(RecordDesk(office, caller, docket), record)

    return office.desk.perform(caller, intent, decided, expected=expected)


def publicize_in(desk: RecordDesk, record: UUID) -> UUID | Refused:
    """Show a record in a docket; return its id."""
    found = desk.of(record)
    if isinstance(found, Refused):
        return found
    state, around = found
    events = decide(state, PublicizeRecord(), desk.docket.act, around)
    if isinstance(events, Refused):
        return events
    desk.docket.add(RECORD, record, events)
    return record


def publicize_all(office: Office, caller: Caller, records: Sequence[UUID]) -> Done[list[UUID]]:
    """Show several records from today on, all or none.

    Raises:
        As `Desk.perform`; every reason of every record is told.
    """
    each = [partial(publicize_in, record=record) for record in records]
    named = read_records(office, records)

    def decided(docket: Docket) -> list[UUID] | Refused:
        return _all(RecordDesk(office, caller, docket, Entered(named)), each)

    return office.desk.perform(caller, Intent(act=PUBLICIZE), decided)


def read_records(office: Office, records: Sequence[UUID]) -> Mapping[UUID, set[UUID]]:
    """Read at once what an act on many records would read one by one.

    Returns:
        Whom they are about, by activity.
    """
    office.states.prefetch([(RECORD, record) for record in records])
    named: dict[UUID, set[UUID]] = {}
    for record in records:
        with suppress(ForeignStreamError):  # who acts on it is told so
            known = office.states.get(RECORD, record, absent=True).state
            if known is not None:
                named.setdefault(known.activity, set()).add(known.volunteer)
    volunteers = set[UUID]().union(*named.values())
    persons = [(VOLUNTEER, each) for each in volunteers]
    sign_ins = [(SIGN_IN, sign_in_stream(each)) for each in volunteers]
    accounts = [(ACCOUNT, account_stream(each)) for each in volunteers]
    office.states.prefetch([*persons, *sign_ins, *accounts])
    return named


def _all(
    desk: RecordDesk, steps: Sequence[Callable[[RecordDesk], UUID | Refused]]
) -> list[UUID] | Refused:
    done: list[UUID] = []
    reasons: list[Refusal] = []
    for step in steps:
        outcome = step(desk)
        if isinstance(outcome, Refused):
            reasons += outcome.reasons
        else:
            done.append(outcome)
    return Refused(tuple(reasons)) if reasons else done


def _entered(
    desk: RecordDesk,
    state: Record | None,
    record: UUID,
    command: Command,
    around: Surroundings,
) -> UUID | Refused:
    events = decide(state, command, desk.docket.act, around)
    if isinstance(events, Refused):
        return events
    desk.docket.add(RECORD, record, events)
    _remember(desk, around, command)
    return record


def _remember(desk: RecordDesk, around: Surroundings, command: Command) -> None:
    """Let later items of the same batch know what this one entered."""
    if not isinstance(command, SubmitRecord | ResubmitRecord):
        return
    entered = desk.entered
    entered.minutes += command.service.minutes
    activity, volunteer = around.activity.id, around.volunteer.id
    if str(volunteer) not in entered.attendance[activity].recorded:
        entered.volunteers.setdefault(activity, set()).add(volunteer)


def _with_scans(
    desk: RecordDesk, around: Surroundings, form: Entry, sent: Sent
) -> Surroundings:
    """Return the surroundings of an entry with the scans that are kept of its paper."""
    if (sent.channel or form.channel) is not Channel.PAPER:
        return around
    named = [each for each in form.evidences() if each.kind in SCAN_KINDS]
    return replace(around, kept_scans=desk.kept_scans(around, named))


def _entry(desk: RecordDesk, form: Entry, around: Surroundings, sent: Sent) -> dict[str, Any]:
    return {
        "recorder": form.recorder or desk.caller.actor.id,
        "channel": sent.channel or form.channel,
        "service": form.service(around.activity),
        "evidence": form.evidences(),
        "back_entry_reason": form.back_entry_reason,
        "submission_digest": sent.submission_digest,
        "record_digest": sent.record_digest,
    }

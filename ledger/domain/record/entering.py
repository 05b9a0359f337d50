"""Entering a record: complete, possible, by a named recorder; what is striking is kept with it.

A truthful record that comes late is a record (Order 67, Art. 11 sets the time, not a bar): it
is flagged, and beyond a second limit it is a back entry 补录, with reason, evidence and a
second approval. Entries in bulk are held as well: those who may enter commit the known fraud.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from ledger.domain.acting import check_person_or_key
from ledger.domain.activity.state import Status as ActivityStatus
from ledger.domain.civil_time import civil_date
from ledger.domain.codes import SCAN_KINDS, Channel
from ledger.domain.event import Act, ActorKind
from ledger.domain.evidence import check_evidence
from ledger.domain.organization.kinds import Role
from ledger.domain.record.codes import Signal, Stage
from ledger.domain.record.commands import Entry, ResubmitRecord, SubmitRecord
from ledger.domain.record.events import RecordResubmitted, RecordSubmitted
from ledger.domain.record.parties import (
    Surroundings,
    check_may_have_served,
    check_stage,
)
from ledger.domain.record.service import Service, check_over, check_service, facts_of
from ledger.domain.record.state import Record
from ledger.domain.refusal import Refusal, Refused, gathered, refuse
from ledger.domain.words import check_text

REASON_MAX = 500


def submit(
    state: Record | None, command: SubmitRecord, act: Act, around: Surroundings
) -> tuple[RecordSubmitted, ...] | Refused:
    """Enter a record for the first time."""
    if state is not None:
        return refuse("record_is_known", "record")
    refused = _check_entry(command, act, around)
    return refused or (
        RecordSubmitted(
            record=command.record,
            activity=around.activity.id,
            organizer=around.activity.organizer,
            person_in_charge=around.activity.person_in_charge,
            **_entry_facts(command, act, around),
        ),
    )


def resubmit(
    state: Record, command: ResubmitRecord, act: Act, around: Surroundings
) -> tuple[RecordResubmitted, ...] | Refused:
    """Enter a record anew that was returned; the day of this entry is what counts as late."""
    refused = check_stage(state, Stage.RETURNED)
    if refused is None and state.amendment is not None:
        refused = refuse("amendment_is_open", amendment=str(state.amendment.id))
    refused = refused or _check_entry(command, act, around)
    return refused or (RecordResubmitted(**_entry_facts(command, act, around)),)


def over_head_count(around: Surroundings) -> bool:
    """Return whether more volunteers are recorded, with this one, than took part."""
    return around.other_volunteers >= around.activity.head_count


def _check_entry(command: Entry, act: Act, around: Surroundings) -> Refused | None:
    service, activity = command.service, around.activity
    if activity.status is ActivityStatus.CANCELLED:
        return refuse("activity_is_cancelled")
    not_over = check_over(service, act.now)
    if not_over is not None:
        return gathered(_check_recorder(command, act, around), not_over)
    today = civil_date(act.now)
    return gathered(
        _check_recorder(command, act, around),
        around.organization.may_record(today, service.division, activity.categories),
        _check_may_serve(command, around),
        check_service(service, activity, act.now),
        check_evidence(command.evidence),
        _check_paper(command, around),
        _check_signed_in(command, around),
        _check_back_entry(command, is_back_entry=_is_back_entry(service, act, around)),
    )


def _check_recorder(command: Entry, act: Act, around: Surroundings) -> Iterator[Refusal]:
    organization, today = around.organization, civil_date(act.now)
    yield from check_person_or_key(act, around.acting, Role.RECORDER)
    if around.acting is not None and around.acting.id != organization.id:
        yield Refusal("organization_does_not_record", "activity")
    if act.by.kind is ActorKind.STAFF and command.recorder != act.by.id:
        yield Refusal("recorder_is_another_person", "recorder")
    if act.by.kind is ActorKind.KEY and not organization.has_role(
        command.recorder, Role.RECORDER, today
    ):
        yield Refusal("recorder_is_not_appointed", "recorder")
    if around.is_volunteer(command.recorder):
        yield Refusal("recorder_is_volunteer", "recorder")


def _check_may_serve(command: Entry, around: Surroundings) -> Refused | None:
    day = command.service.day
    if isinstance(command, ResubmitRecord):
        return check_may_have_served(day, around)
    return around.volunteer.may_serve_on(day, around.rules(day))


def _check_back_entry(command: Entry, *, is_back_entry: bool) -> Iterator[Refusal]:
    reason = command.back_entry_reason
    if reason is not None:
        yield from check_text(reason, "back_entry_reason", max=REASON_MAX, lines=True)
    elif is_back_entry:
        yield Refusal("back_entry_reason_is_missing", "back_entry_reason")
    if is_back_entry and not command.evidence:
        yield Refusal("back_entry_evidence_is_missing", "evidence")


def _check_paper(command: Entry, around: Surroundings) -> Iterator[Refusal]:
    """Yield why an entry cannot say that it was copied from paper: there is no scan of it.

    Of a row of a file, the scan is attached to the file, and looked at there.
    """
    if command.channel is not Channel.PAPER:
        return
    if isinstance(command, SubmitRecord) and command.is_row:
        return
    scans = {each.sha256 for each in command.evidence if each.kind in SCAN_KINDS}
    if not scans & around.kept_scans:
        yield Refusal("paper_has_no_scan", "evidence")


def _check_signed_in(command: Entry, around: Surroundings) -> Iterator[Refusal]:
    """Yield why an entry does not rest on signing in, where it says that it does."""
    if command.channel is not Channel.SIGNED_IN:
        return
    service, presence = command.service, around.presence
    whole = () if presence is None else presence.on(service.day)
    if not any(each.signed_out_at for each in whole):
        yield Refusal("sign_in_is_incomplete", "channel")
    elif presence is not None and presence.holding(service.start, service.end) is None:
        yield Refusal("service_exceeds_sign_in", "start")


def _sign_in_signals(command: Entry, around: Surroundings) -> Iterator[Signal]:
    """Yield what is striking about when she was signed in, in whichever way it is entered."""
    service, presence = command.service, around.presence
    if presence is None or not presence.on(service.day):
        return
    session = presence.holding(service.start, service.end)
    if session is None:
        yield Signal.BEYOND_SIGN_IN
        return
    if session.is_amended:
        yield Signal.SIGN_IN_AMENDED
    if session.is_offline:
        yield Signal.SIGN_IN_OFFLINE


def _working_days_after(act: Act, around: Surroundings) -> int:
    """Return the working days from the end of the activity, day 0, until the entry."""
    return around.book.calendar.count(around.activity.ends_on, civil_date(act.now))


def _is_back_entry(service: Service, act: Act, around: Surroundings) -> bool:
    rules = around.rules(service.day)
    return around.activity.back_entry or rules.is_back_entry(_working_days_after(act, around))


def _signals(command: Entry, act: Act, around: Surroundings) -> Iterator[Signal]:
    service = command.service
    rules = around.rules(service.day)
    if rules.is_late(_working_days_after(act, around)):
        yield Signal.LATE
    if _is_back_entry(service, act, around):
        yield Signal.BACK_ENTRY
    if around.actor_minutes + service.minutes > rules.minutes_per_actor_hour_max:
        yield Signal.VELOCITY
    if over_head_count(around):
        yield Signal.OVER_HEAD_COUNT
    yield from _sign_in_signals(command, around)


def _entry_facts(command: Entry, act: Act, around: Surroundings) -> dict[str, Any]:
    service = command.service
    rules = around.rules(service.day)
    late = _working_days_after(act, around) - rules.late_working_days
    return {
        **facts_of(service),
        "volunteer": around.volunteer.id,
        "minutes": service.minutes,
        "recorder": command.recorder,
        "channel": command.channel,
        "evidence": command.evidence,
        "back_entry_reason": command.back_entry_reason,
        "late_working_days": max(0, late),
        "latency_minutes": (act.now - service.end) // timedelta(minutes=1),
        "signals": tuple(_signals(command, act, around)),
        "rules": rules.number,
        "submission_digest": command.submission_digest,
        "record_digest": command.record_digest,
        "on_behalf_of": around.on_behalf_of,
    }

"""One event of each kind that a record knows."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from ledger.domain.codes import Channel, EvidenceKind, ServiceObject
from ledger.domain.evidence import Evidence
from ledger.domain.record import (
    AmendmentAccepted,
    AmendmentProposed,
    AmendmentRejected,
    AmendmentReplied,
    ObjectionDecided,
    ObjectionKind,
    ObjectionRaised,
    RecordApproved,
    RecordConfirmed,
    RecordEvent,
    RecordPublicized,
    RecordResubmitted,
    RecordReturned,
    RecordSubmitted,
    RecordVoided,
    Service,
    Signal,
    VoidingProposed,
)
from ledger.domain.record.service import facts_of

VOLUNTEER, ORGANIZATION, RECORDER = UUID(int=0xD1), UUID(int=0xD2), UUID(int=0xD3)
REVIEWER, AMENDMENT, OBJECTION = UUID(int=0xD4), UUID(int=0xD5), UUID(int=0xD6)
ROLL = Evidence(kind=EvidenceKind.STAMPED_ROLL, sha256="0f" * 32)

SERVICE = Service(
    start=datetime(2026, 10, 10, 1, 0, tzinfo=UTC),
    end=datetime(2026, 10, 10, 4, 0, tzinfo=UTC),
    break_minutes=30,
    place="建外街道文化站",
    division="110105001001",
    service_objects=(ServiceObject.ELDERLY,),
    post="陪护",
    content="陪伴𠮷奶奶,\n打扫居室。",
    evaluation_date=date(2026, 10, 12),
    punctuality=5,
    attitude=5,
    skill=4,
    evaluator=UUID(int=0xD7),
    evaluation_text="细心。",
)
ENTRY: dict[str, Any] = {
    **facts_of(SERVICE),
    "volunteer": VOLUNTEER,
    "minutes": 150,
    "recorder": RECORDER,
    "channel": Channel.PAPER,
    "evidence": (ROLL,),
    "back_entry_reason": "纸质记录补录。",
    "late_working_days": 21,
    "latency_minutes": 64_000,
    "signals": (Signal.LATE, Signal.BACK_ENTRY),
    "rules": 1,
    "submission_digest": "1e" * 32,
    "record_digest": "2d" * 32,
    "on_behalf_of": ORGANIZATION,
}
BARE: dict[str, Any] = {
    "place": None,
    "post": None,
    "evaluation_text": None,
    "evidence": (),
    "back_entry_reason": None,
    "submission_digest": None,
    "record_digest": None,
}

SAMPLES: tuple[RecordEvent, ...] = (
    RecordSubmitted(
        record=UUID(int=0xD0),
        activity=UUID(int=0xD8),
        organizer=UUID(int=0xD9),
        person_in_charge=UUID(int=0xD7),
        **ENTRY,
    ),
    RecordResubmitted(**ENTRY | BARE),
    RecordPublicized(
        opens_on=date(2026, 12, 30),
        closes_on=date(2027, 1, 4),
        provisional=True,
        rules=1,
        on_behalf_of=None,
    ),
    ObjectionRaised(
        objection=OBJECTION,
        kind=ObjectionKind.WRONG_TIME,
        volunteer=VOLUNTEER,
        text="她十一点就走了。",
        objector=UUID(int=0xDA),
        contact="010-12345678",
        on_behalf_of=None,
    ),
    ObjectionDecided(
        objection=OBJECTION,
        upheld=False,
        volunteer=VOLUNTEER,
        reason="有签退记录。",
        on_behalf_of=ORGANIZATION,
    ),
    RecordReturned(volunteer=VOLUNTEER, reason="休息未填。", on_behalf_of=ORGANIZATION),
    RecordConfirmed(
        reviewer=REVIEWER,
        minutes=150,
        awaits=(Signal.BACK_ENTRY, Signal.OVER_DAILY_CAP),
        on_behalf_of=ORGANIZATION,
    ),
    RecordApproved(
        approver=UUID(int=0xDB),
        signals=(Signal.BACK_ENTRY,),
        volunteer=VOLUNTEER,
        reason="已核对名册。",
        on_behalf_of=UUID(int=0xDC),
    ),
    AmendmentProposed(
        amendment=AMENDMENT,
        volunteer=VOLUNTEER,
        minutes=150,
        changed=("skill",),
        reason="评分录错。",
        evidence=(ROLL,),
        rules=1,
        on_behalf_of=None,
        **facts_of(SERVICE),
    ),
    VoidingProposed(
        amendment=AMENDMENT,
        volunteer=VOLUNTEER,
        reason="重复录入。",
        evidence=(),
        on_behalf_of=ORGANIZATION,
    ),
    AmendmentReplied(amendment=AMENDMENT, volunteer=VOLUNTEER, text="同意。"),
    AmendmentAccepted(
        amendment=AMENDMENT, reviewer=REVIEWER, minutes=150, on_behalf_of=ORGANIZATION
    ),
    AmendmentRejected(
        amendment=AMENDMENT,
        reviewer=REVIEWER,
        volunteer=VOLUNTEER,
        reason="与签到表不符。",
        on_behalf_of=ORGANIZATION,
    ),
    RecordVoided(
        amendment=AMENDMENT,
        reviewer=REVIEWER,
        volunteer=VOLUNTEER,
        reason="核实为重复。",
        on_behalf_of=ORGANIZATION,
    ),
)

"""One event of each kind that an activity knows."""

from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from ledger.domain.activity import (
    ActivityAmended,
    ActivityAmendmentProposed,
    ActivityAmendmentRejected,
    ActivityCancelled,
    ActivityChanged,
    ActivityEvent,
    ActivityRegistered,
    Coordinates,
    FirstActivityAmendmentProposed,
    FirstActivityChanged,
    FirstActivityRegistered,
    Post,
    ProjectNoClaimed,
    SignPoint,
)
from ledger.domain.activity.first_shapes import FirstParticulars
from ledger.domain.codes import (
    AdmissionMode,
    Datum,
    EvidenceKind,
    Guarantee,
    ServiceCategory,
    ServiceObject,
    SignKind,
)
from ledger.domain.evidence import Evidence

ORGANIZATION, AMENDMENT = UUID(int=0xB1), UUID(int=0xB2)
PROJECT_NO = "110105-2026-48210733-49"

FIRST = FirstParticulars(
    name="重阳助老",
    starts_on=date(2026, 10, 9),
    ends_on=date(2026, 10, 10),
    place="建外街道文化站",
    division="110105001001",
    service_objects=(ServiceObject.ELDERLY, ServiceObject.DISABLED),
    categories=(ServiceCategory.COMMUNITY,),
    content="陪伴老人,\n打扫居室。",
    person_in_charge=UUID(int=0xB3),
    person_in_charge_name="张𠮷",
    person_in_charge_phone="13800000000",
    head_count=12,
    risk_notice="已告知登高风险",
    agreement=None,
    insurance="京民保〔2026〕1号",
)
FIRST_FACTS: dict[str, Any] = {
    each.name: getattr(FIRST, each.name) for each in fields(FirstParticulars)
}
POINT = Coordinates(
    longitude_microdegrees=116_450_000, latitude_microdegrees=39_910_000, datum=Datum.GCJ02
)
FACTS: dict[str, Any] = FIRST_FACTS | {
    "admission_mode": AdmissionMode.BACK_ENTRY,
    "recruits_from": date(2026, 9, 20),
    "recruits_until": date(2026, 10, 8),
    "coordinates": POINT,
    "without_coordinates": None,
    "guarantees": (Guarantee.INSURANCE, Guarantee.MEALS),
    "training_required": True,
    "posts": (
        Post(name="陪护", planned=8, description="陪伴老人,\n打扫居室。", condition=None),
        Post(name="摄影", planned=1, description=None, condition="自备相机。"),
    ),
    "sign_points": (
        SignPoint(address="文化站门口", kind=SignKind.BOTH, radius_m=200, coordinates=POINT),
        SignPoint(address="社区居委会", kind=SignKind.SIGN_OUT, radius_m=0, coordinates=None),
    ),
}
ROLL = Evidence(kind=EvidenceKind.STAMPED_ROLL, sha256="0f" * 32)

FIRST_SAMPLES: tuple[ActivityEvent, ...] = (
    FirstActivityRegistered(
        activity=UUID(int=0xB0),
        organizer=UUID(int=0xB4),
        recording_organization=ORGANIZATION,
        guiding_organization=UUID(int=0xB5),
        declared=True,
        back_entry=True,
        back_entry_reason="纸质活动补登。",
        evidence=(ROLL,),
        rules=1,
        **FIRST_FACTS,
    ),
    FirstActivityChanged(
        changed=("place",),
        reason="场地停电。",
        on_behalf_of=ORGANIZATION,
        **FIRST_FACTS | {"place": "东花市文化站", "person_in_charge_phone": None},
    ),
    FirstActivityAmendmentProposed(
        amendment=AMENDMENT,
        changed=("head_count",),
        reason="漏计两人。",
        on_behalf_of=ORGANIZATION,
        **FIRST_FACTS | {"head_count": 14},
    ),
)
"""Of the shapes that are read and not written any more."""

CLAIMED = ProjectNoClaimed(project_no=PROJECT_NO, activity=UUID(int=0xB0))

SAMPLES: tuple[ActivityEvent, ...] = (
    ActivityRegistered(
        activity=UUID(int=0xB0),
        project_no=PROJECT_NO,
        organizer=UUID(int=0xB4),
        recording_organization=ORGANIZATION,
        guiding_organization=UUID(int=0xB5),
        declared=True,
        back_entry=True,
        back_entry_reason="纸质活动补登。",
        evidence=(ROLL,),
        truth_declared=True,
        rules=1,
        **FACTS,
    ),
    ActivityChanged(
        changed=("place",),
        reason="场地停电。",
        on_behalf_of=ORGANIZATION,
        **FACTS | {"place": "东花市文化站", "person_in_charge_phone": None},
    ),
    ActivityAmendmentProposed(
        amendment=AMENDMENT,
        changed=("head_count",),
        reason="漏计两人。",
        on_behalf_of=ORGANIZATION,
        **FACTS | {"head_count": 14},
    ),
    ActivityAmended(amendment=AMENDMENT, on_behalf_of=ORGANIZATION),
    ActivityAmendmentRejected(
        amendment=AMENDMENT, reason="名册为十二人。", on_behalf_of=ORGANIZATION
    ),
    ActivityCancelled(reason="大风停办。", on_behalf_of=ORGANIZATION),
)

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
    Particulars,
)
from ledger.domain.codes import EvidenceKind, ServiceCategory, ServiceObject
from ledger.domain.evidence import Evidence

ORGANIZATION, AMENDMENT = UUID(int=0xB1), UUID(int=0xB2)

PARTICULARS = Particulars(
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
FACTS: dict[str, Any] = {
    each.name: getattr(PARTICULARS, each.name) for each in fields(Particulars)
}

SAMPLES: tuple[ActivityEvent, ...] = (
    ActivityRegistered(
        activity=UUID(int=0xB0),
        organizer=UUID(int=0xB4),
        recording_organization=ORGANIZATION,
        guiding_organization=UUID(int=0xB5),
        declared=True,
        back_entry=True,
        back_entry_reason="纸质活动补登。",
        evidence=(Evidence(kind=EvidenceKind.STAMPED_ROLL, sha256="0f" * 32),),
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
